"""A row that has the words of a probability and no number: it is read as the desk reads it, or refused."""

from pathlib import Path

import pytest

from forecasts.models import Forecast
from tests.records import NOW
from tests.tracker.interchange.files import row, write
from tracker.interchange.house.take_in import read_for_import
from tracker.interchange.taking_in.files import import_files


def spoken(said: str, **rest: str) -> dict[str, str]:
    return row(source=said, probability="", said=said, **rest)


def read(tmp_path, *rows):
    return read_for_import(paths=[write(tmp_path / "spoken.csv", rows)], name="spoken.csv")


@pytest.mark.django_db
def test_words_of_a_probability_become_its_number_its_range_and_the_rule(tmp_path):
    rows = [spoken("60–70 %"), spoken("omkring 75 %"), spoken("70 %"), row(source="A number", said="Bara så")]
    path = write(tmp_path / "spoken.csv", rows)
    job, _ = import_files(paths=[Path(path)], format="common", name="spoken.csv", board=None, now=NOW)
    assert (job.new_forecasts, job.refused) == (4, [])
    told = {
        each.source.name: (
            round(each.probability, 6),
            each.probability_low,
            each.probability_high,
            each.basis,
            each.house_rule,
            each.said,
        )
        for each in Forecast.objects.select_related("source")
    }
    assert told == {
        "60–70 %": (0.65, 0.6, 0.7, "rule", "middle-of-range", "60–70 %"),
        # Said by fives, so half of five to either side.
        "omkring 75 %": (0.75, 0.725, 0.775, "rule", "about", "omkring 75 %"),
        "70 %": (0.7, None, None, "stated", "", "70 %"),
        "A number": (0.7, None, None, "stated", "", "Bara så"),
    }


@pytest.mark.parametrize("words", ["sannolikt", "Snart", "170 %", "70–60 %"])
def test_words_that_say_no_probability_are_refused_once_with_the_words(tmp_path, words):
    found = read(tmp_path, row(), spoken(words))
    [refused] = found.refused
    assert (refused.line, refused.field) == (3, "said")
    assert words in refused.reason
    assert len(found.contents.forecasts) == 1


def test_a_row_that_says_how_it_was_read_still_needs_its_number(tmp_path):
    scaled = {"term": "likely", "scale": "House scale", "term_language": "en"}
    found = read(tmp_path, spoken("likely", **scaled), spoken("60–70 %", basis="rule"))
    assert {each.field for each in found.refused if each.line == 2} >= {"term", "probability"}
    assert {each.field for each in found.refused if each.line == 3} >= {"probability"}


def test_a_withdrawal_keeps_its_words_and_has_no_number(tmp_path):
    found = read(tmp_path, spoken("60–70 %", withdrawn="yes"))
    assert found.refused == []
    assert found.contents.columns().probability.tolist() == pytest.approx([float("nan")], nan_ok=True)
