"""A batch of reminders: read at once, sent one by one over one connection, each of them on its own."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forecasts.delivery.writes.claims import claim_reminders
from forecasts.delivery.writes.sending import LEASE, MOST_ATTEMPTS, Sent, keep_message
from forecasts.models import Attempt, Message, Preferences, Reminder
from tests.processes import free_port
from tests.records import begin, make_question, make_source, make_user, resolve, say
from tests.smtp import Sink, serve
from tracker.notify.delivery.send import LONGEST_BATCH, Claimed, send_claimed
from tracker.notify.delivery.sweep import sweep_in_foreground

pytestmark = pytest.mark.django_db

OF_ONE = 7
"""What each mail costs: BEGIN, begun, its attempt, COMMIT; BEGIN, its message, COMMIT."""
OF_ALL = 14
"""What a batch costs: four reads; BEGIN, seven that mark all with their stage and arm the next, COMMIT."""


@pytest.fixture
def erin(desk):
    user = make_user(desk=desk)
    Preferences.objects.create(user=user, cap=100)
    return user


@pytest.fixture
def due(desk, erin):
    """Call with a number to have that many reminders claimed."""

    def claim(count):
        questions = [make_question(f"Will it snow on day {day}?", desk=desk) for day in range(count)]
        found = claim_reminders(now=questions[0].deadline_at)
        return Claimed(Reminder, found.claimed, found.claim), questions

    return claim


@pytest.fixture
def server(settings):
    """A real mail server, and a call that stops it and starts it anew."""
    sink, port = Sink(), free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    running = [serve(sink, port)]

    def restart():
        running.pop().stop()
        running.append(serve(sink, port))

    yield sink, restart
    running.pop().stop()


@pytest.mark.parametrize("count", [1, 11])
@pytest.mark.django_db(transaction=True)
def test_a_mail_costs_seven_statements_and_its_batch_fourteen(due, count):
    claimed, questions = due(count)
    for question in questions:
        say(question, make_source(f"Ada {question.pk}"), 0.3)
    with CaptureQueriesContext(connection) as queries:
        assert send_claimed(claimed, clock=lambda: questions[0].deadline_at).sent == count
    assert len(queries) == OF_ALL + count * OF_ONE


def test_a_batch_goes_over_one_connection_and_each_mail_comes_once(due, server):
    sink, _restart = server
    claimed, questions = due(5)
    assert send_claimed(claimed, clock=lambda: questions[0].deadline_at).sent == 5
    assert len(sink.callers) == 1
    assert sorted(Counter(each["Message-ID"] for each in sink.accepted).values()) == [1] * 5


def test_a_server_that_comes_back_in_the_middle_is_called_anew(due, server):
    sink, restart = server
    claimed, questions = due(4)
    clock = iter(range(1000))

    def now():
        # The clock is asked before each mail, so that this falls between two of them.
        if len(sink.accepted) == 2 and next(clock) == 0:
            restart()
        return questions[0].deadline_at

    came = send_claimed(claimed, clock=now)
    assert (came.sent, came.failed) == (4, 0)
    assert len(sink.callers) == 2
    assert sorted(Counter(each["Message-ID"] for each in sink.accepted).values()) == [1] * 4


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("", "olof has no mail address. Add one under Users."),
        # A fault that no server and no setting makes: the mail can't be written.
        ("o\n@example.org", "BadHeaderError"),
    ],
)
def test_one_that_can_not_be_sent_keeps_none_of_the_others(due, desk, address, error):
    olof = make_user("olof", desk=desk)
    claimed, questions = due(3)
    olof.email = address
    olof.save()
    Reminder.objects.filter(question=questions[1]).update(recipient=olof)
    came = send_claimed(claimed, clock=lambda: questions[0].deadline_at)
    assert (came.sent, came.failed) == (2, 1)
    assert len(mail.outbox) == Message.objects.count() == 2
    [failed] = Reminder.objects.exclude(error="")
    assert failed.question == questions[1]
    assert error in failed.error
    assert Counter(Attempt.objects.values_list("happened", flat=True)) == {"sent": 2, "failed": 1}


def test_a_batch_that_takes_too_long_leaves_the_rest_to_another_task(due):
    claimed, questions = due(3)

    def now():
        # Each mail takes as long as a whole batch may.
        return questions[0].deadline_at + len(mail.outbox) * (LONGEST_BATCH + timedelta(seconds=1))

    came = send_claimed(claimed, clock=now)
    assert (came.sent, came.left) == (1, list(claimed.keys[1:]))
    assert not Attempt.objects.exclude(reminder=claimed.keys[0]).exists()
    rest = Claimed(Reminder, came.left, claimed.claim)
    assert send_claimed(rest, clock=lambda: questions[0].deadline_at).sent == 2
    assert len(mail.outbox) == 3


@pytest.mark.parametrize("attempts", [1, MOST_ATTEMPTS])
def test_what_was_accepted_and_not_marked_is_marked_and_not_sent_again(due, attempts):
    """A worker was cut off between the server's yes to one of its batch and the mark of them all."""
    claimed, questions = due(2)
    now = questions[0].deadline_at
    first = begin(Reminder, claimed.keys[0], claimed.claim, now)
    message = Sent(
        channel="mail", address="erin@example.org", subject="Due", body="", html="", message_id="<1>"
    )
    keep_message(nudge=first, message=message, now=now)
    Reminder.objects.filter(pk=first.pk).update(attempts=attempts)
    swept = sweep_in_foreground(clock=lambda: now + LEASE)
    assert (swept.sent, swept.failed, swept.dead) == (2, 0, 0)
    assert [each.subject for each in mail.outbox] == ["Due now: Will it snow on day 1?"]
    first.refresh_from_db()
    assert (first.sent_at, first.attempts) == (now + LEASE, attempts)


def test_what_was_answered_before_its_turn_is_passed_over(due):
    claimed, questions = due(2)
    now = questions[0].deadline_at
    resolve(questions[0], at=questions[0].opens_at, now=now)
    assert send_claimed(claimed, clock=lambda: now).sent == 1
    assert [each.subject for each in mail.outbox] == ["Due now: Will it snow on day 1?"]
