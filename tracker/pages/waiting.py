"""Ask a worker for what a page still waits for."""

from __future__ import annotations

import logging

from celery import current_app
from django.core.cache import cache
from kombu.exceptions import OperationalError

ASK_AGAIN_SECONDS = 300
logger = logging.getLogger(__name__)


def ask_for_figures(board_id: int) -> None:
    """
    Have the board's figures computed, once in five minutes at most however many readers wait.

    A resolution asks by itself; this is for a cache that was emptied, or a worker that was away.
    """
    if not cache.add(f"boards:asked:{board_id}", True, timeout=ASK_AGAIN_SECONDS):
        return
    try:
        current_app.send_task("tracker.tasks.refresh_board", kwargs={"board_id": board_id}, retry=False)
    except OperationalError as error:
        logger.warning("Nobody could be asked for the figures of board %s: %s", board_id, error)
