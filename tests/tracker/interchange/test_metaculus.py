"""Metaculus's download, as a synthetic zip with its column names. Nobody and nothing in it exists."""

import csv
import io
import math
import zipfile

import pytest

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


def test_other_kinds_of_question_are_refused_once_each_with_the_reason(tmp_path):
    questions = [
        {},
        {"Question ID": "2", "Question Type": "Multiple Choice", "Resolution": "Sun"},
        {"Question ID": "3", "Question Type": "Numeric", "Resolution": "above_upper_bound"},
    ]
    forecasts = [
        {},
        {"Question ID": "2", "Probability Yes": ""},
        {"Question ID": "1", "Probability Yes": "2"},
    ]
    reading = _read(tmp_path, forecasts, questions)
    assert [(each.file, each.line, each.field) for each in reading.refused] == [
        ("question_data.csv", 3, "Question Type"),
        ("question_data.csv", 4, "Question Type"),
        ("forecast_data.csv", 4, "probability"),
    ]
    assert "multiple choice: only Binary" in reading.refused[0].reason
    assert len(reading.contents.forecasts) == 1


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
