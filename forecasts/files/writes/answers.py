"""A file's outcomes, put in force where there is no answer yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from forecasts.files.writes.contents import FileContents, FileQuestion, RefusedRow
from forecasts.jobs.writes import advance
from forecasts.models import Answer, Import, Method, Question, Resolution
from forecasts.record.writes.bulk import append_rows, copy_rows, in_blocks, take_keys
from forecasts.record.writes.ledger import open_block

ANSWERS_AT_ONCE = 5_000


def find_answers(
    contents: FileContents, *, job: Import, questions: Mapping[int, Question], now: datetime
) -> list[RefusedRow]:
    """Put the file's outcomes in force where there is no answer yet; refuse those that differ."""
    answered = [
        (questions[place].pk, each)
        for place, each in enumerate(contents.questions)
        if place in questions and (each.outcome is not None or each.void)
    ]
    refused: list[RefusedRow] = []
    for given in in_blocks(answered, ANSWERS_AT_ONCE):
        refused += _find_block(given, job=job, now=now)
    return refused


@transaction.atomic
def _find_block(given: Sequence[tuple[int, FileQuestion]], *, job: Import, now: datetime) -> list[RefusedRow]:
    # From here on nobody else answers a question.
    sequence = open_block()
    rows = Resolution.objects.in_force().filter(question__in=[key for key, _ in given])
    known = {key: said for key, *said in rows.values_list("question_id", "answer", "outcome")}
    new, refused = [], []
    for key, each in given:
        answer = known.get(key)
        if answer is None:
            new.append((key, each))
        elif answer != [_answer(each), each.outcome]:
            reason = f"'{each.key}' is answered otherwise on the record"
            refused.append(RefusedRow(each.line, "resolution", reason, each.file))
    if new:
        _resolve_block(new, job=job, sequence=sequence, now=now)
    return refused


def _answer(given: FileQuestion) -> str:
    return Answer.VOID if given.void else Answer.OUTCOME


def _resolve_block(
    given: Sequence[tuple[int, FileQuestion]], *, job: Import, sequence: int, now: datetime
) -> None:
    rows = [
        Resolution(
            question_id=key,
            answer=_answer(each),
            outcome=each.outcome,
            void_reason=each.void_reason if each.void else "",
            occurred_at=each.known_at,
            note=f"From the file {job.name}, SHA-256 {job.sha256}.",
            method=Method.IMPORTED,
            block=sequence,
            recorded_at=now,
        )
        for key, each in given
    ]
    take_keys(rows=rows)
    copy_rows(rows=rows)
    append_rows(rows=rows, sequence=sequence, now=now)
    advance(job=job, new_resolutions=job.new_resolutions + len(given))
