"""Every error is a problem document, whatever the status and the address."""

from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import translation
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from forecasts.models import Forecast, Source, Statement
from forecasts.people.reads.rights import NotAllowedError
from forecasts.people.writes.guesses import PausedError
from forecasts.questions.values.readings import NotAProbabilityError, Reading
from forecasts.record.refusal import RefusedError
from tests.tracker.api.bodies import DOCUMENT, EVIDENCE, QUESTION
from tracker.api.kit.errors import read_exception

FORECAST = {
    "question": "is-attacks-elsewhere-2018",
    "source": "us-military",
    "probability": 0.5,
    "stated_at": "2017-09-06T00:00:00Z",
}


def told(response: Any, status: int) -> dict[str, Any]:
    """Return the problem, having checked what all problems have in common."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    body: dict[str, Any] = response.json()
    assert set(body) == {"type", "title", "status", "detail", "instance", "errors"}
    assert body["status"] == status
    assert body["instance"] == response.wsgi_request.path
    assert body["detail"]
    assert body["type"].startswith("/api/problems/#")
    return body


def messages(body: dict[str, Any]) -> dict[str, str]:
    return {each["field"]: each["message"] for each in body["errors"]}


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", "/api/nowhere/"), ("post", "/api/v1/nowhere"), ("delete", "/api/v2/sources/"), ("get", "/api/")],
)
def test_an_unknown_address_is_a_problem(method: str, path: str, public: APIClient) -> None:
    assert "/api/v1/" in told(getattr(public, method)(path), 404)["detail"]


def test_an_address_without_its_slash_is_told_so(public: APIClient) -> None:
    assert "/api/v1/sources/" in told(public.get("/api/v1/sources"), 404)["detail"]


def test_what_is_not_there_and_what_may_not_be_seen_look_alike(public: APIClient) -> None:
    rejected = Statement.objects.filter(status="rejected").first()
    hidden = told(public.get(f"/api/v1/statements/{rejected.key}/"), 404)
    missing = told(public.get(f"/api/v1/statements/{uuid4()}/"), 404)
    assert {**hidden, "instance": ""} == {**missing, "instance": ""}
    for no_key in ("999999999", "9" * 40):
        told(public.get(f"/api/v1/statements/{no_key}/"), 404)


def test_a_wrong_token_is_refused_even_for_reading(public: APIClient) -> None:
    response = public.get("/api/v1/sources/", headers={"Authorization": "Token wrong"})
    told(response, 401)
    assert response["WWW-Authenticate"] == "Token"


def test_a_session_without_its_csrf_token_may_not_write(seed: None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root"))
    told(client.post("/api/v1/sources/", {"name": "X", "kind": "person"}, "application/json"), 403)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"name=X", "application/x-www-form-urlencoded", 415),
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b'{"probability": NaN}', "application/json", 400),
        (b"[" * 200_000, "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
    ],
)
def test_what_is_not_json_is_refused(body: bytes, content_type: str, status: int, editor: APIClient) -> None:
    told(editor.post("/api/v1/forecasts/", body, content_type=content_type), status)


def test_a_body_that_is_too_large_is_not_read(editor: APIClient) -> None:
    body = b'{"text": "' + b"x" * 3_000_000 + b'"}'
    told(editor.post("/api/v1/documents/", body, content_type="application/json"), 413)


def test_a_format_that_is_not_there_is_a_problem(public: APIClient) -> None:
    told(public.get("/api/v1/sources/", headers={"Accept": "image/png"}), 406)
    told(public.get("/api/v1/sources/?format=xml"), 404)


@pytest.mark.parametrize(
    ("change", "field", "remedy"),
    [
        ({"probability": 90}, "probability", "0.9"),
        ({"probability": -0.1}, "probability", "0.9"),
        ({"probability": "0.5"}, "probability", "number"),
        ({"probability": True}, "probability", "number"),
        ({"probability": None}, "probability", "null"),
        ({"stated_at": "2017-09-06T00:00:00"}, "stated_at", "2017-09-05T12:00:00Z"),
        ({"stated_at": "2017-09-06"}, "stated_at", "offset"),
        ({"stated_at": "0001-01-01T00:00:00+14:00"}, "stated_at", "year"),
        ({"stated_at": "yesterday"}, "stated_at", "format"),
        ({"source": "nobody"}, "source", "nobody"),
        (
            {"term": {"scale": "house", "phrase": "är på väg", "language": "sv"}},
            "probability",
            "one of these ways",
        ),
        ({"deadline": {"on": "2018-12-31", "zone": "Europe/Raqqa"}}, "deadline.zone", "Europe/Stockholm"),
        ({"deadline": {"on": "9999-12-31", "zone": "UTC"}}, "deadline.on", "year"),
        ({"deadline": {"on": "2018-12-31", "zone": "UTC", "rule": "about"}}, "deadline.rule", "about"),
        ({"note": "a\u0000b"}, "note", "Null"),
    ],
)
def test_what_cannot_be_read_names_its_field_and_a_remedy(
    change: dict[str, Any], field: str, remedy: str, editor: APIClient
) -> None:
    before = Forecast.objects.count()
    body = told(editor.post("/api/v1/forecasts/", {**FORECAST, **change}, format="json"), 400)
    assert remedy in messages(body)[field]
    assert Forecast.objects.count() == before


def test_half_a_character_is_refused(editor: APIClient) -> None:
    body = rb'{"name": "\ud800", "kind": "person"}'
    assert messages(told(editor.post("/api/v1/sources/", body, content_type="application/json"), 400))["name"]


def test_an_unknown_phrase_leads_to_the_scales(editor: APIClient) -> None:
    words = {"scale": "house", "phrase": "perhaps maybe", "language": "sv"}
    given = {**{name: FORECAST[name] for name in ("question", "source", "stated_at")}, "term": words}
    body = told(editor.post("/api/v1/forecasts/", given, format="json"), 400)
    assert "/api/v1/scales/" in messages(body)["term.phrase"]


REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("forecasts/", {**FORECAST, "stated_at": "2999-01-01T00:00:00Z"}, 422, "stated_at"),
    ("forecasts/", {**FORECAST, "deadline": {"on": "2019-12-31", "zone": "UTC"}}, 422, "deadline.on"),
    (
        "forecasts/",
        {**FORECAST, "deadline": {"on": "2019-12-31", "zone": "UTC", "imputed": True}},
        422,
        "deadline.reason",
    ),
    ("documents/", {**DOCUMENT, "published_at": "2999-01-01T00:00:00Z"}, 422, "published_at"),
    ("documents/", {**DOCUMENT, "text": " \n "}, 422, "text"),
    ("questions/", {**QUESTION, "kind": "number"}, 422, "unit"),
    ("questions/", {**QUESTION, "opens_at": "2030-01-01T00:00:00Z"}, 422, "deadline.on"),
    ("questions/", {**QUESTION, "slug": "raqqa-falls-2017"}, 409, "slug"),
    ("sources/", {"name": "X", "kind": "person", "slug": "us-military"}, 409, "slug"),
    ("sources/us-military/merge/", {"into": "us-military", "reason": "Same."}, 403, ""),
    (
        "questions/raqqa-falls-2017/verdicts/",
        {"answer": "outcome", "outcome": 0, "occurred_at": "2018-01-01T00:00:00Z", "evidence": EVIDENCE},
        409,
        "answer",
    ),
    (
        "questions/is-attacks-elsewhere-2018/verdicts/",
        {"answer": "outcome", "outcome": 0.5, "occurred_at": "2018-01-01T00:00:00Z", "evidence": EVIDENCE},
        422,
        "outcome",
    ),
    (
        "questions/is-attacks-elsewhere-2018/verdicts/",
        {"answer": "outcome", "outcome": 1, "occurred_at": "2018-01-01T00:00:00Z"},
        422,
        "evidence",
    ),
    (
        "questions/is-attacks-elsewhere-2018/verdicts/",
        {"answer": "void", "evidence": EVIDENCE},
        422,
        "void_reason",
    ),
    (
        "questions/is-attacks-elsewhere-2018/void/",
        {"reason": "boring", "note": "No.", "evidence": EVIDENCE},
        400,
        "reason",
    ),
    (
        "questions/is-attacks-elsewhere-2018/withdrawals/",
        {"source": "staffan-de-mistura", "stated_at": "2018-01-01T00:00:00Z", "note": "On the radio."},
        409,
        "source",
    ),
]


@pytest.mark.parametrize(("path", "body", "status", "field"), REFUSED)
def test_what_a_service_refuses_is_conflict_or_refused(
    path: str, body: dict[str, Any], status: int, field: str, editor: APIClient
) -> None:
    problem = told(editor.post(f"/api/v1/{path}", body, format="json"), status)
    if field:
        assert problem["errors"][0]["field"] == field
        assert problem["errors"][0]["message"]


ITSELF = {"replacement": "is-attacks-elsewhere-2018", "reason": "Itself."}
BY_A_LEAD: list[tuple[str, dict[str, Any], int]] = [
    # The request asks for what can't be, whatever is on the record.
    ("sources/us-military/merge/", {"into": "us-military", "reason": "Same."}, 422),
    ("questions/is-attacks-elsewhere-2018/supersede/", ITSELF, 422),
    (
        "questions/is-attacks-elsewhere-2018/deadline/",
        {"deadline": {"on": "2017-01-01", "zone": "UTC"}, "reason": "Earlier."},
        422,
    ),
    # The record stands in the way: reopening first helps.
    (
        "questions/raqqa-falls-2017/deadline/",
        {"deadline": {"on": "2018-06-30", "zone": "UTC"}, "reason": "Later."},
        409,
    ),
]


@pytest.mark.parametrize(("path", "body", "status"), BY_A_LEAD)
def test_one_noun_refuses_what_cannot_be_and_what_the_record_forbids_apart(
    path: str, body: dict[str, Any], status: int, lead: APIClient
) -> None:
    told(lead.post(f"/api/v1/{path}", body, format="json"), status)


def every_refusal(of: type[RefusedError] = RefusedError) -> Iterator[type[RefusedError]]:
    yield of
    for each in of.__subclasses__():
        yield from every_refusal(each)


# What a refusal of these kinds answers has a rule of its own.
OTHERWISE = {NotAllowedError: 403, PausedError: 429}


def test_every_refusal_says_itself_whether_it_is_a_conflict() -> None:
    for kind in set(every_refusal()) - OTHERWISE.keys():
        for says, status in ((None, 409 if kind.conflict else 422), (True, 409), (False, 422)):
            refused = kind.__new__(kind)
            RefusedError.__init__(refused, "No.", conflict=says)
            assert read_exception(refused).status == status, kind


def test_a_rule_of_the_database_is_named(editor: APIClient) -> None:
    """Where no service foresaw it, the constraint's name says what is wrong."""

    def unforeseen(**given: Any) -> None:
        with transaction.atomic():
            Source.objects.create(slug="ghost", name="Ghost", kind="ghost", created_at=given["now"])

    with patch("tracker.api.sources.views.add_source", unforeseen):
        response = editor.post("/api/v1/sources/", {"name": "Ghost", "kind": "person"}, format="json")
    assert "source kind is known" in told(response, 422)["detail"]


