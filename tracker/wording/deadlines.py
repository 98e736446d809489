"""A deadline in words, and how far off it is: one answer for page, desk, mail, chat, feed and command."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from forecasts.models.questions.deadline import WithDeadline
from forecasts.schedule import Deadline, EndRule, Granularity, zone_named
from tracker.wording.dates import day_in_sentence, month
from tracker.wording.numbers import plain_spaces

HOUR = timedelta(hours=1)
IN_MONTHS, IN_YEARS = 60, 730
"""From how many days on a distance is told in months, and in years."""


def deadline_words(deadline: Deadline) -> str:
    """Return the deadline as its rule says it, in the language of the moment: by the end of 2017."""
    named = {"period": _period(deadline)}
    if deadline.rule == EndRule.BEFORE:
        return _("before %(period)s") % named
    if deadline.granularity == Granularity.DAY:
        return _("on or before %(period)s") % named
    return _("by the end of %(period)s") % named


def plain_deadline(deadline: Deadline) -> str:
    """Return the deadline in words with plain spaces, as plain text is searched and broken."""
    return plain_spaces(deadline_words(deadline))


def lateness(question: WithDeadline, *, now: datetime) -> str:
    """
    Return how far off the deadline is, on the calendar of the deadline's own place.

    Before it, days count up to its last day: its instant is exclusive, so its last day is the one that
    ends there. After it, whole hours count up to a day, then whole days, months and years. Everybody
    reads the same, whatever their own zone.
    """
    if now >= question.deadline_at:
        return _overdue(now - question.deadline_at)
    zone = zone_named(question.deadline_zone)
    last = (question.deadline_at - timedelta(microseconds=1)).astimezone(zone).date()
    days = (last - now.astimezone(zone).date()).days
    if days == 0:
        return _("due today")
    return _("due tomorrow") if days == 1 else _due_in(days)


def _due_in(days: int) -> str:
    if days < IN_MONTHS:
        return ngettext("due in %(n)d day", "due in %(n)d days", days) % {"n": days}
    if days < IN_YEARS:
        months = days // 30
        return ngettext("due in %(n)d month", "due in %(n)d months", months) % {"n": months}
    years = days // 365
    return ngettext("due in %(n)d year", "due in %(n)d years", years) % {"n": years}


def _overdue(late: timedelta) -> str:
    hours, days = late // HOUR, late.days
    if hours < 1:
        return _("due now")
    if days < 1:
        return ngettext("%(n)d hour overdue", "%(n)d hours overdue", hours) % {"n": hours}
    if days < IN_MONTHS:
        return ngettext("%(n)d day overdue", "%(n)d days overdue", days) % {"n": days}
    if days < IN_YEARS:
        months = days // 30
        return ngettext("%(n)d month overdue", "%(n)d months overdue", months) % {"n": months}
    years = days // 365
    return ngettext("%(n)d year overdue", "%(n)d years overdue", years) % {"n": years}


def _period(deadline: Deadline) -> str:
    on, granularity = deadline.on, deadline.granularity
    if granularity == Granularity.YEAR:
        return str(on.year)
    if granularity == Granularity.QUARTER:
        return _quarters()[(on.month - 1) // 3] % {"year": on.year}
    return month(on) if granularity == Granularity.MONTH else day_in_sentence(on)


def _quarters() -> list[str]:
    return [
        pgettext("quarter of a year", "Q1 %(year)d"),
        pgettext("quarter of a year", "Q2 %(year)d"),
        pgettext("quarter of a year", "Q3 %(year)d"),
        pgettext("quarter of a year", "Q4 %(year)d"),
    ]
