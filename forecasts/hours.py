"""
When a person may be told: working days and hours, the next digest, a turn on a rota, a snooze.

All of it is said in the clock on that person's wall, which skips an hour in spring and shows one twice
in autumn. Standard library only; nothing here reads the clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from forecasts.schedule import local_midnight, zone_named

EVERY_DAY = frozenset(range(7))
# One allowed day a week, and that day's hours may fall into the hour that spring skips.
FARTHEST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """
    The days (0 is Monday) and the hours in which messages may come: from `opens` up to `closes`.

    Hours that end before they begin run over midnight. Without hours, the whole day is allowed.
    """

    zone: str
    days: Collection[int] = EVERY_DAY
    opens: time | None = None
    closes: time | None = None

    def allow(self, at: datetime) -> bool:
        """
        Return whether a message may come at that instant.

        >>> office = Hours(zone="Europe/Stockholm", days=range(5), opens=time(8), closes=time(18))
        >>> office.allow(datetime(2020, 7, 1, 6, 0, tzinfo=UTC))
        True
        >>> office.allow(datetime(2020, 7, 1, 16, 0, tzinfo=UTC))
        False
        """
        local = at.astimezone(zone_named(self.zone))
        if local.weekday() not in self.days:
            return False
        if self.opens is None or self.closes is None:
            return True
        shown = local.time()
        if self.opens < self.closes:
            return self.opens <= shown < self.closes
        return shown >= self.opens or shown < self.closes


def next_allowed(*, at: datetime, hours: Hours) -> datetime:
    """
    Return the first instant from `at` on at which a message may come: `at` itself, if it may.

    >>> office = Hours(zone="Europe/Stockholm", days=range(5), opens=time(8), closes=time(18))
    >>> next_allowed(at=datetime(2020, 7, 3, 20, tzinfo=UTC), hours=office).isoformat()
    '2020-07-06T06:00:00+00:00'
    >>> night = Hours(zone="Europe/Stockholm", opens=time(2, 30), closes=time(5))
    >>> next_allowed(at=datetime(2020, 3, 28, 12, tzinfo=UTC), hours=night).isoformat()
    '2020-03-29T01:00:00+00:00'
    """
    if hours.allow(at):
        return at
    today = at.astimezone(zone_named(hours.zone)).date()
    for day in range(FARTHEST):
        for instant in _edges(today + timedelta(days=day), hours):
            if instant > at and hours.allow(instant):
                return instant
    return at  # Hours that allow nothing keep nobody from being told.


def _edges(day: date, hours: Hours) -> Iterator[datetime]:
    """Yield, in order, the instants of that day at which the hours may begin to allow."""
    midnight = local_midnight(on=day, zone=hours.zone)
    tomorrow = local_midnight(on=day + timedelta(days=1), zone=hours.zone)
    edges = {midnight}
    if hours.opens is not None:
        edges |= {wall_clock(on=day, at=hours.opens.replace(fold=fold), zone=hours.zone) for fold in (0, 1)}
    if tomorrow - midnight != timedelta(days=1):
        # The clock is set today, at a full or a half hour: it may jump into the hours.
        edges |= {midnight + timedelta(minutes=30 * step) for step in range(52)}
    yield from sorted(edge for edge in edges if midnight <= edge < tomorrow)


def wall_clock(*, on: date, at: time, zone: str) -> datetime:
    """
    Return the instant, in UTC, at which the clock there shows that time on that day.

    A time that the clock shows twice is the first of the two (the second with `fold=1`); one that it
    skips is read with the offset before the change, as in PEP 495.

    >>> wall_clock(on=date(2020, 10, 25), at=time(2, 30), zone="Europe/Stockholm").isoformat()
    '2020-10-25T00:30:00+00:00'
    """
    return datetime.combine(on, at).replace(tzinfo=zone_named(zone), fold=at.fold).astimezone(UTC)


def next_digest(*, after: datetime, hour: int, hours: Hours, weekday: int | None = None) -> datetime:
    """
    Return when the next digest falls: after that instant, at that hour, on that weekday if one is named.

    A day that the hours leave out gives way to the next, an hour that they leave out to when they begin.

    >>> always = Hours(zone="Europe/Stockholm")
    >>> next_digest(after=datetime(2020, 7, 1, 6, tzinfo=UTC), hour=8, hours=always).isoformat()
    '2020-07-02T06:00:00+00:00'
    >>> next_digest(after=datetime(2020, 7, 1, 6, tzinfo=UTC), hour=8, hours=always, weekday=0).isoformat()
    '2020-07-06T06:00:00+00:00'
    """
    today = after.astimezone(zone_named(hours.zone)).date()
    for days in range(FARTHEST):
        day = today + timedelta(days=days)
        if weekday is not None and day.weekday() != weekday:
            continue
        while day.weekday() not in hours.days:
            day += timedelta(days=1)
        falls = next_allowed(at=wall_clock(on=day, at=time(hour), zone=hours.zone), hours=hours)
        if falls > after:
            return falls
    raise ValueError(f"There is no weekday {weekday}. Use 0 for Monday to 6 for Sunday.")


def has_turn(
    *,
    on: date,
    from_day: date,
    until_day: date | None = None,
    weekdays: Collection[int] = EVERY_DAY,
    every_weeks: int = 1,
) -> bool:
    """
    Return whether a turn on a rota covers that day: from a day, up to another, one week in so many.

    Weeks begin on Monday, and the first is the one of `from_day`.

    >>> has_turn(on=date(2020, 7, 8), from_day=date(2020, 7, 1), every_weeks=2)
    False
    >>> has_turn(on=date(2020, 7, 15), from_day=date(2020, 7, 1), every_weeks=2, weekdays=[2])
    True
    """
    if on < from_day or (until_day is not None and on >= until_day) or on.weekday() not in weekdays:
        return False
    weeks = (_monday(on) - _monday(from_day)).days // 7
    return weeks % every_weeks == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


class SnoozeFor(StrEnum):
    """How long a reminder is put off, where no date is named."""

    DAY = "day"
    WEEK = "week"


def snoozed_until(*, now: datetime, by: SnoozeFor | date, zone: str) -> datetime:
    """
    Return until when a reminder is put off: a day or a week on by the clock there, or that day's start.

    >>> snoozed_until(now=datetime(2020, 10, 24, 9, tzinfo=UTC), by=SnoozeFor.DAY,
    ...               zone="Europe/Stockholm").isoformat()
    '2020-10-25T10:00:00+00:00'
    >>> snoozed_until(now=datetime(2020, 7, 1, tzinfo=UTC), by=date(2020, 8, 1),
    ...               zone="Europe/Stockholm").isoformat()
    '2020-07-31T22:00:00+00:00'
    """
    if not isinstance(by, SnoozeFor):
        return local_midnight(on=by, zone=zone)
    local = now.astimezone(zone_named(zone))
    days = 1 if by == SnoozeFor.DAY else 7
    return wall_clock(on=local.date() + timedelta(days=days), at=local.time(), zone=zone)
