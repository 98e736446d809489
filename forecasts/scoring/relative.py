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


def skill(*, score: npt.ArrayLike, reference: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> float:
    """
    Return the skill of scores against a reference's on the same questions; higher is better.

    1 - mean(score) / mean(reference): 1 is perfect and 0 the reference itself. A ratio of means is not
    proper, even where the score is.

    Parameters
    ----------
    score, reference : array_like, (n,)
        Paired, lower being better; a pair with NaN is left out.
    weights : array_like, (n,), optional
        How much each pair counts, above 0; equally by default.

    Returns
    -------
    float
        NaN without pairs, or where the reference scores a perfect 0.

    Raises
    ------
    ValueError
        Lengths that differ, or a weight that is not above 0.

    References
    ----------
    Murphy 1988, https://doi.org/10.1175/1520-0493(1988)116<2417:SSBOTM>2.0.CO;2

    Examples
    --------
    >>> skill(score=[0.1, 0.2], reference=[0.25, 0.25])
    0.3999999999999999
    """
    own = checks.floats(score, name="score", ndim=1)
    other = checks.floats(reference, name="reference", ndim=1)
    checks.same_rows(score=own, reference=other)
    both = ~(np.isnan(own) | np.isnan(other))
    w = checks.weights(weights, rows=own)[both]
    total = (w * other[both]).sum()
    return float(1.0 - (w * own[both]).sum() / total) if total > 0 else float("nan")


def base_rates(*, outcome: npt.ArrayLike, group: npt.ArrayLike | None = None) -> Floats:
    """
    Return for each question the base rate of the others, its own outcome left out.

    (sum of outcomes - own) / (number - 1), within a group where one is given. Leaving one out keeps the
    reference from knowing the answer.

    Parameters
    ----------
    outcome : array_like, (q,)
        0 or 1, one row for each question.
    group : array_like of int, (q,), optional
        Codes of groups, each with a base rate of its own.

    Returns
    -------
    ndarray, (q,)
        Shares; NaN for a question alone in its group.

    Raises
    ------
    ValueError
        An outcome other than 0 and 1, or lengths that differ.

    Notes
    -----
    The mean Brier score of this reference is (n / (n - 1))² times r·(1 - r), with n questions and the
    rate r of all.

    Examples
    --------
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
    Return each pair's mean over time of its score minus the median of those in force then.

    The source itself is one of them; time is the pair's own time in force. Below 0 is better than the
    median. Multiply by the coverage to count time without a forecast as the median, as Good Judgment Open
    and Cultivate do.

    Parameters
    ----------
    timeline : Timeline
        Of `build_timeline`; it has k pairs.
    score : array_like, (n,)
        The score of each of the input's rows; lower is better.

    Returns
    -------
    ndarray, (k,)
        In the unit of the score; NaN where no time was in force.

    References
    ----------
    The relative Brier score of Good Judgment Open and Cultivate, there by days

    Examples
    --------
    >>> from forecasts.scoring import build_timeline
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

    100·(ln p - mean of ln p of the others in force). For a member of the crowd that is
    100·N/(N - 1)·ln(p / geometric mean of all N); an outsider is compared with the whole crowd, without
    that factor. Halve the points for continuous questions.

    Parameters
    ----------
    timeline : Timeline
        Of `build_timeline`; it has k pairs.
    outcome_probability : array_like, (n,)
        What each of the input's rows gave to what happened, clipped by the caller to be above 0.
    outsider : array_like of bool, (n,), optional
        True for rows that are compared with the crowd but not in it.
    outsider_factor : bool
        True repeats the factor for outsiders, which Metaculus's code does and which makes their
        differences larger than they are.

    Returns
    -------
    PeerScores
        Points (k,), NaN where there never was anybody to compare with, and the share of time compared.

    Raises
    ------
    ValueError
        NaN, a number out of range, or a probability of 0, naming the row.

    References
    ----------
    Metaculus, "Scores FAQ", https://www.metaculus.com/help/scores-faq

    Examples
    --------
    >>> from forecasts.scoring import build_timeline
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
    Return the peer score at one moment, in points; higher is better.

    Parameters
    ----------
    question : array_like of int, (n,)
        Codes, with one row for each source that stood on the question then.
    outcome_probability : array_like, (n,)
        What each gave to what happened, above 0.
    outsider : array_like of bool, (n,), optional
        True for rows that are compared with the crowd but not in it.
    outsider_factor : bool
        As in `peer_scores`.

    Returns
    -------
    ndarray, (n,)
        Points; NaN where there is nobody to compare with.

    Raises
    ------
    ValueError
        NaN, a number out of range, a probability of 0, or lengths that differ.

    References
    ----------
    Metaculus, "Scores FAQ", https://www.metaculus.com/help/scores-faq

    Examples
    --------
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
    Return Metaculus's total and coverage, in which time without a score counts as 0.

    Means and shares are of the actual open window; the divisor is the scheduled one, also after an early
    close, which keeps the rule proper.

    Parameters
    ----------
    timeline : Timeline
        Of `build_timeline`; it has k pairs.
    mean : array_like, (k,)
        The points of each pair over the time that was scored.
    share : array_like, (k,)
        That time as a share of the actual window.
    horizon_end : float or array_like, (k,)
        The scheduled close, in seconds.

    Returns
    -------
    tuple of ndarray, (k,)
        Points over the scheduled window, and the share of it that was scored.

    References
    ----------
    Metaculus, "Scores FAQ", truncated scores, https://www.metaculus.com/help/scores-faq

    Examples
    --------
    >>> from forecasts.scoring import build_timeline
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
