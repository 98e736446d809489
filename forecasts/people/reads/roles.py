"""Who may do what: a person's role, and the least role that each verb asks for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from forecasts.models import Absence, Desk, Membership, Role
from forecasts.people.reads.ownership import HOUSE, Desks, House, desks_of, ways_to_desk

Somebody = AbstractBaseUser | AnonymousUser
Row = TypeVar("Row", bound=Model)


class Verb(StrEnum):
    """Everything on the desk that a role is asked for. What is public needs no verb."""

    READ_DRAFTS = "read_drafts"
    READ_MESSAGES = "read_messages"
    CAPTURE_DOCUMENT = "capture_document"
    DRAFT_STATEMENT = "draft_statement"
    AMEND_DRAFT = "amend_draft"
    ACCEPT_STATEMENT = "accept_statement"
    REJECT_STATEMENT = "reject_statement"
    ADD_SOURCE = "add_source"
    OPEN_QUESTION = "open_question"
    ASSIGN_QUESTION = "assign_question"
    SNOOZE_REMINDER = "snooze_reminder"
    SET_PREFERENCES = "set_preferences"
    READ_REMINDERS = "read_reminders"
    SEND_AGAIN = "send_again"
    ISSUE_FORECAST = "issue_forecast"
    REVISE_FORECAST = "revise_forecast"
    WITHDRAW_FORECAST = "withdraw_forecast"
    CORRECT_FORECAST = "correct_forecast"
    GIVE_VERDICT = "give_verdict"
    RESOLVE_QUESTION = "resolve_question"
    VOID_QUESTION = "void_question"
    DISPUTE_ANSWER = "dispute_answer"
    RECORD_REPLY = "record_reply"
    DECLARE_TIE = "declare_tie"
    ADJUDICATE = "adjudicate"
    UPHOLD_ANSWER = "uphold_answer"
    OVERTURN_ANSWER = "overturn_answer"
    REOPEN_QUESTION = "reopen_question"
    SUPERSEDE_QUESTION = "supersede_question"
    MOVE_DEADLINE = "move_deadline"
    MOVE_QUESTION = "move_question"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    MERGE_SOURCES = "merge_sources"
    EDIT_SOURCE = "edit_source"
    ADD_TOPIC = "add_topic"
    EDIT_TOPIC = "edit_topic"
    IMPORT_FORECASTS = "import_forecasts"
    SET_TIES = "set_ties"
    SET_ABSENCES = "set_absences"
    EDIT_DESK = "edit_desk"
    EDIT_BOARDS = "edit_boards"
    READ_PEOPLE = "read_people"
    INVITE_PERSON = "invite_person"
    EDIT_PEOPLE = "edit_people"


# From least to most: each role may do all that the ones before it may.
ROLES = (Role.VIEWER, Role.EDITOR, Role.LEAD, Role.ADMINISTRATOR)

LEAST_ROLE: Mapping[Verb, Role] = MappingProxyType(
    {
        Verb.READ_DRAFTS: Role.VIEWER,
        Verb.READ_MESSAGES: Role.EDITOR,
        Verb.CAPTURE_DOCUMENT: Role.EDITOR,
        Verb.DRAFT_STATEMENT: Role.EDITOR,
        Verb.AMEND_DRAFT: Role.EDITOR,
        Verb.ACCEPT_STATEMENT: Role.EDITOR,
        Verb.REJECT_STATEMENT: Role.EDITOR,
        # Of the house's nouns: topics are those and events alike, sources come with their names and roles.
        Verb.ADD_SOURCE: Role.EDITOR,
        Verb.ADD_TOPIC: Role.EDITOR,
        Verb.OPEN_QUESTION: Role.EDITOR,
        Verb.ASSIGN_QUESTION: Role.EDITOR,
        Verb.SNOOZE_REMINDER: Role.EDITOR,
        # Their own; those of others are read by a lead.
        Verb.SET_PREFERENCES: Role.VIEWER,
        Verb.READ_REMINDERS: Role.VIEWER,
        Verb.ISSUE_FORECAST: Role.EDITOR,
        Verb.REVISE_FORECAST: Role.EDITOR,
        Verb.WITHDRAW_FORECAST: Role.EDITOR,
        Verb.CORRECT_FORECAST: Role.EDITOR,
        Verb.GIVE_VERDICT: Role.EDITOR,
        Verb.RESOLVE_QUESTION: Role.EDITOR,
        Verb.VOID_QUESTION: Role.EDITOR,
        Verb.DISPUTE_ANSWER: Role.EDITOR,
        Verb.RECORD_REPLY: Role.EDITOR,
        Verb.DECLARE_TIE: Role.EDITOR,
        Verb.PUBLISH: Role.EDITOR,
        Verb.UNPUBLISH: Role.LEAD,
        Verb.ADJUDICATE: Role.LEAD,
        Verb.UPHOLD_ANSWER: Role.LEAD,
        Verb.OVERTURN_ANSWER: Role.LEAD,
        Verb.SEND_AGAIN: Role.LEAD,
        Verb.REOPEN_QUESTION: Role.LEAD,
        Verb.SUPERSEDE_QUESTION: Role.LEAD,
        Verb.MOVE_DEADLINE: Role.LEAD,
        # To another desk, which asks for the role on both.
        Verb.MOVE_QUESTION: Role.LEAD,
        Verb.MERGE_SOURCES: Role.LEAD,
        Verb.EDIT_SOURCE: Role.LEAD,
        Verb.EDIT_TOPIC: Role.LEAD,
        Verb.IMPORT_FORECASTS: Role.LEAD,
        Verb.SET_TIES: Role.LEAD,
        # Those of the people on the desks that one leads: somebody who is ill does not sign in.
        Verb.SET_ABSENCES: Role.LEAD,
        Verb.EDIT_DESK: Role.LEAD,
        # Those on the desks that one heads: with their addresses, and those who are asked to join.
        Verb.READ_PEOPLE: Role.LEAD,
        Verb.INVITE_PERSON: Role.LEAD,
        Verb.EDIT_BOARDS: Role.ADMINISTRATOR,
        Verb.EDIT_PEOPLE: Role.ADMINISTRATOR,
    }
)


def role_of(*, user: Somebody) -> Role | None:
    """
    Return the user's highest role over all desks, or None for somebody who is on none.

    A superuser is an administrator. Somebody who is signed out or inactive has no role. One query
    at most.
    """
    return role_among(held=roles_held(user=user), desks=HOUSE)


def role_on(*, user: Somebody, of: Model | House) -> Role | None:
    """Return the user's role on the desk of that row, as `role_among` finds it. One query, as a rule."""
    return role_among(held=roles_held(user=user), desks=desks_of(of))


