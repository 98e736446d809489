"""The table of pairs: every score of a source on a question that has one number."""

from __future__ import annotations

import numpy as np

from forecasts.scoring.checks import Floats
from forecasts.scoring.columns import PROBABILITY_RULES, Columns, rule_scores
from forecasts.scoring.moments import first_score, last_score
from forecasts.scoring.relative import base_rates, peer_scores, relative_scores, spot_peer_scores
from forecasts.scoring.result import ForecastScores, PairTable
from forecasts.scoring.timeline import Timeline, time_weighted


def pair_table(
    *,
    columns: Columns,
    timeline: Timeline,
    forecasts: ForecastScores,
    chance: Floats | None,
    rule: str,
    eps: float,
    compared_by: str,
    n_questions: int,
    among_others: bool = True,
) -> tuple[PairTable, Floats]:
    """
    Return the pairs' scores, and the base rate of the others for each question.

    chance: (n,) what each row gave to what happened, None for numbers; among_others:
    whether to compare with the others in force, NaN otherwise, as are peer scores
    on a question where somebody gave 0 to what happened (unclipped). A window
    without length has no time-weighted score: there the last one is compared.
    """
    n_pairs = len(timeline.first)
    nothing = np.full(n_pairs, np.nan)
    score = time_weighted(timeline=timeline, score=forecasts.score)
    last = last_score(timeline=timeline, score=forecasts.score)
    in_time = compared_by == "time_weighted"
    covered = ~np.isnan(score) & (timeline.coverage > 0)
    ranged = columns.low is not None or columns.high is not None
    same = forecasts.brier is forecasts.score
    first = first_score(timeline=timeline, score=forecasts.score)
    outcome = columns.outcome[timeline.row[timeline.first]]
    base_rate = _base_rate(timeline, outcome, columns.value.ndim, rule, n_questions)
    peer, spot = (nothing, nothing) if chance is None or not among_others else _peers(timeline, chance)
    pairs = PairTable(
        question=timeline.question,
        source=timeline.source,
        score=score,
        score_min=time_weighted(timeline=timeline, score=forecasts.score_min) if ranged else score,
        score_max=time_weighted(timeline=timeline, score=forecasts.score_max) if ranged else score,
        first=first,
        last=last,
        brier=score if same else time_weighted(timeline=timeline, score=forecasts.brier),
        brier_first=first if same else first_score(timeline=timeline, score=forecasts.brier),
        brier_last=last if same else last_score(timeline=timeline, score=forecasts.brier),
        coverage=timeline.coverage,
        compared=np.where(covered, score, last) if in_time else last,
        weight=np.where(covered, timeline.coverage, 1.0) if in_time else np.ones(n_pairs),
        relative=relative_scores(timeline=timeline, score=forecasts.score) if among_others else nothing,
        peer=peer,
        spot_peer=spot,
        reference=_reference(base_rate[timeline.question], outcome, columns, rule, eps),
        n_forecasts=timeline.n_forecasts,
    )
    return pairs, base_rate


def _peers(timeline: Timeline, chance: Floats) -> tuple[Floats, Floats]:
    """Return the peer score of each pair, over time, and of its last forecast, among all on the question."""
    if len(timeline.first) == 0:
        return np.zeros(0), np.zeros(0)
    hopeless = timeline.of_forecasts(chance) == 0.0
    chance = np.where(chance == 0.0, 1.0, chance)
    over_time = peer_scores(timeline=timeline, outcome_probability=chance).points
    level = last_score(timeline=timeline, score=np.log(chance))
    last = spot_peer_scores(question=timeline.question, outcome_probability=np.exp(level))
    if hopeless.any():
        endless = np.isin(timeline.question, timeline.question[timeline.pair[hopeless]])
        over_time[endless] = last[endless] = np.nan
    return over_time, last


def _base_rate(timeline: Timeline, outcome: Floats, ndim: int, rule: str, n_questions: int) -> Floats:
    """Return each question's base rate among the others, NaN where there is none."""
    rate = np.full(n_questions, np.nan)
    if rule in PROBABILITY_RULES and ndim == 1 and len(outcome):
        asked, first = np.unique(timeline.question, return_index=True)
        rate[asked] = base_rates(outcome=outcome[first])
    return rate


def _reference(base_rate: Floats, outcome: Floats, columns: Columns, rule: str, eps: float) -> Floats:
    """Return what the reference scores on each pair: base rate, or 1/K for options."""
    found = np.full(len(outcome), np.nan)
    if rule not in PROBABILITY_RULES or len(outcome) == 0:
        return found
    if columns.value.ndim == 1:
        there = ~np.isnan(base_rate)
        value = base_rate[there]
    else:
        there = np.ones(len(outcome), dtype=np.bool_)
        options = columns.value.shape[1]
        value = np.full((len(outcome), options), 1.0 / options)
    if there.any():
        found[there] = rule_scores(rule=rule, value=value, outcome=outcome[there], eps=eps)
    return found
