"""
PredictionBook's JSON: predictions with their responses, confidence in per cent.

A response without a confidence is a comment. Nothing says when an answer became known: the earlier of
the deadline and the last change stands for it. A withdrawn prediction is void; one without an outcome
is open, and is not counted as wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tracker.interchange.formats.convert import read_converted
from tracker.interchange.house.common_csv import UnreadableFileError
from tracker.interchange.house.take_in import Reading
from tracker.interchange.kit.unpacking import json_of

OUTCOMES = {True: "yes", False: "no"}


def read_predictionbook(*, paths: Sequence[Path], name: str) -> Reading:
    """Read predictions as the API gives them. A line in a refusal is the place of the response."""
    rows = [
        _row(prediction, response)
        for path in paths
        for prediction in _predictions(path)
        for response in prediction["responses"]
        if response.get("confidence") is not None
    ]
    return read_converted(rows=list(enumerate(rows, start=1)), name=name)


def _predictions(path: Path) -> list[Mapping[str, Any]]:
    found = json_of(path)
    predictions = found.get("predictions") if isinstance(found, dict) else found
    if not isinstance(predictions, list) or not all(map(_is_prediction, predictions)):
        raise UnreadableFileError(f"{path.name} is not a list of PredictionBook's predictions")
    return predictions


def _is_prediction(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and {"id", "description", "deadline", "responses"} <= item.keys()
        and isinstance(item["responses"], list)
        and all(isinstance(each, dict) for each in item["responses"])
    )


def _row(prediction: Mapping[str, Any], response: Mapping[str, Any]) -> Mapping[str, str]:
    void, outcome = bool(prediction.get("withdrawn")), prediction.get("outcome")
    resolution = "annulled" if void else OUTCOMES.get(outcome, "") if outcome is not None else ""
    times = [str(each) for each in (prediction["deadline"], prediction.get("updated_at")) if each]
    return {
        "question_id": f"predictionbook-{prediction['id']}",
        "question": str(prediction["description"]),
        "source": str(response.get("user_label") or response.get("user_id") or ""),
        "forecast_time": str(response.get("created_at") or ""),
        "probability": _share(response["confidence"]),
        "resolution": resolution,
        "resolved_time": min(times) if resolution else "",
        "open_time": str(prediction.get("created_at") or ""),
        "deadline_on": str(prediction["deadline"])[:10],
    }


def _share(confidence: Any) -> str:
    """
    Return a percentage as a probability; what is none goes on as it is, to be refused.

    >>> _share(35)
    '0.35'
    """
    return repr(confidence / 100) if isinstance(confidence, int | float) else str(confidence)
