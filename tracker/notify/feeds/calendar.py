"""
Deadlines as a calendar (RFC 5545) that programs subscribe to.

A deadline that falls at midnight on the reader's clock is an event of the whole last day; any other
is the exact instant, in UTC. An answered question leaves the calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from icalendar import Calendar, Event
from icalendar.prop import vDuration

if TYPE_CHECKING:
    from forecasts.desk.reads.links import WatchedQuestion

REFRESH = timedelta(hours=1)
AT_MOST = 1000


def calendar_of(*, name: str, questions: Sequence[WatchedQuestion], zone: str, more: int = 0) -> bytes:
    """
    Return the calendar file. The same questions give the same bytes.

    `zone` is the reader's; `more` is how many questions were left off.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Forecast Tracker//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for header in ("name", "x-wr-calname"):
        calendar.add(header, name)
    calendar.add("x-wr-timezone", zone)
    if more:
        words = _("%(count)d questions with later deadlines are left off.") % {"count": more}
        calendar.add("x-wr-caldesc", words)
    refresh = vDuration(REFRESH)
    refresh.params["VALUE"] = "DURATION"
    calendar.add("refresh-interval", refresh)
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for question in questions:
        calendar.add_component(_deadline(question, zone=zone))
        if question.check_again_on:
            calendar.add_component(_check_again(question, on=question.check_again_on))
    return bytes(calendar.to_ical())


def _deadline(question: WatchedQuestion, *, zone: str) -> Event:
    event = _event(question, uid=f"question-{question.key}", words=_("Answer due"))
    event.add("sequence", question.times_moved)
    local = question.deadline_at.astimezone(ZoneInfo(zone))
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        _all_day(event, on=local.date() - timedelta(days=1))
    else:
        event.add("dtstart", question.deadline_at)
        event.add("dtend", question.deadline_at)
    return event


def _check_again(question: WatchedQuestion, *, on: date) -> Event:
    # The day is in the id: another "check again on" is another event, and the first one leaves.
    event = _event(question, uid=f"question-{question.key}-again-{on:%Y%m%d}", words=_("Check again"))
    event.add("sequence", 0)
    _all_day(event, on=on)
    return event


def _all_day(event: Event, *, on: date) -> None:
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))


def _event(question: WatchedQuestion, *, uid: str, words: str) -> Event:
    address = settings.SITE_URL + reverse("admin:forecasts_question_change", args=[question.pk])
    changed: datetime = question.moved_at or question.recorded_at
    event = Event()
    event.add("uid", f"{uid}@{settings.SITE_HOST}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("summary", f"{words}: {Truncator(question.proposition).chars(160)}")
    event.add("description", f"{question.proposition}\n\n{question.criteria}\n\n{address}")
    event.add("url", address)
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    return event
