"""Secret addresses: whoever has one reads a calendar or a feed without signing in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from forecasts.models import Desk
from forecasts.queries.links import Owner, times_replaced
from forecasts.queries.ownership import HOUSE
from forecasts.queries.roles import Verb, may

SIGNER = Signer(sep=".", salt="tracker.notify.secret_links")


class NoSuchLinkError(Exception):
    """
    The address is not one that we gave out, was replaced, or its owner has left.

    `ours` says that it was given out once: a calendar program that still asks for it guesses at nothing.
    """

    def __init__(self, *, ours: bool) -> None:
        super().__init__()
        self.ours = ours


def secret_of(*, owner: Owner) -> str:
    """Return the owner's secret, as it stands in an address. One query."""
    letter = "d" if isinstance(owner, Desk) else "p"
    return SIGNER.sign(f"{letter}{owner.pk}-{times_replaced(owner=owner)}")


def owner_of(secret: str) -> Owner:
    """Return whose secret it is. Two or three queries. Raises NoSuchLinkError."""
    try:
        named = SIGNER.unsign(secret)
    except BadSignature as error:
        raise NoSuchLinkError(ours=False) from error
    pk, _, replaced = named[1:].partition("-")
    owner = _desk(int(pk)) if named[0] == "d" else _person(int(pk))
    if owner is None or times_replaced(owner=owner) != int(replaced):
        raise NoSuchLinkError(ours=True)
    return owner


def _desk(pk: int) -> Desk | None:
    return Desk.objects.filter(pk=pk).first()


def _person(pk: int) -> User | None:
    """Return the person, while they are on a desk."""
    person = User.objects.filter(pk=pk, is_active=True).first()
    return person if person and may(user=person, verb=Verb.READ_DRAFTS, of=HOUSE) else None


def addresses(*, owner: Owner) -> dict[str, str]:
    """Return the owner's secret addresses by what they lead to. One query."""
    secret = secret_of(owner=owner)
    return {
        "calendar": settings.SITE_URL + reverse("notify:calendar", args=[secret]),
        "feed": settings.SITE_URL + reverse("notify:due_by_link", args=[secret, "atom"]),
    }
