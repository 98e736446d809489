"""A board's rows through the scoring, whatever the kinds of their questions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.boards.reads.columns.columns import Columns, Floats, Ints
from forecasts.models import Board
from forecasts.models.boards.board import Reference
from forecasts.scoring import ScoreResult, base_rates, pair_scores, score
from forecasts.scoring.columns import rule_scores
from forecasts.scoring.rules import BINARY_RULES, LOG_CLIP
from forecasts.scoring.sorting import ratio

SEED = 0
HALF = 0.5


def scored(*, rows: Columns, board: Board, draws: int) -> ScoreResult:
    """
    Return the scores of rows that have an outcome, by the board's rule.

    Where all are of yes or no, the probabilities are scored; else each row by its kind, and then what
    is compared is these scores.
    """
    plain = board.rule in BINARY_RULES and not rows.other.any()
    value, low, high = (
        each if plain else row_scores(rows=rows, rule=board.rule, probability=each, loss=loss)
        for each, loss in (
            (rows.probability, rows.loss),
            (rows.low, rows.loss_low),
            (rows.high, rows.loss_high),
        )
    )
    return score(
        among_others=board.reference == Reference.CROWD,
        question=rows.question,
        source=rows.source,
        stated_at=rows.stated_at,
        value=value,
        outcome=rows.outcome,
        known_at=rows.known_at,
        event=rows.event,
        opens_at=rows.opens_at,
        closes_at=rows.closes_at,
        withdrawn=rows.withdrawn,
        low=low,
        high=high,
        rule=board.rule if plain else "given",
        bootstrap=draws,
        seed=SEED,
        min_n=board.minimum_n,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """
    One row for each question and source, (k,): `score` is what is compared. `row` holds the places of the
    rows in force, (m,), `first` where each pair's begin in it.
    """

    score: Floats
    row: Ints
    first: Ints

    @property
    def at(self) -> Ints:
        """The first row of each pair."""
        return self.row[self.first]

    @property
    def last(self) -> Ints:
        """The last row of each pair."""
        return self.row[np.append(self.first[1:], len(self.row)) - 1] if len(self.first) else self.first


def compared(*, rows: Columns, board: Board) -> Compared:
    """Return the scores of rows that have an outcome, without what only a comparison of sources needs."""
    if board.rule not in BINARY_RULES or rows.other.any():
        result = scored(rows=rows, board=board, draws=0)
        return Compared(score=result.pairs.compared, row=result.timeline.row, first=result.timeline.first)
    pairs = pair_scores(
        question=rows.question,
        source=rows.source,
        stated_at=rows.stated_at,
        opens_at=rows.opens_at,
        closes_at=rows.closes_at,
        outcome=rows.outcome,
        probability=rows.probability,
        withdrawn=rows.withdrawn,
        rule=board.rule,
    )
    score = np.where(np.isnan(pairs.score), pairs.last, pairs.score)
    return Compared(score=score, row=pairs.timeline.row, first=pairs.timeline.first)


def row_scores(*, rows: Columns, rule: str, probability: Floats, loss: Floats) -> Floats:
    """Return each row's score with this probability of yes, or this loss, (n,); NaN for a withdrawal."""
    found = loss.copy()
    yes_no = ~rows.other & ~rows.withdrawn
    if yes_no.any():
        found[yes_no] = _yes_no(rule, probability[yes_no], rows.outcome[yes_no])
    return found


def _yes_no(rule: str, probability: Floats, outcome: Floats) -> Floats:
    # The ranked probability score of two options is the Brier score.
    name = rule if rule in BINARY_RULES else "brier"
    return rule_scores(rule=name, value=probability, outcome=outcome, eps=LOG_CLIP)


def skill(*, result: ScoreResult, rows: Columns, board: Board) -> Floats:
    """
    Return of each source 1 - the mean score over the reference's on the same questions and times, (s,).

    Questions on which the reference has no score are left out: a base rate is of yes or no, and nothing
    uninformed can be said of a number. NaN where none is left.
    """
    pairs, questions = result.pairs, result.questions
    plain = result.rule != "given"
    if board.reference == Reference.CROWD:
        # Nobody is a crowd alone.
        alone = questions.n_sources[pairs.question] < 2
        other = np.where(alone, np.nan, pairs.compared - pairs.relative)
    elif plain and board.reference == Reference.UNINFORMED:
        outcome = questions.outcome[pairs.question]
        other = _yes_no(board.rule, np.full(len(outcome), HALF), outcome)
    elif plain:
        other = pairs.reference
    elif board.reference == Reference.UNINFORMED:
        at = _of_pairs(result, rows)
        even = row_scores(rows=at, rule=board.rule, probability=np.full(len(at), HALF), loss=at.loss)
        other = np.where(at.other, at.uninformed, even)
    else:
        other = _base_rate_scores(_of_pairs(result, rows), rule=board.rule)
    both = ~np.isnan(other) & ~np.isnan(pairs.compared)
    of_reference = means(result, np.where(both, other, np.nan))
    own = means(result, np.where(both, pairs.compared, np.nan))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(of_reference > 0, 1.0 - own / of_reference, np.nan)


def _of_pairs(result: ScoreResult, rows: Columns) -> Columns:
    """Return one row for each pair: that of its first forecast."""
    return rows.where(result.timeline.row[result.timeline.first])


def _base_rate_scores(at: Columns, *, rule: str) -> Floats:
    """Return what the base rate of the other yes-or-no questions scores on each pair, NaN for none."""
    found = np.full(len(at), np.nan)
    yes_no = np.flatnonzero(~at.other)
    if len(yes_no):
        _, first, place = np.unique(at.question[yes_no], return_index=True, return_inverse=True)
        rate = base_rates(outcome=at.outcome[yes_no][first])[place]
        there = ~np.isnan(rate)
        found[yes_no[there]] = _yes_no(rule, rate[there], at.outcome[yes_no][there])
    return found


def means(result: ScoreResult, values: Floats) -> Floats:
    """Return the mean over each source's pairs that have a value, (s,); NaN without any."""
    there = ~np.isnan(values)
    source, size = result.pairs.source[there], len(result.sources.code)
    total = np.bincount(source, weights=values[there], minlength=size)
    return ratio(total, np.bincount(source, minlength=size).astype(np.float64))
