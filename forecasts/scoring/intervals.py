"""The forecasts of some whole questions, sorted, and the interval that each is in force."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.scoring.blocks import Blocks
from forecasts.scoring.checks import Bools, Floats, Ints
from forecasts.scoring.sorting import PairCodes, in_order, segment_sums


@dataclass(frozen=True, slots=True)
class Rows:
    """
    Rows of whole questions, (b,): where each is in the order of the blocks, the code of
    its pair, when it was stated, and its question's open window; seconds.
    """

    place: Ints
    pair: Ints
    stated_at: Floats
    opens_at: Floats
    closes_at: Floats

    def taken(self, which: Ints | Bools) -> Rows:
        return Rows(*(getattr(self, name)[which] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Said:
    """
    Of the input's rows: value (n, c), to tell simultaneous forecasts from duplicates;
    withdrawn and counts, (n,). None where there is nothing to tell. order: of the blocks.
    """

    order: Blocks
    value: Floats | None
    withdrawn: Bools | None
    counts: Bools | None


@dataclass(frozen=True, slots=True)
class Intervals:
    """As in ``timeline.Timeline``, of some forecasts and their pairs; share is None where all are 1."""

    place: Ints
    pair: Ints
    begin: Floats
    until: Floats
    seconds: Floats
    share: Floats | None
    question: Ints
    source: Ints
    first: Ints
    opens_at: Floats
    closes_at: Floats
    covered: Floats


def intervals_of(rows: Rows, said: Said, codes: PairCodes) -> Intervals:
    """Return the intervals of the forecasts that count (see the module ``timeline``)."""
    counting = _counting(rows, said)
    if not counting.all():
        rows = rows.taken(counting)
    row = None if said.value is None else said.order.rows(rows.place)
    order = in_order(pair=rows.pair, time=rows.stated_at, value=said.value, row=row)
    if order.index is not None:
        rows = rows.taken(order.index)
    held = None if said.withdrawn is None else ~said.withdrawn[said.order.rows(rows.place)]
    until, share = _until_and_share(rows.stated_at, order.new_pair, order.new_time, held)
    new_pair = order.new_pair
    if held is not None:
        new_pair = np.diff(np.cumsum(new_pair)[held], prepend=0) > 0
        rows, until, share = rows.taken(held), until[held], None if share is None else share[held]
    return _cut(rows, new_pair, until, share, codes)


def _counting(rows: Rows, said: Said) -> Bools:
    """Return which rows count and were stated before the actual close."""
    time, closes = rows.stated_at, rows.closes_at
    counting = time < closes
    if not counting.all():
        counting |= (time == closes) & (rows.opens_at >= closes)
    return counting if said.counts is None else counting & said.counts[said.order.rows(rows.place)]


def _until_and_share(
    time: Floats, new_pair: Bools, new_time: Bools, held: Bools | None
) -> tuple[Floats, Floats | None]:
    """Return when each sorted row is replaced or withdrawn, and its share of that interval."""
    if new_time.all():
        return _until(time, new_pair), None
    group = np.cumsum(new_time) - 1
    each = np.ones(len(time)) if held is None else held.astype(np.float64)
    share = 1.0 / np.maximum(np.bincount(group, weights=each), 1.0)[group]
    return _until(time[new_time], new_pair[new_time])[group], share


def _until(time: Floats, new_pair: Bools) -> Floats:
    """Return the next time of the same pair, +inf after its last."""
    until = np.empty(len(time))
    until[:-1] = time[1:]
    until[:-1][new_pair[1:]] = np.inf
    until[-1:] = np.inf
    return until


def _cut(rows: Rows, new_pair: Bools, until: Floats, share: Floats | None, codes: PairCodes) -> Intervals:
    """Return the intervals cut to the open window, with their pairs."""
    first = np.flatnonzero(new_pair)
    pair = np.cumsum(new_pair) - 1
    seconds = np.clip(until, rows.opens_at, rows.closes_at)
    seconds -= np.clip(rows.stated_at, rows.opens_at, rows.closes_at)
    if share is not None:
        seconds *= share
    question, source = codes.parts(rows.pair[first])
    return Intervals(
        place=rows.place,
        pair=pair,
        begin=rows.stated_at,
        until=until,
        seconds=seconds,
        share=share,
        question=question,
        source=source,
        first=first,
        opens_at=rows.opens_at[first],
        closes_at=rows.closes_at[first],
        covered=segment_sums(seconds, pair, len(first)),
    )
