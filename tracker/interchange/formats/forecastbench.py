"""
ForecastBench's JSON: a question set, forecast sets and a resolution set, told apart by what they hold.

A question on a data series is asked for several dates: each date is a question of its own, and all of
them are one event, in every round. A market question has one answer, and until it has, the market's
price stands in its place: that is no outcome. Forecasts that ForecastBench filled in itself, and
combinations of questions, are refused. A set says nothing finer than its due date, so that day's
beginning is the time of all of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from forecasts.files.writes.contents import RefusedRow
from tracker.interchange.formats.convert import read_converted
from tracker.interchange.house.common_csv import UnreadableFileError
from tracker.interchange.house.take_in import Reading
from tracker.interchange.kit.unpacking import json_of

SETS = ("questions", "forecasts", "resolutions")
OUTCOMES = {1.0: "yes", 0.0: "no"}

Item = Mapping[str, Any]
Key = tuple[str, str, str]


def read_forecastbench(*, paths: Sequence[Path], name: str) -> Reading:
    """Read the sets of a round or of several. Raises UnreadableFileError."""
    sets = [_read(path) for path in paths]
    asked = {_key(each): each for found in sets for each in found.get("questions", ()) if _is_single(each)}
    if not asked:
        raise UnreadableFileError(f"{name} holds no question set: give it together with the forecasts")
    outcomes = dict(_outcomes(each for found in sets for each in found.get("resolutions", ())))
    refused: list[RefusedRow] = []
    rows = [row for found in sets for row in _forecasts(found, asked, outcomes, refused)]
    reading = read_converted(rows=rows, name=name)
    return replace(reading, refused=refused + reading.refused, rows=reading.rows + len(refused))


def _read(path: Path) -> Item:
    found = json_of(path)
    lists = [found[each] for each in SETS if each in found] if isinstance(found, dict) else []
    if not lists or not all(isinstance(each, list) for each in lists):
        raise UnreadableFileError(f"{path.name} is not a question, forecast or resolution set")
    if not all(
        isinstance(each, dict) and "id" in each and "source" in each for some in lists for each in some
    ):
        raise UnreadableFileError(f"{path.name} holds something without an id and a source")
    return {**found, "file": path.name}


def _is_single(item: Item) -> bool:
    """Return whether it is about one question; a combination has a list of ids."""
    return isinstance(item["id"], str)


def _key(item: Item) -> tuple[str, str]:
    return str(item["source"]), str(item["id"])


def _outcomes(items: Iterator[Item]) -> Iterator[tuple[Key, tuple[str, str]]]:
    """Yield what is resolved: yes, no or annulled, and the day; of a market question under no date."""
    for item in items:
        if not _is_single(item) or not item.get("resolved"):
            continue
        day, value = str(item.get("resolution_date") or ""), item.get("resolved_to")
        said = OUTCOMES.get(value, "annulled") if isinstance(value, int | float) else "annulled"
        yield (*_key(item), day), (said, day)
        yield (*_key(item), ""), (said, day)


def _forecasts(
    found: Item,
    asked: Mapping[tuple[str, str], Item],
    outcomes: Mapping[Key, tuple[str, str]],
    refused: list[RefusedRow],
) -> Iterator[tuple[int, Mapping[str, str]]]:
    who = " ".join(filter(None, (str(found.get("model") or ""), _maker(found))))
    due = str(found.get("forecast_due_date") or found.get("forecast_date") or "")
    for place, item in enumerate(found.get("forecasts", ()), start=1):
        fault = _fault(item, asked)
        if fault:
            refused.append(RefusedRow(place, *fault, str(found["file"])))
        else:
            question = asked[_key(item)]
            day = str(item.get("resolution_date") or "") if _is_dated(question) else ""
            yield (
                place,
                _question(question, day=day, due=due, outcome=outcomes.get((*_key(item), day)))
                | {"source": who, "source_kind": "model"}
                | {"forecast_time": f"{due}T00:00:00Z", "probability": _number(item.get("forecast"))},
            )


def _maker(found: Item) -> str:
    return f"({found['organization']})" if found.get("organization") else ""


def _fault(item: Item, asked: Mapping[tuple[str, str], Item]) -> tuple[str, str] | None:
    """Return the field and what is wrong with it, or nothing."""
    if not _is_single(item):
        return "id", "is a combination of questions: only single ones are taken in"
    if _key(item) not in asked:
        return "id", "is no question of these question sets"
    if item.get("imputed"):
        return "imputed", "was filled in by ForecastBench, not forecast"
    if _is_dated(asked[_key(item)]) and not item.get("resolution_date"):
        return "resolution_date", "is empty, and the question is asked for several dates"
    return None


def _is_dated(question: Item) -> bool:
    return isinstance(question.get("resolution_dates"), list)


def _question(item: Item, *, day: str, due: str, outcome: tuple[str, str] | None) -> dict[str, str]:
    text = str(item.get("question") or item["id"]).replace("{resolution_date}", day)
    key = f"forecastbench:{due}:{item['source']}:{item['id']}"
    said, known = outcome or ("", "")
    return {
        "question_id": f"{key}:{day}" if day else key,
        "question": text.replace("{forecast_due_date}", due),
        "criteria": str(item.get("resolution_criteria") or ""),
        "category": str(item["source"]),
        "event": f"forecastbench:{item['source']}:{item['id']}"[:200],
        "open_time": f"{due}T00:00:00Z",
        "deadline_on": day or _closes(item),
        "resolution": said,
        "resolved_time": f"{known}T00:00:00Z" if said else "",
    }


def _closes(item: Item) -> str:
    closes = str(item.get("market_info_close_datetime") or "")[:10]
    return closes if closes[:1].isdigit() else ""


def _number(value: Any) -> str:
    """
    Return the forecast as a cell; what is no number goes on as it is, to be refused.

    >>> _number(0.25), _number(float("nan"))
    ('0.25', 'nan')
    """
    return repr(float(value)) if isinstance(value, int | float) and not math.isnan(value) else str(value)
