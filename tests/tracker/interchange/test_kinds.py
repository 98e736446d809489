"""Questions of every kind in the common format: what is read, and what is refused with its remedy."""

import json
from collections import defaultdict
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.models import Forecast, Question, Resolution
from forecasts.record.reads import ledger
from forecasts.schedule import days_since_epoch
from tests.tracker.interchange.files import row, write
from tracker.interchange.house.common_cells import UNANSWERED
from tracker.interchange.house.kind_cells import (
    odds_cell,
    options_cell,
    outcome_cell,
    outcome_in,
    quantiles_cell,
    question_in,
    value_in,
)
from tracker.interchange.house.take_in import read_for_import

COLOURS = {"kind": "options", "options": '["Red", "Green"]', "probability": "", "resolution": "Green"}
NUMBER = {"kind": "number", "unit": "%", "probability": "", "resolution": "4.5"}
DAY = {"kind": "date", "probability": "", "resolution": "2019-03-20", "deadline_on": "2019-12-31"}

A_NUMBER, A_DAY = ({**each, "options": "", "probabilities": ""} for each in (NUMBER, DAY))

BLANK = defaultdict(str)
SAID_ON = date(2018, 1, 1)


def _read(tmp_path, *rows):
    return read_for_import(paths=[write(tmp_path / "kinds.csv", rows)], name="kinds.csv")


def _value(reading):
    (value,) = reading.contents.values
    return value


def _faults(reading):
    return [(each.line, each.field, each.reason) for each in reading.refused]


@pytest.mark.parametrize(
    "cell", ['{"Green": 0.8, "Red": 0.2}', '{"Red":0.2,"Green":0.8}', "[0.2, 0.8]", " [0.2,8e-1] "]
)
def test_probabilities_are_named_by_their_options_or_in_their_order(tmp_path, cell):
    reading = _read(tmp_path, row(**COLOURS, probabilities=cell))
    assert list(_value(reading).probabilities) == [0.2, 0.8]
    (question,) = reading.contents.questions
    assert (question.kind, list(question.options), question.outcome) == ("options", ["Red", "Green"], 1.0)


@pytest.mark.parametrize(
    ("cell", "levels", "values"),
    [
        ('{"0.1": 3, "0.9": 6.5}', (0.1, 0.9), (3, 6.5)),
        ('{"0.9": 6.5, "0.1": 3}', (0.1, 0.9), (3, 6.5)),
        ('{"low": 3, "high": 6, "level": 0.8}', (0.1, 0.9), (3, 6)),
        ('{"low": 3, "high": 6, "level": 0.8, "middle": 4}', (0.1, 0.5, 0.9), (3, 4, 6)),
        ("4", (0.5,), (4,)),
    ],
)
def test_a_number_has_quantiles_a_range_with_its_level_or_a_point(tmp_path, cell, levels, values):
    value = _value(_read(tmp_path, row(**NUMBER, quantiles=cell)))
    assert (tuple(value.levels), tuple(value.values)) == (levels, values)


@pytest.mark.parametrize("cell", ["2019-03-18", '"2019-03-18"', '{"0.5": "2019-03-18"}', "17973"])
def test_a_date_is_written_as_a_date_or_as_days(tmp_path, cell):
    reading = _read(tmp_path, row(**DAY, quantiles=cell))
    assert tuple(_value(reading).values) == (days_since_epoch(date(2019, 3, 18)),)
    assert reading.contents.questions[0].outcome == days_since_epoch(date(2019, 3, 20))


def test_a_date_that_passed_is_not_by_the_deadline(tmp_path):
    late = row(**DAY | {"resolution": "not_by_deadline"}, quantiles="2019-03-18")
    (question,) = _read(tmp_path, late).contents.questions
    assert question.outcome == days_since_epoch(date(2020, 1, 1))


