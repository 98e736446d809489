"""Write statements: mark words in a document, and accept or reject them with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forecasts.models import Decision, Directness, Document, Source, Statement, StatementStatus
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError
from forecasts.record.writes.ledger import append_fact

READING = frozenset(
    {"speaker", "speaker_as_written", "speaker_note", "translation", "claim", "cues"}
    | {"directness", "stated_at"}
)
DECIDED_ALREADY = {
    StatementStatus.ACCEPTED: gettext_lazy("The statement is accepted already."),
    StatementStatus.REJECTED: gettext_lazy("The statement is rejected already."),
}


class SpanDoesNotMatchError(RefusedError):
    field = "start"


class SpanMarkedAlreadyError(RefusedError):
    field = "start"
    conflict = True


class NoReasonError(RefusedError):
    field = "reason"


class DecidedAlreadyError(RefusedError):
    field = "status"
    conflict = True


class FixedReadingError(RefusedError):
    field = "status"
    conflict = True


class NoSpeakerError(RefusedError):
    field = "speaker"
    conflict = True


@transaction.atomic
def draft_statement(
    *,
    document: Document,
    start: int,
    end: int,
    quote: str,
    directness: str,
    stated_at: datetime,
    now: datetime,
    speaker: Source | None = None,
    speaker_as_written: str = "",
    speaker_note: str = "",
    translation: str = "",
    claim: str = "",
    cues: Sequence[str] = (),
    by: User | None = None,
) -> Statement:
    """
    Mark the words from code point `start` up to `end` as a draft statement.

    Raises SpanDoesNotMatchError when `quote` is not, to the letter, what stands there;
    SpanMarkedAlreadyError when the same span is marked; NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.DRAFT_STATEMENT, of=document)
    if directness not in Directness.values:
        raise RefusedError(
            _("“%(directness)s” is not known. Use one of: %(known)s.")
            % {"directness": directness, "known": ", ".join(Directness.values)},
            field="directness",
        )
    if not 0 <= start < end <= len(document.text):
        raise SpanDoesNotMatchError(
            ngettext(
                "The span %(start)s to %(end)s is not inside the text, which has "
                "%(characters)s character. Mark the words again.",
                "The span %(start)s to %(end)s is not inside the text, which has "
                "%(characters)s characters. Mark the words again.",
                len(document.text),
            )
            % {"start": start, "end": end, "characters": len(document.text)}
        )
    if document.text[start:end] != quote:
        raise SpanDoesNotMatchError(
            _(
                "At %(start)s to %(end)s the text says “%(found)s”, not “%(quote)s”. "
                "Copy the words as they stand."
            )
            % {"start": start, "end": end, "found": document.text[start:end], "quote": quote},
            field="quote",
        )
    if Statement.objects.filter(document=document, start=start, end=end).exists():
        raise SpanMarkedAlreadyError(_("These words are marked already. Open that statement."))
    statement = Statement.objects.create(
        document=document,
        start=start,
        end=end,
        quote=quote,
        translation=translation,
        claim=claim,
        speaker=speaker,
        speaker_as_written=speaker_as_written,
        speaker_note=speaker_note,
        directness=directness,
        cues=list(cues),
        stated_at=stated_at,
        recorded_at=now,
        recorded_by=by,
    )
    return statement


def amend_draft(*, statement: Statement, by: User | None, **reading: Any) -> Statement:
    """
    Change how a draft's words are read: any of READING. The words themselves never change.

    Raises FixedReadingError once the statement was accepted, NotAllowedError, TypeError on any other name.
    """
    refuse_unless_may(by=by, verb=Verb.AMEND_DRAFT, of=statement)
    unknown = set(reading) - READING
    if unknown:
        raise TypeError(f"Not part of the reading: {', '.join(sorted(unknown))}")
    if statement.decisions.filter(status=StatementStatus.ACCEPTED).exists():
        raise FixedReadingError(
            _("The statement was accepted, so its reading is fixed. Correct the forecast instead.")
        )
    for name, value in reading.items():
        setattr(statement, name, value)
    statement.save(update_fields=sorted(reading))
    return statement


def accept_statement(*, statement: Statement, reason: str, by: User | None, now: datetime) -> Decision:
    """
    Record that the statement is a forecast.

    Raises NotAllowedError, NoSpeakerError, NoReasonError or DecidedAlreadyError.
    """
    refuse_unless_may(by=by, verb=Verb.ACCEPT_STATEMENT, of=statement)
    if statement.speaker_id is None:
        raise NoSpeakerError(_("The statement has no speaker. Say who made it, then accept it."))
    return _decide(statement=statement, status=StatementStatus.ACCEPTED, reason=reason, by=by, now=now)


def reject_statement(*, statement: Statement, reason: str, by: User | None, now: datetime) -> Decision:
    """
    Record that the statement is not a forecast. It is kept, with the reason.

    Raises NotAllowedError, NoReasonError or DecidedAlreadyError.
    """
    refuse_unless_may(by=by, verb=Verb.REJECT_STATEMENT, of=statement)
    return _decide(statement=statement, status=StatementStatus.REJECTED, reason=reason, by=by, now=now)


@transaction.atomic
def _decide(
    *,
    statement: Statement,
    status: StatementStatus,
    reason: str,
    by: User | None,
    now: datetime,
) -> Decision:
    if not reason.strip():
        raise NoReasonError(_("A decision needs a reason. One sentence is enough."))
    current = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if current.status == status:
        raise DecidedAlreadyError(str(DECIDED_ALREADY[status]))
    if status == StatementStatus.REJECTED and current.public_since is not None:
        raise DecidedAlreadyError(_("The statement is public. Take it back first."))
    if status == StatementStatus.REJECTED and current.forecasts.exists():
        raise DecidedAlreadyError(
            _("A forecast rests on this statement. Withdraw or correct the forecast first.")
        )
    decision = Decision.objects.create(
        statement=current, status=status, reason=reason.strip(), recorded_at=now, recorded_by=by
    )
    Statement.objects.filter(pk=current.pk).update(status=status)
    statement.status = status
    append_fact(fact=decision, now=now)
    return decision
