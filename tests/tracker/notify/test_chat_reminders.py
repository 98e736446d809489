"""Reminders in a desk's chats: one for each stage and channel, whatever else fails."""

import json
from datetime import timedelta

import pytest
from django.core import mail

from forecasts.delivery.writes.sending import MOST_ATTEMPTS, send_again
from forecasts.models import Message, MissedChat, Reminder
from forecasts.people.writes.preferences import leave_channel, set_preferences
from tests.records import make_desk, make_question, make_source, make_user, resolve, say
from tests.told import tells
from tracker.notify.chat.send import masked
from tracker.notify.delivery.sweep import Swept, sweep_in_foreground

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOKEN = "c0ffee0123456789"


@pytest.fixture
def erin(desk):
    return make_user(desk=desk)


@pytest.fixture
def channel(room, desk, erin, settings):
    settings.CHAT_INTERNAL_HOSTS = ["127.0.0.1"]
    desk.channels = [f"json://127.0.0.1:{room.server_port}/hooks/{TOKEN}"]
    desk.save()
    return desk.channels[0]


@pytest.fixture
def question(desk):
    return make_question("Will it *snow* in @all Teststad?", desk=desk)


def sweep(at):
    return sweep_in_foreground(clock=lambda: at)


def heard(room):
    return [json.loads(body) for _, body in room.received]


def test_each_stage_is_told_once_by_mail_and_once_in_the_chat(room, channel, question):
    for day in range(-10, 9):
        for _ in range(2):
            sweep(question.deadline_at + day * DAY)
    sent = Reminder.objects.filter(sent_at__isnull=False).order_by("pk")
    assert [each.stage for each in sent] == ["before-7", "due", "overdue-3", "overdue-7"]
    assert len(mail.outbox) == len(room.received) == 4
    assert [Message.objects.filter(channel=each).count() for each in ("chat", "mail")] == [4, 4]


def test_it_says_what_is_asked_of_whom_and_rings_no_bell(room, channel, question):
    sweep(question.deadline_at + 2 * DAY)
    [told] = heard(room)
    assert told["title"] == "2 days overdue"
    assert "Will it \\*snow\\* in @\N{ZERO WIDTH SPACE}all Teststad?" in told["message"]
    assert "on or before 30 June 2020" in told["message"]
    assert "2 days overdue" in told["message"]
    assert "Asked: erin" in told["message"]
    assert f"/admin/forecasts/question/{question.pk}/change/>" in told["message"]


def test_nothing_in_it_tells_who_said_what(room, channel, question, desk):
    say(question, make_source("Ada Andersson"), 0.37)
    say(question, make_source("Bo Bengtsson"), 0.82)
    for blind in (False, True):
        desk.blind = blind
        desk.save()
        sweep(question.deadline_at + blind * 4 * DAY)
    for _, body in room.received:
        assert b"Andersson" not in body
        assert not tells(body, 37)
    assert len(room.received) == 2


def test_a_chat_that_is_down_repeats_no_mail_and_is_told_later(room, channel, question):
    room.answer, now = 503, question.deadline_at
    swept = sweep(now)
    assert (swept.sent, swept.failed) == (1, 1)
    # The person has it: the reminder is sent, and the next one armed.
    sent, armed = Reminder.objects.filter(escalated=False).order_by("pk")
    assert (sent.sent_at, armed.stage, armed.error) == (now, "overdue-3", "")
    missed = MissedChat.objects.get()
    assert missed.address == masked(channel)
    assert "503" in missed.error
    assert TOKEN not in missed.error
    assert sweep(now) == Swept()
    room.answer = 200
    swept = sweep(now + timedelta(minutes=2))
    assert (swept.due, swept.claimed, swept.sent, swept.failed) == (1, 1, 1, 0)
    assert len(mail.outbox) == 1
    assert len(room.received) == 2  # The one that was refused, and the one that was taken.
    assert Message.objects.count() == 2
    assert sweep(now + timedelta(hours=1)) == Swept()


