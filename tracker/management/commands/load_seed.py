"""manage.py load_seed"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from forecasts.record.refusal import RefusedError
from tracker.intake.seed import SeedError, load_seed
from tracker.management.record_command import RecordCommand


class Command(RecordCommand):
    help = "Load the seed article with its annotation, and the verbal scales. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.BASE_DIR / "seeds")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            loaded = load_seed(folder=folder, now=timezone.now())
        except (SeedError, RefusedError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"The record holds {loaded.scales} scales, {loaded.sources} sources, "
            f"{loaded.statements} statements, {loaded.questions} questions and "
            f"{loaded.forecasts} forecasts."
        )
