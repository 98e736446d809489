"""
Over which channels a reminder or a digest goes, and the words for each.

`Sent.channel` and `Sent.address` name a channel for good, because what is kept under them is not sent
again; an address that is a secret must not be in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from forecasts.models import Digest, Reminder
from forecasts.queries.routing import wishes_of
from forecasts.services.sending import Sent
from tracker.notify import mail
from tracker.notify.digest_mail import compose_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """
    One channel's message: how to write it, and how to hand it over.

    Either raises one of REFUSALS when the channel can't be used or did not accept it.
    """

    compose: Callable[[], Sent]
    hand_over: Callable[[Sent], None]


# What a person's settings or a server may do wrong; anything else is a fault of ours.
REFUSALS = (OSError, mail.NoAddressError)


def reminder_deliveries(*, reminder: Reminder, now: datetime) -> list[Delivery]:
    """Return the channels that the reminder goes over, the mail first."""
    by_mail = Delivery(compose=lambda: mail.compose(reminder=reminder, now=now), hand_over=mail.deliver)
    return [by_mail] if takes_mail(reminder.recipient) else []


def digest_deliveries(*, digest: Digest, reminders: Sequence[Reminder], now: datetime) -> list[Delivery]:
    """Return the channels that the digest goes over."""
    by_mail = Delivery(
        compose=lambda: compose_digest(digest=digest, reminders=reminders, now=now), hand_over=mail.deliver
    )
    return [by_mail] if takes_mail(digest.recipient) else []


def takes_mail(user: User | None) -> bool:
    return user is None or mail.MAIL not in wishes_of(user).unsubscribed
