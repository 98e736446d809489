"""
Processes killed at every point, a database restarted, clocks set: what was sent, counted.

Each test runs real processes against a real mail server, and its row goes into the table of faults.
"""

import os
import signal
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction

from forecasts.delivery.writes.claims import claim_reminders
from forecasts.delivery.writes.sending import LEASE
from forecasts.models import Attempt, Message, Preferences, Reminder
from tests.processes import ended, fork, free_port, wait_until
from tests.records import make_desk, make_question, make_user
from tests.smtp import Sink, accepted_by, serve
from tracker.notify.delivery.sweep import sweep_in_foreground

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NOW = datetime(2020, 7, 1, 10, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def smtp(settings):
    sink, port = Sink(), free_port()
    controller = serve(sink, port)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield sink
    sink.hanging.clear()
    controller.stop()


@pytest.fixture
def counted(faults, smtp):
    """Call with what was done how often, to check that each reminder was accepted once, and marked."""

    def count(what, due, *, times=1, doubled=0):
        fault = faults.note("reminders", what, count=times, due=due, found=accepted_by(smtp))
        marked = Reminder.objects.filter(sent_at__isnull=False).count()
        assert (fault.lost, fault.doubled, marked) == (0, doubled, due)
        assert Message.objects.count() == due

    return count


def _due(count, **desk):
    desk = make_desk(stages=[0], **desk)
    user = make_user(desk=desk)
    Preferences.objects.create(user=user, cap=1000)
    return [make_question(f"Will it snow on day {day}?", desk=desk) for day in range(count)]


def _sweep(now=NOW):
    return sweep_in_foreground(clock=lambda: now)


def _die():
    os.kill(os.getpid(), signal.SIGKILL)


def test_killed_before_the_claim_is_committed(smtp, counted):
    _due(3)

    def work():
        with transaction.atomic():
            assert claim_reminders(now=NOW).claimed
            _die()

    assert ended(fork(work)) == -signal.SIGKILL
    assert not Reminder.objects.exclude(claim=None).exists()
    assert ended(fork(_sweep)) == 0
    counted("killed before the claim is committed", 3)


def test_killed_after_the_claim_and_before_sending(smtp, counted):
    _due(3)

    def work():
        assert claim_reminders(now=NOW).claimed
        _die()

    assert ended(fork(work)) == -signal.SIGKILL
    assert ended(fork(lambda: _sweep(NOW + LEASE - MINUTE))) == 0
    assert smtp.accepted == []  # Its lease still runs.
    assert ended(fork(lambda: _sweep(NOW + LEASE))) == 0
    counted("killed after the claim and before sending", 3)


def test_killed_while_sending(smtp, counted):
    _due(3)
    smtp.hanging.set()
    pid = fork(_sweep)
    wait_until(lambda: smtp.offered, what="the offer of a message")
    os.kill(pid, signal.SIGKILL)
    assert ended(pid) == -signal.SIGKILL
    wait_until(lambda: smtp.dropped, what="the end of the dead process's connection")
    smtp.hanging.clear()
    assert ended(fork(lambda: _sweep(NOW + LEASE))) == 0
    counted("killed while sending", 3)
    assert Attempt.objects.filter(happened="lost").count() == 1


def test_killed_between_accepted_and_our_mark(smtp, counted):
    """The one gap: the message comes twice, under one Message-ID, by which a mailbox can tell."""
    _due(3)
    pids = []

    def kill():
        smtp.after = None
        os.kill(pids[0], signal.SIGKILL)

    smtp.hanging.set()
    smtp.after = kill
    pids.append(fork(_sweep))
    smtp.hanging.clear()
    assert ended(pids[0]) == -signal.SIGKILL
    assert (len(smtp.accepted), Message.objects.count()) == (1, 0)
    assert ended(fork(lambda: _sweep(NOW + LEASE))) == 0
    counted("killed between accepted and our mark", 3, doubled=1)
    assert sorted(Counter(each["Message-ID"] for each in smtp.accepted).values()) == [1, 1, 2]


def test_ten_processes_at_once(smtp, counted):
    _due(40)
    pids = [fork(_sweep) for _ in range(10)]
    assert [ended(pid) for pid in pids] == [0] * 10
    counted("ten processes at once", 40, times=10)


def test_killed_one_after_the_other_and_never_lost(smtp, counted):
    """Ten processes, each killed at another moment; the eleventh finishes what they left."""
    _due(20)
    for number in range(10):
        now = NOW + number * LEASE
        pid = fork(lambda now=now: _sweep(now))
        wait_until(lambda number=number: smtp.offered > number, what="another message")
        os.kill(pid, signal.SIGKILL)
        ended(pid)
    assert ended(fork(lambda: _sweep(NOW + 10 * LEASE))) == 0
    ids = Counter(message["Message-ID"] for message in smtp.accepted)
    # A process killed in the gap repeats one message; nothing else is repeated, and nothing is lost.
    assert len(ids) == 20
    assert ids.total() <= 30
    counted("killed one after the other, while sending", 20, times=10, doubled=ids.total() - 20)


def test_five_weeks_of_outage(smtp, counted):
    _due(12)
    back = NOW + timedelta(weeks=5)
    for _ in range(2):
        assert ended(fork(lambda: _sweep(back))) == 0
    counted("five weeks without a sweep", 12)
    assert not Reminder.objects.armed().filter(due_at__lte=back).exists()


@pytest.mark.parametrize(
    ("change", "hours_of_the_day"),
    [(date(2020, 3, 29), 23), (date(2020, 10, 25), 25)],
    ids=["spring", "autumn"],
)
def test_the_clock_is_set(smtp, counted, change, hours_of_the_day):
    """A sweep each quarter of an hour through the night: working hours begin inside the change itself."""
    desk = make_desk(stages=[0], quiet_from=time(5), quiet_until=time(2, 30))
    for name, mode in (("alone", "immediate"), ("together", "daily")):
        user = make_user(name, desk=desk)
        Preferences.objects.create(user=user, mode=mode, digest_hour=2)
        make_question(f"Will {name} see snow?", desk=desk, on=change - DAY, assignee=user)
    start = datetime.combine(change, time(), tzinfo=UTC) - 2 * HOUR

    def work():
        for step in range(4 * (hours_of_the_day + 2)):
            _sweep(start + step * 15 * MINUTE)

    assert ended(fork(work)) == 0
    counted(f"the clock is set: a day of {hours_of_the_day} hours", 2)
    by_clock = sorted(Message.objects.values_list("sent_at", flat=True))
    # 02:30 does not exist in spring: the first minute after the change, 03:00, is 01:00 in UTC.
    first = datetime.combine(change, time(1) if hours_of_the_day == 23 else time(0, 30), tzinfo=UTC)
    assert by_clock == [first, first]


def test_postgresql_is_restarted_while_a_message_is_on_its_way(own_postgres, smtp, counted):
    _due(3)
    smtp.hanging.set()
    pid = fork(_sweep)
    wait_until(lambda: smtp.offered, what="the offer of a message")
    own_postgres.restart(own_postgres.server.stop_signal)
    smtp.hanging.clear()
    assert ended(pid) == 0
    assert ended(fork(_sweep)) == 0
    counted("PostgreSQL restarted while sending", 3)
