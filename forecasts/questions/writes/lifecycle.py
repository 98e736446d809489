"""Write questions: open one, move its deadline, give it to somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_lowercase
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from forecasts.models import DeadlineMove, Desk, Document, Event, Question, QuestionKind, Reminder, Topic
from forecasts.models.questions.question import deadline_as_json
from forecasts.people.reads.ownership import desks_of
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb, covers, may, role_among, roles_held
from forecasts.people.writes.home_desk import home_desk
from forecasts.questions.reads.ties import questions_tied
from forecasts.questions.values.deadlines import basis_of_deadline
from forecasts.questions.values.imputation import WordsOfTime
from forecasts.questions.values.kinds import check_kind
from forecasts.record.refusal import RefusedError
from forecasts.record.writes.ledger import append_fact, hold_ledger
from forecasts.reminders.reads import answered_among
from forecasts.reminders.writes import arm_reminder, end_reminders
from forecasts.schedule import Deadline

# What makes a question this one: equal in these, it is the same question.
ASKED = (
    *("desk", "proposition", "criteria", "kind", "options", "unit", "lower_bound", "upper_bound"),
    *("opens_at", "condition", "base_rate", "deadline_at", "deadline_on", "deadline_granularity"),
    *("deadline_zone", "deadline_rule", "deadline_basis"),
)

TOLD_APART = 6
"""So many letters tell two questions of the same words apart: nobody can count them, or guess a draft."""


class IncompleteQuestionError(RefusedError):
    pass


class DeadlineBeforeOpeningError(RefusedError):
    field = "deadline_on"


class SlugTakenError(RefusedError):
    field = "slug"
    conflict = True


class DeadlineMoveRefusedError(RefusedError):
    field = "deadline_on"


class AssigneeTiedError(RefusedError):
    field = "assignee"


class AssigneeCannotAnswerError(RefusedError):
    field = "assignee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """The desk and the language of a question for which nobody chose any."""

    desk: Desk
    language: str


def preset(*, article: Document | None, by: User | None) -> Preset:
    """
    Return the desk and the language that a question has unless somebody says otherwise.

    Read from an article they are the article's, but the desk is the editor's own where they only read
    along on the article's; else both are those of the editor's desk.
    """
    if article is None:
        desk = home_desk(by=by)
        return Preset(desk=desk, language=desk.language)
    own = by is None or may(user=by, verb=Verb.OPEN_QUESTION, of=article)
    return Preset(desk=article.desk if own else home_desk(by=by), language=article.language)


@transaction.atomic
def open_question(
    *,
    proposition: str,
    criteria: str,
    opens_at: datetime,
    deadline: Deadline,
    now: datetime,
    kind: str = QuestionKind.BINARY,
    options: Iterable[str] = (),
    unit: str = "",
    lower_bound: float | None = None,
    upper_bound: float | None = None,
    slug: str = "",
    translation: str = "",
    language: str = "",
    deadline_imputed: bool = False,
    deadline_reason: str = "",
    deadline_words: WordsOfTime | None = None,
    condition: str = "",
    checklist: Mapping[str, Any] | None = None,
    base_rate: float | None = None,
    base_rate_basis: str = "",
    event: Event | None = None,
    topics: Iterable[Topic] = (),
    article: Document | None = None,
    desk: Desk | None = None,
    assignee: User | None = None,
    by: User | None = None,
) -> Question:
    """
    Open a question and arm its first reminder, or return the one that asks exactly the same.

    Those for one of several have options, those for a number a unit and perhaps bounds that no
    answer can lie beyond. What is not named is as `preset` says: of the article that the question was
    read from, else of whoever opens it. Raises NotAllowedError, what `check_kind` raises,
    IncompleteQuestionError or DeadlineBeforeOpeningError.
    """
    usual = preset(article=article, by=by)
    desk = desk or usual.desk
    refuse_unless_may(by=by, verb=Verb.OPEN_QUESTION, of=desk)
    language = language or (usual.language if article else desk.language)
    named = check_kind(
        kind=kind, options=list(options), unit=unit, lower_bound=lower_bound, upper_bound=upper_bound
    )
    _check_words(proposition=proposition, criteria=criteria)
    if deadline.at <= opens_at:
        raise DeadlineBeforeOpeningError(
            _("The deadline falls before the question opens. Move one of the two.")
        )
    basis = basis_of_deadline(
        deadline=deadline,
        begins=opens_at,
        imputed=deadline_imputed,
        reason=deadline_reason,
        words=deadline_words,
    )
    _check_base_rate(base_rate, kind=kind)
    question = Question(
        slug=slug or _free_slug(proposition),
        proposition=proposition.strip(),
        translation=translation,
        language=language,
        criteria=criteria.strip(),
        kind=kind,
        options=named,
        unit=unit.strip(),
        lower_bound=lower_bound,
        upper_bound=upper_bound,
        opens_at=opens_at,
        condition=condition,
        checklist=dict(checklist or {}),
        base_rate=base_rate,
        base_rate_basis=base_rate_basis,
        event=event,
        desk=desk,
        assignee=assignee,
        recorded_at=now,
        recorded_by=by,
    )
    question.set_deadline(deadline)
    basis.keep(question)
    hold_ledger()
    if same := _recorded_already(question, named=bool(slug)):
        return same
    question.save(force_insert=True)
    question.topics.set(topics)
    append_fact(fact=question, now=now)
    arm_reminder(question=question, now=now)
    return question


def _recorded_already(asked: Question, *, named: bool) -> Question | None:
    """Return the desk's question that is the same in all that is asked; `named` where its slug was given."""
    wanted = {name: getattr(asked, name) for name in (*ASKED, *(("slug",) if named else ()))}
    same = Question.objects.filter(**wanted).order_by("pk").first()
    if same is None and named and Question.objects.filter(slug=asked.slug).exists():
        raise SlugTakenError(_("Another question has this slug already. Choose another."))
    return same


