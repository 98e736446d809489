"""Forecasts of a number or a date on one axis: a dot, its range, and the answer as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isnan, log10

from forecasts.boards.reads.columns.scores import last_value, range_of
from forecasts.models import Answer, Forecast, Question, QuestionKind
from forecasts.questions.reads.listing import answer_in_force
from forecasts.schedule import day_after_epoch
from tracker.pages.kit.geometry import Dot, Tick, per_cent
from tracker.wording import dates
from tracker.wording.numbers import plain
from tracker.wording.values import outcome_words, said_words

TICKS, AIR = 5, 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueAxis:
    """An axis of numbers in a question's unit, or of days up to its deadline."""

    starts: float
    ends: float
    last: float

    @classmethod
    def over(cls, question: Question, values: Sequence[float]) -> ValueAxis:
        """Return an axis that holds all these values, with a little air on both sides."""
        last = last_value(question)
        shown = [each if isnan(last) else min(each, last) for each in values]
        low, high = min(shown), max(shown)
        air = (high - low) * AIR or max(abs(high) * AIR, 1.0)
        return cls(starts=low - air, ends=high + air, last=last)

    def share(self, value: float) -> float:
        # Whatever is too late stands at the deadline.
        kept = value if isnan(self.last) else min(value, self.last)
        return (kept - self.starts) / (self.ends - self.starts)

    def at(self, value: float) -> str:
        return per_cent(self.share(value))

    def tick(self, value: float, word: str) -> Tick:
        share = self.share(value)
        anchor = "start" if share < 0.2 else "end" if share > 0.8 else "middle"
        return Tick(at=self.at(value), word=word, anchor=anchor)

    def ticks(self, question: Question) -> list[Tick]:
        """Return round numbers along the axis, or a few of its days."""
        if question.kind == QuestionKind.DATE:
            ends = min(self.ends, self.last)
            days = (floor(self.starts) + 1, floor((self.starts + ends) / 2), floor(ends))
            return [self.tick(each, dates.day_short(day_after_epoch(each))) for each in sorted(set(days))]
        step = _round_step((self.ends - self.starts) / TICKS)
        first = (floor(self.starts / step) + 1) * step
        count = floor((self.ends - first) / step) + 1
        return [self.tick(each, plain(each)) for each in (first + step * number for number in range(count))]


def _round_step(least: float) -> float:
    """
    Return 1, 2 or 5 times a power of ten, not below `least`.

    >>> _round_step(0.3), _round_step(7)
    (0.5, 10.0)
    """
    power = 10.0 ** floor(log10(least))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= least)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanRow:
    """A forecast: who, when, what, and where it lies on the axis (None where it was withdrawn)."""

    name: str
    slug: str
    day: str
    day_short: str
    value: str
    dot: Dot | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """What was said on a question that is not of yes or no; without `ticks` there is nothing to draw."""

    rows: list[SpanRow]
    ticks: list[Tick]
    known: Tick | None


def spans(question: Question, said: Sequence[tuple[str, list[Forecast]]]) -> Spans | None:
    """Return each source's forecasts in order of time, or None where nobody has said anything."""
    forecasts = [each for _name, own in said for each in own]
    if not forecasts:
        return None
    axis = axis_of(question, forecasts)
    outcome = outcome_of(question)
    known = None
    if axis is not None and outcome is not None:
        known = axis.tick(outcome, outcome_words(question, outcome))
    return Spans(
        rows=[_row(each, axis) for each in forecasts],
        ticks=axis.ticks(question) if axis else [],
        known=known,
    )


def axis_of(question: Question, forecasts: Sequence[Forecast]) -> ValueAxis | None:
    """Return the axis of these forecasts and the answer, or None where they have no values."""
    values = [value for each in forecasts for value in each.quantile_values or []]
    outcome = outcome_of(question)
    if not values:
        return None
    return ValueAxis.over(question, [*values, *([] if outcome is None else [outcome])])


def outcome_of(question: Question) -> float | None:
    answer = answer_in_force(question)
    return answer.outcome if answer and answer.answer == Answer.OUTCOME else None


def span_dot(forecast: Forecast, axis: ValueAxis) -> Dot | None:
    """Return the forecast's range on the axis, with its middle or else half way as the dot."""
    said = range_of(forecast)
    if said is None:
        return None
    low, high = said.low, said.high
    if low is None or high is None:
        at = said.middle or 0.0
        return Dot(at=axis.at(at), low=axis.at(at), high=axis.at(at))
    middle = said.middle
    return Dot(at="" if middle is None else axis.at(middle), low=axis.at(low), high=axis.at(high))


def _row(forecast: Forecast, axis: ValueAxis | None) -> SpanRow:
    return SpanRow(
        name=forecast.source.name,
        slug=forecast.source.slug,
        day=dates.day(forecast.stated_at),
        day_short=dates.day_short(forecast.stated_at),
        value=said_words(forecast),
        dot=span_dot(forecast, axis) if axis else None,
    )
