"""
Geometry of the small charts. Templates draw it as SVG with classes from the stylesheet.

Places along an axis are per cent of its width, so a chart keeps its dots round at any width.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, log10

from tracker.wording import numbers

PARTS = {0.3: 3, 0.4: 4, 0.5: 5, 0.75: 3, 1.0: 4}
"""Where an axis of scores may end up to 1, and into how many parts it is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    at: str
    word: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A dot with its range, in per cent of the axis."""

    at: str
    low: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreAxis:
    """One axis for all rows of a board, from 0 to the first round number that holds the worst."""

    end: float

    @classmethod
    def over(cls, values: Iterable[float | None]) -> ScoreAxis:
        worst = max((value for value in values if value is not None), default=0.0)
        if worst <= 1:
            return cls(end=next(end for end in PARTS if worst <= end))
        # Scores in a unit go as far as the next 1, 2 or 5 with noughts.
        most = 10.0 ** ceil(log10(worst))
        return cls(end=next(end for end in (most / 5, most / 2, most) if worst <= end))

    @property
    def ticks(self) -> list[Tick]:
        parts = PARTS.get(self.end, 4)
        values = [self.end * part / parts for part in range(parts + 1)]
        places = next(n for n in range(3) if n == 2 or all(abs(v - round(v, n)) < 1e-9 for v in values))
        return [Tick(at=self.at(value), word=numbers.number(value, max(places, 1))) for value in values]

    def dot(self, *, best: float, low: float | None, high: float | None) -> Dot:
        return Dot(
            at=self.at(best),
            low=self.at(best if low is None else low),
            high=self.at(best if high is None else high),
        )

    def at(self, value: float) -> str:
        return per_cent(value / self.end)


def per_cent(share: float) -> str:
    """Return a place on an axis for an SVG attribute, kept on the axis."""
    return f"{min(max(share, 0.0), 1.0) * 100:.2f}%"


def probability_dot(*, best: float, low: float | None, high: float | None) -> Dot:
    """Return a probability and its range on the axis from 0 to 100 %."""
    return Dot(
        at=per_cent(best),
        low=per_cent(best if low is None else low),
        high=per_cent(best if high is None else high),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAxis:
    """The time between two instants, as one axis."""

    starts: datetime
    ends: datetime

    @classmethod
    def over(cls, instants: Sequence[datetime]) -> TimeAxis:
        """Return an axis that holds all these instants, with a little air on both sides."""
        first, last = min(instants), max(instants)
        air = (last - first) / 25
        return cls(starts=first - air, ends=last + air)

    def at(self, instant: datetime) -> str:
        return per_cent(self.share(instant))

    def share(self, instant: datetime) -> float:
        whole = (self.ends - self.starts).total_seconds()
        return (instant - self.starts).total_seconds() / whole if whole else 0.5

    def tick(self, instant: datetime, word: str) -> Tick:
        """Return a word at an instant, anchored so that it stays on the chart."""
        share = self.share(instant)
        anchor = "start" if share < 0.2 else "end" if share > 0.8 else "middle"
        return Tick(at=self.at(instant), word=word, anchor=anchor)


LANE_TOP, LANE_HEIGHT = 8, 44


def lane_y(probability: float) -> float:
    """Return the place of a probability in a lane, in px from its top."""
    return LANE_TOP + (1 - probability) * LANE_HEIGHT


def px(value: float) -> str:
    """Return a length for an SVG attribute, with a decimal point in every language."""
    return f"{value:.1f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One forecast in force: from, until, how high, its range, and the step up or down to it."""

    starts: str
    width: str
    ends: str
    y: str
    top: str
    height: str
    from_y: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a lane needs of a forecast."""

    at: datetime
    best: float | None
    low: float | None
    high: float | None


def steps(said: Sequence[Said], *, axis: TimeAxis, closes: datetime) -> list[Step]:
    """Return a source's forecasts as steps in time; a withdrawal ends one and starts none."""
    drawn: list[Step] = []
    previous: float | None = None
    for index, each in enumerate(said):
        until = said[index + 1].at if index + 1 < len(said) else closes
        if each.best is not None and until > each.at:
            drawn.append(_step(each, until=until, axis=axis, previous=previous))
        previous = each.best
    return drawn


def _step(each: Said, *, until: datetime, axis: TimeAxis, previous: float | None) -> Step:
    best = each.best or 0.0
    low = best if each.low is None else each.low
    high = best if each.high is None else each.high
    return Step(
        starts=axis.at(each.at),
        ends=axis.at(until),
        width=per_cent(axis.share(until) - axis.share(each.at)),
        y=px(lane_y(best)),
        top=px(lane_y(high)),
        height=px(lane_y(low) - lane_y(high)),
        from_y="" if previous is None else px(lane_y(previous)),
    )


SPARK_WIDTH, SPARK_HEIGHT, SPARK_POINTS = 100, 20, 60


def spark(values: Sequence[float], *, low: float, high: float) -> str:
    """
    Return the points of a small line, the oldest first, the lowest value at the top.

    low, high: of the scale, one for all lines of a table; what lies outside stays on the edge.

    >>> spark([0.1, 0.3, 0.2], low=0.1, high=0.3)
    '0.0,0.0 50.0,20.0 100.0,10.0'
    """
    if len(values) < 2:
        return ""
    size = min(len(values), SPARK_POINTS)
    kept = [values[round(place * (len(values) - 1) / (size - 1))] for place in range(size)]
    wide = (high - low) or 1.0
    points = []
    for place, value in enumerate(kept):
        share = min(max((value - low) / wide, 0.0), 1.0)
        points.append(f"{px(place * SPARK_WIDTH / (len(kept) - 1))},{px(share * SPARK_HEIGHT)}")
    return " ".join(points)
