"""What a forecast says and what an answer is, in words, for every kind of question."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from forecasts.boards.reads.columns.scores import Range, last_value, range_of
from forecasts.models import Answer, Forecast, Question, QuestionKind, Resolution, Term, Verdict
from forecasts.schedule import day_after_epoch
from tracker.wording.dates import day
from tracker.wording.numbers import NOTHING, amount, in_unit, percent, plain, reading, score, span

LIKELIEST = 4


def said_words(forecast: Forecast, question: Question | None = None) -> str:
    """Return what the forecast says in one line: 95% (90–99%), Red: 60%, Blue: 40%, or 3–5% (80%)."""
    question = question or forecast.question
    if forecast.withdrawn:
        return _("withdrawn")
    if forecast.probabilities is not None:
        return _odds(question.options, forecast.probabilities)
    said = range_of(forecast)
    if said is not None:
        return range_words(said, question)
    return reading(low=forecast.probability_low, best=forecast.probability, high=forecast.probability_high)


def _odds(options: Sequence[str], probabilities: Sequence[float]) -> str:
    likeliest = sorted(zip(options, probabilities, strict=True), key=lambda each: -each[1])
    shown = ", ".join(f"{name}: {percent(p)}" for name, p in likeliest[:LIKELIEST])
    left = len(likeliest) - LIKELIEST
    return f"{shown}, {_('and %(count)d more') % {'count': left}}" if left > 0 else shown


def range_words(said: Range, question: Question) -> str:
    """Return a range with its probability, its middle first where it has one."""
    if said.low is None or said.high is None:
        return NOTHING if said.middle is None else valued(said.middle, question)
    ends, level = _ends(said.low, said.high, question), percent(said.level)
    if said.middle is None:
        return f"{ends} ({level})"
    return f"{valued(said.middle, question)} ({ends}, {level})"


def _ends(low: float, high: float, question: Question) -> str:
    if question.kind == QuestionKind.DATE:
        return f"{valued(low, question)}–{valued(high, question)}"
    return span(low, high, question.unit)


def valued(value: float, question: Question) -> str:
    """
    Return a number with the question's unit, or a date.

    The first day that is too late stands for "not by the deadline"; a later one was named as a date.
    """
    if question.kind == QuestionKind.DATE:
        late = value == last_value(question)
        return _("not by the deadline") if late else day(day_after_epoch(value))
    return amount(value, question.unit)


def unit_of(question: Question) -> str:
    """Return the unit that the question's scores are in: days for a date."""
    return _("days") if question.kind == QuestionKind.DATE else question.unit


def outcome_words(question: Question, outcome: float) -> str:
    """Return an outcome: that it happened or not, an option, a number with its unit, or a date."""
    if question.kind == QuestionKind.BINARY:
        return _("Happened") if outcome == 1 else _("Did not happen")
    return str(question.options[int(outcome)]) if question.options else valued(outcome, question)


def answer_words(answer: Resolution | Verdict) -> str:
    """Return an answer or a verdict in a word or two: its outcome, or that there is none."""
    if answer.answer == Answer.REOPENED:
        return _("Reopened")
    if answer.answer == Answer.TOO_EARLY:
        return _("Too early to say")
    if answer.answer == Answer.VOID or answer.outcome is None:
        return _("Replaced") if getattr(answer, "replaced_by_id", None) else _("Void")
    return outcome_words(answer.question, answer.outcome)


def score_words(value: float | None, question: Question) -> str:
    """Return a forecast's score on its scale: three decimals, or for numbers and dates an amount."""
    if value is None or question.kind not in (QuestionKind.NUMBER, QuestionKind.DATE):
        return score(value)
    return in_unit(value, unit_of(question))


def term_words(term: Term) -> str:
    """Return a term of a scale with what it is read as."""
    return f"{term.phrase}: {reading(low=term.low, best=term.best, high=term.high)}"


def asked_for(question: Question) -> str:
    """Return what kind of answer the question wants, or nothing where that is yes or no."""
    if question.kind == QuestionKind.NUMBER:
        return _number_asked(question)
    if question.kind == QuestionKind.ORDERED:
        return _("One of these, in order: %(options)s") % {"options": " < ".join(question.options)}
    if question.kind == QuestionKind.OPTIONS:
        return _("One of these: %(options)s") % {"options": " · ".join(question.options)}
    return _("A date, or not by the deadline") if question.kind == QuestionKind.DATE else ""


def kind_words(question: Question) -> str:
    """Return the same as a label beside others, where a yes or no is told too."""
    return asked_for(question) or str(QuestionKind(question.kind).label)


def _number_asked(question: Question) -> str:
    ends = [(_("at least"), question.lower_bound), (_("at most"), question.upper_bound)]
    bounds = [f"{word} {plain(end)}" for word, end in ends if end is not None]
    return ", ".join([_("A number, in %(unit)s") % {"unit": question.unit}, *bounds])
