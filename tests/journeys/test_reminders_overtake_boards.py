"""A queue full of boards keeps no reminder back: real workers, and a lock that no board gets past."""

import time

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from config.heartbeat import last_heartbeat
from forecasts.boards.writes.computations import want_board
from forecasts.models import Computation, Reminder
from tests.processes import database_url, free_port, wait_until
from tests.records import make_board, make_desk, make_question, make_user
from tests.smtp import Sink, serve
from tracker.computing.handing import hand_on

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.slow]

SWEEP_SECONDS = 3.0
WITHIN = 1.5 * SWEEP_SECONDS
"""With a sweep a minute, as it is by default, these are the 90 seconds in which a reminder has to be out."""


@pytest.fixture
def smtp():
    sink, port = Sink(), free_port()
    controller = serve(sink, port)
    sink.url = f"smtp://127.0.0.1:{port}"
    yield sink
    controller.stop()


@pytest.fixture
def no_board_gets_through():
    """Hold a lock that each board's task waits for."""
    with psycopg.connect(database_url()) as holder:
        holder.execute("LOCK TABLE forecasts_board IN ACCESS EXCLUSIVE MODE")
        yield
        holder.rollback()


def test_each_reminder_is_out_within_a_sweep_and_a_half(processes, smtp, redis_client, request):
    boards, desk = [make_board(f"b{number}") for number in range(30)], make_desk(stages=[0])
    user = make_user(desk=desk)
    processes.worker("--queues", "soon", "--pool", "threads", "--concurrency", "4", EMAIL_URL=smtp.url)
    heavy = processes.worker("--queues", "heavy", "--concurrency", "2")
    for board in boards:
        want_board(board_id=board.pk, now=timezone.now())
    request.getfixturevalue("no_board_gets_through")
    hand_on(Computation)
    wait_until(lambda: heavy.log.count("refresh_board") >= 2, what="a board in each process")
    processes.beat(SWEEP_SECONDS=str(SWEEP_SECONDS))

    late = []
    for number in range(4):
        question = make_question(f"Will it snow on day {number}?", desk=desk, assignee=user)
        due = time.monotonic()
        sent = Reminder.objects.filter(question=question, sent_at__isnull=False)
        wait_until(sent.exists, seconds=60, what="the reminder")
        late.append(time.monotonic() - due)
    assert max(late) <= WITHIN, late
    assert len(smtp.accepted) == len(late)

    assert redis_client.llen("heavy") >= 20, "the boards were to wait, and they went through"
    assert heavy.log.count("succeeded") == 0
    assert time.time() - last_heartbeat() < 15, "beat's heartbeat comes every ten seconds"


def test_the_lock_is_one_that_a_board_waits_for(no_board_gets_through):
    with connection.cursor() as cursor:
        cursor.execute("SELECT mode FROM pg_locks WHERE relation = 'forecasts_board'::regclass AND granted")
        assert ("AccessExclusiveLock",) in cursor.fetchall()
