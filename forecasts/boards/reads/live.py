"""
What a board shows beside its standings: history and changes, of one version of the record.

Of the record as known now, or as known on a date. What takes seconds is computed by a task and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from typing import TypeVar

from forecasts.boards.reads.cache import remembered
from forecasts.boards.reads.changes import LATEST, Change, board_changes
from forecasts.boards.reads.computations import computation_of
from forecasts.boards.reads.history import HistoryPoint, board_history
from forecasts.boards.reads.profile import board_calibration
from forecasts.boards.reads.standings import StandingRow, cache_key, drawn_standings, standings
from forecasts.models import Board, Computation, JobState, Resolution

HISTORY_AT_ONCE, CHANGES_AT_ONCE = 20_000, 2_000
"""Boards of more forecasts get theirs from a task."""
CHANGES_AT_ALL = 2_000_000
"""A larger board keeps no log of changes: each costs a ranking, and a task has its limit."""
TRIES = 3

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Which step of a board's computation is under way, of how many. `name` is one of `STEPS`."""

    step: int
    of: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """
    A board's rows, history and changes, all of one version of the record.

    None is what a task still has to compute; `changes_kept` is False where the board is too large for a
    log. `drawn` tells whether every rank has its intervals; `progress` how far the task is, None where
    none runs; `too_large` that it was given up, so that it is not asked for again for a while. `version`
    names all of it: the record's version, the settings, the date.
    """

    rows: list[StandingRow]
    drawn: bool
    history: list[HistoryPoint] | None
    changes: list[Change] | None
    changes_kept: bool
    progress: Progress | None
    too_large: bool
    version: str

    @property
    def pending(self) -> list[str]:
        """Return the names of the figures that are still to come."""
        missing = {
            "intervals": not self.drawn,
            "history": self.history is None,
            "changes": self.changes is None and self.changes_kept,
        }
        return [name for name, is_missing in missing.items() if is_missing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A board's changes, and whether it is small enough to keep a log of them."""

    changes: list[Change] | None
    kept: bool


def board_live(*, board: Board, now: datetime, at: datetime | None = None) -> Live:
    """
    Return what the board's page shows, as known now or on `at`, without waiting for a task.

    Read again where the record moved meanwhile, so that no figure stands beside one of another version.
    """
    for _attempt in range(TRIES):
        key = cache_key(board=board, now=now, at=at)
        found = _live(board=board, now=now, at=at, key=key)
        if cache_key(board=board, now=now, at=at) == key:
            break
    return found


def live_history(*, board: Board, now: datetime, at: datetime | None = None) -> list[HistoryPoint] | None:
    """Return the board's history; None where a task still has to compute it."""
    key, size = cache_key(board=board, now=now, at=at), _size(standings(board=board, at=at, now=now))
    return _history(board, at, key=key, size=size)


def live_changes(*, board: Board, now: datetime, at: datetime | None = None) -> Log:
    """Return what moved the board; None where a task has to compute it, or where it keeps no log."""
    key, size = cache_key(board=board, now=now, at=at), _size(standings(board=board, at=at, now=now))
    kept = size <= CHANGES_AT_ALL
    return Log(changes=_changes(board, at, key=key, size=size) if kept else None, kept=kept)


def refresh(*, board: Board, now: datetime, at: datetime | None = None) -> Iterator[Progress]:
    """
    Compute and keep all that the board shows, however large it is, one step at each turn.

    For tasks: a step that is kept already takes no time, so one that was cut off goes on where it was.
    """
    for place, (name, work) in enumerate(STEPS.items(), start=1):
        yield Progress(step=place, of=len(STEPS), name=name)
        work(board, now, at)


def _step_history(board: Board, now: datetime, at: datetime | None) -> None:
    _history(board, at, key=cache_key(board=board, now=now, at=at), size=None)


def _step_changes(board: Board, now: datetime, at: datetime | None) -> None:
    key = cache_key(board=board, now=now, at=at)
    if _size(standings(board=board, at=at, now=now)) <= CHANGES_AT_ALL:
        _changes(board, at, key=key, size=None)


STEPS: dict[str, Callable[[Board, datetime, datetime | None], object]] = {
    "ranks": lambda board, now, at: standings(board=board, at=at, now=now),
    "intervals": lambda board, now, at: drawn_standings(board=board, at=at, now=now),
    "history": _step_history,
    "calibration": lambda board, now, at: board_calibration(board=board, now=now, at=at),
    "changes": _step_changes,
}


def _live(*, board: Board, now: datetime, at: datetime | None, key: str) -> Live:
    rows = standings(board=board, at=at, now=now)
    size = _size(rows)
    drawn = all(row.rank is None or row.rank_band is not None for row in rows)
    asked = computation_of(board=board, key=key, past=at is not None)
    return Live(
        rows=rows,
        drawn=drawn,
        history=_history(board, at, key=key, size=size),
        changes=_changes(board, at, key=key, size=size) if size <= CHANGES_AT_ALL else None,
        changes_kept=size <= CHANGES_AT_ALL,
        progress=_progress(asked),
        too_large=asked is not None and asked.state == JobState.FAILED,
        # A chart without its intervals is another one.
        version=f"{key}:{at.isoformat() if at else 'now'}{'' if drawn else ':undrawn'}",
    )


def _size(rows: Sequence[StandingRow]) -> int:
    return sum(row.n_forecasts for row in rows)


def _history(board: Board, at: datetime | None, *, key: str, size: int | None) -> list[HistoryPoint] | None:
    """Return the history, computed now where the board is small or `size` is None."""
    compute = partial(board_history, board=board, at=at)
    name = f"{key}:history:{_shape(HistoryPoint)}"
    return _kept(name, compute, at, small=size is not None and size <= HISTORY_AT_ONCE, wait=size is None)


def _changes(board: Board, at: datetime | None, *, key: str, size: int | None) -> list[Change] | None:
    """
    Return the log of changes, computed now where the board is small or `size` is None.

    It ends with an answer, and what was recorded since is nothing to it: so it is kept under the version
    of the last answer, and forecasts that come in do not have it computed anew.
    """
    compute = partial(board_changes, board=board, at=at)
    small = size is not None and size <= CHANGES_AT_ONCE
    if at is None:
        # The version of the record tells the name, which takes four queries to find out.
        name = remembered(f"{key}:log", compute=lambda: _log_name(board, None)) or ""
    else:
        name = "" if small else _log_name(board, at)
    return _kept(name, compute, at, small=small, wait=size is None)


def _log_name(board: Board, at: datetime | None) -> str:
    known = Resolution.objects.all() if at is None else Resolution.objects.filter(recorded_at__lte=at)
    last = known.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
    version = f"{cache_key(board=board, at=last)}:{last.isoformat()}" if last else f"{board.pk}:unanswered"
    return f"{version}:changes:{LATEST}:{_shape(Change)}"


def _kept(
    name: str, compute: Callable[[], Found], at: datetime | None, *, small: bool, wait: bool
) -> Found | None:
    if at is None:
        return remembered(name, compute=compute, wait=small or wait)
    # A small board of the past is quickly computed, and for each date there is one.
    return compute() if small else remembered(name, compute=compute, wait=wait, past="figures")


def _progress(asked: Computation | None) -> Progress | None:
    if asked is None or asked.state != JobState.RUNNING or asked.step not in STEPS:
        return None
    return Progress(step=[*STEPS].index(asked.step) + 1, of=len(STEPS), name=asked.step)


def _shape(kept: type) -> str:
    """Return a row's columns, so that what an older release kept is not taken for ours."""
    return ",".join(each.name for each in fields(kept))
