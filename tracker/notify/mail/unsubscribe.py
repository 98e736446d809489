"""One click ends a person's mail (RFC 8058), without a login and without asking twice."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from forecasts.delivery.reads.routing import wishes_of
from forecasts.models.people.preferences import MAIL
from forecasts.people.writes.preferences import leave_channel
from tracker.guessing import guessed_wrong
from tracker.notify.kit.limits import too_many
from tracker.notify.kit.signed_links import LinkUnreadableError, person_leaving


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """
    Ask on GET; on POST, from a mail program or from that page, end the person's mail.

    The signature in the address says that the mail reached whoever asks, so nothing else is needed.
    A second time changes nothing. A GET changes nothing either: scanners follow links.
    """
    refused = too_many(request)
    if refused is not None:
        return refused
    try:
        user = person_leaving(token)
    except LinkUnreadableError:
        guessed_wrong(request)
        return TemplateResponse(request, "notify/link_problem.html", {"leaving": True}, status=404)
    if request.method == "POST":
        leave_channel(user=user, channel=MAIL)
    left = MAIL in wishes_of(user).unsubscribed
    response = TemplateResponse(request, "notify/leave.html", {"left": left, "address": user.email})
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
