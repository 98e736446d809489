"""A board as its table shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.boards.reads.history import HistoryPoint
from forecasts.boards.reads.left_out import ANOTHER_UNIT, LeftOut
from forecasts.boards.reads.standings import StandingRow
from forecasts.models import Board, QuestionKind
from forecasts.models.boards.board import Reference, Rule
from forecasts.scoring.columns import rule_scores
from forecasts.scoring.kinds import HOUSE_RULES
from forecasts.scoring.rules import BINARY_RULES, LOG_CLIP
from tracker.pages.board.columns import Column, columns, no_reference_words, ordered_by, reference_words
from tracker.pages.board.rows import BoardRow, Drawn, board_row, estimate
from tracker.pages.board.trends import trends
from tracker.pages.kit.geometry import ScoreAxis
from tracker.wording import dates

WORST = {Rule.BRIER: 1.0, Rule.SPHERICAL: 1.0, Rule.RANKED_PROBABILITY: 1.0}
ROOM_FOR_WORDS = 0.35
"""With the reference further left than this there is no room for "better" beside its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows without a rank, under a rule that says why."""

    why: str
    rows: list[BoardRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardShown:
    name: str
    slug: str
    description: str
    columns: list[Column]
    rows: list[BoardRow]
    groups: list[Group]
    left_off: int
    axis: ScoreAxis
    reference: str
    reference_at: str
    dashed: str
    says_better: bool
    as_of: str
    as_of_iso: str
    summary: str
    ordered_by: str
    left_out: list[str]

    @property
    def empty(self) -> bool:
        return not self.rows and not self.groups


def board_shown(
    board: Board,
    rows: Sequence[StandingRow],
    *,
    at: datetime,
    history: Sequence[HistoryPoint] | None = None,
    limit: int | None = None,
    left_out: Sequence[LeftOut] = (),
) -> BoardShown:
    """Return the board as known at `at`; with a limit, its first rows only."""
    ranked = [row for row in rows if row.rank is not None]
    reference = fixed_reference(board, rows)
    axis = _axis(board, rows, reference)
    look = Drawn(board=board, axis=axis, trends=trends(history or [], ranked=ranked), fixed=reference)
    shown = ranked[:limit]
    groups = _groups(board, rows, look, most=None if limit is None else max(limit - len(shown), 0))
    return BoardShown(
        name=_(board.name),
        slug=board.slug,
        description=_(board.description) if board.description else "",
        columns=columns(board),
        rows=[board_row(row, look) for row in shown],
        groups=groups,
        left_off=len(rows) - len(shown) - sum(len(group.rows) for group in groups),
        axis=axis,
        reference=reference_words(board),
        reference_at="" if reference is None else axis.at(reference),
        dashed=_dashed(board, rows, reference),
        says_better=reference is None or reference > ROOM_FOR_WORDS * axis.end,
        as_of=dates.instant(at),
        as_of_iso=dates.iso_day(at),
        summary=_summary(rows, ranked),
        ordered_by=ordered_by(board),
        left_out=[_left_out(each) for each in left_out],
    )


def fixed_reference(board: Board, rows: Sequence[StandingRow]) -> float | None:
    """Return what saying 50 % every time scores, where that is the reference of every source."""
    if board.reference != Reference.UNINFORMED or board.rule not in BINARY_RULES:
        return None
    half = rule_scores(rule=board.rule, value=np.array([0.5]), outcome=np.array([1.0]), eps=LOG_CLIP)
    fixed = float(half[0])
    own = [row.brier / (1 - row.skill) for row in rows if row.brier and row.skill is not None]
    # Questions with more options than two have equal odds of their own.
    return fixed if all(abs(each - fixed) < 1e-6 for each in own) else None


def _dashed(board: Board, rows: Sequence[StandingRow], reference: float | None) -> str:
    """Return what the dashed lines say, empty where there are none."""
    if reference is not None:
        return _("Dashed: always saying 50%.")
    if all(row.skill is None for row in rows):
        return no_reference_words(board) if any(row.skill_reason for row in rows) else ""
    return _("Dashed: “%(what)s” on the same questions.") % {"what": reference_words(board)}


def _axis(board: Board, rows: Sequence[StandingRow], reference: float | None) -> ScoreAxis:
    """
    Return an axis that holds every score and nine intervals of ten.

    One source with a single question may have an interval as wide as the scale; it ends at the edge.
    """
    held: list[float | None] = [reference]
    for row in rows:
        held += [estimate(board, row) if row.rank is not None else None, row.brier, row.brier_high]
    ends = [row.ci_high for row in rows if row.rank is not None and row.ci_high is not None]
    held += [float(np.quantile(ends, 0.9))] if ends else []
    worst = WORST.get(Rule(board.rule))
    return ScoreAxis.over(value if worst is None or value is None else min(value, worst) for value in held)


def _groups(board: Board, rows: Sequence[StandingRow], look: Drawn, *, most: int | None) -> list[Group]:
    apart = [row for row in rows if row.rank is None and row.reason]
    few = [row for row in rows if row.rank is None and not row.reason and row.n]
    none = [row for row in rows if row.rank is None and not row.reason and not row.n]
    groups = []
    for why, members in ((_apart(), apart), (_minimum(board.minimum_n), few), (_none(), none)):
        kept = members[:most]
        if kept:
            groups.append(Group(why=why, rows=[board_row(row, look) for row in kept]))
        most = None if most is None else most - len(kept)
    return groups


def _apart() -> str:
    return _(
        "Not comparable: no chain of shared questions leads from these to the rest, so nobody can tell who "
        "had the harder ones."
    )


def _none() -> str:
    return _("No score yet: none of their questions has an outcome.")


def _left_out(each: LeftOut) -> str:
    """Return what the board does not count, how many, and why."""
    kind = str(QuestionKind(each.kind).label)
    kind = f"{kind} ({each.unit})" if each.kind == QuestionKind.NUMBER else kind
    counted = ngettext("%(n)d question", "%(n)d questions", each.n_questions) % {"n": each.n_questions}
    said = ngettext("%(n)d forecast", "%(n)d forecasts", each.n_forecasts) % {"n": each.n_forecasts}
    if each.reason == ANOTHER_UNIT:
        why = _("in %(unit)s, which can’t be averaged with this ranking’s unit") % {"unit": each.unit}
    else:
        why = _("scored on another scale, by the %(rule)s") % {"rule": Rule(HOUSE_RULES[each.kind]).label}
    return _("%(kind)s: %(counted)s with %(said)s, %(why)s") % {
        "kind": capfirst(kind),
        "counted": counted,
        "said": said,
        "why": why,
    }


def _minimum(minimum: int) -> str:
    return ngettext(
        "Too few to rank: fewer than %(n)d question with an outcome.",
        "Too few to rank: fewer than %(n)d questions with an outcome.",
        minimum,
    ) % {"n": minimum}


def _summary(rows: Sequence[StandingRow], ranked: Sequence[StandingRow]) -> str:
    return ngettext(
        "%(ranked)d of %(n)d source is ranked.", "%(ranked)d of %(n)d sources are ranked.", len(rows)
    ) % {"ranked": len(ranked), "n": len(rows)}
