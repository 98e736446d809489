"""How many messages each person was sent today, or will be: what a cap counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from forecasts.models import Digest, Reminder
from forecasts.schedule import zone_named

LONGEST_DAY = timedelta(hours=26)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The instants at which each person was sent something by itself, and their digests by day."""

    alone: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    digests: dict[int, dict[date, Digest]] = field(default_factory=lambda: defaultdict(dict))

    def used(self, *, user: int, day: date, zone: str) -> int:
        """Return how many messages that day has for the person, in that zone: a digest is one."""
        tz = zone_named(zone)
        alone = sum(at.astimezone(tz).date() == day for at in self.alone[user])
        return alone + sum(_falls_on(each, day, zone) for each in self.digests[user].values())


def _falls_on(digest: Digest, day: date, zone: str) -> bool:
    if digest.ended_at is not None:
        return False
    claimed = digest.claimed_at
    return digest.on == day or (claimed is not None and claimed.astimezone(zone_named(zone)).date() == day)


def tally(*, users: Iterable[int], now: datetime, but_for: Iterable[int] = ()) -> Tally:
    """Count what these people were sent of late, `but_for` these reminders. Two queries."""
    people, found = set(users), Tally()
    taken = Reminder.objects.filter(
        recipient__in=people, claimed_at__gt=now - LONGEST_DAY, claimed_at__lte=now, digest=None
    )
    for user, at in taken.exclude(pk__in=list(but_for)).values_list("recipient_id", "claimed_at"):
        if at is not None:
            found.alone[user].append(at)
    near = Digest.objects.filter(recipient__in=people, on__gte=(now - LONGEST_DAY).date())
    for digest in near | Digest.objects.filter(recipient__in=people, claimed_at__gt=now - LONGEST_DAY):
        found.digests[digest.recipient_id][digest.on] = digest
    return found
