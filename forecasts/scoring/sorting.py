"""
One sort for all: forecasts in order of pair, time and value; segment sums.

The order is complete (no two rows that differ compare equal), so every sum
that follows adds the same numbers in the same order however the rows came in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.scoring.checks import Bools, Floats, Ints

KEY_BITS = 62
DIGIT_BITS = 16
CODES_A_ROW = 4
TIME_STEPS = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Order:
    """
    Rows sorted by (pair, time, value), duplicates dropped.

    index: (m,) of the rows, None where they stay as they are; new_pair: (m,) true where a pair
    starts; new_time: (m,) true where a pair's next instant starts.
    """

    index: Ints | None
    new_pair: Bools
    new_time: Bools


def in_order(*, pair: Ints, time: Floats, value: Floats | None = None, row: Ints | None = None) -> Order:
    """
    Return the rows in order of pair, time and value; duplicates count once.

    pair: (n,); time: (n,) finite; value: (N, c) what a row says, or None when
    rows at the same instant are not to be compared; row: (n,) which row of value
    each one is, its own by default. NaN equals NaN in value.

    >>> in_order(pair=np.array([1, 0, 0]), time=np.array([0.0, 5.0, 2.0])).index
    array([2, 1, 0])
    """
    index = None
    if not _rises(pair, time):
        index = order_by(major=pair, time=time)
        pair, time = pair[index], time[index]
    new_pair = _changes(pair)
    new_time = new_pair | _changes(time)
    if value is None or new_time.all():
        return Order(index, new_pair, new_time)
    index = np.arange(len(pair)) if index is None else index
    value_row = index if row is None else row[index]
    swap, kept = _by_value(new_time, value, value_row)
    # A pair's first row is always kept, so pairs still start where they did.
    return Order(index[swap][kept], new_pair[kept], new_time[kept])


def order_by(*, major: Ints, time: Floats) -> Ints:
    """
    Return the rows in order of major, then time; equal ones stay in their order.

    A radix sort, 16 bits at a time, which NumPy does in a time that grows with
    the rows alone. major: (n,) integers; time: (n,) finite; returns (n,).

    >>> order_by(major=np.array([1, 0, 1]), time=np.array([2.0, 9.0, 1.0]))
    array([1, 2, 0])
    """
    if len(major) == 0:
        return np.zeros(0, dtype=np.int64)
    step = _steps(time)
    if step is None:
        return np.lexsort((time, major))
    index: Ints | None = None
    for digit in (*_digits(step), *_digits(major - major.min())):
        if index is None:
            index = np.argsort(digit, kind="stable")
        else:
            index = index[np.argsort(digit[index], kind="stable")]
    return np.arange(len(major)) if index is None else _settled(index, step, major, time)


def distinct(codes: Ints) -> tuple[Ints, Ints]:
    """
    Return the distinct codes, rising, and which of them each row has.

    As ``numpy.unique`` does, but without a sort where codes are no larger than rows are many.
    codes: (n,) non-negative.

    >>> distinct(np.array([7, 2, 7]))
    (array([2, 7]), array([1, 0, 1]))
    """
    if len(codes) == 0 or codes.max() >= CODES_A_ROW * len(codes):
        found, index = np.unique(codes, return_inverse=True)
        return found, index
    there = np.zeros(int(codes.max()) + 1, dtype=np.bool_)
    there[codes] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[codes]


@dataclass(frozen=True, slots=True)
class PairCodes:
    """
    One integer for each (question, source), (n,), ordered as they are.

    codes: what the parts of an integer stand for, where the input's codes are too large for one.
    """

    pair: Ints
    width: int
    codes: tuple[Ints, Ints] | None

    def parts(self, pair: Ints) -> tuple[Ints, Ints]:
        """Return the codes of question and source of some of the integers."""
        question = pair // self.width
        source = pair - question * self.width
        return (question, source) if self.codes is None else (self.codes[0][question], self.codes[1][source])


def pair_codes(*, question: Ints, source: Ints) -> PairCodes:
    """
    Return one integer for each (question, source). Both (n,), from 0 up.

    >>> codes = pair_codes(question=np.array([0, 1]), source=np.array([4, 2]))
    >>> codes.pair, codes.parts(codes.pair)
    (array([4, 7]), (array([0, 1]), array([4, 2])))
    """
    if question.size == 0:
        return PairCodes(question, 1, None)
    width, codes = int(source.max()) + 1, None
    if (int(question.max()) + 1) * width >= 2**KEY_BITS:
        question_code, question = distinct(question)
        source_code, source = distinct(source)
        width, codes = len(source_code), (question_code, source_code)
    pair = question * width
    pair += source
    return PairCodes(pair, width, codes)


def segment_sums(values: Floats, segment: Ints, n: int) -> Floats:
    """
    Return the sum of the values of each of n segments, added in row order.

    >>> segment_sums(np.array([1.0, 2.0, 4.0]), np.array([0, 0, 1]), 2)
    array([3., 4.])
    """
    return np.bincount(segment, weights=values, minlength=n).astype(np.float64, copy=False)


def ratio(numerator: Floats | Ints, denominator: Floats | Ints) -> Floats:
    """
    Return the quotient, NaN where both are zero: a mean of nothing.

    >>> ratio(np.array([1.0, 0.0]), np.array([2.0, 0.0]))
    array([0.5, nan])
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(numerator / denominator)


