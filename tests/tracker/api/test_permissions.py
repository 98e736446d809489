"""Every endpoint and method, for every role: one table."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

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
    Publication,
    Question,
    Reminder,
    Source,
    Statement,
    Verdict,
)
from forecasts.queries.roles import LEAST_ROLE, ROLES
from forecasts.services.disputes import dispute_answer
from forecasts.services.imports import begin_import
from forecasts.services.members import add_turn
from forecasts.services.preferences import record_absence
from forecasts.services.ties import declare_tie
from tests.records import make_user
from tests.tracker.api.conftest import LOADED, bearing, new_token
from tests.tracker.api.endpoints import OPEN, PUBLIC, RESOLVED, WRITES
from tests.tracker.interchange.files import as_csv, row

Client = Callable[[str | None], APIClient]


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
        "dispute": str(disputed.key),
        "tie": tied.pk,
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
        "upload": SimpleUploadedFile("rain.csv", as_csv([row()]).encode()),
        "import": begin_import(name="x.csv", sha256="a" * 64, board=None, rows=0, now=LOADED).pk,
        "resolution": Question.objects.get(slug=RESOLVED).resolutions.get().key,
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
    asked_for |= {("get", "api:tokens"), ("delete", "api:one-token")}
    asked_for |= {("get", "api:standings-detail"), ("get", "api:problems")}
    assert {(method, view(path)) for method, path in described()} == asked_for


def described() -> list[tuple[str, str]]:
    """Return each operation that the schema describes: its method, and an address of that kind."""
    keys = {
        "id": 1,
        "key": UUID(int=1),
        "sequence": 1,
        "slug": "x",
        "pile": "due",
        "mark": "x",
        "username": "x",
        "turn": 1,
    }
    return [
        (method, path.removeprefix("/api/v1/").format(**keys))
        for path, operations in SchemaGenerator().get_schema(public=True)["paths"].items()
        for method in operations
    ]


def test_a_token_that_only_reads_is_refused_by_all_that_writes_and_by_nothing_else(
    administrator: APIClient, names: dict[str, Any]
) -> None:
    """Everything that the schema describes, and every row of the table, as an administrator's program."""
    reader = bearing(new_token(User.objects.get(username="administrator"), scope="read"))
    wrong = []
    operations = [(method, path, None) for method, path in described()]
    operations += [(method, path.format(**names), filled(body, names)) for _, method, path, body, _ in WRITES]
    for method, path, body in operations:
        answer = asked(reader, method, path, body)
        if method == "get":
            right = answer.status_code == asked(administrator, method, path, body).status_code
        else:
            right = (answer.status_code, "only reads" in answer.content.decode()) == (403, True)
        if not right:
            wrong.append((method, path, answer.status_code))
    assert wrong == []


def view(path: str) -> str:
    path = path.partition("?")[0]
    return resolve(path if path.startswith("/") else f"/api/v1/{path}").view_name
