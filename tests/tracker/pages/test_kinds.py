"""Questions of every kind on the public pages: what is asked, said and known, and the score."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from forecasts.questions.values.readings import Odds, Quantiles, Reading
from forecasts.questions.writes.forecasts import withdraw_forecast
from forecasts.schedule import days_since_epoch
from forecasts.verdicts.writes.findings import Finding, days_too_late
from forecasts.verdicts.writes.resolutions import answer_question
from tests.records import NOW, exhibit, make_board, make_question, make_source, resolve, say
from tests.tracker.pages.conftest import text_of
from tracker.wording import numbers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_cache")]
KINDS = {
    "options": {"options": ["Red", "Green", "Blue"]},
    "ordered": {"options": ["low", "middle", "high"]},
    "number": {"unit": "%", "lower_bound": 0, "upper_bound": 100},
    "date": {},
}
VALUES = {
    "options": Odds([0.2, 0.5, 0.3]),
    "ordered": Odds([0.2, 0.5, 0.3]),
    "number": Quantiles.interval(low=3, high=5, level=0.8, middle=4),
    "date": Quantiles.point(days_since_epoch(date(2019, 12, 27))),
}
OUTCOMES = {"options": 1, "ordered": 2, "number": 3.4, "date": days_since_epoch(date(2019, 12, 24))}


def ask(kind):
    return ask_as(kind, name="Anna")


def ask_as(kind, *, name="", **rest):
    question = make_question(f"Which {kind}?", kind=kind, **{**KINDS[kind], **rest})
    say(question, make_source(name or f"Of {kind}"), 0, reading=VALUES[kind])
    return question


def answer(question, outcome, now=NOW):
    finding = Finding(
        answer="outcome", outcome=outcome, occurred_at=None if question.kind == "date" else NOW - timedelta(1)
    )
    answer_question(question=question, finding=finding, evidence=[exhibit()], by=None, now=now)


@pytest.mark.parametrize(
    ("kind", "said", "told"),
    [
        ("options", "One of these: Red · Green · Blue", "Green 50%"),
        ("ordered", "One of these, in order: low < middle < high", "middle 50%"),
        ("number", "A number, in %, at least 0, at most 100", "4% (3–5%, 80%)"),
        ("date", "A date, or not by the deadline", "27 December 2019"),
    ],
)
def test_the_page_says_what_is_asked_and_what_was_said(client, kind, said, told):
    question = ask(kind)
    text = text_of(client.get(f"/questions/{question.slug}/"))
    assert said in text
    assert told in text
    assert "Side by side" in text
    assert "None" not in text


@pytest.mark.parametrize(
    ("kind", "stamp", "sentence", "score"),
    [
        ("options", "Green", "The answer is Green. Known on 31 December 2019.", "Brier score 0.190"),
        (
            "ordered",
            "high",
            "The answer is high.",
            "Score for ordered options (ranked probability score) 0.265",
        ),
        # F runs from 0.1 at 3 by 0.5 at 4 to 0.9 at 5, and is 0.26 at 3.4.
        ("number", "Answer: 3.4%", "The answer is 3.4%.", "CRPS 0.351%"),
        ("date", "24 December 2019", "It happened on 24 December 2019.", "CRPS 3.00 days"),
    ],
)
def test_the_page_says_what_came_of_it_and_scores_by_the_rule_of_the_kind(
    client, kind, stamp, sentence, score
):
    question = ask(kind)
    answer(question, OUTCOMES[kind])
    page = client.get(f"/questions/{question.slug}/")
    text = text_of(page)
    assert f"{stamp} Known on" in text
    assert sentence in text
    assert score in text
    assert 'class="stamp stamp-known"' in page.content.decode()
    assert stamp in text_of(client.get("/questions/"))
    assert score in text_of(client.get("/sources/anna/"))
    assert client.get("/").status_code == 200


def test_the_option_that_came_true_is_marked_in_words_too(client):
    question = ask("options")
    answer(question, 1)
    assert "Green (the answer) 50%" in text_of(client.get(f"/questions/{question.slug}/"))


def test_not_by_the_deadline_is_an_answer_and_later_dates_were_right(client):
    question = ask("date")
    later = days_too_late(question) + 500
    say(question, make_source("Bo"), 0, reading=Quantiles.point(later))
    answer(question, days_too_late(question), now=question.deadline_at)
    page = client.get(f"/questions/{question.slug}/")
    text = text_of(page)
    assert "Not by the deadline" in text
    assert "It did not happen by the deadline." in text
    assert "CRPS 0 days" in text
    assert 'class="stamp stamp-did-not"' in page.content.decode()


def test_a_withdrawn_range_is_in_the_table_and_not_on_the_axis(client):
    question = ask("number")
    source = question.forecasts.get().source
    withdraw_forecast(
        question=question, source=source, stated_at=NOW - timedelta(days=5), note="Took it back.", now=NOW
    )
    text = text_of(client.get(f"/questions/{question.slug}/"))
    assert "withdrawn" in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.35067, "0.351"), (1234.5, "1,230"), (0, "0"), (12, "12.0"), (0.0012345, "0.00123")],
)
def test_a_score_in_a_unit_has_three_digits(value, shown):
    with override("en"):
        assert numbers.three_digits(value) == shown


def test_a_number_keeps_the_digits_it_was_given_with_in_the_page_s_language():
    with override("en"):
        assert numbers.plain(1234567.25) == "1,234,567.25"
        assert numbers.plain(3) == "3"
        assert numbers.plain(0.1 + 0.2) == "0.3"
    with override("sv"):
        assert numbers.plain(3.4) == "3,4"


def test_a_board_says_what_is_not_on_it_and_why(client):
    for kind in KINDS:
        answer(ask_as(kind), OUTCOMES[kind])
    make_board()
    text = text_of(client.get("/boards/all/"))
    assert (
        "Not in this ranking: One of several ordered options: 1 question with 1 forecast, scored on another "
        "scale, by the score for ordered options (ranked probability score); A number (%): 1 question with 1 "
        "forecast, scored on another "
        "scale, by the CRPS; A date:"
    ) in text


def test_a_board_by_crps_is_in_its_unit_beyond_one_too(client):
    question = ask_as("number", unit="people", upper_bound=None)
    say(question, make_source("Bo"), 0, reading=Quantiles.point(900))
    answer(question, 2500)
    make_board("people", rule="crps", filter={"unit": "people"})
    page = client.get("/boards/people/")
    text = text_of(page)
    assert "Score in people (WIS or CRPS)" in text
    assert "1,600 people" in text
    assert "always 50%" not in text
    assert "1,600 people" in text_of(client.get("/sources/bo/"))


def test_a_board_by_the_log_score_goes_beyond_one(client):
    question = make_question()
    say(question, make_source("Sure"), 0.0)
    resolve(question)
    make_board("log", rule="log")
    assert "6.908" in text_of(client.get("/boards/log/"))


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("uninformed", "of a number that may be anything nobody can say what that would be"),
        ("base_rate", "of a number there is none"),
    ],
)
def test_a_board_of_numbers_says_why_it_is_compared_with_nothing(client, reference, said):
    question = ask_as("number", unit="%")
    say(question, make_source("Ann"), 0, reading=Quantiles.point(3))
    answer(question, 4.0)
    make_board("percent", rule="crps", filter={"unit": "%"}, reference=reference)
    page = client.get("/boards/percent/").content.decode()
    tip = page.split('<tr role="row" class="counted">')[1].split("</tr>")[0]
    assert said in tip
    assert "Dashed" not in page


def test_a_source_s_places_are_named_by_the_rule_of_each_board(client):
    ann = make_source("Ann")
    for kind, value, outcome, rest in (
        ("binary", Reading.stated(0.8), 1, {}),
        ("number", Quantiles.point(3), 4.0, {"unit": "%"}),
    ):
        question = make_question(f"{kind}?", kind=kind, **rest)
        say(question, ann, 0, reading=value)
        answer(question, outcome)
    make_board()
    head = client.get("/sources/ann/").content.decode().split("<thead>")[1].split("</thead>")[0]
    assert '<th scope="col">Brier score</th>' in head
    make_board("percent", rule="crps", filter={"unit": "%"})
    page = client.get("/sources/ann/").content.decode().split("<thead>")[1]
    assert '<th scope="col">Score</th>' in page.split("</thead>")[0]
    rows = page.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")
    assert "Brier score" in rows[0]
    assert "Score in % (WIS or CRPS)" in rows[1]
    assert "Brier score" not in rows[1]
