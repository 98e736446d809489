"""Calibration as a page shows it: one sentence, the chart, and the same as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.boards.reads.calibration import Calibration, CalibrationBin, CalibrationStep
from forecasts.boards.reads.profile import board_calibration
from forecasts.boards.reads.standings import StandingRow
from forecasts.models import Board
from tracker.pages.kit import plots
from tracker.pages.kit.drawings import Draw
from tracker.pages.kit.histories import Table
from tracker.wording import numbers

ENOUGH = 20
"""Fewer answered questions than this say nothing about calibration."""
FEW = 10
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """Without `draw`, `sentence` says why there is no chart."""

    sentence: str
    parts: str
    draw: Draw | None
    words: str
    table: Table | None


def board_calibration_shown(
    *, board: Board, now: datetime, at: datetime | None, rows: Sequence[StandingRow]
) -> Calibrated | None:
    """Return the calibration of all sources of a board; None where a task has not computed it yet."""
    small = sum(row.n_forecasts for row in rows) <= AT_ONCE
    found = board_calibration(board=board, now=now, at=at, wait=small, keep=not small)
    return None if found is None else calibrated(found, name="")


def calibrated(found: Calibration, *, name: str) -> Calibrated:
    """Return the calibration in words and as a chart; `name` is the source's, empty for a whole board."""
    if found.n_questions < ENOUGH:
        return Calibrated(sentence=_too_few(found), parts="", draw=None, words="", table=None)
    curve = [_step(each) for each in found.curve]
    bins = [{"low": each.low, "high": each.high, "n": each.n} for each in found.bins]
    sentence = _sentence(found, name)
    return Calibrated(
        sentence=sentence,
        parts=_parts(found),
        draw=partial(plots.calibration, curve, bins),
        words=_("What was said against how often it happened. %(sentence)s") % {"sentence": sentence},
        table=_table(found.bins),
    )


def _step(step: CalibrationStep) -> dict[str, Any]:
    return {
        "said": round(step.probability, 4),
        "happened": round(step.recalibrated, 4),
        "low": step.band_low,
        "high": step.band_high,
    }


def _too_few(found: Calibration) -> str:
    return ngettext(
        "Too early to say whether 80%% means 80%% here: that takes at least %(enough)d questions "
        "with an outcome, and there is %(n)d.",
        "Too early to say whether 80%% means 80%% here: that takes at least %(enough)d questions "
        "with an outcome, and there are %(n)d.",
        found.n_questions,
    ) % {"n": found.n_questions, "enough": ENOUGH}


def telling(bins: Sequence[CalibrationBin]) -> CalibrationBin:
    """Return the part of the scale that says most: the furthest from what was said, by its own chance."""
    filled = [each for each in bins if each.n]
    return max([each for each in filled if each.n >= FEW] or filled, key=_surprise)


def _surprise(part: CalibrationBin) -> float:
    said = min(max(part.mean_p or 0.0, 0.005), 0.995)
    return abs((part.frequency or 0.0) - said) * math.sqrt(part.n / (said * (1 - said)))


def _sentence(found: Calibration, name: str) -> str:
    told = telling(found.bins)
    words = {
        "name": name,
        "said": numbers.percent(told.mean_p),
        "happened": numbers.percent(told.frequency),
        "span": numbers.percent_range(told.wilson_low or 0.0, told.wilson_high or 0.0),
        "n": numbers.count(told.n),
    }
    if name:
        return (
            ngettext(
                "When %(name)s says about %(said)s, it happens %(happened)s of the time (%(n)s "
                "forecast, 95%% interval %(span)s).",
                "When %(name)s says about %(said)s, it happens %(happened)s of the time (%(n)s "
                "forecasts, 95%% interval %(span)s).",
                told.n,
            )
            % words
        )
    return (
        ngettext(
            "When these sources say about %(said)s, it happens %(happened)s of the time (%(n)s "
            "forecast, 95%% interval %(span)s).",
            "When these sources say about %(said)s, it happens %(happened)s of the time (%(n)s "
            "forecasts, 95%% interval %(span)s).",
            told.n,
        )
        % words
    )


def _parts(found: Calibration) -> str:
    return _(
        "Mean score %(score)s = miscalibration %(mcb)s − discrimination %(dsc)s + uncertainty %(unc)s, over "
        "%(n)s forecasts on %(questions)s questions whose deadline has passed."
    ) % {
        "score": numbers.score(found.brier),
        "mcb": numbers.score(found.miscalibration),
        "dsc": numbers.score(found.discrimination),
        "unc": numbers.score(found.uncertainty),
        "n": numbers.count(found.n),
        "questions": numbers.count(found.n_questions),
    }


def _table(bins: Sequence[CalibrationBin]) -> Table:
    return Table(
        head=[_("Said"), _("Forecasts"), _("On average"), _("It happened"), _("95% interval")],
        rows=[
            [
                numbers.percent_range(each.low, each.high),
                numbers.count(each.n),
                numbers.percent(each.mean_p),
                numbers.percent(each.frequency),
                numbers.percent_range(each.wilson_low or 0.0, each.wilson_high or 0.0),
            ]
            for each in bins
            if each.n
        ],
    )
