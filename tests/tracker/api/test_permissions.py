"""Every endpoint and method, for every role: one table."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from forecasts.models import (
    Desk,
    Digest,
    Document,
    Forecast,
    MissedChat,
    Question,
    Reminder,
    Source,
    Statement,
    Verdict,
)
from forecasts.queries.roles import LEAST_ROLE, ROLES, Verb
from forecasts.services.disputes import dispute_answer
from forecasts.services.imports import begin_import
from forecasts.services.members import add_turn
from forecasts.services.preferences import record_absence
from forecasts.services.ties import declare_tie
from tests.records import make_user
from tests.tracker.api.bodies import AWAY, BOARD, CHANNEL, DEADLINE, DOCUMENT, EVIDENCE, QUESTION, REASON
from tests.tracker.api.conftest import LOADED
from tests.tracker.interchange.files import as_csv, row

Client = Callable[[str | None], APIClient]

OPEN = "is-attacks-elsewhere-2018"
RESOLVED = "raqqa-falls-2017"

# The verb, how it is asked for, and what somebody who may do it is answered.
WRITES: list[tuple[Verb, str, str, Any, int]] = [
    (Verb.ADD_SOURCE, "post", "sources/", {"name": "Testa Testsson", "kind": "person"}, 201),
    (Verb.MERGE_SOURCES, "post", "sources/us-military/merge/", {"into": "aftonbladet", **REASON}, 200),
    (Verb.CAPTURE_DOCUMENT, "post", "documents/", DOCUMENT, 201),
    (
        Verb.DRAFT_STATEMENT,
        "post",
        "statements/",
        {
            "document": "{document}",
            "start": 0,
            "end": 1,
            "quote": "{first}",
            "directness": "direct",
            "stated_at": "2017-09-05T00:00:00Z",
        },
        201,
    ),
    (Verb.AMEND_DRAFT, "post", "statements/{rejected}/amend/", {"speaker": "us-military"}, 200),
    (Verb.ACCEPT_STATEMENT, "post", "statements/{rejected}/accept/", REASON, 409),
    (Verb.REJECT_STATEMENT, "post", "statements/{accepted}/reject/", REASON, 409),
    (Verb.OPEN_QUESTION, "post", "questions/", QUESTION, 201),
    (Verb.ASSIGN_QUESTION, "post", f"questions/{OPEN}/assign/", {"assignee": None}, 200),
    (
        Verb.ISSUE_FORECAST,
        "post",
        "forecasts/",
        {"question": OPEN, "source": "us-military", "probability": 0.5, "stated_at": "2017-09-06T00:00:00Z"},
        201,
    ),
    (
        Verb.REVISE_FORECAST,
        "post",
        "forecasts/{forecast}/revise/",
        {"probability": 0.4, "stated_at": "2017-10-01T00:00:00Z"},
        201,
    ),
    (
        Verb.CORRECT_FORECAST,
        "post",
        "forecasts/{forecast}/correct/",
        {"probability": 0.4, "note": "Typo."},
        201,
    ),
    (
        Verb.WITHDRAW_FORECAST,
        "post",
        f"questions/{OPEN}/withdrawals/",
        {"source": "{forecaster}", "stated_at": "2017-12-01T00:00:00Z", "note": "Said so on the radio."},
        201,
    ),
    (
        Verb.GIVE_VERDICT,
        "post",
        f"questions/{OPEN}/verdicts/",
        {"answer": "outcome", "outcome": 1, "occurred_at": "2018-08-01T00:00:00Z", "evidence": EVIDENCE},
        201,
    ),
    (Verb.RESOLVE_QUESTION, "post", f"questions/{RESOLVED}/resolve/", {"verdicts": ["{verdict}"]}, 409),
    (
        Verb.VOID_QUESTION,
        "post",
        f"questions/{OPEN}/void/",
        {"reason": "ambiguous", "note": "“More numerous” by which count?", "evidence": EVIDENCE},
        201,
    ),
    (Verb.REOPEN_QUESTION, "post", f"questions/{RESOLVED}/reopen/", REASON, 200),
    (
        Verb.SUPERSEDE_QUESTION,
        "post",
        f"questions/{OPEN}/supersede/",
        {"replacement": RESOLVED, **REASON},
        200,
    ),
    (Verb.MOVE_DEADLINE, "post", f"questions/{OPEN}/deadline/", {"deadline": DEADLINE, **REASON}, 200),
    (
        Verb.ADJUDICATE,
        "post",
        f"questions/{OPEN}/adjudicate/",
        {"sides_with": "{verdict}", **REASON},
        409,
    ),
    (Verb.DISPUTE_ANSWER, "post", f"questions/{RESOLVED}/disputes/", REASON, 201),
    (Verb.UPHOLD_ANSWER, "post", f"questions/{RESOLVED}/uphold/", {"dispute": "{dispute}", **REASON}, 200),
    (
        Verb.OVERTURN_ANSWER,
        "post",
        f"questions/{RESOLVED}/overturn/",
        {"answer": "void", "void_reason": "ambiguous", "evidence": EVIDENCE, **REASON},
        201,
    ),
    (
        Verb.RECORD_REPLY,
        "post",
        f"questions/{RESOLVED}/replies/",
        {"source": "{replier}", "text": "That is not what I said.", "replied_on": "2018-02-01"},
        201,
    ),
    (
        Verb.DECLARE_TIE,
        "post",
        "ties/",
        {"source": "us-military", "since": "2017-01-01", "note": "Served there."},
        201,
    ),
    (Verb.READ_DRAFTS, "get", "ties/", None, 200),
    (Verb.SET_TIES, "delete", "ties/{tie}/", None, 204),
    (Verb.READ_DRAFTS, "get", "queue/", None, 200),
    (Verb.READ_DRAFTS, "get", "queue/overdue/", None, 200),
    (Verb.ASSIGN_QUESTION, "post", "queue/assign/", {"questions": [OPEN], "assignee": None}, 200),
    (Verb.ADJUDICATE, "get", "desks/foreign/agreement/", None, 200),
    (Verb.EDIT_BOARDS, "post", "boards/", BOARD, 201),
    (Verb.EDIT_BOARDS, "patch", "boards/syria/", {"minimum_n": 3}, 200),
    (Verb.EDIT_BOARDS, "delete", "boards/syria/", None, 204),
    (Verb.READ_REMINDERS, "get", "reminders/", None, 200),
    (Verb.READ_REMINDERS, "get", "reminders/{reminder}/", None, 200),
    (Verb.SNOOZE_REMINDER, "post", "reminders/{reminder}/snooze/", {"length": "day"}, 200),
    (Verb.SEND_AGAIN, "post", "reminders/{dead}/again/", None, 200),
    (Verb.READ_MESSAGES, "get", "digests/", None, 200),
    (Verb.READ_MESSAGES, "get", "digests/{digest}/", None, 200),
    (Verb.SEND_AGAIN, "post", "digests/{digest}/again/", None, 200),
    (Verb.READ_MESSAGES, "get", "missed-chats/", None, 200),
    (Verb.READ_MESSAGES, "get", "missed-chats/{missed}/", None, 200),
    (Verb.SEND_AGAIN, "post", "missed-chats/{missed}/again/", None, 200),
    (Verb.SET_PREFERENCES, "get", "me/preferences/", None, 200),
    (Verb.SET_PREFERENCES, "patch", "me/preferences/", {"cap": 3}, 200),
    (Verb.SET_PREFERENCES, "get", "me/absences/", None, 200),
    (Verb.SET_PREFERENCES, "post", "me/absences/", AWAY, 201),
    (Verb.SET_PREFERENCES, "delete", "me/absences/1/", None, 404),
    (Verb.IMPORT_FORECASTS, "post", "imports/", {"files": "{upload}", "origin": "common"}, 202),
    (Verb.READ_DRAFTS, "get", "imports/", None, 200),
    (Verb.READ_DRAFTS, "get", "imports/{import}/", None, 200),
    (Verb.READ_DRAFTS, "get", "desks/", None, 200),
    (Verb.READ_DRAFTS, "get", "desks/foreign/", None, 200),
    (Verb.EDIT_DESK, "post", "desks/", {"name": "Sports"}, 201),
    (Verb.EDIT_DESK, "patch", "desks/foreign/", {"stages": [-1, 0]}, 200),
    (Verb.EDIT_DESK, "post", "desks/foreign/channels/", CHANNEL, 201),
    (Verb.EDIT_DESK, "delete", "desks/foreign/channels/abcdef/", None, 404),
    (Verb.READ_DRAFTS, "get", "desks/foreign/members/", None, 200),
    (Verb.EDIT_DESK, "put", "desks/foreign/members/tied/", {"role": "editor"}, 200),
    (Verb.EDIT_DESK, "delete", "desks/foreign/members/erik/", None, 204),
    (Verb.READ_DRAFTS, "get", "desks/foreign/rota/", None, 200),
    (Verb.EDIT_DESK, "post", "desks/foreign/rota/", {"user": "erik", "from_day": "2026-01-05"}, 201),
    (Verb.EDIT_DESK, "patch", "desks/foreign/rota/{turn}/", {"every_weeks": 2}, 200),
    (Verb.EDIT_DESK, "delete", "desks/foreign/rota/{turn}/", None, 204),
    (Verb.READ_REMINDERS, "get", "absences/", None, 200),
    (Verb.SET_ABSENCES, "post", "absences/", {"user": "erik", **AWAY}, 201),
    (Verb.SET_ABSENCES, "patch", "absences/{absence}/", {"note": "Ill."}, 200),
    (Verb.SET_ABSENCES, "delete", "absences/{absence}/", None, 204),
]

PUBLIC = [
    "", "ledger/", "ledger/entries/", "ledger/entries/1/",
    "sources/", "sources/us-military/", "documents/", "documents/{document}/",
    "statements/", "statements/{accepted}/",
    "questions/", f"questions/{OPEN}/", f"questions/{OPEN}/verdicts/",
    f"questions/{RESOLVED}/disputes/", f"questions/{RESOLVED}/replies/",
    "forecasts/", "forecasts/{forecast}/", "resolutions/", "resolutions/{resolution}/",
    "boards/", "boards/all/", "boards/all/standings/", "boards/all/calibration/", "boards/all/history/",
    "boards/all/changes/", "standings/", "comparison/?a=fabrice-balanche&b=ludovico-carlino",
    "scales/", "scales/house/", "topics/", "topics/terrorism/", "events/", "events/raqqa-2017/",
]  # fmt: skip


@pytest.fixture
def names(seed: None) -> dict[str, Any]:
    forecast = Forecast.objects.filter(question__slug=OPEN).latest("stated_at")
    document = Document.objects.get()
    resolved = Question.objects.get(slug=RESOLVED)
    editor = User.objects.create(username="tied")
    tied = declare_tie(
        user=editor, source=forecast.source, since=date(2017, 1, 1), note="Sister.", by=None, now=LOADED
    )
    disputed = dispute_answer(
        question=resolved,
        reason="Wrong.",
        raised_by="Testa",
        by=None,
        now=LOADED,
    )
    desk = Desk.objects.get(slug="foreign")
    erik = make_user("erik", desk=desk)
    dead = Reminder.objects.filter(question__slug=RESOLVED).latest("pk")
    Reminder.objects.filter(pk=dead.pk).update(sent_at=None, ended_at=None, ended_because="", dead_at=LOADED)
    given_up = {"due_at": LOADED, "dead_at": LOADED, "created_at": LOADED}
    absence = record_absence(user=erik, away_from=date(2031, 1, 1), back_on=date(2031, 2, 1))
    return {
        "turn": add_turn(desk=desk, given={"user": erik, "from_day": date(2026, 1, 5)}).pk,
        "absence": absence.pk,
        "dead": dead.pk,
        "digest": Digest.objects.create(recipient=erik, on=LOADED.date(), **given_up).pk,
        "missed": MissedChat.objects.create(reminder=dead, desk=desk, address="slack", **given_up).pk,
        "dispute": disputed.pk,
        "tie": tied.pk,
        "replier": resolved.forecasts.first().source.slug,
        "document": document.pk,
        "first": document.text[0],
        "accepted": Statement.objects.accepted().first().pk,
        "rejected": Statement.objects.filter(status="rejected").first().pk,
        "forecast": forecast.pk,
        "forecaster": forecast.source.slug,
        "reminder": Reminder.objects.armed().get(question__slug=OPEN, escalated=False).pk,
        "verdict": Verdict.objects.filter(question__slug=RESOLVED).get().pk,
        "upload": SimpleUploadedFile("rain.csv", as_csv([row()]).encode()),
        "import": begin_import(name="x.csv", sha256="a" * 64, board=None, rows=0, now=LOADED).pk,
        "resolution": Question.objects.get(slug=RESOLVED).resolutions.get().pk,
    }


def filled(body: Any, names: dict[str, Any]) -> Any:
    """Return the body with the names of rows that are known once the seed is loaded."""
    if isinstance(body, dict):
        return {key: filled(value, names) for key, value in body.items()}
    if isinstance(body, list):
        return [filled(each, names) for each in body]
    if isinstance(body, str) and body.startswith("{"):
        return names[body[1:-1]]
    return body


def asked(client: APIClient, method: str, path: str, body: Any) -> Any:
    """Ask, and take back what it did."""
    with transaction.atomic():
        kind = "multipart" if path == "imports/" and body else "json"
        response = getattr(client, method)(f"/api/v1/{path}", body, format=kind)
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("role", [None, *ROLES])
def test_each_role_may_do_what_the_table_says_and_no_more(
    role: str | None, signed_in: Client, names: dict[str, Any]
) -> None:
    client, wrong = signed_in(role), []
    for verb, method, path, body, status in WRITES:
        allowed = role is not None and ROLES.index(role) >= ROLES.index(LEAST_ROLE[verb])
        expected = status if allowed else 401 if role is None else 403
        response = asked(client, method, path.format(**names), filled(body, names))
        if response.status_code != expected:
            wrong.append((method, path, expected, response.status_code, response.content[:300]))
    assert wrong == []


@pytest.mark.parametrize("role", [None, *ROLES])
def test_everybody_reads_what_is_public(role: str | None, signed_in: Client, names: dict[str, Any]) -> None:
    client = signed_in(role)
    found = {path: client.get(f"/api/v1/{path.format(**names)}").status_code for path in PUBLIC}
    assert set(found.values()) == {200}, found


def test_nobody_changes_or_removes_a_fact(administrator: APIClient, names: dict[str, Any]) -> None:
    facts = [path for path in PUBLIC if path and not path.startswith("boards/all/")]
    before = Source.objects.count(), Forecast.objects.count()
    for path in facts:
        for method in ("put", "patch", "delete"):
            response = getattr(administrator, method)(f"/api/v1/{path.format(**names)}", {}, format="json")
            assert response.status_code == 405, (method, path)
            assert response["Content-Type"] == "application/problem+json"
            assert "GET" in response["Allow"]
    assert (Source.objects.count(), Forecast.objects.count()) == before


def test_the_table_leaves_no_endpoint_out(names: dict[str, Any]) -> None:
    """Each operation that the schema describes is asked for above, or in the tests of tokens and boards."""
    asked_for = {(method, view(path.format(**names))) for _, method, path, _, _ in WRITES}
    asked_for |= {("get", view(path.format(**names))) for path in PUBLIC}
    asked_for |= {("post", "api:token"), ("delete", "api:token"), ("get", "api:me")}
    asked_for |= {("get", "api:standings-detail"), ("get", "api:problems")}
    keys = {"id": 1, "sequence": 1, "slug": "x", "pile": "due", "mark": "x", "username": "x", "turn": 1}
    described = {
        (method, view(path.removeprefix("/api/v1/").format(**keys)))
        for path, operations in SchemaGenerator().get_schema(public=True)["paths"].items()
        for method in operations
    }
    assert described == asked_for


def view(path: str) -> str:
    path = path.partition("?")[0]
    return resolve(path if path.startswith("/") else f"/api/v1/{path}").view_name
