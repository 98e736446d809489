"""The page of secret addresses: a calendar and a feed, replaced in one click."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from forecasts.desk.reads.links import Owner
from forecasts.desk.writes.links import link_of, replace_link
from forecasts.models import Desk, Role
from forecasts.people.reads.roles import Verb
from tracker.admin.kit.access import editor, held, may
from tracker.notify.kit.secret_links import addresses


def links_page(model_admin: Any, request: HttpRequest, owner: Desk, *, verb: Verb) -> HttpResponse:
    """
    Show the desk's secret addresses to whoever is on it; on POST replace them.

    `verb` is what replacing takes. Raises PermissionDenied.
    """
    replaces = may(request, verb, owner)
    if not may_see_links(request, owner) or (request.method == "POST" and not replaces):
        raise PermissionDenied
    if request.method == "POST":
        replace_link(owner=owner, by=editor(request), now=timezone.now())
        messages.success(request, _("Replaced. The earlier addresses lead nowhere from now on."))
        return HttpResponseRedirect(request.path)
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": owner,
        "title": _("Calendar and feed"),
        "owner": owner,
        "may_replace": replaces,
        **shown(owner),
    }
    response = TemplateResponse(request, "admin/desk/links.html", context)
    # Not "no-referrer": a form sent from such a page names no origin, and is refused.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def may_see_links(request: HttpRequest, owner: Desk) -> bool:
    """Elsewhere people read along, but the desk's secrets are for its own people and administrators."""
    roles = held(request)
    return owner.pk in roles or Role.ADMINISTRATOR in roles.values()


def shown(owner: Owner) -> dict[str, Any]:
    """Return the owner's secret addresses and their age, as the page shows them."""
    now = timezone.now()
    link = link_of(owner=owner, now=now)
    ended = link.ends_at is not None and link.ends_at <= now
    return {"link": link, "addresses": addresses(link=link), "link_ended": ended}
