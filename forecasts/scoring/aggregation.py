"""
Crowds: the forecasts in force at a moment, made one.

A crowd is a source like any other and is scored like one: feed the rows that
``crowd_forecasts`` returns back in under a source code of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats, Ints
from forecasts.scoring.rules import LOG_CLIP
from forecasts.scoring.sorting import ratio
from forecasts.scoring.timeline import Timeline

Method = Literal["mean", "median", "trimmed", "odds"]
MEMBERS_AT_ONCE = 4_000_000
HALF = 1e-12


@dataclass(frozen=True, slots=True)
class KnownScores:
    """
    What was known of each source's skill, and when.

    Of each scored question of a source, (j,): source code, known_at (seconds,
    when the outcome became known), score. A source's mean is pulled to the mean
    of all that was known then, as if it had answered ``prior_n`` more questions.
    """

    source: Ints
    known_at: Floats
    score: Floats
    prior_n: float = 10.0

    def weights(self, *, source: Ints, at: Floats) -> Floats:
        """
        Return the weight of each source at each moment: the mean score of all
        over its own shrunk one. 1 where nothing was known. No look-ahead.

        >>> known = KnownScores(np.array([0, 1]), np.array([5.0, 5.0]), np.array([0.1, 0.3]))
        >>> known.weights(source=np.array([0, 0]), at=np.array([4.0, 6.0])).round(4)
        array([1.    , 1.0476])
        """
        moments = np.unique(self.known_at)
        span = len(moments) + 1
        key = self.source * span + np.searchsorted(moments, self.known_at, side="right")
        order = np.argsort(key, kind="stable")
        total = np.append(0.0, np.cumsum(self.score[order]))
        passed = np.searchsorted(moments, at, side="right")
        stop = np.searchsorted(key[order], source * span + passed, side="right")
        start = np.searchsorted(key[order], source * span, side="left")
        in_time = np.argsort(self.known_at, kind="stable")
        n_all = np.searchsorted(self.known_at[in_time], at, side="right")
        mean_all = ratio(np.append(0.0, np.cumsum(self.score[in_time]))[n_all], n_all)
        own = (total[stop] - total[start] + self.prior_n * mean_all) / (stop - start + self.prior_n)
        return np.where((n_all > 0) & (own > 0), ratio(mean_all, own), 1.0)


@dataclass(frozen=True, slots=True)
class Crowd:
    """
    One row for each question and moment, by default those at which its crowd changed, (c,).

    question: codes; at: seconds; probability; n: sources in it. A row with n = 0
    has NaN: everybody withdrew, so the crowd does as well.
    """

    question: Ints
    at: Floats
    probability: Floats
    n: Ints


def crowd_forecasts(
    *,
    timeline: Timeline,
    probability: npt.ArrayLike,
    method: Method = "median",
    at: npt.ArrayLike | None = None,
    half_life: float | None = None,
    skill: KnownScores | None = None,
    trim: float = 0.1,
    extremise: float = 1.0,
    eps: float = LOG_CLIP,
) -> Crowd:
    """
    Return the crowd's forecasts over time, from the forecasts in force.

    Parameters
    ----------
    timeline : Timeline
        Of `build_timeline`.
    probability : array_like, (n,)
        The probability of "yes" of each of the input's rows.
    method : str
        "mean", "median", "trimmed" (the mean without the share `trim` at each end) or "odds" (the geometric
        mean of the odds).
    at : array_like, (a,), optional
        Moments to look at, in seconds, where they lie in a question's open window; by default each at which
        its crowd changes.
    half_life : float, optional
        Seconds after which a forecast counts half; no decay by default.
    skill : KnownScores, optional
        Weights by the shrunk skill that was known at that time.
    trim : float
        In [0, 0.5).
    extremise : float
        The power that the odds are raised to, above 0; 1 for none.
    eps : float
        Probabilities are clipped to [eps, 1 - eps] where odds are taken.

    Returns
    -------
    Crowd
        One row for each moment; NaN where nobody stood.

    Raises
    ------
    ValueError
        NaN, a number out of range, or an unknown method.

    Notes
    -----
    Work is proportional to the crowd's size times the moments.

    References
    ----------
    Satopää et al. 2014, https://doi.org/10.1016/j.ijforecast.2013.09.009 (odds); Baron et al. 2014,
    https://doi.org/10.1287/deca.2014.0293 (extremising)

    Examples
    --------
    >>> from forecasts.scoring import build_timeline
    >>> t = build_timeline(question=[0, 0, 0], source=[0, 1, 2], stated_at=[0.0, 0.0, 5.0],
    ...     opens_at=[0.0] * 3, closes_at=[10.0] * 3)
    >>> crowd = crowd_forecasts(timeline=t, probability=[0.2, 0.4, 0.9])
    >>> crowd.at, crowd.probability.round(6), crowd.n
    (array([0., 5.]), array([0.3, 0.4]), array([2, 3]))
    """
    _refuse(method=method, trim=trim, above_0={"half_life": half_life, "extremise": extremise})
    row = timeline.row
    p = checks.floats(probability, name="probability", ndim=1)[row]
    with checks.rows_named(row):
        checks.probabilities(p)
    question, moments = _moments(timeline) if at is None else _asked(timeline, at)
    value, size = np.full(len(moments), np.nan), np.zeros(len(moments), dtype=np.int64)
    for moment, member in _members(timeline, question, moments):
        found, first = np.unique(moment, return_index=True)
        group = np.repeat(np.arange(len(found)), np.diff(first, append=len(moment)))
        weight = timeline.share[member].copy()
        if half_life is not None and len(member):
            begin = timeline.begin[member]
            # Beside the newest of them: beside the moment, all could be too old for any weight.
            newest = np.maximum.reduceat(begin, first)[group]
            weight *= np.exp2((begin - newest) / half_life)
        if skill is not None:
            weight *= skill.weights(source=timeline.source[timeline.pair[member]], at=moments[moment])
        value[found] = _combine(p[member], weight, group, method=method, trim=trim, eps=eps)
        size[found] = np.rint(np.bincount(group, weights=timeline.share[member]))
    if extremise != 1.0:
        value = expit(extremise * logit(np.clip(value, eps, 1.0 - eps)))
    return Crowd(question, moments, value, size)


def _refuse(*, method: str, trim: float, above_0: dict[str, float | None]) -> None:
    if method not in ("mean", "median", "trimmed", "odds"):
        raise ValueError(f"method is {method!r}, not mean, median, trimmed or odds")
    if not 0.0 <= trim < 0.5:
        raise ValueError(f"trim is {trim}, not in [0, 0.5)")
    for name, number in above_0.items():
        if number is not None and not number > 0.0:
            raise ValueError(f"{name} is {number}, not above 0")


def _moments(timeline: Timeline) -> tuple[Ints, Floats]:
    """Return each question's distinct times of change within its open window."""
    question = timeline.question[timeline.pair]
    closes = timeline.closes_at[timeline.pair]
    opened = timeline.until > timeline.opens_at[timeline.pair]
    ended = opened & (timeline.until < closes)
    at = np.concatenate((timeline.start[opened], timeline.until[ended]))
    of = np.concatenate((question[opened], question[ended]))
    order = np.lexsort((at, of))
    of, at = of[order], at[order]
    new = np.ones(len(at), dtype=np.bool_)
    new[1:] = (of[1:] != of[:-1]) | (at[1:] != at[:-1])
    return of[new], at[new]


