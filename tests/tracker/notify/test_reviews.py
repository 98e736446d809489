"""Whoever must act on an answer is told: a lead of a dispute, a second editor, a lead between two."""

from datetime import timedelta

import pytest
from django.core import mail

from forecasts.models import Absence, Digest, Dispute, Mode, Preferences, Reminder, Role
from forecasts.people.writes.ties import declare_tie
from forecasts.reminders.reads import put_off_until
from forecasts.reminders.writes import SnoozeRefusedError, snooze_reminder
from forecasts.verdicts.writes.disputes import dispute_answer, overturn_answer, uphold_answer
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.give import pending_on
from forecasts.verdicts.writes.resolutions import adjudicate_question, answer_question, reopen_question
from tests.records import NOW, exhibit, make_desk, make_question, make_source, make_user, resolve, say
from tracker.notify.delivery.sweep import sweep_in_foreground

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YES = Finding(answer="outcome", outcome=1, occurred_at=NOW)
NO = Finding(answer="outcome", outcome=0, occurred_at=NOW, note="It no longer can.")


def sweep(now):
    """Sweep, and return whom it wrote to, and of what."""
    mail.outbox.clear()
    sweep_in_foreground(clock=lambda: now)
    return [(each.to[0].partition("@")[0], each.subject.partition(":")[0]) for each in mail.outbox]


@pytest.fixture
def desk():
    desk = make_desk()
    make_user(desk=desk)
    make_user("lena", Role.LEAD, desk)
    return desk


@pytest.fixture
def question(desk):
    """A question that was answered at noon on 1 January."""
    question = make_question(desk=desk)
    resolve(question)
    return question


def dispute(question, now=NOW, raised_by="Testa"):
    return dispute_answer(question=question, reason="It was sleet.", raised_by=raised_by, by=None, now=now)


def lead_of(desk):
    return desk.memberships.get(role=Role.LEAD).user


def test_a_dispute_tells_a_lead_at_once_and_again_until_it_is_decided(question):
    raised = dispute(question)
    assert sweep(NOW) == [("lena", "Answer disputed")]
    told = [(day, sweep(NOW + day * DAY)) for day in range(1, 50)]
    assert [day for day, sent in told if sent] == [3, 7, 14, 44]
    assert {each for _day, sent in told for each in sent} == {("lena", "Answer disputed")}
    uphold_answer(dispute=raised, reason="It was snow.", by=None, now=NOW + 50 * DAY)
    assert [sweep(NOW + day * DAY) for day in range(50, 150)] == [[]] * 100
    assert not Reminder.objects.pending().exists()


def test_the_mail_says_that_the_answer_stands_until_it_is_looked_at_again(question):
    dispute(question)
    sweep(NOW)
    body = mail.outbox[0].body
    assert "It stands until the head of desk has reviewed it" in body
    assert "answered, and disputed" in body
    assert "Look at it again here:" in body
    assert "overdue" not in body


def test_a_second_dispute_sends_nothing_more_and_ends_with_the_last(question):
    first, second = dispute(question), dispute(question, raised_by="Another")
    assert len(sweep(NOW)) == 1
    uphold_answer(dispute=first, reason="It stands.", by=None, now=NOW + DAY)
    assert len(sweep(NOW + 3 * DAY)) == 1
    uphold_answer(dispute=second, reason="It stands.", by=None, now=NOW + 4 * DAY)
    assert not Reminder.objects.pending().exists()


def test_overturning_and_reopening_end_it(question, desk):
    dispute(question)
    reopen_question(question=question, reason="In doubt.", by=None, now=NOW)
    assert [each.about for each in Reminder.objects.pending()] == [""]

    resolve(question, now=NOW + DAY)
    dispute(question, now=NOW + DAY)
    overturn_answer(
        question=question, finding=NO, evidence=[exhibit()], reason="Sleet.", by=None, now=NOW + 2 * DAY
    )
    assert not Reminder.objects.pending().exists()
    assert sweep(NOW + 30 * DAY) == []


def test_it_waits_for_allowed_hours_and_for_the_digest(question, desk):
    lena = lead_of(desk)
    Preferences.objects.create(user=lena, mode=Mode.DAILY, digest_hour=8)
    dispute(question)
    assert sweep(NOW) == []
    digest = Digest.objects.get()
    assert [to for to, _subject in sweep(digest.due_at)] == ["lena"]
    assert "answered, and disputed" in mail.outbox[0].body


