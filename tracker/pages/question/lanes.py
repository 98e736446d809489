"""The timeline of a question: one lane for each source, one axis of time for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from forecasts.models import Answer, Forecast, Question
from forecasts.questions.reads.listing import actual_close, answer_in_force
from tracker.pages.kit.geometry import Said, Step, Tick, TimeAxis, steps
from tracker.wording import dates, numbers
from tracker.wording.deadlines import deadline_words
from tracker.wording.stamps import stamp_of_answer

MOST_LANES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    name: str
    slug: str
    steps: list[Step]
    value: str
    span: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRow:
    """A line of the table that stands for the chart."""

    source: str
    day: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    lanes: list[Lane]
    rows: list[LaneRow]
    left_off: int
    opens: Tick
    deadline: Tick
    known: Tick | None
    known_shape: str


def timeline(question: Question, said: Sequence[tuple[str, list[Forecast]]]) -> Timeline | None:
    """Return the chart from opening to deadline, or None where nobody has said anything."""
    if not said:
        return None
    answer = answer_in_force(question)
    occurred = answer.occurred_at if answer and answer.answer == Answer.OUTCOME else None
    stated = [each.stated_at for _name, forecasts in said for each in forecasts]
    axis = TimeAxis.over(
        [question.opens_at, question.deadline_at, *stated, *([occurred] if occurred else [])]
    )
    known, shape = None, ""
    if answer and occurred:
        stamp = stamp_of_answer(answer, question=question)
        known, shape = axis.tick(occurred, f"{stamp.word}, {dates.day(occurred)}"), stamp.shape
    return Timeline(
        lanes=[_lane(each, axis=axis, closes=actual_close(question)) for _name, each in said[:MOST_LANES]],
        rows=[_row(each) for _name, forecasts in said for each in forecasts],
        left_off=max(len(said) - MOST_LANES, 0),
        opens=axis.tick(question.opens_at, _("opens %(day)s") % {"day": dates.day(question.opens_at)}),
        deadline=axis.tick(question.deadline_at, deadline_words(question.deadline)),
        known=known,
        known_shape=shape,
    )


def _lane(forecasts: Sequence[Forecast], *, axis: TimeAxis, closes: datetime) -> Lane:
    last = forecasts[-1]
    said = [
        Said(at=each.stated_at, best=each.probability, low=each.probability_low, high=each.probability_high)
        for each in forecasts
    ]
    return Lane(
        name=last.source.name,
        slug=last.source.slug,
        steps=steps(said, axis=axis, closes=closes),
        value=_value(last),
        span=_span(last),
        words="; ".join(f"{dates.day(each.stated_at)}: {_value(each)}" for each in forecasts),
    )


def _value(forecast: Forecast) -> str:
    return _("withdrawn") if forecast.withdrawn else numbers.percent(forecast.probability)


def _span(forecast: Forecast) -> str:
    low, high = forecast.probability_low, forecast.probability_high
    return numbers.percent_range(low, high) if low is not None and high is not None else ""


def _row(forecast: Forecast) -> LaneRow:
    span = _span(forecast)
    value = f"{_value(forecast)} ({span})" if span else _value(forecast)
    return LaneRow(source=forecast.source.name, day=dates.day(forecast.stated_at), value=value)
