"""Two sources side by side, on the questions that both of them answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.boards.reads.comparison import Comparison, SharedQuestion
from forecasts.models import Source
from tracker.pages.comparison.plot import paired
from tracker.pages.kit.drawings import Draw
from tracker.wording import numbers

MOST_DRAWN, MOST_LISTED = 16, 200
ASKED = 58
MINUS = "−"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRow:
    """`better` is "a", "b" or ""."""

    asked: str
    slug: str
    language: str
    a: str
    b: str
    difference: str
    better: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonShown:
    headline: str
    sure: str
    a: str
    b: str
    difference: str
    span: str
    chance: str
    rows: list[SharedRow]
    left_off: int
    draw: Draw | None
    drawn: int
    words: str


def comparison_shown(found: Comparison, *, a: Source, b: Source) -> ComparisonShown:
    furthest = sorted(found.questions, key=lambda each: (-abs(each.difference), each.slug))
    drawn = sorted(furthest[:MOST_DRAWN], key=lambda each: each.difference)
    return ComparisonShown(
        headline=_headline(found, a, b),
        sure=_sure(found),
        a=numbers.score(found.score_a),
        b=numbers.score(found.score_b),
        difference=signed(found.difference),
        span=_span(found),
        chance=numbers.percent(found.p_a_better),
        rows=[_row(each) for each in furthest[:MOST_LISTED]],
        left_off=max(len(furthest) - MOST_LISTED, 0),
        draw=partial(paired, _drawn(drawn)) if drawn else None,
        drawn=len(drawn),
        words=_("Scores of both sources on each question: %(headline)s")
        % {"headline": _headline(found, a, b)},
    )


def signed(value: float | None) -> str:
    """Return a difference with its sign: −0.012, +0.012, 0.000."""
    if value is None:
        return numbers.NOTHING
    text = numbers.score(abs(value))
    return text if float(f"{value:.3f}") == 0 else f"{'+' if value > 0 else MINUS}{text}"


def _span(found: Comparison) -> str:
    if found.ci_low is None or found.ci_high is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": signed(found.ci_low), "high": signed(found.ci_high)}


def _headline(found: Comparison, a: Source, b: Source) -> str:
    words = {"a": a.name, "b": b.name, "n": found.n, "by": numbers.score(abs(found.difference or 0.0))}
    if found.difference is None:
        return ""
    if numbers.score(abs(found.difference)) == numbers.score(0.0):
        return (
            ngettext(
                "On the %(n)d question that both answered, %(a)s and %(b)s score the same.",
                "On the %(n)d questions that both answered, %(a)s and %(b)s score the same.",
                found.n,
            )
            % words
        )
    if found.difference > 0:
        words["a"], words["b"] = words["b"], words["a"]
    return (
        ngettext(
            "On the %(n)d question that both answered, %(a)s does better than %(b)s by %(by)s.",
            "On the %(n)d questions that both answered, %(a)s does better than %(b)s by %(by)s.",
            found.n,
        )
        % words
    )


def _sure(found: Comparison) -> str:
    if found.ci_low is None or found.ci_high is None:
        return _("One event says nothing about chance, so there is no interval.")
    if found.ci_low <= 0 <= found.ci_high:
        return _("That is too close to tell: with other events of the same kind it could be the other way.")
    return _("Chance alone would seldom do that: the interval leaves out 0.")


def _row(each: SharedQuestion) -> SharedRow:
    better = "" if each.difference == 0 else "a" if each.difference < 0 else "b"
    return SharedRow(
        asked=each.question,
        slug=each.slug,
        language=each.language,
        a=numbers.score(each.a),
        b=numbers.score(each.b),
        difference=signed(each.difference),
        better=better,
    )


def _drawn(questions: Sequence[SharedQuestion]) -> list[dict[str, Any]]:
    """Return the chart's rows; two questions that begin alike keep lines of their own."""
    seen: dict[str, int] = {}
    rows = []
    for each in questions:
        asked = each.question if len(each.question) <= ASKED else f"{each.question[: ASKED - 1]}…"
        seen[asked] = seen.get(asked, 0) + 1
        again = f" ({seen[asked]})" if seen[asked] > 1 else ""
        rows.append({"asked": asked + again, "a": each.a, "b": each.b})
    return rows
