"""Reminders by the API: read, put off, and how a person wants them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from forecasts.models import Absence, Desk, Question, Reminder, Snooze
from forecasts.questions.writes.lifecycle import assign_question
from tests.records import make_desk, make_user
from tests.tracker.api.test_errors import messages, told

OPEN = "is-attacks-elsewhere-2018"


@pytest.fixture
def armed(seed: None) -> Reminder:
    return Reminder.objects.armed().get(question__slug=OPEN, escalated=False)


def post(client: APIClient, path: str, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/{path}", body, format="json")


def patch(client: APIClient, path: str, body: dict[str, Any]) -> Any:
    return client.patch(f"/api/v1/{path}", body, format="json")


def ids(response: Any) -> set[int]:
    assert response.status_code == 200, response.content
    return {each["id"] for each in response.json()["results"]}


def test_somebody_reads_their_own_and_a_lead_those_of_the_desk(
    editor: APIClient, lead: APIClient, administrator: APIClient, armed: Reminder
) -> None:
    assert ids(editor.get("/api/v1/reminders/")) == set()
    assign_question(
        by=None, question=armed.question, assignee=User.objects.get(username="editor"), now=timezone.now()
    )
    assert ids(editor.get("/api/v1/reminders/")) == {armed.pk}
    assert ids(editor.get("/api/v1/reminders/?scope=desk")) == set()
    assert ids(lead.get("/api/v1/reminders/")) == set()
    of_desk = ids(lead.get("/api/v1/reminders/?scope=desk&state=armed"))
    assert armed.pk in of_desk
    Question.objects.filter(pk=armed.question_id).update(desk=make_desk("sports"))
    assert armed.pk not in ids(lead.get("/api/v1/reminders/?scope=desk"))
    assert armed.pk in ids(administrator.get("/api/v1/reminders/?scope=desk"))


def test_a_reminder_is_read_in_a_fixed_number_of_queries(administrator: APIClient, armed: Reminder) -> None:
    def cost(size: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            administrator.get(f"/api/v1/reminders/?scope=desk&page_size={size}")
        return len(queries)

    assert cost(1) == cost(50)


@pytest.mark.parametrize(("body", "days"), [({"length": "day"}, 1), ({"length": "week"}, 7)])
def test_it_is_put_off_for_a_while(
    editor: APIClient, armed: Reminder, body: dict[str, Any], days: int
) -> None:
    response = editor.post(
        f"/api/v1/reminders/{armed.pk}/snooze/", {**body, "reason": "Talks go on."}, format="json"
    )
    assert response.status_code == 200
    assert (response.json()["stage"], response.json()["state"]) == ("snoozed", "armed")
    due = Reminder.objects.armed().get(question=armed.question, escalated=False).due_at
    assert abs(due - timezone.now() - timedelta(days=days)) < timedelta(hours=2)
    assert Snooze.objects.get().reason == "Talks go on."


@pytest.mark.parametrize(
    ("body", "field", "status"),
    [
        ({}, "", 400),
        ({"length": "day", "until": "2030-01-01"}, "", 400),
        ({"length": "year"}, "length", 400),
        ({"until": "2017-01-01"}, "until", 422),
        ({"until": "2999-01-01"}, "until", 422),
    ],
)
def test_what_can_not_be_put_off_says_why(
    editor: APIClient, armed: Reminder, body: dict[str, Any], field: str, status: int
) -> None:
    response = post(editor, f"reminders/{armed.pk}/snooze/", body)
    assert field in messages(told(response, status))
    assert not Snooze.objects.exists()


def test_preferences_are_the_defaults_until_somebody_says_otherwise(editor: APIClient) -> None:
    first = editor.get("/api/v1/me/preferences/").json()
    assert (first["mode"], first["cap"], first["zone"], first["deputy"]) == ("immediate", 10, "", None)
    changed = editor.patch(
        "/api/v1/me/preferences/", {"mode": "weekly", "working_from": "08:00:00"}, format="json"
    )
    assert messages(told(changed, 422)) == {"working_until": "Give both ends of the hours, or neither."}
    changed = editor.patch(
        "/api/v1/me/preferences/", {"mode": "weekly", "working_days": [0, 1]}, format="json"
    )
    assert changed.json() == {**first, "mode": "weekly", "working_days": [0, 1]}
    assert editor.get("/api/v1/me/preferences/").json() == changed.json()


@pytest.mark.parametrize(
    ("body", "field", "status"),
    [
        ({"zone": "Europe/Raqqa"}, "zone", 422),
        ({"mode": "hourly"}, "mode", 400),
        ({"working_days": []}, "working_days", 400),
        ({"deputy": "nobody-here"}, "deputy", 400),
        ({"deputy": "editor"}, "deputy", 422),
        ({"cap": 0}, "cap", 400),
    ],
)
def test_a_wish_that_can_not_be_is_told_at_its_field(
    editor: APIClient, body: dict[str, Any], field: str, status: int
) -> None:
    assert set(messages(told(patch(editor, "me/preferences/", body), status))) == {field}


def test_days_away_are_recorded_listed_and_ended(
    editor: APIClient, signed_in: Callable[[str | None], APIClient]
) -> None:
    make_user("karl", desk=Desk.objects.get(slug="foreign"))
    today = timezone.localdate()
    days = {
        "away_from": f"{today - timedelta(days=2)}", "back_on": f"{today + timedelta(days=9)}",
        "deputy": "karl",
    }  # fmt: skip
    made = post(editor, "me/absences/", days)
    assert made.status_code == 201
    assert made.json() == {**days, "id": made.json()["id"], "note": ""}
    assert "away_from" in messages(told(post(editor, "me/absences/", days), 409))
    told(signed_in("lead").delete(f"/api/v1/me/absences/{made.json()['id']}/"), 404)
    assert editor.delete(f"/api/v1/me/absences/{made.json()['id']}/").status_code == 204
    assert Absence.objects.get().back_on == today
    assert len(editor.get("/api/v1/me/absences/").json()["results"]) == 1


def test_an_editor_of_another_desk_puts_nothing_off(editor: APIClient, armed: Reminder) -> None:
    Question.objects.filter(pk=armed.question_id).update(desk=make_desk("sports"))
    told(post(editor, f"reminders/{armed.pk}/snooze/", {"length": "day"}), 403)
    assert not Snooze.objects.exists()
