"""manage.py unsubscribe"""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from forecasts.models.people.preferences import MAIL
from forecasts.people.writes.preferences import leave_channel
from tracker.management.record_command import RecordCommand


class Command(RecordCommand):
    help = "End the reminders by mail to an address, for somebody who asked for it by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        people = list(User.objects.filter(email__iexact=address.strip()).order_by("pk"))
        if not people:
            raise CommandError(f"Nobody here has the address {address}.")
        for user in people:
            leave_channel(user=user, channel=MAIL)
            self.stdout.write(f"{user.get_username()} gets no more mail. What waits goes to others.")
