"""What a forecast says and what came of it, in words, for every kind of question."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import floor, log10

from django.utils import formats as django_formats
from django.utils.translation import gettext as _

from forecasts.models import Forecast, Question, QuestionKind
from forecasts.queries.scores import Range, last_value, range_of
from forecasts.schedule import day_after_epoch
from tracker.pages import formats
from tracker.pages.formats import NBSP, NOTHING

LIKELIEST = 3


def said_words(forecast: Forecast) -> str:
    """Return what the forecast says in one line: 95 %, Red: 60 %, Blue: 40 %, or 3–5 % (80 %)."""
    if forecast.withdrawn:
        return _("withdrawn")
    if forecast.probabilities is not None:
        return _odds(forecast.question.options, forecast.probabilities)
    said = range_of(forecast)
    return formats.percent(forecast.probability) if said is None else range_words(said, forecast.question)


def _odds(options: Sequence[str], probabilities: Sequence[float]) -> str:
    ordered = sorted(zip(options, probabilities, strict=True), key=lambda each: -each[1])
    return ", ".join(f"{name}: {formats.percent(p)}" for name, p in ordered[:LIKELIEST])


def range_words(said: Range, question: Question) -> str:
    """Return a range with its probability, its middle first where it has one."""
    if said.low is None or said.high is None:
        return NOTHING if said.middle is None else valued(said.middle, question)
    ends = f"{valued(said.low, question, unit=False)}–{valued(said.high, question)}"
    level = formats.percent(said.level)
    if said.middle is None:
        return f"{ends} ({level})"
    return f"{valued(said.middle, question)} ({ends}, {level})"


def valued(value: float, question: Question, *, unit: bool = True) -> str:
    """
    Return a number with the question's unit, or a date.

    The first day that is too late stands for "not by the deadline"; a later one was named as a date.
    """
    if question.kind == QuestionKind.DATE:
        late = value == last_value(question)
        return _("not by the deadline") if late else formats.day(day_after_epoch(value))
    return f"{plain(value)}{NBSP}{question.unit}".strip() if unit else plain(value)


def plain(value: float) -> str:
    """Return a number with the digits that it was given with, ten at most, in the page's language."""
    exact = Decimal(format(Decimal(f"{value:.10g}"), "f"))
    return django_formats.number_format(exact, force_grouping=True)


def three_digits(value: float) -> str:
    """Return the number to three significant digits: 0.0123, 4.50 or 1,230."""
    if not value:
        return plain(0)
    places = max(2 - floor(log10(abs(value))), 0)
    return django_formats.number_format(Decimal(f"{value:.3g}"), decimal_pos=places, force_grouping=True)


def in_unit(value: float, unit: str) -> str:
    """Return a score in a unit, to three digits."""
    return f"{three_digits(value)}{NBSP}{unit}".strip()


def unit_of(question: Question) -> str:
    """Return the unit that the question's scores are in: days for a date."""
    return _("days") if question.kind == QuestionKind.DATE else question.unit


def outcome_words(question: Question, outcome: float) -> str:
    """Return the answer itself: an option, a number with its unit, or a date."""
    return str(question.options[int(outcome)]) if question.options else valued(outcome, question)


def asked_for(question: Question) -> str:
    """Return what kind of answer the question wants, or nothing where that is yes or no."""
    if question.kind == QuestionKind.NUMBER:
        return _number_asked(question)
    if question.kind == QuestionKind.ORDERED:
        return _("One of these, in order: %(options)s") % {"options": " < ".join(question.options)}
    if question.kind == QuestionKind.OPTIONS:
        return _("One of these: %(options)s") % {"options": " · ".join(question.options)}
    return _("A date, or not by the deadline") if question.kind == QuestionKind.DATE else ""


def _number_asked(question: Question) -> str:
    ends = [(_("at least"), question.lower_bound), (_("at most"), question.upper_bound)]
    bounds = [f"{word} {plain(end)}" for word, end in ends if end is not None]
    return ", ".join([_("A number, in %(unit)s") % {"unit": question.unit}, *bounds])
