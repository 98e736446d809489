"""Ask once, before anything is written: may whoever writes do that to this row?"""

from __future__ import annotations

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils.translation import gettext as _

from forecasts.models import Desk
from forecasts.people.reads.ownership import House, desks_of
from forecasts.people.reads.roles import LEAST_ROLE, Verb, may
from forecasts.record.refusal import RefusedError


class NotAllowedError(RefusedError, PermissionDenied):
    """The role of whoever writes does not reach so far on this desk. Django answers it with 403."""


def refuse_unless_may(*, by: User | None, verb: Verb, of: Model | House) -> None:
    """
    Raise NotAllowedError where `by` may not do that to the row, by the desk that it is of.

    Without anybody it is the house itself that writes: a command, a worker, the seed.
    """
    if by is not None and not may(user=by, verb=verb, of=of):
        raise NotAllowedError(who_may(verb=verb, of=of))


def who_may(*, verb: Verb, of: Model | House) -> str:
    """Return the words that say which role the verb asks for, and on which desk."""
    desks, least = desks_of(of), LEAST_ROLE[verb].label
    if isinstance(desks, House):
        return _("This needs the role “%(role)s” or higher.") % {"role": least}
    named = list(Desk.objects.filter(pk__in=desks).order_by("name"))
    if not named:
        return _("This person is on no desk, so it asks for an administrator.")
    return _("This needs the role “%(role)s” or higher on the desk “%(desk)s”.") % {
        "role": least,
        "desk": ", ".join(map(str, named)),
    }