def _check_words(*, proposition: str, criteria: str) -> None:
    if not proposition.strip():
        raise IncompleteQuestionError(
            _("The question is empty. Write what is asked, with its deadline."), field="proposition"
        )
    if not criteria.strip():
        raise IncompleteQuestionError(
            _("The question has no criteria. Say what would count as yes, and who reports it."),
            field="criteria",
        )


def _check_base_rate(base_rate: float | None, *, kind: str) -> None:
    if base_rate is None:
        return
    if kind != QuestionKind.BINARY:
        raise IncompleteQuestionError(
            _("Only a yes-or-no question has a base rate. Leave it out."), field="base_rate"
        )
    if not 0 <= base_rate <= 1:
        raise IncompleteQuestionError(_("A base rate is between 0 and 1."), field="base_rate")


def _free_slug(proposition: str) -> str:
    """Return an address from the words; where another question has it, with a few letters, not a number."""
    stem = slugify(proposition)[:80].strip("-") or "question"
    taken = Question.objects.filter(slug=stem).exists()
    return f"{stem}-{get_random_string(TOLD_APART, ascii_lowercase)}" if taken else stem


@transaction.atomic
def move_deadline(
    *,
    question: Question,
    deadline: Deadline,
    reason: str,
    by: User | None,
    now: datetime,
    deadline_imputed: bool = False,
    deadline_reason: str = "",
    deadline_words: WordsOfTime | None = None,
) -> DeadlineMove:
    """
    Move a question's deadline, keep the old one, and arm its reminders anew.

    Raises DeadlineMoveRefusedError when the question is resolved, or nothing would move; RefusedError
    without the basis of a deadline set by us; NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.MOVE_DEADLINE, of=question)
    current = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if not reason.strip():
        raise DeadlineMoveRefusedError(_("Say why the deadline moves."), field="reason")
    if current.resolutions.in_force().exclude(answer="reopened").exists():
        raise DeadlineMoveRefusedError(_("The question is answered. Reopen it first."), conflict=True)
    if deadline == current.deadline:
        raise DeadlineMoveRefusedError(_("That is the deadline already."), conflict=True)
    if deadline.at <= current.opens_at:
        raise DeadlineMoveRefusedError(_("The deadline falls before the question opens."))
    move = DeadlineMove(
        question=current,
        moved_from=deadline_as_json(current),
        reason=reason.strip(),
        recorded_at=now,
        recorded_by=by,
    )
    given = basis_of_deadline(
        deadline=deadline,
        begins=current.opens_at,
        imputed=deadline_imputed,
        reason=deadline_reason,
        words=deadline_words,
    )
    for row in (move, current):
        row.set_deadline(deadline)
        given.keep(row)
    move.save(force_insert=True)
    current.save(update_fields=[f.name for f in Question._meta.fields if f.name.startswith("deadline_")])
    append_fact(fact=move, now=now)
    end_reminders(question=current, because="deadline moved", now=now)
    arm_reminder(question=current, now=now)
    question.refresh_from_db()
    return move


@transaction.atomic
def assign_question(*, question: Question, assignee: User | None, by: User | None, now: datetime) -> None:
    """
    Give the question to an editor, or to nobody.

    The armed reminder finds its new person; a question that had none, as one out of a file, is armed.
    Raises NotAllowedError, AssigneeCannotAnswerError, AssigneeTiedError.
    """
    assign_questions(questions=[question], assignee=assignee, by=by, now=now)


@transaction.atomic
def assign_questions(
    *, questions: Sequence[Question], assignee: User | None, by: User | None, now: datetime
) -> int:
    """
    Give the questions to an editor, or to nobody, as `assign_question` does: all or none.

    Returns how many there were. Raises NotAllowedError; AssigneeCannotAnswerError, naming the first question
    of a desk that the assignee only reads; AssigneeTiedError, naming the first question with a forecast of
    a source that the editor is tied to.
    """
    keys = [each.pk for each in questions]
    of_desks = list({each.desk_id: each for each in questions}.values())
    for question in of_desks:
        refuse_unless_may(by=by, verb=Verb.ASSIGN_QUESTION, of=question)
    if assignee is not None:
        _refuse_who_cannot_answer(of_desks, assignee)
        tied = questions_tied(user_id=assignee.pk).filter(pk__in=keys).first()
        if tied is not None:
            raise AssigneeTiedError(
                _(
                    "%(assignee)s has a conflict of interest with a source on “%(question)s”. Assign "
                    "the question to someone else."
                )
                % {"assignee": assignee, "question": tied}
            )
    for question in questions:
        question.assignee = assignee
    Question.objects.bulk_update(questions, ["assignee"])
    pending = Reminder.objects.armed().filter(question__in=keys, escalated=False)
    pending.filter(heartbeat_at=None).update(digest=None)
    answered = answered_among(keys)
    for question in questions:
        if assignee is not None and question.pk not in answered:
            arm_reminder(question=question, now=now)
    return len(keys)


def _refuse_who_cannot_answer(of_desks: Sequence[Question], assignee: User) -> None:
    held = roles_held(user=assignee)
    for question in of_desks:
        if not covers(role=role_among(held=held, desks=desks_of(question)), verb=Verb.GIVE_VERDICT):
            raise AssigneeCannotAnswerError(
                _("%(assignee)s can’t answer “%(question)s”. Assign it to an editor of its desk.")
                % {"assignee": assignee, "question": question}
            )
