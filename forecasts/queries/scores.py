"""What each forecast on one question scores, and what it says, whatever the kind of question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.models import Forecast, Question, QuestionKind
from forecasts.schedule import days_since_epoch
from forecasts.scoring.checks import Bools, Floats
from forecasts.scoring.columns import rule_scores
from forecasts.scoring.kinds import HOUSE_RULES, odds_scores, quantile_scores
from forecasts.scoring.rules import LOG_CLIP

HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnScores:
    """Of each forecast, (n,): the score at its best reading, with the least and the most; NaN for none."""

    best: Floats
    least: Floats
    most: Floats


def own_scores(*, question: Question, forecasts: Sequence[Forecast], outcome: float) -> OwnScores:
    """
    Return what each forecast scores by the rule for its kind, if that is the outcome.

    Withdrawals have no score. Numbers and dates score in their unit. `outcome` as `Finding` has it.
    """
    n = len(forecasts)
    said = np.array([not each.withdrawn for each in forecasts], dtype=np.bool_)
    stated = [each for each in forecasts if not each.withdrawn]
    outcomes = np.full(len(stated), float(outcome))
    if question.kind == QuestionKind.BINARY:
        best, low, high = _readings(stated)
        scores = [
            rule_scores(rule=HOUSE_RULES[question.kind], value=each, outcome=outcomes, eps=LOG_CLIP)
            for each in (best, low, high)
        ]
        return OwnScores(
            best=_spread(scores[0], said, n),
            least=_spread(np.min(scores, axis=0), said, n),
            most=_spread(np.max(scores, axis=0), said, n),
        )
    score = _spread(_of_kind(question, stated, outcomes), said, n)
    return OwnScores(best=score, least=score, most=score)


def _of_kind(question: Question, stated: Sequence[Forecast], outcome: Floats) -> Floats:
    if not stated:
        return np.zeros(0)
    if question.kind in (QuestionKind.OPTIONS, QuestionKind.ORDERED):
        odds = [each.probabilities or [] for each in stated]
        return odds_scores(rule=HOUSE_RULES[question.kind], odds=odds, outcome=outcome)
    return quantile_scores(
        levels=[each.quantile_levels or [] for each in stated],
        values=[each.quantile_values or [] for each in stated],
        outcome=outcome,
        latest=np.full(len(stated), last_value(question)),
    )


def last_value(question: Question) -> float:
    """Return the day from which a question on a date asks no further, in days; NaN for other kinds."""
    return days_since_epoch(question.deadline.too_late_on) if question.kind == QuestionKind.DATE else np.nan


def _readings(stated: Sequence[Forecast]) -> tuple[Floats, Floats, Floats]:
    best = np.array([np.nan if each.probability is None else each.probability for each in stated])
    low, high = (
        np.array([own if end is None else end for own, end in zip(best.tolist(), ends, strict=True)])
        for ends in ([each.probability_low for each in stated], [each.probability_high for each in stated])
    )
    return best, low, high


def _spread(scores: Floats, said: Bools, n: int) -> Floats:
    out = np.full(n, np.nan)
    out[said] = scores
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """
    What quantiles say: from `low` to `high` with probability `level`, with a `middle` where they have
    one. A point forecast has its value in `middle` alone. In the question's unit, or in days.
    """

    low: float | None
    middle: float | None
    high: float | None
    level: float | None


def range_of(forecast: Forecast) -> Range | None:
    """
    Return the outermost quantiles as a range, or None where the forecast has none.

    >>> range_of(Forecast(quantile_levels=[0.1, 0.5, 0.9], quantile_values=[3, 4, 5]))
    Range(low=3, middle=4, high=5, level=0.8)
    """
    levels, values = forecast.quantile_levels, forecast.quantile_values
    if not levels or not values:
        return None
    if len(levels) == 1:
        return Range(low=None, middle=values[0], high=None, level=None)
    middle = values[levels.index(HALF)] if HALF in levels else None
    # Twelve decimals: 0.9 - 0.1 is a hair off 0.8 in binary.
    return Range(low=values[0], middle=middle, high=values[-1], level=round(levels[-1] - levels[0], 12))
