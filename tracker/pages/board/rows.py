"""One row of a board: place, name, chart, and each number with its n and its uncertainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.boards.reads.standings import StandingRow
from forecasts.models import Board, SourceKind
from forecasts.models.boards.board import Estimator
from tracker.pages.board.columns import no_reference_words, ordered_by, reference_words
from tracker.pages.kit.geometry import Dot, ScoreAxis, per_cent
from tracker.pages.kit.scores import Printed, printed
from tracker.wording import numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share in per cent and as the length of a bar; `bar` is empty where there is none."""

    text: str
    bar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """
    Places on the axis: the score with its interval, the plain mean with its range over words, and the
    reference where it is the source's own. Empty where there is none.
    """

    score: Dot
    mean: Dot | None
    ranged: bool
    drawn: bool
    reference: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreShown:
    """A score as printed, what stands beneath it, and the sentences behind both."""

    text: str
    beneath: str
    title: str
    sentences: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    key: str
    rank: str
    rank_span: str
    name: str
    slug: str
    kind: str
    plot: Plot | None
    score: ScoreShown | None
    n: str
    beneath_n: str
    first: str
    readings: str
    imputed: Share
    void: str
    unscorable: str
    trend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What all rows of a board share; `fixed` is the reference's score where it is the same for all."""

    board: Board
    axis: ScoreAxis
    trends: Mapping[str, str]
    fixed: float | None


def estimate(board: Board, row: StandingRow) -> float | None:
    """Return the score that the board orders by."""
    return {
        Estimator.RAW: row.brier,
        Estimator.SHRUNK: row.shrunk,
        Estimator.ADJUSTED_FIXED: row.adjusted_fixed,
        Estimator.ADJUSTED_SHRUNK: row.adjusted_shrunk,
    }[Estimator(board.estimator)]


def board_row(row: StandingRow, look: Drawn) -> BoardRow:
    return BoardRow(
        key=f"score-{row.slug}",
        rank="" if row.rank is None else str(row.rank),
        rank_span=_span(row.rank_low, row.rank_high) if row.rank_low != row.rank_high else "",
        name=row.source,
        slug=row.slug,
        kind=str(SourceKind(row.kind).label),
        plot=_plot(row, look),
        score=_score(row, look.board),
        n=numbers.count(row.n),
        beneath_n=_covered(row) if row.n else _counts(row),
        first=numbers.percent(row.p_first) if row.rank is not None else numbers.NOTHING,
        readings=_span(*row.rank_band) if row.rank is not None and row.rank_band else numbers.NOTHING,
        imputed=_share(row.imputed_share),
        void=numbers.percent(row.void_share),
        unscorable="" if row.unscorable_share is None else numbers.percent(row.unscorable_share),
        trend=look.trends.get(row.slug, ""),
    )


def dot_rows(rows: Sequence[StandingRow], board: Board) -> list[dict[str, Any]]:
    """Return the rows of the chart of dots, in the board's order."""
    names = Counter(row.source for row in rows)
    return [
        {
            # A chart tells its lines apart by their names.
            "name": f"{row.rank}  {row.source}" + (f" ({row.slug})" if names[row.source] > 1 else ""),
            "told": f"n = {row.n}",
            "score": estimate(board, row),
            "mean": row.brier,
            "low": row.ci_low,
            "high": row.ci_high,
        }
        for row in rows
    ]


