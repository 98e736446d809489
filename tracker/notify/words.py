"""Words that mails, chats, feeds and calendars say alike."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.utils import dateformat, formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.models import Answer, Question, QuestionKind, Resolution
from forecasts.models.deadline import NBSP, deadline_words
from forecasts.queries.scores import last_value
from forecasts.schedule import Deadline, day_after_epoch, zone_named


def outcome_words(answer: Resolution) -> str:
    """Return the answer in a word or two."""
    if answer.answer == Answer.REOPENED:
        return _("Disputed")
    if answer.answer == Answer.VOID:
        return _("Void")
    question, outcome = answer.question, answer.outcome or 0.0
    if question.kind == QuestionKind.BINARY:
        return _("Happened") if outcome == 1 else _("Did not happen")
    if question.options:
        return str(question.options[int(outcome)])
    if question.kind == QuestionKind.DATE:
        late = outcome == last_value(question)
        return _("not by the deadline") if late else dateformat.format(day_after_epoch(outcome), "j F Y")
    return f"{formats.number_format(f'{outcome:.10g}', force_grouping=True)} {question.unit}".strip()


def name_of(user: User | None) -> str:
    """Return the person's full name, else the name they sign in with."""
    return (user.get_full_name() or user.get_username()) if user else ""


def plain_deadline(deadline: Deadline) -> str:
    """Return the deadline in words with plain spaces, as plain text is searched and broken."""
    return deadline_words(deadline).replace(NBSP, " ")


def lateness(question: Question, *, now: datetime, zone: str) -> str:
    """
    Return how far off the deadline is: in 3 days, due now, 12 days late.

    Before it, days count up to its last day on the reader's calendar; after it, whole days since. The
    instant of a deadline is exclusive: its last day is the one that ends there.
    """
    if now >= question.deadline_at:
        late = (now - question.deadline_at).days
        return (
            ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late}
            if late
            else _("due now")
        )
    tz = zone_named(zone)
    last = (question.deadline_at - timedelta(microseconds=1)).astimezone(tz).date()
    days = (last - now.astimezone(tz).date()).days
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days} if days else _("today")
