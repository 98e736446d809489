"""Questions of other kinds in a Metaculus download: options, numbers and dates."""

from datetime import date

import pytest
from django.core.management import call_command

from forecasts.models import Forecast, Resolution
from forecasts.record.reads import ledger
from forecasts.schedule import days_since_epoch
from forecasts.scoring import quantile_scores
from tests.tracker.interchange.metaculus_files import QUESTION, read_download

CHOICE = {
    "Question ID": "2",
    "Question Type": "Multiple Choice",
    "MC Options (Current)": "['Sun', \"It's annulled\"]",
    "MC Options (All)": "['Sun', \"It's annulled\", 'Snow']",
    "Resolution": "Sun",
}
NUMERIC = {
    "Question ID": "3",
    "Question Type": "numeric",
    "Lower Bound": "0.0",
    "Open Lower Bound": "False",
    "Upper Bound": "100.0",
    "Open Upper Bound": "True",
    "Continuous Range": str([each / 2 for each in range(201)]),
    "Resolution": "40.5",
}
LOG = {
    "Question ID": "4",
    "Question Type": "numeric",
    "Scaling": "{'Range Min': 1.0, 'Range Max': 100.0, 'Zero Point': 0.0, "
    "'Open Lower Bound': True, 'Open Upper Bound': True}",
    "Resolution": "",
}
DATE = {
    "Question ID": "5",
    "Question Type": "date",
    "Lower Bound": "2020-01-01T00:00:00+00:00",
    "Upper Bound": "1590969600.0",
    "Open Upper Bound": "True",
    "Resolution": "2020-02-01 09:30:00+00:00",
}
UNIFORM = str([each / 200 for each in range(201)])


def _of_kinds(tmp_path, question, *forecasts):
    """Read one question, and forecasts on it, with the columns of all kinds."""
    blank = dict.fromkeys((*CHOICE, *NUMERIC, *LOG), "")
    key = {"Question ID": question["Question ID"], "Probability Yes": ""}
    return read_download(tmp_path, [key | each for each in forecasts], [blank | QUESTION | question])


def test_a_multiple_choice_with_an_option_that_was_taken_away(tmp_path):
    rows = [
        {"Probability Yes Per Category": "[0.7, 0.2, 0.1]"},
        {"Forecaster ID": "10", "Probability Yes Per Category": "[0.75, 0.25, None]"},
        {"Forecaster ID": "11", "Probability Yes Per Category": "[0.75, null, 0.25]"},
        {"Forecaster ID": "12", "Probability Yes Per Category": "[0.7, 0.3]"},
        {"Forecaster ID": "13", "Probability Yes Per Category": "[0.7, 0.3, 0.2]"},
    ]
    reading = _of_kinds(tmp_path, CHOICE, *rows)
    (question,) = reading.contents.questions
    assert (question.kind, list(question.options)) == ("options", ["Sun", "It's annulled", "Snow"])
    assert question.outcome == 0
    values = reading.contents.values
    assert [each.probabilities for each in values] == [[0.7, 0.2, 0.1], [0.75, 0.25, 0.0]]
    assert [(each.file, each.line, each.field) for each in reading.refused] == [
        ("forecast_data.csv", 4, "Probability Yes Per Category"),
        ("forecast_data.csv", 5, "Probability Yes Per Category"),
        ("forecast_data.csv", 6, "probabilities"),
    ]
    assert "an option that came later" in reading.refused[0].reason
    assert reading.rows == 5


def test_a_distribution_of_201_points_is_kept_at_each_per_cent(tmp_path):
    reading = _of_kinds(tmp_path, NUMERIC, {"Continuous CDF": UNIFORM})
    (question,) = reading.contents.questions
    assert (question.kind, question.unit, question.outcome) == ("number", "units of metaculus-3", 40.5)
    assert (question.lower_bound, question.upper_bound) == (0.0, None)
    (value,) = reading.contents.values
    assert value.levels == tuple(each / 100 for each in range(1, 100))
    assert value.values == pytest.approx(range(1, 100))
    # The score of a uniform forecast on 0 to 100: 100 (1/3 - z (1 - z)), less what lies outside a per cent.
    (score,) = quantile_scores(levels=[value.levels], values=[value.values], outcome=[40.5])
    assert score == pytest.approx(100 * (1 / 3 - 0.405 * 0.595), abs=0.001)


def test_what_lies_beyond_an_open_bound_stays_at_the_bound(tmp_path):
    cdf = str([0.25 + each / 400 for each in range(201)])
    (value,) = _of_kinds(
        tmp_path, NUMERIC | {"Open Lower Bound": "True"}, {"Continuous CDF": cdf}
    ).contents.values
    assert (value.levels[0], value.values[0]) == (0.25, 0.0)
    assert (value.levels[-1], value.values[-1]) == (0.75, 100.0)
    assert value.values[value.levels.index(0.5)] == pytest.approx(50)


