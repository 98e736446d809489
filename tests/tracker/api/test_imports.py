"""A dashboard sends a file, and reads how far it is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from rest_framework.test import APIClient

from forecasts.models import Board, Import, Role
from tests.tracker.interchange.files import as_csv, row
from tracker import tasks

IMPORTS = "/api/v1/imports/"


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.refresh_boards, "apply_async", lambda *_given, **_options: None)
    monkeypatch.setattr("tracker.computing.handing.current_app.send_task", lambda *_given, **_how: None)


@pytest.fixture
def send(lead: APIClient) -> Callable[..., Any]:
    def one(*contents: str, **rest: str) -> Any:
        files = [SimpleUploadedFile(f"{at}.csv", each.encode()) for at, each in enumerate(contents)]
        return lead.post(IMPORTS, {"files": files, **rest}, format="multipart")

    return one


def test_it_waits_runs_and_is_done(lead: APIClient, send: Callable[..., Any]) -> None:
    sent = send(as_csv([row()]), as_csv([row(source="Nils"), row("bad", probability=2)]), board="all")
    assert sent.status_code == 202, sent.content
    assert (sent.json()["state"], sent.json()["name"], sent.json()["board"]) == (
        "waiting",
        "0.csv, 1.csv",
        "all",
    )
    address = f"{IMPORTS}{sent.json()['id']}/"
    tasks.import_upload(import_id=sent.json()["id"])
    told = lead.get(address).json()
    counted = {name: told[name] for name in ("state", "read", "rows", "done", "new_forecasts", "n_refused")}
    assert counted == {"state": "done", "read": 3, "rows": 2, "done": 2, "new_forecasts": 2, "n_refused": 1}
    assert (told["refused"][0]["line"], told["refused"][0]["field"]) == (3, "probability")
    assert "refused" not in lead.get(IMPORTS, {"state": "done"}).json()["results"][0]
    # The same files again: nothing to do.
    again = send(as_csv([row()]), as_csv([row(source="Nils"), row("bad", probability=2)]), board="all")
    assert (again.status_code, again.json()["id"]) == (200, told["id"])


@pytest.mark.parametrize(
    ("contents", "rest", "field"),
    [
        ([], {}, "files"),
        (["a\0b"], {}, "files"),
        (["a,b"], {"origin": "oracle"}, "origin"),
        (["a,b"], {"board": "None such"}, "board"),
    ],
)
def test_what_can_not_be_taken_names_its_field(
    send: Callable[..., Any], contents: list[str], rest: dict[str, str], field: str
) -> None:
    response = send(*contents, **rest)
    assert response.status_code in (400, 422)
    assert [each["field"] for each in response.json()["errors"]] == [field]
    assert not Import.objects.exists()
    assert not Board.objects.filter(name="None such").exists()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({f"{at}.csv": "a,b" for at in range(150)}, "at most 20"),
        ({"n" * 200 + ".csv": "a,b"}, "more than 150 characters"),
        ({}, ""),
    ],
)
def test_what_is_over_a_limit_of_uploads_is_refused_by_the_api_and_at_the_desk(
    lead: APIClient, client: Any, files: dict[str, str], words: str
) -> None:
    def given() -> list[SimpleUploadedFile]:
        return [SimpleUploadedFile(name, each.encode()) for name, each in files.items()]

    answer = lead.post(IMPORTS, {"files": given()}, format="multipart")
    assert answer.status_code in (400, 422)
    assert [each["field"] for each in answer.json()["errors"]] == ["files"]
    assert words in answer.content.decode()
    user = User.objects.get(username=Role.LEAD)
    User.objects.update(is_staff=True)
    client.force_login(user)
    form = {"uploaded": given(), "origin": "common", "desk": user.memberships.first().desk_id}
    page = client.post(reverse("admin:forecasts_import_add"), form)
    assert (page.status_code, words in page.content.decode()) == (200, True)
    assert not Import.objects.exists()
