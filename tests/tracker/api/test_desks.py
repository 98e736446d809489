"""A desk by the API: its rules, its channels, its people, their turns and their days away."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from forecasts.models import Absence, Desk, Membership, Role, Turn
from tests.records import make_desk, make_user
from tests.tracker.api.bodies import AWAY, CHANNEL
from tests.tracker.api.test_errors import messages

Client = Callable[[str | None], APIClient]
SECRET = CHANNEL["url"].rpartition("/")[2]
FOREIGN = "/api/v1/desks/foreign/"


@pytest.fixture
def foreign(seed: None) -> Desk:
    return Desk.objects.get(slug="foreign")


def send(client: APIClient, method: str, path: str, body: Any = None) -> Any:
    return getattr(client, method)(path, body, format="json")


def faults(response: Any) -> dict[str, str]:
    return messages(response.json())


def test_a_lead_sets_every_rule_and_a_viewer_reads_them(lead: APIClient, viewer: APIClient) -> None:
    rules = {
        **{"name": "World", "zone": "Europe/London", "language": "sv", "verdicts_required": 2, "blind": True},
        **{"tolerance": 0.01, "stages": [-1, 0, 5], "repeat_days": 10, "escalate_after_days": None},
        **{"working_days": [0, 1], "quiet_from": "18:00:00", "quiet_until": "08:00:00"},
        **{"publishes_with_forecast": False, "shows_whole_text": True},
    }
    changed = send(lead, "patch", FOREIGN, rules)
    assert changed.status_code == 200, changed.content
    assert viewer.get(FOREIGN).json() == {"slug": "foreign", "channels": [], **rules}
    assert send(lead, "patch", FOREIGN, {"blind": False}).json() == {**changed.json(), "blind": False}


@pytest.mark.parametrize(
    ("rules", "status", "field"),
    [
        ({"zone": "Europe/Raqqa"}, 422, "zone"),
        ({"language": "xx"}, 400, "language"),
        ({"tolerance": 2}, 422, "tolerance"),
        ({"stages": [1000]}, 400, "stages.0"),
        ({"working_days": []}, 400, "working_days"),
        ({"quiet_from": "18:00", "quiet_until": None}, 422, "quiet_until"),
    ],
)
def test_a_rule_that_cannot_hold_is_refused_at_its_field(
    lead: APIClient, foreign: Desk, rules: dict[str, Any], status: int, field: str
) -> None:
    before = lead.get(FOREIGN).json()
    response = send(lead, "patch", FOREIGN, rules)
    assert response.status_code == status
    assert set(faults(response)) == {field}
    assert lead.get(FOREIGN).json() == before


def test_a_lead_edits_their_own_desk_and_no_other(lead: APIClient, administrator: APIClient) -> None:
    make_desk("sports")
    assert send(lead, "patch", "/api/v1/desks/sports/", {"blind": True}).status_code == 403
    assert send(lead, "put", "/api/v1/desks/sports/members/lead/", {"role": "lead"}).status_code == 403
    assert send(administrator, "patch", "/api/v1/desks/sports/", {"blind": True}).status_code == 200


def test_whoever_opens_a_desk_leads_it(lead: APIClient) -> None:
    made = send(lead, "post", "/api/v1/desks/", {"name": "Sports", "stages": [0]})
    assert made.status_code == 201, made.content
    assert send(lead, "patch", "/api/v1/desks/sports/", {"blind": True}).status_code == 200
    assert set(faults(send(lead, "post", "/api/v1/desks/", {"name": "Sports"}))) == {"slug"}


def test_a_channel_s_address_goes_in_and_never_comes_out(lead: APIClient, foreign: Desk) -> None:
    made = send(lead, "post", f"{FOREIGN}channels/", CHANNEL)
    assert made.status_code == 201, made.content
    (channel,) = made.json()["channels"]
    assert channel["shown"].startswith("slack://…/****")
    assert SECRET not in made.content.decode() + lead.get(FOREIGN).content.decode()
    assert send(lead, "post", f"{FOREIGN}channels/", CHANNEL).status_code == 409
    inside = send(lead, "post", f"{FOREIGN}channels/", {"url": "json://10.0.0.1/x"})
    assert "internal network" in str(faults(inside)["url"])
    assert send(lead, "delete", f"{FOREIGN}channels/{channel['mark']}/").json()["channels"] == []
    foreign.refresh_from_db()
    assert foreign.channels == []


def test_members_join_change_and_leave(lead: APIClient, foreign: Desk) -> None:
    make_user("anna", role=None)
    members = f"{FOREIGN}members/"
    joined = send(lead, "put", f"{members}anna/", {"role": "editor"})
    assert joined.json() == {"user": "anna", "role": "editor"}
    assert send(lead, "put", f"{members}anna/", {"role": "viewer"}).json()["role"] == "viewer"
    assert {"user": "anna", "role": "viewer"} in lead.get(members).json()
    refused = send(lead, "put", f"{members}anna/", {"role": "administrator"})
    assert "above your own" in str(faults(refused)["role"])
    assert send(lead, "delete", f"{members}anna/").status_code == 204
    assert send(lead, "delete", f"{members}anna/").status_code == 404
    assert send(lead, "put", f"{members}nobody/", {"role": "viewer"}).status_code == 404
    assert not Membership.objects.filter(user__username="anna").exists()


def test_the_rota_is_read_and_set(lead: APIClient, foreign: Desk) -> None:
    make_user("anna", desk=foreign)
    make_user("vera", Role.VIEWER, foreign)
    rota = f"{FOREIGN}rota/"
    made = send(lead, "post", rota, {"user": "anna", "from_day": "2026-01-05", "weekdays": [1, 0]})
    assert made.status_code == 201, made.content
    turn = made.json()
    assert (turn["weekdays"], turn["until_day"], turn["every_weeks"]) == ([0, 1], None, 1)
    changed = send(lead, "patch", f"{rota}{turn['id']}/", {"until_day": "2026-02-02"}).json()
    assert changed == {**turn, "until_day": "2026-02-02"}
    assert lead.get(rota).json() == [changed]
    refused = send(lead, "post", rota, {"user": "vera", "from_day": "2026-01-05"})
    assert "Make them an editor" in str(faults(refused)["user"])
    elsewhere = make_desk("sports")
    Membership.objects.create(desk=elsewhere, user=User.objects.get(username="lead"), role=Role.LEAD)
    assert send(lead, "delete", f"/api/v1/desks/sports/rota/{turn['id']}/").status_code == 404
    assert send(lead, "delete", f"{rota}{turn['id']}/").status_code == 204
    assert not Turn.objects.exists()


def test_a_lead_sets_the_days_away_of_those_they_lead_only(lead: APIClient, foreign: Desk) -> None:
    anna, karl = make_user("anna", desk=foreign), make_user("karl", desk=foreign)
    olof = make_user("olof", desk=make_desk("sports"))
    absences = "/api/v1/absences/"
    made = send(lead, "post", absences, {"user": "anna", "deputy": "karl", "note": "Ill.", **AWAY})
    assert made.status_code == 201, made.content
    assert Absence.objects.get().deputy == karl
    refused = send(lead, "post", absences, {"user": "olof", **AWAY})
    assert (refused.status_code, "or higher on the desk" in refused.json()["detail"]) == (403, True)
    overlap = send(lead, "post", absences, {"user": "anna", **AWAY})
    assert "overlap" in str(faults(overlap)["away_from"])
    of_others = Absence.objects.create(user=olof, away_from=date(2030, 1, 1), back_on=date(2030, 2, 1))
    assert [each["user"] for each in lead.get(absences).json()["results"]] == ["anna"]
    assert send(lead, "patch", f"{absences}{of_others.pk}/", {"note": "x"}).status_code == 404
    assert send(lead, "delete", f"{absences}{of_others.pk}/").status_code == 404
    one = f"{absences}{made.json()['id']}/"
    assert send(lead, "patch", one, {"back_on": "2030-09-01"}).json()["back_on"] == "2030-09-01"
    assert set(faults(send(lead, "patch", one, {"back_on": "2030-01-01"}))) == {"back_on"}
    assert send(lead, "delete", one).status_code == 204
    assert not Absence.objects.filter(user=anna).exists()


def test_an_absence_that_has_begun_ends_today(lead: APIClient, foreign: Desk) -> None:
    anna, today = make_user("anna", desk=foreign), timezone.localdate()
    row = Absence.objects.create(user=anna, away_from=date(2020, 1, 1), back_on=date(2090, 1, 1))
    assert send(lead, "delete", f"/api/v1/absences/{row.pk}/").status_code == 204
    row.refresh_from_db()
    assert row.back_on == today


@pytest.mark.parametrize("path", ["desks/", "desks/foreign/members/", "desks/foreign/rota/", "absences/"])
def test_no_list_asks_for_each_row(lead: APIClient, foreign: Desk, path: str) -> None:
    def add(number: int) -> None:
        user = make_user(f"user{number}", desk=foreign)
        make_desk(f"desk{number}")
        Turn.objects.create(desk=foreign, user=user, from_day=date(2030, 1, 1))
        Absence.objects.create(user=user, away_from=date(2030, 1, 1), back_on=date(2030, 2, 1), deputy=None)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(f"/api/v1/{path}").status_code == 200
        return len(queries)

    add(1)
    first = cost()
    for number in range(2, 6):
        add(number)
    assert cost() == first
