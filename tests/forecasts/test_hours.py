"""When a person may be told, by the clock on their wall, over the days on which it is set."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.hours import Hours, SnoozeFor, has_turn, next_allowed, next_digest, snoozed_until, wall_clock

STOCKHOLM = "Europe/Stockholm"
SPRING, AUTUMN = date(2020, 3, 29), date(2020, 10, 25)  # The clock skips 02–03, and shows it twice.


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "answered", "why"),
    [
        (at(2020, 7, 1, 10), at(2020, 7, 1, 10), "a Wednesday noon is a working hour"),
        (at(2020, 7, 1, 3), at(2020, 7, 1, 6), "too early: the same morning"),
        (at(2020, 7, 1, 16), at(2020, 7, 2, 6), "too late: the next morning"),
        (at(2020, 7, 3, 16), at(2020, 7, 6, 6), "Friday evening: Monday morning"),
        (at(2020, 3, 27, 20), at(2020, 3, 30, 6), "eight on Monday is an hour earlier in UTC by then"),
        (at(2020, 10, 23, 20), at(2020, 10, 26, 7), "and an hour later in autumn"),
    ],
)
def test_what_falls_outside_working_hours_waits_for_them(asked, answered, why):
    office = Hours(zone=STOCKHOLM, days=range(5), opens=time(8), closes=time(18))
    assert next_allowed(at=asked, hours=office) == answered, why


def test_hours_in_the_gap_of_spring_begin_when_the_clock_jumps():
    night = Hours(zone=STOCKHOLM, opens=time(2, 30), closes=time(4))
    assert next_allowed(at=at(2020, 3, 28, 12), hours=night) == at(2020, 3, 29, 1)


def test_hours_that_the_clock_skips_altogether_wait_for_the_next_day():
    gap = Hours(zone=STOCKHOLM, opens=time(2), closes=time(3))
    assert next_allowed(at=at(2020, 3, 28, 12), hours=gap) == at(2020, 3, 30, 0)


def test_hours_that_the_clock_shows_twice_are_allowed_twice():
    twice = Hours(zone=STOCKHOLM, opens=time(2), closes=time(2, 30))
    first, between = at(2020, 10, 25, 0), at(2020, 10, 25, 0, 45)
    assert next_allowed(at=at(2020, 10, 24, 12), hours=twice) == first
    assert next_allowed(at=between, hours=twice) == at(2020, 10, 25, 1)


def test_hours_over_midnight():
    shift = Hours(zone=STOCKHOLM, opens=time(22), closes=time(6))
    assert shift.allow(at(2020, 7, 1, 1))
    assert next_allowed(at=at(2020, 7, 1, 12), hours=shift) == at(2020, 7, 1, 20)


@given(
    asked=st.builds(
        lambda start, seconds: start + timedelta(seconds=seconds),
        st.sampled_from([at(2020, 3, 25), at(2020, 4, 2), at(2020, 10, 2), at(2020, 10, 22)]),
        st.floats(0, 6 * 24 * 3600),
    ),
    days=st.sets(st.integers(0, 6), min_size=1),
    hours=st.tuples(st.times(), st.times()).filter(
        lambda pair: abs(_minutes(pair[0]) - _minutes(pair[1])) > 60
    ),
    zone=st.sampled_from([STOCKHOLM, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_the_answer_is_allowed_and_nothing_between_was(asked, days, hours, zone):
    rule = Hours(zone=zone, days=days, opens=hours[0], closes=hours[1])
    found = next_allowed(at=asked, hours=rule)
    assert found >= asked
    assert rule.allow(found)
    if found > asked:
        assert not any(rule.allow(asked + (found - asked) * share / 200) for share in range(200)), (
            "there was an earlier instant"
        )


def _minutes(each: time) -> int:
    return each.hour * 60 + each.minute


@pytest.mark.parametrize(
    ("after", "weekday", "expected"),
    [
        (at(2020, 7, 1, 5, 59), None, at(2020, 7, 1, 6)),
        (at(2020, 7, 1, 6), None, at(2020, 7, 2, 6)),  # Never the moment itself: it is being sent.
        (at(2020, 3, 28, 7), None, at(2020, 3, 29, 6)),  # Eight o'clock, with the clock set forward.
        (at(2020, 10, 24, 6), None, at(2020, 10, 25, 7)),
        (at(2020, 7, 1, 6), 2, at(2020, 7, 8, 6)),
    ],
)
def test_the_next_digest_is_at_eight_by_the_clock_there(after, weekday, expected):
    always = Hours(zone=STOCKHOLM)
    assert next_digest(after=after, hour=8, hours=always, weekday=weekday) == expected


def test_a_digest_on_a_free_day_comes_on_the_next_working_day():
    office = Hours(zone=STOCKHOLM, days=range(5))
    assert next_digest(after=at(2020, 7, 3, 12), hour=8, hours=office) == at(2020, 7, 6, 6)


def test_three_people_take_turns_week_by_week():
    first = date(2020, 6, 29)
    starts = [first, first + timedelta(weeks=1), first + timedelta(weeks=2)]
    for day in range(70):
        on = first + timedelta(days=day)
        held = [has_turn(on=on, from_day=start, every_weeks=3) for start in starts]
        covered = [on >= start for start in starts]
        assert held.count(True) == (1 if all(covered) or any(held) else 0)
        assert held[(day // 7) % 3]


@pytest.mark.parametrize(
    ("by", "until"),
    [
        (SnoozeFor.DAY, at(2020, 10, 25, 10)),  # The same time of day: 25 hours on.
        (SnoozeFor.WEEK, at(2020, 10, 31, 10)),
        (date(2020, 11, 9), at(2020, 11, 8, 23)),
    ],
)
def test_a_snooze_ends_by_the_clock_on_the_wall(by, until):
    assert snoozed_until(now=at(2020, 10, 24, 9), by=by, zone=STOCKHOLM) == until


def test_a_time_that_the_clock_shows_twice_is_the_first():
    assert wall_clock(on=AUTUMN, at=time(2, 30), zone=STOCKHOLM) == at(2020, 10, 25, 0, 30)
    assert wall_clock(on=SPRING, at=time(2, 30), zone=STOCKHOLM) == at(2020, 3, 29, 1, 30)
