"""Who may do what here: the public reads, and each write asks for the verb that its view names."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from forecasts.models import Role
from forecasts.people.reads.ownership import HOUSE, House, desks_of
from forecasts.people.reads.rights import who_may
from forecasts.people.reads.roles import Row, Verb, covers, role_among, roles_held, rows_among


def held(request: Request) -> dict[int, Role]:
    """Return the roles of whoever asks, by desk, read once for each request."""
    if not hasattr(request, "desk_roles"):
        request.desk_roles = roles_held(user=request.user)  # type: ignore[attr-defined]
    found: dict[int, Role] = request.desk_roles  # type: ignore[attr-defined]
    return found


def role(request: Request, of: Model | House = HOUSE) -> Role | None:
    """Return the role of whoever asks, on the desk of that row, or the highest over all."""
    return role_among(held=held(request), desks=desks_of(of))


def allows(request: Request, verb: Verb, of: Model | House = HOUSE) -> bool:
    """Return whether whoever asks may do that to the row, or on any desk at all."""
    return covers(role=role(request, of), verb=verb)


def allowed(request: Request, rows: QuerySet[Row], verb: Verb) -> QuerySet[Row]:
    """Return those of the rows to which whoever asks may do that."""
    return rows_among(rows, held=held(request), verb=verb)


def verb_of(view: Any, method: str) -> Verb | None:
    """Return the verb that the view names for its action, or for the method."""
    verbs: dict[str, Verb] = getattr(view, "verbs", {})
    return verbs.get(getattr(view, "action", None) or "") or verbs.get(method.lower())


class MayDo(BasePermission):
    """
    Anybody may read, unless the view names a verb for it. Nobody may write without a verb.

    A method that the view does not have passes, so that it is answered with 405.
    """

    message = _("You don’t have permission to do this.")

    def has_permission(self, request: Request, view: Any) -> bool:
        method = request.method or ""
        if not hasattr(view, method.lower()):
            return True
        verb = verb_of(view, method)
        if verb is None:
            return method in SAFE_METHODS
        if allows(request, verb):
            return True
        if request.user.is_authenticated:
            self.message = who_may(verb=verb, of=HOUSE)
        return False

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        verb = verb_of(view, request.method or "")
        if verb is None or allows(request, verb, obj):
            return True
        self.message = who_may(verb=verb, of=obj)
        return False
