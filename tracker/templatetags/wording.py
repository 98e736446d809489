"""Dates and numbers in templates, as `tracker.wording` says them: `{{ when|day }}`, never `|date`."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from tracker.wording import dates, numbers

register = template.Library()


@register.filter
def day(value: date | datetime | None) -> str:
    """Return the date as it stands alone; nothing for none, as a template leaves out what is not there."""
    return dates.day(value) if value else ""


@register.filter
def day_in_sentence(value: date | datetime | None) -> str:
    return dates.day_in_sentence(value) if value else ""


@register.filter
def day_and_time(value: datetime | None) -> str:
    return dates.day_and_time(value) if value else ""


@register.filter
def instant(value: datetime | None) -> str:
    """Return the date and time with whose time it is, for who may be elsewhere."""
    return dates.instant(value) if value else ""


@register.filter
def score(value: float | None) -> str:
    return numbers.score(value)
