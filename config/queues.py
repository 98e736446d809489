"""
Which queue each task waits in, so that no reminder waits behind a board.

What somebody waits for within a minute is `soon`: the sweep, what it hands over, and the heartbeat. What
may take minutes is `heavy`. Each has worker processes of its own; a worker that names none serves both.
"""

from kombu import Queue

SOON, HEAVY = "soon", "heavy"
QUEUES = [Queue(SOON), Queue(HEAVY)]

# In Redis 0 comes first: a sweep and a heartbeat overtake thousands of messages that wait to be sent.
FIRST, NEXT = 0, 3

TASK_ROUTES = {
    "config.heartbeat.beat_heartbeat": {"queue": SOON, "priority": FIRST},
    "tracker.tasks.sweep": {"queue": SOON, "priority": FIRST},
    "tracker.tasks.send_reminders": {"queue": SOON, "priority": NEXT},
    "tracker.tasks.send_digests": {"queue": SOON, "priority": NEXT},
    "tracker.tasks.tell_missed_chats": {"queue": SOON, "priority": NEXT},
    "tracker.tasks.send_invitation": {"queue": SOON, "priority": NEXT},
    "tracker.tasks.arm_what_is_unarmed": {"queue": SOON, "priority": NEXT},
    "tracker.tasks.sweep_secrets": {"queue": SOON, "priority": NEXT},
    "tracker.tasks.refresh_boards": {"queue": HEAVY},
    "tracker.tasks.refresh_board": {"queue": HEAVY},
    "tracker.tasks.refresh_past": {"queue": HEAVY},
    "tracker.tasks.keep_standings": {"queue": HEAVY},
    "tracker.tasks.import_upload": {"queue": HEAVY},
}
