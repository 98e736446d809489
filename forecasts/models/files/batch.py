"""A file of forecasts that was taken in: how far it came, and what was refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.boards.board import Board
from forecasts.models.desk import Desk
from forecasts.models.jobs.job import JOB_WAITING, Job, JobQuerySet

WAITS_AT_MOST = timedelta(minutes=5)
"""A command that waits for its turn says more often than that that it is there."""


class ImportQuerySet(JobQuerySet["Import"]):
    def free(self, now: datetime) -> Self:
        """Return what a worker can take up: the bytes of what a command reads are with the command."""
        return super().free(now).filter(upload__isnull=False)

    def orphaned(self, now: datetime) -> Self:
        """Return what a command was at, or waited to be at, when it ended."""
        waited = Q(lease_until=None, due_at__lte=now - WAITS_AT_MOST)
        return self.armed().filter(waited | Q(lease_until__lte=now), upload=None)


class Import(Job):
    """
    One file into one board, by one desk, known by the SHA-256 of its bytes.

    `read` counts the file's rows, `rows` those that can be used. Of these, `repeated` say what another
    row of the file says, and `known` what was on the record before. `done` counts the rows whose block
    is committed: after a crash, the rest is taken in from there. `refused` lists line, field and reason
    of each row, or question with all its rows, that was left out.
    """

    ALONE = True
    STEPS = {
        "reading": _("reading the file"),
        "questions": _("questions"),
        "forecasts": _("forecasts"),
        "answers": _("answers"),
    }

    name = models.CharField(_("file"), max_length=most("label"))
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="imports", verbose_name=_("desk"))
    board = models.ForeignKey(
        Board, models.PROTECT, null=True, blank=True, related_name="imports", verbose_name=_("ranking")
    )
    origin = models.CharField(_("format"), max_length=40, default="common")
    read = models.PositiveIntegerField(_("rows read"), default=0)
    rows = models.PositiveIntegerField(_("usable rows"), default=0)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    repeated = models.PositiveIntegerField(_("repeated rows"), default=0)
    known = models.PositiveIntegerField(_("forecasts known before"), default=0)
    new_questions = models.PositiveIntegerField(_("new questions"), default=0)
    new_forecasts = models.PositiveIntegerField(_("new forecasts"), default=0)
    new_resolutions = models.PositiveIntegerField(_("new answers"), default=0)
    refused = models.JSONField(_("rows not imported"), default=list, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at", "-pk")
        indexes = (
            # Read by the sweep, once a minute: only what waits or runs is in the index.
            models.Index(name="import_to_sweep", fields=("due_at", "id"), condition=JOB_WAITING),
        )
        constraints = (
            *Job.Meta.constraints,
            models.CheckConstraint(name="import_is_done_row_by_row", condition=Q(done__lte=F("rows"))),
            models.UniqueConstraint(name="file_enters_a_board_once", fields=("sha256", "desk", "board")),
            models.UniqueConstraint(
                name="file_enters_without_a_board_once", fields=("sha256", "desk"), condition=Q(board=None)
            ),
        )

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """The bytes of a file that waits to be taken in, where every worker finds them; gone when it is."""

    job = models.OneToOneField(
        Import, models.CASCADE, primary_key=True, related_name="upload", verbose_name=_("import")
    )
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")

    def __str__(self) -> str:
        return str(self.job)
