"""Keep a file that waits to be taken in, where every worker finds it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from forecasts.files.writes.imports import begin_import
from forecasts.jobs.writes import announce, retry
from forecasts.models import Board, Desk, Import, JobState, Upload
from forecasts.record.refusal import RefusedError


class NothingToImportError(RefusedError):
    field = "files"


@transaction.atomic
def keep_upload(
    *,
    name: str,
    content: bytes,
    sha256: str,
    origin: str,
    board: Board | None,
    now: datetime,
    by: User | None,
    desk: Desk | None = None,
) -> Import:
    """Return the import of this file, which keeps the bytes until it is done; the one there is, if any."""
    job = begin_import(
        name=name, sha256=sha256, board=board, rows=0, now=now, desk=desk, by=by, origin=origin
    )
    if job.state != JobState.DONE:
        Upload.objects.get_or_create(job=job, defaults={"content": content})
        announce(job=job)
    return job


def import_again(*, job: Import, by: User | None, now: datetime) -> None:
    """
    Have an upload that failed or was stopped go on from its last block.

    Raises NothingToImportError where the bytes are gone, NotStoppedError and NotAllowedError.
    """
    if not Upload.objects.filter(job=job).exists():
        raise NothingToImportError(
            _("The bytes of this file are no longer here. What was imported stays. Import the file again.")
        )
    retry(job=job, by=by, now=now)


def drop_upload(*, job: Import) -> None:
    """Forget the bytes of a file: the record has what it says."""
    Upload.objects.filter(job=job).delete()
