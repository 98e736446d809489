"""The same request twice is one fact, with a key or without."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from forecasts.models import Entry, KeptAnswer, Source
from forecasts.record.writes.repeats import sweep_answers
from tests.tracker.api.bodies import QUESTION
from tests.tracker.api.conftest import LOADED
from tests.tracker.api.endpoints import OPEN, WRITES
from tests.tracker.rights.record import filled, make_names

SAID = {"question": OPEN, "source": "us-military", "probability": 0.5, "stated_at": "2017-09-06T00:00:00Z"}
# What is sent to make each noun, and what of it another noun would have.
EQUAL = [
    ("sources/", {"name": "Testa Testsson", "kind": "person"}, {"kind": "outlet"}),
    ("questions/", QUESTION, {"slug": "snow-again", "criteria": "Another office reports it."}),
    ("questions/", {key: told for key, told in QUESTION.items() if key != "slug"}, {"criteria": "Another."}),
    ("forecasts/", SAID, {"probability": 0.6}),
    ("forecasts/", SAID, {"stated_at": "2017-09-06T00:00:01Z"}),
]


def post(client: APIClient, address: str, body: Any, key: str | None = None) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/v1/{address}", body, format="json", headers=headers)


@pytest.mark.parametrize(("address", "body", "change"), EQUAL)
def test_an_equal_one_sent_again_answers_200_with_what_is_there(editor, address, body, change):
    first = post(editor, address, body)
    entries = Entry.objects.count()
    again = post(editor, address, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Entry.objects.count() == entries
    other = post(editor, address, {**body, **change})
    assert other.status_code == 201, other.json()


def test_a_correction_and_a_withdrawal_sent_again_are_there_already(editor):
    said = post(editor, "forecasts/", SAID).json()
    wrong, address = {"probability": 0.4, "note": "Typo."}, f"forecasts/{said['id']}/correct/"
    first, again = post(editor, address, wrong), post(editor, address, wrong)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    # Another correction of the same row would leave two that stand.
    assert post(editor, address, {**wrong, "probability": 0.3}).status_code == 409
    taken_back = {"source": "us-military", "stated_at": "2017-12-01T00:00:00Z", "note": "On the radio."}
    sent = [post(editor, f"questions/{OPEN}/withdrawals/", taken_back) for _ in range(2)]
    assert [each.status_code for each in sent] == [201, 200]
    assert sent[0].json()["id"] == sent[1].json()["id"]


def test_a_slug_that_another_has_is_a_conflict(editor):
    post(editor, "sources/", {"name": "Testa Testsson", "kind": "person", "slug": "testa"})
    other = post(editor, "sources/", {"name": "Testa Annan", "kind": "person", "slug": "testa"})
    assert other.status_code == 409
    assert other.json()["errors"][0]["field"] == "slug"


def test_the_same_request_with_its_key_is_answered_as_before(editor):
    body = {"name": "Testa Testsson", "kind": "person"}
    first = post(editor, "sources/", body, key="a-1")
    Source.objects.filter(slug=first.json()["slug"]).update(description="Mended since.")
    again = post(editor, "sources/", body, key="a-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Source.objects.filter(name="Testa Testsson").count() == 1


def test_a_key_is_of_one_request_and_of_one_person(editor, lead):
    body = {"name": "Testa Testsson", "kind": "person"}
    post(editor, "sources/", body, key="a-1")
    other = post(editor, "sources/", {**body, "name": "Someone Else"}, key="a-1")
    assert other.status_code == 422
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"
    assert not Source.objects.filter(name="Someone Else").exists()
    assert post(lead, "sources/", {**body, "name": "Someone Else"}, key="a-1").status_code == 201


def test_what_failed_recorded_nothing_and_is_tried_anew(editor):
    body = {"name": "", "kind": "person"}
    assert post(editor, "sources/", body, key="a-1").status_code == 400
    assert not KeptAnswer.objects.exists()
    assert post(editor, "sources/", {**body, "name": "Testa"}, key="a-1").status_code == 201


@pytest.mark.parametrize("key", [" ", "x" * 256, "nyckel-å"])
def test_a_key_that_is_none_is_refused_by_its_name(editor, key):
    refused = post(editor, "sources/", {"name": "Testa", "kind": "person"}, key=key)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "Idempotency-Key"


def test_whoever_may_not_write_takes_no_key(public, viewer):
    for client in (public, viewer):
        assert post(client, "sources/", {"name": "Testa", "kind": "person"}, key="a").status_code in (
            401,
            403,
        )
    assert not KeptAnswer.objects.exists()


def test_answers_are_kept_for_a_day(editor):
    post(editor, "sources/", {"name": "Testa", "kind": "person"}, key="a-1")
    at = KeptAnswer.objects.get().created_at
    assert sweep_answers(now=at + timedelta(hours=23)) == 0
    assert sweep_answers(now=at + timedelta(hours=25)) == 1


def test_every_post_of_the_table_sent_again_with_its_key_is_answered_as_before(administrator):
    names, wrong = make_names(LOADED), []
    recorded = [(path, body, status) for _, method, path, body, status in WRITES if method == "post"]
    for path, body, status in recorded:
        if not 200 <= status < 300:
            continue
        address, kind = f"/api/v1/{path.format(**names)}", "multipart" if path == "imports/" else "json"
        savepoint, told = transaction.savepoint(), []
        for _ in range(2):
            given = filled(body, names)
            answer = administrator.post(address, given, format=kind, headers={"Idempotency-Key": "again"})
            told.append((answer.status_code, answer.json(), Entry.objects.count()))
        if told[0] != told[1] or answer.status_code != status or "Idempotency-Replayed" not in answer:
            wrong.append((path, told))
        transaction.savepoint_rollback(savepoint)
    assert wrong == []


def test_every_post_takes_a_key_but_the_one_that_shows_a_secret(db):
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    without = {
        path
        for path, operations in paths.items()
        if "post" in operations
        and "Idempotency-Key" not in {each["name"] for each in operations["post"].get("parameters", [])}
    }
    assert without == {"/api/v1/auth/token/"}, "What it answers is a secret, which is kept nowhere."
