"""What is counted of each source beside its score: forecasts, and questions open and void."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from forecasts.boards.reads.columns.columns import Bools, Columns, Ints
from forecasts.models import Board, Decision, StatementStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    forecasts: int
    imputed: int
    open: int
    void: int
    answered: int


def counts_by_source(columns: Columns) -> dict[int, Counts]:
    """Return what is counted of each source. Questions count once, forecasts each."""
    stated = ~columns.withdrawn
    is_open = stated & ~columns.scored & ~columns.void
    counted = {
        "forecasts": _tally(columns.source[stated]),
        "imputed": _tally(columns.source[stated & columns.imputed]),
        "open": _questions(columns, is_open),
        "void": _questions(columns, stated & columns.void),
        "answered": _questions(columns, stated & (columns.scored | columns.void)),
    }
    return {
        source: Counts(**{name: found.get(source, 0) for name, found in counted.items()})
        for source in np.unique(columns.source).tolist()
    }


def unscorable_shares(*, board: Board, at: datetime | None, merged: dict[int, int]) -> dict[int, float]:
    """
    Return of each source the share of its decided statements that were no forecast to check.

    What editors turned down is the denominator: who says little that can be checked shows here. On a
    public board, of the articles that are public. One query; `merged` as `merged_sources` gives it.
    """
    known = Decision.objects.all() if at is None else Decision.objects.as_known_on(at)
    if board.public:
        known = known.filter(statement__document__public_since__isnull=False)
    last = known.filter(statement__speaker__isnull=False).order_by("statement_id", "-recorded_at", "-pk")
    decided, rejected = Counter[int](), Counter[int]()
    for speaker, status in last.distinct("statement_id").values_list("statement__speaker_id", "status"):
        source = merged.get(speaker, speaker)
        decided[source] += 1
        rejected[source] += status == StatementStatus.REJECTED
    return {source: rejected[source] / n for source, n in decided.items()}


def _tally(sources: Ints) -> dict[int, int]:
    found, times = np.unique(sources, return_counts=True)
    return dict(zip(found.tolist(), times.tolist(), strict=True))


def _questions(columns: Columns, rows: Bools) -> dict[int, int]:
    # One number for each pair sorts ten times as fast as two columns.
    span = columns.question.max(initial=0) + 1
    return _tally(np.unique(columns.source[rows] * span + columns.question[rows]) // span)