def _asked(timeline: Timeline, at: npt.ArrayLike) -> tuple[Ints, Floats]:
    """Return the asked moments of each question, those in its open window."""
    moments = np.unique(checks.finite(at, name="at"))
    question, first = np.unique(timeline.question, return_index=True)
    opens, closes = timeline.opens_at[first, None], timeline.closes_at[first, None]
    of, which = np.nonzero((opens <= moments) & (moments < closes))
    return question[of], moments[which]


def _members(timeline: Timeline, question: Ints, at: Floats) -> Iterator[tuple[Ints, Ints]]:
    """Yield moments and the forecasts that stand at them, a few million at a time."""
    of_row = timeline.question[timeline.pair]
    begin = np.searchsorted(of_row, question, side="left")
    size = np.searchsorted(of_row, question, side="right") - begin
    part = np.cumsum(size) // MEMBERS_AT_ONCE
    for each in np.unique(part):
        asked = np.flatnonzero(part == each)
        n = size[asked]
        moment = np.repeat(asked, n)
        member = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n) + begin[moment]
        stands = (timeline.begin[member] <= at[moment]) & (at[moment] < timeline.until[member])
        yield moment[stands], member[stands]


def _combine(p: Floats, weight: Floats, group: Ints, *, method: Method, trim: float, eps: float) -> Floats:
    """Return one probability for each group; groups are in order."""
    if method == "odds":
        return np.asarray(expit(_mean(logit(np.clip(p, eps, 1.0 - eps)), weight, group)))
    if method == "mean":
        return _mean(p, weight, group)
    order = np.lexsort((p, group))
    p, weight = p[order], weight[order]
    total = np.bincount(group, weights=weight)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    upto = np.cumsum(weight)
    upto = (upto - (upto[first] - weight[first])[group]) / total[group]
    before = upto - weight / total[group]
    if method == "trimmed":
        kept = np.minimum(upto, 1.0 - trim) - np.maximum(before, trim)
        return _mean(p, np.maximum(kept, 0.0), group)
    # The middle: whoever the halfway mark falls in, or on the edge of two.
    middle = (before <= 0.5 + HALF) & (upto >= 0.5 - HALF)
    return _mean(p, middle.astype(np.float64), group)


def _mean(values: Floats, weight: Floats, group: Ints) -> Floats:
    return ratio(np.bincount(group, weights=weight * values), np.bincount(group, weights=weight))