def test_a_range_with_a_zero_point_is_evenly_spaced_in_the_logarithm(tmp_path):
    (value,) = _of_kinds(tmp_path, LOG, {"Continuous CDF": UNIFORM}).contents.values
    quartiles = [value.values[value.levels.index(level)] for level in (0.25, 0.5, 0.75)]
    assert quartiles == pytest.approx([100**0.25, 10, 100**0.75])


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("2020-02-01 09:30:00+00:00", date(2020, 2, 1)),
        ("1580549400", date(2020, 2, 1)),
        # The upper bound is the deadline, and a later date is not by the deadline.
        ("above_upper_bound", date(2020, 6, 1)),
    ],
)
def test_a_date_within_its_range_or_later(tmp_path, said, outcome):
    reading = _of_kinds(tmp_path, DATE | {"Resolution": said}, {"Continuous CDF": UNIFORM})
    (question,) = reading.contents.questions
    assert question.outcome == days_since_epoch(outcome)
    assert question.deadline.at.isoformat() == "2020-06-01T00:00:00+00:00"
    (value,) = reading.contents.values
    middle = value.values[value.levels.index(0.5)]
    assert middle == pytest.approx(
        (days_since_epoch(date(2020, 1, 1)) + days_since_epoch(date(2020, 6, 1))) / 2
    )


@pytest.mark.parametrize(
    ("question", "field", "reason"),
    [
        (CHOICE | {"Question Type": "conditional"}, "Question Type", "only binary, multiple choice, numeric"),
        (CHOICE | {"MC Options (All)": "", "MC Options (Current)": ""}, "MC Options (All)", "not a list"),
        (NUMERIC | {"Resolution": "above_upper_bound"}, "Resolution", "keeps the value itself"),
        (DATE | {"Resolution": "below_lower_bound"}, "Resolution", "keeps the value itself"),
        (DATE | {"Resolution": "soon"}, "Resolution", "not a date"),
        (NUMERIC | {"Upper Bound": "0"}, "Lower Bound", "no range"),
        (NUMERIC | {"Upper Bound": ""}, "Upper Bound", "not a number"),
        (LOG | {"Scaling": "{'Range Min'"}, "Scaling", "can't be read"),
        (LOG | {"Scaling": "__import__('os')"}, "Scaling", "can't be read"),
    ],
)
def test_a_question_that_cannot_be_held_is_refused_once_with_the_reason(tmp_path, question, field, reason):
    reading = _of_kinds(tmp_path, question, {}, {"Forecaster ID": "10"})
    ((file, line, where, why),) = [
        (each.file, each.line, each.field, each.reason) for each in reading.refused
    ]
    assert (file, line, where) == ("question_data.csv", 2, field)
    assert reason in why
    assert reading.contents.questions == []


@pytest.mark.parametrize(
    ("cdf", "reason"),
    [
        ("", "not a list"),
        ("[0.0, 'a']", "no number"),
        ("[0.0, NaN]", "no number"),
        (str([0.5] * 100), "100 numbers, and the range has 201 points"),
        (str([1 - each / 200 for each in range(201)]), "no distribution function"),
        (str([0.0] * 201), "next to nothing"),
    ],
)
def test_a_distribution_that_cannot_be_read_is_refused_with_its_line(tmp_path, cdf, reason):
    (told,) = _of_kinds(tmp_path, NUMERIC, {"Continuous CDF": cdf}).refused
    assert (told.file, told.line, told.field) == ("forecast_data.csv", 2, "Continuous CDF")
    assert reason in told.reason


@pytest.mark.django_db
def test_a_download_of_every_kind_becomes_the_record(tmp_path):
    ends = {"End Time": "2020-01-20 00:00:00+00:00"}
    forecasts = [
        {},
        {"Question ID": "2", "Probability Yes": "", "Probability Yes Per Category": "[0.7, 0.2, 0.1]"} | ends,
        {"Question ID": "3", "Probability Yes": "", "Continuous CDF": UNIFORM},
        {"Question ID": "5", "Probability Yes": "", "Continuous CDF": UNIFORM},
        {"Start Time": "2020-01-25 00:00:00+00:00", "Probability Yes": "0.8"},
    ]
    blank = dict.fromkeys((*CHOICE, *NUMERIC, *LOG), "")
    read_download(tmp_path, forecasts, [blank | QUESTION | each for each in ({}, CHOICE, NUMERIC, DATE)])
    call_command("import_forecasts", str(tmp_path / "metaculus.zip"), "--from", "metaculus")
    kinds = Forecast.objects.order_by("pk").values_list("question__kind", "withdrawn")
    assert sorted(kinds) == [
        ("binary", False),
        ("binary", False),
        ("date", False),
        ("number", False),
        ("options", False),
        ("options", True),
    ]
    assert Resolution.objects.count() == 4
    assert ledger.verify() is None
