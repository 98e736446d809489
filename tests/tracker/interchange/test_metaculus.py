"""Questions and forecasts of a Metaculus download. Nobody and nothing in it exists."""

import zipfile

import pytest

from tests.tracker.interchange.metaculus_files import FORECAST, QUESTION, as_table, read_download, said_in
from tracker.interchange.formats.metaculus import read_metaculus
from tracker.interchange.formats.registry import read_as
from tracker.interchange.house.common_csv import UnreadableFileError


def test_a_question_with_its_forecasters(tmp_path):
    rows = [
        {},
        {"Forecaster Username": "robot", "Is Bot": "True", "Probability Yes": "0.999"},
        {"Forecaster ID": "", "Forecaster Username": "recency_weighted", "Probability Yes": "0.6"},
    ]
    reading = read_download(tmp_path, rows)
    (question,) = reading.contents.questions
    assert (question.key, question.proposition, question.outcome) == ("metaculus-1", "Will it rain?", 1.0)
    assert question.deadline.on.isoformat() == "2020-03-01"
    assert question.known_at.isoformat() == "2020-02-01T00:00:00+00:00"
    assert question.criteria == "As resolved at https://example.org/questions/7/."
    kinds = {name: reading.contents.source_kinds[name] for name in reading.contents.sources}
    assert kinds == {"Metaculus: recency_weighted": "crowd", "robot": "model", "testa": "person"}
    assert said_in(reading)[0] == ("2020-01-02T12:00:00.250000+00:00", 0.7)
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
    said = said_in(read_download(tmp_path, rows))
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
    (question,) = read_download(tmp_path, [{}], [{"Resolution": said}]).contents.questions
    assert (question.outcome, question.void) == (outcome, void)


def test_questions_of_a_group_are_one_event(tmp_path):
    questions = [{"Label": "June"}, {"Question ID": "2", "Label": "July"}]
    reading = read_download(tmp_path, [{}, {"Question ID": "2"}], questions)
    assert [each.proposition for each in reading.contents.questions] == [
        "Will it rain? [June]",
        "Will it rain? [July]",
    ]
    assert {each.event for each in reading.contents.questions} == {"metaculus-post-7"}


def test_forecasters_may_be_anonymous_and_the_files_unpacked(tmp_path):
    anonymous = {key: cell for key, cell in FORECAST.items() if not key.startswith("Forecaster")}
    files = {"q.csv": [QUESTION], "f.csv": [anonymous | {"Forecaster (Anonymized)": "ab12"}]}
    for name, rows in files.items():
        (tmp_path / name).write_text(as_table(rows))
    reading = read_as("metaculus", paths=[tmp_path / name for name in files], name="both")
    assert reading.contents.sources == ["ab12"]


def test_another_file_is_not_read(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableFileError, match=r"lacks question_data.csv and forecast_data.csv"):
        read_metaculus(paths=[tmp_path / "x.csv"], name="x.csv")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("question_data.csv", as_table([QUESTION]))
    with pytest.raises(UnreadableFileError, match=r"lacks forecast_data.csv"):
        read_metaculus(paths=[tmp_path / "x.zip"], name="x.zip")
    (tmp_path / "y.zip").write_bytes((tmp_path / "x.zip").read_bytes()[:-30])
    with pytest.raises(UnreadableFileError):
        read_metaculus(paths=[tmp_path / "y.zip"], name="y.zip")
