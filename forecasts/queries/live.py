"""What a board's page shows beside its standings: history and changes, of one version of the record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeVar

from django.core.cache import cache

from forecasts.models import Board
from forecasts.queries.changes import LATEST, Change, board_changes
from forecasts.queries.history import HistoryPoint, board_history
from forecasts.queries.standings import KEEP_SECONDS, StandingRow, cache_key, standings

HISTORY_AT_ONCE, CHANGES_AT_ONCE = 20_000, 2_000
"""Boards of more forecasts get theirs from a task."""
CHANGES_AT_ALL = 200_000
"""A larger board keeps no log of changes: each costs two rankings."""
TRIES = 3

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """
    A board's rows, history and changes, all of one version of the record.

    None is what a task is still computing (now) or what is not computed for a board of this size (a past
    date); `changes_kept` is False where the board is too large for a log. `drawn` tells whether every
    rank has its intervals. `version` names all of it: the record's version, the settings, the date.
    """

    rows: list[StandingRow]
    drawn: bool
    history: list[HistoryPoint] | None
    changes: list[Change] | None
    changes_kept: bool
    version: str

    @property
    def complete(self) -> bool:
        changed = self.changes is not None or not self.changes_kept
        return self.drawn and self.history is not None and changed


def board_live(*, board: Board, now: datetime, at: datetime | None = None) -> Live:
    """
    Return what the board's page shows, as known now or on `at`, without waiting for a task.

    Read again where the record moved meanwhile, so that no figure stands beside one of another version.
    """
    for _attempt in range(TRIES):
        key = cache_key(board=board, now=now)
        found = _live(board=board, now=now, at=at, key=key)
        if cache_key(board=board, now=now) == key:
            break
    return found


def refresh_live(*, board: Board, now: datetime) -> None:
    """Compute and keep the board's history and changes, however large it is. For tasks."""
    key = cache_key(board=board, now=now)
    _history(board, key=key, wait=True)
    if _size(standings(board=board, now=now)) <= CHANGES_AT_ALL:
        _changes(board, key=key, wait=True)


def is_drawn(rows: Sequence[StandingRow]) -> bool:
    """Return whether each ranked source has its intervals."""
    return all(row.rank is None or row.rank_band is not None for row in rows)


def _live(*, board: Board, now: datetime, at: datetime | None, key: str) -> Live:
    rows = standings(board=board, at=at, now=now)
    size = _size(rows)
    small, tiny = size <= HISTORY_AT_ONCE, size <= CHANGES_AT_ONCE
    if at is None:
        history = _history(board, key=key, wait=small)
        changes = _changes(board, key=key, wait=tiny) if size <= CHANGES_AT_ALL else None
    else:
        history = board_history(board=board, at=at) if small else None
        changes = board_changes(board=board, at=at) if tiny else None
    return Live(
        rows=rows,
        drawn=is_drawn(rows),
        history=history,
        changes=changes,
        changes_kept=size <= CHANGES_AT_ALL,
        version=f"{key}:{at.isoformat() if at else 'now'}",
    )


def _size(rows: Sequence[StandingRow]) -> int:
    return sum(row.n_forecasts for row in rows)


def _history(board: Board, *, key: str, wait: bool) -> list[HistoryPoint] | None:
    named = f"{key}:history:{_shape(HistoryPoint)}"
    return remembered(named, compute=lambda: board_history(board=board), wait=wait)


def _changes(board: Board, *, key: str, wait: bool) -> list[Change] | None:
    named = f"{key}:changes:{LATEST}:{_shape(Change)}"
    return remembered(named, compute=lambda: board_changes(board=board), wait=wait)


def remembered(key: str, *, compute: Callable[[], Kept], wait: bool = True) -> Kept | None:
    """Return what is kept under the key; else compute it where `wait` says so, and keep it."""
    found: Kept | None = cache.get(key)
    if found is None and wait:
        found = compute()
        cache.set(key, found, KEEP_SECONDS)
    return found


def _shape(kept: type) -> str:
    """Return a row's columns, so that what an older release kept is not taken for ours."""
    return ",".join(each.name for each in fields(kept))