def test_a_failure_says_nothing_of_the_inside(editor: APIClient) -> None:
    with patch("tracker.api.sources.views.add_source", side_effect=RuntimeError("secret at /srv/app")):
        response = editor.post("/api/v1/sources/", {"name": "X", "kind": "person"}, format="json")
    body = told(response, 500)
    assert "secret" not in response.content.decode()
    assert "nothing was changed" in body["detail"]


def test_too_many_requests_say_when_to_come_back(public: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "anon", "2/min")
    assert [public.get("/api/v1/topics/").status_code for _ in range(2)] == [200, 200]
    response = public.get("/api/v1/topics/")
    told(response, 429)
    assert 1 <= int(response["Retry-After"]) <= 61


@pytest.mark.parametrize(
    "query",
    [
        "questions/?state=asleep",
        "questions/?topic=nonsense",
        "questions/?due_after=soon",
        "questions/?due_after=2017-01-01",
        "documents/?published_after=0083-01-01T00:00:00-23:59",
        "questions/?search=%00%00",
        "questions/?ordering=secret",
        "forecasts/?source=nobody",
        "forecasts/?as_of=2999-01-01",
        "forecasts/?as_of=tomorrow",
        "forecasts/?as_of=2020-01-01T00:00:00",
        "statements/?document=x",
        "statements/?document=99999999999999999999",
        "statements/?status=guessed",
        "resolutions/?answer=maybe",
    ],
)
def test_a_filter_that_means_nothing_is_refused(query: str, public: APIClient) -> None:
    assert told(public.get(f"/api/v1/{query}"), 400)["errors"]


