"""Claim, then send: one message, never lost, never a flood."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from forecasts.delivery.writes.claims import claim_reminders
from forecasts.delivery.writes.sending import (
    LEASE,
    MOST_ATTEMPTS,
    ClaimedByAnotherError,
    Sent,
    keep_message,
    record_failure,
    record_sent,
)
from forecasts.models import Message, Reminder
from tests.records import begin, make_desk, make_question, make_user, resolve

pytestmark = pytest.mark.django_db


@pytest.fixture
def armed():
    desk = make_desk()
    make_user(desk=desk)
    make_question(desk=desk)
    return Reminder.objects.get()


def _claim(reminder, now=None):
    """Claim what is due, and return the reminder as its claim left it, or None."""
    found = claim_reminders(now=now or reminder.due_at)
    return Reminder.objects.get(pk=reminder.pk) if reminder.pk in found.claimed else None


def _begin(reminder, claim, now):
    return begin(kind=Reminder, pk=reminder.pk, claim=claim, now=now)


def _message(reminder):
    return Sent(
        channel="mail",
        address="erin@example.org",
        subject="Due",
        body="Due.",
        html="",
        message_id=f"<reminder-{reminder.pk}@example.org>",
    )


def test_what_is_not_due_is_not_claimed(armed):
    assert _claim(armed, now=armed.due_at - timedelta(seconds=1)) is None


def test_a_claim_is_a_lease(armed):
    first = _claim(armed)
    assert _claim(armed, now=armed.due_at + LEASE - timedelta(seconds=1)) is None
    second = _claim(armed, now=armed.due_at + LEASE)
    assert second.claim != first.claim
    assert second.attempts == 0  # Nobody began to send.


def test_a_claim_that_ran_out_or_is_being_sent_sends_nothing(armed):
    first = _claim(armed)
    _begin(armed, first.claim, armed.due_at)
    with pytest.raises(ClaimedByAnotherError):
        _begin(armed, first.claim, armed.due_at)
    second = _claim(armed, now=armed.due_at + LEASE)
    with pytest.raises(ClaimedByAnotherError):
        _begin(armed, first.claim, armed.due_at + LEASE)
    _begin(armed, second.claim, armed.due_at + LEASE)


def test_whoever_begins_to_send_has_a_whole_lease_for_it(armed):
    claimed = _claim(armed)
    late = armed.due_at + LEASE - timedelta(seconds=1)
    _begin(armed, claimed.claim, late)
    assert _claim(armed, now=armed.due_at + LEASE) is None
    assert _claim(armed, now=late + LEASE) is not None


def test_what_was_sent_is_recorded_and_the_next_one_counts_from_now(armed):
    reminder = _claim(armed)
    late = armed.due_at + timedelta(days=45)
    keep_message(nudge=reminder, message=_message(reminder), now=late)
    record_sent(reminders=[reminder], now=late)
    assert Message.objects.get().message_id == f"<reminder-{armed.pk}@example.org>"
    following, to_lead = Reminder.objects.pending().order_by("escalated")
    assert following.due_at > late
    assert (to_lead.stage, to_lead.due_at) == ("escalated-14", late)
    armed.refresh_from_db()
    assert armed.sent_at == late


def test_what_went_out_twice_is_recorded_once(armed):
    reminder = _claim(armed)
    for _ in range(2):
        keep_message(nudge=reminder, message=_message(reminder), now=armed.due_at)
        record_sent(reminders=[reminder], now=armed.due_at)
    assert Message.objects.count() == 1
    assert Reminder.objects.count() == 2


def test_a_question_resolved_while_the_mail_was_on_its_way_is_reminded_no_more(armed):
    reminder = _claim(armed)
    question = reminder.question
    resolve(question, at=question.opens_at, now=armed.due_at)
    keep_message(nudge=reminder, message=_message(reminder), now=armed.due_at)
    record_sent(reminders=[reminder], now=armed.due_at)
    assert Message.objects.count() == 1
    assert not Reminder.objects.pending().exists()


def test_a_failure_is_kept_and_tried_again_after_a_growing_pause(armed):
    now, pauses = armed.due_at, []
    for _ in range(MOST_ATTEMPTS - 1):
        reminder = _begin(armed, _claim(armed, now=now).claim, now)
        record_failure(nudge=reminder, error="Connection refused", now=now)
        armed.refresh_from_db()
        pauses.append(armed.lease_until - now)
        now = armed.lease_until
    assert armed.error == "Connection refused"
    assert [pause // timedelta(minutes=1) for pause in pauses] == [1, 4, 15, 60, 180, 480, 720]
    assert timedelta(days=1) < sum(pauses, timedelta()) < timedelta(days=1, hours=1)


@pytest.mark.django_db(transaction=True)
def test_ten_workers_at_once_make_one_claim():
    desk = make_desk()
    make_user(desk=desk)
    make_question(desk=desk)
    reminder = Reminder.objects.get()

    def take(_):
        try:
            return claim_reminders(now=reminder.due_at).claimed
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(take, range(10)))[-2:] == [[], [reminder.pk]]


def test_the_sweep_reads_its_partial_index(armed):
    with connection.cursor() as cursor:
        # On a table of one row any index will do: the one that also gives the order needs no sort.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        plan = Reminder.objects.due(armed.due_at).order_by("due_at", "id").explain()
    assert "reminder_to_sweep" in plan
