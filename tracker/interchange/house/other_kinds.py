"""Rows on questions of other kinds than yes or no: one question and one value after another."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date

import numpy as np

from forecasts.models import Question
from forecasts.questions.values.readings import Odds, Quantiles, check_value
from forecasts.record.refusal import RefusedError
from tracker.interchange.house.common_cells import YES_OR_NO, Bools, Ints, Refusal
from tracker.interchange.house.common_csv import CommonForecasts
from tracker.interchange.house.kind_cells import (
    VALUES,
    UnreadableCellError,
    outcome_in,
    question_in,
    value_in,
)
from tracker.interchange.house.text_cells import chosen, text_of
from tracker.interchange.kit.deadlines import deadline_in, moment

Said = Odds | Quantiles
READ = (*VALUES, "withdrawn", "basis", "said", "house_rule", "range", "shared", "term", "scale")
Fault = tuple[str, str]
"""The column that can't be used, and why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the cells of a question say of its kind, and of what came of it."""

    question: Question
    outcome: float | None


@dataclass(frozen=True, slots=True)
class OtherKinds:
    """
    What rows on such questions say.

    value: (n,) the place of each row's value among `values`, -1 for none. questions: by their codes.
    bad, (n,), and refused: the rows that can't be used, and why.
    """

    value: Ints
    bad: Bools
    values: list[Said] = field(default_factory=list)
    questions: dict[int, Asked] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)

    def refuse(self, rows: CommonForecasts, row: int, fault: Fault) -> None:
        self.bad[row] = True
        self.refused.append(Refusal(rows.files[rows.file[row]], int(rows.line[row]), *fault))


def read_other_kinds(rows: CommonForecasts, kept: Bools) -> OtherKinds:
    """Read those of the rows kept that are on questions of other kinds than yes or no."""
    n = len(rows.question)
    found = OtherKinds(value=np.full(n, -1, dtype=np.int64), bad=np.zeros(n, dtype=np.bool_))
    at = np.flatnonzero(kept & ~chosen(rows, "kind", YES_OR_NO)).tolist()
    asked: dict[int, Asked | Fault] = {}
    said: dict[Hashable, int | Fault] = {}
    for row in at:
        code = int(rows.question[row])
        if code not in asked:
            asked[code] = _asked(rows, row)
        question = asked[code]
        if not isinstance(question, Asked):
            found.refuse(rows, row, question)
            continue
        found.questions[code] = question
        # Words of time count from the day on which they were said.
        day = moment(float(rows.stated_at[row])).astimezone(UTC).date()
        key: Hashable = (code, *(int(rows.texts[name][0][row]) for name in READ))
        if text_of(rows, row)["said"]:
            key = (key, day)
        if key not in said:
            said[key] = _place(found, question.question, text_of(rows, row), day)
        place = said[key]
        if isinstance(place, tuple):
            found.refuse(rows, row, place)
        else:
            found.value[row] = place
    return found


def _asked(rows: CommonForecasts, row: int) -> Asked | Fault:
    """Return the question, or what is wrong with it."""
    text = text_of(rows, row)
    known, stated = float(rows.known_at[row]), float(rows.stated_at[row])
    deadline = deadline_in(text, known=moment(known) if np.isfinite(known) else None, last=moment(stated))
    try:
        question = question_in(text)
        question.set_deadline(deadline)
        answered = np.isinf(rows.outcome[row])
        return Asked(question, outcome_in(question, text["resolution"]) if answered else None)
    except RefusedError as error:
        return _fault(error)


def _place(found: OtherKinds, question: Question, text: Mapping[str, str], day: date) -> int | Fault:
    """Return the place of what a row says, -1 for a withdrawal, or what is wrong with it."""
    if text["withdrawn"] == "yes":
        given = [name for name in VALUES if text[name]]
        return (given[0], "is not empty in a withdrawal") if given else -1
    try:
        value = value_in(question, text, said_on=day)
        check_value(question=question, value=value)
    except RefusedError as error:
        return _fault(error)
    found.values.append(value)
    return len(found.values) - 1


def _fault(error: RefusedError) -> Fault:
    told = error.message if isinstance(error, UnreadableCellError) else f"can't be used: {error.message}"
    return ("quantiles" if error.field == "quantile_values" else error.field), told
