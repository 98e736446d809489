"""Metaculus's download, as a synthetic zip with its column names. Nobody and nothing in it exists."""

import csv
import io
import math
import zipfile
from datetime import date

import pytest
from django.core.management import call_command

from forecasts.models import Forecast, Resolution
from forecasts.queries import ledger
from forecasts.schedule import days_since_epoch
from forecasts.scoring.kinds import quantile_scores
from tracker.interchange.common_csv import UnreadableFileError
from tracker.interchange.formats import read_as
from tracker.interchange.metaculus import read_metaculus
from tracker.interchange.taking_in import moment

QUESTION = {
    "Question ID": "1",
    "Question URL": "https://example.org/questions/7/",
    "Question Title": "Will it rain?",
    "Post ID": "7",
    "Label": "",
    "Question Type": "Binary",
    "Open Time": "2020-01-01 00:00:00+00:00",
    "Scheduled Close Time": "2020-03-01 00:00:00+00:00",
    "Actual Close Time": "2020-02-01 00:00:00+00:00",
    "Resolution": "yes",
    "Resolution Known Time": "2020-02-01 00:00:00+00:00",
}
FORECAST = {
    "Question ID": "1",
    "Forecaster ID": "9",
    "Forecaster Username": "testa",
    "Is Bot": "False",
    "Start Time": "2020-01-02 12:00:00.250000+00:00",
    "End Time": "",
    "Probability Yes": "0.7",
    "Probability Yes Per Category": "",
    "Continuous CDF": "",
}


def _table(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _read(tmp_path, forecasts, questions=({},)):
    path = tmp_path / "metaculus.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("README.md", "Synthetic.")
        archive.writestr("question_data.csv", _table([QUESTION | each for each in questions]))
        archive.writestr("forecast_data.csv", _table([FORECAST | each for each in forecasts]))
    return read_metaculus(paths=[path], name="metaculus.zip")


def _said(reading):
    columns = reading.contents.columns()
    return [
        (moment(at / 1e6).isoformat(), None if math.isnan(value) else value)
        for at, value in zip(columns.stated_at.tolist(), columns.probability.tolist(), strict=True)
    ]


def test_a_question_with_its_forecasters(tmp_path):
    rows = [
        {},
        {"Forecaster Username": "robot", "Is Bot": "True", "Probability Yes": "0.999"},
        {"Forecaster ID": "", "Forecaster Username": "recency_weighted", "Probability Yes": "0.6"},
    ]
    reading = _read(tmp_path, rows)
    (question,) = reading.contents.questions
    assert (question.key, question.proposition, question.outcome) == ("metaculus-1", "Will it rain?", 1.0)
    assert question.deadline.on.isoformat() == "2020-03-01"
    assert question.known_at.isoformat() == "2020-02-01T00:00:00+00:00"
    assert question.criteria == "As resolved at https://example.org/questions/7/."
    kinds = {name: reading.contents.source_kinds[name] for name in reading.contents.sources}
    assert kinds == {"Metaculus: recency_weighted": "crowd", "robot": "model", "testa": "person"}
    assert _said(reading)[0] == ("2020-01-02T12:00:00.250000+00:00", 0.7)
    assert reading.refused == []


def test_an_end_that_nothing_replaces_is_a_withdrawal(tmp_path):
    second, third = "2020-01-05 00:00:00+00:00", "2020-01-09 00:00:00+00:00"
    rows = [
        {"End Time": second},
        {"Start Time": second, "Probability Yes": "0.8", "End Time": third},
        # After the close, and in the future of the file, there is nothing left to withdraw.
        {"Forecaster Username": "nils", "End Time": "2020-02-15 00:00:00+00:00"},
        {"Forecaster Username": "siv", "Start Time": "2020-01-20 00:00:00+00:00"},
        {"Forecaster Username": "per", "End Time": "2020-01-25 00:00:00+00:00"},
    ]
    said = _said(_read(tmp_path, rows))
    assert said == [
        ("2020-01-02T12:00:00.250000+00:00", 0.7),
        ("2020-01-05T00:00:00+00:00", 0.8),
        ("2020-01-09T00:00:00+00:00", None),
        ("2020-01-02T12:00:00.250000+00:00", 0.7),
        ("2020-01-20T00:00:00+00:00", 0.7),
        ("2020-01-02T12:00:00.250000+00:00", 0.7),
    ]


@pytest.mark.parametrize(
    ("said", "outcome", "void"),
    [("no", 0.0, False), ("ambiguous", None, True), ("annulled", None, True), ("", None, False)],
)
def test_resolutions(tmp_path, said, outcome, void):
    (question,) = _read(tmp_path, [{}], [{"Resolution": said}]).contents.questions
    assert (question.outcome, question.void) == (outcome, void)


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
    return _read(tmp_path, [key | each for each in forecasts], [blank | QUESTION | question])


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
    _read(tmp_path, forecasts, [blank | QUESTION | each for each in ({}, CHOICE, NUMERIC, DATE)])
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


def test_questions_of_a_group_are_one_event(tmp_path):
    questions = [{"Label": "June"}, {"Question ID": "2", "Label": "July"}]
    reading = _read(tmp_path, [{}, {"Question ID": "2"}], questions)
    assert [each.proposition for each in reading.contents.questions] == [
        "Will it rain? [June]",
        "Will it rain? [July]",
    ]
    assert {each.event for each in reading.contents.questions} == {"metaculus-post-7"}


def test_forecasters_may_be_anonymous_and_the_files_unpacked(tmp_path):
    anonymous = {key: cell for key, cell in FORECAST.items() if not key.startswith("Forecaster")}
    files = {"q.csv": [QUESTION], "f.csv": [anonymous | {"Forecaster (Anonymized)": "ab12"}]}
    for name, rows in files.items():
        (tmp_path / name).write_text(_table(rows))
    reading = read_as("metaculus", paths=[tmp_path / name for name in files], name="both")
    assert reading.contents.sources == ["ab12"]


def test_another_file_is_not_read(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableFileError, match=r"lacks question_data.csv and forecast_data.csv"):
        read_metaculus(paths=[tmp_path / "x.csv"], name="x.csv")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("question_data.csv", _table([QUESTION]))
    with pytest.raises(UnreadableFileError, match=r"lacks forecast_data.csv"):
        read_metaculus(paths=[tmp_path / "x.zip"], name="x.zip")
    (tmp_path / "y.zip").write_bytes((tmp_path / "x.zip").read_bytes()[:-30])
    with pytest.raises(UnreadableFileError):
        read_metaculus(paths=[tmp_path / "y.zip"], name="y.zip")
