"""
Many rows in blocks of whole questions, each small enough for the processor's cache.

What is done for one question never needs another, so the results are the same
whatever the size of a block; only the time is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from forecasts.scoring.checks import Ints
from forecasts.scoring.sorting import CODES_A_ROW, distinct

ROWS_AT_ONCE = 2**15
MOST_BLOCKS = 255
"""So that a block's number is a byte, which NumPy sorts fastest."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """
    row: (n,) the rows in order of block, None where they are so already; place: (n,) where
    each row is among these; bounds: (b + 1,) the first of each block, and the end.
    """

    row: Ints | None
    place: Ints | None
    bounds: list[int]

    def spread(self, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the column in order of block, (n,)."""
        if self.place is None:
            return column
        # Read from the first to the last and written to a few places at a time, which is
        # several times faster than to fetch each block's rows from all over the column.
        spread = np.empty_like(column)
        spread[self.place] = column
        return spread

    def rows(self, place: Ints) -> Ints:
        """Return which of the input's rows are at some places, as many."""
        return place if self.row is None else self.row[place]


def question_blocks(question: Ints) -> Blocks:
    """
    Return blocks of whole questions, of some ten thousand rows each.

    question: (n,) non-negative integer codes.

    >>> question_blocks(np.array([3, 1, 3])).bounds
    [0, 3]
    """
    n = len(question)
    if n <= ROWS_AT_ONCE:
        return Blocks(None, None, [0, n])
    if (question[1:] >= question[:-1]).all():
        return Blocks(None, None, _bounds_in_order(question))
    block = _block_of_each(question)
    row = np.argsort(block, kind="stable")
    place = np.empty(n, dtype=np.int64)
    size = np.bincount(block)
    bounds = [0, *np.cumsum(size[size > 0]).tolist()]
    for start, stop in pairwise(bounds):
        place[row[start:stop]] = np.arange(start, stop)
    return Blocks(row, place, bounds)


def _bounds_in_order(question: Ints) -> list[int]:
    """Return the bounds where the rows are in order of question: the starts of some questions."""
    at = np.arange(ROWS_AT_ONCE, len(question), ROWS_AT_ONCE)
    starts = np.searchsorted(question, question[at])
    return [*np.unique(np.append(0, starts)).tolist(), len(question)]


def _block_of_each(question: Ints) -> npt.NDArray[np.uint8]:
    """Return the block of each row, (n,), in order of question."""
    if question.max() >= CODES_A_ROW * len(question):
        question = distinct(question)[1]
    size = np.bincount(question)
    rows = max(ROWS_AT_ONCE, -(-len(question) // MOST_BLOCKS))
    return ((np.cumsum(size) - size) // rows).astype(np.uint8)[question]
