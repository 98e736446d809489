"""
Blind desks: who said what, and how likely, stays hidden until one's own verdict is in.

It is hidden on the desk and in the API, from those who work on a desk. The public pages show it to
everybody and cannot know who looks: nothing on the desk leads there before the verdict is in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, OuterRef, Q, QuerySet

from forecasts.models import Answer, Decision, Forecast, Question, Resolution, Verdict
from forecasts.queries.roles import role_of

Somebody = AbstractBaseUser | AnonymousUser


def hidden_questions(*, user: Somebody) -> QuerySet[Question]:
    """Return the questions of blind desks that the user, of any desk, has still to answer."""
    if role_of(user=user) is None:
        return Question.objects.none()
    answers = Resolution.objects.answering().filter(question=OuterRef("pk"))
    own = Verdict.objects.filter(question=OuterRef("pk"), recorded_by=user.pk)
    said = own.exclude(answer=Answer.TOO_EARLY)
    return Question.objects.filter(Q(desk__blind=True), ~Exists(answers), ~Exists(said))


def is_hidden(*, user: Somebody, question: Question) -> bool:
    """Return whether this question's forecasts are hidden from the user. No query on an open desk."""
    if question.desk is None or not question.desk.blind:
        return False
    return hidden_questions(user=user).filter(pk=question.pk).exists()


def without_hidden(
    rows: QuerySet[Any], *, user: Somebody, by: str, owned_by: Sequence[str] = ("recorded_by",)
) -> QuerySet[Any]:
    """
    Leave out the rows that speak of a question hidden from the user.

    `by` is the way from the row to its question. What the user put on the record is not hidden from
    them (and their verdict is not blind): `owned_by` names the ways to whoever did.
    """
    hidden = hidden_questions(user=user).values("pk")
    barred = rows.model._default_manager.filter(**{f"{by}__in": hidden})
    for way in owned_by:
        barred = barred.exclude(**{way: user.pk})
    return rows.exclude(pk__in=barred.values("pk"))


def answers_blind(*, user: User | None, question: Question) -> bool:
    """
    Return whether a verdict that the user gives now is given blind.

    It is not where the desk showed the forecasts before (the question was answered once, or the
    user's own verdict was in), nor where the user put one of them, or its words, on the record.
    Nobody can know who read the article.
    """
    if user is None or question.desk is None or not question.desk.blind:
        return False
    own = Verdict.objects.filter(question=question, recorded_by=user).exclude(answer=Answer.TOO_EARLY)
    issued = Forecast.objects.filter(question=question).filter(
        Q(recorded_by=user) | Q(statement__recorded_by=user)
    )
    decided = Decision.objects.filter(statement__forecasts__question=question, recorded_by=user)
    answered = Resolution.objects.filter(question=question)
    return not any(rows.exists() for rows in (own, issued, decided, answered))
