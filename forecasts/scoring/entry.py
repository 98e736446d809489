"""The one entry point: columns in, scores by forecast, pair, question and source out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from forecasts.scoring import checks
from forecasts.scoring.board import board_of
from forecasts.scoring.calibration import auc, reliability_bins, sharpness
from forecasts.scoring.checks import Floats
from forecasts.scoring.columns import (
    PROBABILITY_RULES,
    RULES,
    Columns,
    checked_columns,
    outcome_probability,
    rule_scores,
)
from forecasts.scoring.decomposition import corp_decomposition, murphy_decomposition
from forecasts.scoring.pairtable import pair_table
from forecasts.scoring.result import CalibrationTable, ForecastScores, ScoreResult
from forecasts.scoring.rules import LOG_CLIP, score_range
from forecasts.scoring.sorting import distinct
from forecasts.scoring.timeline import Timeline

LEVELS_BY_ROW = {"crps": 2, "interval": 1}
"""How many dimensions levels have that differ from row to row."""
INFINITE = "because what happened had been given 0: a log_clip above 0 makes it finite"


def score(
    *,
    question: npt.ArrayLike,
    source: npt.ArrayLike,
    stated_at: npt.ArrayLike,
    value: npt.ArrayLike,
    outcome: npt.ArrayLike,
    known_at: npt.ArrayLike,
    event: npt.ArrayLike | None = None,
    opens_at: npt.ArrayLike | None = None,
    closes_at: npt.ArrayLike | None = None,
    withdrawn: npt.ArrayLike | None = None,
    low: npt.ArrayLike | None = None,
    high: npt.ArrayLike | None = None,
    levels: npt.ArrayLike | None = None,
    rule: str = "brier",
    log_clip: float = LOG_CLIP,
    bins: int = 10,
    compared_by: str = "time_weighted",
    bootstrap: int = 1000,
    seed: int = 0,
    min_n: int = 1,
    among_others: bool = True,
) -> ScoreResult:
    """
    Return every score of a set of forecasts, one input row for each forecast.

    A row is scored when its question has an outcome and it was stated before the actual close; the others
    are kept with their status.

    Parameters
    ----------
    question, source : array_like of int, (n,)
        Codes.
    stated_at : array_like, (n,)
        When each forecast was made, in seconds.
    value : array_like
        (n,) probability of "yes"; (n, K) of options; (n, m) quantiles with the rule "crps", where (n,) are
        points; (n, 2) ends of a range with "interval"; or (n,) the score itself with "given", for
        forecasts of unlike kinds, say.
    outcome : array_like, (n,)
        0 or 1, option or number; NaN for void and open.
    known_at : array_like, (n,)
        When the outcome became known, in seconds; NaN while open.
    event : array_like of int, (n,), optional
        Codes of clusters of related questions; each question its own by default.
    opens_at, closes_at : array_like, (n,), optional
        Scheduled; the first forecast and `known_at` by default.
    withdrawn : array_like of bool, (n,), optional
        True where a row takes the forecast back.
    low, high : array_like, (n,), optional
        The range of a verbal forecast of "yes", NaN for none; with "given", the scores at its ends.
    levels : array_like, optional
        (m,) or (n, m) of the quantiles, 0.5 by default; one or (n,) of the ranges, 0.8 by default.
    rule : str
        One of `RULES`.
    log_clip : float
        The clip of the log score.
    bins : int
        Of the reliability table.
    compared_by : str
        What sources are compared by: "time_weighted" (weight by coverage) or "last" (unweighted).
    bootstrap : int
        Draws of events; 0 for no intervals.
    seed : int
        The same seed gives the same result.
    min_n : int
        Questions below which a source is provisional.
    among_others : bool
        Whether to compute relative and peer scores, half of the time.

    Returns
    -------
    ScoreResult
        Tables of forecasts, pairs, questions and sources, and the calibration of yes-or-no forecasts. NaN
        and n = 0 where there is nothing.

    Raises
    ------
    ValueError
        Naming the row: NaN, a number out of range, sums off 1, a range that does not hold its value, rows of
        a question that differ in its outcome, event or times, or an infinite score (a `log_clip` of 0).

    Notes
    -----
    README.md beside this module has the theory.

    Examples
    --------
    >>> result = score(question=[0, 0, 1, 1], source=[7, 8, 7, 8], stated_at=[0.0] * 4,
    ...     value=[0.9, 0.6, 0.2, 0.5], outcome=[1, 1, 0, 0], known_at=[5.0] * 4)
    >>> result.sources.code, result.sources.brier, result.sources.standings.rank
    (array([7, 8]), array([0.025, 0.205]), array([1, 2]))
    """
    if rule not in RULES:
        raise ValueError(f"rule is {rule!r}, not one of {', '.join(RULES)}")
    if compared_by not in ("time_weighted", "last"):
        raise ValueError(f"compared_by is {compared_by!r}, not time_weighted or last")
    question_code, of_question = distinct(checks.codes(question, name="question"))
    source_code, of_source = distinct(checks.codes(source, name="source"))
    columns = checked_columns(
        question=of_question,
        source=of_source,
        stated_at=stated_at,
        value=value,
        outcome=outcome,
        known_at=known_at,
        event=event,
        opens_at=opens_at,
        closes_at=closes_at,
        withdrawn=withdrawn,
        low=low,
        high=high,
    )
    _refuse_ranges(columns, rule)
    timeline = columns.timeline()
    forecasts = _forecast_scores(columns, timeline, rule=rule, eps=log_clip, levels=levels)
    chance = _outcome_chance(columns, timeline, rule, log_clip)
    pairs, base_rate = pair_table(
        columns=columns,
        timeline=timeline,
        forecasts=forecasts,
        chance=chance,
        rule=rule,
        eps=log_clip,
        compared_by=compared_by,
        n_questions=len(question_code),
        among_others=among_others,
    )
    sources, questions, variances = board_of(
        columns=columns,
        timeline=timeline,
        forecasts=forecasts,
        pairs=pairs,
        base_rate=base_rate,
        codes=(question_code, source_code),
        bootstrap=bootstrap,
        seed=seed,
        min_n=min_n,
        bounds=score_range(rule=rule, eps=log_clip),
    )
    binary = rule in PROBABILITY_RULES and columns.value.ndim == 1
    return ScoreResult(
        rule=rule,
        log_clip=log_clip,
        compared_by=compared_by,
        reference="base_rate" if binary else "uninformed" if rule in PROBABILITY_RULES else "none",
        n_rows=len(of_question),
        n_scored=len(timeline.row),
        forecasts=forecasts,
        pairs=pairs,
        questions=questions,
        sources=sources,
        variances=variances,
        calibration=_calibration(columns, timeline, bins) if binary else None,
        timeline=timeline,
    )


def _forecast_scores(
    columns: Columns, timeline: Timeline, *, rule: str, eps: float, levels: npt.ArrayLike | None
) -> ForecastScores:
    row = timeline.row
    outcome = columns.outcome[row]
    at_levels = levels
    if levels is not None and np.ndim(levels) == LEVELS_BY_ROW.get(rule):
        checks.same_rows(question=columns.question, levels=np.asarray(levels))
        at_levels = np.asarray(levels)[row]

    def by(name: str, value: Floats) -> Floats:
        out = np.full(len(columns.question), np.nan)
        if len(row):
            with checks.rows_named(row):
                found = rule_scores(rule=name, value=value[row], outcome=outcome, eps=eps, levels=at_levels)
                if name == rule:
                    checks.refuse(np.isinf(found), name="score", values=found, reason=INFINITE)
            out[row] = found
        return out

    best = by(rule, columns.value)
    ends = [
        best if bound is None else by(rule, _filled(bound, columns.value))
        for bound in (columns.low, columns.high)
    ]
    blank = np.full(len(columns.question), np.nan)
    chances = rule in PROBABILITY_RULES
    return ForecastScores(
        status=columns.status(timeline),
        score=best,
        score_min=np.minimum(best, np.minimum(*ends)),
        score_max=np.maximum(best, np.maximum(*ends)),
        brier=best if rule == "brier" else by("brier", columns.value) if chances else blank,
        log=best if rule == "log" else by("log", columns.value) if chances else blank,
    )


def _refuse_ranges(columns: Columns, rule: str) -> None:
    """Refuse ranges of anything but a probability of "yes", or that do not hold it."""
    ranges = [bound for bound in (columns.low, columns.high) if bound is not None]
    if not ranges or rule == "given":
        return
    if rule not in PROBABILITY_RULES or columns.value.ndim != 1:
        raise ValueError('low and high are of a probability of "yes"')
    for name, bound, sign in (("low", columns.low, 1.0), ("high", columns.high, -1.0)):
        if bound is not None:
            across = sign * bound > sign * columns.value
            checks.refuse(across, name=name, values=bound, reason="on the wrong side of value")


def _filled(bound: Floats, value: Floats) -> Floats:
    return np.where(np.isnan(bound), value, bound)


def _outcome_chance(columns: Columns, timeline: Timeline, rule: str, eps: float) -> Floats | None:
    """Return what each scored row gave to what happened, clipped; None for numbers."""
    if rule not in PROBABILITY_RULES:
        return None
    row = timeline.row
    chance = np.full(len(columns.question), 0.5)
    if len(row):
        given = outcome_probability(value=columns.value[row], outcome=columns.outcome[row])
        chance[row] = np.clip(given, eps, 1.0 - eps)
    return chance


def _calibration(columns: Columns, timeline: Timeline, bins: int) -> CalibrationTable:
    p, y = columns.value[timeline.row], columns.outcome[timeline.row]
    return CalibrationTable(
        base_rate=float(np.mean(y)) if len(y) else float("nan"),
        auc=auc(probability=p, outcome=y),
        sharpness=sharpness(probability=p),
        corp=corp_decomposition(probability=p, outcome=y),
        murphy=murphy_decomposition(probability=p, outcome=y),
        murphy_bins=murphy_decomposition(probability=p, outcome=y, bins=bins),
        bins=reliability_bins(probability=p, outcome=y, bins=bins),
    )
