"""All sources of a question combined, as a reader sees it: a lane for each way, and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from forecasts.boards.reads.crowd import CrowdPoint
from forecasts.models import Question
from forecasts.questions.reads.listing import actual_close
from tracker.pages.kit.geometry import Said, Step, Tick, TimeAxis, steps
from tracker.wording import dates, numbers
from tracker.wording.deadlines import deadline_words

WAYS = ("median", "mean", "odds", "weighted")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdLane:
    name: str
    steps: list[Step]
    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdRow:
    day: str
    n: str
    values: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdShown:
    lanes: list[CrowdLane]
    names: list[str]
    rows: list[CrowdRow]
    opens: Tick
    deadline: Tick


def crowd_shown(question: Question, points: Sequence[CrowdPoint]) -> CrowdShown | None:
    """Return the crowd over time, or None where there is none. Its table has the last of each day."""
    if not points:
        return None
    names = {"median": _("Median"), "mean": _("Mean"), "odds": _("Mean of odds"), "weighted": _("By skill")}
    ways = [way for way in WAYS if any(getattr(each, way) is not None for each in points)]
    axis = TimeAxis.over([question.opens_at, question.deadline_at, *(each.at for each in points)])
    closes = actual_close(question)
    by_day = {dates.day(each.at): each for each in points}
    return CrowdShown(
        lanes=[_lane(points, way=way, name=names[way], axis=axis, closes=closes) for way in ways],
        names=[names[way] for way in ways],
        rows=[
            CrowdRow(day=day, n=str(each.n), values=[numbers.percent(getattr(each, way)) for way in ways])
            for day, each in by_day.items()
        ],
        opens=axis.tick(question.opens_at, _("opens %(day)s") % {"day": dates.day(question.opens_at)}),
        deadline=axis.tick(question.deadline_at, deadline_words(question.deadline)),
    )


def _lane(
    points: Sequence[CrowdPoint], *, way: str, name: str, axis: TimeAxis, closes: datetime
) -> CrowdLane:
    said = [Said(at=each.at, best=getattr(each, way), low=None, high=None) for each in points]
    first, last = points[0], points[-1]
    return CrowdLane(
        name=name,
        steps=steps(said, axis=axis, closes=closes),
        value=numbers.percent(getattr(last, way)),
        words=_("%(first)s on %(from)s, %(last)s on %(to)s")
        % {
            "first": numbers.percent(getattr(first, way)),
            "from": dates.day_in_sentence(first.at),
            "last": numbers.percent(getattr(last, way)),
            "to": dates.day_in_sentence(last.at),
        },
    )
