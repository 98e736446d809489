"""How each source's mean has moved, month by month, by the date on which outcomes became known."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from forecasts.boards.reads.columns.columns import Columns, Floats, Ints, board_columns
from forecasts.boards.reads.figures.ranking import in_window
from forecasts.boards.reads.figures.scoring import compared
from forecasts.models import Board, Source
from forecasts.models.boards.board import Window
from forecasts.scoring import ranks
from forecasts.scoring.sorting import ratio

DAYS_OF_MONTH = 30.44
MONTHS = 12
"""How far back a rolling mean looks, unless the board says otherwise."""


# Without slots: thousands of these are kept in the cache, and unpickle ten times faster so.
@dataclass(frozen=True, kw_only=True)
class HistoryPoint:
    """
    A source at the end of a month.

    `brier` is the mean over the `n` questions whose outcome was known by then, `rank` its place among
    the sources with at least the board's minimum, by that mean; `rolling` and `rolling_n` are the same
    over the months just before. None where there is no number.
    """

    month: date
    source: str
    slug: str
    n: int
    brier: float | None
    rank: int | None
    rolling_n: int
    rolling: float | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def board_history(
    *, board: Board, at: datetime | None = None, source: Source | None = None
) -> list[HistoryPoint]:
    """
    Return each source's points in order of month, then rank; those of one source where it is given.

    One pass over the scores, whatever the number of months. Ranks are among all sources.
    """
    columns = board_columns(board=board, at=at)
    if board.window != Window.ROLLING:
        columns = in_window(columns=columns, board=board, until=at)
    return history_of(columns=columns, board=board, source=source)


def history_of(*, columns: Columns, board: Board, source: Source | None = None) -> list[HistoryPoint]:
    """Return the points of these rows, as `board_history` does; ranks are among the sources in them."""
    rows = columns.where(columns.scored)
    found = compared(rows=rows, board=board)
    known, sources = rows.known_at[found.at], rows.source[found.at]
    return _by_month(board, source, sources=sources, known=known, score=found.score)


def _by_month(
    board: Board, only: Source | None, *, sources: Ints, known: Floats, score: Floats
) -> list[HistoryPoint]:
    if not len(sources):
        return []
    months = known.astype("datetime64[s]").astype("datetime64[M]")
    codes, source_row = np.unique(sources, return_inverse=True)
    first = months.min()
    shape = (len(codes), int((months.max() - first).astype(int)) + 1)
    place = np.ravel_multi_index((source_row, (months - first).astype(int)), shape)
    n, total = (
        np.bincount(place, weights=each, minlength=shape[0] * shape[1]).reshape(shape).cumsum(axis=1)
        for each in (np.ones(len(score)), score)
    )
    return _points(board, only, codes=codes.tolist(), first=first, total=total, n=n)


def _points(
    board: Board, only: Source | None, *, codes: list[int], first: Any, total: Floats, n: Floats
) -> list[HistoryPoint]:
    back = max(round(board.window_days / DAYS_OF_MONTH), 1) if board.window_days else MONTHS
    mean = ratio(total, n)
    rolling_n = n - _before(n, back)
    rolling = ratio(total - _before(total, back), rolling_n)
    sources = Source.objects.in_bulk(codes)
    points = []
    for month in range(n.shape[1]):
        rank = ranks(score=np.where(n[:, month] >= max(board.minimum_n, 1), mean[:, month], np.nan))
        for row, code in enumerate(codes):
            if n[row, month] == 0 or (only is not None and code != only.pk):
                continue
            points.append(
                HistoryPoint(
                    month=(first + month).astype("datetime64[D]").item(),
                    source=sources[code].name,
                    slug=sources[code].slug,
                    n=int(n[row, month]),
                    brier=round(float(mean[row, month]), 12),
                    rank=int(rank[row]) or None,
                    rolling_n=int(rolling_n[row, month]),
                    rolling=round(float(rolling[row, month]), 12) if rolling_n[row, month] else None,
                )
            )
    return sorted(points, key=lambda each: (each.month, each.rank is None, each.rank or 0, each.source))


def _before(sums: Floats, back: int) -> Floats:
    """Return what each sum was so many months before."""
    return np.concatenate((np.zeros((len(sums), min(back, sums.shape[1]))), sums[:, :-back]), axis=1)
