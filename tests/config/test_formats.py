"""Django's own dates, as in the lists of the desk, read as those of the pages do."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

from tracker.wording.dates import day
from tracker.wording.numbers import NBSP


@pytest.mark.parametrize(("language", "english"), [("en", "5 September 2017"), ("sv", "5 september 2017")])
def test_a_day_is_printed_as_on_the_pages(language: str, english: str) -> None:
    with translation.override(language):
        assert date_format(date(2017, 9, 5)) == day(date(2017, 9, 5)).replace(NBSP, " ") == english


def test_the_hours_of_an_instant_go_to_24() -> None:
    with translation.override("en"):
        assert date_format(datetime(2017, 9, 5, 21, 5, tzinfo=UTC), "DATETIME_FORMAT") == (
            "5 September 2017, 21:05"
        )
