"""Issue, revise, withdraw, correct: each is a row, and no row is ever changed."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from forecasts.models import Forecast
from forecasts.questions.values.readings import NotAProbabilityError, Reading
from forecasts.questions.writes.forecasts import (
    CorrectedAlreadyError,
    DeadlineDiffersError,
    NothingInForceError,
    StatedLaterError,
    StatementNotAcceptedError,
    correct_forecast,
    revise_forecast,
    withdraw_forecast,
)
from forecasts.record.refusal import RefusedError
from forecasts.schedule import Deadline
from forecasts.sources.writes import merge_sources
from tests.records import (
    NOW,
    ZONE,
    accepted_statement,
    make_question,
    make_source,
    make_statement,
    make_term,
    say,
)

pytestmark = pytest.mark.django_db


def test_a_number_that_the_source_gave_is_not_imputed():
    forecast = say(make_question(), make_source(), 0.8)
    assert (forecast.probability, forecast.probability_low) == (0.8, None)
    assert not forecast.probability_imputed


def test_words_keep_the_numbers_that_they_were_read_as():
    term = make_term()
    forecast = say(make_question(), make_source(), 0, reading=Reading.from_term(term))
    type(term).objects.filter(pk=term.pk).update(low=0.1, best=0.2, high=0.3)
    forecast.refresh_from_db()
    read = (forecast.probability_low, forecast.probability, forecast.probability_high)
    assert read == (0.9, 0.95, 0.99)
    assert forecast.probability_imputed
    assert forecast.term == term


@pytest.mark.parametrize("probability", [0, 1])
def test_certainty_is_legal(probability):
    assert say(make_question(), make_source(), probability).probability == probability


@pytest.mark.parametrize(
    "given",
    [
        {"best": 1.01},
        {"best": -0.1},
        {"best": 90},
        {"best": float("nan")},
        {"best": 0.5, "low": 0.4},
        {"best": 0.5, "low": 0.6, "high": 0.7},
    ],
)
def test_what_is_no_probability_is_refused(given):
    with pytest.raises(NotAProbabilityError):
        Reading(**given)


def test_a_draft_carries_no_forecast():
    with pytest.raises(StatementNotAcceptedError, match="Accept the statement first"):
        say(make_question(), make_source(), 0.5, statement=make_statement())


def test_a_forecast_from_tomorrow_is_refused():
    with pytest.raises(StatedLaterError):
        say(make_question(), make_source(), 0.5, days=1)


def test_a_deadline_of_ours_may_differ_and_one_of_the_sources_may_not():
    question, source = make_question(), make_source()
    sooner = Deadline(on=date(2020, 3, 1), zone=ZONE)
    ours = say(
        question, source, 0.5, deadline=sooner, deadline_imputed=True, deadline_reason="“Soon”: 90 days."
    )
    assert ours.deadline == sooner
    with pytest.raises(DeadlineDiffersError, match="Create a question with that deadline"):
        say(question, source, 0.5, deadline=sooner, deadline_imputed=False)
    with pytest.raises(RefusedError, match="needs its basis"):
        say(question, source, 0.5, deadline=sooner, deadline_imputed=True)


def test_a_revision_needs_something_to_revise():
    question, source = make_question(), make_source()
    with pytest.raises(NothingInForceError):
        _revise(question, source, days=-5)
    say(question, source, 0.5, days=-10)
    with pytest.raises(NothingInForceError):
        _revise(question, source, days=-15)
    _revise(question, source, days=-5)
    assert list(Forecast.objects.values_list("probability", flat=True)) == [0.5, 0.7]


def _revise(question, source, days):
    return revise_forecast(
        question=question,
        source=source,
        reading=Reading.stated(0.7),
        stated_at=NOW + timedelta(days=days),
        now=NOW,
    )


def test_a_withdrawal_is_a_row_without_a_value():
    question, source = make_question(), make_source()
    say(question, source, 0.5)
    withdrawal = _withdraw(question, source)
    assert (withdrawal.withdrawn, withdrawal.probability) == (True, None)
    assert _withdraw(question, source) == withdrawal
    with pytest.raises(NothingInForceError):
        _withdraw(question, source, note="Said so again.")
    assert Forecast.objects.count() == 2


def _withdraw(question, source, note="Took it back on air."):
    return withdraw_forecast(question=question, source=source, stated_at=NOW, note=note, now=NOW)


def test_a_withdrawal_says_where_it_was_made():
    question, source = make_question(), make_source()
    say(question, source, 0.5)
    with pytest.raises(RefusedError, match="Say where and how"):
        _withdraw(question, source, note="")


def test_a_correction_keeps_the_wrong_row_and_is_made_once():
    wrong = say(make_question(), make_source(), 0.3, statement=None)
    right = correct_forecast(forecast=wrong, reading=Reading.stated(0.8), note="Misheard.", now=NOW)
    wrong.refresh_from_db()
    assert wrong.probability == 0.3
    assert right.stated_at == wrong.stated_at
    assert list(Forecast.objects.current()) == [right]
    with pytest.raises(CorrectedAlreadyError):
        correct_forecast(forecast=wrong, reading=Reading.stated(0.9), note="Again.", now=NOW)
    with pytest.raises(RefusedError, match="Say what was wrong"):
        correct_forecast(forecast=right, reading=Reading.stated(0.9), note="", now=NOW)


def test_as_known_on_reads_the_past_back():
    question, source = make_question(), make_source()
    wrong = say(question, source, 0.3)
    later = NOW + timedelta(days=10)
    right = correct_forecast(forecast=wrong, reading=Reading.stated(0.8), note="Misheard.", now=later)
    assert list(Forecast.objects.as_known_on(NOW - timedelta(seconds=1))) == []
    assert list(Forecast.objects.as_known_on(NOW)) == [wrong]
    assert list(Forecast.objects.as_known_on(later)) == [right]


def test_new_words_of_a_merged_source_count_for_the_one_that_stands():
    alias, main = make_source("T. Testsson"), make_source()
    merge_sources(source=alias, into=main, reason="The same person.", by=None, now=NOW)
    alias.refresh_from_db()
    assert say(make_question(), alias, 0.5).source == main


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE forecasts_forecast SET probability = 0.99",
        "DELETE FROM forecasts_forecast",
    ],
)
def test_plain_sql_cannot_change_a_forecast(sql):
    say(make_question(), make_source(), 0.5)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Forecast.objects.get().probability == 0.5


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"probability": 1.5}, "forecast_probability_is_between_0_and_1"),
        ({"probability": None}, "forecast_has_one_value_or_is_withdrawn"),
        ({"withdrawn": True}, "forecast_has_one_value_or_is_withdrawn"),
        ({"probability_low": 0.9, "probability_high": 0.95}, "forecast_range_is_ordered"),
        ({"probability_low": 0.4}, "forecast_range_is_ordered"),
        ({"basis": "heard"}, "forecast_basis_is_known"),
        ({"basis": "read"}, "forecast_read_from_words_names_its_term_or_rule_and_its_range"),
        (
            {"basis": "read", "house_rule": "about", "probability_low": 0.4, "probability_high": 0.6},
            "forecast_read_from_words_names_its_term_or_rule_and_its_range",
        ),
        ({"basis": "rule", "house_rule": "about"}, "forecast_by_rule_names_its_rule_and_has_its_range"),
        (
            {"basis": "rule", "probability_low": 0.4, "probability_high": 0.6},
            "forecast_by_rule_names_its_rule_and_has_its_range",
        ),
        ({"house_rule": "about"}, "forecast_stated_names_no_term_rule_or_range"),
        ({"deadline_basis": "read"}, "forecast_deadline_read_names_its_words_rule_and_range"),
        ({"deadline_basis": "rule"}, "forecast_deadline_by_rule_has_its_range_and_says_why"),
        ({"deadline_house_rule": "soon"}, "forecast_deadline_stated_has_no_rule_or_range"),
        ({"quantile_levels": [0.5], "quantile_values": [1.0]}, "forecast_has_one_value_or_is_withdrawn"),
    ],
)
def test_the_database_refuses_what_no_service_would_write(columns, constraint):
    row = say(make_question(), make_source(), 0.5)
    for name, value in columns.items():
        setattr(row, name, value)
    row.pk = None
    row._state.adding = True
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save(force_insert=True)


def test_a_statement_gives_its_forecast_the_words():
    statement = accepted_statement()
    forecast = say(make_question(), statement.speaker, 0.9, statement=statement)
    assert forecast.statement.quote == "Snön kommer att falla – före jul"
