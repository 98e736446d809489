"""Have a board computed, once for however many ask, and mark it done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from forecasts.jobs.writes import RELEASED, LeaseLostError
from forecasts.models import Computation

# What was given up is not tried again for each fact and each reader: that would be without an end.
REST = timedelta(days=1)
ANEW: dict[str, Any] = {
    **RELEASED,
    "finished_at": None,
    "ended_at": None,
    "ended_because": "",
    "dead_at": None,
    "attempts": 0,
    "reached": 0,
    "again": False,
    "step": "",
    "failure": "",
    "error": "",
}


def want_board(*, board_id: int, now: datetime) -> int:
    """Have a board computed as known now, or once more after what is under way; return the key of its row."""
    given = {"due_at": now, "created_at": now}
    row, new = Computation.objects.get_or_create(board_id=board_id, as_of=None, defaults=given)
    if not new and not _anew(row.pk, now=now):
        begun = Computation.objects.armed().filter(pk=row.pk, heartbeat_at__gte=F("claimed_at"))
        begun.update(again=True)
    return row.pk


def want_past(*, board_id: int, at: datetime, key: str, now: datetime) -> int | None:
    """Have a board computed as known on a date; return the key of its row, None where another date waits."""
    given = {"due_at": now, "created_at": now, "as_of": at}
    try:
        with transaction.atomic():
            rows = Computation.objects.filter(as_of__isnull=False)
            row, new = rows.get_or_create(board_id=board_id, key=key, defaults=given)
            if not new:
                _anew(row.pk, now=now)
    except IntegrityError:
        return None
    return row.pk


def done_with_board(*, job: Computation, now: datetime) -> bool:
    """
    Mark it as done, and return True; or let it wait again where it was asked for meanwhile.

    Raises LeaseLostError.
    """
    held = Computation.objects.armed().filter(pk=job.pk, claim=job.claim)
    done = {**RELEASED, "step": "", "error": "", "failure": "", "finished_at": now}
    if held.filter(again=False).update(**done):
        return True
    if not held.update(**{**ANEW, "due_at": now}):
        raise LeaseLostError(_("This was stopped, or another worker took it over."))
    return False


def _anew(pk: int, *, now: datetime) -> int:
    """Let what is done wait again, and what was given up or stopped a day ago or more."""
    rested = Q(dead_at__lte=now - REST) | Q(ended_at__lte=now - REST)
    over = Computation.objects.filter(Q(finished_at__isnull=False) | rested, pk=pk)
    return over.update(**{**ANEW, "due_at": now})
