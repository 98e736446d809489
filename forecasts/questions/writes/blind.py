"""Write what keeps a verdict blind: a desk's switch, and who was shown who said what."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from forecasts.models import BlindSwitch, Desk, Place, Question, Shown, Source
from forecasts.questions.reads.blind import (
    Somebody,
    hidden_questions,
    is_hidden,
    recorded_by,
    revealing,
    switched,
)
from forecasts.record.refusal import RefusedError
from forecasts.record.writes.ledger import append_fact

Keys = Collection[int]


class HiddenError(RefusedError):
    field = "question"
    conflict = True


def record_switch(*, desk: Desk, by: User | None, now: datetime) -> BlindSwitch:
    """Record that the desk answers blind from now on, or no longer does, in an open transaction."""
    switch = BlindSwitch.objects.create(desk=desk, blind=desk.blind, recorded_at=now, recorded_by=by)
    append_fact(fact=switch, now=now)
    return switch


def tell(*, user: Somebody, questions: Keys, place: Place, now: datetime) -> frozenset[int]:
    """
    Return those of these questions that are hidden from whoever asks, and note that the rest is shown.

    Everything that tells somebody who said what on a question asks here first. It costs nothing for
    somebody who is signed out, and is written once for each person and question.
    """
    if not user.is_authenticated or not questions:
        return frozenset()
    rows = Question.objects.filter(pk__in=questions)
    hidden = frozenset(hidden_questions(user=user).filter(pk__in=questions).values_list("pk", flat=True))
    _note(revealing(user=user, questions=rows), user, place, now)
    return hidden


def note_told(*, told: Collection[tuple[int, int]], place: Place, now: datetime) -> None:
    """
    Note that messages that are out told these people, by their keys, who said what on these questions.

    One query where none of them was ever to be answered unseeing.
    """
    if not told:
        return
    rows = switched(Question.objects.filter(pk__in={question for _user, question in told}))
    matters = set(rows.values_list("pk", flat=True))
    for user in User.objects.filter(pk__in={key for key, question in told if question in matters}):
        keys = {question for key, question in told if key == user.pk}
        _note(revealing(user=user, questions=Question.objects.filter(pk__in=keys)), user, place, now)


def show_all_the_same(*, user: User, questions: Keys, now: datetime) -> int:
    """
    Show who said what on these questions to somebody who asks for it, though they have still to answer.

    It is noted before it is shown: their verdict is not blind then. Returns how many were hidden.
    """
    hidden = hidden_questions(user=user).filter(pk__in=questions)
    return _note(hidden, user, Place.ASKED, now)


def refuse_hidden(*, question: Question, by: User | None, source: Source) -> None:
    """
    Raise HiddenError where the question is hidden from whoever acts on what the source said there.

    What they put on the record themselves is not.
    """
    if by is None or not is_hidden(user=by, question=question):
        return
    if not recorded_by(user=by, question=question).filter(source=source.standing).exists():
        raise HiddenError(
            _(
                "You have still to answer this question without seeing who said what. Nothing was "
                "changed. Give your verdict first, or choose to see the forecasts."
            )
        )


def _note(questions: QuerySet[Question], user: Any, place: Place, now: datetime) -> int:
    rows = [
        Shown(user_id=user.pk, question_id=key, shown_at=now, place=place)
        for key in questions.order_by().values_list("pk", flat=True)
    ]
    if rows:
        Shown.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows)
