"""
Claim a job, take it up, keep it, and let go of it: each a short conditional UPDATE.

Nobody waits for a lock: whoever holds a job holds it by its row's claim, and every block that it commits
asks in the same transaction whether the claim still holds. So two workers may be sent the same job, and
one may come back after its lease ran out: only one of them writes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from forecasts.models import Computation, Failure, Import, Job
from forecasts.models.jobs.lease import IDLE
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError

# How long a message to the workers may lie in their queue until another one is sent.
HANDED = timedelta(minutes=5)
# The pauses after the first failure, the second and so on.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 900))
# What another attempt would not mend.
FINAL = {Failure.UNREADABLE, Failure.REFUSED, Failure.GONE}
AT_ONCE = 100
# Who may stop a job or have it tried again: whoever may ask for such a one.
ASKED_BY: Mapping[type[Job], Verb] = {
    Import: Verb.IMPORT_FORECASTS,
    Computation: Verb.EDIT_BOARDS,
}
RELEASED: dict[str, Any] = {"claim": None, "claimed_at": None, "lease_until": None, "heartbeat_at": None}
# Any constant will do, as long as nothing else takes the same advisory lock.
ONE_AT_A_TIME = 0x1EA5E

Work = TypeVar("Work", bound=Job)
Tell = Callable[[type[Job], int], object]
_tells: list[Tell] = []


class LeaseLostError(RefusedError):
    """Somebody stopped the job, or another worker took it over: nothing more may be written."""

    conflict = True


class NotStoppedError(RefusedError):
    field = "state"
    conflict = True


def when_waiting(tell: Tell) -> None:
    """Have `tell` called with each job's class and key once it is committed that it waits for a worker."""
    _tells.append(tell)


def announce(*, job: Job) -> None:
    """Tell that the job waits. Where that fails or nobody hears it, the next sweep finds it."""
    for tell in _tells:
        transaction.on_commit(partial(tell, type(job), job.pk), robust=True)


def lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


@transaction.atomic
def hand_over(*, kind: type[Job], now: datetime, only: int | None = None) -> list[int]:
    """
    Claim what is due and free, all of it or one, and return the keys, for the workers to be told.

    What was cut off at each of its attempts is given up. Where jobs of that kind come one after another
    and one is under way, nothing is claimed: the rest is handed over after it.
    """
    give_up_lost(kind=kind, now=now)
    orphaned = kind.objects.orphaned(now)
    orphaned.update(dead_at=now, failure=Failure.GONE, **RELEASED)
    if kind.ALONE and _under_way(kind, now).exists():
        return []
    free = kind.objects.free(now) if only is None else kind.objects.free(now).filter(pk=only)
    rows = free.order_by("due_at", "pk").select_for_update(skip_locked=True)
    keys = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    claimed = {"claim": uuid.uuid4(), "claimed_at": now, "lease_until": now + HANDED}
    kind.objects.filter(pk__in=keys).update(**claimed)
    return keys


def release(*, kind: type[Job], keys: list[int], now: datetime) -> None:
    """Let the next sweep hand these over again: nobody could be told."""
    kind.objects.armed().filter(IDLE, pk__in=keys).update(due_at=now, **RELEASED)


@transaction.atomic
def begin(*, kind: type[Work], pk: int, now: datetime) -> Work | None:
    """
    Take a job up, and return it; None where it is done, stopped, not due, or somebody else is at it.

    Whoever was told of it may: a message that waited for long, or came twice, does no harm.
    """
    give_up_lost(kind=kind, now=now)
    if kind.ALONE:
        # Held until this transaction ends, so that no two begin at once.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        if _under_way(kind, now).exclude(pk=pk).exists():
            release(kind=kind, keys=[pk], now=now)
            return None
    told = IDLE & Q(claim__isnull=False)
    free = Q(Q(lease_until=None) | Q(lease_until__lte=now), due_at__lte=now)
    begun = kind.objects.armed().filter(told | free, pk=pk)
    marks = {"claim": uuid.uuid4(), "claimed_at": now, "heartbeat_at": now, "lease_until": now + lease()}
    if not begun.update(**marks, attempts=F("attempts") + 1, failure="", error=""):
        return None
    found: Work = kind.objects.get(pk=pk)
    return found


def _under_way(kind: type[Job], now: datetime) -> Any:
    return kind.objects.armed().filter(heartbeat_at__gte=F("claimed_at"), lease_until__gt=now)


