"""Tell the workers of what waits for one: which task it is, and what it is told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from celery import current_app
from django.utils import timezone
from kombu.exceptions import OperationalError

from forecasts.jobs.writes import hand_over, release
from forecasts.models import Computation, Import, Job

logger = logging.getLogger(__name__)

Message = tuple[str, dict[str, Any]]


def _board(job: Computation) -> Message:
    if job.as_of is None:
        return "tracker.tasks.refresh_board", {"board_id": job.board_id}
    return "tracker.tasks.refresh_past", {"board_id": job.board_id, "at": job.as_of.isoformat()}


MESSAGES: Mapping[type[Job], Callable[[Any], Message]] = {
    Import: lambda job: ("tracker.tasks.import_upload", {"import_id": job.pk}),
    Computation: _board,
}


def hand_on(kind: type[Job], pk: int | None = None) -> bool:
    """
    Tell the workers of what waits, all of it or one, and return whether they were told of any.

    Where they can't be told, the next sweep does.
    """
    keys = hand_over(kind=kind, now=timezone.now(), only=pk)
    try:
        for job in kind.objects.filter(pk__in=keys).order_by("due_at", "pk"):
            name, told = MESSAGES[kind](job)
            current_app.send_task(name, kwargs=told, retry=False)
    except OperationalError as error:
        logger.warning("No worker could be told of %s %s: %s", kind.__name__, keys, error)
        release(kind=kind, keys=keys, now=timezone.now())
        return False
    return bool(keys)
