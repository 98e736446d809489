"""
Metaculus's questions of every kind, in the cells of the common format.

A multiple choice has a probability for each option. A continuous question (numeric, discrete, date) has
a distribution function at points of its range: at 201 as a rule, evenly spaced or, where the range has a
zero point, evenly in the logarithm of the distance from it; newer downloads list the points. The record
keeps the values at each per cent in between. What lies beyond an open bound is known as a probability
only, and stays at the bound, where the record leaves it; an outcome out there is not known at all.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from forecasts.models import Question, QuestionKind
from forecasts.questions.values.readings import FIRST_DAY, LAST_DAY
from forecasts.schedule import day_after_epoch
from tracker.interchange.house.kind_cells import (
    NOT_BY_DEADLINE,
    UnreadableCellError,
    bound_cell,
    odds_cell,
    option_cell,
    options_cell,
    quantiles_cell,
)
from tracker.interchange.kit.cells import Floats

TYPES = {
    "binary": QuestionKind.BINARY,
    "multiple_choice": QuestionKind.OPTIONS,
    "numeric": QuestionKind.NUMBER,
    "discrete": QuestionKind.NUMBER,
    "date": QuestionKind.DATE,
}
TYPE, RESOLUTION = "Question Type", "Resolution"
CHANCE, CHANCES, CDF = "Probability Yes", "Probability Yes Per Category", "Continuous CDF"
OPTIONS = ("MC Options (All)", "MC Options", "MC Options (Current)")
CURRENT = "MC Options (Current)"
POINTS, SCALING = "Continuous Range", "Scaling"
LOWER, UPPER = "Lower Bound", "Upper Bound"
OPEN = ("Open Lower Bound", "Open Upper Bound")
OLD = {LOWER: "Range Min", UPPER: "Range Max", **{name: name for name in OPEN}}
VOID = ("ambiguous", "annulled")
BELOW, ABOVE = "below_lower_bound", "above_upper_bound"
PER_CENT = np.arange(1, 100) / 100
DAY = 86_400.0
DIGITS = 8
"""Of a value between two points of the range: more would be the interpolation's, not the forecaster's."""

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's kind, its cells in the common format, and what its forecasts are read by."""

    kind: str
    cells: Cells
    options: Sequence[str] = ()
    current: Sequence[str] = ()
    range: Range | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """Where a distribution function is given: at points, or from one bound to the other."""

    lower: float
    upper: float
    open_below: bool = False
    open_above: bool = False
    zero_point: float | None = None
    points: Floats | None = None

    def at(self, n: int) -> Floats:
        """
        Return the n points, (n,). Raises UnreadableCellError.

        >>> Range(lower=1.0, upper=100.0, zero_point=0.0).at(3).round(6).tolist()
        [1.0, 10.0, 100.0]
        """
        if self.points is not None:
            if len(self.points) != n:
                raise UnreadableCellError(
                    f"has {n} numbers, and the range has {len(self.points)} points", field=CDF
                )
            return self.points
        part = np.linspace(0.0, 1.0, n)
        if self.zero_point is not None:
            ratio = (self.upper - self.zero_point) / (self.lower - self.zero_point)
            part = (ratio**part - 1.0) / (ratio - 1.0)
        return np.asarray(self.lower + (self.upper - self.lower) * part)


def asked_in(row: Cells) -> Asked:
    """Return what a row of question_data.csv asks. Raises UnreadableCellError naming its column."""
    kind = TYPES.get(row[TYPE].strip().lower().replace(" ", "_"))
    if kind is None:
        known = ", ".join(each.replace("_", " ") for each in TYPES)
        raise UnreadableCellError(f"is {row[TYPE] or 'empty'}: only {known} are taken in", field=TYPE)
    said = row[RESOLUTION].strip()
    void = said.lower() in VOID
    cells = {"kind": kind.value, "resolution": "annulled" if void else said}
    if kind == QuestionKind.BINARY:
        return Asked(kind, cells | {"resolution": cells["resolution"].lower()})
    if kind == QuestionKind.OPTIONS:
        return _choice(row, cells, void)
    return _continuous(kind, row, cells, void)


def said_in(row: Cells, asked: Asked) -> Cells:
    """Return what a row of forecast_data.csv says. Raises UnreadableCellError naming its column."""
    if asked.range is not None:
        return {"quantiles": _quantiles(row, asked.kind, asked.range)}
    if asked.kind == QuestionKind.BINARY:
        return {"probability": row[CHANCE]}
    given = _list(row.get(CHANCES, ""), CHANCES)
    if len(given) != len(asked.options):
        reason = f"has {len(given)} numbers, and the question has {len(asked.options)} options"
        raise UnreadableCellError(reason, field=CHANCES)
    for name, each in zip(asked.options, given, strict=True):
        # An option that was taken away had no chance left; of one that came later nothing was said.
        if each is None and name in asked.current:
            raise UnreadableCellError(f"says nothing of {name!r}, an option that came later", field=CHANCES)
    chances = _numbers([0.0 if each is None else each for each in given], CHANCES)
    return {"probabilities": odds_cell(asked.options, chances.tolist())}


def _choice(row: Cells, cells: dict[str, str], void: bool) -> Asked:
    column = next((each for each in OPTIONS if row.get(each, "").strip()), OPTIONS[0])
    options = [" ".join(str(each).split()) for each in _list(row.get(column, ""), column)]
    current = [
        " ".join(str(each).split()) for each in _list(row.get(CURRENT, "") or row.get(column, ""), column)
    ]
    said = " ".join(cells["resolution"].split())
    resolution = said if void or not said else option_cell(said)
    return Asked(
        QuestionKind.OPTIONS,
        cells | {"options": options_cell(options), "resolution": resolution},
        options=options,
        current=current,
    )


