"""Numbers and dates as people read them, in both languages."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from forecasts.models.deadline import deadline_words
from forecasts.schedule import Deadline, EndRule, Granularity
from tracker.pages import formats

ZONE = "Europe/Stockholm"


@pytest.mark.parametrize(
    ("value", "english", "swedish"),
    [
        (0.0025, "0.003", "0,003"),  # A half goes up, as people round.
        ((0.95 - 1) ** 2, "0.003", "0,003"),  # And so does what binary makes of it.
        (0, "0.000", "0,000"),
        (0.1834, "0.183", "0,183"),
        (1, "1.000", "1,000"),
        (None, "–", "–"),  # No data is a dash, never 0.
    ],
)
def test_a_brier_score_has_three_decimals_and_the_language_s_sign(value, english, swedish):
    with override("en"):
        assert formats.brier(value) == english
    with override("sv"):
        assert formats.brier(value) == swedish


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0025, "0.0025"), (0.25, "0.25"), (0.0, "0.0"), (1 / 3, "0.3333333333")]
)
def test_the_exact_value_drops_only_what_binary_added(value, shown):
    with override("en"):
        assert formats.exactly(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.95, "95\xa0%"),
        (0, "0\xa0%"),
        (1, "100\xa0%"),
        (0.999, ">99\xa0%"),  # Not certain, so not 100.
        (0.001, "<1\xa0%"),
        (None, "–"),
    ],
)
def test_a_share_is_in_whole_per_cent(share, shown):
    assert formats.percent(share) == shown


def test_a_range_prints_both_ends_once():
    assert formats.percent_range(0.9, 0.99) == "90–99\xa0%"
    assert formats.percent_range(0.5, 0.5) == "50\xa0%"


@pytest.mark.parametrize(
    ("deadline", "english", "swedish"),
    [
        (
            Deadline(on=date(2017, 12, 31), zone=ZONE),
            "on or before 31 December 2017",
            "senast 31 december 2017",
        ),
        (
            Deadline(on=date(2017, 6, 1), zone=ZONE, granularity=Granularity.YEAR),
            "by the end of 2017",
            "före utgången av 2017",
        ),
        (
            Deadline(on=date(2017, 12, 1), zone=ZONE, granularity=Granularity.QUARTER),
            "by the end of quarter 4 of 2017",
            "före utgången av kvartal 4 2017",
        ),
        (
            Deadline(on=date(2017, 10, 1), zone=ZONE, granularity=Granularity.MONTH),
            "by the end of October 2017",
            "före utgången av oktober 2017",
        ),
        (
            Deadline(on=date(2018, 1, 1), zone=ZONE, granularity=Granularity.YEAR, rule=EndRule.BEFORE),
            "before 2018",
            "före 2018",
        ),
    ],
)
def test_a_deadline_is_said_by_its_rule(deadline, english, swedish):
    with override("en"):
        assert deadline_words(deadline).replace("\xa0", " ") == english
    with override("sv"):
        assert deadline_words(deadline).replace("\xa0", " ") == swedish


def test_an_instant_names_its_zone():
    at = datetime(2017, 12, 31, 23, 0, tzinfo=UTC)
    with override("en"):
        assert formats.instant_in(at, ZONE).replace("\xa0", " ") == "1 January 2018, 00:00 CET"
        assert (
            formats.instant_in(at, "America/New_York").replace("\xa0", " ") == "31 December 2017, 18:00 EST"
        )


def test_days_are_counted_on_the_desk_s_calendar(settings):
    settings.TIME_ZONE = ZONE
    late = datetime(2018, 1, 1, 22, 30, tzinfo=UTC)  # Half past eleven at night in Stockholm.
    assert formats.days_from(late, datetime(2018, 1, 1, 23, 30, tzinfo=UTC)) == 1
