"""The description of the API is complete, and the API does what it says."""

import json
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.test import APIClient
from schemathesis import checks
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application

PROMISES = [
    checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def described_operations() -> list[Any]:
    schema = schemathesis.openapi.from_dict(DESCRIBED)
    schema.app = application
    return [found.ok() for found in schema.get_all_operations()]


DESCRIBED = json.loads(
    OpenApiJsonRenderer().render(SchemaGenerator().get_schema(public=True), renderer_context={})
)
OPERATIONS = described_operations()


@pytest.fixture
def described(db: None) -> Any:
    """The description as it is served."""
    response = APIClient().get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert response.status_code == 200
    return json.loads(response.content)


def operations(described: Any) -> list[tuple[str, str, Any]]:
    return [
        (path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_schema_has_no_warning(tmp_path: Any) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml"))


def test_every_operation_is_tagged_told_and_says_how_it_fails(described: Any) -> None:
    assert described["openapi"].startswith("3.")
    assert len(operations(described)) > 40
    for path, method, operation in operations(described):
        assert operation["tags"], path
        assert operation.get("description"), (method, path)
        failures = {"400", "401", "403", "404", "429"} | ({"409", "415", "422"} if method != "get" else set())
        assert failures <= set(operation["responses"]), (method, path)
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (method, path, status)
        if method != "get" and "/auth/" not in path:
            assert "Asks for the role" in operation["description"], (method, path)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Let requests through the real WSGI application share the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_the_api_keeps_what_it_promises(operation: Any, administrator: APIClient) -> None:
    """Whatever is sent: no 500, only statuses, formats and bodies that the description names."""
    headers = {"Authorization": administrator._credentials["HTTP_AUTHORIZATION"]}

    @settings(
        max_examples=4,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def holds(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=PROMISES)

    holds()


@pytest.mark.usefixtures("one_connection")
def test_a_broken_promise_is_noticed(administrator: APIClient) -> None:
    """The check above fails where an answer leaves the description."""
    operation = next(each for each in OPERATIONS if each.label == "GET /api/v1/ledger/")
    with (
        patch("tracker.api.record.ledger.HeadShown.to_representation", return_value={"sequence": "many"}),
        pytest.raises(FailureGroup, match="sha256"),
    ):
        operation.Case().call_and_validate(checks=PROMISES)


def test_whoever_reads_what_is_public_need_not_sign_in(db):
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    for path in ("/api/v1/sources/", "/api/v1/boards/{slug}/standings/"):
        assert paths[path]["get"]["security"][0] == {}, path
    assert {} not in paths["/api/v1/imports/"]["get"]["security"]
    assert {} not in paths["/api/v1/sources/"]["post"]["security"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("page_size=many", "page_size"),
        ("page_size=2&page_size=3", "page_size"),
        ("kind=person&kind=outlet", "kind"),
    ],
)
def test_a_query_that_can_be_read_in_two_ways_is_refused_by_its_name(db, query, field):
    refused = APIClient().get(f"/api/v1/sources/?{query}")
    assert refused.status_code == 400
    assert [each["field"] for each in refused.json()["errors"]] == [field]
