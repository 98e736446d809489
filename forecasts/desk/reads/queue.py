"""
The queue of the desk: every question that waits for somebody, each in one pile.

A question stands in the first pile that fits: awaiting adjudication, awaiting a second verdict, too
early, overdue, due. Disputed answers are a pile of their own, and "unassigned" cuts across. Nobody is
offered what they may not answer: a question of a desk where they only read along, one that a source they
are tied to spoke on, or one on which their own verdict waits; adjudication and disputes are offered to the
leads of that desk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When

from forecasts.desk.reads.inbox import GRACE, of_two, offered, unanswered, with_verdicts
from forecasts.models import Dispute, Question
from forecasts.people.reads.roles import Verb, roles_held, rows_where
from forecasts.questions.reads.ties import questions_tied
from forecasts.verdicts.reads.waiting import TWO

PILES = ("overdue", "due", "second", "adjudication", "disputed", "too_early", "unassigned")
OF_DEADLINE = ("overdue", "due", "second", "adjudication", "too_early")
NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What part of the queue is asked for: by desk, by assignee ("nobody" for none), by topic."""

    desk: int | None = None
    assignee: int | str | None = None
    topic: int | None = None

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.desk is not None:
            rows = rows.filter(desk=self.desk)
        if self.assignee is not None:
            rows = rows.filter(assignee=None if self.assignee == NOBODY else self.assignee)
        return rows if self.topic is None else rows.filter(topics=self.topic)


EVERYTHING = Cut()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How many questions each pile holds, and how many are overdue on each desk (None: on no desk)."""

    piles: Mapping[str, int]
    overdue: Mapping[int | None, int]


def waiting(*, user: User, now: datetime, cut: Cut = EVERYTHING) -> QuerySet[Any]:
    """Return what waits for an answer and may be given one by the user, with `pile` and `verdicts_in`."""
    begun = Q(pk__in=of_two().values("question"))
    due = cut.of(unanswered()).filter(Q(deadline_at__lte=now) | begun)
    piled: QuerySet[Any] = with_verdicts(offered(due, user=user, held=roles_held(user=user))).annotate(
        pile=_pile(now)
    )
    return piled


def _pile(now: datetime) -> Case:
    """Return the pile of a question that waits for an answer."""
    return Case(
        When(verdicts_in__gte=TWO, then=Value("adjudication")),
        When(verdicts_in=1, then=Value("second")),
        When(check_again_on__gt=now.date(), then=Value("too_early")),
        When(deadline_at__lte=now - GRACE, then=Value("overdue")),
        default=Value("due"),
        output_field=CharField(),
    )


def disputed(*, user: User, cut: Cut = EVERYTHING) -> QuerySet[Any]:
    """Return the questions whose answer somebody disputes and the user may uphold, the longest wait first."""
    open_ones = Dispute.objects.open().filter(question=OuterRef("pk"))
    rows = rows_where(Question.objects.filter(Exists(open_ones)), user=user, verb=Verb.UPHOLD_ANSWER)
    return (
        cut.of(rows)
        .exclude(pk__in=questions_tied(user_id=user.pk).values("pk"))
        .select_related("desk", "assignee")
        .order_by("deadline_at", "pk")
    )


def pile(*, name: str, user: User, now: datetime, cut: Cut = EVERYTHING) -> QuerySet[Any]:
    """Return the rows of one pile, the longest wait first. Raises ValueError on an unknown name."""
    if name not in PILES:
        raise ValueError(f"'{name}' is no pile. Use one of: {', '.join(PILES)}.")
    if name == "disputed":
        return disputed(user=user, cut=cut)
    rows = waiting(user=user, now=now, cut=cut)
    return rows.filter(assignee=None) if name == "unassigned" else rows.filter(pile=name)


def figures(*, user: User, now: datetime, cut: Cut = EVERYTHING) -> Figures:
    """Return the size of every pile. Four queries at most, however many questions there are."""
    counted = (
        waiting(user=user, now=now, cut=cut)
        .order_by()
        .values("pile", "desk_id")
        .annotate(n=Count("pk", distinct=True), nobody=Count("pk", filter=Q(assignee=None), distinct=True))
    )
    piles: Counter[str] = Counter(dict.fromkeys(PILES, 0))
    overdue: Counter[int | None] = Counter()
    for each in counted:
        piles[each["pile"]] += each["n"]
        piles["unassigned"] += each["nobody"]
        if each["pile"] == "overdue":
            overdue[each["desk_id"]] += each["n"]
    piles["disputed"] = disputed(user=user, cut=cut).count()
    return Figures(piles=dict(piles), overdue=dict(overdue))
