"""Scores of forecasts that are more than one probability: options, numbers and dates, of a whole board."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.models import Forecast, Question, QuestionKind
from forecasts.queries.scores import last_value
from forecasts.scoring.checks import Bools, Floats, Ints
from forecasts.scoring.kinds import odds_scores, quantile_scores, uninformed_scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """Of each row, (n,): whether its question is not of yes or no, its score, and that of equal odds."""

    other: Bools
    loss: Floats
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
    said = (
        Forecast.objects.filter(pk__in=forecast.tolist())
        .order_by()
        .values_list("pk", "probabilities", "quantile_levels", "quantile_values")
    )
    values = {pk: [each or [] for each in rest] for pk, *rest in said}
    asked = Question.objects.in_bulk(np.unique(question).tolist())
    numeric = {key for key, each in asked.items() if each.kind in (QuestionKind.NUMBER, QuestionKind.DATE)}
    is_number = np.isin(question, list(numeric))
    if is_number.any():
        chosen = forecast[is_number].tolist()
        losses.loss[rows[is_number]] = quantile_scores(
            levels=[values[key][1] for key in chosen],
            values=[values[key][2] for key in chosen],
            outcome=outcome[is_number],
            latest=[last_value(asked[key]) for key in question[is_number].tolist()],
        )
    if not is_number.all():
        chosen = forecast[~is_number].tolist()
        sizes = [len(asked[key].options) for key in question[~is_number].tolist()]
        at = rows[~is_number]
        losses.loss[at] = odds_scores(
            rule=rule, odds=[values[key][0] for key in chosen], outcome=outcome[~is_number]
        )
        losses.uninformed[at] = uninformed_scores(rule=rule, n_options=sizes, outcome=outcome[~is_number])
