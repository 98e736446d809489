"""Digests and escalations through the sweep: one mail each, in order, to whom it belongs, and counted."""

import smtplib
from dataclasses import asdict
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from forecasts.models import Digest, Preferences, Reminder, Role
from tests.records import NOW, make_desk, make_question, make_user, resolve
from tracker.notify.delivery.sweep import look_ahead, sweep_in_foreground

pytestmark = pytest.mark.django_db
DUE = NOW.replace(month=6, day=30, hour=22)
MORNING = DUE + timedelta(hours=8)
DAY = timedelta(days=1)


class RefusingServer(EmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


@pytest.fixture
def erin():
    desk = make_desk(stages=[0, 14], escalate_after_days=14)
    return make_user("erin", desk=desk)


def _desk(user):
    return user.memberships.get().desk


def _sweep(now):
    return {name: count for name, count in asdict(sweep_in_foreground(clock=lambda: now)).items() if count}


def test_one_mail_with_everything_due_the_latest_first(erin):
    Preferences.objects.create(user=erin, mode="daily", language="sv")
    for name, on in (
        ("Third?", date(2020, 6, 30)),
        ("First?", date(2020, 5, 1)),
        ("Second?", date(2020, 6, 1)),
    ):
        make_question(name, desk=_desk(erin), on=on)
    answered = make_question("Answered?", desk=_desk(erin))
    assert _sweep(DUE) == {"due": 4, "digested": 4}
    assert mail.outbox == []
    resolve(answered, at=answered.opens_at, now=DUE)
    found = _sweep(MORNING)
    assert (found["sent"], found["digests"]) == (1, 1)
    [sent] = mail.outbox
    assert sent.to == ["erin@example.org"]
    assert [word for word in sent.body.split() if word.endswith("?")] == ["First?", "Second?", "Third?"]
    assert "Answered?" not in sent.alternatives[0].content
    assert '<html lang="sv">' in sent.alternatives[0].content
    assert _sweep(MORNING) == {}


def test_a_digest_that_fails_is_sent_later_under_the_same_message_id(erin, settings):
    Preferences.objects.create(user=erin, mode="daily")
    make_question(desk=_desk(erin))
    _sweep(DUE)
    settings.EMAIL_BACKEND = "tests.tracker.notify.test_digests.RefusingServer"
    assert _sweep(MORNING) == {"due": 1, "claimed": 1, "failed": 1}
    digest = Digest.objects.get()
    assert digest.error == "Connection unexpectedly closed"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert _sweep(MORNING + timedelta(minutes=1)) == {"due": 1, "claimed": 1, "sent": 1, "digests": 1}
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<digest-{digest.pk}@127.0.0.1>"


def test_an_empty_digest_is_not_sent(erin):
    Preferences.objects.create(user=erin, mode="daily")
    question = make_question(desk=_desk(erin))
    _sweep(DUE)
    resolve(question, at=question.opens_at, now=DUE)
    assert _sweep(MORNING) == {"due": 1, "claimed": 1}
    assert mail.outbox == []


def test_fifty_one_questions_make_ten_mails_and_one_digest(erin):
    for number in range(51):
        make_question(f"Number {number}?", desk=_desk(erin), assignee=erin)
    assert _sweep(DUE) == {"due": 51, "claimed": 10, "sent": 10, "capped": 41}
    assert len(mail.outbox) == 10
    later = _sweep(MORNING + DAY)
    assert (later["sent"], later["digests"]) == (1, 1)
    assert sum(f"Number {number}?" in mail.outbox[-1].body for number in range(51)) == 41


def test_the_lead_hears_of_what_nobody_answers_and_the_count_says_so(erin):
    desk = _desk(erin)
    make_user("lena", role=Role.LEAD, desk=desk)
    make_question(desk=desk, assignee=erin)
    assert _sweep(DUE) == {"due": 1, "claimed": 1, "sent": 1}
    assert _sweep(DUE + 14 * DAY) == {"due": 2, "claimed": 2, "sent": 2, "escalated": 1}
    to_lead = mail.outbox[-1]
    assert to_lead.to == ["lena@example.org"]
    assert to_lead.subject == "14 days overdue: Will it snow in Teststad?"


def test_looking_ahead_says_the_same_and_changes_nothing(erin):
    desk = _desk(erin)
    make_user("lena", role=Role.LEAD, desk=desk)
    Preferences.objects.create(user=erin, cap=2)
    for number in range(4):
        make_question(f"Number {number}?", desk=desk, assignee=erin)
    before = list(Reminder.objects.order_by("pk").values())
    ahead = asdict(look_ahead(now=DUE))
    assert (ahead["due"], ahead["claimed"], ahead["capped"], ahead["sent"]) == (4, 2, 2, 0)
    assert list(Reminder.objects.order_by("pk").values()) == before
    assert not Digest.objects.exists()
    swept = asdict(sweep_in_foreground(clock=lambda: DUE))
    assert {**swept, "sent": 0} == ahead
