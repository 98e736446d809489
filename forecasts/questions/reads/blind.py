"""
Blind desks: who said what, and how likely, stays hidden until one's own verdict is in.

It is hidden from those who work on a desk, wherever they are signed in: at the desk, in the API and on
the public pages. What cannot be hidden is warned of, and whoever looks all the same is no longer kept
from it; then their verdict is not blind. Nobody can know what a person reads elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, OuterRef, Q, QuerySet

from forecasts.models import (
    Answer,
    BlindSwitch,
    Desk,
    DeskMove,
    Document,
    Forecast,
    Membership,
    Question,
    Resolution,
    Shown,
    Sighted,
    Verdict,
)
from forecasts.models.questions.question import QuestionQuerySet

Somebody = AbstractBaseUser | AnonymousUser

# The ways from a row to its question and, for each, those to whoever has read what it says: they recorded
# it, marked its words, saved the article in which these stand, or marked others there.
RECORDED_BY: Mapping[str, tuple[str, ...]] = {
    "question": ("recorded_by",),
    "forecasts__question": ("recorded_by", "forecasts__recorded_by"),
    "statement__forecasts__question": ("recorded_by",),
    "statements__forecasts__question": (
        "recorded_by",
        "statements__recorded_by",
        "statements__decisions__recorded_by",
        "statements__forecasts__recorded_by",
    ),
    "document__statements__forecasts__question": (
        "document__recorded_by",
        "document__statements__recorded_by",
        "document__statements__decisions__recorded_by",
        "document__statements__forecasts__recorded_by",
    ),
    "reminder__question": (),
}


def hidden_questions(*, user: Somebody) -> QuerySet[Question]:
    """
    Return the questions of blind desks that the user, of any desk, has still to answer unseeing.

    One that was shown to them, whatever the way, is not hidden any more.
    """
    if not user.is_authenticated or not user.is_active:
        return Question.objects.none()
    on_a_desk = Exists(Membership.objects.filter(user=user.pk))
    works_here = Q() if getattr(user, "is_superuser", False) else Q(on_a_desk)
    own = Verdict.objects.filter(question=OuterRef("pk"), recorded_by=user.pk)
    said = own.exclude(answer=Answer.TOO_EARLY)
    seen = Shown.objects.filter(question=OuterRef("pk"), user=user.pk)
    return Question.objects.unanswered().filter(~Exists(said), ~Exists(seen), works_here, desk__blind=True)


def is_hidden(*, user: Somebody, question: Question) -> bool:
    """Return whether this question's forecasts are hidden from the user. No query on an open desk."""
    if not question.desk.blind:
        return False
    return hidden_questions(user=user).filter(pk=question.pk).exists()


def without_hidden(rows: QuerySet[Any], *, user: Somebody, by: str = "question") -> QuerySet[Any]:
    """
    Leave out the rows that speak of a question hidden from the user; `by` is the way to it from the row.

    What the user put on the record is not hidden from them (and their verdict is not blind).
    """
    hidden = hidden_questions(user=user).values("pk")
    barred = rows.model._default_manager.filter(**{f"{by}__in": hidden})
    for way in RECORDED_BY[by]:
        barred = barred.exclude(**{way: user.pk})
    return rows.exclude(pk__in=barred.values("pk"))


def revealing(*, user: Somebody, questions: QuestionQuerySet) -> QuestionQuerySet:
    """
    Return those of these questions on which it matters that the user is shown who said what.

    Those without an answer, on a desk that answers blind or did once: what is read while the switch
    is off is not unread when it is on. Those hidden from the user are not shown; of those that they
    were shown before, it is known.
    """
    seen = Shown.objects.filter(question=OuterRef("pk"), user=user.pk)
    matters = switched(questions).unanswered().filter(~Exists(seen))
    return matters.exclude(pk__in=hidden_questions(user=user).values("pk"))


def switched(questions: QuestionQuerySet) -> QuestionQuerySet:
    """Return those of these questions whose desk answers blind, or did once."""
    switches = BlindSwitch.objects.filter(desk=OuterRef("desk"))
    return questions.filter(Q(desk__blind=True) | Exists(switches))


def why_sighted(*, user: User, question: Question) -> str:
    """
    Return why a verdict that the user gives now would not be blind: one of `Sighted`, or nothing.

    It is blind where the question's desk has answered blind since the question was opened, and nothing
    was shown to the user: no page, mail or answer of the API told them who said what, they put none of
    it on the record, and nobody's verdict, theirs neither, had opened it to them.
    """
    return next((reason for reason, holds in REASONS.items() if holds(user, question)), "")


def answers_so(question: Question) -> bool:
    """Return whether the question's desk answers blind, or did since the question was opened."""
    return question.desk.blind or _switches_since(question).exists()


def recorded_by(*, user: User, question: Question) -> QuerySet[Forecast]:
    """Return the forecasts on the question that the user put on the record, or marked the words of."""
    own = Q(recorded_by=user) | Q(statement__recorded_by=user)
    return Forecast.objects.filter(own, question=question)


def _switches_since(question: Question) -> QuerySet[BlindSwitch]:
    return BlindSwitch.objects.filter(desk=question.desk_id, recorded_at__gt=question.recorded_at)


def _desk_was_open(user: User, question: Question) -> bool:
    """
    A desk that is blind now was not all the time where it was made so since the question was opened.

    Nor was the question hidden all the time where it came from a desk that is open, or was since then.
    """
    if not question.desk.blind or _switches_since(question).exists():
        return True
    left = Desk.objects.filter(pk__in=DeskMove.objects.filter(question=question).values("moved_from"))
    switches = BlindSwitch.objects.filter(desk=OuterRef("pk"), recorded_at__gt=question.recorded_at)
    return left.filter(Q(blind=False) | Exists(switches)).exists()


def _was_shown(user: User, question: Question) -> bool:
    return Shown.objects.filter(user=user, question=question).exists()


def _put_it_on_record(user: User, question: Question) -> bool:
    """They recorded a forecast, or saved, marked or judged words of an article in which one stands."""
    read = Q(recorded_by=user) | Q(statements__recorded_by=user) | Q(statements__decisions__recorded_by=user)
    articles = Document.objects.filter(statements__forecasts__question=question).values("pk")
    recorded = recorded_by(user=user, question=question)
    return recorded.exists() or Document.objects.filter(read, pk__in=articles).exists()


def _gave_a_verdict(user: User, question: Question) -> bool:
    own = Verdict.objects.filter(question=question, recorded_by=user)
    return own.exclude(answer=Answer.TOO_EARLY).exists()


def _was_answered(user: User, question: Question) -> bool:
    return Resolution.objects.filter(question=question).exists()


REASONS: dict[str, Callable[[User, Question], bool]] = {
    Sighted.DESK_OPEN: _desk_was_open,
    Sighted.SHOWN: _was_shown,
    Sighted.RECORDED: _put_it_on_record,
    Sighted.OWN_VERDICT: _gave_a_verdict,
    Sighted.ANSWERED: _was_answered,
}
