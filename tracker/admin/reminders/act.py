"""The page that a mail's link leads to: answer the question, put it off, or give it to somebody else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.models import Reminder
from forecasts.models.delivery.reminder import DISPUTED
from forecasts.people.reads.roles import Verb, people_who_may
from forecasts.questions.writes.lifecycle import assign_question
from forecasts.record.refusal import RefusedError
from forecasts.reminders.reads import settled_among
from tracker.admin.kit.access import editor, may
from tracker.admin.kit.pages import page_of
from tracker.admin.reminders.snooze import SnoozeForm
from tracker.guessing import guessed_wrong
from tracker.notify.kit.limits import too_many
from tracker.notify.kit.signed_links import LinkExpiredError, LinkUnreadableError, reminder_named
from tracker.wording.dates import instant
from tracker.wording.deadlines import deadline_words, lateness


class GiveForm(forms.Form):
    """Who takes the question instead."""

    to = forms.ModelChoiceField(label=gettext_lazy("Assign to"), queryset=User.objects.none())

    def __init__(self, *args: Any, reminder: Reminder, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "give_%s", **kwargs})
        people = people_who_may(verb=Verb.GIVE_VERDICT, desk=reminder.question.desk)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


def act(request: HttpRequest, token: str) -> HttpResponseBase:
    """
    Look at the link before asking who it is: one that is no longer good needs no login to say so.

    Opening it changes nothing.
    """
    refused = too_many(request)
    if refused is not None:
        return refused
    try:
        reminder_id = reminder_named(token)
    except LinkExpiredError:
        return link_problem(request, expired=True)
    except LinkUnreadableError:
        guessed_wrong(request)
        return link_problem(request, expired=False)
    return admin.site.admin_view(_act)(request, reminder_id)


def link_problem(request: HttpRequest, *, expired: bool) -> HttpResponse:
    """Return the plain page that says what to do with a link that is no longer good."""
    context = {"expired": expired}
    return TemplateResponse(request, "notify/link_problem.html", context, status=410 if expired else 404)


def _act(request: HttpRequest, reminder_id: int) -> HttpResponse:
    if not may(request, Verb.READ_DRAFTS):
        raise PermissionDenied
    rows = Reminder.objects.select_related("question__desk", "question__assignee", "recipient")
    reminder = get_object_or_404(rows, pk=reminder_id)
    if request.method == "POST":
        return _do(request, reminder)
    return _show(request, reminder)


def _do(request: HttpRequest, reminder: Reminder) -> HttpResponse:
    if "_snooze" in request.POST and may(request, Verb.SNOOZE_REMINDER, reminder):
        return _snooze(request, reminder)
    if "_give" in request.POST and may(request, Verb.ASSIGN_QUESTION, reminder):
        return _give(request, reminder)
    raise PermissionDenied


def _snooze(request: HttpRequest, reminder: Reminder) -> HttpResponse:
    form = SnoozeForm(request.POST)
    if form.is_valid():
        try:
            return _done(request, reminder, form.put_off(reminder=reminder, by=editor(request)))
        except RefusedError as error:
            form.add_error("until", error.message)
    return _show(request, reminder, snooze=form)


def _give(request: HttpRequest, reminder: Reminder) -> HttpResponse:
    form = GiveForm(request.POST, reminder=reminder)
    if not form.is_valid():
        return _show(request, reminder, give=form)
    taker = form.cleaned_data["to"]
    try:
        assign_question(question=reminder.question, assignee=taker, by=editor(request), now=timezone.now())
    except RefusedError as error:
        form.add_error("to", error.message)
        return _show(request, reminder, give=form)
    return _done(request, reminder, _("Assigned to %(name)s.") % {"name": taker})


def _done(request: HttpRequest, reminder: Reminder, message: str) -> HttpResponse:
    messages.success(request, message)
    return HttpResponseRedirect(page_of(reminder.question))


def _show(request: HttpRequest, reminder: Reminder, **forms_: forms.Form) -> TemplateResponse:
    question, now = reminder.question, timezone.now()
    request.current_app = admin.site.name
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "opts": Reminder._meta,
        "title": _("Reminder"),
        "question": question,
        "address": page_of(question),
        "deadline_words": deadline_words(question.deadline),
        "deadline_instant": instant(question.deadline_at, question.deadline_zone),
        "waits": lateness(question, now=now),
        "is_answered": bool(settled_among([reminder])),
        "is_disputed": reminder.about == DISPUTED,
        "for": request.GET.get("for", ""),
        "snooze": forms_.get("snooze") or SnoozeForm(),
        "give": forms_.get("give") or GiveForm(reminder=reminder),
        "may": {verb.value: may(request, verb, question) for verb in Verb},
    }
    return TemplateResponse(request, "admin/desk/acting.html", context)
