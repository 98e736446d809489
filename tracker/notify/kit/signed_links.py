"""
Links in mails: signed, good for a fortnight, and carrying ids only.

A link opens a form that asks who one is; opening it changes nothing, so that a scanner that follows
every link in a mail does no harm. The link that ends a person's mail is the one exception by standard
(RFC 8058): it is answered without a login, and only when it is sent as a form.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.signing import BadSignature, SignatureExpired, Signer, TimestampSigner
from django.urls import reverse

from forecasts.models import Invitation

GOOD_FOR = timedelta(days=14)
ACTING = TimestampSigner(sep=".", salt="tracker.notify.signed_links:act")
INVITING = Signer(sep=".", salt="tracker.notify.signed_links:invite")
LEAVING = Signer(sep=".", salt="tracker.notify.signed_links:leave")


class LinkUnreadableError(Exception):
    """The link was cut off or changed on its way, or is not ours."""


class LinkExpiredError(Exception):
    """The link is older than a fortnight."""


def action_link(*, reminder_id: int) -> str:
    """Return the address of the page from which the reminder is answered, put off or passed on."""
    token = ACTING.sign(str(reminder_id))
    return settings.SITE_URL + reverse("admin:forecasts_reminder_act", args=[token])


def reminder_named(token: str) -> int:
    """Return the id of the reminder that the link names. Raises LinkExpiredError, LinkUnreadableError."""
    try:
        return int(ACTING.unsign(token, max_age=GOOD_FOR))
    except SignatureExpired as error:
        raise LinkExpiredError from error
    except (BadSignature, ValueError) as error:
        raise LinkUnreadableError from error


def invitation_link(*, invitation: Invitation) -> str:
    """Return the address by which the invited person comes in; the row says until when."""
    token = INVITING.sign(f"{invitation.pk}-{invitation.links}")
    return settings.SITE_URL + reverse("invitation_open", args=[token])


def invitation_named(token: str) -> tuple[int, int]:
    """Return the id of the invitation, and the number of its link. Raises LinkUnreadableError."""
    try:
        pk, _, link = INVITING.unsign(token).partition("-")
        return int(pk), int(link)
    except (BadSignature, ValueError) as error:
        raise LinkUnreadableError from error


def leave_link(*, user: User) -> str:
    """Return the address by which the person's mail is ended. It is good while the mail address is."""
    return settings.SITE_URL + reverse("notify:leave", args=[LEAVING.sign(f"{user.pk}:{_mark(user)}")])


def person_leaving(token: str) -> User:
    """Return whose mail the link ends. Raises LinkUnreadableError."""
    try:
        pk, _, mark = LEAVING.unsign(token).partition(":")
        user = User.objects.get(pk=int(pk))
    except (BadSignature, ValueError, User.DoesNotExist) as error:
        raise LinkUnreadableError from error
    if mark != _mark(user):
        raise LinkUnreadableError
    return user


def _mark(user: User) -> str:
    """Return what ties a link to the mail address that it was sent to."""
    return LEAVING.signature(user.email.lower())[:10]
