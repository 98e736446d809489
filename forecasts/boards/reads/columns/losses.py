"""Scores of forecasts that are more than one probability: options, numbers and dates, of a whole board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.boards.reads.columns.scores import last_value, odds_losses, quantile_losses
from forecasts.models import Forecast, Question, QuestionKind
from forecasts.scoring.checks import Bools, Floats, Ints
from forecasts.scoring.kinds import uninformed_scores

READ = (
    *("probabilities", "quantile_levels", "quantile_values", "term_id"),
    *("range_low", "range_high", "shared"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """
    Of each row, (n,): whether its question is not of yes or no, its score with that at either end of what
    was left open, and the score of equal odds.
    """

    other: Bools
    loss: Floats
    low: Floats
    high: Floats
    uninformed: Floats


def other_losses(*, rule: str, forecast: Ints, question: Ints, outcome: Floats, valued: Bools) -> Losses:
    """
    Return the scores of the rows that have no single probability, by their question's kind.

    forecast, question: (n,) keys; outcome: (n,) NaN where there is none; valued: (n,) rows that have a
    value which is not one probability. Without any, no query; else two, however many rows.
    """
    losses = Losses(
        other=np.zeros(len(question), dtype=np.bool_),
        loss=np.full(len(question), np.nan),
        low=np.full(len(question), np.nan),
        high=np.full(len(question), np.nan),
        uninformed=np.full(len(question), np.nan),
    )
    if not valued.any():
        return losses
    # A withdrawal has no value to tell its kind by, but its question has.
    losses.other[:] = np.isin(question, np.unique(question[valued]))
    rows = np.flatnonzero(valued & ~np.isnan(outcome))
    if len(rows):
        _fill(
            losses, rows, rule=rule, forecast=forecast[rows], question=question[rows], outcome=outcome[rows]
        )
    return losses


def _fill(losses: Losses, rows: Ints, *, rule: str, forecast: Ints, question: Ints, outcome: Floats) -> None:
    said = _said(forecast)
    asked = Question.objects.in_bulk(np.unique(question).tolist())
    numeric = {key for key, each in asked.items() if each.kind in (QuestionKind.NUMBER, QuestionKind.DATE)}
    is_number = np.isin(question, list(numeric))
    if is_number.any():
        at = rows[is_number]
        losses.loss[at], losses.low[at], losses.high[at] = quantile_losses(
            said=[said[key] for key in forecast[is_number].tolist()],
            outcome=outcome[is_number],
            latest=np.array([last_value(asked[key]) for key in question[is_number].tolist()]),
        )
    if not is_number.all():
        at = rows[~is_number]
        losses.loss[at], losses.low[at], losses.high[at] = odds_losses(
            rule=rule, said=[said[key] for key in forecast[~is_number].tolist()], outcome=outcome[~is_number]
        )
        sizes = [len(asked[key].options) for key in question[~is_number].tolist()]
        losses.uninformed[at] = uninformed_scores(rule=rule, n_options=sizes, outcome=outcome[~is_number])


def _said(forecast: Sequence[int] | Ints) -> Mapping[int, Forecast]:
    """Return the forecasts with the columns of their values alone."""
    rows = Forecast.objects.filter(pk__in=np.asarray(forecast).tolist()).order_by()
    return {
        pk: Forecast(pk=pk, **dict(zip(READ, cells, strict=True)))
        for pk, *cells in rows.values_list("pk", *READ)
    }
