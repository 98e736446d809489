"""A result as plain data, ready for strict JSON: None where there is no number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from forecasts.scoring.checks import Floats
from forecasts.scoring.columns import Status
from forecasts.scoring.result import CalibrationTable, ScoreResult

REASONS = {Status.OPEN: "open", Status.VOID: "void", Status.LATE: "late"}
REASONS |= {Status.DUPLICATE: "duplicate", Status.WITHDRAWAL: "withdrawal"}


def summary(*, result: ScoreResult, source_names: Sequence[str]) -> dict[str, Any]:
    """
    Return the figures of a result by name, as ``manage.py score`` prints them.

    source_names: (s,) in order of the sources' codes. brier, log, corp, murphy
    and bins are over all scored rows, unweighted; brier_time_weighted,
    brier_first and brier_last over pairs of question and source, unweighted;
    skill_base_rate is that of the Brier score against the base rate of the rows
    themselves, which knows the answers; skill_base_rate_left_out that of the
    compared scores against the other questions' (1/K for options). NaN becomes
    None.

    >>> from forecasts.scoring import score
    >>> result = score(question=[0], source=[0], stated_at=[0.0], value=[0.9], outcome=[1],
    ...     known_at=[5.0], bootstrap=0)
    >>> figures = summary(result=result, source_names=["A"])
    >>> round(figures["brier"], 4), figures["auc"], figures["sources"][0]["rank"]
    (0.01, None, 1)
    """
    pairs, table = result.pairs, result.calibration
    row = result.timeline.row
    brier = _mean(result.forecasts.brier[row])
    unknown = float("nan") if table is None else table.corp.uncertainty
    figures: dict[str, Any] = {
        "rule": result.rule,
        "log_clip": result.log_clip,
        "compared_by": result.compared_by,
        "reference": result.reference,
        "n_rows": result.n_rows,
        "n_scored": result.n_scored,
        "n_questions": int(np.count_nonzero(result.questions.n_forecasts)),
        "n_sources": int(np.count_nonzero(result.sources.n_forecasts)),
        "not_scored": _not_scored(result),
        "score": _mean(result.forecasts.score[row]),
        "brier": brier,
        "brier_time_weighted": _mean(pairs.brier),
        "brier_last": _mean(pairs.brier_last),
        "brier_first": _mean(pairs.brier_first),
        "log": _mean(result.forecasts.log[row]),
        "coverage": _mean(pairs.coverage),
        "skill_base_rate": number(1.0 - brier / unknown) if brier is not None and unknown > 0 else None,
        "skill_base_rate_left_out": _skill(pairs.compared, pairs.reference),
        **_calibration(table),
        "sources": [_source(result, at, source_names) for at in _by_rank(result, source_names)],
    }
    return figures


def number(value: float) -> float | None:
    """
    Return the value, or None where it is not a number.

    >>> number(float("nan")) is None, number(0.5)
    (True, 0.5)
    """
    return float(value) if math.isfinite(value) else None


def _mean(values: Floats) -> float | None:
    there = values[~np.isnan(values)]
    return number(float(np.mean(there))) if len(there) else None


def _skill(own: Floats, other: Floats) -> float | None:
    both = ~(np.isnan(own) | np.isnan(other))
    total = float(other[both].sum())
    return number(1.0 - float(own[both].sum()) / total) if total > 0 else None


def _not_scored(result: ScoreResult) -> dict[str, int]:
    counts = np.bincount(result.forecasts.status, minlength=len(Status))
    return {name: int(counts[status]) for status, name in REASONS.items()}


def _calibration(table: CalibrationTable | None) -> dict[str, Any]:
    if table is None:
        return dict.fromkeys(("base_rate", "auc", "sharpness", "corp", "murphy", "murphy_bins", "bins"))
    grouped, binned, bins = table.murphy, table.murphy_bins, table.bins
    columns = {"low": bins.low, "high": bins.high, "n": bins.n, "mean_p": bins.mean_p, "freq": bins.frequency}
    columns |= {"wilson_low": bins.wilson_low, "wilson_high": bins.wilson_high}
    return {
        "base_rate": number(table.base_rate),
        "auc": number(table.auc),
        "sharpness": number(table.sharpness),
        "corp": {
            "mcb": number(table.corp.miscalibration),
            "dsc": number(table.corp.discrimination),
            "unc": number(table.corp.uncertainty),
        },
        "murphy": {
            "reliability": number(grouped.reliability),
            "resolution": number(grouped.resolution),
            "uncertainty": number(grouped.uncertainty),
        },
        "murphy_bins": {
            "reliability": number(binned.reliability),
            "resolution": number(binned.resolution),
            "uncertainty": number(binned.uncertainty),
            "within_bin_variance": number(binned.within_variance),
            "within_bin_covariance": number(binned.within_covariance),
        },
        "bins": [{name: _plain(column[at]) for name, column in columns.items()} for at in range(len(bins.n))],
    }


def _by_rank(result: ScoreResult, names: Sequence[str]) -> list[int]:
    """Return the sources with a rank first, best to worst, equals by name."""
    rank = result.sources.standings.rank
    return sorted(range(len(names)), key=lambda at: (rank[at] == 0, rank[at], names[at]))


def _source(result: ScoreResult, at: int, names: Sequence[str]) -> dict[str, Any]:
    sources = result.sources
    board = sources.standings
    columns = {
        "n_forecasts": sources.n_forecasts,
        "n_questions": sources.n_questions,
        "n_events": board.n_events,
        "score": sources.score,
        "brier": sources.brier,
        "brier_time_weighted": sources.brier_time_weighted,
        "brier_first": sources.brier_first,
        "brier_last": sources.brier_last,
        "coverage": sources.coverage,
        "peer_spot": sources.spot_peer,
        "peer_spot_sum": sources.spot_peer_sum,
        "peer": sources.peer,
        "relative": sources.relative,
        "skill": sources.skill,
        "adjusted_fixed": sources.adjusted_fixed,
        "adjusted_shrunk": sources.adjusted_shrunk,
        "shrunk": board.shrunk,
        "shrunk_towards_mean": board.factor,
        "ci_low": board.low,
        "ci_high": board.high,
        "p_first": board.p_first,
        "p_beats_reference": board.p_beats,
        "provisional": sources.provisional,
    }
    figures = {"source": names[at]} | {name: _plain(column[at]) for name, column in columns.items()}
    figures["relative_brier"] = figures["relative"] if result.rule == "brier" else None
    places = {"rank": board.rank, "rank_low": board.rank_low, "rank_high": board.rank_high}
    figures |= {name: int(place[at]) or None for name, place in places.items()}
    figures["reason"] = sources.reason[at] or None
    return figures


def _plain(value: np.generic | npt.NDArray[np.generic]) -> Any:
    plain = value.item()
    return number(plain) if isinstance(plain, float) else plain
