"""
Comparison: a score beside the scores of others on the same questions and times.

Skill is a ratio of means, and its reference is always named. The relative
score is a difference from the median of the sources in force at the time, and
the peer score a difference of logarithms from the others' mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.scoring import checks
from forecasts.scoring.checks import Floats
from forecasts.scoring.sorting import ratio, segment_sums
from forecasts.scoring.sweep import mean_over_stand, running_median, stands_of, sweep_of
from forecasts.scoring.timeline import Timeline, question_parts


def skill(*, score: npt.ArrayLike, reference: npt.ArrayLike) -> float:
    """
    Return the skill of scores against a reference's on the same questions.

    1 - mean(score) / mean(reference); 1 is perfect, 0 the reference itself.
    score, reference: (n,), lower better, paired; a pair with NaN is left out.
    NaN without pairs, or where the reference scores a perfect 0.
    Raises ValueError when the lengths differ. Source: Murphy 1988,
    doi.org/10.1175/1520-0493(1988)116<2417:SSBOTM>2.0.CO;2

    >>> skill(score=[0.1, 0.2], reference=[0.25, 0.25])
    0.3999999999999999
    """
    own = checks.floats(score, name="score", ndim=1)
    other = checks.floats(reference, name="reference", ndim=1)
    checks.same_rows(score=own, reference=other)
    both = ~(np.isnan(own) | np.isnan(other))
    total = other[both].sum()
    return float(1.0 - own[both].sum() / total) if total > 0 else float("nan")


def base_rates(*, outcome: npt.ArrayLike, group: npt.ArrayLike | None = None) -> Floats:
    """
    Return for each question the base rate of the others, its own outcome left out.

    (sum of outcomes - own) / (number - 1), within a group where one is given.
    outcome: (q,) one row for each question, 0 or 1; group: (q,) integer codes;
    returns (q,), NaN for a question alone in its group.
    Raises ValueError on outcomes other than 0 and 1. Leaving one out keeps the
    reference from knowing the answer; its mean Brier score is (n / (n - 1))² times
    r·(1 - r), with n questions and the rate r of all.

    >>> base_rates(outcome=[1, 0, 0])
    array([0. , 0.5, 0.5])
    """
    y = checks.binary_outcomes(outcome)
    code = np.zeros(len(y), dtype=np.int64) if group is None else checks.codes(group, name="group")
    checks.same_rows(outcome=y, group=code)
    total, n = np.bincount(code, weights=y)[code], np.bincount(code)[code]
    return ratio(total - y, (n - 1).astype(np.float64))


def relative_scores(*, timeline: Timeline, score: npt.ArrayLike) -> Floats:
    """
    Return each pair's mean over time of its score minus the median score, (k,).

    The median is over the sources in force at that moment, the source itself
    included; time is the pair's own time in force. Below 0 is better than the
    median. Multiply by the coverage to count time without a forecast as the
    median, as the Good Judgment Project and Cultivate do.
    score: (n,) of the timeline's input rows. NaN where no time was in force.
    Source: the relative Brier score of Good Judgment Open and Cultivate, there by days

    >>> from forecasts.scoring.timeline import build_timeline
    >>> t = build_timeline(question=[0, 0], source=[0, 1], stated_at=[0.0, 0.0],
    ...     opens_at=[0.0, 0.0], closes_at=[1.0, 1.0])
    >>> relative_scores(timeline=t, score=[0.1, 0.3])
    array([-0.1,  0.1])
    """
    said = timeline.order.spread(np.asarray(score, dtype=np.float64))
    return np.concatenate([_relative(part, said[part.place]) for part in question_parts(timeline)])


def _relative(timeline: Timeline, score: Floats) -> Floats:
    """Return the relative score of each pair; score: (m,) of the timeline's forecasts."""
    stands = stands_of(timeline)
    sweep = sweep_of(stands)
    own = stands.mean(timeline, score)
    median = running_median(stands=stands, sweep=sweep, values=own)
    area = own * stands.length - sweep.integrate(median)
    return mean_over_stand(stands=stands, area=area, n_pairs=len(timeline.first))


@dataclass(frozen=True, slots=True)
class PeerScores:
    """
    points: (k,) the mean over the time in which there was somebody to compare
    with, NaN where there never was; compared: (k,) that time as a share of the
    question's open window.
    """

    points: Floats
    compared: Floats


def peer_scores(
    *,
    timeline: Timeline,
    outcome_probability: npt.ArrayLike,
    outsider: npt.ArrayLike | None = None,
    outsider_factor: bool = False,
) -> PeerScores:
    """
    Return each pair's peer score over time, in points; higher is better.

    100·(ln p - mean of ln p of the others in force). For a member of the crowd
    that is 100·N/(N - 1)·ln(p / geometric mean of all N); an outsider is
    compared with the whole crowd, without that factor. Halve the points for
    continuous questions.
    outcome_probability: (n,) of the input rows, what each forecast gave to what
    happened, clipped by the caller to be above 0; outsider: (n,) true for rows
    that are compared with the crowd but not in it; outsider_factor: true repeats
    the factor for outsiders, which Metaculus's code does and which makes their
    differences larger than they are. Only running sums are kept: O(F log F).
    Raises ValueError on NaN, range, or a probability of 0, naming the row.
    Source: Metaculus, "Scores FAQ", www.metaculus.com/help/scores-faq

    >>> from forecasts.scoring.timeline import build_timeline
    >>> t = build_timeline(question=[0, 0], source=[0, 1], stated_at=[0.0, 0.0],
    ...     opens_at=[0.0, 0.0], closes_at=[1.0, 1.0])
    >>> peer_scores(timeline=t, outcome_probability=[0.4, 0.6]).points.round(4)
    array([-40.5465,  40.5465])
    """
    said = timeline.order.spread(_logs(outcome_probability, timeline))
    marked = None if outsider is None else timeline.order.spread(np.asarray(outsider, dtype=np.float64))
    found = [
        _peer(part, said[part.place], None if marked is None else marked[part.place], outsider_factor)
        for part in question_parts(timeline)
    ]
    points, compared = (np.concatenate(column) for column in zip(*found, strict=True))
    return PeerScores(points=points, compared=compared)


