"""One desk's record with a row of every class, and people of each role on it, on another, and on none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from forecasts.boards.writes.computations import want_board
from forecasts.desk.writes.desks import set_desk
from forecasts.desk.writes.invitations import invite_person
from forecasts.desk.writes.members import add_turn
from forecasts.desk.writes.moves import move_question
from forecasts.desk.writes.publishing_rules import record_desk_rule
from forecasts.files.writes.imports import begin_import
from forecasts.models import (
    Board,
    Desk,
    DeskMove,
    Digest,
    Document,
    Entry,
    Forecast,
    Membership,
    Merge,
    Message,
    MissedChat,
    Preferences,
    Publication,
    Question,
    Reminder,
    Role,
    Scale,
    Shown,
    Source,
    Standing,
    Statement,
    Verdict,
)
from forecasts.people.writes.preferences import record_absence
from forecasts.people.writes.ties import declare_tie
from forecasts.questions.writes.lifecycle import move_deadline
from forecasts.reminders.writes import snooze_reminder
from forecasts.schedule import Deadline
from forecasts.sources.writes import add_source, merge_sources
from forecasts.verdicts.writes.disputes import dispute_answer, record_reply, uphold_answer
from tests.tracker.api.endpoints import OPEN, RESOLVED
from tests.tracker.interchange.files import as_csv, row

HOME, ELSEWHERE = "foreign", "elsewhere"
PUBLIC, ON_NO_DESK = "the public", "on no desk"
PEOPLE = (
    PUBLIC,
    ON_NO_DESK,
    *(f"{role} of {desk}" for desk in (HOME, ELSEWHERE) for role in Role.values),
)


def make_people() -> dict[str, User]:
    """Return somebody for each of PEOPLE, by that name, who signs in; the public does not."""
    desks = {HOME: Desk.objects.get(slug=HOME), ELSEWHERE: Desk.objects.create(slug=ELSEWHERE, name="Other")}
    found = {}
    for name in PEOPLE[1:]:
        role, _, desk = name.partition(" of ")
        found[name] = User.objects.create(username=name.replace(" ", "-"), is_staff=True)
        if desk:
            Membership.objects.create(desk=desks[desk], user=found[name], role=role)
    return found


def role_of(person: str, *, home: bool) -> Role | None:
    """Return the role that this one of PEOPLE has at home, or over all desks, as the house means it."""
    role, _, desk = person.partition(" of ")
    if not desk:
        return None
    if home and desk == ELSEWHERE and role != Role.ADMINISTRATOR:
        return Role.VIEWER
    return Role(role)


def make_names(now: Any) -> dict[str, Any]:
    """Add what the seed's record lacks, all of the home desk, and return what requests call it by."""
    home = Desk.objects.get(slug=HOME)
    forecast = Forecast.objects.filter(question__slug=OPEN).latest("stated_at")
    document, resolved = Document.objects.get(), Question.objects.get(slug=RESOLVED)
    erik, tied = (User.objects.create(username=name) for name in ("erik", "tied"))
    for each in (erik, tied):
        Membership.objects.create(desk=home, user=each, role=Role.EDITOR)
    tie = declare_tie(
        user=tied, source=forecast.source, since=date(2017, 1, 1), note="Sister.", by=None, now=now
    )
    disputed = dispute_answer(question=resolved, reason="Wrong.", raised_by="Testa", by=None, now=now)
    dead = Reminder.objects.filter(question__slug=RESOLVED).latest("pk")
    Reminder.objects.filter(pk=dead.pk).update(sent_at=None, ended_at=None, ended_because="", dead_at=now)
    given_up = {"due_at": now, "dead_at": now, "created_at": now}
    absence = record_absence(user=erik, away_from=date(2031, 1, 1), back_on=date(2031, 2, 1), by=None)
    return {
        "turn": add_turn(desk=home, given={"user": erik, "from_day": date(2026, 1, 5)}, by=None).pk,
        "absence": absence.pk,
        "invitation": invite_person(
            **{"name": "Bo", "email": "bo@example.org", "role": "editor", "desk": home},
            **{"by": None, "now": timezone.now(), "good_for": timedelta(days=7)},
        ).pk,
        "dead": dead.pk,
        "digest": Digest.objects.create(recipient=erik, on=now.date(), **given_up).pk,
        "missed": MissedChat.objects.create(reminder=dead, desk=home, address="slack", **given_up).pk,
        "dispute": str(disputed.key),
        "tie": tie.pk,
        "replier": resolved.forecasts.first().source.slug,
        "document": str(document.key),
        "publication": Publication.objects.first().pk,
        "first": document.text[0],
        "accepted": Statement.objects.accepted().first().key,
        "rejected": Statement.objects.filter(status="rejected").first().key,
        "forecast": forecast.key,
        "forecaster": forecast.source.slug,
        "reminder": Reminder.objects.armed().get(question__slug=OPEN, escalated=False).pk,
        "verdict": Verdict.objects.filter(question__slug=RESOLVED).get().key,
        "import": begin_import(name="x.csv", sha256="a" * 64, board=None, rows=0, desk=home, now=now).pk,
        "computation": want_board(board_id=Board.objects.get(slug="all").pk, now=now),
        "resolution": resolved.resolutions.get().key,
    }


