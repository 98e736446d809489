"""Cells of the common import format: text to numbers, and why a cell is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.interchange.kit.cells import Bools, Cells, Floats, Ints
from tracker.interchange.kit.refusals import Refusal
from tracker.interchange.kit.tables import Table

TIMES = ("forecast_time", "resolved_time", "open_time")
CHANCES = ("probability", "low", "high")
NUMBERS = (*TIMES, *CHANCES, "resolution")
VOID, OPEN = 2.0, 3.0
NAN = float("nan")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_MOMENT = (datetime.min.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
UNANSWERED = {"annulled": VOID, "void": VOID, "ambiguous": VOID, "": OPEN}
RESOLUTIONS = {"yes": 1.0, "no": 0.0, **UNANSWERED}
YES_OR_NO = "binary"
"""As ``QuestionKind.BINARY``, whose import would need a configured Django to read a file."""


@dataclass(frozen=True, slots=True)
class Batch:
    """
    Rows of one file as numbers, NaN where there is none; ``bad`` ones can't be used.

    Where a question is of another kind than yes or no, an outcome is below zero, another number for
    each text: which one it is depends on the question.
    """

    file: str
    line: Ints
    codes: Mapping[str, Ints]
    values: Mapping[str, Floats]
    naive: int
    bad: Bools


@dataclass(frozen=True, slots=True)
class Names:
    """Names met so far, and their codes, in order of meeting."""

    code: dict[str, int]

    def encode(self, cells: Cells) -> Ints:
        of_distinct = [self.code.setdefault(text, len(self.code)) for text in cells.distinct.to_pylist()]
        return cells.taken(np.array(of_distinct, dtype=np.int64))


def parsed(table: Table, names: Mapping[str, Names], refused: list[Refusal]) -> Batch:
    """Return the rows as numbers, adding a refusal for each cell that can't be used."""
    text = _with_kinds(table.cells)
    other = _other(text)
    values: dict[str, Floats] = {}
    naive = 0
    for name in (each for each in TIMES if each in text):
        values[name], without_zone = _times(text[name])
        naive += without_zone
    for name in (each for each in CHANCES if each in text):
        values[name] = _chances(text[name])
    none = Cells.of_texts([""] * len(table.line))
    codes = {name: found.encode(text.get(name, none)) for name, found in names.items()}
    values["resolution"] = _resolutions(text["resolution"], codes["resolution"], other)
    bad = np.zeros(len(table.line), dtype=np.bool_)
    for name, rows, reason in (*_faults(text, values, other), *_misplaced(text, other)):
        bad[rows] = True
        refused += [
            Refusal(table.file, int(table.line[at]), name, reason(text[name][at])) for at in rows.tolist()
        ]
    return Batch(table.file, table.line, codes, values, naive, bad)


def _with_kinds(text: Mapping[str, Cells]) -> Mapping[str, Cells]:
    """Return the columns with each question's kind in one spelling; yes or no goes without saying."""
    if "kind" not in text:
        every = np.zeros(len(text["resolution"]), dtype=np.int64)
        return {**text, "kind": Cells(every, pa.array([YES_OR_NO], type=pa.string()))}
    kind = text["kind"]
    spelled = [each.lower() or YES_OR_NO for each in kind.distinct.to_pylist()]
    return {**text, "kind": Cells(kind.code, pa.array(spelled, type=pa.string()))}


def _other(text: Mapping[str, Cells]) -> Bools:
    """Return which rows are on a question of another kind than yes or no."""
    kind = text["kind"]
    return kind.taken(pc.not_equal(kind.distinct, YES_OR_NO).to_numpy(zero_copy_only=False))


def _resolutions(cells: Cells, codes: Ints, other: Bools) -> Floats:
    values = cells.numbers(lambda cell: RESOLUTIONS.get(cell.lower(), NAN))
    if not other.any():
        return values
    unanswered = cells.numbers(lambda cell: UNANSWERED.get(cell.lower(), NAN))
    of_its_kind = np.where(np.isnan(unanswered), -1.0 - codes, unanswered)
    return np.where(other, of_its_kind, values)


def joined(batches: Sequence[Batch], name: str) -> Floats:
    """Return a column of all batches, NaN where a file has none."""
    blank = [np.full(len(batch.line), np.nan) for batch in batches]
    parts = [batch.values.get(name, empty) for batch, empty in zip(batches, blank, strict=True)]
    return np.concatenate(parts) if parts else np.zeros(0)


def refuse_conflicts(
    batches: Sequence[Batch],
    question: Ints,
    columns: Mapping[str, Floats],
    bad: Bools,
    refused: list[Refusal],
) -> Bools:
    """
    Refuse all rows of a question about which its rows disagree.

    All, not the later ones: which row comes first must not decide an outcome.
    """
    conflict = np.zeros(len(question), dtype=np.bool_)
    if not len(question):
        return conflict
    lines = np.concatenate([batch.line for batch in batches])
    file = np.repeat(np.arange(len(batches)), [len(batch.line) for batch in batches])
    for name in (
        "resolution",
        "resolved_time",
        "open_time",
        *(set(columns) - set(NUMBERS) - {"question_id"}),
    ):
        disagree = _disagree(question, columns[name], bad)
        conflict |= disagree
        for at in np.flatnonzero(disagree).tolist():
            place = batches[file[at]].file, int(lines[at])
            refused.append(Refusal(*place, name, "another row of the same question says something else"))
    return conflict