def roles_held(*, user: Somebody) -> dict[int, Role]:
    """Return the user's role on each desk by its key; a superuser is an administrator on desk 0."""
    if not user.is_authenticated or not user.is_active:
        return {}
    if getattr(user, "is_superuser", False):
        return {0: Role.ADMINISTRATOR}
    held = Membership.objects.filter(user_id=user.pk).values_list("desk_id", "role")
    return {desk: Role(role) for desk, role in held}


def role_among(*, held: Mapping[int, Role], desks: Desks) -> Role | None:
    """
    Return the role that counts on these desks, of those that somebody holds: the highest.

    Elsewhere than on their own desks people read along as viewers. An administrator is one everywhere.

    >>> role_among(held={1: Role.LEAD, 3: Role.EDITOR}, desks=frozenset({2}))
    Role.VIEWER
    """
    if Role.ADMINISTRATOR in held.values():
        return Role.ADMINISTRATOR
    there = held.values() if isinstance(desks, House) else [held[desk] for desk in desks if desk in held]
    return max(there, key=ROLES.index, default=Role.VIEWER if held else None)


def roles_up_to(role: Role | None) -> tuple[Role, ...]:
    """Return the roles up to this one, which its holder may give; none to somebody who has none."""
    return ROLES[: ROLES.index(role) + 1] if role else ()


