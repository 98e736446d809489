"""How somebody wants to be reminded, set by themselves."""

from datetime import date, time, timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from forecasts.delivery.reads.routing import wishes_of
from forecasts.models import Absence, Preferences, Role
from forecasts.people.writes.preferences import leave_channel
from tests.records import make_user

WISHES = {
    **{"mode": "daily", "digest_hour": "7", "digest_weekday": "0", "cap": "5", "zone": "", "language": "sv"},
    **{"working_days": ["0", "4"], "working_from": "08:00", "working_until": "17:30"},
    "_save": "",
}


@pytest.fixture
def page():
    return reverse("admin:forecasts_reminder_mine")


@pytest.fixture
def me(editor):
    return User.objects.get(username=Role.EDITOR)


def test_what_is_saved_is_shown_again(editor, me, page, desk):
    karl = make_user("karl", desk=desk)
    assert editor.post(page, {**WISHES, "deputy": karl.pk}).status_code == 302
    found = wishes_of(me)
    assert (found.mode, found.digest_hour, found.cap, found.language) == ("daily", 7, 5, "sv")
    assert (found.working_days, found.working_from, found.deputy) == ([0, 4], time(8), karl)
    html = editor.get(page).content.decode()
    assert 'value="daily" id="wish_mode_1" required checked' in html or "checked" in html
    assert 'value="17:30"' in html


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(editor, me, page):
    html = editor.post(page, {**WISHES, "zone": "Europe/Raqqa"}).content.decode()
    assert "There is no time zone &#x27;Europe/Raqqa&#x27;" in html
    html = editor.post(page, {**WISHES, "working_until": ""}).content.decode()
    assert "Give both ends of the hours" in html
    assert not Preferences.objects.filter(user=me).exists()


def test_somebody_says_when_they_are_away_and_comes_back_early(editor, me, page, desk):
    karl, today = make_user("karl", desk=desk), timezone.localdate()
    days = {"away_from": today - timedelta(days=3), "back_on": today + timedelta(days=20)}
    assert editor.post(page, {**days, "deputy": karl.pk, "_away": ""}).status_code == 302
    assert "overlap" in editor.post(page, {**days, "_away": ""}).content.decode()
    away = Absence.objects.get()
    assert (away.user, away.deputy) == (me, karl)
    assert editor.post(page, {"_back": away.pk}).status_code == 302
    away.refresh_from_db()
    assert away.back_on == today


def test_nobody_ends_another_s_absence(editor, page, desk):
    other = Absence.objects.create(
        user=make_user("karl", desk=desk), away_from=date(2030, 1, 1), back_on=date(2030, 2, 1)
    )
    assert editor.post(page, {"_back": other.pk}).status_code == 404
    assert editor.post(page, {"_back": "x"}).status_code == 404
    assert Absence.objects.count() == 1


def test_the_calendar_s_address_is_replaced_in_one_click(editor, page):
    old = editor.get(page).context["addresses"]["calendar"]
    assert editor.get(old).status_code == 200
    editor.post(page, {"_replace_link": ""})
    assert editor.get(old).status_code == 404
    assert editor.get(editor.get(page).context["addresses"]["calendar"]).status_code == 200


def test_whoever_left_the_mail_takes_it_up_again(editor, me, page):
    leave_channel(user=me, channel="mail")
    assert "You get no mail" in editor.get(page).content.decode()
    editor.post(page, {"_rejoin": ""})
    assert wishes_of(me).unsubscribed == []


@pytest.mark.parametrize("role", [None, *Role.values])
def test_everybody_on_a_desk_has_the_page_and_a_get_changes_nothing(sign_in, page, role):
    client = sign_in(role)
    assert client.get(page, {"_save": "", **WISHES}).status_code == (200 if role else 403)
    assert client.post(page, WISHES).status_code == (302 if role else 403)
    assert client.post(page, {}).status_code == 403
    assert Preferences.objects.count() == (1 if role else 0)
