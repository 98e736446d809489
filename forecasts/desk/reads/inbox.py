"""
What waits for an editor: drafts to review, questions to answer, reminders that failed.

Each pile is a queryset whose rows need no further query; `inbox` reads the first rows of all.
Drafts and failed reminders are read through partial indexes, questions through their deadline's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.contrib.auth.models import User
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When

from forecasts.jobs.reads import boards_given_up, imports_given_up
from forecasts.models import Desk, Question, Reminder, Role, Statement, Verdict
from forecasts.people.reads.roles import Verb, roles_held, rows_among
from forecasts.questions.reads.ties import questions_tied
from forecasts.verdicts.reads.waiting import TWO, pending, verdicts_in

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Waiting(TypedDict):
    check_again_on: date | None


if TYPE_CHECKING:
    WaitingQuestion = WithAnnotations[Question, Waiting]

SOON = timedelta(days=7)
# A question is overdue from the desk's first nudge after its deadline.
GRACE = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """The first rows of what waits, and how many wait in all."""

    count: int
    rows: list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """
    Everything that waits, each question in one pile.

    `differing` are questions whose two verdicts differ, for whoever may decide; `second` those that want
    a second verdict, for whoever did not give the first. `resting` an editor found too early to answer.
    """

    drafts: Pile
    differing: Pile
    second: Pile
    due_soon: Pile
    due: Pile
    overdue: Pile
    resting: Pile
    failed: Pile
    imports: Pile
    boards: Pile

    @property
    def is_empty(self) -> bool:
        asked = (self.differing, self.second, self.due_soon, self.due, self.overdue, self.resting)
        piles = (self.drafts, *asked, self.failed, self.imports, self.boards)
        return not any(pile.count for pile in piles)


def inbox(*, now: datetime, user: User, first: int = 5) -> Inbox:
    """
    Return every pile's count and its first rows: two queries for each pile that has any.

    Of each, what the user may do something about: drafts to decide on, questions as they are offered in the
    queue, failed reminders to send again. One with a verdict in, of two, waits for the second or for a
    decision, whatever its deadline.
    """

    held = roles_held(user=user)
    answerable = offered(unanswered(), user=user, held=held)
    asked, begun = answerable.exclude(pk__in=of_two().values("question")), with_verdicts(answerable)
    return Inbox(
        drafts=_pile(rows_among(drafts(), held=held, verb=Verb.ACCEPT_STATEMENT), first),
        differing=_pile(begun.filter(verdicts_in__gte=TWO), first),
        second=_pile(begun.filter(verdicts_in=1), first),
        due_soon=_pile(due_soon(asked, now=now), first),
        due=_pile(just_due(asked, now=now), first),
        overdue=_pile(overdue(asked, now=now), first),
        resting=_pile(resting(asked, now=now), first),
        failed=_pile(rows_among(failed_reminders(), held=held, verb=Verb.SEND_AGAIN), first),
        imports=_pile(imports_given_up(held=held), first),
        boards=_pile(boards_given_up(held=held), first),
    )


def offered(rows: QuerySet[Any], *, user: User, held: Mapping[int, Role]) -> QuerySet[Any]:
    """
    Leave out what the user, who holds these roles, may not answer: the one cut of the inbox and of the queue.

    That is a question of a desk where they only read along, one that a source they are tied to spoke on,
    one on which their own verdict waits for a second, and one whose two verdicts differ, unless they lead
    its desk.
    """
    led = rows_among(Desk.objects.all(), held=held, verb=Verb.ADJUDICATE)
    differing = of_two().order_by().values("question").annotate(n=Count("pk")).filter(n__gte=TWO)
    found: QuerySet[Any] = (
        rows_among(rows, held=held, verb=Verb.GIVE_VERDICT)
        .exclude(pk__in=questions_tied(user_id=user.pk).values("pk"))
        .exclude(pk__in=of_two().filter(recorded_by=user).values("question"))
        .filter(~Q(pk__in=differing.values("question")) | Q(desk__in=led))
    )
    return found


def of_two() -> QuerySet[Verdict]:
    """Return the verdicts that wait where a desk asks for two."""
    return pending().filter(question__desk__verdicts_required=TWO)


def with_verdicts(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the questions with `verdicts_in`: how many of the two that their desk asks for wait there."""
    counted: QuerySet[Any] = rows.annotate(
        verdicts_in=Case(When(desk__verdicts_required=TWO, then=verdicts_in()), default=Value(0))
    )
    return counted


def drafts() -> QuerySet[Statement]:
    """Return the statements that nobody has decided on, the oldest first."""
    return (
        Statement.objects.drafts()
        .select_related("document", "speaker")
        .defer("document__text")
        .order_by("recorded_at", "pk")
    )


def due_soon(rows: QuerySet[WaitingQuestion], *, now: datetime) -> QuerySet[WaitingQuestion]:
    """Return those of the unanswered questions that fall due within a week, the next one first."""
    return rows.filter(deadline_at__gt=now, deadline_at__lte=now + SOON)


def just_due(rows: QuerySet[WaitingQuestion], *, now: datetime) -> QuerySet[WaitingQuestion]:
    """Return those whose deadline has just passed, the longest wait first."""
    return _awake(rows, now).filter(deadline_at__lte=now, deadline_at__gt=now - GRACE)


def overdue(rows: QuerySet[WaitingQuestion], *, now: datetime) -> QuerySet[WaitingQuestion]:
    """Return those that have waited longer than that, the longest wait first."""
    return _awake(rows, now).filter(deadline_at__lte=now - GRACE)


def resting(rows: QuerySet[WaitingQuestion], *, now: datetime) -> QuerySet[WaitingQuestion]:
    """Return those past their deadline that were found too early, the next date first."""
    early = rows.filter(deadline_at__lte=now, check_again_on__gt=now.date())
    return early.order_by("check_again_on", "pk")


def failed_reminders() -> QuerySet[Reminder]:
    """Return the armed reminders whose last attempt failed, the longest wait first."""
    return (
        Reminder.objects.pending()
        .exclude(error="")
        .select_related("question", "recipient")
        .order_by("due_at", "pk")
    )


def unanswered() -> QuerySet[WaitingQuestion]:
    """Return the questions without an outcome or void in force, with `check_again_on`, by deadline."""
    last_verdict = Verdict.objects.filter(question=OuterRef("pk")).order_by("-pk")
    rows = (
        Question.objects.unanswered()
        .annotate(check_again_on=Subquery(last_verdict.values("check_again_on")[:1]))
        .select_related("desk", "assignee")
        .order_by("deadline_at", "pk")
    )
    return cast("QuerySet[WaitingQuestion]", rows)


def _awake(rows: QuerySet[WaitingQuestion], now: datetime) -> QuerySet[WaitingQuestion]:
    return rows.filter(Q(check_again_on=None) | Q(check_again_on__lte=now.date()))


def _pile(rows: QuerySet[Any], first: int) -> Pile:
    found = list(rows[: first + 1])
    count = len(found) if len(found) <= first else rows.count()
    return Pile(count=count, rows=found[:first])
