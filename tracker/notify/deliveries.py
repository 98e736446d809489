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

from forecasts.models import Desk, Digest, Preferences, Reminder
from forecasts.queries.outgoing import Outgoing
from forecasts.services.sending import Sent
from tracker.notify import chat, chat_words, letters, mail
from tracker.notify.digest_mail import compose_digest
from tracker.notify.post import Post


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


def reminder_deliveries(
    *, reminder: Reminder, outgoing: Outgoing, post: Post, now: datetime
) -> list[Delivery]:
    """Return the channels that the reminder goes over: the person's mail, then the desk's chats."""
    wants, said = outgoing.wants(reminder.recipient), outgoing.said.get(reminder.question_id, [])
    by_mail = Delivery(
        compose=lambda: mail.compose(reminder=reminder, wants=wants, said=said, now=now),
        hand_over=partial(letters.deliver, post=post),
    )
    desk = reminder.question.desk
    return [
        *([by_mail] if takes_mail(wants) else []),
        *(
            _chat(url, partial(chat_words.compose_reminder, reminder=reminder, now=now))
            for url in _chats(desk)
        ),
    ]


def digest_deliveries(
    *, digest: Digest, reminders: Sequence[Reminder], wants: Preferences, post: Post, now: datetime
) -> list[Delivery]:
    """
    Return the channels that the digest goes over: the person's mail, then each desk's chats.

    A desk's chat is told of that desk's questions only.
    """
    by_mail = Delivery(
        compose=lambda: compose_digest(digest=digest, reminders=reminders, wants=wants, now=now),
        hand_over=partial(letters.deliver, post=post),
    )
    desks = {each.question.desk_id: each.question.desk for each in reminders if each.question.desk}
    found = [by_mail] if takes_mail(wants) else []
    for desk in desks.values():
        held = [each for each in reminders if each.question.desk_id == desk.pk]
        compose = partial(chat_words.compose_digest, digest=digest, reminders=held, desk=desk, now=now)
        found += [_chat(url, compose) for url in _chats(desk)]
    return found


def _chats(desk: Desk | None) -> list[str]:
    return list(desk.channels) if desk else []


def _chat(url: str, compose: Callable[..., chat_words.ChatMessage]) -> Delivery:
    """Return the delivery into one chat. Its address stays here: no message carries it."""

    def hand_over(message: Sent) -> None:
        markdown = message.markdown if isinstance(message, chat_words.ChatMessage) else message.body
        chat.deliver(url=url, title=message.subject, text=message.body, markdown=markdown)

    return Delivery(compose=lambda: compose(url=url), hand_over=hand_over)


def takes_mail(wants: Preferences) -> bool:
    return mail.MAIL not in wants.unsubscribed
