"""
Who stood together: every question cut into steps at which the crowd changes.

All questions are swept at once. A running sum over the steps gives crowd
means; ``running_order_statistic`` gives the k-th smallest value in force at
every step, hence the median, in O(F log F) with a wavelet matrix (Claude and
Navarro 2012, doi.org/10.1007/978-3-642-34109-0_18) and no loop over steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.scoring.checks import Bools, Floats, Ints
from forecasts.scoring.sorting import order_by, ratio, segment_sums
from forecasts.scoring.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Stands:
    """
    One row for each stretch that one source stood on one question, (g,).

    Simultaneous forecasts are one row. ``group``: (m,) the row of each of the
    timeline's forecasts; ``pair``, ``question`` (0, 1, ... in order of code);
    ``start``, ``end``: share of the question's open window, from 0 to 1.
    """

    group: Ints
    pair: Ints
    question: Ints
    start: Floats
    end: Floats
    n_questions: int

    @property
    def length(self) -> Floats:
        return self.end - self.start

    def mean(self, timeline: Timeline, values: Floats) -> Floats:
        """Return the mean of the values (m,) of each row's forecasts, (g,)."""
        return segment_sums(values * timeline.share, self.group, len(self.pair))


def stands_of(timeline: Timeline) -> Stands:
    """
    Return the stretches of a timeline, on a scale of each question's window.

    A window without length is taken as one instant at which every last
    forecast stands, from 0 to 1.
    """
    changes = np.ones(len(timeline.place), dtype=np.bool_)
    changes[1:] = (timeline.pair[1:] != timeline.pair[:-1]) | (timeline.begin[1:] != timeline.begin[:-1])
    first = np.flatnonzero(changes)
    pair = timeline.pair[first]
    question = timeline.question[pair]
    opens, closes = timeline.opens_at[pair], timeline.closes_at[pair]
    window = closes - opens
    at_once = window <= 0
    scale = np.where(at_once, 1.0, window)
    last = timeline.until[first] > closes
    start = np.where(at_once, 0.0, (timeline.start[first] - opens) / scale)
    end = np.where(at_once, last, (timeline.end[first] - opens) / scale)
    # Questions are in order, so they are counted where the code changes.
    index = np.cumsum(np.diff(question, prepend=-1) != 0) - 1
    return Stands(np.cumsum(changes) - 1, pair, index, start, end, int(index[-1]) + 1 if len(index) else 0)


@dataclass(frozen=True, slots=True)
class Sweep:
    """
    The steps of all questions, in order of question and time, (t,).

    ``event``: (2g,) starts and ends in that order, the row of ``Stands`` below
    g, the end of it above; ``step``: (2g,) the step each event opens;
    ``length``: (t,) the step's share of its question's window; ``in_force``:
    (t,) how many stand; ``starts_at``, ``ends_at``: (g,) steps of each row;
    ``opening``: (t,) the first step of the same question.
    """

    event: Ints
    step: Ints
    length: Floats
    in_force: Ints
    starts_at: Ints
    ends_at: Ints
    opening: Ints

    def running(self, values: Floats) -> Floats:
        """Return the sum over those in force of ``values`` (g,) at each step, (t,)."""
        g = len(values)
        signed = np.where(self.event < g, values[self.event % g], -values[self.event % g])
        change = np.bincount(self.step, weights=signed, minlength=len(self.length))
        total = np.cumsum(change, dtype=np.longdouble)
        before = np.append(np.longdouble(0.0), total)[self.opening]
        return (total - before).astype(np.float64)

    def integrate(self, values: Floats) -> Floats:
        """
        Return the integral of a step function (t,) over each row's stretch, (g,).

        Sums are kept in extended precision: a short stretch is the difference
        of two sums over everything before it. Steps at which nobody stands
        belong to no stretch, whatever their value.
        """
        area = np.where(self.in_force > 0, values * self.length, 0.0)
        total = np.append(np.longdouble(0.0), np.cumsum(area, dtype=np.longdouble))
        return (total[self.ends_at] - total[self.starts_at]).astype(np.float64)


