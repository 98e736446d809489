"""
Who is reminded, and when they may be: assignee, rota, lead; deputies of those who are away.

Everything that a batch of reminders needs is read at once, in a number of queries that does not grow
with the batch. Deciding is then plain Python.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q

from forecasts.hours import Hours, has_turn
from forecasts.models import Absence, Desk, Membership, Mode, Preferences, Question, Reminder, Role, Turn
from forecasts.models.delivery.reminder import DIFFERING, DISPUTED
from forecasts.models.people.preferences import MAIL
from forecasts.people.reads.roles import Verb, covers
from forecasts.schedule import UnknownZoneError, zone_named
from forecasts.verdicts.reads.waiting import excluded_among


@dataclass(frozen=True, slots=True)
class Reached:
    """Who gets a reminder, and as what: assignee, rota, lead, editor, administrator, staff or deputy."""

    user: User
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """What decides who gets a reminder: members, turns, absences and preferences, as of `now`."""

    now: datetime
    members: dict[int, list[Membership]] = field(default_factory=lambda: defaultdict(list))
    turns: dict[int, list[Turn]] = field(default_factory=lambda: defaultdict(list))
    absences: dict[int, list[Absence]] = field(default_factory=lambda: defaultdict(list))
    preferences: dict[int, Preferences] = field(default_factory=dict)
    excluded: dict[int, set[int]] = field(default_factory=dict)
    staff: list[User] = field(default_factory=list)

    def reach(self, reminder: Reminder) -> Reached | None:
        """
        Return who gets the reminder, or None where there is nobody.

        Whoever is away passes it to a deputy, else it goes to the next in line. Where all are away, the
        first in line gets it all the same: nothing is forgotten. Who may not answer the question is
        passed over.
        """
        desk = reminder.question.desk
        # The lead is told of what waits, whether or not the answer is the lead's to give.
        told_only = reminder.escalated and not reminder.about
        barred = set() if told_only else self.excluded.get(reminder.question_id, set())
        line = [each for each in self._in_line(reminder) if each.user.pk not in barred]
        for each in line:
            if found := self._here(each, reminder, barred):
                return found
        return next((each for each in line if self._is_reachable(each.user, desk)), None)

    def asked(self, question: Question) -> User | None:
        """Return who gets the question's ordinary reminders, which are not to the lead."""
        reached = self.reach(Reminder(question=question, escalated=False))
        return reached.user if reached else None

    def wants(self, user: User) -> Preferences:
        """Return the person's preferences; those of somebody who never said are the defaults."""
        if user.pk not in self.preferences:
            self.preferences[user.pk] = Preferences(user=user)
        return self.preferences[user.pk]

    def is_here(self, user: User, desk: Desk | None) -> bool:
        """Return whether the person can be told: active, not away, and with a channel left."""
        return user.is_active and self._absence(user, desk) is None and self._is_reachable(user, desk)

    def hours(self, user: User, desk: Desk | None) -> Hours:
        """Return when the person may be told about this desk's questions: own hours, else the desk's."""
        wants = self.wants(user)
        opens, closes = _window(wants, desk)
        days = wants.working_days or (desk.working_days if desk else None) or range(7)
        return Hours(zone=zone_of(wants, desk), days=frozenset(days), opens=opens, closes=closes)

    def _in_line(self, reminder: Reminder) -> Iterator[Reached]:
        question = reminder.question
        if reminder.escalated:
            held = self._members(question, Role.LEAD, Role.ADMINISTRATOR)
            # Whoever is asked already is not asked again above his own head, where somebody else is.
            yield from sorted(held, key=lambda each: each.user.pk == question.assignee_id)
        else:
            if question.assignee and question.assignee.is_active:
                yield Reached(question.assignee, "assignee")
            yield from self._on_duty(question)
            yield from self._members(question, Role.LEAD, Role.EDITOR, Role.ADMINISTRATOR)
        yield from (Reached(user, "staff") for user in self.staff)

    def _members(self, question: Question, *roles: Role) -> list[Reached]:
        members = self.members[question.desk_id] if question.desk_id else []
        return [Reached(each.user, str(role)) for role in roles for each in members if each.role == role]

    def _on_duty(self, question: Question) -> Iterator[Reached]:
        if question.desk is None:
            return
        today = _today(self.now, zone_of(None, question.desk))
        for turn in self.turns[question.desk.pk]:
            if has_turn(
                on=today,
                from_day=turn.from_day,
                until_day=turn.until_day,
                weekdays=turn.weekdays,
                every_weeks=turn.every_weeks,
            ):
                yield Reached(turn.user, "rota")

    def _here(self, reached: Reached, reminder: Reminder, barred: set[int]) -> Reached | None:
        """
        Follow the deputies of whoever is away, each once, to somebody who is here.

        A deputy whose role on the question's desk does not reach so far is passed over.
        """
        asked: set[int] = set()
        user: User | None = reached.user
        desk = reminder.question.desk
        while user is not None and user.pk not in asked:
            asked.add(user.pk)
            fit = user == reached.user or self._may_stand_in(user, reminder)
            if fit and user.pk not in barred and self.is_here(user, desk):
                return Reached(user, reached.role if user == reached.user else "deputy")
            away = self._absence(user, desk)
            user = (away.deputy if away else None) or self.wants(user).deputy
        return None

    def _may_stand_in(self, user: User, reminder: Reminder) -> bool:
        desk = reminder.question.desk
        if desk is None or user.is_superuser:
            return True
        held = [each.role for each in self.members[desk.pk] if each.user_id == user.pk]
        to_decide = reminder.about in (DISPUTED, DIFFERING)
        verb = Verb.ADJUDICATE if to_decide else Verb.GIVE_VERDICT
        if any(covers(role=Role(role), verb=verb) for role in held):
            return True
        administrators = (each for members in self.members.values() for each in members)
        return any(each.user_id == user.pk and each.role == Role.ADMINISTRATOR for each in administrators)

    def _absence(self, user: User, desk: Desk | None) -> Absence | None:
        today = _today(self.now, zone_of(self.wants(user), desk))
        found = (each for each in self.absences[user.pk] if each.away_from <= today < each.back_on)
        return next(found, None)

    def _is_reachable(self, user: User, desk: Desk | None) -> bool:
        return MAIL not in self.wants(user).unsubscribed or bool(desk and desk.sealed_channels)


