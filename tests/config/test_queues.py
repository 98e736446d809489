"""Every task has its queue, and none that anybody waits for within a minute is among the heavy ones."""

import pytest

from config.celery import app
from config.queues import HEAVY, QUEUES, SOON, TASK_ROUTES

QUEUE_AND_WHY = {
    "config.heartbeat.beat_heartbeat": (SOON, "a gap means that somebody is woken"),
    "tracker.tasks.sweep": (SOON, "finds what is due or was cut off, once a minute"),
    "tracker.tasks.send_reminders": (SOON, "somebody waits for each"),
    "tracker.tasks.send_digests": (SOON, "comes at an hour that its reader chose"),
    "tracker.tasks.tell_missed_chats": (SOON, "a message, tried again"),
    "tracker.tasks.send_invitation": (SOON, "somebody waits to be let in"),
    "tracker.tasks.arm_what_is_unarmed": (SOON, "without it there is nothing to remind of"),
    "tracker.tasks.sweep_secrets": (
        SOON,
        "what is kept of guesses must not wait behind boards to be deleted",
    ),
    "tracker.tasks.refresh_boards": (HEAVY, "hands on to the boards, and may wait as long as they do"),
    "tracker.tasks.refresh_board": (HEAVY, "minutes, for a million forecasts"),
    "tracker.tasks.refresh_past": (HEAVY, "the same, of a past date"),
    "tracker.tasks.keep_standings": (HEAVY, "computes each board"),
    "tracker.tasks.import_upload": (HEAVY, "up to the limit of a task"),
}


def test_every_task_has_a_queue() -> None:
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours == set(TASK_ROUTES)


@pytest.mark.parametrize("task", TASK_ROUTES)
def test_a_task_goes_to_the_queue_that_its_reader_can_wait_for(task: str) -> None:
    queue, why = QUEUE_AND_WHY[task]
    found = app.amqp.router.route({}, task)
    assert found["queue"].name == queue, why


def test_what_beat_sends_is_in_the_mapping() -> None:
    assert {each["task"] for each in app.conf.beat_schedule.values()} <= set(TASK_ROUTES)


def test_a_worker_that_names_no_queue_serves_all() -> None:
    assert set(app.amqp.queues) == {each.name for each in QUEUES} == {SOON, HEAVY}
