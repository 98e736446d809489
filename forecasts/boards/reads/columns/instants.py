"""A board's forecasts, read once, to be seen as known at several instants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from forecasts.boards.reads.columns.columns import (
    SAID,
    Columns,
    Floats,
    asked_of,
    columns_of,
    kinds_of,
    let_in,
)
from forecasts.models import Board, Forecast
from forecasts.record.reads.packing import packed_columns

RECORDED = {**SAID, "recorded_at": "instant"}
CORRECTED = {"correction_of_id": "key", "recorded_at": "instant"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """
    Every forecast that the board counted at some time, (n,) in order of key, those corrected since too.

    `corrected_at` is when a row's first correction was recorded, NaN for none; times are seconds since 1970.
    """

    board: Board
    rows: Mapping[str, npt.NDArray[Any]]
    asked: Mapping[str, npt.NDArray[Any]]
    corrected_at: Floats

    def as_known_on(self, at: datetime) -> Columns:
        """Return the board's columns of that instant, as `board_columns` does. Two queries."""
        instant = at.timestamp()
        # A comparison with NaN is false: what was never corrected stays.
        known = (self.rows["recorded_at"] <= instant) & ~(self.corrected_at <= instant)
        return columns_of(
            rows={name: self.rows[name][known] for name in SAID},
            asked={name: column[known] for name, column in self.asked.items()},
            board=self.board,
            at=at,
        )


def record_until(*, board: Board, at: datetime) -> Record:
    """Return the forecasts that the board counted until then. Three queries, however many there are."""
    known = let_in(Forecast.objects.filter(recorded_at__lte=at), board=board).filter(kinds_of(board))
    rows = packed_columns(known.order_by().values_list(*RECORDED), RECORDED)
    order = np.argsort(rows["id"])
    rows = {name: column[order] for name, column in rows.items()}
    return Record(
        board=board,
        rows=rows,
        asked=asked_of(rows["question_id"]),
        corrected_at=_corrected_at(rows["id"], at),
    )


def _corrected_at(forecast: npt.NDArray[np.int64], at: datetime) -> Floats:
    corrections = Forecast.objects.filter(correction_of__isnull=False, recorded_at__lte=at)
    found = packed_columns(corrections.order_by().values_list(*CORRECTED), CORRECTED)
    first = np.full(len(forecast), np.nan)
    place = np.searchsorted(forecast, found["correction_of_id"])
    ours = place < len(forecast)
    ours[ours] = forecast[place[ours]] == found["correction_of_id"][ours]
    np.fmin.at(first, place[ours], found["recorded_at"][ours])
    return first
