"""Write invitations: ask somebody to a desk, send the link anew, take it back, and let them in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.desk.writes.members import MemberRefusedError, check_reach, set_member
from forecasts.limits import most
from forecasts.models import Desk, Invitation, InvitationState
from forecasts.people.reads.rights import NotAllowedError, refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError

CLOSED: Mapping[InvitationState, str | Promise] = MappingProxyType(
    {
        InvitationState.ACCEPTED: gettext_lazy(
            "This invitation was used already. Sign in with the name and password that were chosen then."
        ),
        InvitationState.REVOKED: gettext_lazy("This invitation was revoked. Ask the desk for a new one."),
        InvitationState.EXPIRED: gettext_lazy("This invitation has expired. Ask the desk for a new one."),
    }
)


class InvitationRefusedError(RefusedError):
    field = "email"


class InvitationClosedError(RefusedError):
    """It was used, taken back, or has expired, or its link was made anew."""

    field = "invitation"


@transaction.atomic
def invite_person(
    *, email: str, name: str, desk: Desk, role: str, by: User | None, now: datetime, good_for: timedelta
) -> Invitation:
    """
    Ask somebody to a desk in a role, up to one's own there. The mail with the link is due at once.

    Raises InvitationRefusedError, naming the field, for what is no name or address, somebody who is here
    already, or is asked already; MemberRefusedError for a role out of reach; NotAllowedError.
    """
    _check_may_invite(desk=desk, role=role, by=by)
    email, name = email.strip(), " ".join(name.split())
    _check_person(email=email, name=name)
    _check_new(email=email, desk=desk)
    try:
        with transaction.atomic():
            return Invitation.objects.create(
                email=email,
                name=name,
                desk=desk,
                role=role,
                invited_by=by,
                created_at=now,
                due_at=now,
                expires_at=now + good_for,
            )
    except IntegrityError as error:
        raise InvitationRefusedError(_asked_already(email), conflict=True) from error


@transaction.atomic
def renew_invitation(
    *, invitation: Invitation, by: User | None, now: datetime, good_for: timedelta
) -> Invitation:
    """
    Make a new link and have it mailed; the one before leads nowhere from now on.

    Whoever sends it is who invites from now on. Raises InvitationClosedError where it was used or taken
    back, MemberRefusedError, NotAllowedError.
    """
    row = _held(invitation)
    _check_may_invite(desk=row.desk, role=row.role, by=by)
    _refuse_closed(row, now=now, but_for=InvitationState.EXPIRED)
    row.links += 1
    row.invited_by, row.expires_at, row.due_at = by, now + good_for, now
    row.claim = row.claimed_at = row.lease_until = row.sent_at = row.dead_at = None
    row.attempts, row.error = 0, ""
    row.save()
    return row


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User | None, now: datetime) -> Invitation:
    """
    Take an invitation back: its link leads nowhere.

    Raises InvitationClosedError, MemberRefusedError, NotAllowedError.
    """
    row = _held(invitation)
    _check_may_invite(desk=row.desk, role=row.role, by=by)
    _refuse_closed(row, now=now, but_for=InvitationState.EXPIRED)
    row.revoked_at, row.revoked_by = now, by
    _end_mail(row, because="revoked", now=now)
    row.save()
    return row


@transaction.atomic
def accept_invitation(
    *, invitation: Invitation, link: int, username: str, password: str, now: datetime
) -> User:
    """
    Let the invited person in, with the name and password that they chose, and return them.

    `link` is the number in the link that they hold. Whatever else they were asked to meanwhile, at the same
    address, holds too. Raises InvitationClosedError, also where whoever invited them could not do so any
    more; RefusedError at "username" or "password".
    """
    row = _held(invitation)
    check_open(invitation=row, link=link, now=now)
    person = _made(row, username=username, password=password)
    waiting = Invitation.objects.filter(email__iexact=row.email, accepted_at=None, revoked_at=None)
    for each in waiting.select_for_update(of=("self",)).select_related("desk", "invited_by"):
        if _is_open(each, now=now):
            set_member(desk=each.desk, user=person, role=each.role, by=each.invited_by)
            each.accepted_at, each.accepted_by = now, person
            _end_mail(each, because="accepted", now=now)
            each.save()
    return person


def check_open(*, invitation: Invitation, link: int, now: datetime) -> None:
    """Raise InvitationClosedError, with what to do, where the link lets nobody in. It comes with its desk."""
    _refuse_closed(invitation, now=now)
    if link != invitation.links:
        raise InvitationClosedError(_("A newer link was sent to you. Use that one."))
    if not _is_open(invitation, now=now):
        raise InvitationClosedError(
            _("Whoever invited you can’t do so any more. Ask the desk for a new invitation.")
        )


def free_username(*, name: str, email: str) -> str:
    """
    Return a name to sign in with that nobody has, made of the person's name, else of the address.

    >>> free_username(name="Åsa von Ek", email="asa@example.org")  # doctest: +SKIP
    'asa.von.ek'
    """
    stem = (slugify(name) or slugify(email.partition("@")[0]) or "editor").replace("-", ".")[:100]
    taken = set(User.objects.filter(username__istartswith=stem).values_list("username", flat=True))
    folded = {each.casefold() for each in taken}
    number, found = 1, stem
    while found in folded:
        number += 1
        found = f"{stem}{number}"
    return found


def _held(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("desk", "invited_by")
    return rows.get(pk=invitation.pk)


def _check_may_invite(*, desk: Desk, role: str, by: User | None) -> None:
    refuse_unless_may(by=by, verb=Verb.INVITE_PERSON, of=desk)
    check_reach(desk=desk, by=by, roles=[role])


def _check_person(*, email: str, name: str) -> None:
    if not name or len(name) > most("person"):
        raise InvitationRefusedError(
            _("Write the person’s name, in %(most)d characters at most.") % {"most": most("person")},
            field="name",
        )
    if not name.isprintable():
        raise InvitationRefusedError(
            _("The name holds a character that can’t be seen. Write it anew."), field="name"
        )
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvitationRefusedError(" ".join(error.messages)) from error


def _check_new(*, email: str, desk: Desk) -> None:
    here = User.objects.filter(email__iexact=email).order_by("-is_active", "pk").first()
    if here is not None and here.is_active:
        raise InvitationRefusedError(
            _("%(name)s has this address and is here already. Add them to the desk instead.")
            % {"name": here},
            conflict=True,
        )
    if here is not None:
        raise InvitationRefusedError(
            _("%(name)s has this address and was deactivated. An administrator can reactivate them.")
            % {"name": here},
            conflict=True,
        )
    if Invitation.objects.filter(email__iexact=email, desk=desk, accepted_at=None, revoked_at=None).exists():
        raise InvitationRefusedError(_asked_already(email), conflict=True)


def _asked_already(email: str) -> str:
    return _("%(email)s has been invited to this desk already. Resend that invitation, or revoke it.") % {
        "email": email
    }


def _refuse_closed(row: Invitation, *, now: datetime, but_for: InvitationState | None = None) -> None:
    state = row.state(now)
    if state in CLOSED and state != but_for:
        raise InvitationClosedError(str(CLOSED[state]))


def _is_open(row: Invitation, *, now: datetime) -> bool:
    """Return whether it waits, and whoever invited still could: nobody leaves a door open behind them."""
    if row.state(now) != InvitationState.WAITING:
        return False
    try:
        _check_may_invite(desk=row.desk, role=row.role, by=row.invited_by)
    except (MemberRefusedError, NotAllowedError):
        return False
    return True


def _made(row: Invitation, *, username: str, password: str) -> User:
    first, _space, last = row.name.partition(" ")
    # The desk is reached by whoever is staff, in Django's word for it.
    person = User(username=username.strip(), email=row.email, first_name=first, last_name=last, is_staff=True)
    try:
        person.full_clean(exclude={"password"})
        if User.objects.filter(username__iexact=person.username).exists():
            raise ValidationError({"username": _("Somebody has this name. Choose another.")})
    except ValidationError as error:
        field, words = next(iter(error.message_dict.items()))
        raise RefusedError(" ".join(words), field=field) from error
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise RefusedError(" ".join(error.messages), field="password") from error
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise RefusedError(_("Somebody has this name. Choose another."), field="username") from error
    return person


def _end_mail(row: Invitation, *, because: str, now: datetime) -> None:
    """There is no link left to send."""
    if row.sent_at is None:
        row.ended_at, row.ended_because, row.dead_at = now, because, None
