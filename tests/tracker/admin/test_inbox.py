"""What waits: the queries, and the page that shows it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from forecasts.desk.reads import inbox, queue
from forecasts.desk.reads.inbox import GRACE
from forecasts.models import Desk, Question, Reminder, Role
from forecasts.people.writes.ties import declare_tie
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.resolutions import answer_question, give_verdict, reopen_question
from tests.records import (
    NOW,
    accepted_statement,
    exhibit,
    make_desk,
    make_question,
    make_source,
    make_statement,
    make_user,
    resolve,
    say,
)

DAY = timedelta(days=1)


def waiting(**asked: Any) -> inbox.Inbox:
    """Return what waits for somebody who may answer everything."""
    user, _new = User.objects.get_or_create(username="somebody", defaults={"is_superuser": True})
    return inbox.inbox(user=user, **asked)


def at_deadline(question: Question, offset: timedelta) -> datetime:
    return question.deadline_at + offset


@pytest.mark.parametrize(
    ("offset", "pile"),
    [
        (-8 * DAY, None),
        (-7 * DAY, "due_soon"),
        (-timedelta(microseconds=1), "due_soon"),
        (timedelta(0), "due"),
        (GRACE - timedelta(microseconds=1), "due"),
        (GRACE, "overdue"),
        (3000 * DAY, "overdue"),
    ],
)
def test_a_question_lies_in_one_pile_at_most(db: None, offset: timedelta, pile: str | None) -> None:
    question = make_question()
    found = waiting(now=at_deadline(question, offset))
    piles = {name: getattr(found, name).count for name in ("due_soon", "due", "overdue", "resting")}
    assert piles == {name: int(name == pile) for name in piles}


def test_an_answered_question_waits_no_more_and_a_reopened_one_does(db: None) -> None:
    question = make_question()
    resolve(question)
    later = at_deadline(question, DAY)
    assert waiting(now=later).is_empty
    reopen_question(question=question, reason="The report was withdrawn.", by=None, now=later)
    assert waiting(now=later).due.rows == [question]


def test_a_question_found_too_early_rests_until_its_date(db: None) -> None:
    question = make_question()
    now = at_deadline(question, 10 * DAY)
    finding = Finding(answer="too_early", check_again_on=(now + 5 * DAY).date())
    give_verdict(question=question, finding=finding, evidence=[], by=None, now=now)

    assert waiting(now=now).resting.rows == [question]
    assert waiting(now=now + 5 * DAY).overdue.rows == [question]


def test_the_longest_wait_comes_first(db: None) -> None:
    late, later = make_question("B?"), make_question("A?", on=datetime(2020, 5, 1, tzinfo=UTC).date())
    assert waiting(now=at_deadline(late, 30 * DAY)).overdue.rows == [later, late]


def test_only_undecided_statements_are_drafts(db: None) -> None:
    draft = make_statement()
    accepted_statement(document=draft.document, quote="I går föll regn.")
    assert waiting(now=NOW).drafts.rows == [draft]


def test_a_reminder_that_failed_is_shown_until_it_is_sent(db: None) -> None:
    make_question()
    reminder = Reminder.objects.get()
    Reminder.objects.update(error="Connection refused")
    assert waiting(now=NOW).failed.rows == [reminder]
    Reminder.objects.update(ended_at=NOW, ended_because="resolved")
    assert waiting(now=NOW).failed.count == 0


def test_it_counts_more_than_it_shows(db: None) -> None:
    for number in range(4):
        make_question(f"Number {number}?")
    found = waiting(now=datetime(2021, 1, 1, tzinfo=UTC), first=3)
    assert (found.overdue.count, len(found.overdue.rows)) == (4, 3)


def test_nobody_is_offered_what_the_queue_does_not_offer_them(db: None) -> None:
    desk, source = make_desk(verdicts_required=2), make_source()
    people = {name: make_user(name, role, desk) for name, role in {"erin": "editor", "lena": "lead"}.items()}
    spoken, begun = make_question("Spoken on?", desk=desk), make_question("Begun?", desk=desk)
    say(spoken, source, 0.5)
    declare_tie(user=people["lena"], source=source, since=NOW.date(), note="Sister.", by=None, now=NOW)
    now = at_deadline(begun, DAY)
    yes = Finding(answer="outcome", outcome=1, occurred_at=NOW)
    answer_question(question=begun, finding=yes, evidence=[exhibit()], by=people["erin"], now=now)
    assert inbox.inbox(now=now, user=people["erin"]).due.rows == [spoken]
    assert inbox.inbox(now=now, user=people["lena"]).second.rows == [begun]
    for user in people.values():
        found = inbox.inbox(now=now, user=user)
        shown = {each.pk for each in [*found.due.rows, *found.second.rows]}
        assert shown == set(queue.waiting(user=user, now=now).values_list("pk", flat=True))


YES, NO = (Finding(answer="outcome", outcome=each, occurred_at=NOW, note="So.") for each in (1, 0))
# Who gave which verdict, and in which pile of each person the question then lies, whatever its deadline.
ROUNDS: list[tuple[dict[str, Finding], dict[str, str]]] = [
    ({}, {"erin": "due", "anna": "due", "lena": "due", "stig": ""}),
    ({"erin": YES}, {"erin": "", "anna": "second", "lena": "second", "stig": ""}),
    ({"lena": YES}, {"erin": "second", "anna": "second", "lena": "", "stig": ""}),
    ({"erin": YES, "anna": NO}, {"erin": "", "anna": "", "lena": "differing", "stig": ""}),
    ({"erin": YES, "lena": NO}, {"erin": "", "anna": "", "lena": "", "stig": ""}),
    ({"erin": YES, "anna": YES}, {"erin": "", "anna": "", "lena": "", "stig": ""}),
]


@pytest.mark.parametrize(("given", "lies"), ROUNDS)
@pytest.mark.parametrize("offset", [-3 * DAY, DAY, 30 * DAY])
def test_a_question_with_a_verdict_in_lies_in_one_pile_of_each_person(
    db: None, given: dict[str, Finding], lies: dict[str, str], offset: timedelta
) -> None:
    """`stig` leads another desk: here he reads along, and is offered nothing."""
    desk, other = make_desk(verdicts_required=2), make_desk("other")
    question = make_question(desk=desk)
    now = at_deadline(question, offset)
    people = {name: make_user(name, "editor", desk) for name in ("erin", "anna")}
    people |= {"lena": make_user("lena", "lead", desk), "stig": make_user("stig", "lead", other)}
    for name, finding in given.items():
        answer_question(question=question, finding=finding, evidence=[exhibit()], by=people[name], now=now)
    by_deadline = {-3 * DAY: "due_soon", DAY: "due", 30 * DAY: "overdue"}[offset]
    for name, pile in lies.items():
        found = inbox.inbox(now=now, user=people[name])
        asked = ("differing", "second", "due_soon", "due", "overdue", "resting")
        holds = {each for each in asked if getattr(found, each).count}
        assert holds == {by_deadline if pile == "due" else pile} - {""}, name


def test_the_two_verdict_piles_are_linked_in_the_lead_s_inbox(sign_in: Callable[..., Client]) -> None:
    desk = make_desk("two", verdicts_required=2)
    lead = sign_in(Role.LEAD, on=desk)
    differing, second = (make_question(f"{name}?", desk=desk) for name in ("Differing", "Second"))
    for name, question, finding in (("erin", differing, YES), ("anna", differing, NO), ("stig", second, YES)):
        by = make_user(name, "editor", desk)
        answer_question(question=question, finding=finding, evidence=[exhibit()], by=by, now=NOW)
    shown = lead.get(reverse("admin:index"))
    piles = {pile["key"]: pile for pile in shown.context["waiting"]}
    assert [piles[key]["count"] for key in ("differing", "second")] == [1, 1]
    for key, question in (("differing", differing), ("second", second)):
        assert piles[key]["address"] in shown.content.decode()
        listed = lead.get(piles[key]["address"]).content.decode()
        assert [each.proposition in listed for each in (differing, second)] == [
            each == question for each in (differing, second)
        ]


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (inbox.drafts, "statement_drafts"),
        (inbox.failed_reminders, "reminder_failed"),
        (lambda: inbox.overdue(inbox.unanswered(), now=NOW), "question_deadline"),
    ],
)
def test_a_pile_is_read_through_its_index(db: None, rows: Callable[[], object], index: str) -> None:
    with connection.cursor() as cursor:
        # On a table of one row only the order speaks for the index.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    assert index in rows()[:6].explain()


def test_the_page_shows_every_pile_with_its_links(editor: Client, desk: Desk) -> None:
    statement, question = make_statement(), make_question(desk=desk)
    html = editor.get(reverse("admin:index")).content.decode()

    assert "Drafts to review" in html
    assert reverse("admin:forecasts_statement_change", args=[statement.pk]) in html
    assert reverse("admin:forecasts_question_change", args=[question.pk]) in html
    assert "years overdue" in html


def test_an_empty_record_offers_the_first_step(sign_in: Callable[..., Client]) -> None:
    step = reverse("admin:forecasts_document_add")
    assert step in sign_in(Role.EDITOR).get(reverse("admin:index")).content.decode()
    assert step not in sign_in(Role.VIEWER).get(reverse("admin:index")).content.decode()


def test_somebody_on_no_desk_is_told_so(sign_in: Callable[..., Client]) -> None:
    make_question()
    html = sign_in(None).get(reverse("admin:index")).content.decode()
    assert "You are on no desk yet." in html
    assert "Will it snow" not in html
