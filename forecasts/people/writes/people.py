"""Write who somebody is, and whether they may sign in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from forecasts.people.reads.ownership import HOUSE
from forecasts.people.reads.roles import Verb, may
from forecasts.record.refusal import RefusedError

OF_PERSON = ("username", "first_name", "last_name", "email", "is_active")


class PersonRefusedError(RefusedError):
    field = "username"


@transaction.atomic
def change_person(*, person: User, given: Mapping[str, Any], by: User | None) -> User:
    """
    Change what OF_PERSON names of somebody; the rest stays. Whoever is no longer active is signed out.

    What was assigned to somebody who is deactivated goes to the next of its desk, as their reminders do;
    their roles are kept, and hold again when they are reactivated. Raises PersonRefusedError with the field.
    """
    if by is not None and not may(user=by, verb=Verb.EDIT_PEOPLE, of=HOUSE):
        raise PersonRefusedError(_("An administrator changes people and lets them in or out."))
    row = User.objects.select_for_update().get(pk=person.pk)
    for name in OF_PERSON:
        if name in given:
            setattr(row, name, given[name])
    _check(row, by=by)
    row.save(update_fields=OF_PERSON)
    return row


def _check(row: User, *, by: User | None) -> None:
    if row == by and not row.is_active:
        raise PersonRefusedError(
            _("You can’t deactivate yourself. Another administrator can."), field="is_active"
        )
    try:
        row.clean_fields(exclude={"password"})
    except ValidationError as error:
        field, words = next(iter(error.message_dict.items()))
        raise PersonRefusedError(" ".join(words), field=field) from error
    others = User.objects.exclude(pk=row.pk)
    if others.filter(username__iexact=row.username).exists():
        raise PersonRefusedError(_("Somebody has this name. Choose another."), conflict=True)
    if row.email and others.filter(email__iexact=row.email).exists():
        raise PersonRefusedError(_("Somebody else has this address."), field="email", conflict=True)
