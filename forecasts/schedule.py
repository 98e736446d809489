"""
What a deadline means, and when the next reminder falls.

A deadline is said as a day, a month, a quarter or a year in some place's calendar ("by the end of
2017", in Stockholm). It becomes one exact instant here: the first instant at which the forecast can
no longer come true in time. Standard library only; nothing here reads the clock.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from math import floor
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class Granularity(StrEnum):
    """The calendar period that a deadline names."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class EndRule(StrEnum):
    """Which edge of the named period the deadline is."""

    THROUGH = "through"  # "by the end of 2017", "on or before 31 December": the period counts
    BEFORE = "before"  # "before 2018": the period does not count


class UnknownZoneError(ValueError):
    """The IANA time zone database has no such zone."""


EPOCH = date(1970, 1, 1)
MONTHS_IN = {Granularity.MONTH: 1, Granularity.QUARTER: 3, Granularity.YEAR: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """
    A deadline as it was said: a period, a place, and which edge of the period counts.

    `on` is any day of the named period. `zone` is an IANA name. `at` is the exact instant, in UTC,
    and is exclusive: what happens at that instant is too late.

    Raises UnknownZoneError when the zone does not exist.

    >>> Deadline(on=date(2017, 6, 1), granularity=Granularity.YEAR, zone="Europe/Stockholm").at
    datetime.datetime(2017, 12, 31, 23, 0, tzinfo=datetime.timezone.utc)
    >>> Deadline(on=date(2017, 3, 26), zone="Europe/Stockholm").at.isoformat()
    '2017-03-26T22:00:00+00:00'
    >>> Deadline(on=date(2018, 1, 1), granularity=Granularity.YEAR, zone="UTC",
    ...          rule=EndRule.BEFORE).at.isoformat()
    '2018-01-01T00:00:00+00:00'
    """

    on: date
    granularity: Granularity = Granularity.DAY
    zone: str
    rule: EndRule = EndRule.THROUGH

    @property
    def at(self) -> datetime:
        return local_midnight(on=self.too_late_on, zone=self.zone)

    @property
    def too_late_on(self) -> date:
        """The first day, in the deadline's own place, on which it is too late."""
        starts, ends = period(on=self.on, granularity=self.granularity)
        return ends if self.rule == EndRule.THROUGH else starts


def period(*, on: date, granularity: Granularity) -> tuple[date, date]:
    """
    Return the first day of the period around `on`, and the first day after it.

    >>> period(on=date(2017, 9, 5), granularity=Granularity.QUARTER)
    (datetime.date(2017, 7, 1), datetime.date(2017, 10, 1))
    """
    if granularity == Granularity.DAY:
        return on, on + timedelta(days=1)
    months = MONTHS_IN[granularity]
    first_month = (on.month - 1) // months * months
    starts = date(on.year, first_month + 1, 1)
    years, month = divmod(first_month + months, 12)
    return starts, date(on.year + years, month + 1, 1)


def days_since_epoch(day: date) -> float:
    """
    Return the date as a number, as questions on a date keep it: days since 1970-01-01.

    >>> days_since_epoch(date(2017, 10, 17))
    17456.0
    """
    return float((day - EPOCH).days)


def day_after_epoch(days: float) -> date:
    """
    Return the day that a number of days since 1970-01-01 falls on.

    >>> day_after_epoch(17456.75)
    datetime.date(2017, 10, 17)
    """
    return EPOCH + timedelta(days=floor(days))


def same_period(one: date, of_one: Granularity, other: date, of_other: Granularity) -> bool:
    """
    Return whether two dates, each known to its granularity, can be the same: the coarser one decides.

    >>> may, third = date(2018, 5, 1), date(2018, 5, 3)
    >>> same_period(may, Granularity.MONTH, third, Granularity.DAY)
    True
    >>> same_period(may, Granularity.DAY, third, Granularity.DAY)
    False
    """
    coarser = max((of_one, of_other), key=list(Granularity).index)
    return period(on=one, granularity=coarser) == period(on=other, granularity=coarser)


def zone_named(name: str) -> ZoneInfo:
    """
    Return the zone, or raise UnknownZoneError with a remedy.

    >>> try:
    ...     zone_named("Europe/Raqqa")
    ... except UnknownZoneError as error:
    ...     print(error)
    There is no time zone 'Europe/Raqqa'. Use an IANA name such as 'Europe/Stockholm'.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZoneError(
            f"There is no time zone '{name}'. Use an IANA name such as 'Europe/Stockholm'."
        ) from error


def local_midnight(*, on: date, zone: str) -> datetime:
    """
    Return the instant, in UTC, at which the day begins in that zone.

    Where clocks skip midnight, this is the first instant of the day that exists.

    >>> local_midnight(on=date(2018, 11, 4), zone="America/Sao_Paulo").isoformat()
    '2018-11-04T03:00:00+00:00'
    """
    tz = zone_named(zone)
    naive = datetime.combine(on, time.min)
    instant = naive.replace(tzinfo=tz).astimezone(UTC)
    if instant.astimezone(tz).replace(tzinfo=None) < naive:
        # Midnight fell in the gap: read with the offset after the change (PEP 495, fold=1).
        instant = naive.replace(tzinfo=tz, fold=1).astimezone(UTC)
        while instant.astimezone(tz).date() < on:
            instant += timedelta(minutes=30)
    return instant


@dataclass(frozen=True, slots=True)
class Stage:
    """One step on a question's ladder of reminders: its name, and its days after the deadline."""

    name: str
    days: int


def stages(*, days: Sequence[int], every: int, upto: int) -> list[Stage]:
    """
    Return the ladder: the desk's days around the deadline, then one each `every` days up to `upto`.

    >>> [stage.name for stage in stages(days=[-7, 0, 3], every=30, upto=70)]
    ['before-7', 'due', 'overdue-3', 'overdue-33', 'overdue-63']
    """
    ladder = sorted(set(days))
    last = max(ladder[-1], 0) if ladder else 0
    if every > 0:
        ladder.extend(range(last + every, max(upto, last) + 1, every))
    return [Stage(_stage_name(day), day) for day in ladder]


STAGE = re.compile(r"before-(?P<before>\d+)|due|overdue-(?P<overdue>\d+)")


def _stage_name(day: int) -> str:
    if day < 0:
        return f"before{day}"
    return "due" if day == 0 else f"overdue-{day}"


def stage_reached(
    *, armed: str, deadline_at: datetime, days: Sequence[int], every: int, now: datetime
) -> str:
    """
    Return the stage that a reminder armed as `armed` has by now: the latest that has passed.

    What was armed before an outage is sent after it, and is then of another stage. A name that is no
    stage of a ladder, as of a day to check again, stays.

    >>> deadline = datetime(2018, 1, 1, tzinfo=UTC)
    >>> stage_reached(armed="before-7", deadline_at=deadline, days=[-7, 0, 3], every=30,
    ...               now=datetime(2018, 1, 9, tzinfo=UTC))
    'overdue-3'
    >>> stage_reached(armed="snoozed", deadline_at=deadline, days=[-7, 0, 3], every=30,
    ...               now=datetime(2018, 1, 9, tzinfo=UTC))
    'snoozed'
    """
    found = STAGE.fullmatch(armed)
    if found is None:
        return armed
    own = -int(found["before"] or 0) + int(found["overdue"] or 0)
    ladder = stages(days=days, every=every, upto=max((now - deadline_at).days, 0))
    passed = [stage for stage in ladder if deadline_at + timedelta(days=stage.days) <= now]
    return passed[-1].name if passed and passed[-1].days > own else armed


@dataclass(frozen=True, slots=True)
class NextReminder:
    """The stage that comes next, and the instant at which it falls."""

    stage: str
    due_at: datetime


def next_reminder(
    *,
    deadline_at: datetime,
    days: Sequence[int],
    every: int,
    now: datetime,
    after: datetime | None = None,
) -> NextReminder:
    """
    Return the next reminder of a question, counted from `now` and never from a missed time.

    Stages that were missed fold into the latest of them, which is due at once: five weeks of outage
    end in one reminder. `after` is when the last reminder went out; only stages later than that
    are left. When the ladder has no stage left, the next one falls `every` days after `now`.

    >>> deadline = datetime(2018, 1, 1, tzinfo=UTC)
    >>> next_reminder(deadline_at=deadline, days=[-7, 0, 3], every=30,
    ...               now=datetime(2017, 10, 1, tzinfo=UTC)).stage
    'before-7'
    >>> next_reminder(deadline_at=deadline, days=[-7, 0, 3], every=30,
    ...               now=datetime(2018, 2, 10, tzinfo=UTC)).stage
    'overdue-33'
    """
    elapsed = (now - deadline_at).days
    ladder = [
        (stage, deadline_at + timedelta(days=stage.days))
        for stage in stages(days=days, every=every, upto=max(elapsed, 0) + 2 * max(every, 1))
    ]
    left = [(stage, at) for stage, at in ladder if after is None or at > after]
    missed = [stage for stage, at in left if at <= now]
    if missed:
        return NextReminder(missed[-1].name, now)
    if left:
        stage, at = left[0]
        return NextReminder(stage.name, at)
    return NextReminder(_stage_name(elapsed + every), now + timedelta(days=max(every, 1)))