def upload() -> SimpleUploadedFile:
    """Return a file that can be sent once."""
    return SimpleUploadedFile("rain.csv", as_csv([row()]).encode())


def filled(body: Any, names: dict[str, Any]) -> Any:
    """Return the body with the names of rows that are known once the record is made."""
    if isinstance(body, dict):
        return {key: filled(value, names) for key, value in body.items()}
    if isinstance(body, list):
        return [filled(each, names) for each in body]
    if isinstance(body, str) and body.startswith("{"):
        return upload() if body == "{upload}" else names[body[1:-1]]
    return body


def make_rows(names: dict[str, Any], now: Any) -> dict[str, Any]:
    """Return a row of every class that the desk's pages show, by its label, all of the home desk."""
    home, resolved = Desk.objects.get(slug=HOME), Question.objects.get(slug=RESOLVED)
    unanswered, erik = Question.objects.get(slug=OPEN), User.objects.get(username="erik")
    said = {"question": resolved, "by": None, "now": now}
    upheld = dispute_answer(reason="No.", raised_by="Erika", **said)
    later = Deadline(on=date(2031, 6, 30), zone="Europe/Stockholm")
    armed = Reminder.objects.get(pk=names["reminder"])
    twin = add_source(name="Twin", kind="person", by=None, now=now)
    snoozed = snooze_reminder(reminder=armed, until=now.replace(year=now.year + 1), by=None, now=now)
    set_desk(desk=home, rules={"blind": True}, by=None, now=now)
    set_desk(desk=home, rules={"blind": False}, by=None, now=now)
    board, unused = (
        Board.objects.get(slug="all"),
        Scale.objects.create(slug="unused", name="Unused", kind="house", source="Synthetic"),
    )
    # There and back: what is asked of it is asked of the home desk.
    for desk in (Desk.objects.get(slug=ELSEWHERE), home):
        move_question(question=unanswered, desk=desk, reason="Theirs.", by=None, now=now)
    rows = [
        Group.objects.create(name="x"),
        erik,
        home,
        home.blind_switches.first(),
        resolved,
        Document.objects.get(),
        Statement.objects.get(key=names["accepted"]),
        Statement.objects.get(key=names["accepted"]).decisions.first(),
        Forecast.objects.get(key=names["forecast"]),
        Verdict.objects.get(key=names["verdict"]),
        resolved.resolutions.get(),
        DeskMove.objects.create(
            question=unanswered,
            moved_from=Desk.objects.get(slug=ELSEWHERE),
            moved_to=home,
            reason="Ours.",
            recorded_at=now,
        ),
        Publication.objects.get(pk=names["publication"]),
        record_desk_rule(desk=home, by=None, now=now),
        home.invitations.get(pk=names["invitation"]),
        move_deadline(question=unanswered, deadline=later, reason="They said so.", by=None, now=now),
        unanswered.desk_moves.first(),
        upheld,
        uphold_answer(dispute=upheld, reason="It stands.", by=None, now=now),
        record_reply(source=resolved.forecasts.first().source, text="No.", replied_on=now.date(), **said),
        Shown.objects.create(user=erik, question=resolved, place="asked", shown_at=now),
        Reminder.objects.get(pk=names["dead"]),
        snoozed.question.snoozes.first(),
        Digest.objects.get(pk=names["digest"]),
        MissedChat.objects.get(pk=names["missed"]),
        Message.objects.create(
            reminder=armed,
            channel="mail",
            address="e@example.org",
            subject="Due",
            body="x",
            message_id="<1@example.org>",
            sent_at=now,
        ),
        home.imports.get(pk=names["import"]),
        home.invitations.get(pk=names["invitation"]),
        erik.absences.get(),
        User.objects.get(username="tied").ties.get(),
        Preferences.objects.create(user=erik),
        merge_sources(
            source=twin, into=Source.objects.get(slug="us-military"), reason="One.", by=None, now=now
        ),
        Source.objects.get(slug="us-military"),
        resolved.topics.first(),
        resolved.event,
        unused,
        unused.terms.create(phrase="perhaps", language="en", low=0.3, best=0.5, high=0.7),
        board,
        board.computations.get(),
        Standing.objects.create(board=board, as_of=now, ledger_sequence=1, rows=[], recorded_at=now),
        Entry.objects.first(),
    ]
    assert Merge.objects.count() == 1
    return {each._meta.label_lower: each for each in rows}
