"""Fatebook's and PredictionBook's files: synthetic ones with their field names."""

import csv
import json

import pytest

from tracker.interchange.formats.fatebook import read_fatebook
from tracker.interchange.formats.predictionbook import read_predictionbook
from tracker.interchange.house.common_csv import UnreadableFileError


def _fatebook(tmp_path, *rows):
    given = {
        "Question title": "Will it rain?",
        "Multiple choice option": "",
        "Forecast created by": "Testa Testsson",
        "Forecast (scale = 0-1)": "0.7",
        "Forecast created at": "2020-01-02 12:00:00",
        "Question created at": "2020-01-01 12:00:00",
        "Question resolve by": "2020-02-01 00:00:00",
        "Resolution": "YES",
        "Resolved at": "2020-01-20 12:00:00",
        "Question notes": "At noon.\nIn Teststad.",
    }
    with (tmp_path / "f.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, given)
        writer.writeheader()
        writer.writerows({**given, **row} for row in rows)
    return read_fatebook(paths=[tmp_path / "f.csv"], name="f.csv")


def test_fatebook(tmp_path):
    ambiguous = {"Question title": "Hm?", "Resolution": "AMBIGUOUS"}
    still_open = {"Question title": "When?", "Resolution": "", "Resolved at": ""}
    bad = {"Forecast (scale = 0-1)": "70"}
    reading = _fatebook(tmp_path, {}, {"Forecast created by": "Nils"}, ambiguous, still_open, bad)
    found = {each.proposition: each for each in reading.contents.questions}
    assert (found["Will it rain?"].outcome, found["Hm?"].void, found["When?"].outcome) == (1.0, True, None)
    assert not found["When?"].void
    assert found["Will it rain?"].criteria == "At noon. In Teststad."
    assert found["Will it rain?"].deadline.on.isoformat() == "2020-02-01"
    assert len(reading.contents.forecasts) == 4
    # The notes take two lines of the file, so the last of five rows ends on its eleventh.
    assert [(each.line, each.field) for each in reading.refused] == [(11, "probability")]


def test_options_of_a_fatebook_question_are_one_event(tmp_path):
    sun = {"Multiple choice option": "Sun", "Resolution": "NO"}
    contents = _fatebook(tmp_path, {"Multiple choice option": "Rain"}, sun).contents
    assert sorted((each.proposition, each.outcome) for each in contents.questions) == [
        ("Will it rain? [Rain]", 1.0),
        ("Will it rain? [Sun]", 0.0),
    ]
    assert len({each.event for each in contents.questions}) == 1


def _predictionbook(tmp_path, *predictions):
    (tmp_path / "p.json").write_text(json.dumps({"user": {}, "predictions": predictions}))
    return read_predictionbook(paths=[tmp_path / "p.json"], name="p.json")


def _prediction(key=1, confidences=(70,), **rest):
    responses = [
        {"confidence": each, "created_at": f"2020-01-0{at + 2}T12:00:00.000Z", "user_label": "Testa"}
        for at, each in enumerate(confidences)
    ]
    return {
        "id": key,
        "description": f"It rains, {key}",
        "created_at": "2020-01-01T12:00:00.000Z",
        "deadline": "2020-02-01T12:00:00.000Z",
        "updated_at": "2020-01-20T12:00:00.000Z",
        "outcome": True,
        "withdrawn": False,
        "responses": responses,
        **rest,
    }


def test_predictionbook(tmp_path):
    given = [
        _prediction(1, (70, None, 0)),
        _prediction(2, (100,), outcome=False, updated_at="2021-01-01T00:00:00.000Z"),
        _prediction(3, outcome=None),
        _prediction(4, withdrawn=True),
        _prediction(5, (101,)),
    ]
    reading = _predictionbook(tmp_path, *given)
    found = {each.key: each for each in reading.contents.questions}
    assert [each.outcome for each in found.values()] == [1.0, 0.0, None, None]
    assert (found["predictionbook-3"].void, found["predictionbook-4"].void) == (False, True)
    # Judged early: known when it was judged; judged late: known by the deadline.
    known = [found[f"predictionbook-{key}"].known_at.date().isoformat() for key in (1, 2)]
    assert known == ["2020-01-20", "2020-02-01"]
    assert reading.contents.columns().probability.tolist() == [0.7, 0.0, 1.0, 0.7, 0.7]
    assert [(each.line, each.field) for each in reading.refused] == [(6, "probability")]


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 1}', '[{"id": 1}]'])
def test_another_file_is_not_read(tmp_path, text):
    (tmp_path / "x").write_text(text)
    for read in (read_fatebook, read_predictionbook):
        with pytest.raises(UnreadableFileError, match="x"):
            read(paths=[tmp_path / "x"], name="x")