def test_a_chat_that_never_comes_back_is_given_up_alone_and_told_again_when_a_lead_says_so(
    room, channel, question, desk
):
    desk.channels = [channel, channel + "two"]
    desk.save()
    room.answer = 503
    for hours in range(40):
        sweep(question.deadline_at + timedelta(hours=hours))
    # Eight attempts at each, within a day and a bit. The person was told once.
    assert len(room.received) == 2 * MOST_ATTEMPTS
    assert len(mail.outbox) == 1
    dead = list(MissedChat.objects.dead())
    assert len({each.address for each in dead}) == 2
    assert not Reminder.objects.dead().exists()
    assert dead[0].log.filter(happened="given_up").count() == 1
    room.answer, now = 200, question.deadline_at + 2 * DAY
    assert sweep(now).dead == 2
    send_again(nudge=dead[0], by=None, now=now)
    assert (sweep(now).sent, sweep(now).sent) == (1, 0)
    assert len(room.received) == 2 * MOST_ATTEMPTS + 1
    assert [each.address for each in Message.objects.filter(channel="chat")] == [dead[0].address]
    assert len(mail.outbox) == 1


def test_a_chat_is_told_nothing_of_a_question_that_has_its_answer_by_then(room, channel, question):
    room.answer = 503
    sweep(question.deadline_at)
    resolve(question, at=question.opens_at, now=question.deadline_at)
    assert MissedChat.objects.get().ended_because == "resolved"
    assert sweep(question.deadline_at + DAY) == Swept()
    assert len(room.received) == 1


def test_a_channel_that_was_taken_away_is_tried_no_more(room, channel, question, desk):
    room.answer = 503
    sweep(question.deadline_at)
    desk.channels = []
    desk.save()
    assert sweep(question.deadline_at + DAY).failed == 0
    assert MissedChat.objects.get().ended_because == "the desk has this channel no more"
    assert len(room.received) == 1


def test_a_digest_s_chat_that_was_down_is_told_what_is_left_of_it(room, channel, question, desk, erin):
    set_preferences(user=erin, wishes={"mode": "daily"})
    other = make_question("Will it rain?", desk=desk)
    now = question.deadline_at
    sweep(now)
    room.answer = 503
    swept = sweep(now + DAY)
    assert (swept.sent, swept.digests, swept.failed) == (1, 1, 1)
    resolve(other, at=other.opens_at, now=now + DAY)
    room.answer = 200
    assert sweep(now + DAY + timedelta(minutes=2)).sent == 1
    assert len(mail.outbox) == 1
    told = heard(room)[-1]["message"]
    assert "Teststad" in told
    assert "rain" not in told


def test_a_mail_server_that_is_down_repeats_no_chat(room, channel, question, settings):
    settings.EMAIL_BACKEND = "tests.tracker.notify.test_sweep.RefusingServer"
    now = question.deadline_at
    assert sweep(now).failed == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert sweep(now + timedelta(minutes=2)).sent == 1
    assert len(mail.outbox) == len(room.received) == 1


def test_the_outbox_keeps_the_mask_and_never_the_address(room, channel, question):
    sweep(question.deadline_at)
    kept = Message.objects.get(channel="chat")
    assert kept.address.startswith("json://…/****")
    for column in Message._meta.fields:
        assert TOKEN not in str(getattr(kept, column.attname))


def test_two_channels_are_two_messages(room, channel, question, desk):
    desk.channels = [channel, channel + "two"]
    desk.save()
    sweep(question.deadline_at)
    assert sorted(path for path, _ in room.received) == [f"/hooks/{TOKEN}", f"/hooks/{TOKEN}two"]
    assert len({each.address for each in Message.objects.filter(channel="chat")}) == 2


def test_a_digest_tells_each_desk_of_its_own_questions(room, channel, question, desk, erin):
    set_preferences(user=erin, wishes={"mode": "daily"})
    sports = make_desk("sports", channels=[channel + "sports"])
    other = make_question("Will they win?", desk=sports)
    other.assignee = erin
    other.save()
    now = question.deadline_at
    sweep(now)
    assert room.received == []
    sweep(now + DAY)
    told = {path: json.loads(body) for path, body in room.received}
    assert set(told) == {f"/hooks/{TOKEN}", f"/hooks/{TOKEN}sports"}
    assert told[f"/hooks/{TOKEN}sports"]["title"] == "1 question for erin to answer"
    assert "Will they win?" in told[f"/hooks/{TOKEN}sports"]["message"]
    assert "Will they win?" not in told[f"/hooks/{TOKEN}"]["message"]
    assert len(mail.outbox) == 1


def test_whoever_left_the_mail_is_still_told_in_the_chat(room, channel, question, erin):
    leave_channel(user=erin, channel="mail")
    assert sweep(question.deadline_at).sent == 1
    assert mail.outbox == []
    assert len(room.received) == 1


def test_a_swedish_desk_s_chat_is_told_in_swedish(room, channel, question, desk):
    desk.language = "sv"
    desk.save()
    sweep(question.deadline_at)
    assert "juni 2020" in heard(room)[0]["message"]
