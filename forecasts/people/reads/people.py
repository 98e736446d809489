"""Who somebody sees of the people here, and of those who are asked to come."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Exists, OuterRef, QuerySet

from forecasts.models import Invitation, Membership, Role
from forecasts.people.reads.roles import Verb, desks_where, role_of, roles_up_to

Somebody = AbstractBaseUser | AnonymousUser


def people_seen_by(*, user: Somebody) -> QuerySet[User]:
    """Return the people on the desks that the user heads, those who left too; an administrator sees all."""
    if role_of(user=user) == Role.ADMINISTRATOR:
        return User.objects.order_by("username")
    headed = desks_where(user=user, verb=Verb.READ_PEOPLE)
    there = Membership.objects.filter(user=OuterRef("pk"), desk__in=headed)
    return User.objects.filter(Exists(there)).order_by("username")


def invitations_seen_by(*, user: Somebody) -> QuerySet[Invitation]:
    """Return the invitations to the desks that the user heads, up to their own role there."""
    highest = role_of(user=user)
    rows = Invitation.objects.select_related("desk", "invited_by", "accepted_by", "revoked_by")
    if highest == Role.ADMINISTRATOR:
        return rows
    headed = desks_where(user=user, verb=Verb.INVITE_PERSON)
    return rows.filter(desk__in=headed, role__in=roles_up_to(highest))


def unsent_invitations(*, now: datetime) -> QuerySet[Invitation]:
    """Return the invitations whose mail is due and in nobody's hands, and whose link is still good."""
    return Invitation.objects.free(now).filter(expires_at__gt=now).order_by("due_at", "pk")
