"""The figures of a board: plain numbers for each source, in order of rank."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from forecasts.boards.reads.columns.columns import Columns, board_columns, merged_sources
from forecasts.boards.reads.figures.counts import Counts, counts_by_source, unscorable_shares
from forecasts.boards.reads.figures.ranking import ADJUSTED, DRAWS, Ranked, in_window, intervals, ranked
from forecasts.boards.reads.figures.sensitivity import rank_bands
from forecasts.models import Board

ROWS_AT_ONCE, SOURCES_AT_ONCE = 20_000, 50
"""Boards of more rows or sources get their intervals from a task."""
NOT_COMPARABLE = "not comparable"
NO_REFERENCE = "no reference"
"""The board's reference has no score on any of the source's questions."""
DRAWN = ("ci_low", "ci_high", "rank_low", "rank_high", "p_first", "rank_band")


def board_figures(
    *,
    board: Board,
    at: datetime | None,
    until: datetime | None,
    drawn: bool,
    stood: datetime | None = None,
) -> list[dict[str, Any]]:
    """
    Return the figures of each source, in order of rank, then those without one.

    at: as known then, or now where None; until: the end of a rolling window; drawn: with intervals and
    rank bands also on a large board. A small board always has them. stood: as it stood then, by when
    things were said and happened, whenever they were recorded.
    """
    columns = board_columns(board=board, at=at)
    columns = columns if stood is None else columns.as_it_stood(stood)
    columns = in_window(columns=columns, board=board, until=stood or until or at)
    if not len(columns):
        return []
    small = len(columns) <= ROWS_AT_ONCE and len(np.unique(columns.source)) <= SOURCES_AT_ONCE
    drawn = drawn or small
    found = ranked(columns=columns, board=board, draws=DRAWS if drawn else 0)
    # When a statement was turned down says nothing of when it was made.
    merged = merged_sources(at=at)
    unscorable = unscorable_shares(board=board, at=at, merged=merged) if stood is None else {}
    table = _table(columns, board, found, drawn=drawn)
    place = {source: index for index, source in enumerate(found.result.sources.code.tolist())}
    figures = []
    for source, counts in sorted(counts_by_source(columns).items()):
        figures.append(
            _counted(source, counts)
            | {"unscorable_share": unscorable.get(source), "reference": board.reference}
            | _of(table, place.get(source))
        )
    for figure in figures:
        figure["provisional"] = figure["n"] < board.minimum_n
        figure["reason"] = _reason(figure, board)
        figure["skill_reason"] = NO_REFERENCE if figure["n"] and figure["skill"] is None else ""
    return sorted(figures, key=_order)


def _order(figure: dict[str, Any]) -> tuple[Any, ...]:
    if figure["rank"] is not None:
        return (0, figure["rank"], 0, figure["source_id"])
    return (1, figure["brier"] is None, figure["brier"] or 0.0, figure["source_id"])


def _reason(figure: dict[str, Any], board: Board) -> str:
    unplaced = not figure["comparable"] and not figure["provisional"] and board.estimator in ADJUSTED
    return NOT_COMPARABLE if unplaced else ""


def _counted(source: int, counts: Counts) -> dict[str, Any]:
    return {
        "source_id": source,
        "n_forecasts": counts.forecasts,
        "n_open": counts.open,
        "n_void": counts.void,
        "imputed_share": counts.imputed / counts.forecasts if counts.forecasts else None,
        "void_share": counts.void / counts.answered if counts.answered else None,
    }


def _table(columns: Columns, board: Board, found: Ranked, *, drawn: bool) -> dict[str, npt.NDArray[Any]]:
    """Return the columns of figures by name, (s,) each; NaN where there is no number."""
    sources = found.result.sources
    size = len(sources.code)
    table: dict[str, npt.NDArray[Any]] = {
        "rank": _or_nan(found.rank),
        "n": sources.n_questions,
        "brier": found.raw,
        "brier_low": found.raw_min,
        "brier_high": found.raw_max,
        "coverage": sources.coverage,
        "adjusted_fixed": sources.adjusted_fixed,
        "adjusted_shrunk": sources.adjusted_shrunk,
        "shrunk": np.where(sources.n_questions > 0, sources.standings.shrunk, np.nan),
        "skill": found.skill,
        "comparable": found.comparable,
    }
    if not drawn:
        return table | dict.fromkeys(DRAWN, np.full(size, np.nan))
    place = intervals(found=found, board=board)
    best, worst = rank_bands(columns=columns, board=board, found=found)
    return table | {
        "ci_low": place.low,
        "ci_high": place.high,
        "rank_low": _or_nan(np.minimum(place.rank_low, found.rank)),
        "rank_high": _or_nan(np.where(place.rank_high > 0, np.maximum(place.rank_high, found.rank), 0)),
        "p_first": place.p_first,
        "rank_band": np.stack([_or_nan(best), _or_nan(worst)], axis=1),
    }


def _or_nan(place: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    return np.where(place > 0, place, np.nan)


WHOLE = {"rank", "n", "rank_low", "rank_high"}


def _of(table: dict[str, npt.NDArray[Any]], index: int | None) -> dict[str, Any]:
    """Return one source's figures; of a source that is not in the result, nothing."""
    if index is None:
        return dict.fromkeys(table) | {"n": 0, "comparable": True}
    figures: dict[str, Any] = {}
    for name, column in table.items():
        value = column[index]
        if name == "comparable":
            figures[name] = bool(value)
        elif name == "rank_band":
            figures[name] = None if np.isnan(value).any() else [int(each) for each in value]
        elif np.isnan(value):
            figures[name] = None
        else:
            # Twelve decimals keep every digit that the record holds, and drop what floating point added.
            figures[name] = int(value) if name in WHOLE else round(float(value), 12)
    return figures
