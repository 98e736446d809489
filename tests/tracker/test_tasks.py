"""Tasks: asked for once, when the fact is committed, and harmless twice."""

import ast
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.embedded.places import ROOT
from forecasts.boards.reads.standings import cache_key
from forecasts.models import Digest, Preferences, Reminder, Standing
from tests.records import make_board, make_desk, make_question, make_source, make_user, resolve, say
from tracker import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def asked(monkeypatch):
    """What was sent to the broker."""
    sent = []
    monkeypatch.setattr(tasks.refresh_boards, "apply_async", lambda **options: sent.append(options))
    return sent


def test_facts_ask_for_fresh_boards_once_when_they_are_committed(asked, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        question, source = make_question(), make_source()
        say(question, source, 0.9)
        resolve(question)
        assert asked == []
    assert asked == [{"countdown": tasks.REFRESH_AFTER}]


def test_a_fact_stands_also_where_the_broker_is_down(monkeypatch, django_capture_on_commit_callbacks):
    def fail(**_options):
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.refresh_boards, "apply_async", fail)
    with django_capture_on_commit_callbacks(execute=True):
        question = make_question()
        say(question, make_source(), 0.9)
    assert question.forecasts.count() == 1


@pytest.fixture
def boards_asked(monkeypatch):
    """Which boards a worker was asked to compute."""
    sent = []
    monkeypatch.setattr(
        "tracker.computing.handing.current_app.send_task",
        lambda _name, kwargs, **_rest: sent.append(kwargs["board_id"]),
    )
    return sent


def test_one_refresh_of_a_board_waits_at_most(asked, boards_asked):
    """A queue that stands still for an hour holds one task a board, not one for each fact."""
    board = make_board("one")
    for _ in range(5):
        tasks.refresh_boards()
    assert boards_asked == [board.pk]
    tasks.refresh_board(board_id=board.pk)
    tasks.refresh_boards()
    assert boards_asked == [board.pk] * 2, "what is recorded after it began is not in it"


def test_a_board_that_nobody_could_be_asked_for_is_asked_for_again(asked, monkeypatch):
    def fail(*_given, **_options):
        raise OperationalError("no broker")

    board = make_board("one")
    with monkeypatch.context() as broken:
        broken.setattr("tracker.computing.handing.current_app.send_task", fail)
        broken.setattr(tasks.refresh_boards, "apply_async", fail)
        assert tasks.ask_for_board(board.pk) is False
        with pytest.raises(OperationalError):
            tasks.ask_for_fresh_boards()
    tasks.ask_for_fresh_boards()
    assert len(asked) == 1
    sent = []
    monkeypatch.setattr(
        "tracker.computing.handing.current_app.send_task", lambda *given, **_rest: sent.append(given)
    )
    assert tasks.ask_for_board(board.pk) is True


def test_the_sweep_asks_for_what_no_worker_heard_of(asked, boards_asked):
    """A fact whose commit came while the broker was away is on the boards within a sweep of its return."""
    tasks.refresh_boards()
    tasks.sweep()
    assert asked == [], "no fact came since"
    say(make_question(), make_source(), 0.9)
    tasks.sweep()
    tasks.sweep()
    assert len(asked) == 1
    tasks.refresh_boards()
    tasks.sweep()
    assert len(asked) == 1


def test_whatever_is_asked_for_at_a_commit_can_fail_and_leave_the_commit_standing():
    """An exception there would tell whoever wrote that nothing was recorded."""
    fragile = [
        f"{path}:{call.lineno}"
        for room in ("config", "forecasts", "tracker")
        for path in (ROOT / room).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", "") == "on_commit"
        and not any(each.arg == "robust" and each.value.value is True for each in call.keywords)
    ]
    assert fragile == []


def test_a_refresh_asks_for_each_board_and_lets_later_facts_ask_again(asked, boards_asked):
    boards, sent = [make_board("one"), make_board("two")], boards_asked
    tasks.ask_for_fresh_boards()
    tasks.ask_for_fresh_boards()
    assert len(asked) == 1
    tasks.refresh_boards()
    assert sorted(sent) == [each.pk for each in boards]
    tasks.ask_for_fresh_boards()
    assert len(asked) == 2


def test_a_refreshed_board_is_in_the_cache_and_a_board_that_is_gone_does_no_harm(asked):
    board, question = make_board(), make_question()
    say(question, make_source(), 0.9)
    resolve(question)
    tasks.ask_for_board(board.pk)
    tasks.refresh_board(board_id=board.pk)
    figures = cache.get(cache_key(board=board))
    assert [each["n"] for each in figures] == [1]
    tasks.refresh_board(board_id=board.pk + 1)


def test_what_each_board_said_is_kept_once_a_day():
    boards = {make_board("one"), make_board("two")}
    tasks.keep_standings()
    tasks.keep_standings()
    kept = Standing.objects.all()
    assert {each.board for each in kept} == boards
    assert kept.count() == 2
    age = timezone.now() - kept[0].as_of
    assert timedelta(0) < age <= timedelta(days=1, hours=1)


def _due(mode="immediate"):
    desk = make_desk()
    Preferences.objects.create(user=make_user(desk=desk), mode=mode)
    make_question(desk=desk)


def test_a_sweep_hands_what_it_claimed_to_the_workers_and_a_claim_sends_once(monkeypatch):
    _due()
    handed = []
    monkeypatch.setattr(tasks.send_reminders, "delay", lambda keys, claim: handed.append((keys, claim)))
    for _ in range(2):
        tasks.sweep()
    [(keys, claim)] = handed
    for _ in range(2):
        tasks.send_reminders(keys, claim=claim)
    assert len(mail.outbox) == 1


def test_a_digest_is_handed_to_the_workers_as_well(monkeypatch):
    _due(mode="daily")
    tasks.sweep()
    Digest.objects.update(due_at=timezone.now())
    handed = []
    monkeypatch.setattr(tasks.send_digests, "delay", lambda keys, claim: handed.append((keys, claim)))
    tasks.sweep()
    [(keys, claim)] = handed
    for _ in range(2):
        tasks.send_digests(keys, claim=claim)
    assert len(mail.outbox) == 1


def test_what_lost_its_reminder_is_armed():
    make_question()
    Reminder.objects.all().delete()
    for _ in range(2):
        tasks.arm_what_is_unarmed()
    assert Reminder.objects.count() == 1
