"""
Scores by kind of question: which rules can score it, and rows of uneven width.

A yes-or-no question has one probability; one of several options a probability
each; a number or a date quantiles. What can't be put on one scale is never
averaged: `crps_from_quantiles` is in the unit of its question.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final

import numpy as np
import numpy.typing as npt

from forecasts.scoring import checks
from forecasts.scoring.checks import Bools, Floats
from forecasts.scoring.columns import rule_scores
from forecasts.scoring.rules import LOG_CLIP, crps_from_quantiles, ranked_probability_score

SCORED_BY: Final[dict[str, tuple[str, ...]]] = {
    "brier": ("binary", "options"),
    "log": ("binary", "options"),
    "spherical": ("binary", "options"),
    "ranked_probability": ("binary", "ordered"),
    "crps": ("number", "date"),
}
"""
The kinds that each rule scores, all on one scale. A yes-or-no question is one of two ordered options,
whose ranked probability score is the Brier score.
"""
HOUSE_RULES: Final = {
    "binary": "brier",
    "options": "brier",
    "ordered": "ranked_probability",
    "number": "crps",
    "date": "crps",
}
"""The rule by which a single forecast of a kind is shown."""


def odds_scores(
    *, rule: str, odds: Sequence[Sequence[float]], outcome: npt.ArrayLike, eps: float = LOG_CLIP
) -> Floats:
    """
    Return the score of each forecast over options, where questions differ in how many they have.

    Parameters
    ----------
    rule : str
        "brier", "log", "spherical" or "ranked_probability".
    odds : sequence of sequences of float
        n rows of one probability for each option.
    outcome : array_like, (n,)
        The index of the option that came true.
    eps : float
        The clip of the log score.

    Returns
    -------
    ndarray, (n,)
        One score for each forecast; lower is better.

    Raises
    ------
    ValueError
        An unknown rule, an outcome that is no option of its question, or what the rule refuses.

    Examples
    --------
    >>> odds_scores(rule="brier", odds=[[0.75, 0.25], [0.2, 0.3, 0.5]], outcome=[1, 2]).round(4)
    array([0.5625, 0.19  ])
    """
    value, there = _even(odds)
    y = checks.floats(outcome, name="outcome", ndim=1)
    width = there.sum(axis=1)
    checks.refuse(y >= width, name="outcome", values=y, reason="not an option of its question")
    if rule == "ranked_probability":
        return ranked_probability_score(probability=value, outcome=y, n_options=width)
    return rule_scores(rule=rule, value=value, outcome=y, eps=eps)


def quantile_scores(
    *,
    levels: Sequence[Sequence[float]],
    values: Sequence[Sequence[float]],
    outcome: npt.ArrayLike,
    latest: npt.ArrayLike | None = None,
) -> Floats:
    """
    Return the CRPS of each forecast of a number or a date, where forecasts differ in their quantiles.

    Parameters
    ----------
    levels, values : sequence of sequences of float
        n rows of quantiles, as `crps_from_quantiles` takes them.
    outcome : array_like, (n,)
        What the number turned out to be; days for dates.
    latest : array_like, (n,), optional
        What counts as the last value, NaN for none. A question on a date asks only up to its deadline, and
        "not by then" is one answer, so later values and outcomes count as `latest`.

    Returns
    -------
    ndarray, (n,)
        One score for each forecast in its unit (days for dates); 0 is best.

    Raises
    ------
    ValueError
        A row without quantiles or with another number of levels, or what `crps_from_quantiles` refuses.

    Notes
    -----
    With `latest` it is the threshold-weighted CRPS, which is proper.

    References
    ----------
    Gneiting and Ranjan 2011, https://doi.org/10.1198/jbes.2010.08110

    Examples
    --------
    >>> quantile_scores(levels=[[0.5], [0.1, 0.9]], values=[[3.0], [0.0, 8.0]], outcome=[5.0, 4.0])
    array([2.        , 0.82666667])
    >>> quantile_scores(levels=[[0.5]], values=[[90.0]], outcome=[60.0], latest=[60.0])
    array([0.])
    """
    x, there = _even(values)
    f, level_there = _even(levels)
    if not len(x):
        return np.zeros(0)
    width, n_levels = there.sum(axis=1), level_there.sum(axis=1)
    checks.same_rows(values=width, levels=n_levels)
    checks.refuse(width == 0, name="values", values=width, reason="the number of quantiles")
    checks.refuse(n_levels != width, name="levels", values=n_levels, reason="not as many as the values")
    y = checks.floats(outcome, name="outcome", ndim=1)
    # Rows with fewer quantiles repeat their last.
    row, last = np.arange(len(x)), width - 1
    x, f = (np.where(there, each, each[row, last][:, None]) for each in (x, f))
    if latest is not None:
        cap = checks.floats(latest, name="latest", ndim=1)
        x, y = np.fmin(x, cap[:, None]), np.fmin(y, cap)
    return crps_from_quantiles(values=x, levels=f, outcome=y)


def uninformed_scores(
    *, rule: str, n_options: npt.ArrayLike, outcome: npt.ArrayLike, eps: float = LOG_CLIP
) -> Floats:
    """
    Return what equal odds on every option score, (n,).

    >>> uninformed_scores(rule="brier", n_options=[2, 4], outcome=[0, 3])
    array([0.25 , 0.375])
    """
    even = [[1 / k] * int(k) for k in np.atleast_1d(n_options)]
    return odds_scores(rule=rule, odds=even, outcome=outcome, eps=eps)


def _even(rows: Sequence[Sequence[float]]) -> tuple[Floats, Bools]:
    """Return rows of uneven width as one array filled with zeros, and where there is a number."""
    width = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
    there = np.arange(width.max(initial=0)) < width[:, None]
    even = np.zeros(there.shape)
    even[there] = np.fromiter(chain.from_iterable(rows), dtype=np.float64, count=int(width.sum()))
    return even, there
