"""A board as its table shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.models import Board, QuestionKind, Rule, SourceKind
from forecasts.queries.left_out import ANOTHER_UNIT, LeftOut
from forecasts.queries.standings import StandingRow
from forecasts.scoring.kinds import HOUSE_RULES
from tracker.pages import formats
from tracker.pages.charts import BrierAxis, Dot, per_cent
from tracker.pages.figures import Figure, board_figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share in per cent and as the length of a bar; `bar` is empty where there is none."""

    text: str
    bar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    key: str
    rank: str
    name: str
    slug: str
    kind: str
    n: str
    counts: str
    dot: Dot | None
    chart_words: str
    brier: Figure | None
    imputed: Share
    void: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardShown:
    name: str
    slug: str
    description: str
    rows: list[BoardRow]
    unranked: list[BoardRow]
    left_off: int
    axis: BrierAxis
    minimum: str
    rule: str
    left_out: list[str]
    as_of: str
    as_of_iso: str
    summary: str

    @property
    def empty(self) -> bool:
        return not self.rows and not self.unranked


def board_shown(
    board: Board,
    rows: Sequence[StandingRow],
    *,
    at: datetime,
    limit: int | None = None,
    left_out: Sequence[LeftOut] = (),
) -> BoardShown:
    """Return the board as known at `at`; with a limit, its first rows only."""
    worst = [row.brier_high if row.brier_high is not None else row.brier for row in rows]
    # Saying 50 % every time is a place on the axis of the Brier score alone.
    axis = BrierAxis.over(worst, referred=board.rule == Rule.BRIER)
    ranked = [row for row in rows if row.rank is not None]
    unranked = [row for row in rows if row.rank is None]
    shown, tail = ranked[:limit], unranked[: _room(limit, len(ranked))]
    return BoardShown(
        name=_(board.name),
        slug=board.slug,
        description=_(board.description) if board.description else "",
        rows=[_row(board, row, axis) for row in shown],
        unranked=[_row(board, row, axis) for row in tail],
        left_off=len(rows) - len(shown) - len(tail),
        axis=axis,
        minimum=_minimum(board.minimum_n),
        rule=_rule(board),
        left_out=[_left_out(each) for each in left_out],
        as_of=formats.instant(at),
        as_of_iso=formats.iso_day(at),
        summary=_summary(rows, ranked),
    )


def _room(limit: int | None, taken: int) -> int | None:
    return None if limit is None else max(limit - taken, 0)


def _row(board: Board, row: StandingRow, axis: BrierAxis) -> BoardRow:
    dot = None
    if row.brier is not None:
        dot = axis.dot(best=row.brier, low=row.brier_low, high=row.brier_high)
    figure = board_figure(board, row)
    return BoardRow(
        key=f"score-{row.slug}",
        rank="" if row.rank is None else str(row.rank),
        name=row.source,
        slug=row.slug,
        kind=str(SourceKind(row.kind).label),
        n=str(row.n),
        counts=_counts(row),
        dot=dot,
        chart_words=_chart_words(figure),
        brier=figure,
        imputed=_share(row.imputed_share),
        void=_share(row.void_share),
    )


def _share(share: float | None) -> Share:
    return Share(text=formats.percent(share), bar="" if share is None else per_cent(share))


def _chart_words(figure: Figure | None) -> str:
    if figure is None:
        return _("no score yet")
    if figure.span:
        return _("Brier score %(brier)s, range %(span)s") % {"brier": figure.text, "span": figure.span}
    if figure.name:
        return f"{figure.name} {figure.text}"
    return _("Brier score %(brier)s") % {"brier": figure.text}


def _counts(row: StandingRow) -> str:
    """Return what stands beside n: how many are open, how many void."""
    parts = []
    if row.n_open:
        parts.append(ngettext("%(n)d open", "%(n)d open", row.n_open) % {"n": row.n_open})
    if row.n_void:
        parts.append(ngettext("%(n)d void", "%(n)d void", row.n_void) % {"n": row.n_void})
    return ", ".join(parts)


def _rule(board: Board) -> str:
    name = str(Rule(board.rule).label)
    if board.rule == Rule.BRIER:
        return _("Brier score")
    return _("CRPS, %(unit)s") % {"unit": board.filter.get("unit", "")} if board.rule == Rule.CRPS else name


def _left_out(each: LeftOut) -> str:
    """Return what the board does not count, how many, and why."""
    kind = str(QuestionKind(each.kind).label)
    counted = ngettext("%(n)d question", "%(n)d questions", each.n_questions) % {"n": each.n_questions}
    said = ngettext("%(n)d forecast", "%(n)d forecasts", each.n_forecasts) % {"n": each.n_forecasts}
    if each.reason == ANOTHER_UNIT:
        why = _("in %(unit)s, which can't be averaged with this board's unit") % {"unit": each.unit}
    else:
        why = _("scored on another scale, by the %(rule)s") % {"rule": Rule(HOUSE_RULES[each.kind]).label}
    return _("%(kind)s: %(counted)s with %(said)s, %(why)s") % {
        "kind": capfirst(kind),
        "counted": counted,
        "said": said,
        "why": why,
    }


def _minimum(minimum: int) -> str:
    if minimum <= 1:
        return _("No score yet: none of their questions has an outcome.")
    return ngettext(
        "Too few to rank: fewer than %(n)d question with an outcome.",
        "Too few to rank: fewer than %(n)d questions with an outcome.",
        minimum,
    ) % {"n": minimum}


def _summary(rows: Sequence[StandingRow], ranked: Sequence[StandingRow]) -> str:
    return ngettext(
        "%(ranked)d of %(n)d source is ranked.", "%(ranked)d of %(n)d sources are ranked.", len(rows)
    ) % {"ranked": len(ranked), "n": len(rows)}
