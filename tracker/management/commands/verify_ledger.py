"""manage.py verify_ledger"""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from forecasts.models import Entry
from forecasts.record.reads import ledger
from tracker.management.record_command import RecordCommand


class Command(RecordCommand):
    help = (
        "Verify the ledger: every entry against its fact and the entry before it. Names the first "
        "that does not hold, and exits with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--expect",
            metavar="SEQUENCE:SHA256",
            help="Also check that this entry, noted down earlier, is still in the chain.",
        )

    def handle(self, *args: Any, expect: str | None, **options: Any) -> None:
        broken = ledger.verify()
        if broken is not None:
            raise CommandError(
                f"Entry {broken.sequence} does not hold: {broken.reason} "
                f"({broken.kind} {broken.fact_id if broken.fact_id is not None else 'block'})."
            )
        if expect:
            self._check_expected(expect)
        head = ledger.head()
        self.stdout.write(f"All {head.sequence} entries hold. The head is {head.sequence}:{head.sha256}")

    def _check_expected(self, expect: str) -> None:
        sequence, _, sha256 = expect.partition(":")
        if not sequence.isdigit() or not sha256:
            raise CommandError("--expect takes SEQUENCE:SHA256, as this command prints it.")
        if not Entry.objects.filter(sequence=int(sequence), sha256=sha256).exists():
            raise CommandError(
                f"Entry {sequence} is not the one that you noted down: the chain was rewritten."
            )
