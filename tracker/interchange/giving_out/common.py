"""The record in the common import format, with our own columns, so that it can be taken in again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from io import TextIOBase
from typing import TextIO

from forecasts.files.reads import RecordRow
from forecasts.house_rules import READING
from forecasts.models import Answer, Basis, Question, Resolution, VoidReason
from forecasts.questions.reads.listing import is_answer
from tracker.interchange.house.kind_cells import (
    bound_cell,
    odds_cell,
    options_cell,
    outcome_cell,
    quantiles_cell,
    range_cell,
)
from tracker.interchange.kit.deadlines import WHERE_FROM

COLUMNS = (
    *("question_id", "question", "source", "forecast_time", "probability", "resolution", "resolved_time"),
    *("category", "open_time", "low", "high", "term", "term_language", "scale", "withdrawn", "source_kind"),
    *("void_reason", "criteria", "condition", "language", "translation", "topics", "event", "event_name"),
    *("deadline_on", "deadline_granularity", "deadline_zone", "deadline_rule"),
    *(f"deadline_{name}" for name in WHERE_FROM),
    *("basis", "said", "house_rule"),
)
OF_OTHER_KINDS = (
    *("kind", "options", "unit", "lower_bound", "upper_bound", "probabilities", "quantiles"),
    *("range", "shared"),
)
VALUE = ("probability", "low", "high", "probabilities", "quantiles", "basis", "house_rule", "range")


def write_record(*, rows: Iterable[RecordRow], file: TextIO | TextIOBase, every_kind: bool = True) -> int:
    """
    Write the rows as CSV, repeated ones once, and return how many there were.

    every_kind: with the columns of questions of other kinds than yes or no; only then may there be any.
    """
    columns = (*COLUMNS, *OF_OTHER_KINDS) if every_kind else COLUMNS
    writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    written = 0
    shown: tuple[int, dict[str, str]] = (0, {})
    moment, seen = ("", ""), set[tuple[str, ...]]()
    for row in rows:
        if row.question.pk != shown[0]:
            shown = row.question.pk, {**_question(row.question), **_answer(row.question, row.resolution)}
            seen = set()
        said = _forecast(row)
        if moment != (said["source"], said["forecast_time"]):
            moment, seen = (said["source"], said["forecast_time"]), set()
        if (value := tuple(said[name] for name in VALUE)) not in seen:
            seen.add(value)
            writer.writerow(said | shown[1])
            written += 1
    return written


def _forecast(row: RecordRow) -> dict[str, str]:
    said = row.forecast
    term = said.term
    return {
        "source": row.source_name,
        "source_kind": row.source.kind,
        "forecast_time": _instant(said.stated_at),
        "probability": _number(said.probability),
        "low": _number(said.probability_low),
        "high": _number(said.probability_high),
        "probabilities": _odds(row),
        "quantiles": _quantiles(row),
        "term": term.phrase if term else "",
        "term_language": term.language if term else "",
        "scale": term.scale.slug if term else "",
        "withdrawn": "yes" if said.withdrawn else "",
        "basis": "" if said.basis == Basis.STATED else said.basis,
        "said": said.said,
        "house_rule": said.house_rule,
        "range": _range(row),
        "shared": options_cell([row.question.options[each] for each in said.shared or []]),
    }


def _range(row: RecordRow) -> str:
    said = row.forecast
    ends = {"low": said.range_low, "best": said.range_best, "high": said.range_high}
    given = {name: each for name, each in ends.items() if each is not None}
    return range_cell(given, dated=said.house_rule in READING) if given else ""


def _odds(row: RecordRow) -> str:
    given = row.forecast.probabilities
    return "" if given is None else odds_cell(row.question.options, given)


def _quantiles(row: RecordRow) -> str:
    levels, values = row.forecast.quantile_levels, row.forecast.quantile_values
    return "" if levels is None or values is None else quantiles_cell(row.question, levels, values)


def _question(asked: Question) -> dict[str, str]:
    topics = {each.slug: each.name for each in sorted(asked.topics.all(), key=lambda each: each.slug)}
    return {
        "question_id": asked.slug,
        "question": asked.proposition.strip(),
        "criteria": asked.criteria.strip(),
        "condition": asked.condition.strip(),
        "kind": asked.kind,
        "options": options_cell(asked.options),
        "unit": asked.unit,
        "lower_bound": bound_cell(asked.lower_bound),
        "upper_bound": bound_cell(asked.upper_bound),
        "language": asked.language,
        "translation": asked.translation.strip(),
        "category": next(iter(topics.values()), "").strip(),
        "topics": json.dumps(topics, ensure_ascii=False) if topics else "",
        "event": asked.event.slug if asked.event else "",
        "event_name": asked.event.name.strip() if asked.event else "",
        "open_time": _instant(asked.opens_at),
        "deadline_on": asked.deadline_on.isoformat(),
        "deadline_granularity": asked.deadline_granularity,
        "deadline_zone": asked.deadline_zone,
        "deadline_rule": asked.deadline_rule,
        **_deadline_from(asked),
    }


def _deadline_from(asked: Question) -> dict[str, str]:
    """Return where the deadline is from; that the source stated it goes without saying."""
    if not asked.deadline_imputed:
        return dict.fromkeys((f"deadline_{name}" for name in WHERE_FROM), "")
    return {
        **{f"deadline_{name}": str(getattr(asked, f"deadline_{name}") or "") for name in WHERE_FROM},
        "deadline_reason": asked.deadline_reason.strip(),
    }


def _answer(asked: Question, answer: Resolution | None) -> dict[str, str]:
    if not is_answer(answer):
        return {"resolution": "", "resolved_time": "", "void_reason": ""}
    void = answer.answer == Answer.VOID
    said = "annulled" if void or answer.outcome is None else outcome_cell(asked, answer.outcome)
    known = _instant(answer.occurred_at) if answer.occurred_at else ""
    return {"resolution": said, "resolved_time": known, "void_reason": _void_reason(answer) if void else ""}


def _void_reason(answer: Resolution) -> str:
    """Return why nobody is scored; a file names no question that takes the place of another."""
    superseded = answer.void_reason == VoidReason.SUPERSEDED
    return (VoidReason.UNANSWERABLE if superseded else VoidReason(answer.void_reason)).value


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)
