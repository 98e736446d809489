"""manage.py calibration"""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from forecasts.boards.reads.calibration import calibration
from tracker.management.boards import add_board_arguments, board_named, source_named
from tracker.management.instants import end_of_day
from tracker.management.record_command import RecordCommand
from tracker.management.tables import as_json, as_table

BINS = ("low", "high", "n", "mean_p", "frequency", "wilson_low", "wilson_high")


class Command(RecordCommand):
    help = "Show how often what was given 80 % happened: bins, CORP, slope and AUC."

    def add_arguments(self, parser: CommandParser) -> None:
        add_board_arguments(parser)
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(
        self, *args: Any, board: str, source: str | None, as_of: str | None, format: str, **options: Any
    ) -> None:
        asked, of = board_named(board), source_named(source)
        at = end_of_day(as_of, option="--as-of") if as_of else None
        found = calibration(board=asked, now=timezone.now(), at=at, source=of).as_dict()
        told = {"board": asked.slug, "source": of.slug if of else None, "as_of": at, **found}
        if format == "json":
            self.stdout.write(as_json(told))
            return
        title = f"{of or asked.name}: {found['n']} forecasts on {found['n_questions']} questions"
        self.stdout.write(as_table(found["bins"], columns=BINS, title=title))
        parts = [name for name, value in found.items() if not isinstance(value, list)]
        self.stdout.write(as_table([found], columns=parts[2:8], title="Brier score and its parts"))
        self.stdout.write(as_table([found], columns=parts[8:], title="Logistic line"))
