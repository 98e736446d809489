"""A day or an instant as people read it: alone, in a sentence, on an axis, with its place."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import dateformat, timezone
from django.utils.translation import pgettext

from forecasts.schedule import zone_named
from tracker.wording.numbers import NBSP, NOTHING

HOME = "Europe/Stockholm"


def day(value: date | datetime | None) -> str:
    """
    Return the date in full as it stands alone, in a cell or under a headline.

    An instant is read in the zone of the moment; none is a dash.

    >>> day(date(2017, 9, 5)).replace(NBSP, " ")
    '5 September 2017'
    """
    if value is None:
        return NOTHING
    return dateformat.format(_here(value), "j F Y").replace(" ", NBSP)


def day_in_sentence(value: date | datetime | None) -> str:
    """Return the date as it stands in a sentence: 5 September 2017, in Swedish den 5 september 2017."""
    return NOTHING if value is None else in_sentence(day(value))


def in_sentence(words: str) -> str:
    """Return a date that stands alone as it stands in a sentence."""
    return pgettext("a date in a sentence", "%(day)s") % {"day": words}


def day_short(value: date | datetime) -> str:
    """
    Return the date with its month cut short, for an axis.

    >>> day_short(date(2017, 9, 5)).replace(NBSP, " "), day_short(date(2018, 5, 3)).replace(NBSP, " ")
    ('5 Sept 2017', '3 May 2018')
    """
    here = _here(value)
    return NBSP.join((str(here.day), short_months()[here.month - 1], str(here.year)))


def short_months() -> list[str]:
    """Return the twelve months, cut short as a newspaper does."""
    return [
        pgettext("month on an axis", "Jan"),
        pgettext("month on an axis", "Feb"),
        pgettext("month on an axis", "March"),
        pgettext("month on an axis", "April"),
        pgettext("month on an axis", "May"),
        pgettext("month on an axis", "June"),
        pgettext("month on an axis", "July"),
        pgettext("month on an axis", "Aug"),
        pgettext("month on an axis", "Sept"),
        pgettext("month on an axis", "Oct"),
        pgettext("month on an axis", "Nov"),
        pgettext("month on an axis", "Dec"),
    ]


def month(value: date) -> str:
    """Return the month with its year: April 2018."""
    return dateformat.format(value, "F Y").replace(" ", NBSP)


def day_and_month(value: date) -> str:
    """Return the day without its year: 1 June."""
    return dateformat.format(value, "j F").replace(" ", NBSP)


def iso_day(value: date | datetime) -> str:
    """Return the date for a machine: 2018-05-03."""
    return _here(value).strftime("%Y-%m-%d")


def instant(value: datetime, zone: str = "") -> str:
    """
    Return the date and time in the zone named, else in that of the moment, and whose time it is.

    >>> from datetime import UTC
    >>> instant(datetime(2017, 12, 31, 23, tzinfo=UTC), "Europe/Stockholm").replace(NBSP, " ")
    '1 January 2018, 00:00 Stockholm time'
    """
    local, named = _local(value, zone)
    told = {"day": day(local.date()), "time": clock(local), "place": place_time(named)}
    return pgettext("a date with its time", "%(day)s, %(time)s %(place)s") % told


def day_and_time(value: datetime, zone: str = "") -> str:
    """Return the same without its place, where the place is said once beside it."""
    local, _named = _local(value, zone)
    told = {"day": day(local.date()), "time": clock(local)}
    return pgettext("a date with its time", "%(day)s, %(time)s") % told


def clock(local: datetime) -> str:
    """Return the time of day: 10:46, in Swedish 10.46."""
    told = {"hours": f"{local:%H}", "minutes": f"{local:%M}"}
    return pgettext("time of day", "%(hours)s:%(minutes)s") % told


def place(zone: str) -> str:
    """Return the city of an IANA zone: Europe/Stockholm is Stockholm."""
    return zone.rpartition("/")[2].replace("_", " ")


def place_time(zone: str) -> str:
    """Return whose time it is: Stockholm time, in Swedish svensk tid; UTC is UTC."""
    if zone == HOME:
        return pgettext("whose time", "Stockholm time")
    city = place(zone)
    return city if city == "UTC" else pgettext("whose time", "%(place)s time") % {"place": city}


def _local(value: datetime, zone: str) -> tuple[datetime, str]:
    tz = zone_named(zone) if zone else timezone.get_current_timezone()
    return value.astimezone(tz), zone or timezone.get_current_timezone_name()


def _here(value: date | datetime) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
