"""The columns of a board: each with the sentences that explain it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from forecasts.models import Board, Rule
from forecasts.models.boards.board import Estimator, Reference
from forecasts.scoring.rules import BINARY_RULES
from tracker.pages.kit.scores import rule_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`part` is where "How we score" explains it; `shape` is the class of its cells."""

    word: str
    explanation: str
    part: str
    shape: str = "num"
    side: str = ""


def ordered_by(board: Board) -> str:
    """Return what the board orders by, in words."""
    return {
        Estimator.RAW: _("%(rule)s, simple average"),
        Estimator.SHRUNK: _("%(rule)s, allowing for few questions"),
        Estimator.ADJUSTED_FIXED: _("%(rule)s, adjusted for difficulty"),
        Estimator.ADJUSTED_SHRUNK: _("%(rule)s, allowing for difficulty and few questions"),
    }[Estimator(board.estimator)] % {"rule": rule_words(board)}


def reference_words(board: Board) -> str:
    """Return the short name of what a score is compared with, as it stands on the chart."""
    if board.reference == Reference.BASE_RATE:
        return _("base rate (how often such things happen)")
    if board.reference == Reference.CROWD:
        return _("all sources combined")
    return _("always 50%") if board.rule in BINARY_RULES else _("equal odds")


def no_reference_words(board: Board) -> str:
    """Return why a source has a score and is compared with nothing."""
    if board.rule != Rule.CRPS:
        return _("Not compared with “%(what)s”: it has no score on these questions.") % {
            "what": reference_words(board)
        }
    if board.reference == Reference.BASE_RATE:
        return _("Not compared with a base rate: of a number there is none.")
    return _(
        "Not compared with an uninformed forecast: of a number that may be anything nobody can say what "
        "that would be."
    )


def columns(board: Board) -> list[Column]:
    """Return the board's columns in the order of its cells; the chart is the third."""
    return [
        Column(
            word=_("Rank"),
            explanation=_(
                "The place, and beneath it where the place lies 95 times in 100 when events are drawn anew. "
                "“3, 2–7” says: third, and anything from second to seventh would not surprise."
            ),
            part="sure",
            shape="rank",
            side="start",
        ),
        Column(
            word=_("Source"),
            explanation=_("Who said it. The name leads to every forecast, word for word."),
            part="words",
            shape="who",
            side="start",
        ),
        Column(
            word=_("Score with 95% interval"),
            explanation=_(
                "The dot is the score that the ranking orders by, the line through it its 95% "
                "interval. The ring is the plain mean, and the pale band every score that the words "
                "can mean. Further left is better."
            ),
            part="sure",
            shape="plot",
            side="start",
        ),
        Column(word=_("Score"), explanation=_score(board), part="fair"),
        Column(
            word=_("Questions"),
            explanation=_(
                "How many questions with an outcome the score rests on; beneath, for what share of their "
                "open time the source had a forecast standing."
            ),
            part="time",
        ),
        Column(
            word=_("First place"),
            explanation=_("In how many of 100 draws of events the source comes first."),
            part="sure",
        ),
        Column(
            word=_("Other readings"),
            explanation=_(
                "The best and the worst place under every reading that an editor could defend: words and "
                "house rules at the low end or the high end, forecasts that were not stated left out, "
                "disputed answers the other way or, where there are more than two, left out."
            ),
            part="readings",
        ),
        Column(
            word=_("Not stated by the source"),
            explanation=_(
                "The share of forecasts that we read from words by a scale, or set by a house rule."
            ),
            part="words",
            shape="share",
        ),
        Column(
            word=_("Void questions"),
            explanation=_(
                "The share of answered questions that were void; beneath, the share of statements that were "
                "turned down because nobody could check them."
            ),
            part="void",
        ),
        Column(
            word=_("Trend"),
            explanation=_(
                "The mean score so far, month by month, on one scale for all. Higher up is better here."
            ),
            part="history",
            shape="trend",
        ),
    ]


def _score(board: Board) -> str:
    said = _("Ordered by: %(what)s. Lower is better.") % {"what": ordered_by(board)}
    if board.estimator == Estimator.RAW:
        return said + " " + _("Beneath it the same pulled towards the mean, as far as few questions ask.")
    return said + " " + _("Beneath it the plain mean of the source’s questions.")
