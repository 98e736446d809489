"""What was given up is told to whoever can mend it, with cause and remedy; one press tries it again."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from forecasts.boards.writes.computations import want_board
from forecasts.files.writes.uploads import keep_upload
from forecasts.jobs.writes import begin, fail
from forecasts.models import Computation, Failure, Import, Role
from tests.records import NOW, make_board

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(
        "tracker.computing.handing.current_app.send_task", lambda name, **_rest: names.append(name)
    )
    return names


@pytest.fixture
def given_up(desk: Any) -> dict[str, Any]:
    """An import of the desk and a board, both given up."""
    file = {"name": "rain.csv", "content": b"", "sha256": "a" * 64, "origin": "common", "board": None}
    waits = keep_upload(**file, now=NOW, by=None, desk=desk)
    found = {}
    for kind, pk in ((Import, waits.pk), (Computation, want_board(board_id=make_board("all").pk, now=NOW))):
        job = begin(kind=kind, pk=pk, now=NOW)
        assert job is not None
        job.attempts = 9
        fail(job=job, failure=Failure.TIME, error="It was cut off after 240 seconds.", now=NOW)
        found[kind.__name__] = kind.objects.get(pk=pk)
    return found


@pytest.mark.parametrize(
    ("role", "told"),
    [
        (Role.VIEWER, set()),
        (Role.EDITOR, set()),
        (Role.LEAD, {"Imports that failed"}),
        (Role.ADMINISTRATOR, {"Imports that failed", "Rankings that failed"}),
    ],
)
def test_it_is_in_the_to_do_of_whoever_can_mend_it(
    sign_in: Callable[..., Client], given_up: dict[str, Any], role: str, told: set[str]
) -> None:
    page = sign_in(role).get(reverse("admin:index"))
    assert {pile["name"] for pile in page.context["waiting"]} == told


@pytest.mark.parametrize("kind", ["Import", "Computation"])
def test_its_page_names_cause_place_and_remedy_and_one_press_tries_again(
    sign_in: Callable[..., Client],
    given_up: dict[str, Any],
    sent: list[str],
    django_capture_on_commit_callbacks: Any,
    kind: str,
) -> None:
    job, client = given_up[kind], sign_in(Role.ADMINISTRATOR)
    page = reverse(f"admin:forecasts_{kind.lower()}_change", args=[job.pk])
    html = client.get(page).content.decode()
    cause = "It ran out of time. It was cut off after 240 seconds."
    remedy = {"Import": "Split the file", "Computation": "narrower filter"}[kind]
    for words in (cause, "Attempt", remedy, 'name="_again"'):
        assert words in html
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, {"_again": ""})
    job.refresh_from_db()
    assert (job.state, job.failure, len(sent)) == ("waiting", "", 1)
    assert 'name="_stop"' in client.get(page).content.decode()
