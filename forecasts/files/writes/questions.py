"""A file's questions, found on the record or opened, by the thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from forecasts.files.writes.contents import FileContents, FileQuestion, RefusedRow
from forecasts.files.writes.names import find_events, question_slug
from forecasts.jobs.writes import advance
from forecasts.models import Event, Import, Question, Topic
from forecasts.record.writes.bulk import append_rows, copy_rows, in_blocks, take_keys
from forecasts.record.writes.ledger import open_block

QUESTIONS_AT_ONCE = 5_000
KIND = ("kind", "options", "unit", "lower_bound", "upper_bound")


def find_questions(
    contents: FileContents, *, job: Import, topics: Mapping[str, Topic], now: datetime
) -> tuple[dict[int, Question], list[RefusedRow]]:
    """Return the record's question for each place in the file, and those that say something else."""
    found: dict[int, Question] = {}
    refused: list[RefusedRow] = []
    for places in in_blocks(range(len(contents.questions)), QUESTIONS_AT_ONCE):
        given = {place: contents.questions[place] for place in places}
        known, conflicts = _find_block(given, job=job, topics=topics, now=now)
        found |= known
        refused += conflicts
    return found, refused


@transaction.atomic
def _find_block(
    given: Mapping[int, FileQuestion], *, job: Import, topics: Mapping[str, Topic], now: datetime
) -> tuple[dict[int, Question], list[RefusedRow]]:
    # From here on nobody else opens a question.
    sequence = open_block()
    slugs = {place: question_slug(each.key) for place, each in given.items()}
    rows = Question.objects.filter(slug__in=slugs.values()).only("slug", "proposition", "desk", *KIND)
    known = {each.slug: each for each in rows}
    found, refused, new = {}, [], []
    for place, each in given.items():
        question = known.get(slugs[place])
        if question is None:
            new.append(place)
        elif fault := _differs(question, each, desk=job.desk_id):
            refused.append(RefusedRow(each.line, *fault, each.file))
        else:
            found[place] = question
    if "" in topics:
        _tag(list(found.values()), topics[""])
    if new:
        asked = {place: given[place] for place in new}
        found |= _open_block(asked, job=job, topics=topics, sequence=sequence, now=now)
    return found, refused


def _differs(known: Question, given: FileQuestion, *, desk: int) -> tuple[str, str] | None:
    """Return the field in which the record's question is another, and the words for it; or nothing."""
    if known.desk_id != desk:
        return "question_id", f"'{given.key}' is a question of another desk, which records on it itself"
    if known.proposition != given.proposition:
        return "question_id", f"'{given.key}' is another question on the record"
    for name in KIND:
        has, said = getattr(known, name), getattr(given, name)
        if has != (list(said) if name == "options" else said):
            shown = has if has not in (None, "", []) else "empty"
            return name, f"is not that of '{given.key}' on the record, where it is {shown}"
    return None


def _tag(questions: Sequence[Question], topic: Topic) -> None:
    links = [Question.topics.through(question_id=each.pk, topic_id=topic.pk) for each in questions]
    Question.topics.through.objects.bulk_create(links, ignore_conflicts=True)


def _open_block(
    given: Mapping[int, FileQuestion],
    *,
    job: Import,
    topics: Mapping[str, Topic],
    sequence: int,
    now: datetime,
) -> dict[int, Question]:
    events = find_events({each.event: each.event_name for each in given.values() if each.event})
    rows = {
        place: _question(each, job=job, event=events.get(each.event), block=sequence, now=now)
        for place, each in given.items()
    }
    take_keys(rows=list(rows.values()))
    copy_rows(rows=list(rows.values()))
    links = [
        Question.topics.through(question_id=rows[place].pk, topic_id=topic.pk)
        for place, each in given.items()
        for topic in {topics[slug] for slug in ({*each.topics, ""} & topics.keys())}
    ]
    copy_rows(rows=links)
    append_rows(rows=list(rows.values()), sequence=sequence, now=now)
    advance(job=job, new_questions=job.new_questions + len(rows))
    return rows


def _question(
    given: FileQuestion, *, job: Import, event: Event | None, block: int, now: datetime
) -> Question:
    question = Question(
        desk_id=job.desk_id,
        slug=question_slug(given.key),
        proposition=given.proposition,
        criteria=given.criteria,
        language=given.language,
        translation=given.translation,
        condition=given.condition,
        opens_at=min(given.opens_at, given.deadline.at - timedelta(seconds=1)),
        kind=given.kind,
        options=list(given.options),
        unit=given.unit,
        lower_bound=given.lower_bound,
        upper_bound=given.upper_bound,
        event=event,
        block=block,
        recorded_at=now,
    )
    question.set_deadline(given.deadline)
    given.deadline_basis.keep(question)
    return question