def sweep_of(stands: Stands) -> Sweep:
    """Return the steps at which somebody's stand on a question starts or ends."""
    g = len(stands.pair)
    question = np.concatenate((stands.question, stands.question))
    time = np.concatenate((stands.start, stands.end))
    event = order_by(major=question, time=time)
    question, time = question[event], time[event]
    changes = np.ones(2 * g, dtype=np.bool_)
    changes[1:] = (question[1:] != question[:-1]) | (time[1:] != time[:-1])
    step = np.cumsum(changes) - 1
    at = np.flatnonzero(changes)
    of_question, moment = question[at], time[at]
    length = np.zeros(len(at))
    length[:-1] = np.where(of_question[1:] == of_question[:-1], moment[1:] - moment[:-1], 0.0)
    change = np.bincount(step, weights=np.where(event < g, 1.0, -1.0), minlength=len(at))
    where = np.empty(2 * g, dtype=np.int64)
    where[event] = step
    opening = np.flatnonzero(np.diff(of_question, prepend=-1))
    return Sweep(
        event=event,
        step=step,
        length=length,
        in_force=np.cumsum(change).astype(np.int64),
        starts_at=where[:g],
        ends_at=where[g:],
        opening=np.repeat(opening, np.diff(opening, append=len(at))),
    )


def running_median(*, stands: Stands, sweep: Sweep, values: Floats) -> Floats:
    """
    Return the median of ``values`` (g,) over those in force at each step, (t,).

    NaN where nobody stands. An even number has the mean of the middle two.
    """
    asked = np.flatnonzero(sweep.in_force > 0)
    n = sweep.in_force[asked]
    median = np.full(len(sweep.length), np.nan)
    low = running_order_statistic(stands=stands, sweep=sweep, values=values, step=asked, k=(n - 1) // 2)
    median[asked] = low
    even = n % 2 == 0
    high = running_order_statistic(
        stands=stands, sweep=sweep, values=values, step=asked[even], k=n[even] // 2
    )
    median[asked[even]] = 0.5 * (low[even] + high)
    return median


def running_order_statistic(*, stands: Stands, sweep: Sweep, values: Floats, step: Ints, k: Ints) -> Floats:
    """
    Return the k-th smallest value (from 0) in force at each asked step.

    values: (g,); step, k: (a,), with k below the number in force; returns (a,).
    """
    g = len(values)
    by_value = np.lexsort((values, stands.question))
    size = np.bincount(stands.question, minlength=stands.n_questions)
    offset = np.cumsum(size) - size
    rank = np.empty(g, dtype=np.int64)
    rank[by_value] = np.arange(g) - offset[stands.question[by_value]]
    # Questions of one size class together: small ones need few levels.
    depth = np.ceil(np.log2(np.maximum(size, 1))).astype(np.int64)
    asked_question = stands.question[sweep.event[np.searchsorted(sweep.step, step)] % max(g, 1)]
    found = np.empty(len(step), dtype=np.int64)
    event_depth = depth[stands.question[sweep.event % max(g, 1)]]
    for levels in np.unique(depth[asked_question]):
        events = np.flatnonzero(event_depth == levels)
        asked = np.flatnonzero(depth[asked_question] == levels)
        stop = np.searchsorted(sweep.step[events], step[asked], side="right")
        start = np.searchsorted(sweep.step[events], sweep.opening[step[asked]], side="left")
        row = sweep.event[events]
        found[asked] = _descend(rank[row % g], row < g, (start, stop), k[asked], int(levels))
    return np.asarray(values[by_value[offset[asked_question] + found]])


def _descend(rank: Ints, begins: Bools, span: tuple[Ints, Ints], k: Ints, levels: int) -> Ints:
    """Return the rank of the k-th in force, bit by bit from the highest."""
    start, stop = span
    sign = np.where(begins, 1, -1)
    found = np.zeros(len(k), dtype=np.int64)
    k = k.copy()
    for bit in range(levels - 1, -1, -1):
        lower = (rank >> bit) & 1 == 0
        count = np.append(0, np.cumsum(lower))
        standing = np.append(0, np.cumsum(np.where(lower, sign, 0)))
        below = standing[stop] - standing[start]
        down = k < below
        n_lower = count[-1]
        start = np.where(down, count[start], n_lower + start - count[start])
        stop = np.where(down, count[stop], n_lower + stop - count[stop])
        k -= np.where(down, 0, below)
        found += np.where(down, 0, 1 << bit)
        rank = np.concatenate((rank[lower], rank[~lower]))
        sign = np.concatenate((sign[lower], sign[~lower]))
    return found


def mean_over_stand(*, stands: Stands, area: Floats, n_pairs: int) -> Floats:
    """Return the area (g,) of each pair divided by its length in force, (k,)."""
    total = segment_sums(area, stands.pair, n_pairs)
    return ratio(total, segment_sums(stands.length, stands.pair, n_pairs))
