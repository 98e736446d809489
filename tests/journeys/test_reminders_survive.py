"""Reminders through real beats, workers, broker and SMTP, with processes killed on the way."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from forecasts.delivery.writes.sending import LEASE
from forecasts.models import Attempt, Message, Preferences, Reminder
from tests.processes import free_port, wait_until
from tests.records import make_desk, make_question, make_user
from tests.smtp import Sink, accepted_by, serve
from tracker.tasks import sweep

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.slow]


@pytest.fixture
def smtp():
    sink, port = Sink(), free_port()
    controller = serve(sink, port)
    sink.url = f"smtp://127.0.0.1:{port}"
    yield sink
    sink.hanging.clear()
    controller.stop()


def _due_questions(count, cap=10):
    desk = make_desk()
    Preferences.objects.create(user=make_user(desk=desk), cap=cap)
    today = timezone.now().date()
    return [
        make_question(f"Will it snow on day {day}?", desk=desk, on=today - timedelta(days=36))
        for day in range(count)
    ]


def _pass_time(by):
    """Let the leases be older, as if the clock had gone on."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE forecasts_reminder SET lease_until = lease_until - %s", [by])


@pytest.fixture
def once(faults, smtp):
    """Call with what was done how often, to check that each reminder was accepted once."""

    def check(what, due, *, times=1):
        fault = faults.note("reminders", what, count=times, due=due, found=accepted_by(smtp))
        assert (fault.lost, fault.doubled) == (0, 0)

    return check


def test_a_worker_killed_while_sending_loses_nothing(processes, smtp, once):
    [question] = _due_questions(1)
    smtp.hanging.set()
    worker = processes.worker(EMAIL_URL=smtp.url)
    processes.beat(SWEEP_SECONDS="1")
    wait_until(lambda: smtp.offered, what="the offer of a message")
    worker.kill()
    wait_until(lambda: smtp.dropped, what="the end of the dead worker's connection")
    smtp.hanging.clear()

    reminder = Reminder.objects.get(question=question)
    assert (reminder.sent_at, reminder.attempts) == (None, 1)
    assert smtp.accepted == []

    processes.worker(EMAIL_URL=smtp.url)
    # The broker hands the dead worker's task to this one: it must not send under a claim that runs.
    wait_until(lambda: _redelivered(processes), what="the redelivery of the task")
    assert smtp.accepted == []

    _pass_time(LEASE)
    sent = Reminder.objects.filter(question=question, sent_at__isnull=False)
    wait_until(sent.exists, what="the reminder after its lease")
    once("worker killed while sending", 1)
    reminder.refresh_from_db()
    assert (reminder.attempts, reminder.sent_at is not None) == (2, True)


def _redelivered(processes):
    return "its message is on the way" in processes.running[-1].log


def test_two_beats_and_ten_workers_send_each_reminder_once(processes, smtp, once):
    questions = _due_questions(40, cap=100)
    smtp.hanging.set()
    processes.workers(10, batch=2, EMAIL_URL=smtp.url)
    beats = [processes.beat(SWEEP_SECONDS="1") for _ in range(2)]
    # Each of the ten is in the middle of a message, at one moment.
    wait_until(lambda: smtp.offered == 10, what="a message of each worker")
    smtp.hanging.clear()
    sent = Reminder.objects.filter(sent_at__isnull=False)
    wait_until(lambda: sent.count() >= len(questions), what="a message for each question")
    seen = sum(beat.log.count("Scheduler: Sending due task sweep ") for beat in beats)
    wait_until(
        lambda: sum(beat.log.count("Scheduler: Sending due task sweep ") for beat in beats) >= seen + 4,
        what="four more sweeps",
    )
    once("ten workers and two beats at once", len(questions), times=12)
    assert Message.objects.count() == len(questions)
    assert Attempt.objects.values("worker").distinct().count() == 10
    # After five weeks of silence: one each, and the next one lies ahead.
    assert Reminder.objects.pending().filter(due_at__lte=timezone.now()).count() == 0
    assert Reminder.objects.pending().count() == len(questions)


def test_a_broker_that_forgets_everything_loses_nothing(processes, smtp, redis_client, once):
    _due_questions(3)
    sweep()
    assert Reminder.objects.pending().exclude(claim=None).count() == 3
    redis_client.flushall()
    processes.beat(SWEEP_SECONDS="1")
    processes.worker(EMAIL_URL=smtp.url)
    _pass_time(LEASE)
    sent = Reminder.objects.filter(sent_at__isnull=False)
    wait_until(lambda: sent.count() == 3, what="the messages of the claims that were lost")
    once("Redis flushed while claimed reminders wait", 3)
