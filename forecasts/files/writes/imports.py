"""
Take a whole file of forecasts into the record: sources, questions, forecasts, outcomes.

Each block is one transaction with one ledger entry, and every step passes over what is on the record
already. So a crash loses at most the block it fell into, and the same file twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import translation

from forecasts.files.writes.answers import find_answers
from forecasts.files.writes.contents import FileContents, FileForecast, FileQuestion, RefusedRow
from forecasts.files.writes.forecasts import Copied, IncomingColumns, Ints, copy_forecasts, first_of_each
from forecasts.files.writes.names import find_sources, find_term, find_topics
from forecasts.files.writes.questions import find_questions
from forecasts.files.writes.values import Said, copy_values, distinct_values
from forecasts.jobs.writes import advance, at_step, finish, revive
from forecasts.models import Board, Desk, Import, JobState, Question
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.people.writes.home_desk import home_desk
from forecasts.questions.values.readings import HowRead
from forecasts.questions.writes.publishing import publish_imported

FORECASTS_AT_ONCE = 50_000

Progress = Callable[[int, int], None]

__all__ = ["FileContents", "FileForecast", "FileQuestion", "RefusedRow", "begin_import", "take_in"]


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

    One that was given up or stopped waits again, to go on from its last block. Without a desk, it is
    that of whoever imports. The questions that it opens are of that desk, and it records on no other
    desk's. Raises NotAllowedError.
    """
    given = {"name": name, "rows": rows, "created_at": now, "due_at": now, "started_by": by, "origin": origin}
    desk = desk or home_desk(by=by)
    refuse_unless_may(by=by, verb=Verb.IMPORT_FORECASTS, of=desk)
    job, new = Import.objects.get_or_create(sha256=sha256, desk=desk, board=board, defaults=given)
    if not new and job.state in (JobState.FAILED, JobState.STOPPED):
        revive(job=job, now=now)
    return job


def take_in(
    *,
    job: Import,
    contents: FileContents,
    refused: Sequence[RefusedRow],
    now: datetime,
    read: int | None = None,
    progress: Progress = lambda done, rows: None,
    rows_at_once: int | None = None,
) -> Import:
    """
    Take the contents in, block by block, for the job that the caller has begun, and return it finished.

    What a block can't use is refused with its line and reason, and the rest goes on. `read` counts the
    file's rows, the refused ones too. What goes wrong is raised; whoever begins the job again goes on
    from the last block. Raises LeaseLostError where it was stopped or taken over.
    """
    rows = len(contents.forecasts)
    at_step(job=job, step="questions", rows=rows, read=rows if read is None else read)
    # What is kept with the import is said in one language, whoever asked for it.
    with translation.override(settings.LANGUAGE_CODE):
        conflicts = _take_in(job, contents, now=now, progress=progress, at_once=rows_at_once)
    every = [row.as_dict() for row in (*refused, *conflicts)]
    finish(job=job, now=now, done=rows, refused=every)
    job.refresh_from_db()
    return job


def _take_in(
    job: Import, contents: FileContents, *, now: datetime, progress: Progress, at_once: int | None
) -> list[RefusedRow]:
    value, values = distinct_values(contents=contents)
    sources = find_sources(contents, now=now)
    topics = find_topics(contents, board=job.board)
    questions, conflicts = find_questions(contents, job=job, topics=topics, now=now)
    at_step(job=job, step="forecasts")
    incoming = _incoming(contents, questions=questions, sources=sources, value=value)
    _forecasts(
        incoming,
        values,
        contents.hows,
        job=job,
        now=now,
        progress=progress,
        at_once=at_once or FORECASTS_AT_ONCE,
    )
    at_step(job=job, step="answers")
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
        how=given.how,
    )


def _looked_up(keys: Sequence[int], places: Ints) -> Ints:
    return np.array([*keys], dtype=np.int64)[places] if len(places) else places


def _forecasts(
    incoming: IncomingColumns,
    values: Sequence[Said],
    hows: Sequence[HowRead],
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
            copied = list(_copied(block.rows(block.question >= 0), values, hows, now=now))
            found = block.question[block.question >= 0].tolist()
            publish_imported(questions=found, by=job.started_by, now=now)
            new = job.new_forecasts + sum(each.new for each in copied)
            known = job.known + sum(each.known for each in copied)
            done = start + len(block)
            advance(job=job, done=done, new_forecasts=new, known=known, repeated=job.repeated)
        progress(job.done, len(rows))


def _copied(
    block: IncomingColumns, values: Sequence[Said], hows: Sequence[HowRead], *, now: datetime
) -> Iterator[Copied]:
    """Copy the rows on yes-or-no questions, then the others: each are one entry of the ledger."""
    other = block.value >= 0
    if not other.all():
        plain = block.rows(~other) if other.any() else block
        yield copy_forecasts(forecasts=plain, hows=hows, now=now)
    if other.any():
        yield copy_values(forecasts=block.rows(other), values=values, now=now)
