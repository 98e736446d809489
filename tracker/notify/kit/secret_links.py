"""Secret addresses: whoever has one reads a calendar or a feed without signing in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from forecasts.desk.reads.links import Owner, link_number
from forecasts.desk.writes.links import note_use
from forecasts.models import SecretLink
from forecasts.people.reads.ownership import HOUSE
from forecasts.people.reads.roles import Verb, may

SIGNER = Signer(sep=".", salt="tracker.notify.secret_links")


class NoSuchLinkError(Exception):
    """
    The address is not one that we gave out, was replaced, or its owner has left.

    `ours` says that it was given out once: a calendar program that still asks for it guesses at nothing.
    """

    def __init__(self, *, ours: bool) -> None:
        super().__init__()
        self.ours = ours


def secret_of(*, link: SecretLink) -> str:
    """Return the owner's secret, as it stands in an address."""
    owner = f"d{link.desk_id}" if link.desk_id else f"p{link.user_id}"
    return SIGNER.sign(f"{owner}-{link.replaced}")


def owner_of(secret: str, *, now: datetime) -> Owner:
    """
    Return whose secret it is, and note that it was used. Two or three queries.

    Raises NoSuchLinkError.
    """
    try:
        named = SIGNER.unsign(secret)
    except BadSignature as error:
        raise NoSuchLinkError(ours=False) from error
    pk, _, replaced = named[1:].partition("-")
    column = "desk" if named[0] == "d" else "user"
    link = link_number(column=column, pk=int(pk), replaced=int(replaced), now=now)
    owner = _owner(link) if link else None
    if link is None or owner is None:
        raise NoSuchLinkError(ours=True)
    note_use(link=link, now=now)
    return owner


def _owner(link: SecretLink) -> Owner | None:
    """Return the desk; or the person, while they are on one."""
    person = link.user
    if person is None:
        return link.desk
    return person if person.is_active and may(user=person, verb=Verb.READ_DRAFTS, of=HOUSE) else None


def addresses(*, link: SecretLink) -> dict[str, str]:
    """Return the secret addresses by what they lead to."""
    secret = secret_of(link=link)
    return {
        "calendar": settings.SITE_URL + reverse("notify:calendar", args=[secret]),
        "feed": settings.SITE_URL + reverse("notify:due_by_link", args=[secret, "atom"]),
    }
