"""
Time: a source's forecasts on a question make a step function.

A forecast is in force on the half-open interval from the moment it was stated
to the source's next one on that question, cut to the question's open window:
from opening to the actual close (the earlier of the scheduled close and the
moment the event happened). The score of a pair of source and question is the
mean of the rule over the time in force; coverage is the share of the open
window that was in force, goes along, and is never mixed into the score.

Decisions that the words above leave open:

* Rows by the same source on the same question at the same instant share
  their interval equally, so the interval's score is the mean of their
  scores. Row order can therefore never change a result. Identical rows (same
  source, question, time and values) count once.
* A forecast stated at or after the actual close does not count. One stated
  before the opening counts from the opening.
* A window without length (``closes_at`` at ``opens_at``, or before it because
  the event happened first) is scored at its close: what was stated before it,
  or at it, counts but has no time in force, so its time-weighted score is NaN
  while its first and last scores exist.
* A withdrawal ends what stood before it. At the very instant of a new
  forecast it ends what stood before, and the new forecast holds.

Everything is done for all questions and sources at once: one sort, then
segment sums, in blocks that fit the processor's cache. Cost O(F).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from forecasts.scoring import blocks, checks
from forecasts.scoring.blocks import Blocks, question_blocks
from forecasts.scoring.checks import Bools, Floats, Ints
from forecasts.scoring.intervals import Intervals, Rows, Said, intervals_of
from forecasts.scoring.sorting import pair_codes, ratio, segment_sums

OF_FORECAST = ("place", "pair", "begin", "until", "seconds")
OF_PAIR = ("question", "source", "first", "opens_at", "closes_at", "covered")
INTEGERS = frozenset({"place", "pair", "question", "source", "first"})


@dataclass(frozen=True, slots=True)
class Timeline:
    """
    The forecasts that count, in order of question, source, time and value.

    ``order`` of the input's rows, in blocks of whole questions.
    Of each forecast, shape (m,): ``place`` in that order, ``pair`` it belongs to,
    ``begin`` and ``until`` (when it was stated, and replaced or withdrawn,
    +inf if never), ``share`` (1, or 1/k for each of k simultaneous forecasts)
    and ``seconds`` (its share of the time from ``start`` to ``end``).
    Of each pair, shape (k,): ``question`` and ``source`` codes, ``first`` (its
    first forecast's index), ``opens_at``, ``closes_at`` and ``covered``
    (seconds in force).
    """

    order: Blocks
    place: Ints
    pair: Ints
    begin: Floats
    until: Floats
    seconds: Floats
    share: Floats
    question: Ints
    source: Ints
    first: Ints
    opens_at: Floats
    closes_at: Floats
    covered: Floats

    @property
    def row(self) -> Ints:
        """Which of the input's rows each forecast is, (m,)."""
        return self.order.rows(self.place)

    def of_forecasts(self, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return what a column (n,) of the input's rows says of each forecast, (m,)."""
        return np.asarray(self.order.spread(column)[self.place])

    @property
    def start(self) -> Floats:
        """``begin`` cut to the open window, (m,); seconds."""
        return np.clip(self.begin, self.opens_at[self.pair], self.closes_at[self.pair])

    @property
    def end(self) -> Floats:
        """``until`` cut to the open window, (m,); seconds."""
        return np.clip(self.until, self.opens_at[self.pair], self.closes_at[self.pair])

    @property
    def n_forecasts(self) -> Ints:
        """How many forecasts each pair has, duplicates once, (k,)."""
        return np.diff(self.first, append=len(self.place))

    @property
    def coverage(self) -> Floats:
        """Share of the open window in force, (k,); NaN where the window has no length."""
        return ratio(self.covered, np.maximum(self.closes_at - self.opens_at, 0.0))

    def of_pairs(self, values: Floats) -> Floats:
        """Return the sum of ``values`` (m,) over each pair's forecasts, (k,)."""
        return segment_sums(values, self.pair, len(self.first))


def build_timeline(
    *,
    question: npt.ArrayLike,
    source: npt.ArrayLike,
    stated_at: npt.ArrayLike,
    opens_at: npt.ArrayLike,
    closes_at: npt.ArrayLike,
    value: npt.ArrayLike | None = None,
    withdrawn: npt.ArrayLike | None = None,
    counts: npt.ArrayLike | None = None,
) -> Timeline:
    """
    Return the intervals in force of all forecasts on all questions.

    Parameters
    ----------
    question, source : array_like of int, (n,)
        Codes from 0 up.
    stated_at : array_like, (n,)
        When each forecast was made, in seconds.
    opens_at, closes_at : array_like, (n,)
        The question's opening and actual close, in seconds on the same clock and the same in all of its rows.
    value : array_like, (n,) or (n, c), optional
        What the rows say, to tell duplicates from simultaneous forecasts.
    withdrawn : array_like of bool, (n,), optional
        True where the row takes the forecast back.
    counts : array_like of bool, (n,), optional
        False where the row is left out: void or open.

    Returns
    -------
    Timeline
        What `time_weighted`, `relative_scores`, `peer_scores` and `crowd_forecasts` take.

    Raises
    ------
    ValueError
        A time that is missing in a row that counts, a bad code, or lengths that differ.

    Notes
    -----
    Intervals are half-open: a forecast holds from when it was stated to the source's next one.

    Examples
    --------
    >>> t = build_timeline(question=[0, 0], source=[0, 0], stated_at=[0.0, 6.0],
    ...     opens_at=[0.0, 0.0], closes_at=[10.0, 10.0], value=[0.2, 0.7])
    >>> t.seconds, t.coverage
    (array([6., 4.]), array([1.]))
    """
    q, s = checks.codes(question, name="question"), checks.codes(source, name="source")
    times = [
        checks.floats(column, name=name, ndim=1)
        for name, column in (("stated_at", stated_at), ("opens_at", opens_at), ("closes_at", closes_at))
    ]
    checks.same_rows(question=q, source=s, stated_at=times[0], opens_at=times[1], closes_at=times[2])
    counting = None if counts is None else np.asarray(counts, dtype=np.bool_)
    _refuse_missing(times, counting)
    gone = None if withdrawn is None else np.asarray(withdrawn, dtype=np.bool_)
    pairs, divided = pair_codes(question=q, source=s), question_blocks(q)
    said = Said(divided, _what_was_said(value, gone), gone, counting)
    columns = [divided.spread(column) for column in (pairs.pair, *times)]
    found = (
        intervals_of(Rows(np.arange(start, stop), *(column[start:stop] for column in columns)), said, pairs)
        for start, stop in pairwise(divided.bounds)
    )
    ours: dict[str, npt.NDArray[Any]] = {}
    if divided.row is not None:
        # Fresh memory costs more than the arithmetic, so the columns made here are written over.
        spread = dict(zip(("pair", "begin", "opens_at", "closes_at"), columns, strict=True))
        ours = {"question": pairs.pair} | spread
    return _joined(found, divided, len(q), ours)


def question_parts(timeline: Timeline) -> Iterator[Timeline]:
    """
    Yield a timeline in parts of whole questions, in order, each of some ten thousand forecasts.

    Rows stay those of the input; pairs count from 0 in each part. An empty one is one part.
    """
    at = np.arange(0, len(timeline.place), blocks.ROWS_AT_ONCE)
    asked = timeline.question[timeline.pair[at]]
    pairs = np.unique(np.append(np.searchsorted(timeline.question, asked), (0, len(timeline.question))))
    forecasts = np.append(timeline.first, len(timeline.place))[pairs]
    for at_pair, at_forecast in zip(_spans(pairs), _spans(forecasts), strict=True):
        part = {name: getattr(timeline, name)[at_forecast] for name in (*OF_FORECAST, "share")}
        part |= {name: getattr(timeline, name)[at_pair] for name in OF_PAIR}
        part["pair"] = part["pair"] - at_pair.start
        part["first"] = part["first"] - at_forecast.start
        yield Timeline(order=timeline.order, **part)


def _spans(bounds: Ints) -> list[slice]:
    """Return the spans between bounds; one bound alone has an empty one."""
    ends = bounds.tolist()
    return [slice(*each) for each in pairwise(ends if len(ends) > 1 else ends * 2)]


def time_weighted(*, timeline: Timeline, score: npt.ArrayLike) -> Floats:
    """
    Return the mean score of each pair of source and question over its time in force.

    Parameters
    ----------
    timeline : Timeline
        Of `build_timeline`; it has k pairs.
    score : array_like, (n,)
        The score of each of the input's rows.

    Returns
    -------
    ndarray, (k,)
        Means in the unit of the score; NaN where no time was in force.

    Examples
    --------
    >>> t = build_timeline(question=[0, 0], source=[0, 0], stated_at=[0.0, 6.0],
    ...     opens_at=[0.0, 0.0], closes_at=[10.0, 10.0])
    >>> time_weighted(timeline=t, score=[0.1, 0.6])
    array([0.3])
    """
    in_order = timeline.order.spread(np.asarray(score, dtype=np.float64))
    mean = np.empty(len(timeline.first))
    # Some pairs at a time, so that what is in between never leaves the cache.
    starts = timeline.first[:: blocks.ROWS_AT_ONCE].tolist()
    for place, span in enumerate(pairwise((*starts, len(timeline.place)))):
        here = slice(*span)
        start = place * blocks.ROWS_AT_ONCE
        covered = timeline.covered[start : start + blocks.ROWS_AT_ONCE]
        area = in_order[timeline.place[here]]
        area *= timeline.seconds[here]
        total = segment_sums(area, timeline.pair[here] - start, len(covered))
        mean[start : start + len(covered)] = ratio(total, covered)
    return mean


def _refuse_missing(times: list[Floats], counts: Bools | None) -> None:
    """Refuse a row that counts and has no time: a comparison with NaN is false, so it would drop out."""
    if np.isfinite(sum(float(column.sum()) for column in times)):
        return
    bad = ~np.isfinite(times[0] + times[1] + times[2])
    checks.refuse(
        bad if counts is None else bad & counts,
        name="(stated_at, opens_at, closes_at)",
        values=np.column_stack(times),
        reason="not all times",
    )


def _what_was_said(value: npt.ArrayLike | None, gone: Bools | None) -> Floats | None:
    """Return what tells two rows at one instant apart, (n, c)."""
    if value is None:
        return None
    said = np.asarray(value, dtype=np.float64)
    said = said[:, None] if said.ndim == 1 else said
    return said if gone is None else np.column_stack((said, gone))


def _joined(found: Iterator[Intervals], order: Blocks, n: int, ours: dict[str, npt.NDArray[Any]]) -> Timeline:
    """
    Return the timeline of all blocks, which have n rows together.

    ours: columns to write to, (n,). They may be what the blocks are read from: a block never
    has more forecasts than rows, so it is written where rows have been read already.
    """
    # Memory that nothing is written to costs nothing, so every column may be as long as the rows.
    whole: dict[str, npt.NDArray[Any]] = {
        name: np.empty(n, dtype=np.int64 if name in INTEGERS else np.float64)
        for name in (*OF_FORECAST, *OF_PAIR)
        if name not in ours
    }
    whole |= ours
    shares: list[tuple[slice, Floats]] = []
    forecasts = pairs = 0
    for block in found:
        block.pair[:] += pairs
        block.first[:] += forecasts
        to = slice(forecasts, forecasts + len(block.place)), slice(pairs, pairs + len(block.first))
        for name in OF_FORECAST:
            whole[name][to[0]] = getattr(block, name)
        for name in OF_PAIR:
            whole[name][to[1]] = getattr(block, name)
        if block.share is not None:
            shares.append((to[0], block.share))
        forecasts, pairs = to[0].stop, to[1].stop
    ends = dict.fromkeys(OF_FORECAST, forecasts) | dict.fromkeys(OF_PAIR, pairs)
    share = np.ones(forecasts) if shares else np.broadcast_to(np.float64(1.0), forecasts)
    for at, values in shares:
        share[at] = values
    columns = {name: column[: ends[name]] for name, column in whole.items()}
    return Timeline(order=order, share=share, **columns)
