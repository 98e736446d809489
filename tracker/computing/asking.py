"""
Ask a worker for the figures of a board that a page, an answer of the API or a feed still lacks.

Those of now are asked for by the facts themselves; here is whoever finds the cache empty, or the worker
away. Those of a past date are asked for by readers alone, and there is a date for every day: so one of
them is computed at a time, whichever board it is of, and who asks gets so many an hour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from forecasts.boards.reads.computations import past_under_way
from forecasts.boards.reads.standings import cache_key
from forecasts.boards.writes.computations import want_board, want_past
from forecasts.models import Board, Computation
from tracker.computing.handing import hand_on

READERS_ASK_AGAIN_SECONDS = 300
"""However many readers wait."""
SOON_SECONDS, LATER_SECONDS = 5, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """
    Whether a worker has been asked: `ours` is under way, or another date is, or, with neither, whoever asks
    has asked for too many. `seconds` is when to ask again.
    """

    ours: bool
    another: bool
    seconds: int


class PastThrottle(SimpleRateThrottle):
    """Counts the past dates that a reader has computed: those that were computed already are free."""

    scope = "past"

    def get_cache_key(self, request: Any, view: Any) -> str:
        user = getattr(request, "user", None)
        ident = user.pk if user and user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}


def ask(request: HttpRequest, board: Board, *, at: datetime | None) -> Asked:
    """Have the board's figures computed, of now or of a past date, if nobody has asked yet."""
    return _ask_for_now(board) if at is None else _ask_for_past(request, board, at)


def _ask_for_now(board: Board) -> Asked:
    if cache.add(f"boards:read:{board.pk}", True, timeout=READERS_ASK_AGAIN_SECONDS):
        ask_for_board(board.pk)
    return Asked(ours=True, another=False, seconds=SOON_SECONDS)


def ask_for_board(board_id: int) -> bool:
    """Have a board computed, unless it waits for that already; return whether a worker has been told."""
    return hand_on(Computation, want_board(board_id=board_id, now=timezone.now()))


def _ask_for_past(request: HttpRequest, board: Board, at: datetime) -> Asked:
    wanted = cache_key(board=board, at=at)
    under_way = past_under_way()
    if under_way is not None:
        return _waits(ours=under_way.key == wanted)
    throttle = PastThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        return Asked(ours=False, another=False, seconds=math.ceil(throttle.wait() or 60))
    row = want_past(board_id=board.pk, at=at, key=wanted, now=timezone.now())
    if row is not None:
        hand_on(Computation, row)
    return _waits(ours=row is not None)


def _waits(*, ours: bool) -> Asked:
    return Asked(ours=ours, another=not ours, seconds=SOON_SECONDS if ours else LATER_SECONDS)
