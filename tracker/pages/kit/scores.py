"""Scores as a board prints them: on the scale of its rule."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from forecasts.boards.reads.columns.columns import DAYS
from forecasts.models import Board, Rule
from tracker.wording import numbers
from tracker.wording.numbers import in_unit

Printed = Callable[[float | None], str]


def unit_of_board(board: Board) -> str:
    """Return the unit of a board's scores, empty where they have none."""
    if board.rule != Rule.CRPS:
        return ""
    unit = str(board.filter.get("unit", ""))
    return _("days") if unit == DAYS else unit


def rule_words(board: Board) -> str:
    """Return the name of the board's rule, with its unit where it has one."""
    if board.rule == Rule.BRIER:
        return _("Brier score")
    if board.rule == Rule.CRPS:
        return _("Score in %(unit)s (WIS or CRPS)") % {"unit": unit_of_board(board)}
    return str(Rule(board.rule).label)


def printed(board: Board) -> Printed:
    """Return how the board prints a score: three decimals, or an amount in its unit."""
    unit = unit_of_board(board)
    if board.rule != Rule.CRPS:
        return numbers.score
    return lambda value: numbers.NOTHING if value is None else in_unit(value, unit)
