"""What nobody may do through the API, whatever their role. Who may do what is in tests/tracker/rights."""

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from forecasts.models import Forecast, Source
from tests.records import new_token
from tests.tracker.api.conftest import LOADED, bearing
from tests.tracker.api.endpoints import PUBLIC, WRITES
from tests.tracker.rights.record import filled, make_names


@pytest.fixture
def names(seed: None) -> dict[str, Any]:
    return make_names(LOADED)


def asked(client: APIClient, method: str, path: str, body: Any) -> Any:
    """Ask, and take back what it did."""
    with transaction.atomic():
        kind = "multipart" if path == "imports/" and body else "json"
        response = getattr(client, method)(f"/api/v1/{path}", body, format=kind)
        transaction.set_rollback(True)
    return response


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


def test_whatever_is_refused_is_a_problem_with_its_status(
    public: APIClient, administrator: APIClient, names: dict[str, Any]
) -> None:
    """Each operation on rows that there are not, without a body, by nobody and by somebody."""
    wrong, missing = [], 0
    for client in (public, administrator):
        for method, path in described():
            answer = asked(client, method, path, None)
            missing += answer.status_code == 404
            if answer.status_code < 400:
                continue
            told = (answer["Content-Type"], answer.json().get("status"))
            if told != ("application/problem+json", answer.status_code):
                wrong.append((method, path, told))
    assert wrong == []
    # Nobody is asked to sign in where there is nothing; of what is the desk's, somebody is told so.
    assert missing > 60


def view(path: str) -> str:
    path = path.partition("?")[0]
    return resolve(path if path.startswith("/") else f"/api/v1/{path}").view_name
