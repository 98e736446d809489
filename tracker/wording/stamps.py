"""The outcome stamp: a word and a shape, the same for readers and at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from forecasts.boards.reads.columns.scores import last_value
from forecasts.models import Answer, Question, QuestionKind, Resolution
from forecasts.questions.reads.listing import answer_in_force
from tracker.wording.values import answer_words, outcome_words

LONGEST = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """`shape` names both the drawing and the class: never colour alone."""

    word: str
    shape: str


def stamp_of(question: Question, *, now: datetime) -> Stamp:
    """Return the question's stamp at that instant, from prefetched answers."""
    return stamp_at(question, answer_in_force(question), now=now)


def stamp_at(question: Question, answer: Resolution | None, *, now: datetime) -> Stamp:
    """Return the same where the answer in force is at hand."""
    if answer is None:
        return _unanswered(question, now=now)
    if answer.answer != Answer.REOPENED and getattr(question, "is_disputed", False):
        return disputed()
    return stamp_of_answer(answer, question=question)


def stamp_of_answer(answer: Resolution, *, question: Question) -> Stamp:
    """Return the stamp of one answer, in force or not."""
    if answer.answer == Answer.REOPENED:
        return Stamp(word=answer_words(answer), shape="disputed")
    if answer.answer == Answer.VOID or answer.outcome is None:
        return Stamp(word=answer_words(answer), shape="void")
    if question.kind != QuestionKind.BINARY:
        return _stamp_of_value(question, answer.outcome)
    return Stamp(
        word=outcome_words(question, answer.outcome), shape="happened" if answer.outcome == 1 else "did-not"
    )


def disputed() -> Stamp:
    return Stamp(word=_("Disputed"), shape="disputed")


def _stamp_of_value(question: Question, outcome: float) -> Stamp:
    if question.kind == QuestionKind.DATE and outcome >= last_value(question):
        return Stamp(word=_("Not by the deadline"), shape="did-not")
    words = outcome_words(question, outcome)
    if question.kind == QuestionKind.NUMBER:
        words = _("Answer: %(value)s") % {"value": words}
    return Stamp(word=Truncator(words).chars(LONGEST), shape="known")


def _unanswered(question: Question, *, now: datetime) -> Stamp:
    if question.deadline_at <= now:
        return Stamp(word=_("Awaiting answer"), shape="due")
    return Stamp(word=pgettext("stamp", "Open"), shape="open")
