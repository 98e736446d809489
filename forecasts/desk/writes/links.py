"""Make and replace the secret link of a person or a desk, and note that it was used."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q

from forecasts.models import Desk, SecretLink
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb

USED_AGAIN_AFTER = timedelta(minutes=1)


def link_of(*, owner: User | Desk, now: datetime) -> SecretLink:
    """Return the owner's secret link; the first time, it is made."""
    column = "desk" if isinstance(owner, Desk) else "user"
    return SecretLink.objects.get_or_create(**{column: owner}, defaults={"made_at": now})[0]


@transaction.atomic
def replace_link(*, owner: User | Desk, by: User | None, now: datetime) -> SecretLink:
    """
    Replace the owner's secret link: every address given out before ends.

    People replace their own, and an administrator anybody's. Raises NotAllowedError.
    """
    if by != owner:
        verb = Verb.EDIT_DESK if isinstance(owner, Desk) else Verb.EDIT_PEOPLE
        refuse_unless_may(by=by, verb=verb, of=owner)
    link = link_of(owner=owner, now=now)
    fresh = {"replaced": F("replaced") + 1, "made_at": now, "last_used_at": None}
    SecretLink.objects.filter(pk=link.pk).update(**fresh)
    link.refresh_from_db()
    return link


def note_use(*, link: SecretLink, now: datetime) -> None:
    """Note that the link was used, once a minute at most. One query, or none."""
    before = now - USED_AGAIN_AFTER
    if link.last_used_at is None or link.last_used_at <= before:
        unused = SecretLink.objects.filter(Q(last_used_at=None) | Q(last_used_at__lte=before), pk=link.pk)
        unused.update(last_used_at=now)
