"""Who may do what here: the public reads, and each write asks for the verb that its view names."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from forecasts.models import Desk, Role
from forecasts.queries.roles import LEAST_ROLE, Verb, covers, desk_of, role_among, roles_held


def role(request: Request, desk: Desk | None = None) -> Role | None:
    """Return the role of whoever asks, on that desk or over all, read once for each request."""
    if not hasattr(request, "desk_roles"):
        request.desk_roles = roles_held(user=request.user)  # type: ignore[attr-defined]
    held: dict[int, Role] = request.desk_roles  # type: ignore[attr-defined]
    return role_among(held=held, desk_id=desk.pk if desk else None)


def allows(request: Request, verb: Verb, desk: Desk | None = None) -> bool:
    """Return whether whoever asks may do that, on that desk or on any."""
    return covers(role=role(request, desk), verb=verb)


def verb_of(view: Any, method: str) -> Verb | None:
    """Return the verb that the view names for its action, or for the method."""
    verbs: dict[str, Verb] = getattr(view, "verbs", {})
    return verbs.get(getattr(view, "action", None) or "") or verbs.get(method.lower())


class MayDo(BasePermission):
    """
    Anybody may read, unless the view names a verb for it. Nobody may write without a verb.

    A method that the view does not have passes, so that it is answered with 405.
    """

    message = _("Your role does not reach this far.")

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
            self.message = _("This asks for the role “%(role)s” at least.") % {"role": LEAST_ROLE[verb].label}
        return False

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        verb, desk = verb_of(view, request.method or ""), desk_of(obj)
        if verb is None or desk is None or allows(request, verb, desk):
            return True
        self.message = _("This asks for the role “%(role)s” at least on the desk “%(desk)s”.") % {
            "role": LEAST_ROLE[verb].label,
            "desk": desk,
        }
        return False