def test_what_is_said_twice_is_one_value_and_a_withdrawal_is_none(tmp_path):
    rows = [row(**COLOURS, source=name, probabilities="[0.2, 0.8]") for name in ("Ann", "Bo")]
    rows.append(row(**COLOURS, source="Cai", withdrawn="yes"))
    reading = _read(tmp_path, *rows)
    assert reading.contents.columns().value.tolist() == [0, 0, -1]
    assert reading.refused == []


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"kind": "colour"}, "kind", "write one of binary, options, ordered, number, date"),
        ({"kind": "number", "options": ""}, "unit", "A number needs its unit"),
        ({"options": "Red|Green"}, "options", "can't be read as JSON"),
        ({"options": '{"Red": 1}'}, "options", "write ["),
        ({"options": '["Red"]'}, "options", "at least two"),
        ({"options": '["Red", "red"]'}, "options", "there twice"),
        ({"unit": "%"}, "unit", "Leave it empty"),
        ({"lower_bound": "low"}, "lower_bound", "write it as 1234.5"),
        ({"upper_bound": "3"}, "upper_bound", "Only a question for a number"),
        ({"probabilities": ""}, "probabilities", "is empty"),
        ({"probabilities": "0.2"}, "probabilities", "no set of probabilities"),
        ({"probabilities": "[0.2, 0.9]"}, "probabilities", "must add up to 1"),
        ({"probabilities": "[0.2, 0.3, 0.5]"}, "probabilities", "2 options"),
        ({"probabilities": "[true, false]"}, "probabilities", "not a number"),
        ({"probabilities": "[NaN, 1]"}, "probabilities", "between 0 and 1"),
        ({"probabilities": '{"Red": 0.2, "Blue": 0.8}'}, "probabilities", "'Blue': name each of Red, Green"),
        ({"probabilities": '{"Red": 0.4}', "basis": "rule"}, "basis", "names its house rule"),
        ({"probabilities": '{"Red": 0.5, "Red": 0.2, "Green": 0.5}'}, "probabilities", "'Red' twice"),
        ({"probabilities": "[" * 100_000}, "probabilities", "can't be read as JSON"),
        ({"probability": "0.2"}, "probability", "leave it empty"),
        ({"low": "0.1"}, "low", "leave it empty"),
        ({"quantiles": "3"}, "quantiles", "takes probabilities"),
        ({"withdrawn": "yes"}, "probabilities", "is not empty in a withdrawal"),
        ({"resolution": "yes"}, "resolution", "write one of Red, Green"),
        ({"resolution": "green"}, "resolution", "write one of Red, Green"),
        ({"resolution": '"Gre'}, "resolution", "can't be read as JSON"),
        ({"resolved_time": ""}, "resolved_time", "is empty"),
        ({**A_NUMBER, "quantiles": "many"}, "quantiles", "read as JSON"),
        ({**A_NUMBER, "quantiles": '{"0.1": 3, "0.10": 4}'}, "quantiles", "rise"),
        ({**A_NUMBER, "quantiles": '{"0.9": 3, "0.1": 4}'}, "quantiles", "order"),
        ({**A_NUMBER, "quantiles": '{"x": 3}'}, "quantiles", "'x', not a num"),
        ({**A_NUMBER, "quantiles": "{}"}, "quantiles", "at least one"),
        ({**A_NUMBER, "quantiles": '{"low": 3, "high": 2, "level": 0.8}'}, "quantiles", "below its start"),
        ({**A_NUMBER, "quantiles": "2019-03-18"}, "quantiles", "not a number"),
        (
            {**A_NUMBER, "quantiles": "3", "upper_bound": "2", "probabilities": "", "resolution": ""},
            "quantiles",
            "beyond the question’s bounds",
        ),
        ({**A_NUMBER, "quantiles": "1", "upper_bound": "2"}, "resolution", "beyond the question’s bounds"),
        ({**A_NUMBER, "resolution": "Green", "quantiles": "3"}, "resolution", "not a number"),
        ({**A_DAY, "quantiles": "2019-02-30"}, "quantiles", "not a date"),
        ({**A_DAY, "resolution": "yes", "quantiles": "3"}, "resolution", "not a date"),
        ({**A_DAY, "resolution": "2020-01-02", "quantiles": "3"}, "resolution", "past the deadline"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_line_field_and_remedy(tmp_path, cells, field, reason):
    given = {**COLOURS, "probabilities": "[0.2, 0.8]", **cells}
    whole = row("rain:2", **COLOURS, probabilities="[0.2, 0.8]")
    reading = _read(tmp_path, whole, row(**given))
    ((line, where, why),) = _faults(reading)
    assert (line, where) == (3, field)
    assert reason in why
    assert len(reading.contents.forecasts) == len(reading.contents.questions) == 1


def test_a_yes_or_no_question_has_no_cells_of_the_other_kinds(tmp_path):
    cells = {
        "options": '["A", "B"]',
        "unit": "%",
        "lower_bound": "1",
        "probabilities": "[1]",
        "quantiles": "3",
    }
    reading = _read(tmp_path, *(row(f"rain:{name}", **{name: cell}) for name, cell in cells.items()))
    assert [each.field for each in reading.refused] == list(cells)
    assert all("name its kind, or leave it empty" in each.reason for each in reading.refused)


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"options": '["Green", "Red"]'}, "options"),
        ({"resolution": "Red"}, "resolution"),
        ({"resolution": ""}, "resolution"),
        ({"kind": "ordered"}, "kind"),
    ],
)
def test_rows_of_a_question_that_disagree_are_all_refused(tmp_path, cells, field):
    said = {**COLOURS, "probabilities": "[0.2, 0.8]"}
    reading = _read(tmp_path, row(**said), row(**{**said, **cells}, source="Bo"))
    assert {(each.line, each.field) for each in reading.refused} == {(2, field), (3, field)}


