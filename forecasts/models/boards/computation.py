"""What is computed of a board, as known now or on a past date, for whoever reads it."""

from __future__ import annotations

from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _

from forecasts.models.boards.board import Board
from forecasts.models.jobs.job import JOB_WAITING, Job, JobQuerySet


class Computation(Job):
    """
    The figures of a board: one row for those of now, and one for each past date that was asked for.

    However many facts and readers ask, one waits: what is recorded until it begins is in it. `again` says
    that it was asked for while a worker was at it. `reached` counts the steps that are kept, so that an
    attempt that is cut off in the same step as the last one got no further. `key` names a past date's
    version of the record: dates between which nothing was recorded share one. One past date waits at a time.
    """

    STEPS = {
        "ranks": _("ranks"),
        "intervals": _("intervals"),
        "history": _("history"),
        "calibration": _("calibration"),
        "changes": _("changes in the ranking"),
    }

    board = models.ForeignKey(Board, models.CASCADE, related_name="computations", verbose_name=_("ranking"))
    as_of = models.DateTimeField(_("as of"), null=True, blank=True)
    key = models.CharField(_("version of the record"), max_length=300, blank=True)
    again = models.BooleanField(_("asked for meanwhile"), default=False)
    reached = models.PositiveSmallIntegerField(_("steps kept"), default=0)

    objects = JobQuerySet["Computation"].as_manager()

    class Meta:
        verbose_name = _("ranking being computed")
        verbose_name_plural = _("rankings being computed")
        ordering = ("-due_at", "-pk")
        indexes = (
            # Read by the sweep, once a minute: only what waits or runs is in the index.
            models.Index(name="computation_to_sweep", fields=("due_at", "id"), condition=JOB_WAITING),
        )
        constraints = (
            *Job.Meta.constraints,
            models.UniqueConstraint(
                name="board_is_computed_once_as_known_now", fields=("board",), condition=Q(as_of=None)
            ),
            models.UniqueConstraint(
                name="board_is_computed_once_for_each_past_version",
                fields=("board", "key"),
                condition=Q(as_of__isnull=False),
            ),
            models.UniqueConstraint(
                ExpressionWrapper(Q(as_of__isnull=False), output_field=BooleanField()),
                name="one_past_date_waits_at_a_time",
                condition=Q(as_of__isnull=False) & JOB_WAITING,
            ),
        )

    def __str__(self) -> str:
        return f"{self.board}, {self.as_of:%Y-%m-%d}" if self.as_of else str(self.board)