def _peer(
    timeline: Timeline, log: Floats, outsider: Floats | None, outsider_factor: bool
) -> tuple[Floats, Floats]:
    """Return each pair's points and compared time; log, outsider: (m,) of the forecasts."""
    stands = stands_of(timeline)
    own = stands.mean(timeline, log)
    outside = (
        np.zeros(len(stands.pair), dtype=np.bool_)
        if outsider is None
        else stands.mean(timeline, outsider) > 0
    )
    inside = np.where(outside, 0.0, 1.0)
    sweep = sweep_of(stands)
    n: Floats = np.rint(sweep.running(inside))
    total = sweep.running(own * inside)
    mean = np.where(n > 0, ratio(total, n), 0.0)
    factor = np.where(n > 1, ratio(n, n - 1.0), 0.0)
    among = sweep.integrate(factor), sweep.integrate(mean * factor)
    seen = sweep.integrate(np.where(n > 0, 1.0, 0.0)), sweep.integrate(mean)
    beside = among if outsider_factor else seen
    weight, level = (np.where(outside, b, a) for a, b in zip(among, beside, strict=True))
    compared = np.where(outside & (not outsider_factor), seen[0], sweep.integrate(np.where(n > 1, 1.0, 0.0)))
    n_pairs = len(timeline.first)
    area = segment_sums(own * weight - level, stands.pair, n_pairs)
    time = segment_sums(compared, stands.pair, n_pairs)
    return 100.0 * ratio(area, time), time


def spot_peer_scores(
    *,
    question: npt.ArrayLike,
    outcome_probability: npt.ArrayLike,
    outsider: npt.ArrayLike | None = None,
    outsider_factor: bool = False,
) -> Floats:
    """
    Return the peer score at one moment, in points, (n,).

    question: (n,) codes, one row for each source that stood on it then;
    outcome_probability: (n,); outsider, outsider_factor: as in ``peer_scores``.
    NaN where there is nobody to compare with. Raises ValueError as ``peer_scores``
    does. Source: as there

    >>> spot_peer_scores(question=[0, 0, 1], outcome_probability=[0.1, 0.9, 0.5]).round(2)
    array([-219.72,  219.72,     nan])
    """
    code = checks.codes(question, name="question")
    own = _logs(outcome_probability)
    checks.same_rows(question=code, outcome_probability=own)
    outside = np.zeros(len(own), dtype=np.bool_) if outsider is None else np.asarray(outsider, dtype=np.bool_)
    inside = ~outside
    n = np.bincount(code, weights=inside.astype(np.float64))[code].astype(np.float64)
    mean = ratio(np.bincount(code, weights=np.where(inside, own, 0.0))[code], n)
    factor = np.where(n > 1, ratio(n, n - 1.0), 0.0)
    if not outsider_factor:
        factor = np.where(outside, 1.0, factor)
    comparable = (n > 1) | (outside & (n > 0) & (not outsider_factor))
    return np.where(comparable, 100.0 * factor * (own - mean), np.nan)


def over_horizon(
    *, timeline: Timeline, mean: npt.ArrayLike, share: npt.ArrayLike, horizon_end: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """
    Return Metaculus's total and coverage: time without a score counts as 0.

    Mean and share are of the actual open window; the divisor is the scheduled
    one, also after an early close, which keeps the rule proper.
    mean, share: (k,); horizon_end: scalar or (k,) scheduled close, seconds.
    Source: Metaculus, "Scores FAQ", truncated scores

    >>> from forecasts.scoring.timeline import build_timeline
    >>> t = build_timeline(question=[0], source=[0], stated_at=[0.0],
    ...     opens_at=[0.0], closes_at=[2.0])
    >>> over_horizon(timeline=t, mean=[80.0], share=[1.0], horizon_end=10.0)
    (array([16.]), array([0.2]))
    """
    end = np.broadcast_to(np.asarray(horizon_end, dtype=np.float64), timeline.opens_at.shape)
    window = ratio(timeline.closes_at - timeline.opens_at, end - timeline.opens_at)
    total = np.asarray(share, dtype=np.float64) * window
    return np.where(total > 0, np.asarray(mean, dtype=np.float64), 0.0) * total, total


def _logs(outcome_probability: npt.ArrayLike, timeline: Timeline | None = None) -> Floats:
    """Return the logarithms, (n,); of a timeline's input rows only those that count must have one."""
    p = checks.floats(outcome_probability, name="outcome_probability", ndim=1)
    row = np.arange(len(p)) if timeline is None else timeline.row
    counting = p if timeline is None else p[row]
    with checks.rows_named(row):
        checks.probabilities(counting, name="outcome_probability")
        bad = counting <= 0
        checks.refuse(bad, name="outcome_probability", values=counting, reason="without a logarithm: clip it")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(p))
