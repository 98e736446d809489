"""A source's record as its page shows it: by topic, by lead time, over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forecasts.boards.reads.history import MONTHS
from forecasts.boards.reads.profile import Part, Profile
from tracker.pages.kit.calibrations import Calibrated, calibrated
from tracker.pages.kit.geometry import Dot, ScoreAxis
from tracker.pages.kit.histories import History, source_history_shown
from tracker.wording import numbers

ALWAYS_HALF = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    name: str
    n: str
    score: str
    span: str
    dot: Dot | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Rows on one axis, with the reference on it."""

    rows: list[PartRow]
    axis: ScoreAxis
    reference_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileShown:
    n: int
    score: str
    history: History | None
    calibrated: Calibrated
    by_topic: Parts | None
    by_lead: Parts | None


def profile_shown(found: Profile, *, name: str) -> ProfileShown:
    leads = [(lead_words(part.name), part) for part in found.by_lead]
    return ProfileShown(
        n=found.n,
        score=numbers.score(found.score),
        history=source_history_shown(found.history, months=MONTHS, reference=ALWAYS_HALF),
        calibrated=calibrated(found.calibration, name=name),
        by_topic=_parts([(_(part.name), part) for part in found.by_topic]),
        by_lead=_parts(leads) if len(leads) > 1 else None,
    )


def lead_words(bucket: str) -> str:
    """Return how long before the deadline a forecast was stated."""
    return {
        "week": _("less than a week before"),
        "month": _("a week to a month before"),
        "quarter": _("one to three months before"),
        "year": _("three months to a year before"),
        "longer": _("more than a year before"),
    }[bucket]


def _parts(named: Sequence[tuple[str, Part]]) -> Parts | None:
    scored = [(name, part) for name, part in named if part.score is not None]
    if not scored:
        return None
    axis = ScoreAxis.over([ALWAYS_HALF, *(part.ci_high or part.score for _name, part in scored)])
    return Parts(
        rows=[_row(name, part, axis) for name, part in scored],
        axis=axis,
        reference_at=axis.at(ALWAYS_HALF),
    )


def _row(name: str, part: Part, axis: ScoreAxis) -> PartRow:
    score = part.score or 0.0
    span = ""
    if part.ci_low is not None and part.ci_high is not None:
        span = f"{numbers.score(part.ci_low)}–{numbers.score(part.ci_high)}"
    return PartRow(
        name=name,
        n=numbers.count(part.n),
        score=numbers.score(part.score),
        span=span,
        dot=axis.dot(best=score, low=part.ci_low, high=part.ci_high),
        words=_("Score %(score)s") % {"score": numbers.score(score)},
    )
