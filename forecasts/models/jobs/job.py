"""What takes longer than a request: taken up by a worker, with how far it is, until it is done."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from forecasts.models.jobs.lease import Lease, LeaseQuerySet, waiting

JOB_WAITING = waiting("finished_at")
Row = TypeVar("Row", bound=models.Model)


class JobState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    STOPPED = "stopped", _("stopped")


class Failure(models.TextChoices):
    """Why an attempt at a job ended before it was done."""

    UNREADABLE = "unreadable", _("The file can’t be read.")
    REFUSED = "refused", _("The record refused it.")
    TIME = "time", _("It ran out of time.")
    MEMORY = "memory", _("It needs more memory than one task may take.")
    LOST = "lost", _("The worker that was at it ended.")
    GONE = "gone", _("What it needs is no longer there.")
    FAULT = "fault", _("Something went wrong that nobody foresaw.")


# Read from the columns of the lease, so that it can't say anything else than they do.
STATE = Case(
    When(finished_at__isnull=False, then=Value("done")),
    When(ended_at__isnull=False, then=Value("stopped")),
    When(dead_at__isnull=False, then=Value("failed")),
    When(claimed_at__isnull=False, heartbeat_at__gte=F("claimed_at"), then=Value("running")),
    default=Value("waiting"),
)


class JobQuerySet(LeaseQuerySet[Row]):
    def orphaned(self, now: datetime) -> Self:
        """Return what no worker can do, and nobody else is at any more."""
        return self.none()


class Job(Lease):
    """
    Begun by a worker under a lease that it renews; every block it commits asks whether the lease holds.

    `attempts` counts those since it last got any further: a long job goes on from task to task, one that
    stands still is given up. `step` is the step under way, of STEPS; `failure` is why the last attempt
    ended, and `error` says it in words.
    """

    DONE = "finished_at"
    STEPS: ClassVar[dict[str, Any]] = {}
    # Whether they come one after another, whoever starts them.
    ALONE: ClassVar[bool] = False
    # Whether it got any further under this claim.
    advanced = False
    objects: Any  # A manager of a JobQuerySet.

    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    step = models.CharField(_("step"), max_length=20, blank=True)
    failure = models.CharField(_("why it failed"), max_length=20, choices=Failure, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    state = models.GeneratedField(
        verbose_name=_("state"),
        expression=STATE,
        output_field=models.CharField(max_length=20),
        db_persist=True,
        choices=JobState,
    )

    class Meta:
        abstract = True
        constraints = (
            *Lease.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_is_done_or_ended_not_both", condition=Q(finished_at=None) | Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="%(class)s_given_up_is_not_done", condition=Q(dead_at=None) | Q(finished_at=None)
            ),
            models.CheckConstraint(
                name="%(class)s_failure_is_known", condition=Q(failure__in=["", *Failure.values])
            ),
        )

    @property
    def moves(self) -> bool:
        """Whether it will be done by itself."""
        return self.finished_at is None and self.ended_at is None and self.dead_at is None
