"""The outcome stamp: a word, a shape and a colour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from forecasts.models import Answer, Question, QuestionKind, Resolution
from forecasts.queries.questions import answer_in_force, is_answer
from forecasts.queries.scores import last_value
from tracker.pages.values import outcome_words

LONGEST = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """`shape` names both the drawing and the class: never colour alone."""

    word: str
    shape: str


def stamp_of(question: Question, *, now: datetime) -> Stamp:
    """Return the question's stamp at that instant."""
    answer = answer_in_force(question)
    if not is_answer(answer):
        return _unanswered(question, reopened=answer is not None, now=now)
    if getattr(question, "is_disputed", False):
        return Stamp(word=_("Disputed"), shape="disputed")
    return stamp_of_answer(answer, question=question)


def stamp_of_answer(answer: Resolution, *, question: Question) -> Stamp:
    """Return the stamp of one answer, in force or not."""
    if answer.answer == Answer.REOPENED:
        return Stamp(word=_("Disputed"), shape="disputed")
    if answer.answer == Answer.VOID:
        return Stamp(word=_("Superseded") if answer.replaced_by_id else _("Void"), shape="void")
    if question.kind != QuestionKind.BINARY and answer.outcome is not None:
        return _stamp_of_value(question, answer.outcome)
    if answer.outcome == 1:
        return Stamp(word=_("Happened"), shape="happened")
    return Stamp(word=_("Did not happen"), shape="did-not")


def _stamp_of_value(question: Question, outcome: float) -> Stamp:
    if question.kind == QuestionKind.DATE and outcome >= last_value(question):
        return Stamp(word=_("Not by the deadline"), shape="did-not")
    words = outcome_words(question, outcome)
    if question.kind == QuestionKind.NUMBER:
        words = _("Answer: %(value)s") % {"value": words}
    return Stamp(word=Truncator(words).chars(LONGEST), shape="known")


def _unanswered(question: Question, *, reopened: bool, now: datetime) -> Stamp:
    if reopened:
        return Stamp(word=_("Disputed"), shape="disputed")
    if question.deadline_at <= now:
        return Stamp(word=_("Awaiting answer"), shape="due")
    return Stamp(word=_("Open"), shape="open")
