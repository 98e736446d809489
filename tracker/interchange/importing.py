"""Files of forecasts from wherever they lie into the record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.contrib.auth.models import User
from django.utils.text import slugify

from forecasts.models import Board, Import, ImportState
from forecasts.services.imports import Progress, begin_import, take_in
from tracker.interchange.formats import read_as

CHUNK = 1 << 20


def import_files(
    *,
    paths: Iterable[Path],
    format: str,
    name: str,
    board: Board | None,
    now: datetime,
    by: User | None = None,
    progress: Progress = lambda done, rows: None,
    rows_at_once: int | None = None,
) -> tuple[Import, bool]:
    """
    Take files in, as one set, and return the import and whether it was done before.

    Raises UnreadableFileError; then nothing is on the record.
    """
    files = list(paths)
    sha256 = digest_of(files, format=format)
    known = Import.objects.filter(sha256=sha256, board=board, state=ImportState.DONE).first()
    if known is not None:
        return known, True
    reading = read_as(format, paths=files, name=name)
    job = begin_import(
        name=name[:300],
        sha256=sha256,
        board=board,
        rows=len(reading.contents.forecasts),
        now=now,
        by=by,
        origin=format,
    )
    done = take_in(
        job=job,
        contents=reading.contents,
        refused=reading.refused,
        read=reading.rows,
        now=now,
        progress=progress,
        rows_at_once=rows_at_once,
    )
    return done, False


def board_named(name: str) -> Board:
    """Return the board of that name or slug; a new one ranks the questions with its topic."""
    slug = slugify(name)[:100] or "board"
    defaults = {"name": name[:200], "filter": {"topics": [slug]}, "minimum_n": 1}
    return Board.objects.get_or_create(slug=slug, defaults=defaults)[0]


def digest_of(files: Iterable[Path], *, format: str) -> str:
    """Return the SHA-256 of the files' bytes; the common format is the one that goes without saying."""
    found = hashlib.sha256(b"" if format == "common" else f"{format}\n".encode())
    for path in files:
        with path.open("rb") as file:
            while part := file.read(CHUNK):
                found.update(part)
    return found.hexdigest()