def wait_in_line(*, kind: type[Job], pk: int, now: datetime) -> bool:
    """Say that whoever waits to begin the job is still there, and return whether it still waits."""
    armed = kind.objects.armed().filter(pk=pk)
    return bool(armed.filter(claim=None).update(due_at=now)) or armed.exists()


def heartbeat(*, job: Job, now: datetime) -> bool:
    """Renew the lease, and return whether it still holds."""
    return bool(_held(job).update(heartbeat_at=now, lease_until=now + lease()))


def advance(*, job: Job, **columns: Any) -> None:
    """
    Keep how far the job is, in the transaction of what it did.

    It got further, so its attempts are counted anew. Raises LeaseLostError; then roll back.
    """
    _mark(job, attempts=1, **columns)
    job.advanced = True


def at_step(*, job: Job, step: str, **columns: Any) -> None:
    """Keep which step is under way. Raises LeaseLostError."""
    _mark(job, step=step, **columns)


def finish(*, job: Job, now: datetime, **columns: Any) -> None:
    """Mark the job as done. Raises LeaseLostError."""
    _mark(job, finished_at=now, step="", error="", failure="", **RELEASED, **columns)


def fail(*, job: Job, failure: Failure, error: str, now: datetime) -> None:
    """
    Keep why the attempt ended, and let another one be made after a growing pause; at last, give it up.

    A job that ran out of time but got further goes on at once. Nothing is kept where the lease is lost.
    """
    last = failure in FINAL or job.attempts >= settings.JOB_ATTEMPTS
    goes_on = failure == Failure.TIME and job.advanced
    pause = timedelta(0) if goes_on else PAUSES[min(max(job.attempts, 1), len(PAUSES)) - 1]
    marks = {"dead_at": now} if last and not goes_on else {"due_at": now + pause}
    told = {"failure": failure, "error": error[:2000]}
    if _held(job).update(**told, **marks, **RELEASED) and goes_on:
        announce(job=job)


def give_up_lost(*, kind: type[Job], now: datetime) -> int:
    """Give up what cut off its worker at each attempt, and return how many that were."""
    lost = kind.objects.free(now).filter(attempts__gte=settings.JOB_ATTEMPTS)
    given_up: int = lost.update(dead_at=now, failure=Failure.LOST, **RELEASED)
    return given_up


def stop(*, job: Job, by: User | None, now: datetime) -> None:
    """
    Stop a job that waits or runs, or one that was given up. What it committed stays.

    Whoever is at it notices at its next block. Raises NotStoppedError where it is done, NotAllowedError.
    """
    refuse_unless_may(by=by, verb=ASKED_BY[type(job)], of=job)
    because = f"stopped by {by.get_username()}"[:200] if by else "stopped"
    pending = type(job).objects.pending().filter(pk=job.pk)
    if not pending.update(ended_at=now, ended_because=because, dead_at=None, **RELEASED):
        raise NotStoppedError(_("It is done or stopped already. Nothing was changed."))
    job.refresh_from_db()


@transaction.atomic
def retry(*, job: Job, by: User | None, now: datetime) -> None:
    """
    Let a job that was given up or stopped, or that pauses, be taken up at once, from its last block.

    Raises NotStoppedError where it is done or a worker is at it, NotAllowedError.
    """
    refuse_unless_may(by=by, verb=ASKED_BY[type(job)], of=job)
    revive(job=job, now=now)
    announce(job=job)


def revive(*, job: Job, now: datetime) -> None:
    """The same, without telling the workers: for whoever does it on the spot. Raises NotStoppedError."""
    undone = type(job).objects.filter(pk=job.pk, finished_at=None)
    resting = undone.exclude(Q(heartbeat_at__gte=F("claimed_at"), lease_until__gt=now))
    marks = {"dead_at": None, "ended_at": None, "ended_because": "", "attempts": 0, "due_at": now}
    if not resting.update(**marks, failure="", error="", **RELEASED):
        raise NotStoppedError(_("It is done, or a worker is at it. Nothing was changed."))
    job.refresh_from_db()


def _held(job: Job) -> Any:
    return type(job).objects.armed().filter(pk=job.pk, claim=job.claim)


def _mark(job: Job, **columns: Any) -> None:
    if not _held(job).update(**columns):
        raise LeaseLostError(_("This was stopped, or another worker took it over."))
    for name, value in columns.items():
        setattr(job, name, value)
