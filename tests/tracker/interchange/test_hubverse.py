"""The record as model output and oracle output, each kind of question in its output type."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from forecasts.questions.values.readings import Odds, Quantiles
from forecasts.questions.writes.forecasts import withdraw_forecast
from tests.records import NOW, make_question, make_source, resolve, say

pytestmark = pytest.mark.django_db


def _export(form):
    out = io.StringIO()
    call_command("export_forecasts", "--to", form, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def _rows(form, question):
    value = "oracle_value" if form == "hubverse-oracle" else "value"
    return [
        (row["output_type"], row["output_type_id"], float(row[value]))
        for row in _export(form)
        if row["question_id"] == question.slug
    ]


def test_yes_or_no_is_a_pmf_and_the_mean_of_the_event():
    question, source = make_question(), make_source("Åsa A-B")
    said = say(question, source, 0.75)
    resolve(question)
    first = _export("hubverse-model")[0]
    task = ["question_id", "reference_date", "target_end_date"]
    assert list(first) == ["model_id", *task, "output_type", "output_type_id", "value"]
    assert first["model_id"] == f"tracker-{source.slug.replace('-', '_')}"
    assert first["reference_date"] == said.stated_at.date().isoformat()
    assert first["target_end_date"] == question.deadline_on.isoformat()
    assert _rows("hubverse-model", question) == [
        ("pmf", "no", 0.25),
        ("pmf", "yes", 0.75),
        ("mean", "NA", 0.75),
    ]
    assert _rows("hubverse-oracle", question) == [("pmf", "no", 0), ("pmf", "yes", 1), ("mean", "NA", 1)]


def test_options_are_a_pmf_and_numbers_are_quantiles():
    source = make_source()
    options = make_question("Which?", kind="options", options=["Rain", "Sun", "Snow"])
    number = make_question("How much?", kind="number", unit="mm")
    say(options, source, 0.0, reading=Odds([0.5, 0.25, 0.25]))
    say(number, source, 0.0, reading=Quantiles([0.1, 0.5], [3.0, 8.5]))
    assert _rows("hubverse-model", options) == [
        ("pmf", "Rain", 0.5),
        ("pmf", "Sun", 0.25),
        ("pmf", "Snow", 0.25),
    ]
    assert _rows("hubverse-model", number) == [("quantile", "0.1", 3.0), ("quantile", "0.5", 8.5)]
    resolve(options, outcome=1)
    resolve(number, outcome=7.0)
    assert _rows("hubverse-oracle", options) == [("pmf", "Rain", 0), ("pmf", "Sun", 1), ("pmf", "Snow", 0)]
    assert _rows("hubverse-oracle", number) == [("quantile", "NA", 7.0)]


def test_a_task_has_the_last_forecast_of_its_day_and_what_has_no_outcome_has_no_oracle():
    question, source = make_question(), make_source()
    say(question, source, 0.2, days=-9.4)
    say(question, source, 0.9, days=-9.3)
    say(question, source, 0.5, days=-2)
    withdraw_forecast(question=question, source=source, stated_at=NOW - timedelta(days=1), note="x", now=NOW)
    means = [value for kind, _, value in _rows("hubverse-model", question) if kind == "mean"]
    assert means == [0.9, 0.5]
    assert _export("hubverse-oracle") == []
    assert date.fromisoformat(_export("hubverse-model")[0]["reference_date"]) < NOW.date()
