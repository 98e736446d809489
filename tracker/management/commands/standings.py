"""manage.py standings"""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from forecasts.boards.reads.columns.columns import UnknownFilterError
from forecasts.boards.reads.standings import StandingRow, drawn_standings, standings_as_it_stood
from forecasts.models import Board
from forecasts.models.boards.board import Estimator
from tracker.management.boards import board_named
from tracker.management.instants import end_of_day
from tracker.management.record_command import RecordCommand
from tracker.management.tables import FORMATS, as_table, show

DATED = ("as_of", "as_it_stood")
FIRST = ("rank", "source", "n", "brier", "brier_low", "brier_high", "imputed_share", "void_share")
COLUMNS = (*FIRST, *(each.name for each in fields(StandingRow) if each.name not in FIRST), "board", *DATED)
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
        date = parser.add_mutually_exclusive_group()
        date.add_argument(
            "--as-of", metavar="DATE", help="As we knew it on that date: only what was recorded by then."
        )
        date.add_argument(
            "--as-it-stood",
            metavar="DATE",
            help="As it stood on that date: what had been said and had happened, whenever it was recorded.",
        )
        parser.add_argument("--format", choices=FORMATS, default="table")

    def handle(
        self,
        *args: Any,
        board: str | None,
        as_of: str | None,
        as_it_stood: str | None,
        format: str,
        **options: Any,
    ) -> None:
        found = board_named(board or "all")
        at = end_of_day(as_of, option="--as-of") if as_of else None
        stood = end_of_day(as_it_stood, option="--as-it-stood") if as_it_stood else None
        dated = {"as_of": at.isoformat() if at else None, "as_it_stood": stood.isoformat() if stood else None}
        try:
            rows = [
                {**row.as_dict(), "board": found.slug, **dated}
                for row in (
                    standings_as_it_stood(board=found, at=stood)
                    if stood
                    else drawn_standings(board=found, at=at, now=timezone.now())
                )
            ]
        except UnknownFilterError as error:
            raise CommandError(str(error)) from error
        title = f"{found.name}, as known on {as_of}" if as_of else found.name
        title = f"{found.name}, as it stood on {as_it_stood}" if as_it_stood else title
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