def test_what_was_decided_in_the_meantime_is_not_in_the_digest(question, desk):
    Preferences.objects.create(user=lead_of(desk), mode=Mode.DAILY, digest_hour=8)
    raised = dispute(question)
    sweep(NOW)
    uphold_answer(dispute=raised, reason="It stands.", by=None, now=NOW)
    assert sweep(NOW + 2 * DAY) == []


@pytest.mark.parametrize("why", ["away", "tied"])
def test_a_lead_who_cannot_decide_is_passed_over(question, desk, why):
    lena, source = lead_of(desk), make_source()
    make_user("olga", Role.LEAD, desk)
    say(question, source, 0.5)
    if why == "away":
        Absence.objects.create(user=lena, away_from=NOW.date(), back_on=NOW.date() + 20 * DAY)
    else:
        declare_tie(user=lena, source=source, since=NOW.date(), note="Sister.", by=None, now=NOW)
    dispute(question)
    assert sweep(NOW) == [("olga", "Answer disputed")]


def test_a_desk_that_tells_no_lead_of_delays_tells_him_of_disputes(question, desk):
    desk.escalate_after_days = None
    desk.save()
    dispute(question)
    assert sweep(NOW) == [("lena", "Answer disputed")]


def test_a_dispute_that_nobody_can_decide_is_seen_to_fail(desk):
    desk.memberships.filter(role=Role.LEAD).delete()
    question = make_question("Did it rain?", desk=desk)
    resolve(question)
    dispute(question)
    assert sweep(NOW) == []
    assert "Nobody on the desk can be reminded" in Reminder.objects.pending().get().error


def test_it_is_put_off_and_comes_back(question, desk):
    dispute(question)
    sweep(NOW)
    sent = Reminder.objects.get(sent_at__isnull=False)
    armed = snooze_reminder(reminder=sent, until=NOW + 5 * DAY, by=None, now=NOW)
    assert (armed.about, armed.escalated) == ("disputed", True)
    assert put_off_until(questions=[question.pk]) == {}  # The inbox tells of editors' reminders.
    assert [day for day in range(1, 10) if sweep(NOW + day * DAY)] == [5, 7]
    uphold_answer(dispute=Dispute.objects.get(), reason="It stands.", by=None, now=NOW + 10 * DAY)
    with pytest.raises(SnoozeRefusedError):
        snooze_reminder(reminder=sent, until=NOW + 20 * DAY, by=None, now=NOW + 10 * DAY)


def test_a_dispute_from_before_there_were_such_reminders_is_found_by_the_sweep(question):
    dispute(question)
    Reminder.objects.filter(stage="disputed").delete()
    assert sweep(NOW) == [("lena", "Answer disputed")]
    assert sweep(NOW) == []


@pytest.fixture
def of_two():
    desk = make_desk(verdicts_required=2)
    people = {name: make_user(name, role, desk) for name, role in PEOPLE.items()}
    question = make_question(desk=desk, assignee=people["erin"])
    say(question, make_source(), 0.5)
    return question, people


PEOPLE = {"erin": Role.EDITOR, "anna": Role.EDITOR, "lena": Role.LEAD}


def give(question, by, finding=YES, now=NOW):
    return answer_question(question=question, finding=finding, evidence=[exhibit()], by=by, now=now)


def test_the_second_editor_is_asked_at_once_and_never_the_first(of_two):
    question, people = of_two
    question.desk.memberships.filter(role=Role.LEAD).delete()
    give(question, people["erin"])
    assert sweep(NOW) == [("anna", "Second verdict needed")]
    assert "given without seeing the first" in mail.outbox[0].body
    give(question, people["erin"], now=NOW + DAY)  # A verdict replaced asks nobody anew.
    assert [day for day in range(1, 10) if sweep(NOW + day * DAY)] == [3, 7]
    give(question, people["anna"], now=NOW + 10 * DAY)
    assert not Reminder.objects.pending().exists()


def test_a_lead_is_asked_at_once_to_decide_and_again_until_decided(of_two):
    question, people = of_two
    give(question, people["erin"])
    sweep(NOW)
    give(question, people["anna"], NO, now=NOW + DAY)
    told = [(day, sweep(NOW + day * DAY)) for day in range(1, 14)]
    assert [(day, sent) for day, sent in told if sent] == [
        (day, [("lena", "Decide between two verdicts")]) for day in (1, 4, 8)
    ]
    adjudicate_question(
        question=question,
        sides_with=pending_on(question)[0],
        reason="Clear.",
        by=people["lena"],
        now=NOW + 14 * DAY,
    )
    assert not Reminder.objects.pending().exists()
    assert sweep(NOW + 60 * DAY) == []
