"""Putting a reminder off: from a mail's link, from the inbox, and from the question's page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.delivery.reads.routing import wishes_of, zone_of
from forecasts.hours import SnoozeFor, snoozed_until
from forecasts.limits import most
from forecasts.models import Question, Reminder
from forecasts.record.refusal import RefusedError
from forecasts.reminders.reads import reminder_to_put_off
from forecasts.reminders.writes import SnoozeRefusedError, snooze_reminder
from tracker.admin.kit.fields import DateField
from tracker.wording.dates import instant

DATE = "date"


class SnoozeForm(forms.Form):
    """A day, a week, or until a date. The button says which."""

    until = DateField(label=gettext_lazy("Until"), required=False)
    reason = forms.CharField(label=gettext_lazy("Why, if it helps"), required=False, max_length=most("line"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "snooze_%s", **kwargs})
        self.pressed = self.data.get("_snooze", "") if self.is_bound else ""

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.pressed not in {*SnoozeFor, DATE}:
            raise forms.ValidationError(_("Say for how long: a day, a week, or until a date."))
        if self.pressed == DATE and not given.get("until"):
            self.add_error("until", _("Choose the date."))
        return given

    def put_off(self, *, reminder: Reminder | None, by: User) -> str:
        """
        Put the reminder off as the form says, by its reader's clock, and say until when.

        Raises RefusedError.
        """
        if reminder is None:
            raise SnoozeRefusedError(_("This question has no reminder to snooze."))
        now, zone = timezone.now(), zone_of(wishes_of(by), reminder.question.desk)
        length = self.cleaned_data["until"] if self.pressed == DATE else SnoozeFor(self.pressed)
        until = snoozed_until(now=now, by=length, zone=zone)
        snooze_reminder(reminder=reminder, until=until, by=by, now=now, reason=self.cleaned_data["reason"])
        return _("Snoozed until %(when)s.") % {"when": instant(until, zone)}


def put_question_off(*, data: Any, question: Question, by: User) -> tuple[SnoozeForm, str]:
    """Put the question's reminder off; return the form with what is wrong with it, or what was done."""
    form = SnoozeForm(data)
    if not form.is_valid():
        return form, ""
    try:
        return form, form.put_off(reminder=reminder_to_put_off(question=question), by=by)
    except RefusedError as error:
        form.add_error("until", error.message)
        return form, ""
