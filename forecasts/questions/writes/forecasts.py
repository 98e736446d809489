"""Write forecasts: issue, revise, withdraw, correct. Each is a row; none changes an earlier one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from forecasts.models import Basis, Forecast, Question, Resolution, Source, Statement, StatementStatus
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.questions.values.deadlines import DeadlineBasis, basis_of_deadline
from forecasts.questions.values.imputation import WordsOfTime
from forecasts.questions.values.readings import Value, check_value, keep_value
from forecasts.questions.writes.blind import refuse_hidden
from forecasts.questions.writes.publishing import publish_with_forecast
from forecasts.record.refusal import RefusedError
from forecasts.record.writes.ledger import append_fact, hold_ledger
from forecasts.schedule import Deadline


class StatementNotAcceptedError(RefusedError):
    field = "statement"
    conflict = True


class StatedLaterError(RefusedError):
    field = "stated_at"


class DeadlineDiffersError(RefusedError):
    field = "deadline_on"


class NothingInForceError(RefusedError):
    field = "source"
    conflict = True


class QuestionSupersededError(RefusedError):
    field = "question"
    conflict = True


class CorrectedAlreadyError(RefusedError):
    field = "correction_of"
    conflict = True


@transaction.atomic
def issue_forecast(
    *,
    question: Question,
    source: Source,
    reading: Value,
    stated_at: datetime,
    now: datetime,
    statement: Statement | None = None,
    deadline: Deadline | None = None,
    deadline_imputed: bool | None = None,
    deadline_reason: str = "",
    deadline_words: WordsOfTime | None = None,
    note: str = "",
    by: User | None = None,
) -> Forecast:
    """
    Record one source's probability on one question, in force from `stated_at`.

    Without a deadline of its own, the forecast takes the question's. A deadline that we set for it
    may differ from the question's; one that the source named may not, because the forecast would
    then be on another question. Raises StatedLaterError, StatementNotAcceptedError,
    WrongKindOfValueError, DeadlineDiffersError, QuestionSupersededError; NotAllowedError, also where the
    statement is another desk's.
    """
    refuse_unless_may(by=by, verb=Verb.ISSUE_FORECAST, of=question)
    if statement is not None and statement.document.desk_id != question.desk_id:
        refuse_unless_may(by=by, verb=Verb.ISSUE_FORECAST, of=statement)
    _refuse_superseded(question)
    check_value(question=question, value=reading)
    if statement is not None and statement.status != StatementStatus.ACCEPTED:
        raise StatementNotAcceptedError(_("Accept the statement first, then record its forecast."))
    forecast = _row(question=question, source=source.standing, stated_at=stated_at, now=now, note=note, by=by)
    forecast.statement = statement
    keep_value(forecast=forecast, value=reading)
    if deadline is None:
        _copy_deadline(forecast, question)
    else:
        given = basis_of_deadline(
            deadline=deadline,
            begins=stated_at,
            imputed=bool(deadline_imputed),
            reason=deadline_reason,
            words=deadline_words,
        )
        _set_deadline(forecast, deadline, given)
    return _record(forecast, now=now)


def _refuse_superseded(question: Question) -> None:
    found = Resolution.objects.superseding().filter(question=question).select_related("replaced_by").first()
    if found is not None:
        raise QuestionSupersededError(
            _("“%(other)s” took this question’s place. Record the forecast there.")
            % {"other": found.replaced_by}
        )


def revise_forecast(
    *,
    question: Question,
    source: Source,
    reading: Value,
    stated_at: datetime,
    by: User | None = None,
    **rest: Any,
) -> Forecast:
    """
    Record a source's new probability on a question where it has one in force at `stated_at`.

    Takes what `issue_forecast` takes. Raises HiddenError before anything is told of what was said;
    NothingInForceError where there is none to revise.
    """
    refuse_unless_may(by=by, verb=Verb.REVISE_FORECAST, of=question)
    refuse_hidden(question=question, by=by, source=source)
    _in_force(question=question, source=source, at=stated_at)
    return issue_forecast(
        question=question, source=source, reading=reading, stated_at=stated_at, by=by, **rest
    )


@transaction.atomic
def withdraw_forecast(
    *,
    question: Question,
    source: Source,
    stated_at: datetime,
    note: str,
    now: datetime,
    statement: Statement | None = None,
    by: User | None = None,
) -> Forecast:
    """
    Record that the source took its forecast back at `stated_at`. Coverage ends there.

    Raises NotAllowedError, HiddenError, NothingInForceError where there is none to withdraw,
    StatedLaterError.
    """
    refuse_unless_may(by=by, verb=Verb.WITHDRAW_FORECAST, of=question)
    refuse_hidden(question=question, by=by, source=source)
    if not note.strip():
        raise RefusedError(_("Say where and how the forecast was taken back."), field="note")
    hold_ledger()
    said = {"question": question, "source": source.standing, "stated_at": stated_at}
    same = Forecast.objects.current().filter(**said, withdrawn=True, note=note, statement=statement)
    if (withdrawn := same.first()) is not None:
        return withdrawn
    last = _in_force(question=question, source=source, at=stated_at)
    withdrawal = _row(
        question=question, source=source.standing, stated_at=stated_at, now=now, note=note, by=by
    )
    withdrawal.withdrawn = True
    withdrawal.statement = statement
    _copy_deadline(withdrawal, last)
    return _record(withdrawal, now=now)


@transaction.atomic
def correct_forecast(
    *,
    forecast: Forecast,
    reading: Value,
    note: str,
    now: datetime,
    stated_at: datetime | None = None,
    source: Source | None = None,
    by: User | None = None,
) -> Forecast:
    """
    Record that we had a forecast wrong. The wrong row stays, and names of it no longer count.

    What is not given is taken from the row that is corrected. Raises NotAllowedError, HiddenError,
    CorrectedAlreadyError, StatedLaterError; RefusedError without a note.
    """
    refuse_unless_may(by=by, verb=Verb.CORRECT_FORECAST, of=forecast)
    refuse_hidden(question=forecast.question, by=by, source=forecast.source)
    if not note.strip():
        raise RefusedError(_("Say what was wrong, and how you know."), field="note")
    locked = Forecast.objects.select_for_update(of=("self",)).get(pk=forecast.pk)
    correction = _row(
        question=locked.question,
        source=(source or locked.source).standing,
        stated_at=stated_at or locked.stated_at,
        now=now,
        note=note,
        by=by,
    )
    correction.correction_of = locked
    correction.statement = locked.statement
    check_value(question=locked.question, value=reading)
    keep_value(forecast=correction, value=reading)
    _copy_deadline(correction, locked)
    earlier = Forecast.objects.filter(correction_of=locked).first()
    if earlier is not None and not _says_the_same(earlier, correction):
        raise CorrectedAlreadyError(_("This row was corrected already. Correct the later one."))
    return earlier or _record(correction, now=now)


def _row(
    *,
    question: Question,
    source: Source,
    stated_at: datetime,
    now: datetime,
    note: str,
    by: User | None,
) -> Forecast:
    if stated_at > now:
        raise StatedLaterError(_("The forecast is dated in the future. Check the date."))
    return Forecast(
        question=question,
        source=source,
        stated_at=stated_at,
        note=note,
        recorded_at=now,
        recorded_by=by,
    )


def _set_deadline(forecast: Forecast, deadline: Deadline, given: DeadlineBasis) -> None:
    if given.basis == Basis.STATED and deadline.at != forecast.question.deadline_at:
        raise DeadlineDiffersError(
            _(
                "The source named another deadline than the question’s. Create a question with that "
                "deadline, and record the forecast on it."
            )
        )
    forecast.set_deadline(deadline)
    given.keep(forecast)


def _copy_deadline(forecast: Forecast, kept_by: Question | Forecast) -> None:
    forecast.set_deadline(kept_by.deadline)
    DeadlineBasis.of(kept_by).keep(forecast)


def _in_force(*, question: Question, source: Source, at: datetime) -> Forecast:
    last = (
        Forecast.objects.current()
        .filter(question=question, source=source.standing, stated_at__lte=at)
        .order_by("stated_at", "pk")
        .last()
    )
    if last is None or last.withdrawn:
        raise NothingInForceError(
            _("%(source)s has no forecast in force on this question at that time. Record one first.")
            % {"source": source}
        )
    return last


def _recorded_already(said: Forecast) -> Forecast | None:
    at = {"question": said.question, "source": said.source, "stated_at": said.stated_at}
    found = Forecast.objects.current().filter(**at).select_related(*Forecast.LEDGER_READS).order_by("pk")
    return next((each for each in found if _says_the_same(each, said)), None)


def _says_the_same(one: Forecast, other: Forecast) -> bool:
    """Return whether they differ in nothing but when, and by whom, they were recorded."""
    about = {"recorded_at": None, "recorded_by": None}
    return {**one.as_fact(), **about} == {**other.as_fact(), **about}


def _record(forecast: Forecast, *, now: datetime) -> Forecast:
    """Record the row, or return the one that says exactly the same."""
    hold_ledger()
    if same := _recorded_already(forecast):
        return same
    forecast.save(force_insert=True)
    append_fact(fact=forecast, now=now)
    publish_with_forecast(forecast=forecast, now=now)
    return forecast
