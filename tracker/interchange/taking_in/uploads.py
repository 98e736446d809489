"""
Files that come over the wire: checked and packed when they come, unpacked and taken in by a worker.

They wait in the database, because web and worker may be different machines. Several files of one
import (ForecastBench has a file for each set) are one archive.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from forecasts.files.writes.uploads import drop_upload, keep_upload
from forecasts.limits import most
from forecasts.models import Board, Desk, Import, Upload
from forecasts.record.refusal import RefusedError
from tracker.interchange.kit.unpacking import GZIP, PARQUET, ZIP
from tracker.interchange.taking_in.files import board_named, board_slug, digest_of, take_files

LOOKED_AT = 4096
PACKED = (GZIP, ZIP, PARQUET)


class UnusableUploadError(RefusedError):
    field = "files"


class NoSuchBoardError(RefusedError):
    field = "board"


def receive(
    *,
    files: Sequence[UploadedFile],
    origin: str,
    board: str,
    may_make_board: bool,
    now: datetime,
    by: User | None,
    desk: Desk | None = None,
) -> Import:
    """
    Keep files that shall be taken in as one set, and return their import.

    board: the name or slug of the board that ranks them, or nothing. Raises UnusableUploadError for
    what can't be a file of forecasts, and NoSuchBoardError.
    """
    _check(files)
    packed = io.BytesIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        paths = [_written(file, Path(folder), place) for place, file in enumerate(files)]
        for path in paths:
            archive.write(path, str(path.relative_to(folder)))
        sha256 = digest_of(paths, format=origin)
    return keep_upload(
        name=", ".join(_name(file) for file in files)[:300],
        content=packed.getvalue(),
        sha256=sha256,
        origin=origin,
        board=_board(board, may_make=may_make_board) if board.strip() else None,
        now=now,
        desk=desk,
        by=by,
    )


def _board(name: str, *, may_make: bool) -> Board:
    known = Board.objects.filter(slug=board_slug(name)).exists()
    if not known and not may_make:
        raise NoSuchBoardError(
            _("There is no ranking “%(name)s”, and an administrator makes new ones.") % {"name": name}
        )
    return board_named(name)


def take_upload(job: Import, *, now: datetime) -> None:
    """
    Take in what was uploaded for an import that was begun, from where it was cut off.

    Raises UnreadableFileError.
    """
    upload = Upload.objects.get(job=job)
    with _unpacked(bytes(upload.content)) as paths:
        take_files(job=job, paths=paths, now=now)
    drop_upload(job=job)


def _check(files: Sequence[UploadedFile]) -> None:
    largest = settings.IMPORT_MEGABYTES
    if not files or len(files) > most("files"):
        raise UnusableUploadError(
            _("Choose a file, or at most %(most)s that belong together.") % {"most": most("files")}
        )
    if sum(file.size or 0 for file in files) > largest << 20:
        raise UnusableUploadError(
            _(
                "At most %(most)s MB can be uploaded. Compress the file with gzip, or have it taken in "
                "on the server with manage.py import_forecasts."
            )
            % {"most": largest}
        )
    for file in files:
        if len(_name(file)) > most("file_name"):
            raise UnusableUploadError(
                _("%(file)s…: the file’s name has more than %(most)d characters. Rename the file.")
                % {"file": _name(file)[:40], "most": most("file_name")}
            )
        start = file.read(LOOKED_AT)
        file.seek(0)
        if not start:
            raise UnusableUploadError(_("%(file)s is empty.") % {"file": _name(file)})
        if not start.startswith(PACKED) and (b"\0" in start or not _is_text(start)):
            raise UnusableUploadError(
                _("%(file)s is neither text in UTF-8 nor a gzip, zip or Parquet file. Save it as CSV.")
                % {"file": _name(file)}
            )


def _is_text(start: bytes) -> bool:
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last letter may be cut in two.
        return error.start > len(start) - 4
    return True


def _name(file: UploadedFile) -> str:
    return Path(file.name or "file").name


def _written(file: UploadedFile, folder: Path, place: int) -> Path:
    """Write the file under its own name, in a folder of its own so that no two are in each other's way."""
    path = folder / str(place) / _name(file)
    path.parent.mkdir()
    with path.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    return path


@contextmanager
def _unpacked(content: bytes) -> Iterator[list[Path]]:
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            archive.extractall(folder)
        yield [Path(folder) / name for name in names]