def _span(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return ""
    return str(low) if low == high else f"{low}–{high}"


def _share(share: float | None) -> Share:
    return Share(text=numbers.percent(share), bar="" if not share else per_cent(share))


def _covered(row: StandingRow) -> str:
    if row.coverage is None:
        return ""
    return _("forecast %(share)s of the time") % {"share": numbers.percent(row.coverage)}


def _counts(row: StandingRow) -> str:
    """Return how many questions are open, how many void."""
    parts = []
    if row.n_open:
        parts.append(ngettext("%(n)d open", "%(n)d open", row.n_open) % {"n": row.n_open})
    if row.n_void:
        parts.append(ngettext("%(n)d void", "%(n)d void", row.n_void) % {"n": row.n_void})
    return ", ".join(parts)


def _plot(row: StandingRow, look: Drawn) -> Plot | None:
    best = estimate(look.board, row)
    if row.brier is None:
        return None
    drawn = row.rank is not None and row.ci_low is not None and row.ci_high is not None
    shown = row.brier if best is None or row.rank is None else best
    ranged = row.brier_low is not None and row.brier_high is not None and row.brier_high > row.brier_low
    other = row.brier != shown or ranged
    return Plot(
        score=look.axis.dot(
            best=shown, low=row.ci_low if drawn else None, high=row.ci_high if drawn else None
        ),
        mean=look.axis.dot(best=row.brier, low=row.brier_low, high=row.brier_high) if other else None,
        ranged=ranged,
        drawn=drawn,
        reference=_own_reference(row, look),
        words=_chart_words(row, shown, drawn=drawn, show=printed(look.board)),
    )


def _own_reference(row: StandingRow, look: Drawn) -> str:
    """Return the place of what the reference scores on the source's own questions."""
    if look.fixed is not None or row.skill is None or row.skill >= 1 or row.brier is None:
        return ""
    return look.axis.at(row.brier / (1 - row.skill))


def _chart_words(row: StandingRow, shown: float, *, drawn: bool, show: Printed) -> str:
    if not drawn:
        return _("Score %(score)s") % {"score": show(shown)}
    return _("Score %(score)s, interval %(low)s to %(high)s") % {
        "score": show(shown),
        "low": show(row.ci_low),
        "high": show(row.ci_high),
    }


def _score(row: StandingRow, board: Board) -> ScoreShown | None:
    if row.brier is None:
        return None
    show = printed(board)
    best = estimate(board, row)
    if best is None or row.rank is None:
        best, beneath = row.brier, _words_range(row, show)
    elif board.estimator == Estimator.RAW:
        beneath = _("%(score)s allowing for few questions") % {"score": show(row.shrunk)}
    else:
        beneath = _("mean %(score)s") % {"score": show(row.brier)}
    return ScoreShown(
        text=show(best),
        beneath=beneath,
        title=_("Score %(score)s") % {"score": show(best)},
        sentences=[each for each in _sentences(row, board) if each],
    )


def _words_range(row: StandingRow, show: Printed) -> str:
    if row.brier_low is None or row.brier_high is None or row.brier_low == row.brier_high:
        return ""
    return f"{show(row.brier_low)}–{show(row.brier_high)}"


def _sentences(row: StandingRow, board: Board) -> list[str]:
    """Return what lies behind a score, one sentence for each thing."""
    if row.rank is None:
        kind = _("The plain mean; lower is better.")
    else:
        kind = _("%(what)s. Lower is better.") % {"what": ordered_by(board)}
    said = [kind, _interval(row, printed(board)), _mean(row, board), _skill(row, board)]
    counts = _counts(row)
    return [*said, _("Besides: %(counts)s.") % {"counts": counts} if counts else ""]


def _interval(row: StandingRow, show: Printed) -> str:
    if row.rank is None or row.ci_low is None:
        return ""
    return _("95%% interval %(low)s to %(high)s, over groups of related questions.") % {
        "low": show(row.ci_low),
        "high": show(row.ci_high),
    }


def _mean(row: StandingRow, board: Board) -> str:
    words = _words_range(row, printed(board))
    mean = ngettext(
        "Plain mean %(mean)s over %(n)d question", "Plain mean %(mean)s over %(n)d questions", row.n
    ) % {"mean": printed(board)(row.brier or 0.0), "n": row.n}
    if not words:
        return f"{mean}."
    return mean + _(", %(range)s over every number the words can mean.") % {"range": words}


def _skill(row: StandingRow, board: Board) -> str:
    if row.skill_reason:
        return no_reference_words(board)
    if row.skill is None:
        return ""
    share, words = numbers.percent(abs(row.skill)), reference_words(board)
    if row.skill >= 0:
        return _("%(share)s better than “%(reference)s” on the same questions.") % {
            "share": share,
            "reference": words,
        }
    return _("%(share)s worse than “%(reference)s” on the same questions.") % {
        "share": share,
        "reference": words,
    }
