"""
Take a whole file of forecasts into the record: sources, questions, forecasts, outcomes.

Each block is one transaction with one ledger entry, and every step passes over what is on the record
already. So a crash loses at most the block it fell into, and the same file twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import numpy as np
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from forecasts.models import Board, Desk, Import, ImportState, Question
from forecasts.services.copying import Copied, IncomingColumns, Ints, copy_forecasts, first_of_each
from forecasts.services.copying_values import Said, copy_values, distinct_values
from forecasts.services.desks import home_desk
from forecasts.services.file_answers import find_answers
from forecasts.services.file_names import find_sources, find_term, find_topics
from forecasts.services.file_questions import find_questions
from forecasts.services.files import FileContents, FileForecast, FileQuestion, RefusedRow
from forecasts.services.refusal import RefusedError

FORECASTS_AT_ONCE = 50_000
# Any constant will do, as long as nothing else takes the same advisory lock.
IMPORT_LOCK = 0x1ED6E5

Progress = Callable[[int, int], None]

__all__ = ["FileContents", "FileForecast", "FileQuestion", "RefusedRow", "begin_import", "take_in"]


class AnotherImportRunsError(RefusedError):
    """Imports come one after another; this one has to wait."""


def begin_import(
    *,
    name: str,
    sha256: str,
    board: Board | None,
    rows: int,
    now: datetime,
    desk: Desk | None = None,
    by: User | None = None,
    origin: str = "common",
) -> Import:
    """
    Return the desk's import of this file into this board: a new one, or the one cut off or done.

    Without a desk, it is that of whoever imports. The questions that it opens are of that desk.
    """
    given = {"name": name, "rows": rows, "started_at": now, "started_by": by, "origin": origin}
    desk = desk or home_desk(by=by)
    return Import.objects.get_or_create(sha256=sha256, desk=desk, board=board, defaults=given)[0]


def take_in(
    *,
    job: Import,
    contents: FileContents,
    refused: Sequence[RefusedRow],
    now: datetime,
    read: int | None = None,
    progress: Progress = lambda done, rows: None,
    rows_at_once: int | None = None,
    wait: bool = True,
) -> Import:
    """
    Take the contents in, block by block, and return the finished import.

    An import that is done is returned as it is. What a block can't use is refused with its line and
    reason, and the rest goes on. `read` counts the file's rows, the refused ones too. Where another
    import runs, wait for it or, without `wait`, raise AnotherImportRunsError. What goes wrong is
    raised, and kept as the import's error; the next call goes on from the last block.
    """
    with _alone(wait=wait):
        job.refresh_from_db()
        if job.state == ImportState.DONE:
            return job
        rows = len(contents.forecasts)
        Import.objects.filter(pk=job.pk).update(
            state=ImportState.RUNNING, rows=rows, read=rows if read is None else read, error=""
        )
        job.refresh_from_db()
        try:
            # What is kept with the import is said in one language, whoever asked for it.
            with translation.override(settings.LANGUAGE_CODE):
                conflicts = _take_in(job, contents, now=now, progress=progress, at_once=rows_at_once)
        except Exception as error:
            fail_import(job=job, error=str(error))
            raise
        every = [row.as_dict() for row in (*refused, *conflicts)]
        finished = {"state": ImportState.DONE, "finished_at": now, "done": F("rows"), "refused": every}
        Import.objects.filter(pk=job.pk).update(**finished)
    job.refresh_from_db()
    return job


def fail_import(*, job: Import, error: str) -> None:
    """Keep what went wrong with an import that is not done."""
    unfinished = Import.objects.filter(pk=job.pk).exclude(state=ImportState.DONE)
    unfinished.update(state=ImportState.FAILED, error=error or "It ended without a message.")


@contextmanager
def _alone(*, wait: bool) -> Iterator[None]:
    """Have one import run at a time, whatever becomes of the process: the lock ends with its connection."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_lock(%s)", [IMPORT_LOCK])
        else:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [IMPORT_LOCK])
            if not cursor.fetchone()[0]:
                raise AnotherImportRunsError(_("Another import is running. This one goes on after it."))
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [IMPORT_LOCK])


def _take_in(
    job: Import, contents: FileContents, *, now: datetime, progress: Progress, at_once: int | None
) -> list[RefusedRow]:
    value, values = distinct_values(contents=contents)
    sources = find_sources(contents, now=now)
    topics = find_topics(contents, board=job.board)
    questions, conflicts = find_questions(contents, job=job, topics=topics, now=now)
    incoming = _incoming(contents, questions=questions, sources=sources, value=value)
    _forecasts(incoming, values, job=job, now=now, progress=progress, at_once=at_once or FORECASTS_AT_ONCE)
    return conflicts + find_answers(contents, job=job, questions=questions, now=now)


def _incoming(
    contents: FileContents, *, questions: Mapping[int, Question], sources: Sequence[int], value: Ints
) -> IncomingColumns:
    """Return the file's rows with the record's keys; a question that was refused has the key -1."""
    given = contents.columns()
    keys = [questions[place].pk if place in questions else -1 for place in range(len(contents.questions))]
    return IncomingColumns(
        question=_looked_up(keys, given.question),
        source=_looked_up(sources, given.source),
        stated_at=given.stated_at,
        probability=given.probability,
        low=given.low,
        high=given.high,
        # The last place is where -1, no term, looks.
        term=_looked_up([*map(find_term, contents.terms), -1], given.term),
        value=value,
    )


def _looked_up(keys: Sequence[int], places: Ints) -> Ints:
    return np.array([*keys], dtype=np.int64)[places] if len(places) else places


def _forecasts(
    incoming: IncomingColumns,
    values: Sequence[Said],
    *,
    job: Import,
    now: datetime,
    progress: Progress,
    at_once: int,
) -> None:
    """Copy the rows in order of question and source: the indexes then grow at one end."""
    rows = incoming.rows(first_of_each(incoming))
    rows = rows.rows(np.lexsort((rows.stated_at, rows.source, rows.question)))
    job.repeated = len(incoming) - len(rows)
    progress(job.done, len(rows))
    for start in range(job.done, len(rows), at_once):
        block = rows.rows(slice(start, start + at_once))
        with transaction.atomic():
            for copied in _copied(block.rows(block.question >= 0), values, now=now):
                job.new_forecasts += copied.new
                job.known += copied.known
            job.done = start + len(block)
            job.save(update_fields=["new_forecasts", "known", "repeated", "done"])
        progress(job.done, len(rows))


def _copied(block: IncomingColumns, values: Sequence[Said], *, now: datetime) -> Iterator[Copied]:
    """Copy the rows on yes-or-no questions, then the others: each are one entry of the ledger."""
    other = block.value >= 0
    if not other.all():
        yield copy_forecasts(forecasts=block.rows(~other) if other.any() else block, now=now)
    if other.any():
        yield copy_values(forecasts=block.rows(other), values=values, now=now)
