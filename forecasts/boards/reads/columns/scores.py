"""What each forecast on one question scores, and what it says, whatever the kind of question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.models import Forecast, Question, QuestionKind
from forecasts.schedule import days_since_epoch
from forecasts.scoring import odds_scores, quantile_scores, verbal_ranges
from forecasts.scoring.checks import Bools, Floats
from forecasts.scoring.kinds import HOUSE_RULES
from forecasts.scoring.openness import level_readings, odds_readings
from forecasts.scoring.rules import BINARY_RULES

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
        rule = BINARY_RULES[HOUSE_RULES[question.kind]]
        scores = verbal_ranges(low=low, best=best, high=high, outcome=outcomes, rule=rule)
        return OwnScores(
            best=_spread(scores.best, said, n),
            least=_spread(scores.minimum, said, n),
            most=_spread(scores.maximum, said, n),
        )
    best, least, most = (_spread(each, said, n) for each in _of_kind(question, stated, outcomes))
    return OwnScores(best=best, least=least, most=most)


def _of_kind(
    question: Question, stated: Sequence[Forecast], outcome: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the score of each forecast, with the least and the most."""
    if not stated:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    if question.kind in (QuestionKind.OPTIONS, QuestionKind.ORDERED):
        return odds_losses(rule=HOUSE_RULES[question.kind], said=stated, outcome=outcome)
    latest = np.full(len(stated), last_value(question))
    losses = quantile_losses(said=stated, outcome=outcome, latest=latest)
    return losses[0], np.min(losses, axis=0), np.max(losses, axis=0)


def odds_losses(*, rule: str, said: Sequence[Forecast], outcome: Floats) -> tuple[Floats, Floats, Floats]:
    """
    Return the score of each forecast over options, (n,), with the least and the most over what it left
    open. Options have no low and no high end, so who shares the rest is read as scores least, or most.
    """
    best = odds_scores(rule=rule, odds=[each.probabilities or [] for each in said], outcome=outcome)
    least, most = best.copy(), best.copy()
    row, odds = [], []
    for at, each in enumerate(said):
        if each.shared:
            ends = (each.range_low or 0.0, each.range_high or 0.0) if each.term_id else ()
            readings = odds_readings(odds=each.probabilities or [], shared=each.shared, ends=ends)
            row += [at] * len(readings)
            odds += readings
    if row:
        scores = odds_scores(rule=rule, odds=odds, outcome=outcome[row])
        np.minimum.at(least, row, scores)
        np.maximum.at(most, row, scores)
    return best, least, most


def quantile_losses(
    *, said: Sequence[Forecast], outcome: Floats, latest: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the score of each forecast of a number or a date, (n,), and those at either end of its range."""

    def at(levels: Sequence[Sequence[float]], values: Sequence[Sequence[float]]) -> Floats:
        return quantile_scores(levels=levels, values=values, outcome=outcome, latest=latest)

    levels = [each.quantile_levels or [] for each in said]
    values = [each.quantile_values or [] for each in said]
    best = at(levels, values)
    if all(each.range_low is None for each in said):
        return best, best, best
    low, high = zip(*(_ends(each) for each in said), strict=True)
    at_low, at_high = (at(*zip(*end, strict=True)) for end in (low, high))
    return best, at_low, at_high


Quantiles = tuple[Sequence[float], Sequence[float]]


def _ends(said: Forecast) -> tuple[Quantiles, Quantiles]:
    """Return levels and values at the low and at the high end of what was left open."""
    levels, values = said.quantile_levels or [], said.quantile_values or []
    if said.range_low is None or said.range_high is None:
        return (levels, values), (levels, values)
    if len(levels) == 1:
        return (levels, [said.range_low]), (levels, [said.range_high])
    low, high = level_readings(levels=levels, ends=(said.range_low, said.range_high))
    return (low, values), (high, values)


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
