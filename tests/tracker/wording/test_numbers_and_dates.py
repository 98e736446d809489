"""Numbers and dates as people read them, in both languages."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from forecasts.schedule import Deadline, EndRule, Granularity
from tracker.wording import dates, numbers
from tracker.wording.deadlines import deadline_words

ZONE = "Europe/Stockholm"


def told(function, *given, **named):
    """Return what the function says in English and in Swedish, with plain spaces."""
    found = []
    for language in ("en", "sv"):
        with override(language):
            found.append(function(*given, **named).replace("\N{NO-BREAK SPACE}", " "))
    return tuple(found)


@pytest.mark.parametrize(
    ("value", "english", "swedish"),
    [
        (0.0025, "0.003", "0,003"),  # A half goes up, as people round.
        ((0.95 - 1) ** 2, "0.003", "0,003"),  # And so does what binary makes of it.
        (0, "0.000", "0,000"),
        (0.1834, "0.183", "0,183"),
        (1, "1.000", "1,000"),
        (-0.012, "−0.012", "−0,012"),  # A minus sign, not a hyphen.
        (None, "–", "–"),  # No data is a dash, never 0.
    ],
)
def test_a_score_has_three_decimals_and_the_language_s_sign(value, english, swedish):
    assert told(numbers.score, value) == (english, swedish)


@pytest.mark.parametrize(
    ("share", "english", "swedish"),
    [
        (0.95, "95%", "95 %"),
        (0, "0%", "0 %"),
        (1, "100%", "100 %"),
        (0.125, "13%", "13 %"),  # A half goes up.
        (0.9996, "over 99%", "över 99 %"),  # Not certain, so not 100.
        (0.0004, "under 1%", "under 1 %"),
        (None, "–", "–"),
    ],
)
def test_a_share_is_in_whole_per_cent(share, english, swedish):
    assert told(numbers.percent, share) == (english, swedish)


@pytest.mark.parametrize(
    ("ends", "english", "swedish"),
    [
        ((0.9, 0.99), "90–99%", "90–99 %"),
        ((0.5, 0.5), "50%", "50 %"),
        ((0.9, 0.9996), "90% to over 99%", "90 % till över 99 %"),
        ((0.0004, 0.05), "under 1% to 5%", "under 1 % till 5 %"),
        ((0.9991, 0.9996), "over 99%", "över 99 %"),
    ],
)
def test_a_range_prints_its_sign_once(ends, english, swedish):
    assert told(numbers.percent_range, *ends) == (english, swedish)


@pytest.mark.parametrize(
    ("value", "english", "swedish"),
    [
        (5.98e12, "5,980,000,000,000 SEK", "5 980 000 000 000 SEK"),
        (5e-05, "0.00005 SEK", "0,00005 SEK"),
        (0, "0 SEK", "0 SEK"),
        (-1234.5, "−1,234.5 SEK", "−1 234,5 SEK"),
        (0.1 + 0.2, "0.3 SEK", "0,3 SEK"),
    ],
)
def test_an_amount_is_never_a_power_of_ten(value, english, swedish):
    assert told(numbers.amount, value, "SEK") == (english, swedish)


def test_a_range_below_zero_is_in_words():
    assert told(numbers.span, -3, 5, "GW") == ("−3 to 5 GW", "−3 till 5 GW")
    assert told(numbers.span, 3, 5, "%") == ("3–5%", "3–5 %")


@pytest.mark.parametrize(
    ("deadline", "english", "swedish"),
    [
        (
            Deadline(on=date(2017, 12, 31), zone=ZONE),
            "on or before 31 December 2017",
            "senast den 31 december 2017",
        ),
        (
            Deadline(on=date(2017, 9, 5), zone=ZONE, rule=EndRule.BEFORE),
            "before 5 September 2017",
            "före den 5 september 2017",
        ),
        (
            Deadline(on=date(2017, 6, 1), zone=ZONE, granularity=Granularity.YEAR),
            "by the end of 2017",
            "före utgången av 2017",
        ),
        (
            Deadline(on=date(2017, 12, 1), zone=ZONE, granularity=Granularity.QUARTER),
            "by the end of Q4 2017",
            "före utgången av fjärde kvartalet 2017",
        ),
        (
            Deadline(on=date(2018, 4, 1), zone=ZONE, granularity=Granularity.QUARTER, rule=EndRule.BEFORE),
            "before Q2 2018",
            "före andra kvartalet 2018",
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
    assert told(deadline_words, deadline) == (english, swedish)


def test_a_day_stands_alone_in_a_sentence_and_on_an_axis():
    day = date(2017, 9, 5)
    assert told(dates.day, day) == ("5 September 2017", "5 september 2017")
    assert told(dates.day_in_sentence, day) == ("5 September 2017", "den 5 september 2017")
    assert told(dates.day_short, day) == ("5 Sept 2017", "5 sept. 2017")


@pytest.mark.parametrize(
    ("zone", "english", "swedish"),
    [
        (ZONE, "1 January 2018, 00:00 Stockholm time", "1 januari 2018 kl. 00.00 svensk tid"),
        (
            "America/New_York",
            "31 December 2017, 18:00 New York time",
            "31 december 2017 kl. 18.00 lokal tid i New York",
        ),
        ("UTC", "31 December 2017, 23:00 UTC", "31 december 2017 kl. 23.00 UTC"),
    ],
)
def test_an_instant_says_whose_time_it_is(zone, english, swedish):
    assert told(dates.instant, datetime(2017, 12, 31, 23, 0, tzinfo=UTC), zone) == (english, swedish)
