"""
Over which channels a reminder or a digest goes, and the words for each.

`Sent.channel` and `Sent.address` name a channel for good, because what is kept under them is not sent
again; an address that is a secret must not be in them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User

from forecasts.delivery.reads.outgoing import Outgoing
from forecasts.delivery.writes.sending import Sent
from forecasts.models import Desk, Digest, MissedChat, Preferences, Reminder
from tracker.notify.chat import send as chat
from tracker.notify.chat import words as chat_words
from tracker.notify.mail import letters
from tracker.notify.mail import reminder as mail
from tracker.notify.mail.digest import compose_digest
from tracker.notify.mail.post import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """
    One channel's message: how to write it, and how to hand it over.

    Either raises one of REFUSALS when the channel can't be used or did not accept it. `address` is as
    messages keep it. A desk's chat names its `desk`; the person's own mail has none.
    """

    channel: str
    address: str
    desk: Desk | None = None
    compose: Callable[[], Sent]
    hand_over: Callable[[Sent], None]


# What a person's settings or a server may do wrong; anything else is a fault of ours.
REFUSALS = (OSError, mail.NoAddressError)


def reminder_deliveries(
    *, reminder: Reminder, outgoing: Outgoing, post: Post, now: datetime
) -> list[Delivery]:
    """Return the channels that the reminder goes over: the person's mail, then the desk's chats."""
    wants, said = outgoing.wants(reminder.recipient), outgoing.said.get(reminder.question_id, [])
    desk = reminder.question.desk
    write = partial(mail.compose, reminder=reminder, wants=wants, said=said, now=now)
    tell = partial(chat_words.compose_reminder, reminder=reminder, now=now)
    return [*_mail(reminder.recipient, wants, write, post), *(_chats(desk, tell) if desk else [])]


def digest_deliveries(
    *, digest: Digest, reminders: Sequence[Reminder], wants: Preferences, post: Post, now: datetime
) -> list[Delivery]:
    """
    Return the channels that the digest goes over: the person's mail, then each desk's chats.

    A desk's chat is told of that desk's questions only.
    """
    write = partial(compose_digest, digest=digest, reminders=reminders, wants=wants, now=now)
    found = _mail(digest.recipient, wants, write, post)
    desks = {each.question.desk_id: each.question.desk for each in reminders if each.question.desk}
    for desk in desks.values():
        held = [each for each in reminders if each.question.desk_id == desk.pk]
        tell = partial(chat_words.compose_digest, digest=digest, reminders=held, desk=desk, now=now)
        found += _chats(desk, tell)
    return found


def missed_delivery(*, missed: MissedChat, reminders: Sequence[Reminder], now: datetime) -> Delivery | None:
    """
    Return the way to the one chat that missed a reminder, or of a digest these `reminders`.

    None where the desk has that channel no more.
    """
    desk = missed.desk
    if missed.digest:
        tell = partial(
            chat_words.compose_digest, digest=missed.digest, reminders=reminders, desk=desk, now=now
        )
    elif missed.reminder:
        tell = partial(chat_words.compose_reminder, reminder=missed.reminder, now=now)
    else:
        return None
    return next((each for each in _chats(desk, tell) if each.address == missed.address), None)


def _mail(user: User | None, wants: Preferences, compose: Callable[[], Sent], post: Post) -> list[Delivery]:
    if mail.MAIL in wants.unsubscribed:
        return []
    address, hand_over = user.email if user else "", partial(letters.deliver, post=post)
    return [Delivery(channel=mail.MAIL, address=address, compose=compose, hand_over=hand_over)]


def _chats(desk: Desk, compose: Callable[..., chat_words.ChatMessage]) -> list[Delivery]:
    """Return the deliveries into the desk's chats. Their addresses stay here: no message carries one."""
    return [
        Delivery(
            channel=chat_words.CHAT,
            address=chat.masked(url),
            desk=desk,
            compose=partial(compose, url=url),
            hand_over=partial(_tell, url),
        )
        for url in desk.channels
    ]


def _tell(url: str, message: Sent) -> None:
    markdown = message.markdown if isinstance(message, chat_words.ChatMessage) else message.body
    chat.deliver(url=url, title=message.subject, text=message.body, markdown=markdown)