def _continuous(kind: str, row: Cells, cells: dict[str, str], void: bool) -> Asked:
    found = _range(kind, row)
    if not void and cells["resolution"]:
        cells["resolution"] = _outcome(kind, cells["resolution"])
    if kind == QuestionKind.DATE:
        return Asked(kind, {**cells, **_by(found.upper)}, range=found)
    # Numbers of different questions are never on one scale, unless the download says their unit.
    cells["unit"] = row.get("Unit", "").strip() or f"units of metaculus-{row['Question ID']}"
    cells["lower_bound"] = "" if found.open_below else bound_cell(found.lower)
    cells["upper_bound"] = "" if found.open_above else bound_cell(found.upper)
    return Asked(kind, cells, range=found)


def _range(kind: str, row: Cells) -> Range:
    old = _literal(row.get(SCALING, ""), SCALING) or {}
    if not isinstance(old, dict):
        raise UnreadableCellError("is no set of bounds", field=SCALING)
    said = {new: row.get(new, "") or old.get(name) for new, name in OLD.items()}
    lower, upper = (_place(kind, said[name], name) for name in (LOWER, UPPER))
    zero = old.get("Zero Point")
    points = _list(row[POINTS], POINTS) if row.get(POINTS, "").strip() else None
    zero_point = None if zero is None else _place(kind, zero, SCALING)
    if not lower < upper or (zero_point is not None and lower <= zero_point <= upper):
        raise UnreadableCellError(
            "is no range: its bounds do not rise, or its zero point lies in it", field=LOWER
        )
    below, above = (str(said[name]).strip().lower() == "true" for name in OPEN)
    return Range(
        lower=lower,
        upper=upper,
        open_below=below,
        open_above=above,
        zero_point=zero_point,
        points=None if points is None else np.array([_place(kind, each, POINTS) for each in points]),
    )


def _outcome(kind: str, said: str) -> str:
    if said == ABOVE and kind == QuestionKind.DATE:
        return NOT_BY_DEADLINE
    if said in (BELOW, ABOVE):
        raise UnreadableCellError(
            f"is {said}: the record keeps the value itself, and nobody says it", field=RESOLUTION
        )
    if kind != QuestionKind.DATE:
        return said
    return day_after_epoch(np.floor(_place(kind, said, RESOLUTION))).isoformat()


def _by(upper: float) -> Cells:
    """Return the deadline that the upper bound of a question on a date is."""
    whole = upper.is_integer()
    return {
        "deadline_on": day_after_epoch(np.floor(upper)).isoformat(),
        "deadline_rule": "before" if whole else "through",
    }


def _quantiles(row: Cells, kind: str, given: Range) -> str:
    cdf = _numbers(_list(row.get(CDF, ""), CDF), CDF)
    if len(cdf) < 2 or (np.diff(cdf) < 0).any() or not 0 <= cdf[0] <= cdf[-1] <= 1:
        raise UnreadableCellError(
            "is no distribution function: it rises, from 0 at least to 1 at most", field=CDF
        )
    ends = [end for end, beyond in ((cdf[0], cdf[0]), (cdf[-1], 1 - cdf[-1])) if beyond > PER_CENT[0]]
    inside = PER_CENT[(cdf[0] <= PER_CENT) & (cdf[-1] >= PER_CENT)]
    levels = np.unique(np.concatenate((ends, inside)))
    levels = levels[(levels > 0) & (levels < 1)]
    if not len(levels):
        raise UnreadableCellError("has next to nothing within the question's range", field=CDF)
    values = [float(f"{each:.{DIGITS}g}") for each in np.interp(levels, cdf, given.at(len(cdf)))]
    kept = np.clip(values, given.lower, given.upper).tolist()
    return quantiles_cell(Question(kind=kind), levels.tolist(), kept)


def _place(kind: str, given: Any, column: str) -> float:
    """Return a number or, of a date, its days since 1970-01-01 UTC; dates may be seconds since then."""
    text = "" if given is None else str(given).strip()
    try:
        number: float | None = float(text)
    except ValueError:
        number = None
    if kind == QuestionKind.DATE:
        number = _days(text) if number is None else number / DAY
        if number is None or not FIRST_DAY <= number <= LAST_DAY:
            raise UnreadableCellError(f"is {text!r}, not a date in the years 1000 to 3000", field=column)
    elif number is None or not np.isfinite(number):
        raise UnreadableCellError(f"is {text!r}, not a number", field=column)
    return number


def _days(text: str) -> float | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() / DAY


def _list(cell: str, column: str) -> list[Any]:
    found = _literal(cell, column)
    if not isinstance(found, list):
        raise UnreadableCellError(f"is {cell[:40]!r}, not a list", field=column)
    return found


def _numbers(given: Sequence[Any], column: str) -> Floats:
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in given):
        raise UnreadableCellError("holds something that is no number", field=column)
    found = np.array(given, dtype=np.float64)
    if not np.isfinite(found).all():
        raise UnreadableCellError("holds something that is no number", field=column)
    return found


def _literal(cell: str, column: str) -> Any:
    """Return what a cell holds, None for nothing: downloads spell as JSON does or as Python does."""
    if not cell.strip():
        return None
    try:
        return json.loads(cell)
    except (RecursionError, ValueError):
        pass
    try:
        return ast.literal_eval(cell.strip())
    except (MemoryError, RecursionError, SyntaxError, ValueError):
        raise UnreadableCellError(f"is {cell[:40]!r}: that can't be read", field=column) from None
