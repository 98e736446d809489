"""How a board or a source moved: the rows of its chart, and the same as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext as _

from forecasts.boards.reads.history import MONTHS, HistoryPoint
from forecasts.boards.reads.standings import StandingRow
from forecasts.models.boards.board import Window
from tracker.pages.kit import plots
from tracker.pages.kit.drawings import Draw
from tracker.wording import numbers

LEADERS = 10
"""How many sources a chart of places can hold and still be read."""
NAME = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a chart shows, as text: a head, and rows whose first cell names them."""

    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """`leaders` is how many sources the chart holds; of one alone it shows the score, not the place."""

    draw: Draw
    words: str
    leaders: int
    table: Table


def board_history_shown(
    points: Sequence[HistoryPoint], rows: Sequence[StandingRow], *, months: int, reference: float | None
) -> History | None:
    """Return the chart of those who lead the board now; of one source alone, its score over time."""
    names = {row.slug: row.source for row in rows if row.rank is not None}
    leaders = list(names)[:LEADERS]
    if not leaders:
        return None
    if len(leaders) == 1:
        return source_history_shown(
            [each for each in points if each.slug == leaders[0]], months=months, reference=reference
        )
    shown = [each for each in points if each.slug in leaders and each.rank is not None]
    by_month = _by_month(shown)
    if len(by_month) < 2:
        return None
    places = {month: _places(said, leaders) for month, said in by_month.items()}
    return History(
        draw=partial(plots.bump, _bump_rows(places, names)),
        words=_bump_words(places, names),
        leaders=len(leaders),
        table=_table(
            [names[slug] for slug in leaders],
            [
                (month, [str(said[slug].rank) if slug in said else numbers.NOTHING for slug in leaders])
                for month, said in sorted(by_month.items(), reverse=True)
            ],
        ),
    )


def source_history_shown(
    points: Sequence[HistoryPoint], *, months: int, reference: float | None
) -> History | None:
    """Return the chart of one source's mean so far, and of its mean over the latest months."""
    if len(points) < 2:
        return None
    latest = _("latest %(n)d months") % {"n": months}
    lines: list[tuple[int, str, Callable[[HistoryPoint], float | None]]] = [
        (0, _("all so far"), lambda point: point.brier),
        (1, latest, lambda point: point.rolling),
    ]
    if all(point.n == point.rolling_n for point in points):
        lines = lines[:1]
    rows: list[dict[str, Any]] = []
    for kind, name, of in lines:
        said = [(point, value) for point in points if (value := of(point)) is not None]
        for point, value in said:
            end = name if point is said[-1][0] else ""
            rows.append({"month": point.month.isoformat(), "kind": kind, "score": value, "end": end})
    last = points[-1]
    return History(
        draw=partial(plots.running, rows, reference=reference, reference_words=_("always 50%")),
        words=_("Mean score over time: %(first)s in %(from)s, %(last)s in %(to)s.")
        % {
            "first": numbers.score(points[0].brier),
            "from": month_words(points[0].month),
            "last": numbers.score(last.brier),
            "to": month_words(last.month),
        },
        leaders=1,
        table=_table(
            [_("Questions"), _("Mean so far"), latest],
            [
                (each.month, [numbers.count(each.n), numbers.score(each.brier), numbers.score(each.rolling)])
                for each in reversed(points)
            ],
        ),
    )


def months_back(window: str, days: int | None) -> int:
    """Return over how many months the rolling mean looks."""
    return max(round(days / 30.44), 1) if window == Window.ROLLING and days else MONTHS


def month_words(month: date) -> str:
    return dateformat.format(month, "F Y").replace(" ", numbers.NBSP)


def _by_month(points: Sequence[HistoryPoint]) -> dict[date, dict[str, HistoryPoint]]:
    found: dict[date, dict[str, HistoryPoint]] = {}
    for point in points:
        found.setdefault(point.month, {})[point.slug] = point
    return found


def _places(said: dict[str, HistoryPoint], leaders: Sequence[str]) -> dict[str, int]:
    """Return the order among those shown; who ties keeps the board's order of today."""
    order = sorted(said, key=lambda slug: (said[slug].rank or 0, leaders.index(slug)))
    return {slug: place for place, slug in enumerate(order, start=1)}


def _bump_rows(places: dict[date, dict[str, int]], names: dict[str, str]) -> list[dict[str, Any]]:
    last = max(places)
    rows = []
    for month, order in sorted(places.items()):
        for slug, place in order.items():
            now = places[last].get(slug, len(names))
            rows.append(
                {
                    "month": month.isoformat(),
                    "source": slug,
                    "place": place,
                    "tone": min(now // 2, 2) if now > 1 else 0,
                    "end": _short(names[slug]) if month == last else "",
                }
            )
    return rows


def _short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"


def _bump_words(places: dict[date, dict[str, int]], names: dict[str, str]) -> str:
    first, last = min(places), max(places)
    leads = [next(slug for slug, place in places[month].items() if place == 1) for month in (first, last)]
    return _("Order of %(n)d sources over time: %(before)s led in %(from)s, %(after)s in %(to)s.") % {
        "n": len(places[last]),
        "before": names[leads[0]],
        "from": month_words(first),
        "after": names[leads[1]],
        "to": month_words(last),
    }


def _table(head: list[str], rows: Sequence[tuple[date, list[str]]]) -> Table:
    return Table(head=[_("Month"), *head], rows=[[month_words(month), *cells] for month, cells in rows])
