"""What could not be sent: told as it stands, and sent again when a lead says so."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forecasts.models import MissedChat, Reminder, Role
from tests.records import NOW, make_desk, make_question, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def missed(desk):
    reminder = Reminder.objects.filter(question=make_question(desk=desk)).latest("pk")
    Reminder.objects.update(sent_at=NOW, recipient=make_user("erin", Role.EDITOR, desk))
    return MissedChat.objects.create(
        reminder=reminder,
        desk=desk,
        address="slack://…/**** (c0ffee)",
        due_at=NOW,
        dead_at=NOW,
        error="It did not take the message.",
        attempts=8,
        created_at=NOW,
    )


def test_a_chat_that_was_given_up_is_sent_again_by_a_lead_of_its_desk(client, desk, missed):
    address = f"/api/v1/missed-chats/{missed.pk}/"
    client.force_login(make_user("lena", Role.LEAD, desk))
    told = client.get(address).json()
    assert (told["state"], told["desk"], told["address"]) == ("given_up", desk.slug, missed.address)
    assert client.post(f"{address}again/").json()["state"] == "armed"
    missed.refresh_from_db()
    assert (missed.dead_at, missed.attempts) == (None, 0)
    again = client.post(f"{address}again/")
    assert again.status_code == 409
    assert "is not a failed message" in again.json()["detail"]


def test_a_lead_of_another_desk_and_an_editor_send_nothing_again(client, desk, missed):
    ola, eva = make_user("ola", Role.LEAD, make_desk("Other")), make_user("eva", Role.EDITOR, desk)
    for user, status in ((ola, 404), (eva, 403)):
        client.force_login(user)
        assert client.post(f"/api/v1/missed-chats/{missed.pk}/again/").status_code == status
    missed.refresh_from_db()
    assert missed.dead_at == NOW


def test_a_longer_list_takes_no_more_queries(client, desk, missed):
    client.force_login(make_user("lena", Role.LEAD, desk))
    asked = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/api/v1/missed-chats/").json()["count"] == 1 + number
        asked.append(len(queries))
        given = {"desk": desk, "due_at": NOW, "created_at": NOW}
        MissedChat.objects.create(reminder=missed.reminder, address=f"slack {number}", **given)
    assert asked[0] == asked[1]
