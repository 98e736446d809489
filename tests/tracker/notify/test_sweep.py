"""The sweep: what is due goes out once, whatever happened in the meantime."""

import smtplib
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from forecasts.models import Message, Reminder, Role
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.resolutions import answer_question
from tests.records import NOW, exhibit, make_desk, make_question, make_user, resolve
from tracker.notify.delivery.sweep import sweep_in_foreground

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


class RefusingServer(EmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


def _sweep(now):
    swept = sweep_in_foreground(clock=lambda: now)
    return swept.due, swept.claimed, swept.sent, swept.failed


@pytest.fixture
def desk():
    desk = make_desk()
    make_user(desk=desk)
    return desk


def test_nothing_is_due_before_its_time(desk):
    question = make_question(desk=desk)
    assert _sweep(question.deadline_at - 8 * timedelta(days=1)) == (0, 0, 0, 0)


def test_five_weeks_of_outage_end_in_one_reminder_for_each_question(desk):
    questions = [make_question(f"Will it snow on day {day}?", desk=desk) for day in range(3)]
    back = questions[0].deadline_at + 5 * WEEK
    assert _sweep(back) == (3, 3, 3, 0)
    assert _sweep(back) == (0, 0, 0, 0)
    assert len(mail.outbox) == 3
    assert len({each.subject for each in mail.outbox}) == 3
    # On from there, by the desk's rhythm, counted from the return: not a backlog.
    assert _sweep(back + 2 * WEEK)[2] == 3
    assert _sweep(back + 2 * WEEK + timedelta(days=20))[2] == 0


def test_what_was_armed_before_an_outage_is_of_the_stage_at_which_it_is_sent(desk):
    question = make_question(desk=desk)
    assert Reminder.objects.get().stage == "before-7"
    for _ in range(3):
        _sweep(question.deadline_at + timedelta(days=10))
    sent, armed = Reminder.objects.filter(escalated=False).order_by("pk")
    assert (sent.stage, armed.stage) == ("overdue-7", "overdue-14")
    assert sent.due_at == question.deadline_at - WEEK
    assert [each.subject for each in mail.outbox] == ["10 days overdue: Will it snow in Teststad?"]
    assert "10 days overdue" in mail.outbox[0].body


def test_after_an_outage_a_desk_of_one_is_not_told_a_second_time_as_its_lead():
    desk = make_desk()
    make_user(role=Role.LEAD, desk=desk)
    question = make_question(desk=desk)
    back = question.deadline_at + 5 * WEEK
    for _ in range(3):
        _sweep(back)
    assert len(mail.outbox) == 1
    assert Reminder.objects.get(escalated=True).ended_because == "whoever leads the desk is asked already"


def test_the_ladder_goes_on_until_somebody_answers(desk):
    question = make_question(desk=desk)
    days = [
        day for day in range(-20, 120) if _sweep(question.deadline_at + timedelta(days=day, minutes=1))[2]
    ]
    assert days == [-7, 0, 3, 7, 14, 44, 74, 104]
    resolve(question, at=question.opens_at, now=question.deadline_at + timedelta(days=120))
    assert _sweep(question.deadline_at + timedelta(days=900)) == (0, 0, 0, 0)


def test_too_early_asks_again_on_its_date_and_not_before(desk):
    question = make_question(desk=desk)
    answer_question(
        question=question,
        finding=Finding(answer="too_early", check_again_on=NOW.date() + timedelta(days=30)),
        evidence=[exhibit()],
        by=None,
        now=NOW,
    )
    assert _sweep(NOW + timedelta(days=28))[2] == 0
    assert _sweep(NOW + timedelta(days=31))[2] == 1


def test_the_mail_says_what_is_asked_and_where_to_answer(desk, settings):
    question = make_question("Will it snow <b>& hail</b>?", desk=desk)
    _sweep(question.deadline_at)
    sent = mail.outbox[0]
    assert sent.to == ["erin@example.org"]
    assert sent.subject == "Due now: Will it snow <b>& hail</b>?"
    assert f"{settings.SITE_URL}/admin/forecasts/question/{question.pk}/change/" in sent.body
    html = sent.alternatives[0].content
    assert "Will it snow &lt;b&gt;&amp; hail&lt;/b&gt;?" in html
    assert '<html lang="en">' in html
    assert sent.extra_headers["Message-ID"] == f"<reminder-{Reminder.objects.earliest('pk').pk}@127.0.0.1>"
    kept = Message.objects.get()
    assert (kept.subject, kept.body) == (sent.subject, sent.body)


def test_a_subject_cannot_smuggle_a_header(desk):
    question = make_question("Will it snow?\r\nBcc: all@example.org", desk=desk)
    _sweep(question.deadline_at)
    assert mail.outbox[0].subject == "Due now: Will it snow? Bcc: all@example.org"


def test_a_swedish_desk_is_reminded_in_swedish(desk):
    desk.language = "sv"
    desk.save()
    question = make_question(desk=desk)
    _sweep(question.deadline_at)
    assert '<html lang="sv">' in mail.outbox[0].alternatives[0].content


def test_a_mail_server_that_is_down_loses_nothing(desk, settings):
    question = make_question(desk=desk)
    settings.EMAIL_BACKEND = "tests.tracker.notify.test_sweep.RefusingServer"
    now = question.deadline_at
    assert _sweep(now) == (1, 1, 0, 1)
    assert Reminder.objects.get().error == "Connection unexpectedly closed"
    assert _sweep(now) == (0, 0, 0, 0)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert _sweep(now + timedelta(minutes=1)) == (1, 1, 1, 0)
    assert Reminder.objects.order_by("pk").first().error == ""


def test_a_recipient_without_an_address_is_a_failure_that_says_so():
    desk = make_desk()
    user = make_user(desk=desk)
    user.email = ""
    user.save()
    question = make_question(desk=desk)
    assert _sweep(question.deadline_at) == (1, 1, 0, 1)
    assert Reminder.objects.get().error == "erin has no mail address. Add one under Users."


@pytest.mark.django_db(transaction=True)
def test_ten_sweeps_at_once_send_one_reminder_for_each_question():
    desk = make_desk()
    make_user(desk=desk)
    questions = [make_question(f"Will it snow on day {day}?", desk=desk) for day in range(5)]
    now = questions[0].deadline_at

    def sweep(_):
        try:
            return _sweep(now)[2]
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(sweep, range(10))) == 5
    assert Message.objects.count() == len(mail.outbox) == 5


