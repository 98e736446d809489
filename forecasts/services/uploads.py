"""Keep a file that waits to be taken in, where every worker finds it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from forecasts.models import Board, Desk, Import, ImportState, Upload
from forecasts.services.imports import begin_import
from forecasts.services.refusal import RefusedError


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
    if job.state != ImportState.DONE:
        Upload.objects.get_or_create(job=job, defaults={"content": content})
        ask_for_import(job=job)
    return job


def ask_for_import(*, job: Import) -> None:
    """
    Have an upload wait for a worker, for the first time or to go on.

    Saving it as waiting is what tells the workers. Harmless where one is at it. Raises
    NothingToImportError where the bytes are gone.
    """
    if not Upload.objects.filter(job=job).exists():
        raise NothingToImportError(_("Nothing waits here. Upload the file again to go on."))
    job.state, job.error = ImportState.WAITING, ""
    job.save(update_fields=["state", "error"])


def drop_upload(*, job: Import) -> None:
    """Forget the bytes of a file: the record has what it says."""
    Upload.objects.filter(job=job).delete()