NAMES = st.lists(
    st.text(alphabet='aA b,"[]{}:\\|\n.;é\u2028', min_size=1, max_size=6).map(str.strip).filter(bool)
    | st.sampled_from(["annulled", "Void", "yes", "not_by_deadline", "2019-01-01", "0.5", "null"]),
    min_size=2,
    max_size=5,
    unique_by=str.casefold,
)


@settings(max_examples=200, deadline=None)
@given(names=NAMES, at=st.integers(0, 4), weights=st.lists(st.integers(0, 9), min_size=5, max_size=5))
def test_whatever_options_are_called_what_is_written_is_what_is_read(names, at, weights):
    asked = Question(kind="options", options=names)
    total = sum(weights[: len(names)])
    odds = [each / total if total else 1 / len(names) for each in weights[: len(names)]]
    found = question_in(BLANK | {"kind": "options", "options": options_cell(names)})
    assert found.options == names
    assert (
        value_in(asked, BLANK | {"probabilities": odds_cell(names, odds)}, said_on=SAID_ON).probabilities
        == odds
    )
    cell = outcome_cell(asked, float(at % len(names)))
    assert cell.lower() not in UNANSWERED
    assert outcome_in(asked, cell) == at % len(names)


@settings(max_examples=200, deadline=None)
@given(
    kind=st.sampled_from(["number", "date"]),
    levels=st.lists(st.floats(1e-9, 1 - 1e-9), min_size=1, max_size=9, unique=True).map(sorted),
    values=st.lists(
        st.floats(-300_000, 300_000) | st.integers(-9, 99_999).map(float), min_size=9, max_size=9
    ),
)
def test_whatever_the_quantiles_are_what_is_written_is_what_is_read(kind, levels, values):
    asked = Question(kind=kind)
    rising = sorted(values)[: len(levels)]
    found = value_in(asked, BLANK | {"quantiles": quantiles_cell(asked, levels, rising)}, said_on=SAID_ON)
    assert (list(found.levels), list(found.values)) == (levels, rising)


@pytest.mark.django_db
def test_a_file_of_every_kind_becomes_the_record(tmp_path):
    path = write(
        tmp_path / "kinds.csv",
        [
            row(),
            row("colour", **COLOURS, probabilities="[0.2, 0.8]"),
            row("share", **NUMBER, quantiles='{"low": 3, "high": 6, "level": 0.8}'),
            row("day", **DAY, quantiles="2019-03-18"),
        ],
    )
    call_command("import_forecasts", path, "--board", "Kinds")
    assert set(Question.objects.values_list("kind", flat=True)) == {"binary", "options", "number", "date"}
    outcomes = dict(Resolution.objects.values_list("question__kind", "outcome"))
    assert outcomes == {"binary": 1, "options": 1, "number": 4.5, "date": days_since_epoch(date(2019, 3, 20))}
    assert Forecast.objects.get(question__slug="colour").probabilities == [0.2, 0.8]
    assert ledger.verify() is None


def test_score_refuses_the_other_kinds_and_scores_yes_or_no_as_before(tmp_path, capsys):
    rows = [row(), row(source="Bo", probability="0.2"), row("rain:2", resolution="no")]
    others = [row("colour", **COLOURS, probabilities="[0.2, 0.8]"), row("share", **NUMBER, quantiles="3")]
    alone = write(tmp_path / "alone.csv", rows)
    mixed = write(tmp_path / "mixed.csv", [*rows, *others])

    def scored(path):
        call_command("score", path, "--format", "json", "--bootstrap", "20")
        return json.loads(capsys.readouterr().out)

    without, figures = scored(alone), scored(mixed)
    told = [(each["line"], each["field"]) for each in figures["refused"]]
    assert told == [(5, "kind"), (6, "kind")]
    assert "only yes-or-no questions are scored" in figures["refused"][0]["reason"]
    assert figures | {"refused": [], "n_rows": 3} == without
    with pytest.raises(CommandError, match="refused"):
        call_command("score", mixed, "--strict")
