"""
Ask a worker for the figures of a board that a page, an answer of the API or a feed still lacks.

Those of now are asked for by the facts themselves; here is whoever finds the cache empty, or the worker
away. Those of a past date are asked for by readers alone, and there is a date for every day: so one of
them is computed at a time, whichever board it is of, and who asks gets so many an hour.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from kombu.exceptions import OperationalError
from rest_framework.throttling import SimpleRateThrottle

from forecasts.models import Board
from forecasts.queries.standings import cache_key

READERS_ASK_AGAIN_SECONDS, LOST_SECONDS = 300, 900
"""However many readers wait; and when a task is taken to be lost with the broker."""
SOON_SECONDS, LATER_SECONDS = 5, 30
UNDER_WAY = "boards:past"
logger = logging.getLogger(__name__)


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
    """
    Have a board computed, unless it waits for that already; return whether a worker has been asked.

    However many facts and readers ask, one waits in the queue: what is recorded until it begins is in it.
    """
    if not cache.add(_waiting(board_id), True, timeout=LOST_SECONDS):
        return False
    if _send("tracker.tasks.refresh_board", board_id=board_id):
        return True
    begun(board_id)
    return False


def begun(board_id: int) -> None:
    """Let the board be asked for again: what is recorded from here on is not in what is computed now."""
    cache.delete(_waiting(board_id))


def _waiting(board_id: int) -> str:
    return f"boards:waiting:{board_id}"


def _ask_for_past(request: HttpRequest, board: Board, at: datetime) -> Asked:
    wanted = cache_key(board=board, at=at)
    under_way = cache.get(UNDER_WAY)
    if under_way is not None:
        return _waits(ours=under_way == wanted)
    throttle = PastThrottle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        return Asked(ours=False, another=False, seconds=math.ceil(throttle.wait() or 60))
    # A worker that dies leaves the place taken until its task would have been ended.
    if not cache.add(UNDER_WAY, wanted, timeout=settings.CELERY_TASK_TIME_LIMIT + 60):
        return _waits(ours=cache.get(UNDER_WAY) == wanted)
    if not _send("tracker.tasks.refresh_past", board_id=board.pk, at=at.isoformat()):
        done_with(wanted)
    return _waits(ours=True)


def _waits(*, ours: bool) -> Asked:
    return Asked(ours=ours, another=not ours, seconds=SOON_SECONDS if ours else LATER_SECONDS)


def done_with(key: str) -> None:
    """Let the next date be asked for, unless that has happened already."""
    if cache.get(UNDER_WAY) == key:
        cache.delete(UNDER_WAY)


def _send(task: str, **kwargs: Any) -> bool:
    try:
        current_app.send_task(task, kwargs=kwargs, retry=False)
    except OperationalError as error:
        logger.warning("Nobody could be asked for %s of %s: %s", task, kwargs, error)
        return False
    return True
