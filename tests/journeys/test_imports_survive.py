"""A long import through real workers, cut off by a task's time again and again."""

import re

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, ProgrammingError
from django.db.models import Count
from django.utils import timezone

from forecasts.models import Forecast, Import, ImportState, Question, Upload
from forecasts.queries import ledger
from tests.processes import wait_until
from tracker import tasks
from tracker.interchange.uploading import receive
from tracker.tasks import import_upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.slow]
ROWS, A_QUESTION = 60_000, 40


def _file():
    head = "question_id,question,source,forecast_time,probability,resolution,resolved_time\n"
    rows = (
        f"q{n // A_QUESTION},Will it rain on day {n // A_QUESTION}?,Source {n % A_QUESTION},"
        f"2020-01-01T{n % 24:02}:00:00Z,0.{n % 89 + 10},yes,2020-02-01T00:00:00Z\n"
        for n in range(ROWS)
    )
    return SimpleUploadedFile("rain.csv", (head + "".join(rows)).encode())


def test_a_file_that_takes_longer_than_a_task_may_is_handed_on_until_it_is_whole(processes, monkeypatch):
    # Who sends a task sends its limit along, here and from one hurried task to the next.
    monkeypatch.setattr(import_upload, "soft_time_limit", 1)
    hurried = processes.worker(TASK_SOFT_LIMIT_SECONDS="1")
    job = receive(
        files=[_file()], origin="common", board="", may_make_board=False, now=timezone.now(), by=None
    )
    # Each time it is cut off, the task asks for another one: three were received, so two were cut off.
    wait_until(
        lambda: len(re.findall(r"Task tracker.tasks.import_upload\S+ received", hurried.log)) >= 3,
        what="the second hand-over",
    )
    assert "Soft time limit (1s) exceeded for tracker.tasks.import_upload" in hurried.log
    hurried.stop()
    assert Upload.objects.filter(job=job).exists()

    processes.worker()
    done = Import.objects.filter(pk=job.pk, state=ImportState.DONE)
    wait_until(done.exists, seconds=100, what="the whole file")
    job.refresh_from_db()
    assert (job.read, job.rows, job.error) == (ROWS, ROWS, "")
    assert Question.objects.count() == ROWS // A_QUESTION
    said = Forecast.objects.values("question", "source", "stated_at").annotate(times=Count("pk"))
    assert said.count() == ROWS
    assert not said.exclude(times=1).exists()
    assert not Upload.objects.exists()
    assert ledger.verify() is None


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


def test_an_error_that_the_time_limit_set_off_is_told_from_one_of_its_own():
    cut_off = _raised(SoftTimeLimitExceeded(), ProgrammingError("busy"), OperationalError("busy"))
    assert tasks._ran_out_of_time(cut_off)
    assert not tasks._ran_out_of_time(_raised(ValueError("a bad file"), OperationalError("gone")))
