"""
A long import through real workers: out of time, killed, forgotten by the broker, its database killed.

It is whole in the end, with no row lost or there twice.
"""

import psycopg
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone

from forecasts.files.writes.uploads import NothingToImportError
from forecasts.models import Forecast, Import, JobState, Question, Upload
from forecasts.record.reads import ledger
from tests.processes import database_url, wait_until
from tracker.computing.attempts import failure_of
from tracker.computing.wording import failure_words
from tracker.interchange.kit.refusals import UnreadableFileError
from tracker.interchange.taking_in.uploads import receive
from tracker.tasks import import_upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.slow]
ROWS, A_QUESTION = 60_000, 40
LIMIT = 4
"""Seconds. A shorter one may fall into the import of a library, which takes it for its own fault."""


def _file(rows):
    head = "question_id,question,source,forecast_time,probability,resolution,resolved_time\n"
    lines = (
        f"q{n // A_QUESTION},Will it rain on day {n // A_QUESTION}?,Source {n % A_QUESTION},"
        f"2020-01-01T{n % 24:02}:00:00Z,0.{n % 89 + 10},yes,2020-02-01T00:00:00Z\n"
        for n in range(rows)
    )
    return SimpleUploadedFile("rain.csv", (head + "".join(lines)).encode())


def test_a_file_that_takes_longer_than_a_task_may_goes_on_in_others_until_it_is_whole(
    processes, monkeypatch, whole
):
    # Who sends a task sends its limit along, here and from one hurried task to the next.
    monkeypatch.setattr(import_upload, "soft_time_limit", LIMIT)
    hurried = processes.worker(TASK_SOFT_LIMIT_SECONDS=str(LIMIT))
    job = _received()
    wait_until(lambda: "ended: time" in hurried.log, what="its being cut off")
    hurried.stop()
    assert Upload.objects.filter(job=job).exists()
    Import.objects.filter(pk=job.pk).update(due_at=timezone.now())

    processes.worker()
    processes.beat(SWEEP_SECONDS="1")
    _wait_until_done(job)
    whole(job, "cut off by its time limit")


def test_a_file_that_no_task_has_time_for_is_given_up_in_words(processes, monkeypatch):
    monkeypatch.setattr(import_upload, "soft_time_limit", LIMIT)
    job = _received(rows=10)
    # Its last attempt: it came no further in any of those before.
    Import.objects.filter(pk=job.pk).update(attempts=3)
    with psycopg.connect(database_url()) as holder:
        # It is cut off while it waits for this.
        holder.execute("LOCK TABLE forecasts_source IN ACCESS EXCLUSIVE MODE")
        processes.worker(TASK_SOFT_LIMIT_SECONDS=str(LIMIT))
        wait_until(lambda: _state(job) == JobState.FAILED, what="its being given up")
        holder.rollback()
    job.refresh_from_db()
    assert (job.failure, job.attempts) == ("time", 4)
    assert "It was cut off after" in job.error
    assert "manage.py import_forecasts" in failure_words(job).remedy


def test_a_worker_killed_and_a_broker_that_forgets_leave_it_whole(processes, redis_client, whole):
    env = {"JOB_LEASE_SECONDS": "2"}
    job = _received()
    processes.beat(SWEEP_SECONDS="1")
    worker = processes.worker(**env)
    wait_until(lambda: _done(job) > 0 or _state(job) == JobState.RUNNING, what="its beginning")
    worker.kill()
    redis_client.flushall()
    processes.worker(**env)
    _wait_until_done(job)
    whole(job, "worker killed and Redis flushed under it")


def test_a_broker_that_forgets_everything_forgets_no_import_that_waits(processes, redis_client, whole):
    rows = 2_000
    job = _received(rows=rows)
    assert _state(job) == JobState.WAITING
    assert redis_client.llen("heavy") == 1
    redis_client.flushall()
    processes.worker()
    processes.beat(SWEEP_SECONDS="1")
    # A message is taken to be lost after five minutes: as if they were over.
    _run_out(job)
    _wait_until_done(job)
    whole(job, "Redis flushed while it waits", rows=rows)


