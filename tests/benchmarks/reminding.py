"""The measuring behind `tests.benchmarks.reminders`, which starts the servers that the settings name."""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import Event, Process, Queue
from pathlib import Path
from typing import Any

import django
from rich import print as show
from rich.table import Table

django.setup()

from aiosmtpd.controller import Controller  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from config.embedded.process import bound_to_parent  # noqa: E402
from forecasts.models import Message, Question, Reminder  # noqa: E402
from forecasts.reminders.reads import unarmed_questions  # noqa: E402
from tests.processes import free_port  # noqa: E402
from tests.records import make_desk, make_question  # noqa: E402
from tracker.tasks import sweep  # noqa: E402

QUERY_MS = 20.0
A_DAY = 10  # As many as one person is sent in a day.
BATCH = 200
PATIENCE = 3600.0


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--questions", type=int, default=100_000)
    options.add_argument("--due", type=int, default=5_000)
    options.add_argument("--workers", type=int, default=4)
    given = options.parse_args()
    call_command("migrate", verbosity=0)
    fill(questions=given.questions, due=given.due)
    rows: list[tuple[str, str, str]] = []
    query_ms, plan = sweep_query()
    rows.append(("the sweep's query, first 200 of what is due", f"{query_ms:.1f} ms", f"{QUERY_MS:.0f} ms"))
    in_database = plan.rpartition("Execution Time: ")[2]
    rows.append(("of it, inside PostgreSQL", in_database, "–"))
    rows.append(("looking for questions with nothing armed, once an hour", f"{repair_query():.0f} ms", "–"))
    sink = Sink()
    claims = in_child(claim_all)
    rows.append(("claimed and handed to the workers", f"{given.due / claims['seconds']:.0f} a second", "–"))
    grown = claims["after"] - claims["before"]
    rows.append(("memory of the sweep, beyond its start", f"{grown / 1024:.0f} MB", "flat"))
    sent = send_all(due=given.due, workers=given.workers, port=sink.port)
    rows.append(
        (f"sent by {given.workers} worker processes", f"{given.due / sent['seconds']:.0f} a second", "–")
    )
    rows.append(("processor time for each mail, workers", f"{1000 * sent['cpu'] / given.due:.0f} ms", "–"))
    rows.append(
        (
            "largest worker process, after a tenth and at the end",
            f"{sent['early']:.0f} and {sent['late']:.0f} MB",
            "flat",
        )
    )
    ids = sink.stop()
    rows.append(
        ("mails accepted, each with its own Message-ID", f"{ids.total()}, {len(ids)}", f"{given.due}")
    )
    table = Table(
        "what", "measured", "limit", title=f"{given.questions} open questions, {given.due} due at once"
    )
    for row in rows:
        table.add_row(*row)
    show(table)
    good = query_ms < QUERY_MS and "reminder_to_sweep" in plan
    good = good and ids.total() == len(ids) == given.due == Message.objects.count()
    return 0 if good else 1