def _disagree(question: Ints, values: Floats, bad: Bools) -> Bools:
    """Return the rows of questions whose usable rows differ in a value."""
    size = int(question.max()) + 1
    said = np.where(np.isnan(values), -np.inf, values)
    least, most = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(least, question[~bad], said[~bad])
    np.maximum.at(most, question[~bad], said[~bad])
    return (least < most)[question] & ~bad


Fault = tuple[str, Ints, Callable[[str], str]]


def _faults(text: Mapping[str, Cells], values: Mapping[str, Floats], other: Bools) -> Iterator[Fault]:
    """Yield for each kind of fault the column, the rows and the words for it."""
    every = np.ones(len(values["resolution"]), dtype=np.bool_)
    needed = {"forecast_time": every, "probability": ~other, "resolution": every}
    needed["resolved_time"] = values["resolution"] < VOID
    # A withdrawal has no number, and of words it may be read.
    for name in ("withdrawn", "said"):
        if name in text:
            needed["probability"] = needed["probability"] & text[name].blank
    words = dict.fromkeys(TIMES, _time_fault) | dict.fromkeys(CHANCES, _chance_fault)
    words["resolution"] = _resolution_fault
    for name in ("question_id", "source"):
        yield name, np.flatnonzero(text[name].blank), lambda _: "is empty"
    for name in (each for each in NUMBERS if each in values):
        unknown = np.isnan(values[name])
        if unknown.any():
            unknown &= needed.get(name, ~every) | ~text[name].blank
            unknown &= ~other if name in CHANCES else every
        yield name, np.flatnonzero(unknown), words[name]
    for name, sign in (("low", 1.0), ("high", -1.0)):
        if name in values:
            across = np.flatnonzero(sign * values[name] > sign * values["probability"])
            yield name, across, lambda cell: f"is {cell}, on the wrong side of probability"


def _misplaced(text: Mapping[str, Cells], other: Bools) -> Iterator[Fault]:
    """Yield the rows that give one probability where the question takes something else."""
    if other.any():
        for name in (each for each in CHANCES if each in text):
            rows = np.flatnonzero(other & ~text[name].blank)
            yield (
                name,
                rows,
                lambda cell: f"is {cell!r}, and its question is no yes-or-no one: leave it empty",
            )


def _time_fault(cell: str) -> str:
    return f"is {cell!r}, not a time: write it as 2018-01-31T12:00:00Z" if cell else "is empty"


def _resolution_fault(cell: str) -> str:
    return f"is {cell!r}: write yes, no, annulled, or nothing while it is open"


def _chance_fault(cell: str) -> str:
    """Return what is wrong with a probability, with the remedy."""
    if not cell:
        return "is empty"
    if cell.endswith("%"):
        return f"is {cell!r}, a percentage: write 0.25 for 25 %"
    if "," in cell:
        return f"is {cell!r}: write a point, not a comma, before the decimals"
    try:
        value = float(cell)
    except ValueError:
        return f"is {cell!r}, not a number from 0 to 1"
    percent = ": write 0.25 for 25 %" if 1.0 < value <= 100.0 else ""
    return f"is {cell!r}, not a number from 0 to 1{percent}"


def _times(cells: Cells) -> tuple[Floats, int]:
    """Return seconds since 1970, and how many cells had no zone and were read as UTC."""
    there = pc.filter(cells.distinct, pc.not_equal(cells.distinct, ""))
    seconds = np.full(len(cells.distinct), np.nan)
    filled = pc.not_equal(cells.distinct, "").to_numpy(zero_copy_only=False)
    try:
        moments = there.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        moments = None
    if moments is not None and (moments >= FIRST_MOMENT).all():
        # Whole seconds apart, so that they are exact in every year.
        seconds[filled] = moments // 1_000_000 + moments % 1_000_000 / 1e6
        return cells.taken(seconds), 0
    # Some text has no zone, is written in an unusual way, or is no time at all.
    naive = pa.array([_is_naive(text) for text in cells.distinct.to_pylist()], type=pa.bool_())
    return cells.numbers(_seconds), int(cells.taken(naive.to_numpy(zero_copy_only=False)).sum())


def _chances(cells: Cells) -> Floats:
    try:
        values = cells.distinct.cast(pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return cells.numbers(_chance)
    # Negated, so that NaN is caught as well.
    return cells.taken(np.where((values >= 0.0) & (values <= 1.0), values, NAN))


def _seconds(cell: str) -> float:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return NAN
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH
    return since.days * 86_400 + since.seconds + since.microseconds / 1e6


def _is_naive(cell: str) -> bool:
    try:
        return datetime.fromisoformat(cell).tzinfo is None
    except ValueError:
        return False


def _chance(cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        return NAN
    # Python reads 0_1 as 1; nobody who writes it means that.
    return value if 0.0 <= value <= 1.0 and "_" not in cell else NAN
