"""Put off, given up, sent again, repaired: nothing that waits is left without a reminder."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from forecasts.delivery.writes.claims import claim_reminders
from forecasts.delivery.writes.digests import claim_digests
from forecasts.delivery.writes.sending import (
    MOST_ATTEMPTS,
    NotGivenUpError,
    record_failure,
    record_sent,
    send_again,
)
from forecasts.models import Attempt, Digest, Preferences, Reminder, Role, Snooze
from forecasts.questions.writes.lifecycle import assign_question, move_deadline
from forecasts.reminders.reads import dead_letters, unarmed_questions
from forecasts.reminders.writes import SnoozeRefusedError, arm_reminder, arm_unarmed, snooze_reminder
from forecasts.schedule import Deadline
from forecasts.verdicts.writes.resolutions import reopen_question
from tests.records import NOW, ZONE, begin, make_desk, make_question, make_user, resolve

pytestmark = pytest.mark.django_db
DUE = NOW.replace(month=6, day=30, hour=22)
DAY = timedelta(days=1)


@pytest.fixture
def desk():
    desk = make_desk(stages=[0, 3, 7, 14])
    make_user("erin", desk=desk)
    make_user("lena", role=Role.LEAD, desk=desk)
    return desk


def _send_due(now):
    """Send what is due, and return the stages."""
    found = claim_reminders(now=now)
    stages = []
    for pk in found.claimed:
        reminder = begin(kind=Reminder, pk=pk, claim=found.claim, now=now)
        record_sent(reminders=[reminder], now=now)
        stages.append(reminder.stage)
    return stages


def _give_up(now, kind=Reminder, claim=claim_reminders):
    """Fail at every attempt, and return when the last one was."""
    for _ in range(MOST_ATTEMPTS):
        claimed = claim(now=now)
        nudge = begin(kind=kind, pk=claimed.claimed[0], claim=claimed.claim, now=now)
        record_failure(nudge=nudge, error="Connection refused", now=now)
        nudge.refresh_from_db()
        last, now = now, nudge.lease_until
    return last


# Put off


def test_a_sent_reminder_is_put_off_and_the_ladder_goes_on_from_then(desk):
    question = make_question(desk=desk)
    assert _send_due(DUE) == ["due"]
    erin = question.desk.memberships.get(role=Role.EDITOR).user
    until = DUE + 9 * DAY
    reminder = Reminder.objects.get(stage="due")
    armed = snooze_reminder(
        reminder=reminder, until=until, by=erin, now=DUE + DAY, reason="The report is late."
    )
    assert (armed.stage, armed.due_at) == ("snoozed", until)
    assert Reminder.objects.get(stage="overdue-3").ended_because == "put off"
    kept = Snooze.objects.get()
    assert (kept.recorded_by, kept.until, kept.reason) == (erin, until, "The report is late.")
    assert _send_due(DUE + 8 * DAY) == []
    assert _send_due(until) == ["snoozed"]
    assert Reminder.objects.armed().filter(escalated=False).get().stage == "overdue-14"


def test_putting_off_does_not_keep_it_from_the_lead(desk):
    make_question(desk=desk, assignee=User.objects.get(username="erin"))
    _send_due(DUE)
    snooze_reminder(reminder=Reminder.objects.get(stage="due"), until=DUE + 60 * DAY, by=None, now=DUE + DAY)
    assert _send_due(DUE + 14 * DAY) == ["escalated-14"]
    # The lead may put it off too; the editor's is left alone.
    to_lead = Reminder.objects.get(escalated=True)
    snooze_reminder(reminder=to_lead, until=DUE + 20 * DAY, by=None, now=DUE + 14 * DAY)
    assert _send_due(DUE + 20 * DAY) == ["snoozed"]
    assert _send_due(DUE + 60 * DAY) == ["snoozed"]


def test_what_waits_in_a_digest_is_put_off_as_well(desk):
    erin = desk.memberships.get(role=Role.EDITOR).user
    Preferences.objects.create(user=erin, mode="weekly")
    question = make_question(desk=desk, assignee=erin)
    claim_reminders(now=DUE)
    snooze_reminder(reminder=Reminder.objects.get(), until=DUE + 30 * DAY, by=erin, now=DUE)
    assert Reminder.objects.armed().get(escalated=False).due_at == DUE + 30 * DAY
    assert Digest.objects.get().reminders.armed().count() == 0
    assert question.snoozes.count() == 1


@pytest.mark.parametrize("until", [DUE, DUE - DAY, DUE + 400 * DAY])
def test_a_snooze_that_makes_no_sense_is_refused(desk, until):
    make_question(desk=desk)
    with pytest.raises(SnoozeRefusedError, match="until a later day"):
        snooze_reminder(reminder=Reminder.objects.get(), until=until, by=None, now=DUE)
    assert Reminder.objects.armed().count() == 1


def test_an_answered_question_is_not_put_off(desk):
    question = make_question(desk=desk)
    resolve(question, at=question.opens_at, now=DUE)
    with pytest.raises(SnoozeRefusedError, match="nothing to snooze"):
        snooze_reminder(reminder=Reminder.objects.get(), until=DUE + DAY, by=None, now=DUE)


def test_a_snooze_is_written_once(desk):
    make_question(desk=desk)
    snooze_reminder(reminder=Reminder.objects.get(), until=DUE + DAY, by=None, now=DUE)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE forecasts_snooze SET reason = 'x'")


# Given up, and sent again


def test_after_a_day_of_failures_it_is_given_up_and_the_ladder_goes_on(desk):
    make_question(desk=desk)
    last = _give_up(DUE)
    dead = Reminder.objects.dead().get()
    assert (dead.dead_at, dead.error, dead.attempts) == (last, "Connection refused", MOST_ATTEMPTS)
    assert last - DUE > DAY
    assert [each.happened for each in dead.log.all()] == ["failed"] * (MOST_ATTEMPTS - 1) + ["given_up"]
    assert dead_letters() == 1
    assert Reminder.objects.armed().get().stage == "overdue-3"
    # By itself it is never tried again.
    assert claim_reminders(now=last + DAY).due == 0


def test_a_dead_letter_is_sent_again_when_a_lead_says_so(desk):
    make_question(desk=desk)
    now = _give_up(DUE)
    dead, lena = Reminder.objects.dead().get(), desk.memberships.get(role=Role.LEAD).user
    send_again(nudge=dead, by=lena, now=now)
    assert Reminder.objects.get(stage="overdue-3").ended_because == "an earlier one is sent again"
    assert _send_due(now) == ["due"]
    assert Reminder.objects.armed().get().stage == "overdue-3"
    happened = list(dead.log.values_list("happened", "worker"))[-2:]
    assert happened == [("again", "asked for by lena"), ("sent", "")]
    with pytest.raises(NotGivenUpError):
        send_again(nudge=dead, by=lena, now=now)


def test_a_resolved_question_takes_its_dead_letter_along(desk):
    question = make_question(desk=desk)
    now = _give_up(DUE)
    resolve(question, at=question.opens_at, now=now)
    assert dead_letters() == 0


def test_a_digest_that_is_given_up_frees_what_was_in_it(desk):
    erin = desk.memberships.get(role=Role.EDITOR).user
    Preferences.objects.create(user=erin, mode="daily")
    make_question(desk=desk, assignee=erin)
    claim_reminders(now=DUE)
    digest = Digest.objects.get()
    now = _give_up(digest.due_at, kind=Digest, claim=claim_digests)
    assert claim_reminders(now=now).digested == 1
    assert Digest.objects.armed().get().reminders.count() == 1
    # Sent again, it takes what waits in the meantime.
    digest.refresh_from_db()
    send_again(nudge=digest, by=None, now=now)
    assert digest.reminders.armed().count() == 1
    assert claim_digests(now=now).claimed == [digest.pk]


def test_nobody_to_remind_is_a_failure_that_is_given_up_in_the_end():
    make_question(desk=make_desk())
    now = DUE
    for attempt in range(MOST_ATTEMPTS):
        assert claim_reminders(now=now).failed == 1, attempt
        now = Reminder.objects.order_by("pk").first().lease_until
    assert "Add a member" in Reminder.objects.dead().get().error
    assert Attempt.objects.count() == MOST_ATTEMPTS


# Nothing open without a reminder


def test_whatever_happens_to_an_open_question_it_has_one_armed_reminder(desk):
    question = make_question(desk=desk)

    def armed():
        assert not unarmed_questions().exists()
        return Reminder.objects.armed().filter(escalated=False).count()

    assert armed() == 1
    later = Deadline(on=date(2020, 9, 1), zone=ZONE)
    move_deadline(question=question, deadline=later, reason="Postponed.", by=None, now=NOW)
    assert armed() == 1
    arm_reminder(question=question, now=NOW, at=later.at + DAY)
    assert Reminder.objects.armed().get().stage == "check-again"
    _send_due(later.at + DAY)
    assert armed() == 1
    snooze_reminder(
        reminder=Reminder.objects.armed().get(), until=later.at + 5 * DAY, by=None, now=later.at + DAY
    )
    assert armed() == 1
    _give_up(later.at + 5 * DAY)
    assert armed() == 1
    assign_question(by=None, question=question, assignee=make_user("olof"), now=later.at + 9 * DAY)
    assert armed() == 1
    resolve(question, at=question.opens_at, now=later.at + 10 * DAY)
    assert armed() == 0
    reopen_question(question=question, reason="Retracted.", by=None, now=later.at + 11 * DAY)
    assert armed() == 1


def test_after_a_day_to_check_again_the_stages_count_from_there(desk):
    question = make_question(desk=desk, assignee=User.objects.get(username="erin"))
    checked = DUE + 100 * DAY
    arm_reminder(question=question, now=DUE, at=checked)
    told = [(day, stage) for day in range(130) for stage in _send_due(DUE + day * DAY)]
    assert told == [
        (100, "check-again"),
        (103, "overdue-3"),
        (107, "overdue-7"),
        (114, "overdue-14"),
        (114, "escalated-14"),
    ]


def test_what_lost_its_reminder_is_armed_by_the_next_sweep(desk):
    make_question(desk=desk)
    Reminder.objects.all().delete()
    assert unarmed_questions().count() == 1
    assert (arm_unarmed(now=NOW), arm_unarmed(now=NOW)) == (1, 0)
    assert Reminder.objects.get().stage == "due"


def test_what_is_left_in_a_digest_that_has_gone_is_freed(desk):
    erin = desk.memberships.get(role=Role.EDITOR).user
    Preferences.objects.create(user=erin, mode="daily")
    make_question(desk=desk, assignee=erin)
    claim_reminders(now=DUE)
    Digest.objects.update(sent_at=DUE)
    assert arm_unarmed(now=DUE) == 1
    assert Reminder.objects.due(DUE).count() == 1
