"""Whose a row is: a desk's, a person's (and so of the desks that they are on), or the house's."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

from django.contrib.auth.models import Group, User
from django.db.models import Manager, Model

from forecasts.models import (
    Absence,
    Affiliation,
    Alias,
    Attempt,
    BlindSwitch,
    Board,
    Computation,
    DeadlineMove,
    Decision,
    Desk,
    DeskMove,
    Digest,
    Dispute,
    Document,
    Entry,
    Event,
    Evidence,
    Forecast,
    Guess,
    Import,
    Invitation,
    KeptAnswer,
    Membership,
    Merge,
    Message,
    MissedChat,
    Preferences,
    Publication,
    PublishingRule,
    Question,
    Reminder,
    Reply,
    Resolution,
    Scale,
    SecretLink,
    Shown,
    Snooze,
    Source,
    Standing,
    Statement,
    Term,
    Tie,
    Token,
    Topic,
    Turn,
    Upholding,
    Upload,
    Verdict,
)


class House(Enum):
    """Stands for the whole house, where a row is of no desk, or any desk will do."""

    HOUSE = "house"


HOUSE: Final = House.HOUSE
Desks = frozenset[int] | House
"""The keys of the desks that a row is of."""

# The ways from each class of row to its desk. What is a person's is of every desk that they are on.
# The house's nouns are everybody's: an editor of any desk adds one, a head of any desk renames and merges,
# and an administrator changes scales, boards and accounts.
WAYS: Mapping[type[Model], tuple[str, ...] | House] = MappingProxyType(
    {
        Desk: ("pk",),
        Membership: ("desk_id",),
        Turn: ("desk_id",),
        Invitation: ("desk_id",),
        BlindSwitch: ("desk_id",),
        Document: ("desk_id",),
        Statement: ("document__desk_id",),
        Decision: ("statement__document__desk_id",),
        Question: ("desk_id",),
        DeadlineMove: ("question__desk_id",),
        DeskMove: ("question__desk_id",),
        Forecast: ("question__desk_id",),
        Verdict: ("question__desk_id",),
        Evidence: ("verdict__question__desk_id",),
        Resolution: ("question__desk_id",),
        Dispute: ("question__desk_id",),
        Upholding: ("dispute__question__desk_id",),
        Reply: ("question__desk_id",),
        Publication: ("question__desk_id", "statement__document__desk_id"),
        PublishingRule: ("desk_id",),
        Import: ("desk_id",),
        Upload: ("job__desk_id",),
        Reminder: ("question__desk_id",),
        Snooze: ("question__desk_id",),
        Shown: ("question__desk_id",),
        MissedChat: ("desk_id",),
        Digest: ("recipient__memberships__desk_id",),
        Message: ("reminder__question__desk_id", "digest__recipient__memberships__desk_id"),
        Attempt: (
            "reminder__question__desk_id",
            "digest__recipient__memberships__desk_id",
            "missed__desk_id",
        ),
        SecretLink: ("desk_id", "user__memberships__desk_id"),
        User: ("memberships__desk_id",),
        Preferences: ("user__memberships__desk_id",),
        Token: ("user__memberships__desk_id",),
        KeptAnswer: ("user__memberships__desk_id",),
        Absence: ("user__memberships__desk_id",),
        Tie: ("user__memberships__desk_id",),
        Source: HOUSE,
        Alias: HOUSE,
        Affiliation: HOUSE,
        Merge: HOUSE,
        Topic: HOUSE,
        Event: HOUSE,
        Scale: HOUSE,
        Term: HOUSE,
        Board: HOUSE,
        Computation: HOUSE,
        Standing: HOUSE,
        Entry: HOUSE,
        Guess: HOUSE,
        Group: HOUSE,
    }
)


class UnownedError(LookupError):
    """Nobody has said whose rows of this class are, so nobody can say who may do what with them."""


def ways_to_desk(kind: type[Model]) -> tuple[str, ...] | House:
    """Return the ways from rows of that class to their desk's key. Raises UnownedError."""
    found = WAYS.get(kind._meta.concrete_model or kind)
    if found is None:
        raise UnownedError(f"Say in {__name__}.WAYS whose the rows of {kind._meta.label} are.")
    return found


def desks_of(row: Model | House) -> Desks:
    """
    Return the desks that the row is of: one, those of its person, or the whole house.

    No query where the row came with what lies between it and its desk. Raises UnownedError.
    """
    if isinstance(row, House):
        return row
    ways = ways_to_desk(type(row))
    if isinstance(ways, House):
        return ways
    return frozenset(key for way in ways for key in _keys(row, way.split("__")))


def _keys(found: Any, steps: list[str]) -> list[int]:
    """Follow the steps from a row to keys: none where a step leads nowhere."""
    for place, step in enumerate(steps):
        found = getattr(found, step)
        if found is None:
            return []
        if isinstance(found, Manager):
            return list(found.values_list("__".join(steps[place + 1 :]), flat=True))
    return [found]
