"""manage.py reseal"""

from typing import Any

from django.core.management.base import CommandError

from forecasts.record.writes.seal import reseal
from tracker.management.record_command import RecordCommand


class Command(RecordCommand):
    help = "Encrypt the desks' channels anew under the first of ENCRYPTION_KEYS, after the keys were changed."

    def handle(self, *args: Any, **options: Any) -> None:
        done = reseal()
        self.stdout.write(f"{done.sealed} channels are encrypted under the first key.")
        if done.unreadable:
            raise CommandError(
                f"{done.unreadable} channels can't be read by any of ENCRYPTION_KEYS and stayed as they are. "
                "Add the key that they were encrypted under, or remove these channels and add them again."
            )
