"""
The record for the tools of the hubverse: model output and oracle output, as CSV.

The columns of a task are `question_id`, `reference_date` (the day on which the forecast stood, in UTC) and
`target_end_date` (the deadline's day). Each source is a model, named `tracker-` and its slug. Yes or no
is a `pmf` over "no" and "yes" and the `mean` of the event, because some hubs score the one and some the
other; options are a `pmf`; numbers and dates are `quantile` rows, dates in days since 1970-01-01. A
day's last forecast counts. Withdrawals, and questions that are open or void, have no rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from typing import TextIO

from forecasts.files.reads import RecordRow
from forecasts.models import Answer, Forecast, Question, QuestionKind

TASK = ("question_id", "reference_date", "target_end_date")
OUTPUT = ("output_type", "output_type_id")
MODEL_OUTPUT = ("model_id", *TASK, *OUTPUT, "value")
ORACLE_OUTPUT = (*TASK, *OUTPUT, "oracle_value")
NOT_ONE = "NA"
YES_OR_NO = ("no", "yes")

Cells = tuple[str, str, float]


def write_model_output(*, rows: Iterable[RecordRow], file: TextIO) -> int:
    """Write every source's forecasts and return how many rows there were."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(MODEL_OUTPUT)
    written = 0
    for row in _last_of_each_day(rows):
        for kind, which, value in _said(row.forecast, row.question):
            writer.writerow([model_id(row.source.slug), *_task(row), kind, which, repr(value)])
            written += 1
    return written


def write_oracle_output(*, rows: Iterable[RecordRow], file: TextIO) -> int:
    """Write what a forecaster who knew the outcome would have said, for each task that has forecasts."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(ORACLE_OUTPUT)
    written, told = 0, set[tuple[str, ...]]()
    asked = 0
    for row in rows:
        if row.question.pk != asked:
            # They come question by question: what was told of the one before is not asked for again.
            asked = row.question.pk
            told.clear()
        task, outcome = _task(row), _outcome(row)
        if outcome is None or row.forecast.withdrawn or task in told:
            continue
        told.add(task)
        for kind, which, value in _happened(outcome, row.question):
            writer.writerow([*task, kind, which, repr(value)])
            written += 1
    return written


def model_id(slug: str) -> str:
    """
    Return the id of a source as the hubverse spells models: a team, a hyphen, letters and underscores.

    >>> model_id("fabrice-balanche")
    'tracker-fabrice_balanche'
    """
    return f"tracker-{slug.replace('-', '_')}"


def _task(row: RecordRow) -> tuple[str, str, str]:
    asked = row.question
    return (
        asked.slug,
        row.forecast.stated_at.astimezone(UTC).date().isoformat(),
        asked.deadline_on.isoformat(),
    )


def _outcome(row: RecordRow) -> float | None:
    answer = row.resolution
    return answer.outcome if answer is not None and answer.answer == Answer.OUTCOME else None


def _last_of_each_day(rows: Iterable[RecordRow]) -> Iterator[RecordRow]:
    """Yield the last row of each source, question and day; they come in that order, then by time."""
    waiting: RecordRow | None = None
    for row in rows:
        if waiting is not None and _place(waiting) != _place(row):
            yield waiting
        waiting = row
    if waiting is not None:
        yield waiting


def _place(row: RecordRow) -> tuple[object, ...]:
    return row.source.pk, *_task(row)


def _said(said: Forecast, asked: Question) -> list[Cells]:
    if said.probability is not None:
        return _yes_or_no(said.probability)
    if said.probabilities is not None:
        return _options(asked.options, said.probabilities)
    if said.quantile_levels is None or said.quantile_values is None:
        return []
    levels = zip(said.quantile_levels, said.quantile_values, strict=True)
    return [("quantile", repr(level), value) for level, value in levels]


def _happened(outcome: float, asked: Question) -> list[Cells]:
    if asked.kind == QuestionKind.BINARY:
        return _yes_or_no(outcome)
    if asked.options:
        return _options(asked.options, [float(at == outcome) for at in range(len(asked.options))])
    return [("quantile", NOT_ONE, outcome)]


def _yes_or_no(probability: float) -> list[Cells]:
    return [*_options(YES_OR_NO, (1.0 - probability, probability)), ("mean", NOT_ONE, probability)]


def _options(names: Sequence[str], values: Sequence[float]) -> list[Cells]:
    return [("pmf", name, value) for name, value in zip(names, values, strict=True)]
