"""A job is held by one worker at a time, by its row alone, and nothing waits for ever."""

from datetime import timedelta

import pytest

from forecasts.files.writes.imports import begin_import
from forecasts.files.writes.uploads import keep_upload
from forecasts.jobs.writes import (
    HANDED,
    PAUSES,
    LeaseLostError,
    NotStoppedError,
    advance,
    begin,
    fail,
    finish,
    hand_over,
    heartbeat,
    lease,
    release,
    retry,
    stop,
    wait_in_line,
    when_waiting,
)
from forecasts.models import Failure, Import, Upload
from tests.records import NOW

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def _waits(name="rain.csv", *, now=NOW, by=None):
    given = {"name": name, "sha256": name.ljust(64, "0"), "board": None, "now": now, "by": by}
    return keep_upload(**given, content=b"", origin="common")


def _begun(now=NOW):
    return begin(kind=Import, pk=_waits().pk, now=now)


def _handed(now=NOW):
    return hand_over(kind=Import, now=now)


def test_what_waits_is_handed_over_once_and_again_when_nobody_took_it_up():
    job = _waits()
    assert _handed() == [job.pk]
    assert _handed(NOW + HANDED - SECOND) == []
    # The queue was emptied, or is long: it is handed over again, and the older message does no harm.
    assert _handed(NOW + HANDED) == [job.pk]
    assert begin(kind=Import, pk=job.pk, now=NOW + HANDED) is not None
    assert begin(kind=Import, pk=job.pk, now=NOW + HANDED) is None
    assert Import.objects.get().state == "running"


def test_what_could_not_be_sent_to_the_workers_is_handed_over_by_the_next_sweep():
    job = _waits()
    release(kind=Import, keys=_handed(), now=NOW)
    assert _handed(NOW + SECOND) == [job.pk]


def test_a_worker_that_gives_no_sign_of_life_loses_the_job_and_writes_nothing_more():
    job = _begun()
    assert _handed(NOW + lease() - SECOND) == []
    assert heartbeat(job=job, now=NOW + lease() - SECOND)
    assert _handed(NOW + lease()) == []
    later = NOW + 2 * lease()
    assert _handed(later) == [job.pk]
    another = begin(kind=Import, pk=job.pk, now=later)
    assert (another.attempts, another.claim == job.claim) == (2, False)
    assert not heartbeat(job=job, now=later)
    for write in (lambda: advance(job=job, done=0), lambda: finish(job=job, now=later)):
        with pytest.raises(LeaseLostError):
            write()
    fail(job=job, failure=Failure.FAULT, error="late", now=later)
    assert Import.objects.get().error == ""
    finish(job=another, now=later)
    assert Import.objects.get().state == "done"


def test_what_cuts_off_its_worker_at_every_attempt_is_given_up(settings):
    settings.JOB_ATTEMPTS = 4
    job, now = _waits(), NOW
    for _ in range(4):
        assert _handed(now) == [job.pk]
        assert begin(kind=Import, pk=job.pk, now=now) is not None
        now += lease()
    assert _handed(now) == []
    found = Import.objects.get()
    assert (found.state, found.failure, found.attempts) == ("failed", "lost", 4)


def test_a_failed_attempt_is_made_again_after_a_growing_pause_and_at_last_given_up(settings):
    settings.JOB_ATTEMPTS = 4
    job, now, pauses = _waits(), NOW, []
    while (begun := begin(kind=Import, pk=job.pk, now=now)) is not None:
        fail(job=begun, failure=Failure.FAULT, error="No.", now=now)
        job.refresh_from_db()
        pauses.append(job.due_at - now)
        assert begin(kind=Import, pk=job.pk, now=job.due_at - SECOND) is None
        now = job.due_at
    assert pauses[:3] == list(PAUSES[:3])
    assert (len(pauses), job.state, job.error) == (4, "failed", "No.")


@pytest.mark.parametrize("failure", [Failure.UNREADABLE, Failure.REFUSED, Failure.GONE])
def test_what_another_attempt_would_not_mend_is_given_up_at_once(failure):
    fail(job=_begun(), failure=failure, error="It is a picture.", now=NOW)
    assert Import.objects.get().state == "failed"


def test_what_runs_out_of_time_goes_on_at_once_while_it_gets_further(settings):
    settings.JOB_ATTEMPTS = 2
    job = _begun()
    for done in range(1, 5):
        Import.objects.update(rows=9)
        advance(job=job, done=done)
        fail(job=job, failure=Failure.TIME, error="", now=NOW)
        job = begin(kind=Import, pk=job.pk, now=NOW)
        assert job.attempts == 2
    # It stands still from here on.
    fail(job=job, failure=Failure.TIME, error="", now=NOW)
    found = Import.objects.get()
    assert (found.state, found.failure, found.done) == ("failed", "time", 4)


def test_stopped_it_stays_stopped_until_somebody_lets_it_go_on():
    job = _begun()
    stop(job=job, by=None, now=NOW)
    with pytest.raises(LeaseLostError):
        advance(job=job, done=0)
    assert _handed(NOW + 2 * lease()) == []
    with pytest.raises(NotStoppedError):
        stop(job=job, by=None, now=NOW)
    retry(job=job, by=None, now=NOW)
    assert (job.state, job.attempts, _handed()) == ("waiting", 0, [job.pk])


def test_nobody_takes_a_job_from_a_worker_by_trying_again_nor_one_that_is_done():
    job = _begun()
    with pytest.raises(NotStoppedError):
        retry(job=job, by=None, now=NOW)
    finish(job=job, now=NOW)
    with pytest.raises(NotStoppedError):
        retry(job=job, by=None, now=NOW)


def test_who_can_tell_a_worker_is_told_when_it_is_committed(django_capture_on_commit_callbacks, monkeypatch):
    told = []
    monkeypatch.setattr("forecasts.jobs.writes._tells", [])
    when_waiting(lambda kind, pk: told.append((kind, pk)))
    with django_capture_on_commit_callbacks(execute=True):
        job = _waits()
        assert told == []
    assert told == [(Import, job.pk)]


def test_what_a_command_reads_is_no_workers_and_is_given_up_when_the_command_is_gone():
    job = begin_import(name="x.csv", sha256="a" * 64, board=None, rows=0, now=NOW)
    assert _handed() == []
    assert wait_in_line(kind=Import, pk=job.pk, now=NOW + 4 * HANDED / 5)
    assert _handed(NOW + HANDED) == []
    job = begin(kind=Import, pk=job.pk, now=NOW + HANDED)
    assert not Upload.objects.exists()
    assert _handed(NOW + HANDED + lease()) == []
    found = Import.objects.get()
    assert (found.state, found.failure) == ("failed", "gone")
    # The same command again goes on.
    again = begin_import(name="x.csv", sha256="a" * 64, board=None, rows=0, now=NOW)
    assert (again.pk, again.state) == (job.pk, "waiting")


def test_a_command_that_was_killed_while_it_waited_for_its_turn_is_given_up_too():
    begin_import(name="x.csv", sha256="a" * 64, board=None, rows=0, now=NOW)
    _handed(NOW + HANDED)
    assert Import.objects.get().failure == "gone"