def test_without_a_mail_server_each_mail_is_a_file_that_its_owner_alone_reads(
    desk, settings, tmp_path, capfd, caplog
):
    """A mail holds links that let somebody act: they reach no log, and nobody else's eyes."""
    settings.EMAIL_BACKEND = "tracker.notify.mail.file_backend.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "state" / "mail"
    caplog.set_level("DEBUG")
    for name in ("Will it snow in Teststad?", "Will it rain?"):
        question = make_question(name, desk=desk)
    assert _sweep(question.deadline_at)[2] == 2
    files = sorted(settings.EMAIL_FILE_PATH.iterdir())
    read = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
    assert {mail["Subject"] for mail in read} == {
        f"Due now: {name}" for name in ("Will it snow in Teststad?", "Will it rain?")
    }
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert stat.S_IMODE(settings.EMAIL_FILE_PATH.stat().st_mode) == 0o700
    assert {each.suffix for each in files} == {".eml"}
    said = capfd.readouterr()
    assert "/act/" in read[0].get_body().get_content()
    assert "/act/" not in said.out + said.err + caplog.text


def test_a_mail_that_can_not_be_written_is_tried_again(desk, settings, tmp_path):
    """A full disk, or a folder of somebody else's, is a mail server that is down."""
    settings.EMAIL_BACKEND = "tracker.notify.mail.file_backend.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_FILE_PATH.write_text("in the way")
    question = make_question(desk=desk)
    assert _sweep(question.deadline_at)[3] == 1
    assert "mail" in Reminder.objects.get(error__contains="File exists").error
