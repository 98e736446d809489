"""Two weeks of a desk's life, by passing time: nobody is flooded, and nothing is forgotten."""

import random
import smtplib
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.mail.backends.locmem import EmailBackend

from forecasts.desk.reads.inbox import unanswered
from forecasts.hours import Hours
from forecasts.models import Absence, Message, Preferences, Question, Reminder, Role, Snooze, Turn
from forecasts.reminders.reads import unarmed_questions
from forecasts.reminders.writes import snooze_reminder
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.resolutions import answer_question
from tests.records import exhibit, make_desk, make_question, make_user, resolve
from tracker.notify.delivery.sweep import Swept, sweep_in_foreground

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MONDAY = datetime(2020, 6, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STOCKHOLM, NEW_YORK = "Europe/Stockholm", "America/New_York"
QUESTIONS, CAP = 200, 10


class SometimesDown(EmailBackend):
    """A mail server that is down on the first Tuesday's morning."""

    down = False

    def send_messages(self, messages):
        if SometimesDown.down:
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        return super().send_messages(messages)


class Life:
    """The desk, its people, what they do with a reminder, and what was counted."""

    def __init__(self):
        self.chance = random.Random(7)
        self.counts, self.did = Counter(), Counter()
        self.desk = make_desk(
            stages=[-3, 0, 2, 5],
            escalate_after_days=5,
            working_days=[0, 1, 2, 3, 4],
            quiet_from=time(17),
            quiet_until=time(8),
        )
        self.lead = make_user("lena", role=Role.LEAD, desk=self.desk)
        self.editors = [make_user(f"editor{number}", desk=self.desk) for number in range(6)]
        plain, daily, weekly, overseas, away, rota = self.editors
        Preferences.objects.create(user=daily, mode="daily")
        Preferences.objects.create(user=weekly, mode="weekly", digest_weekday=2)
        Preferences.objects.create(user=overseas, zone=NEW_YORK)
        Absence.objects.create(user=away, away_from=date(2020, 6, 8), back_on=date(2020, 6, 22), deputy=plain)
        Turn.objects.create(desk=self.desk, user=rota, from_day=date(2020, 6, 1))
        for number in range(QUESTIONS):
            make_question(
                f"Will it snow on day {number}?",
                desk=self.desk,
                on=date(2020, 5, 20) + timedelta(days=number % 30),
                assignee=self.editors[number % 6] if number % 6 != 5 else None,
            )

    def live(self, now):
        """Sweep, and let those who got something do something about some of it."""
        # From eight to eleven in Stockholm.
        SometimesDown.down = datetime(2020, 6, 2, 6, tzinfo=UTC) <= now < datetime(2020, 6, 2, 9, tzinfo=UTC)
        swept = sweep_in_foreground(clock=lambda: now)
        for name in Swept.__slots__:
            self.counts[name] += getattr(swept, name)
        told = list(Reminder.objects.filter(sent_at=now).select_related("question__desk", "recipient"))
        asked = {each.question_id for each in told}
        waiting = set(unanswered().filter(pk__in=asked).order_by().values_list("pk", flat=True))
        for reminder in told:
            if reminder.question_id in waiting and self.react(reminder, now) == "resolve":
                waiting.remove(reminder.question_id)

    def react(self, reminder, now):
        """Do something about the reminder, or nothing, and return which."""
        do = self.chance.choices(["resolve", "snooze", "too early", "nothing"], [35, 10, 5, 50])[0]
        self.did[do] += 1
        if do == "resolve":
            resolve(reminder.question, at=reminder.question.opens_at, now=now)
        elif do == "snooze":
            until = now + timedelta(days=self.chance.choice([1, 7]))
            snooze_reminder(reminder=reminder, until=until, by=reminder.recipient, now=now)
        elif do == "too early":
            later = Finding(answer="too_early", check_again_on=(now + 4 * DAY).date())
            answer_question(question=reminder.question, finding=later, evidence=[exhibit()], by=None, now=now)
        return do


@pytest.fixture
def life(settings):
    settings.EMAIL_BACKEND = "tests.journeys.test_two_weeks_at_a_desk.SometimesDown"
    return Life()


def test_two_weeks_at_a_desk(life):
    # The nights pass without a sweep, as in an outage: what fell due in them waits for the morning anyway.
    hours = [day * DAY + hour * HOUR for day in range(14) for hour in (6, 7, 9, 12, 15, 20)]
    for passed in hours:
        life.live(MONDAY + passed)
    end = MONDAY + hours[-1]
    print(dict(life.counts), dict(life.did))

    # Everything happened that can happen, and the outage of a morning cost no message.
    for name in ("sent", "failed", "escalated", "capped", "digests", "digested", "deferred"):
        assert life.counts[name] > 0, name
    assert min(life.did[do] for do in ("resolve", "snooze", "too early", "nothing")) > 0
    assert (life.counts["dead"], life.counts["unarmed"]) == (0, 0)
    assert Snooze.objects.count() == life.did["snooze"]
    assert life.counts["sent"] == Message.objects.count()

    _nobody_gets_too_much_or_at_a_bad_time(life)
    _nobody_is_told_the_same_twice()
    _nothing_is_forgotten(end)


def _nobody_gets_too_much_or_at_a_bad_time(life):
    a_day = Counter()
    for message in Message.objects.all():
        zone = NEW_YORK if message.address.startswith("editor3@") else STOCKHOLM
        office = Hours(zone=zone, days=range(5), opens=time(8), closes=time(17))
        assert office.allow(message.sent_at), message
        a_day[message.address, message.sent_at.astimezone(ZoneInfo(zone)).date()] += 1
    assert max(a_day.values()) == CAP
    by_digest = [
        count for (address, _), count in a_day.items() if address.startswith(("editor1@", "editor2@"))
    ]
    assert set(by_digest) == {1}
    away = {day for address, day in a_day if address.startswith("editor4@")}
    assert max(away) < date(2020, 6, 8)


def _nobody_is_told_the_same_twice():
    told = Counter(
        Reminder.objects.filter(sent_at__isnull=False)
        .exclude(stage="snoozed")
        .values_list("question", "stage", "counts_from", "recipient")
    )
    assert set(told.values()) == {1}
    ids = Counter(Message.objects.values_list("message_id", flat=True))
    assert set(ids.values()) == {1}


def _nothing_is_forgotten(end):
    assert not unarmed_questions().exists()
    answered = Question.objects.exclude(pk__in=unanswered().order_by().values("pk"))
    assert not Reminder.objects.pending().filter(question__in=answered).exists()
    for question in unanswered().prefetch_related("reminders"):
        reminders = list(question.reminders.all())
        armed = [each for each in reminders if not each.sent_at and not each.ended_at and not each.escalated]
        assert len(armed) == 1, question
        if question.deadline_at <= end - 3 * DAY:
            told = any(each.sent_at for each in reminders)
            assert told or armed[0].digest or armed[0].due_at <= end + 3 * DAY, question
