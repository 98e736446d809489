"""Calibration of a board or of one source: when they say 80 %, how often does it happen?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np

from forecasts.boards.reads.columns.columns import Columns, board_columns
from forecasts.boards.reads.figures.ranking import in_window
from forecasts.boards.reads.figures.scoring import SEED
from forecasts.models import Board, Source
from forecasts.scoring import (
    auc,
    calibration_line,
    consistency_band,
    corp_decomposition,
    pair_scores,
    reliability_bins,
    sharpness,
)
from forecasts.scoring.checks import Floats
from forecasts.scoring.summary import number

# How often the band is drawn, by the number of forecasts; above the last, the counts are enough.
BAND_DRAWS = ((2_000, 1000), (20_000, 100))
BAND_POINTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """Forecasts from `low` to `high`: their mean, how often it happened, and Wilson's interval of that."""

    low: float
    high: float
    n: int
    mean_p: float | None
    frequency: float | None
    wilson_low: float | None
    wilson_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationStep:
    """
    One distinct forecast: how often it was made, what isotonic regression puts in its place, and where
    that would lie nine times in ten if the forecasts were right (None on a very large board).
    """

    probability: float
    n: int
    recalibrated: float
    band_low: float | None
    band_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """
    Of `n` scored forecasts on `n_questions` whose deadline has passed.

    The mean Brier score is miscalibration - discrimination + uncertainty. A `slope` below 1 says that
    forecasts are too extreme. None where there is no number.
    """

    n: int
    n_questions: int
    base_rate: float | None
    brier: float | None
    miscalibration: float | None
    discrimination: float | None
    uncertainty: float | None
    auc: float | None
    sharpness: float | None
    slope: float | None
    slope_se: float | None
    intercept: float | None
    intercept_se: float | None
    bins: list[CalibrationBin]
    curve: list[CalibrationStep]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def calibration(
    *, board: Board, now: datetime, at: datetime | None = None, source: Source | None = None
) -> Calibration:
    """
    Return the calibration of the board's forecasts, or of one source's, as known on `at`.

    Questions whose deadline had not passed (`at`, or `now`) are left out: those that are answered early
    lean to "yes". So are those that are not of yes or no.
    """
    moment = at or now
    columns = in_window(columns=board_columns(board=board, at=at), board=board, until=moment)
    rows = columns if source is None else columns.where(columns.source == source.pk)
    return calibration_of(columns=rows, moment=moment)


def calibration_of(*, columns: Columns, moment: datetime) -> Calibration:
    """Return the calibration of these rows, of yes-or-no questions whose deadline has passed by `moment`."""
    counted = columns.scored & ~columns.other
    columns = columns.where(counted & (columns.deadline_at <= moment.timestamp()))
    # The forecasts in force alone: calibration compares nobody with anybody.
    kept = pair_scores(
        question=columns.question,
        source=columns.source,
        stated_at=columns.stated_at,
        opens_at=columns.opens_at,
        closes_at=columns.closes_at,
        outcome=columns.outcome,
        probability=columns.probability,
        withdrawn=columns.withdrawn,
    ).timeline.row
    p, y = columns.probability[kept], columns.outcome[kept]
    parts, line = corp_decomposition(probability=p, outcome=y), calibration_line(probability=p, outcome=y)
    bins = reliability_bins(probability=p, outcome=y)
    return Calibration(
        n=len(p),
        n_questions=len(np.unique(columns.question[kept])),
        base_rate=number(y.mean()) if len(y) else None,
        brier=number(parts.score),
        miscalibration=number(parts.miscalibration),
        discrimination=number(parts.discrimination),
        uncertainty=number(parts.uncertainty),
        auc=number(auc(probability=p, outcome=y)),
        sharpness=number(sharpness(probability=p)),
        slope=number(line.slope),
        slope_se=number(line.slope_se),
        intercept=number(line.intercept),
        intercept_se=number(line.intercept_se),
        bins=[
            CalibrationBin(
                low=float(bins.low[each]),
                high=float(bins.high[each]),
                n=int(bins.n[each]),
                mean_p=number(bins.mean_p[each]),
                frequency=number(bins.frequency[each]),
                wilson_low=number(bins.wilson_low[each]),
                wilson_high=number(bins.wilson_high[each]),
            )
            for each in range(len(bins.n))
        ],
        curve=_curve(p, parts.recalibrated),
    )


def _curve(p: Floats, recalibrated: Floats) -> list[CalibrationStep]:
    value, first, times = np.unique(p, return_index=True, return_counts=True)
    draws = next((draws for most, draws in BAND_DRAWS if len(p) <= most), 0)
    low, high = np.full(len(value), np.nan), np.full(len(value), np.nan)
    if draws and len(p):
        band = consistency_band(probability=p, draws=draws, seed=SEED)
        low, high = band.low, band.high
    return [
        CalibrationStep(
            probability=float(value[each]),
            n=int(times[each]),
            recalibrated=float(recalibrated[first[each]]),
            band_low=number(low[each]),
            band_high=number(high[each]),
        )
        for each in range(len(value))
    ]


def thinned(curve: Sequence[CalibrationStep]) -> list[CalibrationStep]:
    """
    Return the steps that a chart needs: both ends of each level, and about a hundred between for the band.

    Nothing of the curve is lost, for it is flat between the ends of a level.
    """
    every = max(len(curve) // BAND_POINTS, 1)
    kept = []
    for place, step in enumerate(curve):
        before = curve[place - 1].recalibrated if place else None
        after = curve[place + 1].recalibrated if place + 1 < len(curve) else None
        if before != after or place % every == 0:
            kept.append(step)
    return kept
