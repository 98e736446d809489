"""Putting a question's reminder off at the desk, and who is not reached by mail."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forecasts.models import Reminder, Role, Snooze
from forecasts.people.writes.preferences import leave_channel
from tests.records import make_desk, make_question, make_user
from tests.tracker.admin.test_permissions import address


@pytest.fixture
def question(desk):
    return make_question("Did it snow?", desk=desk, on=(timezone.now() - timedelta(days=9)).date())


def armed(question):
    return Reminder.objects.armed().get(question=question, escalated=False)


def test_one_click_in_the_inbox_puts_it_off_and_says_until_when(editor, question):
    page = editor.get("/admin/").content.decode()
    assert f'action="{address(question)}" class="later"' in page
    response = editor.post(address(question), {"_snooze": "week", "back": "inbox"}, follow=True)
    assert response.redirect_chain[0][0] == reverse("admin:index")
    html = response.content.decode()
    assert "Snoozed until" in html
    assert "snoozed until" in html
    assert abs(armed(question).due_at - timezone.now() - timedelta(days=7)) < timedelta(hours=2)


def test_its_own_page_puts_it_off_until_a_date(editor, question):
    day = timezone.localdate() + timedelta(days=40)
    given = {"_snooze": "date", "until": day.isoformat(), "reason": "The report is late."}
    assert editor.post(address(question), given)["Location"] == address(question)
    assert timezone.localdate(armed(question).due_at) == day
    assert Snooze.objects.get().reason == "The report is late."
    assert "Choose the date" in editor.post(address(question), {"_snooze": "date"}).content.decode()


def test_a_question_without_a_reminder_says_so(editor, question):
    Reminder.objects.all().delete()
    page = editor.post(address(question), {"_snooze": "day"}).content.decode()
    assert "no reminder to snooze" in page


def test_a_viewer_is_offered_nothing_to_put_off(sign_in, question):
    viewer = sign_in(Role.VIEWER)
    for shown in ("/admin/", address(question)):
        page = viewer.get(shown).content.decode()
        assert "_snooze" not in page
    assert question.proposition in page


def test_a_lead_is_told_whom_no_mail_reaches(sign_in, desk, question):
    lead = sign_in(Role.LEAD)
    assert "No mail reaches" not in lead.get("/admin/").content.decode()
    leave_channel(user=make_user("karl", desk=desk), channel="mail")
    User.objects.filter(pk=make_user("sven", desk=desk).pk).update(email="")
    leave_channel(user=make_user("vera", role=Role.VIEWER, desk=desk), channel="mail")
    leave_channel(user=make_user("olga", desk=make_desk("sports")), channel="mail")
    page = lead.get("/admin/").content.decode()
    assert "karl has unsubscribed from e-mail" in page
    assert "sven has no mail address" in page
    assert "vera" not in page
    assert "olga" not in page
    assert "No mail reaches" not in sign_in(Role.EDITOR).get("/admin/").content.decode()
    assert "olga has unsubscribed from e-mail" in sign_in(Role.ADMINISTRATOR).get("/admin/").content.decode()


def test_the_inbox_costs_the_same_for_one_question_and_for_many(editor, desk, question):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            editor.get("/admin/")
        return len(queries)

    one = cost()
    for number in range(3):
        make_question(f"Question {number}?", desk=desk, on=question.deadline_on)
    assert cost() == one
