"""My reminders: how they come, when I am away, my calendar, and whether I take mail at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from forecasts.delivery.reads.routing import wishes_of
from forecasts.desk.writes.links import replace_link
from forecasts.models import Absence, Preferences, Reminder
from forecasts.models.people.preferences import MAIL
from forecasts.people.reads.roles import Verb
from forecasts.people.writes.preferences import (
    end_absence,
    record_absence,
    rejoin_channel,
    set_preferences,
)
from forecasts.record.refusal import RefusedError
from tracker.admin.kit.access import editor, may
from tracker.admin.kit.pages import blame
from tracker.admin.people.links import shown
from tracker.admin.reminders.preference_forms import AwayForm, WishesForm

Done = HttpResponse | dict[str, forms.Form]


def my_reminders(request: HttpRequest) -> HttpResponse:
    """Show what somebody has set for themselves; each button does one thing."""
    if not may(request, Verb.SET_PREFERENCES):
        raise PermissionDenied
    user = editor(request)
    if request.method != "POST":
        return _show(request, user)
    pressed = next((name for name in BUTTONS if name in request.POST), None)
    if pressed is None:
        raise PermissionDenied
    done = BUTTONS[pressed](request, user)
    return _show(request, user, **done) if isinstance(done, dict) else done


def _save(request: HttpRequest, user: User) -> Done:
    form = WishesForm(request.POST, row=_row(user))
    if form.is_valid():
        try:
            set_preferences(user=user, wishes=form.cleaned_data)
        except RefusedError as error:
            blame(form, error)
        else:
            return _done(request, _("Saved. It holds from the next reminder on."))
    return {"wishes": form}


def _away(request: HttpRequest, user: User) -> Done:
    form = AwayForm(request.POST, user=user)
    if form.is_valid():
        try:
            record_absence(user=user, **form.cleaned_data, by=user)
        except RefusedError as error:
            blame(form, error)
        else:
            return _done(request, _("Recorded. Your deputy gets your reminders on these days."))
    return {"away": form}


def _back(request: HttpRequest, user: User) -> Done:
    absence = get_object_or_404(Absence, pk=_number(request.POST["_back"]), user=user)
    end_absence(absence=absence, on=timezone.localdate(), by=user)
    return _done(request, _("Taken back. Your reminders come to you again."))


def _replace(request: HttpRequest, user: User) -> Done:
    replace_link(owner=user, by=user, now=timezone.now())
    return _done(request, _("Replaced. The earlier addresses lead nowhere from now on."))


def _rejoin(request: HttpRequest, user: User) -> Done:
    rejoin_channel(user=user, channel=MAIL)
    return _done(request, _("Your reminders come by mail again."))


BUTTONS: dict[str, Callable[[HttpRequest, User], Done]] = {
    "_save": _save,
    "_away": _away,
    "_back": _back,
    "_replace_link": _replace,
    "_rejoin": _rejoin,
}


def _number(value: Any) -> int:
    return int(value) if str(value).isdigit() else 0


def _row(user: User) -> Preferences:
    return wishes_of(user)


def _done(request: HttpRequest, message: str) -> HttpResponse:
    messages.success(request, message)
    return HttpResponseRedirect(request.path)


def _show(request: HttpRequest, user: User, **forms_: forms.Form) -> TemplateResponse:
    row, today = _row(user), timezone.localdate()
    request.current_app = admin.site.name
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "opts": Reminder._meta,
        "title": _("My reminders"),
        "today": today,
        "wishes": forms_.get("wishes") or WishesForm(row=row),
        "away": forms_.get("away") or AwayForm(user=user),
        "absences": list(
            Absence.objects.filter(user=user, back_on__gt=today)
            .select_related("deputy")
            .order_by("away_from")
        ),
        "mail_address": user.email,
        "no_mail": MAIL in row.unsubscribed,
        "may_replace": True,
        **shown(user),
    }
    response = TemplateResponse(request, "admin/desk/my_reminders.html", context)
    # Not "no-referrer": a form sent from such a page names no origin, and is refused.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
