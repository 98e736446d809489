"""ForecastBench's sets, as synthetic files with their field names. Nobody and nothing in them exists."""

import json

import pytest

from tracker.interchange.formats.forecastbench import read_forecastbench
from tracker.interchange.house.common_csv import UnreadableFileError

DUE = "2020-01-05"
SERIES = {
    "id": "rain",
    "source": "weatherbase",
    "question": "Will there be more rain on {resolution_date} than on {forecast_due_date}?",
    "resolution_criteria": "As measured in Teststad.",
    "resolution_dates": ["2020-01-12", "2020-02-04"],
    "market_info_close_datetime": "N/A",
}
MARKET = {
    "id": "sun",
    "source": "testmarket",
    "question": "Will the sun shine?",
    "resolution_criteria": "It shines.",
    "resolution_dates": "N/A",
    "market_info_close_datetime": "2020-03-01T00:00:00+00:00",
}
BOTH = {"id": ["rain", "snow"], "source": "weatherbase", "question": "Both?", "resolution_dates": []}


def _said(key, forecast, day=None, source="weatherbase", **rest):
    return {"id": key, "source": source, "forecast": forecast, "resolution_date": day, **rest}


def _answer(key, value, day, source="weatherbase", resolved=True):
    return {
        "id": key,
        "source": source,
        "resolution_date": day,
        "resolved_to": value,
        "resolved": resolved,
    }


def _read(tmp_path, forecasts, answers=(), model="Testmodel 1"):
    head = {"forecast_due_date": DUE, "question_set": f"{DUE}-llm.json"}
    sets = {
        "questions": {**head, "questions": [SERIES, MARKET, BOTH]},
        "forecasts": {**head, "organization": "Testlab", "model": model, "forecasts": forecasts},
        "resolutions": {**head, "resolutions": list(answers)},
    }
    for name, found in sets.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(found))
    return read_forecastbench(paths=[tmp_path / f"{name}.json" for name in sets], name="round")


def test_each_date_of_a_series_is_a_question_and_all_are_one_event(tmp_path):
    forecasts = [_said("rain", 0.25, "2020-01-12"), _said("rain", 1, "2020-02-04")]
    answers = [_answer("rain", 1.0, "2020-01-12"), _answer("rain", 0.4, "2020-02-04", resolved=False)]
    reading = _read(tmp_path, forecasts, answers)
    first, second = reading.contents.questions
    assert first.proposition == "Will there be more rain on 2020-01-12 than on 2020-01-05?"
    assert (first.outcome, first.known_at.date().isoformat()) == (1.0, "2020-01-12")
    assert (second.outcome, second.void) == (None, False)
    assert first.event == second.event
    assert first.deadline.on.isoformat() == "2020-01-12"
    assert reading.contents.columns().probability.tolist() == [0.25, 1.0]
    assert reading.contents.sources == ["Testmodel 1 (Testlab)"]
    assert reading.contents.source_kinds == {"Testmodel 1 (Testlab)": "model"}
    assert reading.refused == []


@pytest.mark.parametrize(
    ("value", "resolved", "outcome", "void"),
    [(1.0, True, 1.0, False), (0, True, 0.0, False), (0.37, False, None, False), (None, True, None, True)],
)
def test_a_market_price_is_no_outcome(tmp_path, value, resolved, outcome, void):
    """Until a market has its answer, `resolved_to` is its price on that day."""
    answers = [_answer("sun", value, "2020-02-04", "testmarket", resolved)]
    # Forecast sets that were scored repeat a market's forecast for each date.
    forecasts = [_said("sun", 0.7, day, "testmarket") for day in (None, "2020-02-04")]
    reading = _read(tmp_path, forecasts, answers)
    (question,) = reading.contents.questions
    assert (question.outcome, question.void) == (outcome, void)
    assert question.deadline.on.isoformat() == "2020-03-01"


def test_what_is_no_single_forecast_is_refused_with_its_reason(tmp_path):
    forecasts = [
        _said(["rain", "snow"], 0.5, "2020-01-12"),
        _said("hail", 0.5, "2020-01-12"),
        _said("rain", 0.5, "2020-01-12", imputed=True),
        _said("rain", 0.5),
        _said("rain", float("nan"), "2020-01-12"),
        _said("rain", None, "2020-01-12"),
        _said("rain", 0.5, "2020-01-12"),
    ]
    reading = _read(tmp_path, forecasts)
    assert [(each.line, each.field) for each in reading.refused] == [
        (1, "id"),
        (2, "id"),
        (3, "imputed"),
        (4, "resolution_date"),
        (5, "probability"),
        (6, "probability"),
    ]
    assert reading.contents.columns().probability.tolist() == [0.5]
    assert reading.rows == 7


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"questions": 1}', '{"forecasts": [{"id": "x"}]}'])
def test_another_file_is_not_read(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(UnreadableFileError, match=r"x\.json"):
        read_forecastbench(paths=[tmp_path / "x.json"], name="x.json")


def test_forecasts_without_their_questions_are_not_read(tmp_path):
    (tmp_path / "x.json").write_text('{"forecasts": [{"id": "rain", "source": "weatherbase"}]}')
    with pytest.raises(UnreadableFileError, match="no question set"):
        read_forecastbench(paths=[tmp_path / "x.json"], name="x.json")
