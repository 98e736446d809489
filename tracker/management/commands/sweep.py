"""manage.py sweep"""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from tracker.management.instants import instant
from tracker.management.record_command import RecordCommand
from tracker.management.tables import as_json
from tracker.notify.delivery.sweep import look_ahead, sweep_in_foreground


class Command(RecordCommand):
    help = "Run one sweep of the reminders here: claim what is due, and send it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="Sweep as if it were this instant.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be found; change nothing.")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, now: str | None, dry_run: bool, format: str, **options: Any) -> None:
        at = instant(now, option="--now") if now else None
        clock = (lambda: at) if at else timezone.now
        swept = look_ahead(now=clock()) if dry_run else sweep_in_foreground(clock=clock)
        counts = asdict(swept)
        if format == "json":
            self.stdout.write(as_json(counts))
        else:
            self.stdout.write(", ".join(f"{number} {name}" for name, number in counts.items()))