def people_who_may(*, verb: str, desk: Desk | None = None) -> QuerySet[User]:
    """Return the active people whose role suffices for the verb, on that desk or on any, by name."""
    suffices = [role for role in ROLES if covers(role=role, verb=verb)]
    held = Membership.objects.filter(user=OuterRef("pk"), role__in=suffices)
    held = held.filter(Q(desk=desk) | Q(role=Role.ADMINISTRATOR)) if desk else held
    people = User.objects.filter(Exists(held) | Q(is_superuser=True), is_active=True)
    return people.order_by("username")


def deputies_for(*, user: User) -> QuerySet[User]:
    """Return who may answer in somebody's place: others who may on a desk that both are on, by name."""
    shared = Desk.objects.filter(memberships__user=user.pk)
    suffices = [role for role in ROLES if covers(role=role, verb=Verb.GIVE_VERDICT)]
    held = Membership.objects.filter(user=OuterRef("pk"), role__in=suffices, desk__in=shared)
    people = User.objects.filter(Exists(held) | Q(is_superuser=True), is_active=True)
    return people.exclude(pk=user.pk).order_by("username")


def desks_where(*, user: Somebody, verb: str) -> QuerySet[Desk]:
    """Return the desks on which the user may do that."""
    return rows_where(Desk.objects.all(), user=user, verb=verb)


def desks_led_by(*, user: Somebody) -> QuerySet[Desk]:
    """Return the desks on which the user is lead or administrator."""
    held = Membership.objects.filter(user=user.pk, role__in=[Role.LEAD, Role.ADMINISTRATOR])
    return Desk.objects.filter(pk__in=held.values("desk"))


def people_led_by(*, user: Somebody) -> QuerySet[User]:
    """Return the active people on the desks that the user leads, by name; an administrator leads all."""
    held = Membership.objects.filter(user=OuterRef("pk"))
    if role_of(user=user) == Role.ADMINISTRATOR:
        people = User.objects.filter(Exists(held) | Q(is_superuser=True))
    else:
        people = User.objects.filter(Exists(held.filter(desk__in=desks_led_by(user=user))))
    return people.filter(is_active=True).order_by("username")


def absences_seen_by(*, user: Somebody) -> QuerySet[Absence]:
    """Return a person's own absences, and those of the people on the desks that they lead."""
    led = people_led_by(user=user).values("pk")
    return Absence.objects.filter(Q(user=user.pk) | Q(user__in=led)).select_related("user", "deputy")


def covers(*, role: Role | None, verb: str) -> bool:
    """Return whether the role suffices for the verb. Raises ValueError on an unknown verb."""
    least = LEAST_ROLE[Verb(verb)]
    return role is not None and ROLES.index(role) >= ROLES.index(least)


def may(*, user: Somebody, verb: str, of: Model | House) -> bool:
    """
    Return whether the user may do that to the row, by its desk; to HOUSE, on any desk.

    Raises ValueError on an unknown verb, UnownedError on a row of nobody knows whose.
    """
    return covers(role=role_on(user=user, of=of), verb=verb)


def rows_where(rows: QuerySet[Row], *, user: Somebody, verb: str) -> QuerySet[Row]:
    """Return those of the rows to which the user may do that. One query more, which is run at once."""
    return rows_among(rows, held=roles_held(user=user), verb=verb)


def rows_among(rows: QuerySet[Row], *, held: Mapping[int, Role], verb: str) -> QuerySet[Row]:
    """Return those of the rows to which somebody who holds these roles may do that."""
    ways = ways_to_desk(rows.model)
    everywhere = covers(role=role_among(held=held, desks=frozenset()), verb=verb)
    if everywhere or (isinstance(ways, House) and covers(role=role_among(held=held, desks=HOUSE), verb=verb)):
        return rows
    if isinstance(ways, House):
        return rows.none()
    desks = [desk for desk, role in held.items() if covers(role=role, verb=verb)]
    there = reduce(or_, (Q(**{f"{way}__in": desks}) for way in ways))
    if not any("memberships" in way for way in ways):
        return rows.filter(there)
    # Whoever is on several desks would come once for each.
    return rows.filter(pk__in=rows.model._default_manager.filter(there).order_by().values("pk"))
