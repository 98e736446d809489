"""Replace the secret link of a person or a desk."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from forecasts.models import Desk, SecretLink
from forecasts.queries.roles import Verb
from forecasts.services.rights import refuse_unless_may


@transaction.atomic
def replace_link(*, owner: User | Desk, by: User | None, now: datetime) -> SecretLink:
    """
    Replace the owner's secret link: every address given out before ends.

    People replace their own, and an administrator anybody's. Raises NotAllowedError.
    """
    if by != owner:
        verb = Verb.EDIT_DESK if isinstance(owner, Desk) else Verb.EDIT_PEOPLE
        refuse_unless_may(by=by, verb=verb, of=owner)
    column = "desk" if isinstance(owner, Desk) else "user"
    link, _ = SecretLink.objects.get_or_create(**{column: owner}, defaults={"replaced_at": now})
    SecretLink.objects.filter(pk=link.pk).update(replaced=F("replaced") + 1, replaced_at=now)
    link.refresh_from_db()
    return link
