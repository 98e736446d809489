"""What a batch of claimed reminders, digests or missed chats goes by, read at once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q

from forecasts.delivery.reads.current_forecasts import said_now
from forecasts.models import Digest, Forecast, Message, MissedChat, Preferences, Reminder, Resolution

Channel = tuple[str, str]
"""A channel's name, and the address in it, as a message keeps them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """
    What is claimed, in the order of its keys, and what is known of it.

    `wishes` are by person, `said` by question: each source's latest probability. `kept` are the
    channels by which each, by its key, was sent already.
    """

    nudges: Sequence[Reminder] | Sequence[Digest] | Sequence[MissedChat]
    wishes: dict[int, Preferences]
    said: dict[int, list[Forecast]]
    kept: dict[int, set[Channel]]

    def wants(self, user: User | None) -> Preferences:
        """Return the person's preferences; those of somebody who never said are the defaults."""
        return (self.wishes.get(user.pk) if user else None) or Preferences(user=user)


def claimed_reminders(*, keys: Sequence[int], claim: uuid.UUID) -> Outgoing:
    """Return those of these reminders that are held under this claim. Four queries, for any number."""
    needed = ("question__desk", "recipient")
    found = Reminder.objects.armed().filter(pk__in=keys, claim=claim).select_related(*needed)
    reminders = sorted(found, key=lambda each: keys.index(each.pk))
    sent = Message.objects.filter(reminder__in=reminders).values_list("reminder_id", "channel", "address")
    return Outgoing(
        nudges=reminders,
        wishes=wishes_among(each.recipient_id for each in reminders),
        said=said_now(questions=[each.question for each in reminders]),
        kept=_by_key(sent),
    )


def claimed_digests(*, keys: Sequence[int], claim: uuid.UUID) -> Outgoing:
    """Return those of these digests that are held under this claim. Three queries, for any number."""
    digests = list(Digest.objects.armed().filter(pk__in=keys, claim=claim).select_related("recipient"))
    sent = Message.objects.filter(digest__in=digests).values_list("digest_id", "channel", "address")
    return Outgoing(
        nudges=digests,
        wishes=wishes_among(each.recipient_id for each in digests),
        said={},
        kept=_by_key(sent),
    )


def claimed_chats(*, keys: Sequence[int], claim: uuid.UUID) -> Outgoing:
    """Return those of these missed chats that are held under this claim. Two queries, for any number."""
    needed = ("desk", "reminder__question__desk", "reminder__recipient", "digest__recipient")
    found = MissedChat.objects.armed().filter(pk__in=keys, claim=claim).select_related(*needed)
    chats = list(found)
    of_these = Q(reminder__missed__in=chats) | Q(digest__missed__in=chats)
    sent = Message.objects.filter(of_these).values_list("reminder_id", "digest_id", "channel", "address")
    by_origin: dict[tuple[int | None, int | None], set[Channel]] = defaultdict(set)
    for reminder, digest, channel, address in sent:
        by_origin[reminder, digest].add((channel, address))
    kept = {each.pk: by_origin[each.reminder_id, each.digest_id] for each in chats}
    return Outgoing(nudges=chats, wishes={}, said={}, kept=kept)


def told_in_digest(*, missed: MissedChat) -> list[Reminder]:
    """Return what the digest said of the missed chat's desk, and has no answer yet, the latest first."""
    answers = Resolution.objects.answering().filter(question=OuterRef("question"))
    told = Reminder.objects.filter(~Exists(answers), digest=missed.digest_id, question__desk=missed.desk_id)
    return list(told.select_related("question__desk", "recipient").order_by("question__deadline_at", "pk"))


def wishes_among(people: Iterable[int | None]) -> dict[int, Preferences]:
    """Return the preferences of those of these people, by key, who ever said."""
    return {each.user_id: each for each in Preferences.objects.filter(user__in=set(people))}


def _by_key(sent: Iterable[tuple[int | None, str, str]]) -> dict[int, set[Channel]]:
    kept: dict[int, set[Channel]] = defaultdict(set)
    for key, channel, address in sent:
        if key is not None:
            kept[key].add((channel, address))
    return kept