def load_routes(*, questions: Sequence[Question], now: datetime, also: Iterable[User] = ()) -> Routes:
    """
    Read what decides about reminders of these questions, and of these people.

    The questions come with their desk and assignee.
    """
    routes = Routes(now=now)
    desks = {question.desk_id for question in questions if question.desk_id}
    # Administrators of other desks are such here too, where they stand in for somebody.
    held = Q(desk__in=desks) | Q(role=Role.ADMINISTRATOR)
    members = Membership.objects.filter(held, user__is_active=True).select_related("user")
    for membership in members.order_by("pk"):
        routes.members[membership.desk_id].append(membership)
    # It may be yesterday or tomorrow where somebody lives.
    yesterday, tomorrow = (now - timedelta(days=1)).date(), (now + timedelta(days=1)).date()
    begun = Turn.objects.filter(desk__in=desks, from_day__lte=tomorrow, user__is_active=True)
    for turn in begun.exclude(until_day__lt=yesterday).select_related("user").order_by("from_day", "pk"):
        routes.turns[turn.desk_id].append(turn)
    absent = Absence.objects.filter(away_from__lte=tomorrow, back_on__gte=yesterday)
    for absence in absent.select_related("deputy").order_by("pk"):
        routes.absences[absence.user_id].append(absence)
    routes.excluded.update(excluded_among(questions))
    routes.staff.extend(User.objects.filter(is_active=True, is_superuser=True).order_by("pk")[:2])
    _read_preferences(routes, people={user.pk for user in _named(routes, questions)} | {u.pk for u in also})
    return routes


def _named(routes: Routes, questions: Iterable[Question]) -> Iterator[User]:
    yield from (question.assignee for question in questions if question.assignee)
    yield from (each.user for members in routes.members.values() for each in members)
    yield from (each.user for turns in routes.turns.values() for each in turns)
    yield from (each.deputy for away in routes.absences.values() for each in away if each.deputy)
    yield from routes.staff


def _read_preferences(routes: Routes, *, people: set[int]) -> None:
    """Read these people's preferences, then their deputies', until there is nobody new."""
    known: set[int] = set()
    while people:
        known |= people
        rows = Preferences.objects.filter(user__in=people).select_related("deputy")
        people = set()
        for each in rows:
            routes.preferences[each.user_id] = each
            if each.deputy_id and each.deputy_id not in known:
                people.add(each.deputy_id)


def zone_of(wants: Preferences | None, desk: Desk | None) -> str:
    """Return the person's zone, else the desk's, else the house's; one that exists."""
    for zone in (wants.zone if wants else "", desk.zone if desk else ""):
        if zone:
            try:
                zone_named(zone)
            except UnknownZoneError:
                continue
            return zone
    return str(settings.TIME_ZONE)


def language_of(wants: Preferences | None, desk: Desk | None) -> str:
    """Return the person's language, else the desk's, else the house's."""
    return (wants.language if wants else "") or (desk.language if desk else "") or settings.LANGUAGE_CODE


def wishes_of(user: User) -> Preferences:
    """Return one person's preferences, or the defaults."""
    return Preferences.objects.filter(user=user).first() or Preferences(user=user)


def is_digested(wants: Preferences) -> bool:
    """Return whether the person takes reminders together, which come by mail."""
    return wants.mode != Mode.IMMEDIATE and MAIL not in wants.unsubscribed


def _window(wants: Preferences, desk: Desk | None) -> tuple[time | None, time | None]:
    if wants.working_from is not None:
        return wants.working_from, wants.working_until
    return (desk.quiet_until, desk.quiet_from) if desk else (None, None)


def _today(now: datetime, zone: str) -> date:
    return now.astimezone(zone_named(zone)).date()
