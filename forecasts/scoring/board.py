"""The tables of sources and questions, from the table of pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from forecasts.scoring.checks import Floats, Ints
from forecasts.scoring.columns import Columns
from forecasts.scoring.difficulty import Crossed, Fixed, crossed, fixed_effects, random_effects
from forecasts.scoring.places import held_in_range
from forecasts.scoring.ranking import standings
from forecasts.scoring.result import ForecastScores, PairTable, QuestionTable, SourceTable
from forecasts.scoring.sorting import distinct, ratio
from forecasts.scoring.timeline import Timeline
from forecasts.scoring.variance import Components, variance_components


def board_of(
    *,
    columns: Columns,
    timeline: Timeline,
    forecasts: ForecastScores,
    pairs: PairTable,
    base_rate: Floats,
    codes: tuple[Ints, Ints],
    bootstrap: int,
    seed: int,
    min_n: int,
    bounds: tuple[float, float],
) -> tuple[SourceTable, QuestionTable, Components]:
    """
    Return the tables of sources and of questions, and the variances between.

    codes: the questions' and the sources' codes in the input, in order; bounds: the least and the greatest
    score that the rule can give, beyond which no interval of a score reaches.
    """
    question_code, source_code = codes
    n_sources, n_questions = len(source_code), len(question_code)
    data, kept = _layout(pairs, n_sources, n_questions)
    variances = variance_components(data=data)
    fixed = fixed_effects(data=data)
    random = random_effects(
        data=data, source_ridge=variances.source_ridge, question_ridge=variances.question_ridge
    )
    n = np.bincount(pairs.source, minlength=n_sources).astype(np.int64)
    # The timeline's order is complete, so sums come out the same to the last bit.
    source_of_row = columns.source[timeline.row]
    places = standings(
        data=data,
        event=_events(columns, n_questions),
        question_ridge=variances.question_ridge,
        reference=pairs.reference[kept],
        draws=bootstrap,
        seed=seed,
    )
    least, most = bounds
    if not (pairs.compared < 0).any():
        # Scores that are given are losses where none is below 0.
        least = 0.0
    low, high = held_in_range(low=places.low, high=places.high, value=places.shrunk, least=least, most=most)
    places = replace(places, low=low, high=high)
    sources = SourceTable(
        code=source_code,
        n_forecasts=np.bincount(pairs.source, weights=pairs.n_forecasts, minlength=n_sources).astype(
            np.int64
        ),
        n_questions=n,
        score=_mean(forecasts.score[timeline.row], source_of_row, n_sources),
        brier=_mean(forecasts.brier[timeline.row], source_of_row, n_sources),
        time_weighted=_mean(pairs.score, pairs.source, n_sources),
        time_weighted_min=_mean(pairs.score_min, pairs.source, n_sources),
        time_weighted_max=_mean(pairs.score_max, pairs.source, n_sources),
        brier_time_weighted=_mean(pairs.brier, pairs.source, n_sources),
        brier_first=_mean(pairs.brier_first, pairs.source, n_sources),
        brier_last=_mean(pairs.brier_last, pairs.source, n_sources),
        coverage=_mean(pairs.coverage, pairs.source, n_sources),
        relative=_mean(pairs.relative, pairs.source, n_sources),
        peer=_mean(pairs.peer, pairs.source, n_sources),
        spot_peer=_mean(pairs.spot_peer, pairs.source, n_sources),
        spot_peer_sum=_sum(pairs.spot_peer, pairs.source, n_sources),
        skill=_skill(pairs, n_sources),
        adjusted_fixed=fixed.adjusted,
        component=fixed.component,
        reason=_reasons(fixed, n),
        adjusted_shrunk=np.where(n > 0, random.adjusted, np.nan),
        standings=places,
        provisional=n < min_n,
    )
    return sources, _question_table(columns, pairs, fixed, question_code, base_rate), variances


def _layout(pairs: PairTable, n_sources: int, n_questions: int) -> tuple[Crossed, Ints]:
    """Return the pairs that can be compared, and which these are, in that order."""
    kept = np.flatnonzero(~np.isnan(pairs.compared))
    data = crossed(
        source=pairs.source[kept],
        question=pairs.question[kept],
        score=pairs.compared[kept],
        weight=pairs.weight[kept],
        n_sources=n_sources,
        n_questions=n_questions,
    )
    # Pairs come in order of question and source, as ``Crossed`` keeps them.
    return data, kept


def _events(columns: Columns, n_questions: int) -> Ints:
    event = np.zeros(n_questions, dtype=np.int64)
    event[columns.question] = distinct(columns.event)[1]
    return event


def _question_table(
    columns: Columns, pairs: PairTable, fixed: Fixed, code: Ints, base_rate: Floats
) -> QuestionTable:
    outcome = np.full(len(code), np.nan)
    outcome[columns.question] = columns.outcome
    n_forecasts = np.bincount(pairs.question, weights=pairs.n_forecasts, minlength=len(code))
    return QuestionTable(
        code=code,
        outcome=outcome,
        n_sources=np.bincount(pairs.question, minlength=len(code)).astype(np.int64),
        n_forecasts=n_forecasts.astype(np.int64),
        mean=_mean(pairs.compared, pairs.question, len(code)),
        difficulty=fixed.difficulty,
        base_rate=base_rate,
    )


def _reasons(fixed: Fixed, n: Ints) -> list[str]:
    """Return why a source's fixed adjusted score is missing, empty where it is not."""
    words = np.array(
        [
            "",
            "no scored forecast",
            "shares no question with another source",
            "no chain of shared questions leads to the main group",
        ]
    )
    missing = np.isnan(fixed.adjusted)
    which = np.where(n == 0, 1, np.where(fixed.alone, 2, 3)) * missing
    return [str(word) for word in words[which]]


def _sum(values: Floats, group: Ints, size: int) -> Floats:
    there = ~np.isnan(values)
    total = np.bincount(group[there], weights=values[there], minlength=size)
    n = np.bincount(group[there], minlength=size)
    return np.where(n > 0, total, np.nan)


def _mean(values: Floats, group: Ints, size: int) -> Floats:
    """Return the mean of each group's values that exist, NaN without any."""
    there = ~np.isnan(values)
    return ratio(
        np.bincount(group[there], weights=values[there], minlength=size),
        np.bincount(group[there], minlength=size),
    )


def _skill(pairs: PairTable, n_sources: int) -> Floats:
    both = ~np.isnan(pairs.compared) & ~np.isnan(pairs.reference)
    own = np.bincount(pairs.source[both], weights=pairs.compared[both], minlength=n_sources)
    other = np.bincount(pairs.source[both], weights=pairs.reference[both], minlength=n_sources)
    return np.where(other > 0, 1.0 - ratio(own, other), np.nan)