def fill(*, questions: int, due: int) -> None:
    """Open that many questions, copies of one but for their names, each with an armed reminder."""
    now = timezone.now()
    desk = make_desk()
    people = User.objects.bulk_create(
        User(username=f"editor{number}", email=f"editor{number}@example.org")
        for number in range(due // A_DAY)
    )
    one = make_question(desk=desk, on=(now + timedelta(days=30)).date())
    given = {"slug": "'question-' || n", "assignee_id": f"{people[0].pk} + n %% {len(people)}"}
    columns = [field.column for field in Question._meta.fields if field.column != "id"]
    values = ", ".join(given.get(column, f'q."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO forecasts_question ({names}) SELECT {values} "  # noqa: S608
            "FROM forecasts_question q, generate_series(1, %s) n WHERE q.id = %s",
            [questions, one.pk],
        )
        cursor.execute(
            "INSERT INTO forecasts_reminder (question_id, stage, escalated, due_at, counts_from, "
            "recipient_as, ended_because, attempts, error, created_at) "
            "SELECT id, 'due', false, %s + (id - %s) * interval '1 second', deadline_at, '', '', 0, '', %s "
            "FROM forecasts_question WHERE id > %s",
            [now - timedelta(seconds=due + 1), one.pk, now, one.pk],
        )
        cursor.execute(
            "UPDATE forecasts_reminder SET due_at = due_at + interval '1 day' WHERE due_at >= %s", [now]
        )
        cursor.execute("ANALYZE")


def sweep_query() -> tuple[float, str]:
    """Return how long the sweep's query takes, reading its rows too, in ms: the best of ten; and its plan."""
    batch = Reminder.objects.due(timezone.now()).order_by("due_at", "id")[:BATCH]
    times = []
    for _ in range(10):
        started = time.perf_counter()
        list(batch.all())
        times.append(1000 * (time.perf_counter() - started))
    return min(times), batch.explain(analyze=True)


def repair_query() -> float:
    started = time.perf_counter()
    list(unarmed_questions()[:1000])
    return 1000 * (time.perf_counter() - started)


def claim_all() -> dict[str, float]:
    """Claim all that is due and hand it to the broker, as the beat's task does."""
    before, started = peak(), time.perf_counter()
    sweep()
    return {"seconds": time.perf_counter() - started, "before": before, "after": peak()}


def in_child(work: Any) -> Any:
    """Do the work in a process of its own, and return what it returned."""
    answer: Queue[Any] = Queue()

    def there() -> None:
        connection.connection = None
        answer.put(work())

    process = Process(target=there)
    process.start()
    found = answer.get()
    process.join()
    return found


def peak() -> float:
    """Return the most memory this process has had, in KiB."""
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def send_all(*, due: int, workers: int, port: int) -> dict[str, float]:
    """Start the worker, wait until everything has been sent, and return what it took."""
    env = {**os.environ, "EMAIL_URL": f"smtp://127.0.0.1:{port}", "WORKER_PROCESSES": str(workers)}
    command = [
        str(Path(sys.executable).with_name("celery")),
        "-A",
        "config.celery",
        "worker",
        "--loglevel",
        "ERROR",
    ]
    done = Reminder.objects.filter(sent_at__isnull=False)
    spent = processor_seconds()
    with tempfile.NamedTemporaryFile(mode="r+") as log:
        worker = subprocess.Popen(
            [*command, "--without-mingle", "--without-gossip"],
            env=env,
            stdout=log,
            stderr=log,
            preexec_fn=bound_to_parent(signal.SIGTERM),
        )
        try:
            first = wait_for(done.exists)
            wait_for(lambda: done.count() >= due / 10)
            early = largest(worker.pid)
            wait_for(lambda: done.count() >= due)
            seconds, late = time.perf_counter() - first, largest(worker.pid)
        except TimeoutError:
            log.seek(0)
            raise SystemExit(f"The worker did not send everything in time:\n{log.read()[-3000:]}") from None
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait(60)
    return {"seconds": seconds, "early": early, "late": late, "cpu": processor_seconds() - spent}


def processor_seconds() -> float:
    """Return what the processes that this one started, and that have ended, took of the processor."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def wait_for(condition: Any) -> float:
    """Wait until it is true, and return when that was."""
    swept = time.perf_counter()
    until = swept + PATIENCE
    while not condition():
        if time.perf_counter() > until:
            raise TimeoutError
        if time.perf_counter() > swept + 60:
            # As the beat does: what was claimed and not begun within its lease is handed out again.
            in_child(claim_all)
            swept = time.perf_counter()
        time.sleep(0.5)
    return time.perf_counter()


def largest(pid: int) -> float:
    """Return the memory of the largest process of that worker, in MB."""
    listed = subprocess.run(
        ["ps", "-o", "rss=", "--pid", str(pid), "--ppid", str(pid)],
        check=True,
        capture_output=True,
        text=True,
    )
    return max(int(line) for line in listed.stdout.split()) / 1024


class _Taker:
    def __init__(self, taken: list[str]) -> None:
        self.taken = taken

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        head = envelope.original_content.split(b"\r\n\r\n")[0].decode("ascii", "replace")
        self.taken.append(next(line for line in head.splitlines() if line.lower().startswith("message-id:")))
        return "250 accepted"


@dataclass
class Sink:
    """A mail server in a process of its own, which keeps the Message-IDs of what it took."""

    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.ended, self.answer = Event(), Queue()
        self.process = Process(target=self._serve, daemon=True)
        self.process.start()

    def _serve(self) -> None:
        taken: list[str] = []
        controller = Controller(_Taker(taken), hostname="127.0.0.1", port=self.port)
        controller.start()
        self.ended.wait()
        self.answer.put(json.dumps(taken))

    def stop(self) -> Counter[str]:
        """End the server, and return the Message-IDs with how often each came."""
        self.ended.set()
        return Counter(json.loads(self.answer.get(timeout=60)))


if __name__ == "__main__":
    sys.exit(main())
