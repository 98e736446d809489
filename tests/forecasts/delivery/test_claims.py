"""What becomes of what is due: sent now, later by the clock, or in a digest; and never too much."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forecasts.delivery.writes.claims import claim_reminders
from forecasts.delivery.writes.digests import claim_digests
from forecasts.delivery.writes.sending import (
    LEASE,
    MOST_ATTEMPTS,
    Sent,
    keep_message,
    record_digest_sent,
    record_failure,
    record_sent,
)
from forecasts.models import Absence, Attempt, Digest, Preferences, Reminder, Role
from forecasts.questions.writes.lifecycle import assign_question
from forecasts.reminders.reads import in_digest
from tests.records import NOW, begin, make_desk, make_question, make_user, resolve

pytestmark = pytest.mark.django_db
# Midnight in Stockholm, when the questions of the tests fall due; a Wednesday.
DUE = NOW.replace(month=6, day=30, hour=22)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def erin(desk):
    return make_user("erin", desk=desk)


def _questions(count, **rest):
    return [make_question(f"Will it snow on day {number}?", **rest) for number in range(count)]


def _claim(now=DUE):
    found = claim_reminders(now=now)
    counted = {"claimed": len(found.claimed)}
    for name in ("escalated", "deferred", "digested", "capped", "ended", "failed"):
        counted[name] = getattr(found, name)
    assert sum(counted.values()) - found.escalated == found.due
    return {name: number for name, number in counted.items() if number}


def _digest_of(user):
    return [(digest.on, digest.reminders.count()) for digest in user.digests.order_by("on")]


def test_ten_a_day_and_the_rest_join_the_next_digest(desk, erin):
    _questions(13, desk=desk)
    assert _claim() == {"claimed": 10, "capped": 3}
    # The day is full, and it has just begun: the digest is tomorrow's.
    assert _digest_of(erin) == [(date(2020, 7, 2), 3)]
    assert _claim() == {}
    assert Digest.objects.get().due_at == DUE + DAY + 8 * HOUR


def test_a_digest_takes_one_of_its_day_s_places(desk, erin):
    Preferences.objects.create(user=erin, cap=3)
    _questions(5, desk=desk)
    assert _claim() == {"claimed": 3, "capped": 2}
    Reminder.objects.exclude(claim=None).update(sent_at=DUE)
    # Tomorrow two of three are left.
    _questions(4, desk=desk, on=date(2020, 7, 1))
    assert _claim(now=DUE + DAY) == {"claimed": 2, "capped": 2}
    assert _digest_of(erin) == [(date(2020, 7, 2), 4)]


def test_a_retry_takes_no_second_place(desk, erin):
    Preferences.objects.create(user=erin, cap=1)
    make_question(desk=desk)
    claimed = claim_reminders(now=DUE)
    reminder = begin(kind=Reminder, pk=claimed.claimed[0], claim=claimed.claim, now=DUE)
    record_failure(nudge=reminder, error="Connection refused", now=DUE)
    assert _claim(now=DUE + HOUR) == {"claimed": 1}


@pytest.mark.django_db(transaction=True)
def test_ten_workers_at_once_keep_to_one_person_s_cap():
    desk = make_desk()
    make_user("erin", desk=desk)
    _questions(30, desk=desk)

    def take(_):
        try:
            return len(claim_reminders(now=DUE, limit=3).claimed)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(take, range(10))) == 10
    while claim_reminders(now=DUE).due:
        pass
    assert Reminder.objects.exclude(digest=None).count() == 20
    assert Digest.objects.count() == 1


def test_a_daily_digest_holds_everything_due_the_latest_first(desk, erin):
    Preferences.objects.create(user=erin, mode="daily", digest_hour=7)
    late = make_question("Late?", desk=desk, on=date(2020, 6, 1))
    soon = make_question("Soon?", desk=desk)
    assert _claim() == {"digested": 2}
    [digest] = Digest.objects.all()
    assert (digest.on, digest.due_at) == (date(2020, 7, 1), DUE + 7 * HOUR)
    assert [each.question for each in in_digest(digest=digest)] == [late, soon]


def test_a_weekly_digest_waits_for_its_day(desk, erin):
    Preferences.objects.create(user=erin, mode="weekly", digest_weekday=4)
    make_question(desk=desk)
    assert _claim() == {"digested": 1}
    assert Digest.objects.get().on == date(2020, 7, 3)


def test_what_is_answered_drops_out_and_the_next_stage_counts_from_the_digest(desk, erin):
    Preferences.objects.create(user=erin, mode="daily")
    answered, other = _questions(2, desk=desk)
    _claim()
    resolve(answered, at=answered.opens_at, now=DUE)
    late = DUE + 2 * DAY
    claimed = claim_digests(now=late)
    digest = begin(kind=Digest, pk=claimed.claimed[0], claim=claimed.claim, now=late)
    inside = list(in_digest(digest=digest))
    assert [each.question for each in inside] == [other]
    record_digest_sent(digest=digest, reminders=inside, now=late)
    [following] = Reminder.objects.pending()
    assert (following.question, following.stage) == (other, "overdue-3")


def test_a_digest_with_nothing_left_to_say_is_ended(desk, erin):
    Preferences.objects.create(user=erin, mode="daily")
    question = make_question(desk=desk)
    _claim()
    resolve(question, at=question.opens_at, now=DUE)
    claimed = claim_digests(now=DUE + DAY)
    digest = begin(kind=Digest, pk=claimed.claimed[0], claim=claimed.claim, now=DUE + DAY)
    record_digest_sent(digest=digest, reminders=[], now=DUE + DAY)
    digest.refresh_from_db()
    assert (digest.sent_at, digest.ended_because) == (None, "nothing left to say")


def test_what_joins_while_a_digest_is_written_finds_the_next_one(desk, erin):
    Preferences.objects.create(user=erin, mode="daily")
    first, second = _questions(2, desk=desk)
    _claim()
    digest = Digest.objects.get()
    inside = [each for each in in_digest(digest=digest) if each.question == first]
    record_digest_sent(digest=digest, reminders=inside, now=digest.due_at)
    assert Reminder.objects.due(digest.due_at).get().question == second
    assert _claim(now=digest.due_at) == {"digested": 1}
    assert Digest.objects.count() == 2


def test_quiet_hours_put_a_reminder_off_and_do_not_use_it_up(desk, erin):
    desk.quiet_from, desk.quiet_until, desk.working_days = "18:00", "08:00", [0, 1, 2, 3, 4]
    desk.save()
    make_question(desk=desk, on=date(2020, 7, 3))  # Friday: the deadline is Saturday's midnight.
    weekend = DUE + 3 * DAY
    assert _claim(now=weekend) == {"deferred": 1}
    monday = DUE + 5 * DAY + 8 * HOUR
    assert Reminder.objects.get().due_at == monday
    assert Reminder.objects.get().attempts == 0
    assert _claim(now=monday) == {"claimed": 1}


def test_a_digest_due_in_quiet_hours_waits_as_well(desk, erin):
    Preferences.objects.create(user=erin, mode="daily", working_from="08:00", working_until="18:00")
    make_question(desk=desk)
    _claim()
    at_night = DUE + 2 * DAY
    found = claim_digests(now=at_night)
    assert (found.due, found.claimed, found.deferred) == (1, [], 1)
    assert Digest.objects.get().due_at == at_night + 8 * HOUR


def test_a_digest_whose_person_is_away_goes_to_the_deputy(desk, erin):
    Preferences.objects.create(user=erin, mode="daily")
    make_question(desk=desk, assignee=erin)
    _claim()
    dora = make_user("dora", desk=desk)
    Absence.objects.create(user=erin, away_from=DUE.date(), back_on=date(2020, 8, 1), deputy=dora)
    morning = Digest.objects.get().due_at
    assert claim_digests(now=morning).claimed == []
    assert Digest.objects.get().ended_because == "its person is away"
    assert _claim(now=morning) == {"claimed": 1}
    assert Reminder.objects.get().recipient == dora


def test_a_question_that_gets_another_editor_leaves_the_digest(desk, erin):
    Preferences.objects.create(user=erin, mode="daily")
    question = make_question(desk=desk, assignee=erin)
    _claim()
    olof = make_user("olof", desk=desk)
    assign_question(by=None, question=question, assignee=olof, now=DUE)
    assert _claim() == {"claimed": 1}
    assert Reminder.objects.get().recipient == olof


def test_what_may_have_gone_out_goes_to_the_same_person_again(desk, erin):
    question = make_question(desk=desk, assignee=erin)
    claimed = claim_reminders(now=DUE)
    begin(kind=Reminder, pk=claimed.claimed[0], claim=claimed.claim, now=DUE, worker="one")
    # The worker was cut off. Meanwhile the question has another editor, who takes digests.
    olof = make_user("olof", desk=desk)
    Preferences.objects.create(user=olof, mode="daily")
    assign_question(by=None, question=question, assignee=olof, now=DUE)
    assert _claim(now=DUE + LEASE) == {"claimed": 1}
    assert Reminder.objects.get().recipient == erin
    assert [(each.worker, each.happened) for each in Attempt.objects.all()] == [("one", "lost")]


def test_what_one_channel_took_is_not_routed_anew(desk, erin):
    make_question(desk=desk, assignee=erin)
    claimed = claim_reminders(now=DUE)
    reminder = begin(kind=Reminder, pk=claimed.claimed[0], claim=claimed.claim, now=DUE)
    message = Sent(channel="mail", address="e@x", subject="Due", body="", html="", message_id="<1>")
    keep_message(nudge=reminder, message=message, now=DUE)
    record_failure(nudge=reminder, error="The chat is down", now=DUE)
    Preferences.objects.create(user=erin, mode="weekly")
    assert _claim(now=DUE + HOUR) == {"claimed": 1}


def test_what_was_answered_elsewhere_ends_when_it_would_be_sent(desk, erin):
    question = make_question(desk=desk)
    resolve(question, at=question.opens_at, now=DUE)
    # As an import leaves it, which writes resolutions and ends no reminder.
    Reminder.objects.update(ended_at=None, ended_because="")
    assert _claim() == {"ended": 1}
    assert Reminder.objects.get().ended_because == "resolved"


def test_a_message_that_cuts_every_worker_off_is_given_up(desk, erin):
    make_question(desk=desk)
    now = DUE
    for _ in range(MOST_ATTEMPTS):
        claimed = claim_reminders(now=now)
        begin(kind=Reminder, pk=claimed.claimed[0], claim=claimed.claim, now=now)
        now += LEASE
    found = claim_reminders(now=now)
    assert (found.due, found.claimed) == (1, [])
    assert "cut off" in Reminder.objects.dead().get().error
    assert Reminder.objects.armed().count() == 1


def test_the_queries_of_a_claim_do_not_grow_with_the_batch_or_the_people(desk, erin):
    def cost(now):
        with CaptureQueriesContext(connection) as queries:
            assert claim_reminders(now=now).claimed
        return len(queries)

    make_question(desk=desk, assignee=erin)
    few = cost(DUE)
    Reminder.objects.exclude(claim=None).update(sent_at=DUE)
    for question in _questions(5, desk=desk, on=date(2020, 7, 10)):
        other = make_user(f"editor{question.pk}", desk=desk)
        assign_question(by=None, question=question, assignee=other, now=DUE)
    assert cost(DUE + 20 * DAY) == few
    sent = Reminder.objects.exclude(claim=None).exclude(recipient=erin)
    assert sent.count() == 5
    assert all(each.recipient == each.question.assignee and each.recipient_as == "assignee" for each in sent)


def test_the_lead_is_told_once_after_a_fortnight(desk, erin):
    make_user("lena", role=Role.LEAD, desk=desk)
    question = make_question(desk=desk, assignee=erin)
    told = []
    for day in range(-10, 130):
        now = question.deadline_at + day * DAY
        found = claim_reminders(now=now)
        for pk in found.claimed:
            reminder = begin(kind=Reminder, pk=pk, claim=found.claim, now=now)
            record_sent(reminders=[reminder], now=now)
            told.append((day, reminder.stage, reminder.recipient.username))
    assert told == [
        (-7, "before-7", "erin"),
        (0, "due", "erin"),
        (3, "overdue-3", "erin"),
        (7, "overdue-7", "erin"),
        (14, "overdue-14", "erin"),
        (14, "escalated-14", "lena"),
        *((day, f"overdue-{day}", "erin") for day in (44, 74, 104)),
    ]


def test_a_desk_that_tells_no_lead(desk, erin):
    make_user("lena", role=Role.LEAD, desk=desk)
    desk.escalate_after_days = None
    desk.save()
    make_question(desk=desk, assignee=erin)
    found = claim_reminders(now=DUE + 40 * DAY)
    reminder = begin(kind=Reminder, pk=found.claimed[0], claim=found.claim, now=DUE + 40 * DAY)
    record_sent(reminders=[reminder], now=DUE + 40 * DAY)
    assert not Reminder.objects.filter(escalated=True).exists()
