"""Files of forecasts from wherever they lie into the record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.utils.text import slugify

from forecasts.files.writes.imports import Progress, begin_import, take_in
from forecasts.jobs.writes import at_step
from forecasts.models import Board, Desk, Import, JobState
from forecasts.people.writes.home_desk import home_desk
from tracker.computing.attempts import taken_up
from tracker.interchange.formats.registry import read_as
from tracker.interchange.house.take_in import Reading

CHUNK = 1 << 20


def import_files(
    *,
    paths: Iterable[Path],
    format: str,
    name: str,
    board: Board | None,
    now: datetime,
    desk: Desk | None = None,
    by: User | None = None,
    progress: Progress = lambda done, rows: None,
    rows_at_once: int | None = None,
) -> tuple[Import, bool]:
    """
    Take files in, as one set, after the imports before it, and return the import and whether it was
    done before.

    Raises UnreadableFileError; then nothing is on the record.
    """
    files = list(paths)
    sha256 = digest_of(files, format=format)
    desk = desk or home_desk(by=by)
    known = Import.objects.filter(sha256=sha256, desk=desk, board=board, state=JobState.DONE).first()
    if known is not None:
        return known, True
    reading = read_as(format, paths=files, name=name)
    waiting = begin_import(
        name=name[:300],
        sha256=sha256,
        board=board,
        rows=len(reading.contents.forecasts),
        now=now,
        desk=desk,
        by=by,
        origin=format,
    )
    with taken_up(kind=Import, pk=waiting.pk) as job:
        if job is None:
            waiting.refresh_from_db()
            return waiting, True
        return _take(job, reading, now=now, progress=progress, rows_at_once=rows_at_once), False


def take_files(*, job: Import, paths: Sequence[Path], now: datetime) -> Import:
    """
    Take the files of an import that was begun in, or the rest of them, and return it.

    Raises UnreadableFileError.
    """
    at_step(job=job, step="reading")
    return _take(job, read_as(job.origin, paths=paths, name=job.name), now=now)


def _take(job: Import, reading: Reading, **how: Any) -> Import:
    return take_in(job=job, contents=reading.contents, refused=reading.refused, read=reading.rows, **how)


def board_named(name: str) -> Board:
    """Return the board of that name or slug; a new one ranks the questions with its topic."""
    slug = board_slug(name)
    defaults = {"name": name[:200], "filter": {"topics": [slug]}}
    return Board.objects.get_or_create(slug=slug, defaults=defaults)[0]


def board_slug(name: str) -> str:
    """
    Return the address of the board of that name.

    >>> board_slug("Rain or not")
    'rain-or-not'
    """
    return slugify(name)[:100] or "board"


def digest_of(files: Iterable[Path], *, format: str) -> str:
    """Return the SHA-256 of the files' bytes; the common format is the one that goes without saying."""
    found = hashlib.sha256(b"" if format == "common" else f"{format}\n".encode())
    for path in files:
        with path.open("rb") as file:
            while part := file.read(CHUNK):
                found.update(part)
    return found.hexdigest()
