"""manage.py history"""

from typing import Any

from django.core.management.base import CommandParser

from forecasts.boards.reads.history import board_history
from tracker.management.boards import add_board_arguments, board_named, source_named
from tracker.management.instants import end_of_day
from tracker.management.record_command import RecordCommand
from tracker.management.tables import FORMATS, show

COLUMNS = ("month", "rank", "source", "n", "brier", "rolling_n", "rolling")


class Command(RecordCommand):
    help = "Show how the mean scores moved, month by month, by the date on which outcomes became known."

    def add_arguments(self, parser: CommandParser) -> None:
        add_board_arguments(parser)
        parser.add_argument("--format", choices=FORMATS, default="table")

    def handle(
        self, *args: Any, board: str, source: str | None, as_of: str | None, format: str, **options: Any
    ) -> None:
        asked = board_named(board)
        at = end_of_day(as_of, option="--as-of") if as_of else None
        points = board_history(board=asked, at=at, source=source_named(source))
        rows = [each.as_dict() | {"month": f"{each.month:%Y-%m}", "board": asked.slug} for each in points]
        columns = COLUMNS if format == "table" else (*COLUMNS, "slug", "board")
        self.stdout.write(show(rows, columns=columns, title=asked.name, format=format))
        if not rows and format == "table":
            self.stdout.write("No outcome was known then." if as_of else "No outcome yet.")