def _rises(pair: Ints, time: Floats) -> bool:
    """Return whether the rows are in order of pair and time as they are."""
    later = pair[1:] > pair[:-1]
    later |= (pair[1:] == pair[:-1]) & (time[1:] >= time[:-1])
    return bool(later.all())


def _steps(time: Floats) -> Ints | None:
    """Return times as 32-bit integers that never contradict them, None where there are none."""
    earliest = time.min()
    with np.errstate(over="ignore", divide="ignore"):
        span = time.max() - earliest
        scale = TIME_STEPS / span
    if span == 0:
        return np.zeros(len(time), dtype=np.int64)
    if not (np.isfinite(span) and np.isfinite(scale)):
        return None
    return np.asarray((time - earliest) * scale).astype(np.int64)


def _digits(values: Ints) -> Iterator[npt.NDArray[np.uint16]]:
    """Yield the digits of non-negative integers, the lowest first."""
    for shift in range(0, int(values.max()).bit_length(), DIGIT_BITS):
        yield np.right_shift(values, shift).astype(np.uint16)


def _settled(index: Ints, step: Ints, major: Ints, time: Floats) -> Ints:
    """Return the index with rows whose times have the same step in exact order."""
    group, at = major[index], time[index]
    if not ((group[1:] == group[:-1]) & (at[1:] < at[:-1])).any():
        return index
    near = (group[1:] == group[:-1]) & (step[index[1:]] == step[index[:-1]])
    run = np.append(near, False) | np.insert(near, 0, False)
    index[run] = index[run][np.lexsort((at[run], group[run]))]
    return index


def _by_value(new_time: Bools, value: Floats, row: Ints) -> tuple[Ints, Bools]:
    """Return simultaneous rows in order of value, and which are not the same as the one before."""
    place = np.arange(len(row))
    tied = np.append(~new_time[1:], False) | ~new_time
    said = value[row[tied]]
    instant = np.cumsum(new_time)[tied]
    exact = np.lexsort((*said.T[::-1], instant))
    place[tied] = place[tied][exact]
    here, before = said[exact][1:], said[exact][:-1]
    same = ((here == before) | (np.isnan(here) & np.isnan(before))).all(axis=1)
    kept = np.ones(len(row), dtype=np.bool_)
    kept[tied] = np.append(True, ~same | np.diff(instant).astype(np.bool_))
    return place, kept


def _changes(values: Floats | Ints) -> Bools:
    changed = np.empty(len(values), dtype=np.bool_)
    changed[:1] = True
    np.not_equal(values[1:], values[:-1], out=changed[1:])
    return changed
