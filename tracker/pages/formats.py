"""Numbers and dates as people read them, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils import dateformat, formats, timezone

NOTHING = "–"
NBSP = "\N{NO-BREAK SPACE}"


def number(value: float, places: int) -> str:
    """
    Return the number with that many decimals and the language's decimal sign.

    Halves go up, as people round: 0.0025 to three places is 0.003.
    """
    # Twelve places first: (0.95 - 1)² is a hair off 0.0025 in binary.
    exact = Decimal(f"{value:.12f}")
    rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return formats.number_format(rounded, decimal_pos=places)


def brier(value: float | None) -> str:
    """Return a Brier score with three decimals, or a dash where there is none."""
    return NOTHING if value is None else number(value, 3)


def exactly(value: float) -> str:
    """Return the value with every digit that means something, up to ten decimals."""
    trimmed = f"{value:.10f}".rstrip("0")
    return number(value, max(len(trimmed.partition(".")[2]), 1))


def count(value: int) -> str:
    """Return how many, with the language's mark between the thousands."""
    return formats.number_format(value, decimal_pos=0, force_grouping=True)


def percent(share: float | None) -> str:
    """Return a share in whole per cent; never 0 or 100 where it is not exactly that."""
    return NOTHING if share is None else f"{_whole(share)}{NBSP}%"


def percent_range(low: float, high: float) -> str:
    """Return both ends of a range in whole per cent: 90–99 %."""
    ends = (_whole(low), _whole(high))
    return f"{ends[0]}{NBSP}%" if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}{NBSP}%"


def _whole(share: float) -> str:
    rounded = round(share * 100)
    if rounded == 100 and share < 1:
        return ">99"
    if rounded == 0 and share > 0:
        return "<1"
    return str(rounded)


def day(value: date | datetime) -> str:
    """Return the date in full: 3 May 2018. An instant is read in the desk's zone."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return dateformat.format(value, "j F Y").replace(" ", NBSP)


def day_short(value: date | datetime) -> str:
    """Return the date with its month cut short, for an axis: 3 May 2018, 12 Oct 2018."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return dateformat.format(value, "j M Y").replace(" ", NBSP)


def iso_day(value: date | datetime) -> str:
    """Return the date for a machine: 2018-05-03."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return value.strftime("%Y-%m-%d")


def instant(value: datetime) -> str:
    """Return the date and time with its zone, in the desk's zone."""
    local = timezone.localtime(value)
    return f"{day(local)}, {local:%H:%M}{NBSP}{local.tzname()}"


def instant_in(value: datetime, zone: str) -> str:
    """Return the date and time with its zone, in the zone named."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{dateformat.format(local, 'j F Y')}, {local:%H:%M}{NBSP}{local.tzname()}"


def place(zone: str) -> str:
    """Return the city of an IANA zone: Europe/Stockholm is Stockholm."""
    return zone.rpartition("/")[2].replace("_", " ")


def days_from(now: datetime, at: datetime) -> int:
    """Return how many calendar days lie between two instants, in the desk's zone."""
    return (timezone.localdate(at) - timezone.localdate(now)).days
