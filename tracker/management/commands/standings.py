"""manage.py standings"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from forecasts.models import Board
from forecasts.models.board import Estimator
from forecasts.queries.columns import UnknownFilterError
from forecasts.queries.standings import StandingRow, drawn_standings
from tracker.management.boards import board_named
from tracker.management.instants import end_of_day
from tracker.management.record_command import RecordCommand
from tracker.management.tables import FORMATS, as_table, show

FIRST = ("rank", "source", "n", "brier", "brier_low", "brier_high", "imputed_share", "void_share")
COLUMNS = (*FIRST, *(each.name for each in fields(StandingRow) if each.name not in FIRST), "board", "as_of")
SHOWN = (
    "rank",
    "rank_95",
    "band",
    "source",
    "n",
    "brier",
    "scale",
    "ordered_by",
    "score_95",
    "skill",
    "coverage",
    "imputed",
)


class Command(RecordCommand):
    help = "Show a board: who ranks where, by how much, on how many questions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--board", metavar="SLUG", help="Default: all.")
        parser.add_argument("--as-of", metavar="DATE", help="The board as known on that date: no look-ahead.")
        parser.add_argument("--format", choices=FORMATS, default="table")

    def handle(self, *args: Any, board: str | None, as_of: str | None, format: str, **options: Any) -> None:
        found = board_named(board or "all")
        at = end_of_day(as_of, option="--as-of") if as_of else None
        try:
            rows = [
                {**row.as_dict(), "board": found.slug, "as_of": at.isoformat() if at else None}
                for row in drawn_standings(board=found, at=at, now=timezone.now())
            ]
        except UnknownFilterError as error:
            raise CommandError(str(error)) from error
        title = f"{found.name}, as known on {as_of}" if as_of else found.name
        if format == "table":
            title = f"{title}, ordered by {found.get_estimator_display()}"
            self.stdout.write(as_table([_line(row, found) for row in rows], columns=SHOWN, title=title))
        else:
            self.stdout.write(show(rows, columns=COLUMNS, title=title, format=format))
        if not rows and format == "table":
            self.stdout.write("No forecast was on the record then." if as_of else "No forecast yet.")


def _line(row: Mapping[str, Any], board: Board) -> dict[str, Any]:
    """Return a line to read: intervals in one cell, and why there is no rank."""
    ordered_by = "brier" if board.estimator == Estimator.RAW else board.estimator
    unplaced = "provisional" if row["provisional"] else row["reason"] or None
    return {
        **row,
        "rank": row["rank"] or unplaced,
        "rank_95": _span(row["rank_low"], row["rank_high"]),
        "band": _span(*(row["rank_band"] or (None, None))),
        "scale": _span(row["brier_low"], row["brier_high"]),
        "ordered_by": row[ordered_by],
        "score_95": _span(row["ci_low"], row["ci_high"]),
        "imputed": row["imputed_share"],
    }


def _span(low: float | None, high: float | None) -> str | None:
    if low is None or high is None:
        return None
    if isinstance(low, int):
        return f"{low}–{high}" if low < high else f"{low}"
    return f"{low:.3f}–{high:.3f}"
