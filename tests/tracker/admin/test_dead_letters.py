"""What was given up stays in sight, with each attempt, and a lead sends it again."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from forecasts.delivery.writes.sending import Sent, keep_message
from forecasts.models import Absence, Attempt, Desk, Digest, MissedChat, Preferences, Reminder, Role, Turn
from tests.records import NOW, make_question, make_user

RANKS = [None, Role.VIEWER, Role.EDITOR, Role.LEAD, Role.ADMINISTRATOR]
LIST = reverse("admin:forecasts_reminder_changelist")
MISSED = reverse("admin:forecasts_missedchat_changelist")


@pytest.fixture
def dead(desk: Desk) -> Reminder:
    make_question(desk=desk)
    Reminder.objects.update(dead_at=NOW, error="Connection refused", attempts=8)
    reminder = Reminder.objects.get()
    Attempt.objects.create(
        reminder=reminder,
        number=8,
        happened="given_up",
        error="Connection refused",
        worker="box:77",
        began_at=NOW,
    )
    return reminder


def again(row: Any) -> str:
    return reverse(f"admin:forecasts_{row._meta.model_name}_again", args=[row.pk])


def page(row: Any) -> str:
    return reverse(f"admin:forecasts_{row._meta.model_name}_change", args=[row.pk])


def test_the_page_shows_the_error_and_each_attempt(sign_in: Callable[..., Client], dead: Reminder) -> None:
    html = sign_in(Role.EDITOR).get(page(dead)).content.decode()
    assert "Connection refused" in html
    assert "box:77" in html
    assert "Send again" not in html
    listed = sign_in(Role.VIEWER).get(LIST, {"state": "dead"}).content.decode()
    assert "not delivered" in listed
    assert "Will it snow in Teststad?" in listed


@pytest.mark.parametrize("role", RANKS)
def test_a_lead_sends_it_again_and_nobody_below(
    sign_in: Callable[..., Client], dead: Reminder, role: str | None
) -> None:
    client = sign_in(role)
    allowed = role in {Role.LEAD, Role.ADMINISTRATOR}
    assert client.post(again(dead)).status_code == (302 if allowed else 403)
    dead.refresh_from_db()
    assert (dead.dead_at is None) == allowed
    assert client.get(again(dead)).status_code == (405 if allowed else 403)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.LEAD])
def test_several_are_sent_again_at_once(sign_in: Callable[..., Client], dead: Reminder, role: str) -> None:
    chosen = {"action": "send_chosen_again", "_selected_action": [dead.pk]}
    response = sign_in(role).post(LIST, chosen, follow=True)
    dead.refresh_from_db()
    assert (dead.dead_at is None) == (role == Role.LEAD)
    assert ("1 will be sent by the next sweep." in response.content.decode()) == (role == Role.LEAD)


def test_what_was_not_given_up_is_left_alone_and_said_so(sign_in: Callable[..., Client], desk: Desk) -> None:
    make_question(desk=desk)
    reminder = Reminder.objects.get()
    html = sign_in(Role.LEAD).post(again(reminder), follow=True).content.decode()
    assert "This is not a failed message" in html
    assert reminder.log.count() == 0


def test_a_digest_is_sent_again_as_well(sign_in: Callable[..., Client], desk: Desk) -> None:
    digest = Digest.objects.create(
        recipient=make_user(desk=desk),
        on=date(2020, 1, 2),
        due_at=NOW,
        dead_at=NOW,
        error="x",
        created_at=NOW,
    )
    lead = sign_in(Role.LEAD)
    assert "Send again" in lead.get(page(digest)).content.decode()
    lead.post(again(digest))
    digest.refresh_from_db()
    assert digest.dead_at is None


def test_a_chat_that_was_given_up_names_its_channel_and_where_the_reminder_went(
    sign_in: Callable[..., Client], dead: Reminder, desk: Desk
) -> None:
    Reminder.objects.update(dead_at=None, error="", sent_at=NOW, recipient=make_user(desk=desk))
    message = Sent(
        channel="mail", address="erin@example.org", subject="Due", body="", html="", message_id="<1>"
    )
    keep_message(nudge=dead, message=message, now=NOW)
    missed = MissedChat.objects.create(
        reminder=dead,
        desk=desk,
        address="slack://…/**** (c0ffee)",
        due_at=NOW,
        dead_at=NOW,
        error="It did not take the message.",
        attempts=8,
        created_at=NOW,
    )
    lead = sign_in(Role.LEAD)
    html = lead.get(page(missed)).content.decode()
    for words in (missed.address, "mail: erin@example.org", missed.error, "Send again"):
        assert words in html
    assert missed.address in lead.get(MISSED, {"state": "dead"}).content.decode()
    lead.post(again(missed))
    missed.refresh_from_db()
    assert (missed.dead_at, missed.attempts) == (None, 0)
    dead.refresh_from_db()
    assert dead.sent_at == NOW


def test_a_new_desk_is_offered_office_hours(sign_in: Callable[..., Client], desk: Desk) -> None:
    form = sign_in(Role.LEAD).get(reverse("admin:forecasts_desk_add")).context["adminform"].form
    assert form["working_days"].value() == [0, 1, 2, 3, 4]
    assert (form["quiet_from"].value(), form["quiet_until"].value()) == ("18:00", "08:00")


def test_a_lead_sets_days_hours_escalation_and_the_rota(sign_in: Callable[..., Client], desk: Desk) -> None:
    erin = make_user(desk=desk)
    given = {
        **{"name": "Weather", "slug": "weather", "zone": "UTC", "language": "en", "verdicts_required": "1"},
        **{"tolerance": "0"},
        **{"stages": "-7,0", "repeat_days": "30", "escalate_after_days": "21"},
        **{"working_days": ["0", "4"], "quiet_from": "17:00", "quiet_until": "09:00"},
        **{"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"},
        **{
            "rota-TOTAL_FORMS": "1",
            "rota-INITIAL_FORMS": "0",
            "rota-0-desk": desk.pk,
            "rota-0-user": erin.pk,
        },
        **{"rota-0-from_day": "2020-01-06", "rota-0-weekdays": ["0", "1"], "rota-0-every_weeks": "3"},
    }
    response = sign_in(Role.LEAD).post(page(desk), given)
    assert response.status_code == 302, response.context["errors"]
    desk.refresh_from_db()
    assert (desk.working_days, desk.escalate_after_days, desk.quiet_from) == ([0, 4], 21, time(17))
    turn = Turn.objects.get()
    assert (turn.user, turn.weekdays, turn.every_weeks) == (erin, [0, 1], 3)


def test_a_lead_records_who_is_away(sign_in: Callable[..., Client], desk: Desk) -> None:
    erin = make_user(desk=desk)
    address, lead = reverse("admin:forecasts_absence_add"), sign_in(Role.LEAD)
    days = {"user": erin.pk, "away_from": "2020-07-01", "back_on": "2020-07-01"}
    assert lead.post(address, days).status_code == 200  # Back on the day they left: nothing is recorded.
    lead.post(address, {**days, "back_on": "2020-08-01"})
    assert Absence.objects.get().user == erin


def test_an_administrator_sets_how_somebody_is_reminded(sign_in: Callable[..., Client], desk: Desk) -> None:
    erin = make_user(desk=desk)
    given = {"user": erin.pk, "mode": "daily", "digest_hour": "7", "digest_weekday": "0", "cap": "5"}
    administrator, address = sign_in(Role.ADMINISTRATOR), reverse("admin:forecasts_preferences_add")
    refused = administrator.post(address, {**given, "zone": "Europe/Raqqa"}).content.decode()
    assert "There is no time zone" in refused
    assert administrator.post(address, {**given, "zone": "Asia/Tokyo"}).status_code == 302
    kept = Preferences.objects.get()
    assert (kept.user, kept.mode, kept.cap, kept.working_days) == (erin, "daily", 5, None)


def test_the_lists_ask_nothing_for_each_row(
    sign_in: Callable[..., Client], desk: Desk, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        user = make_user(f"user{number}", desk=desk)
        Digest.objects.create(recipient=user, on=date(2020, 1, 2), due_at=NOW, created_at=NOW)
        Absence.objects.create(user=user, away_from=date(2020, 1, 1), back_on=date(2020, 1, 9), deputy=None)
        Preferences.objects.create(user=user)
    client = sign_in(Role.ADMINISTRATOR)
    for name in ("digest", "absence", "preferences", "snooze"):
        with django_assert_max_num_queries(9):
            assert client.get(reverse(f"admin:forecasts_{name}_changelist")).status_code == 200
