"""
Checks of arrays, each raising ``ValueError`` with the first row at fault.

Every rule checks what it is given; ``forecasts.scoring.score`` checks all
columns once and then calls the arithmetic without checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

SUM_TOLERANCE = 1e-6
MATRIX = 2


class RowError(ValueError):
    """What is wrong with a row, and which one: of the arrays that were checked."""

    def __init__(self, row: int, what: str) -> None:
        super().__init__(f"row {row}: {what}")
        self.row, self.what = row, what


@contextmanager
def rows_named(row: Ints) -> Iterator[None]:
    """Name rows of the input where what is checked is the input at ``row``, (m,)."""
    try:
        yield
    except RowError as error:
        raise RowError(int(row[error.row]), error.what) from None


def floats(value: npt.ArrayLike, *, name: str, ndim: int | None = None) -> Floats:
    """Return ``value`` as a float array of at least one dimension."""
    array = np.atleast_1d(np.asarray(value, dtype=np.float64))
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension(s), not {array.ndim}")
    return array


def refuse(bad: Bools | np.bool_, *, name: str, values: npt.ArrayLike, reason: str) -> None:
    """Raise ``RowError`` for the first row where ``bad`` is true."""
    if np.any(bad):
        row = int(np.argmax(bad))
        value = np.asarray(values)[row]
        raise RowError(row, f"{name} is {value}, {reason}")


def same_rows(**columns: npt.NDArray[np.generic]) -> None:
    """Raise ``ValueError`` unless all columns have the same number of rows."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"columns differ in length: {lengths}")


def finite(value: npt.ArrayLike, *, name: str) -> Floats:
    """Return ``value`` as floats, refusing NaN and infinity."""
    array = floats(value, name=name)
    bad = ~np.isfinite(array)
    refuse(
        bad if bad.ndim == 1 else bad.any(axis=1),
        name=name,
        values=array,
        reason="not finite",
    )
    return array


def probabilities(value: npt.ArrayLike, *, name: str = "probability") -> Floats:
    """
    Return ``value`` as probabilities: (n,), or (n, K) whose rows sum to one.

    Raises ValueError, naming the row, on NaN, below 0, above 1, or a sum that
    is off one by more than 1e-6. Exactly 0 and exactly 1 are legal.
    """
    array = floats(value, name=name)
    # Of numbers that include NaN, the least and the most are NaN, which fails every comparison.
    if array.size and not (array.min() >= 0.0 and array.max() <= 1.0):
        bad = ~((array >= 0.0) & (array <= 1.0))
        by_row = np.asarray(bad.any(axis=1)) if array.ndim == MATRIX else bad
        refuse(by_row, name=name, values=array, reason="not a number from 0 to 1")
    if array.ndim == MATRIX:
        off = np.abs(array.sum(axis=1) - 1.0) > SUM_TOLERANCE
        refuse(off, name=name, values=array, reason="which does not sum to 1")
    return array


def binary_outcomes(value: npt.ArrayLike, *, name: str = "outcome") -> Floats:
    """Return ``value`` as floats that are all 0 or 1."""
    array = floats(value, name=name, ndim=1)
    bad = (array != 0.0) & (array != 1.0)
    refuse(bad, name=name, values=array, reason="not 0 or 1 (void is never scored)")
    return array


def weights(value: npt.ArrayLike | None, *, rows: Floats) -> Floats:
    """Return ``value`` as weights above 0, one for each row; all 1 for None."""
    if value is None:
        return np.ones(len(rows))
    array = finite(value, name="weights")
    same_rows(rows=rows, weights=array)
    refuse(array <= 0, name="weights", values=array, reason="not above 0")
    return array


def binary_forecasts(probability: npt.ArrayLike, outcome: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return probabilities of "yes" and outcomes, both (n,)."""
    p = probabilities(floats(probability, name="probability", ndim=1))
    y = binary_outcomes(outcome)
    same_rows(probability=p, outcome=y)
    return p, y


def option_outcomes(value: npt.ArrayLike, *, options: int) -> Ints:
    """Return ``value`` as indices into ``options`` options."""
    array = floats(value, name="outcome", ndim=1)
    bad = ~((array >= 0) & (array < options) & (array == np.floor(array)))
    refuse(bad, name="outcome", values=array, reason=f"not an index below {options}")
    return array.astype(np.int64)


def codes(value: npt.ArrayLike, *, name: str) -> Ints:
    """Return ``value`` as non-negative integer codes."""
    array = np.atleast_1d(np.asarray(value))
    if array.size == 0:
        return np.zeros(0, dtype=np.int64)
    if not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{name} must be integer codes, not {array.dtype}")
    refuse(array < 0, name=name, values=array, reason="a negative code")
    return array.astype(np.int64, copy=False)