def test_postgresql_killed_at_each_step_leaves_it_whole(processes, own_postgres, redis_client, whole):
    """Each time within a block: what it waits for is a lock, held until all connections are cut."""
    rows = 10_000
    job = _received(rows=rows)
    tables = ["forecasts_source", "forecasts_question", "forecasts_forecast", "forecasts_resolution"]
    processes.beat(SWEEP_SECONDS="1")
    env = {"JOB_LEASE_SECONDS": "2"}
    for number, table in enumerate(tables):
        holder = psycopg.connect(database_url())
        holder.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        if number == 0:
            worker = processes.worker(**env)
        wait_until(lambda table=table: _waited_for(table), what=f"its writing to {table}")
        assert _state(job) == JobState.RUNNING
        own_postgres.restart()
        holder.close()
        assert _state(job) != JobState.DONE
        # After a fault it pauses for ten seconds and more: as if they were over.
        wait_until(lambda: _pauses_or_runs_out(job), what="the end of its attempt")
        Import.objects.filter(pk=job.pk).update(due_at=timezone.now())
    _wait_until_done(job)
    whole(job, "PostgreSQL killed within a block of each step", rows=rows, times=len(tables))
    assert worker.process.poll() is None


def _received(*, rows=ROWS):
    return receive(
        files=[_file(rows)], origin="common", board="", may_make_board=False, now=timezone.now(), by=None
    )


def _state(job):
    return Import.objects.values_list("state", flat=True).get(pk=job.pk)


def _done(job):
    return Import.objects.values_list("done", flat=True).get(pk=job.pk)


def _run_out(job):
    """Let the lease of what was handed over be older, as if the clock had gone on."""
    Import.objects.filter(pk=job.pk, lease_until__isnull=False).update(lease_until=timezone.now())


def _wait_until_done(job):
    wait_until(lambda: _state(job) == JobState.DONE, seconds=300, what="the whole file")


def _waited_for(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE relation = %s::regclass AND NOT granted", [table])
        return cursor.fetchone()


def _pauses_or_runs_out(job):
    job.refresh_from_db()
    return job.lease_until is None or job.lease_until <= timezone.now()


@pytest.fixture
def whole(faults):
    """Call with what was done how often, to check that each row of the file is on the record once."""

    def check(job, what, *, rows=ROWS, times=1):
        said = Forecast.objects.values_list("question", "source", "stated_at")
        fault = faults.note("imports", what, count=times, due=rows, found=said.iterator())
        assert (fault.lost, fault.doubled) == (0, 0)
        job.refresh_from_db()
        assert (job.read, job.rows, job.done, job.error) == (rows, rows, rows, "")
        assert Question.objects.count() == rows // A_QUESTION
        assert not Upload.objects.exists()
        assert ledger.verify() is None

    return check


def _raised(*errors):
    """Return the last of these errors, each raised while the one before it was on its way out."""
    try:
        if len(errors) > 1:
            raise _raised(*errors[:-1])
    except Exception:  # noqa: BLE001
        try:
            raise errors[-1]
        except Exception as error:  # noqa: BLE001
            return error
    return errors[-1]


@pytest.mark.parametrize(
    ("raised", "failure"),
    [
        ([SoftTimeLimitExceeded(), ProgrammingError("busy"), OperationalError("busy")], "time"),
        ([MemoryError(), ValueError("no column")], "memory"),
        ([ValueError("a bad file"), OperationalError("gone")], "fault"),
        ([UnreadableFileError("no header")], "unreadable"),
        ([NothingToImportError("no bytes")], "refused"),
        ([KeyboardInterrupt()], "lost"),
    ],
)
def test_an_error_that_a_limit_set_off_is_told_from_one_of_its_own(raised, failure):
    assert failure_of(_raised(*raised), (UnreadableFileError,)) == failure


def test_what_needs_more_memory_than_a_process_may_take_fails_as_that_task_alone(processes):
    # Half of it is what a worker takes before it begins. Arrow, refused memory, ends its process.
    most = "450"
    job = _received(rows=200_000)
    Import.objects.filter(pk=job.pk).update(attempts=3)
    env = {"TASK_MEMORY_MEGABYTES": most, "JOB_LEASE_SECONDS": "2"}
    worker = processes.worker("--concurrency", "1", **env)
    processes.beat(SWEEP_SECONDS="1")
    wait_until(lambda: _state(job) == JobState.FAILED, what="its being given up")
    job.refresh_from_db()
    assert job.failure in {"memory", "lost"}
    assert "TASK_MEMORY_MEGABYTES" in failure_words(job).remedy
    # The worker goes on, and the next one is done.
    other = receive(
        files=[SimpleUploadedFile("small.csv", _file(5).read())],
        **{"origin": "common", "board": "", "may_make_board": False, "now": timezone.now(), "by": None},
    )
    _wait_until_done(other)
    assert worker.process.poll() is None
