"""An answer in a word or two, whatever the kind of question."""

from datetime import date

import pytest

from forecasts.models import Question, Resolution
from forecasts.schedule import Deadline, days_since_epoch
from tracker.wording.values import answer_words


@pytest.mark.parametrize(
    ("kind", "outcome", "words"),
    [
        ("binary", 1, "Happened"),
        ("binary", 0, "Did not happen"),
        ("options", 1, "Green"),
        ("number", 3.4, "3.4%"),
        ("date", days_since_epoch(date(2018, 5, 12)), "12\xa0May\xa02018"),
        ("date", days_since_epoch(date(2019, 1, 1)), "not by the deadline"),
    ],
)
def test_an_answer_is_told_by_its_kind(kind, outcome, words):
    question = Question(
        kind=kind,
        options=["Red", "Green"] if kind == "options" else [],
        unit="%" if kind == "number" else "",
    )
    question.set_deadline(Deadline(on=date(2018, 12, 31), zone="Europe/Stockholm"))
    assert answer_words(Resolution(question=question, answer="outcome", outcome=outcome)) == words
