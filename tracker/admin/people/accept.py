"""The page that an invitation's link leads to: choose a name and a password, and come in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import login
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from unfold.widgets import INPUT_CLASSES

from forecasts.desk.writes.invitations import (
    InvitationClosedError,
    accept_invitation,
    check_open,
    free_username,
)
from forecasts.limits import most
from forecasts.models import Invitation
from forecasts.record.refusal import RefusedError
from tracker.admin.kit.pages import blame
from tracker.guessing import guessed_wrong, paused, remember_browser
from tracker.notify.kit.limits import too_many
from tracker.notify.kit.signed_links import LinkUnreadableError, invitation_named

HELD = "invitation"
CLASSES = {"class": " ".join(INPUT_CLASSES)}


class WelcomeForm(forms.Form):
    username = forms.CharField(
        label=gettext_lazy("Name to sign in with"),
        max_length=most("person"),
        widget=forms.TextInput({**CLASSES, "autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=most("password"),
        widget=forms.PasswordInput({**CLASSES, "autocomplete": "new-password"}),
        help_text=lazystr(password_validators_help_text_html),
    )
    again = forms.CharField(
        label=gettext_lazy("The same password again"),
        strip=False,
        max_length=most("password"),
        widget=forms.PasswordInput({**CLASSES, "autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "password" in given and "again" in given and given["password"] != given["again"]:
            self.add_error("again", _("The two passwords differ. Write the same one twice."))
        return given


@require_safe
@never_cache
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """
    Take the secret out of the address, so that neither a log nor the next page's server has it from there.

    Whatever is wrong with it is said there too: an error would be logged with its address. Opening it
    changes nothing, because scanners follow links; nobody looks at it while whoever asks has to wait.
    """
    request.session.pop(HELD, None)
    if paused(request) is None:
        try:
            invitation_named(token)
        except LinkUnreadableError:
            guessed_wrong(request)
        else:
            request.session[HELD] = token
    response = HttpResponseRedirect(reverse("invitation"))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def accept(request: HttpRequest) -> HttpResponse:
    """Ask for a name and a password; on POST let the person in, once."""
    refused = paused(request) or too_many(request)
    if refused is not None:
        return refused
    try:
        pk, link = invitation_named(request.session.get(HELD, ""))
        invitation = Invitation.objects.select_related("desk", "invited_by").get(pk=pk)
        check_open(invitation=invitation, link=link, now=timezone.now())
        return _ask(request, invitation, link)
    except (LinkUnreadableError, Invitation.DoesNotExist):
        return _problem(request, _("This link is not whole, or not ours. Copy all of it from the mail."), 404)
    except InvitationClosedError as error:
        return _problem(request, error.message, 410)


def _ask(request: HttpRequest, invitation: Invitation, link: int) -> HttpResponse:
    """Return the form, or let the person in by what was sent. Raises InvitationClosedError."""
    name = free_username(name=invitation.name, email=invitation.email)
    form = WelcomeForm(request.POST if request.method == "POST" else None, initial={"username": name})
    if form.is_valid():
        try:
            return _let_in(request, invitation, link, form.cleaned_data)
        except InvitationClosedError:
            raise
        except RefusedError as error:
            blame(form, error)
    return _page(request, {"invitation": invitation, "form": form}, 200)


def _let_in(request: HttpRequest, invitation: Invitation, link: int, given: dict[str, Any]) -> HttpResponse:
    person = accept_invitation(
        invitation=invitation,
        link=link,
        username=given["username"],
        password=given["password"],
        now=timezone.now(),
    )
    request.session.pop(HELD, None)
    login(request, person)
    messages.success(request, _("Welcome. What waits for you appears here."))
    response = HttpResponseRedirect(reverse("admin:index"))
    remember_browser(request, response, username=person.get_username())
    return response


def _problem(request: HttpRequest, problem: str, status: int) -> HttpResponse:
    return _page(request, {"problem": problem}, status)


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    given = {**admin.site.each_context(request), "title": _("Invitation"), **context}
    response = TemplateResponse(request, "admin/desk/invited.html", given, status=status)
    # Not "no-referrer": a form sent from such a page names no origin, and is refused.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