def test_the_kinds_of_problem_are_listed(public: APIClient) -> None:
    kinds = {each["type"]: each["status"] for each in public.get("/api/problems/").json()}
    assert kinds[told(public.get("/api/v1/nowhere/"), 404)["type"]] == 404


def test_problems_speak_the_readers_language(signed_in: Callable[[str | None], APIClient]) -> None:
    """The catalogues are others'; here, that a problem is put together when it is asked for."""
    response = signed_in(None).get("/api/v1/desks/", headers={"Accept-Language": "sv"})
    assert told(response, 401)["detail"] == "Autentiseringsuppgifter ej tillhandahållna."


def test_a_refusal_keeps_its_status_and_field_in_every_language() -> None:
    """Only the words are the reader's: they come from the service, and are passed on as they are."""
    found = {}
    for language in ("en", "sv"):
        with translation.override(language), pytest.raises(NotAProbabilityError) as refused:
            Reading.stated(90)
        found[language] = read_exception(refused.value)
    english, swedish = found["en"], found["sv"]
    assert (english.status, english.errors[0].field) == (swedish.status, swedish.errors[0].field)
    assert english.detail == "A probability is between 0 and 1: write 0.9 for 90 per cent."
    assert swedish.detail == swedish.errors[0].message
    assert swedish.detail.startswith("En sannolikhet")
