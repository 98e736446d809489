"""A board as those see it who have still to answer questions without seeing who spoke on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from forecasts.boards.reads.columns.columns import board_forecasts, merged_sources
from forecasts.boards.reads.standings import StandingRow
from forecasts.models import Board, Source
from forecasts.questions.reads.blind import Somebody, hidden_questions

SHARES = ("imputed_share", "unscorable_share")
"""The figures in which forecasts on open questions count."""


def told_unseeing(
    told: Iterable[dict[str, Any]], *, board: Board, user: Somebody, at: datetime | None = None
) -> list[dict[str, Any]]:
    """
    Return a board's rows, as plain dicts, without what was said on questions hidden from the user.

    Such a question has no answer, so no score rests on it. It is taken out of the open ones, a source with
    nothing else on the board is left out, and the shares that its forecasts count in are None for all: one
    that was missing would tell. No query for the public, one where nothing is hidden, three otherwise.
    """
    unseen = _unseen(board, user, at)
    if not unseen:
        return list(told)
    rows = [
        row | {"n_open": max(row["n_open"] - unseen[row["slug"]], 0)} | dict.fromkeys(SHARES) for row in told
    ]
    return [row for row in rows if row["slug"] not in unseen or row["n"] or row["n_open"] or row["n_void"]]


def rows_unseeing(
    rows: Iterable[StandingRow], *, board: Board, user: Somebody, at: datetime | None = None
) -> list[StandingRow]:
    """Return the same of rows."""
    told = told_unseeing((row.as_dict() for row in rows), board=board, user=user, at=at)
    return [StandingRow(**each) for each in told]


def _unseen(board: Board, user: Somebody, at: datetime | None) -> Counter[str]:
    """Return by slug on how many hidden questions of the board each source has spoken, after merges."""
    hidden = hidden_questions(user=user).values("pk")
    said = board_forecasts(board=board, at=at).filter(question__in=hidden, withdrawn=False).order_by()
    pairs = set(said.values_list("source", "question"))
    merged = merged_sources(at=at) if pairs else {}
    standing = {(merged.get(source, source), question) for source, question in pairs}
    slugs = dict(
        Source.objects.filter(pk__in={source for source, _ in standing}).values_list("pk", "slug")
        if standing
        else ()
    )
    return Counter(slugs[source] for source, _ in standing)
