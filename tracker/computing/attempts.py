"""One attempt at a job: taken up, worked on, and marked with what came of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from forecasts.jobs.writes import LeaseLostError, begin, fail, wait_in_line
from forecasts.models import Failure, Job
from forecasts.record.refusal import RefusedError
from tracker.computing.heart import Heart

Work = TypeVar("Work", bound=Job)
IN_LINE_SECONDS = 2.0
logger = logging.getLogger(__name__)


Unreadable = tuple[type[Exception], ...]


def attempt(
    *, kind: type[Work], pk: int, work: Callable[[Work], object], unreadable: Unreadable = ()
) -> bool:
    """
    Take the job up, work on it, and keep what went wrong; return whether it was ours to take up.

    Nothing is raised: what failed is in the row, for people to see, and in the log. `unreadable` are
    the errors that say for people what is wrong with a file, which another attempt would not mend.
    """
    job = begin(kind=kind, pk=pk, now=timezone.now())
    if job is None:
        return False
    try:
        with Heart(job):
            work(job)
    except LeaseLostError:
        logger.info("%s %s was stopped or taken over.", kind.__name__, pk)
    except Exception as error:  # noqa: BLE001  Whatever it is becomes a failed row.
        _keep(job, error, unreadable)
    return True


@contextmanager
def taken_up(*, kind: type[Work], pk: int, unreadable: Unreadable = ()) -> Iterator[Work | None]:
    """
    Yield the job for a command to work on, after those before it; None where it is done by then.

    What goes wrong is kept with the job, and raised.
    """
    while (job := begin(kind=kind, pk=pk, now=timezone.now())) is None:
        if not wait_in_line(kind=kind, pk=pk, now=timezone.now()):
            yield None
            return
        time.sleep(IN_LINE_SECONDS)
    try:
        with Heart(job):
            yield job
    except BaseException as error:
        _keep(job, error, unreadable)
        raise


def _keep(job: Job, error: BaseException, unreadable: Unreadable) -> None:
    """Keep why the attempt ended, and in what words. Where the database is away, the lease runs out."""
    failure = failure_of(error, unreadable)
    if failure in (Failure.FAULT, Failure.TIME, Failure.MEMORY):
        logger.error("%s %s ended: %s", type(job).__name__, job.pk, failure.value, exc_info=error)
    if failure == Failure.TIME:
        # A connection that was cut off within a query still waits for its answer.
        connection.close()
    try:
        with translation.override(settings.LANGUAGE_CODE):
            fail(job=job, failure=failure, error=_words(job, failure, error), now=timezone.now())
    except DatabaseError as gone:
        logger.warning("%s %s could not be marked: %s", type(job).__name__, job.pk, gone)
        connection.close()


def failure_of(error: BaseException, unreadable: Unreadable) -> Failure:
    """Return what it was: on the way out of a query, a time limit sets off other errors."""
    chain = list(_chain(error))
    if any(isinstance(each, SoftTimeLimitExceeded) for each in chain):
        return Failure.TIME
    if any(isinstance(each, MemoryError) for each in chain):
        return Failure.MEMORY
    if isinstance(error, unreadable):
        return Failure.UNREADABLE
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return Failure.LOST
    return Failure.REFUSED if isinstance(error, RefusedError) else Failure.FAULT


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _words(job: Job, failure: Failure, error: BaseException) -> str:
    """Return what the row says of it: nothing of the server's, such as a path, an address or a query."""
    if failure == Failure.TIME:
        return _("It was cut off after %(seconds)d seconds.") % {
            "seconds": (timezone.now() - (job.claimed_at or timezone.now())).total_seconds()
        }
    if failure == Failure.MEMORY:
        return _("It needed more than the %(most)d MB that a task may take.") % {
            "most": settings.TASK_MEMORY_MEGABYTES
        }
    if failure == Failure.FAULT:
        return _("%(kind)s. The log has the rest.") % {"kind": type(error).__name__}
    return str(error)
