"""Questions of every kind: opened, forecast on and answered, each with what its kind needs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from forecasts.models import Forecast, Question, Resolution
from forecasts.questions.values.kinds import (
    BoundsRefusedError,
    KindNotTakenError,
    OptionsRefusedError,
    UnitRefusedError,
)
from forecasts.questions.values.readings import NotQuantilesError, Odds, Quantiles
from forecasts.questions.writes.forecasts import correct_forecast, revise_forecast, withdraw_forecast
from forecasts.questions.writes.lifecycle import IncompleteQuestionError
from forecasts.record.reads import ledger
from forecasts.schedule import days_since_epoch
from forecasts.verdicts.writes.findings import (
    Finding,
    NotAnOutcomeError,
    OccurredLaterError,
    days_too_late,
)
from forecasts.verdicts.writes.resolutions import answer_question
from tests.records import NOW, exhibit, make_question, make_source, say

pytestmark = pytest.mark.django_db
COLOURS = ["Red", "Green", "Blue"]
KINDS = {
    "options": {"options": COLOURS},
    "ordered": {"options": ["below 2 %", "2 to 3 %", "above 3 %"]},
    "number": {"unit": "%", "lower_bound": 0, "upper_bound": 100},
    "date": {},
}
VALUES = {
    "options": (Odds([0.5, 0.3, 0.2]), Odds([0.6, 0.3, 0.1])),
    "ordered": (Odds([0.1, 0.2, 0.7]), Odds([0.0, 0.0, 1.0])),
    "number": (Quantiles.interval(low=3, high=5, level=0.8), Quantiles.point(4)),
    "date": (Quantiles.point(days_since_epoch(date(2020, 5, 1))), Quantiles([0.1, 0.9], [18_400, 18_500])),
}


def make(kind, **rest):
    return make_question(f"A {kind}?", kind=kind, **{**KINDS[kind], **rest})


def answer(question, outcome, now=NOW, **rest):
    finding = Finding(answer="outcome", outcome=outcome, **rest)
    return answer_question(question=question, finding=finding, evidence=[exhibit()], by=None, now=now)


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_is_opened_with_what_it_needs(kind):
    question = Question.objects.get(pk=make(kind).pk)
    assert question.kind == kind
    assert question.options == KINDS[kind].get("options", [])
    assert (question.unit, question.lower_bound) == (("%", 0.0) if kind == "number" else ("", None))
    assert ledger.verify() is None


@pytest.mark.parametrize(
    ("kind", "change", "error", "field", "message"),
    [
        ("riddle", {}, KindNotTakenError, "kind", "binary, options, ordered, number, date"),
        ("options", {"options": ["Red"]}, OptionsRefusedError, "options", "at least two"),
        ("options", {"options": ["Red", " "]}, OptionsRefusedError, "options", "Option 2 is empty"),
        ("ordered", {"options": ["Red", "RED "]}, OptionsRefusedError, "options", "“Red” is there twice"),
        ("options", {"options": map(str, range(51))}, OptionsRefusedError, "options", "50 are the most"),
        ("options", {"options": ["a", "b" * 201]}, OptionsRefusedError, "options", "Option 2 is longer"),
        ("binary", {"options": COLOURS}, OptionsRefusedError, "options", "has no options"),
        ("number", {"unit": " "}, UnitRefusedError, "unit", "needs its unit"),
        ("date", {"unit": "days"}, UnitRefusedError, "unit", "Only a question for a number"),
        ("number", {"unit": "x" * 61}, UnitRefusedError, "unit", "longer than 60"),
        ("date", {"lower_bound": 1}, BoundsRefusedError, "lower_bound", "Only a question for a number"),
        ("number", {"upper_bound": float("inf")}, BoundsRefusedError, "upper_bound", "finite"),
        ("number", {"lower_bound": 100}, BoundsRefusedError, "upper_bound", "not below"),
        ("date", {"base_rate": 0.5}, IncompleteQuestionError, "base_rate", "Only a yes-or-no"),
    ],
)
def test_what_does_not_go_with_the_kind_is_refused_at_its_field(kind, change, error, field, message):
    with pytest.raises(error, match=message) as caught:
        make_question("Which?", kind=kind, **{**KINDS.get(kind, {}), **change})
    assert caught.value.field == field
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("unit", "%", "question_has_a_unit_only_for_a_number"),
        ("lower_bound", 1, "question_bounds_are_of_a_number_and_in_order"),
        ("options", ["a", "b"], "question_has_options_where_its_kind_needs_them"),
    ],
)
def test_the_database_too_keeps_a_yes_or_no_question_plain(column, value, constraint):
    question = make_question()
    question.pk, question.slug = None, "another"
    setattr(question, column, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        question.save(force_insert=True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_forecast_of_each_kind_is_issued_revised_corrected_and_withdrawn(kind):
    question, source = make(kind), make_source()
    first, second = VALUES[kind]
    issued = say(question, source, 0, reading=first, days=-20)
    common = {"question": question, "source": source, "now": NOW}
    revised = revise_forecast(reading=second, stated_at=NOW - timedelta(days=10), **common)
    corrected = correct_forecast(forecast=revised, reading=first, note="Misread.", now=NOW)
    withdraw_forecast(stated_at=NOW - timedelta(days=5), note="Took it back.", **common)
    assert issued.probability is None
    kept = [issued.probabilities, issued.quantile_values]
    assert [corrected.probabilities, corrected.quantile_values] == kept
    assert [each.withdrawn for each in Forecast.objects.current()] == [False, False, True]
    assert ledger.verify() is None


def test_a_range_is_kept_as_quantiles_with_as_much_below_as_above():
    kept = Quantiles.interval(low=3, high=5, level=0.8, middle=3.5)
    assert (kept.levels, kept.values) == ((0.1, 0.5, 0.9), (3, 3.5, 5))
    for bad, field in [
        ({"level": 1}, "level"),
        ({"level": 80}, "level"),
        ({"high": 2}, "high"),
        ({"middle": 6}, "middle"),
    ]:
        with pytest.raises(NotQuantilesError) as caught:
            Quantiles.interval(**{"low": 3, "high": 5, "level": 0.8, **bad})
        assert caught.value.field == field


def test_a_number_beyond_the_bounds_is_no_forecast_and_no_answer():
    question = make("number")
    with pytest.raises(NotQuantilesError, match=r"101 lies beyond the question’s bounds \(0 to 100 %\)"):
        say(question, make_source(), 0, reading=Quantiles([0.1, 0.9], [50, 101]))
    with pytest.raises(NotAnOutcomeError, match="void it"):
        answer(question, -1, occurred_at=NOW)


def test_a_date_that_no_calendar_has_is_refused():
    with pytest.raises(NotQuantilesError, match="between the years 1000 and 3000"):
        say(make("date"), make_source(), 0, reading=Quantiles.point(1e9))


@pytest.mark.parametrize(
    ("kind", "outcome"), [("options", 2), ("ordered", 0), ("number", 3.4), ("date", 18_000.0)]
)
def test_an_answer_of_each_kind_is_kept(kind, outcome):
    happened = {} if kind == "date" else {"occurred_at": NOW}
    answer(make(kind), outcome, **happened)
    assert Resolution.objects.get().outcome == outcome
    assert ledger.verify() is None


@pytest.mark.parametrize(
    ("kind", "outcome", "message"),
    [
        ("options", 3, r"0 \(Red\), 1 \(Green\), 2 \(Blue\)"),
        ("ordered", 0.5, "number of an option"),
        ("number", None, "is a number"),
        ("number", float("nan"), "is a number"),
        ("date", None, "is a date"),
        ("date", 18_000.5, "a whole day"),
    ],
)
def test_what_is_no_answer_of_the_kind_is_refused(kind, outcome, message):
    with pytest.raises(NotAnOutcomeError, match=message):
        answer(make(kind), outcome, occurred_at=NOW)
    with pytest.raises(OccurredLaterError, match="Say when"):
        answer(make("number"), 3)


def test_the_answer_of_a_question_on_a_date_happened_on_that_day():
    answer(make("date"), days_since_epoch(date(2019, 12, 24)))
    assert Resolution.objects.get().occurred_at == datetime(2019, 12, 24, tzinfo=UTC)
    # Late in the evening in UTC it is the next day in Stockholm: either day will do.
    evening = datetime(2019, 12, 24, 23, 30, tzinfo=UTC)
    for day in (24, 25):
        answer(
            make("date", criteria=f"Asked anew on the {day}th."),
            days_since_epoch(date(2019, 12, day)),
            occurred_at=evening,
        )
    with pytest.raises(OccurredLaterError, match="The outcome is 2019-12-26, but"):
        answer(make("date"), days_since_epoch(date(2019, 12, 26)), occurred_at=evening)


def test_not_by_the_deadline_is_kept_as_the_first_day_that_is_too_late():
    question = make("date", on=date(2020, 6, 30))
    late = days_too_late(question)
    assert late == days_since_epoch(date(2020, 7, 1))
    with pytest.raises(OccurredLaterError, match="The deadline has not passed yet"):
        answer(question, late)
    after = question.deadline_at + timedelta(days=1)
    with pytest.raises(NotAnOutcomeError, match="2020-07-02 is past the deadline"):
        answer(question, late + 1, now=after)
    answer(question, late, now=after)
    assert Resolution.objects.get().occurred_at == question.deadline_at


def test_that_it_can_no_longer_happen_may_be_known_before_the_deadline():
    question = make("date")
    dated = NOW - timedelta(days=1)
    answer(question, days_too_late(question), occurred_at=dated, note="The office was closed down.")
    assert Resolution.objects.get().occurred_at == NOW - timedelta(days=1)
