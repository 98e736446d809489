"""A sign of life while somebody is at a job, whatever keeps them busy."""

from __future__ import annotations

import logging
import threading
from types import TracebackType

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from forecasts.jobs.writes import heartbeat
from forecasts.models import Job

BEATS_IN_A_LEASE = 4
logger = logging.getLogger(__name__)


class Heart:
    """
    Renews the lease of a job from a thread of its own, on a connection of its own, until it is left.

    It ends with its process. Where the database is away it tries again, and where the lease is lost it
    stops: whoever is at the job learns that at the next block.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heart of {job.pk}", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._thread.join(timeout=10)

    def _beat(self) -> None:
        while not self._left.wait(settings.JOB_LEASE_SECONDS / BEATS_IN_A_LEASE):
            try:
                if not heartbeat(job=self.job, now=timezone.now()):
                    return
            except DatabaseError as error:
                logger.warning("No sign of life of %s %s: %s", type(self.job).__name__, self.job.pk, error)
            finally:
                connection.close()
