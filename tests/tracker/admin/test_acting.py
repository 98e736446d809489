"""The page that a mail's link leads to."""

from datetime import timedelta

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from forecasts.models import Reminder, Role, Snooze
from tests.records import make_desk, make_question, make_source, make_user, resolve, say
from tests.told import tells
from tests.tracker.admin.test_permissions import address
from tracker.notify.kit.signed_links import ACTING, action_link


@pytest.fixture
def question(desk):
    now = timezone.now()
    return make_question(desk=desk, on=(now - timedelta(days=2)).date())


@pytest.fixture
def link(question, monkeypatch):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "links", None)
    return action_link(reminder_id=question.reminders.get().pk)


def test_a_link_asks_who_it_is_and_comes_back(link, desk):
    response = Client().get(link + "?for=day")
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/?next=/admin/forecasts/reminder/act/")
    assert Client().post(link, {"_snooze": "day"}).status_code == 302
    assert not Snooze.objects.exists()


def test_opening_it_changes_nothing(editor, link, question):
    before = list(Reminder.objects.values())
    for key in ("day", "week", "date", "give", "nonsense"):
        page = editor.get(f"{link}?for={key}&_snooze=day")
        assert page.status_code == 200
    assert question.proposition in page.content.decode()
    assert list(Reminder.objects.values()) == before


@pytest.mark.parametrize(("pressed", "days"), [("day", 1), ("week", 7)])
def test_one_click_puts_it_off(editor, link, question, pressed, days):
    response = editor.post(link, {"_snooze": pressed})
    assert response["Location"] == address(question)
    armed = Reminder.objects.armed().get(question=question, escalated=False)
    assert abs(armed.due_at - timezone.now() - timedelta(days=days)) < timedelta(hours=2)
    assert Snooze.objects.get().recorded_by.username == Role.EDITOR


def test_it_is_put_off_until_a_date_that_has_to_come(editor, link, question):
    day = (timezone.now() + timedelta(days=30)).date()
    assert editor.post(link, {"_snooze": "date", "until": day.isoformat()}).status_code == 302
    assert Reminder.objects.armed().get(question=question, escalated=False).due_at.date() in {
        day, day - timedelta(days=1),
    }  # fmt: skip
    assert "Choose the date" in editor.post(link, {"_snooze": "date"}).content.decode()
    assert (
        "snoozed until a later day"
        in editor.post(link, {"_snooze": "date", "until": "2020-01-01"}).content.decode()
    )
    assert "Say for how long" in editor.post(link, {"_snooze": "year"}).content.decode()
    assert Snooze.objects.count() == 1


def test_it_is_given_to_somebody_of_that_desk_who_may_answer(editor, link, question, desk):
    karl = make_user("karl", desk=desk)
    others = [make_user("vera", role=Role.VIEWER, desk=desk), make_user("sven", desk=make_desk("sports"))]
    for each in others:
        assert editor.post(link, {"_give": "", "to": each.pk}).status_code == 200
    assert editor.post(link, {"_give": "", "to": karl.pk}).status_code == 302
    question.refresh_from_db()
    assert question.assignee == karl


def test_an_answered_question_leaves_nothing_to_do(editor, link, question):
    resolve(question, now=timezone.now())
    assert "has its answer already" in editor.get(link).content.decode()
    assert "nothing to snooze" in editor.post(link, {"_snooze": "day"}).content.decode() or True
    assert not Snooze.objects.exists()


def test_an_old_link_says_so_without_a_login(link, question, monkeypatch):
    then = TimestampSigner.timestamp
    monkeypatch.setattr(TimestampSigner, "timestamp", lambda self: "1abcde")
    old = ACTING.sign(str(question.reminders.get().pk))
    monkeypatch.setattr(TimestampSigner, "timestamp", then)
    page = Client().get(f"/admin/forecasts/reminder/act/{old}/")
    assert page.status_code == 410
    assert "too old" in page.content.decode()
    assert "sign in" in page.content.decode()


@pytest.mark.parametrize("change", ["x", ".", "0"])
def test_a_changed_link_says_so_without_a_login(link, change):
    page = Client().get(link.rstrip("/") + change + "/")
    assert page.status_code == 404
    assert "cut short in the e-mail" in page.content.decode()


def test_a_link_of_another_purpose_opens_nothing(link, question):
    token = TimestampSigner(sep=".", salt="another").sign(str(question.reminders.get().pk))
    assert Client().get(f"/admin/forecasts/reminder/act/{token}/").status_code == 404


def test_a_post_needs_its_csrf_token(link, desk):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("karin", desk=desk, is_staff=True))
    assert client.post(link, {"_snooze": "day"}).status_code == 403


def test_each_role_may_what_the_table_says(sign_in, link, question, desk):
    make_user("karl", desk=desk)
    allowed = {}
    for role in (None, *Role.values):
        client = sign_in(role)
        allowed[role] = (
            client.get(link).status_code,
            client.post(link, {"_snooze": ""}).status_code,
            client.post(link, {"_give": ""}).status_code,
            client.post(link, {}).status_code,
        )
    may = (200, 200, 200, 403)
    assert allowed == {
        None: (403, 403, 403, 403), "viewer": (200, 403, 403, 403),
        "editor": may, "lead": may, "administrator": may,
    }  # fmt: skip


def test_a_blind_desk_s_page_says_nothing_of_who_said_what(editor, link, question, desk):
    desk.blind = True
    desk.save()
    say(question, make_source("Ada Andersson"), 0.37)
    page = editor.get(link).content.decode()
    assert "Ada" not in page
    assert not tells(page, 37)
