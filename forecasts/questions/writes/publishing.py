"""Write publications: make a question, or words marked in an article, public, and take them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from forecasts.models import (
    Document,
    Forecast,
    Publication,
    Published,
    Question,
    Statement,
    StatementStatus,
)
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.questions.reads.publishing import words_of
from forecasts.record.refusal import RefusedError
from forecasts.record.writes.bulk import append_rows, copy_rows, take_keys
from forecasts.record.writes.ledger import append_fact, open_block


class PublicAlreadyError(RefusedError):
    pass
    conflict = True


class NotPublicError(RefusedError):
    pass
    conflict = True


class NothingToPublishError(RefusedError):
    field = "status"
    conflict = True


@transaction.atomic
def publish_question(*, question: Question, by: User | None, now: datetime, reason: str = "") -> Publication:
    """
    Make a question public, with all that was said and answered on it, and the words it was read from.

    Raises PublicAlreadyError where all of it is public; NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.PUBLISH, of=question)
    current = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    words = list(words_of(current).filter(public_since=None))
    if current.public_since is not None and not words:
        raise PublicAlreadyError(_("The question is public already. Nothing was changed."))
    rows = [Publication(statement=each) for each in words]
    if current.public_since is None:
        rows.append(Publication(question=current))
    written = [_record(row, public=True, reason=reason, by=by, now=now) for row in rows]
    question.refresh_from_db(fields=["public_since"])
    return written[-1]


@transaction.atomic
def take_back_question(*, question: Question, reason: str, by: User | None, now: datetime) -> Publication:
    """
    Take a question back from the public, with all that was said on it; words of other public questions stay.

    Raises NotPublicError, RefusedError without a reason; NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.UNPUBLISH, of=question)
    current = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    _check_taking_back(reason, is_public=current.public_since is not None)
    others = Forecast.objects.public().exclude(question=current).filter(statement=OuterRef("pk"))
    words = words_of(current).filter(~Exists(others), public_since__isnull=False)
    rows = [*(Publication(statement=each) for each in words), Publication(question=current)]
    written = [_record(row, public=False, reason=reason, by=by, now=now) for row in rows]
    question.refresh_from_db(fields=["public_since"])
    return written[-1]


@transaction.atomic
def publish_statement(
    *, statement: Statement, by: User | None, now: datetime, reason: str = ""
) -> Publication:
    """
    Make the marked words public, and with them what is told of their article.

    Raises NothingToPublishError where they are not accepted, PublicAlreadyError, NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.PUBLISH, of=statement)
    current = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if current.status != StatementStatus.ACCEPTED:
        raise NothingToPublishError(_("Accept the statement first; then publish it."))
    if current.public_since is not None:
        raise PublicAlreadyError(_("The statement is public already. Nothing was changed."))
    row = _record(Publication(statement=current), public=True, reason=reason, by=by, now=now)
    statement.refresh_from_db(fields=["public_since"])
    return row


@transaction.atomic
def take_back_statement(*, statement: Statement, reason: str, by: User | None, now: datetime) -> Publication:
    """
    Take marked words back from the public. A forecast read from them stays, without its words.

    Raises NotPublicError, RefusedError without a reason; NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.UNPUBLISH, of=statement)
    current = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    _check_taking_back(reason, is_public=current.public_since is not None)
    row = _record(Publication(statement=current), public=False, reason=reason, by=by, now=now)
    statement.refresh_from_db(fields=["public_since"])
    return row


@transaction.atomic
def publish_document(
    *, document: Document, by: User | None, now: datetime, reason: str = ""
) -> list[Publication]:
    """
    Make all accepted words of an article public.

    Raises NothingToPublishError where none is accepted, PublicAlreadyError where all are public,
    NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.PUBLISH, of=document)
    accepted = Statement.objects.accepted().filter(document=document).order_by("start", "pk")
    words = list(accepted.filter(public_since=None))
    if not words and accepted.exists():
        raise PublicAlreadyError(_("The article’s accepted words are public already. Nothing was changed."))
    if not words:
        raise NothingToPublishError(_("Accept a statement of the article first; then publish it."))
    rows = [publish_statement(statement=each, by=by, now=now, reason=reason) for each in words]
    document.refresh_from_db(fields=["public_since"])
    return rows


@transaction.atomic
def take_back_document(
    *, document: Document, reason: str, by: User | None, now: datetime
) -> list[Publication]:
    """
    Take an article and all its words back from the public. Forecasts read from them stay, without words.

    Raises NotPublicError, RefusedError without a reason; NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.UNPUBLISH, of=document)
    words = list(Statement.objects.public().filter(document=document).order_by("start", "pk"))
    _check_taking_back(reason, is_public=bool(words))
    rows = [take_back_statement(statement=each, reason=reason, by=by, now=now) for each in words]
    document.refresh_from_db(fields=["public_since"])
    return rows


def publish_with_forecast(*, forecast: Forecast, now: datetime) -> None:
    """
    Make a forecast's question, and its words, public, where the desk of either has it so.

    What somebody published or took back by hand is left as it is. Inside the transaction that records the
    forecast, after its ledger entry: then no two forecasts at once are both the first one.
    """
    asked = Question.objects.filter(pk=forecast.question_id)
    untouched = asked.filter(desk__publishes_with_forecast=True, publications=None)
    rows = [Publication(question=each) for each in untouched]
    if rows or asked.public().exists():
        words = Statement.objects.filter(forecasts=forecast, publications=None)
        words = words.filter(document__desk__publishes_with_forecast=True)
        rows += [Publication(statement=each) for each in words]
    for row in rows:
        _record(row, public=True, how=Published.WITH_FORECAST, by=forecast.recorded_by, now=now)


def publish_imported(*, questions: Iterable[int], by: User | None, now: datetime) -> int:
    """
    Make questions public that got forecasts from a file, where their desks have it so, as one block.

    Return how many there were. Inside the transaction that copies their forecasts.
    """
    sequence = open_block()
    asked = Question.objects.filter(
        desk__publishes_with_forecast=True, publications=None, pk__in=set(questions)
    )
    rows = [
        Publication(
            question_id=key,
            public=True,
            since=now,
            how=Published.WITH_FORECAST,
            recorded_at=now,
            recorded_by=by,
            block=sequence,
        )
        for key in asked.order_by("pk").values_list("pk", flat=True)
    ]
    if rows:
        take_keys(rows=rows)
        copy_rows(rows=rows)
        append_rows(rows=rows, sequence=sequence, now=now)
    return len(rows)


def _check_taking_back(reason: str, *, is_public: bool) -> None:
    if not is_public:
        raise NotPublicError(_("This is not public. Nothing was changed."))
    if not reason.strip():
        raise RefusedError(_("Say why it is taken back."), field="reason")


def _record(
    row: Publication,
    *,
    public: bool,
    by: User | None,
    now: datetime,
    how: Published = Published.BY_HAND,
    reason: str = "",
) -> Publication:
    row.public, row.how, row.reason = public, how, reason.strip()
    row.since = row.recorded_at = now
    row.recorded_by = by
    row.save(force_insert=True)
    append_fact(fact=row, now=now)
    return row
