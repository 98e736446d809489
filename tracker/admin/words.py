"""Numbers, dates and deadlines as the desk writes them, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import floor, log10
from zoneinfo import ZoneInfo

from django.utils import dateformat, formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.models import Forecast, Question, QuestionKind, Term
from forecasts.queries.scores import Range, last_value, range_of
from forecasts.schedule import day_after_epoch

NOTHING = "–"
OPTIONS_SHOWN = 4
NBSP = "\N{NO-BREAK SPACE}"


def percent(share: float | None) -> str:
    """Return a probability in per cent, with one decimal only where it has one."""
    if share is None:
        return NOTHING
    places = 0 if round(share * 100, 1) == round(share * 100) else 1
    return f"{formats.number_format(round(share * 100, 1), decimal_pos=places)}{NBSP}%"


def reading(*, low: float | None, best: float | None, high: float | None) -> str:
    """Return a reading with its range: 95 % (90 %–99 %)."""
    if low is None or high is None or low == high:
        return percent(best)
    return f"{percent(best)} ({percent(low)}–{percent(high)})"


def reading_of(forecast: Forecast, question: Question) -> str:
    """Return what the forecast says: 95 % (90 %–99 %), Red: 60 %, Blue: 40 %, or 3–5 % (80 %)."""
    if forecast.withdrawn:
        return _("withdrawn")
    if forecast.probabilities is not None:
        return _odds(question.options, forecast.probabilities)
    said = range_of(forecast)
    if said is not None:
        return _range(said, question)
    return reading(low=forecast.probability_low, best=forecast.probability, high=forecast.probability_high)


def _odds(options: Sequence[str], probabilities: Sequence[float]) -> str:
    likeliest = sorted(zip(options, probabilities, strict=True), key=lambda each: -each[1])
    shown = ", ".join(f"{name}: {percent(p)}" for name, p in likeliest[:OPTIONS_SHOWN])
    left = len(likeliest) - OPTIONS_SHOWN
    return f"{shown}, +{left}" if left > 0 else shown


def _range(said: Range, question: Question) -> str:
    if said.low is None or said.high is None:
        return NOTHING if said.middle is None else valued(said.middle, question)
    ends = f"{valued(said.low, question, unit=False)}–{valued(said.high, question)}"
    if said.middle is None:
        return f"{ends} ({percent(said.level)})"
    return f"{valued(said.middle, question)} ({ends}, {percent(said.level)})"


def valued(value: float, question: Question, *, unit: bool = True) -> str:
    """
    Return a number with the question's unit, or a date.

    The first day that is too late stands for "not by the deadline"; a later one was named as a date.
    """
    if question.kind == QuestionKind.DATE:
        return _("not by the deadline") if value == last_value(question) else day(day_after_epoch(value))
    return f"{plain(value)}{NBSP}{question.unit}".strip() if unit else plain(value)


def plain(value: float) -> str:
    """Return a number with the digits that it was given with, ten at most."""
    exact = Decimal(format(Decimal(f"{value:.10g}"), "f"))
    return formats.number_format(exact, force_grouping=True)


def kind_words(question: Question) -> str:
    """Return what kind of answer the question has: its options, or its unit and bounds."""
    kind = QuestionKind(question.kind).label
    if question.options:
        return f"{kind}: {' · '.join(question.options)}"
    if question.kind != QuestionKind.NUMBER:
        return str(kind)
    ends = [(_("at least"), question.lower_bound), (_("at most"), question.upper_bound)]
    bounds = [f"{word} {plain(end)}" for word, end in ends if end is not None]
    return ", ".join([f"{kind} ({question.unit})", *bounds])


def outcome_words(question: Question, outcome: float) -> str:
    """Return an outcome as the desk says it: yes, an option, a number with its unit, or a date."""
    if question.kind == QuestionKind.BINARY:
        return _("Yes, it happened") if outcome == 1 else _("No, it did not happen")
    if question.options:
        return str(question.options[int(outcome)])
    return valued(outcome, question)


def score_words(value: float | None, question: Question) -> str:
    """Return a score on its scale: four decimals, or for numbers and dates three digits in the unit."""
    if value is None or question.kind not in (QuestionKind.NUMBER, QuestionKind.DATE):
        return score(value)
    unit = question.unit if question.kind == QuestionKind.NUMBER else _("days")
    return f"{three_digits(value)}{NBSP}{unit}"


def three_digits(value: float) -> str:
    """Return the number to three significant digits: 0.0123, 4.50 or 1,230."""
    if not value:
        return plain(0)
    places = max(2 - floor(log10(abs(value))), 0)
    return formats.number_format(Decimal(f"{value:.3g}"), decimal_pos=places, force_grouping=True)


def term_with_numbers(term: Term) -> str:
    numbers = reading(low=term.low, best=term.best, high=term.high)
    return f"{term.phrase}: {numbers}"


def score(value: float | None) -> str:
    """Return a Brier score with four decimals, or a dash where there is none."""
    return NOTHING if value is None else formats.number_format(value, decimal_pos=4)


def score_range(low: float | None, high: float | None) -> str:
    """Return the range of a Brier score, or nothing where its ends are the same."""
    if low is None or high is None or round(low, 4) == round(high, 4):
        return ""
    return f"{score(low)}–{score(high)}"


def day(value: date | datetime | None) -> str:
    """Return the date in full: 3 May 2018. An instant is read in the desk's zone."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return dateformat.format(value, "j F Y").replace(" ", NBSP)


def instant(value: datetime, zone: str) -> str:
    """Return the date and time in the zone named."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{dateformat.format(local, 'j F Y')}, {local:%H:%M}{NBSP}{local.tzname()}"


def days_left(now: datetime, deadline_at: datetime) -> str:
    """
    Return how far off a deadline's last day is, in the desk's calendar: in 3 days, 12 days late.

    The instant of a deadline is exclusive: its last day is the one that ends there.
    """
    last = deadline_at - timedelta(microseconds=1)
    days = (timezone.localdate(last) - timezone.localdate(now)).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
