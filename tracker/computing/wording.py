"""What is said of a job: how far it is, and where it failed, why, and what would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.models import Computation, Failure, Job
from tracker.wording.numbers import count

# A board has no file to split.
OF_BOARDS: Mapping[Failure, object] = {
    Failure.TIME: gettext_lazy(
        "Give the ranking a narrower filter or window, raise TASK_SOFT_LIMIT_SECONDS and "
        "TASK_LIMIT_SECONDS, or have it computed on the server with manage.py standings, which has "
        "no time limit."
    ),
    Failure.MEMORY: gettext_lazy(
        "Give the ranking a narrower filter or window, or raise TASK_MEMORY_MEGABYTES and restart the worker."
    ),
    Failure.LOST: gettext_lazy(
        "See the worker’s log for why it ended, then choose “Try again”. If it was short of memory, raise "
        "TASK_MEMORY_MEGABYTES and restart the worker."
    ),
}
REMEDIES: Mapping[Failure, object] = {
    Failure.UNREADABLE: gettext_lazy("Correct the file and upload it again."),
    Failure.REFUSED: gettext_lazy("Correct what is named, then choose “Try again”."),
    Failure.TIME: gettext_lazy(
        "Split the file into smaller ones, or import it on the server with manage.py import_forecasts, "
        "which has no time limit."
    ),
    Failure.MEMORY: gettext_lazy(
        "Split the file into smaller ones, or raise TASK_MEMORY_MEGABYTES and restart the worker."
    ),
    Failure.LOST: gettext_lazy(
        "See the worker’s log for why it ended, then choose “Try again”. If it was short of memory, split "
        "the file into smaller ones, or raise TASK_MEMORY_MEGABYTES and restart the worker."
    ),
    Failure.GONE: gettext_lazy(
        "Import the same file again, with the same command or by uploading it: it goes on from there."
    ),
    Failure.FAULT: gettext_lazy("Choose “Try again”. If it fails again, see the worker’s log for that time."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Why a job stopped, how far it had come, and what to do about it."""

    cause: str
    place: str
    remedy: str


def progress_words(job: Job) -> str:
    """Return the step under way, of how many, and what is done of it."""
    steps = list(job.STEPS)
    if job.step not in job.STEPS:
        return ""
    words = _("Step %(step)d of %(of)d: %(name)s") % {
        "step": steps.index(job.step) + 1,
        "of": len(steps),
        "name": job.STEPS[job.step],
    }
    done = rows_words(job)
    return f"{words}, {done}" if done and job.step == "forecasts" else words


def rows_words(job: Job) -> str:
    """Return how many rows are done of how many; empty where rows are not counted."""
    rows, done = getattr(job, "rows", 0), getattr(job, "done", 0)
    counted = {"done": count(done), "rows": count(rows)}
    return _("%(done)s of %(rows)s rows") % counted if rows else ""


def failure_words(job: Job) -> Told | None:
    """Return what is said of a job whose last attempt failed; None where it didn't."""
    if not job.failure:
        return None
    failure = Failure(job.failure)
    cause = " ".join(filter(None, [str(failure.label), job.error]))
    return Told(cause=cause, place=_place(job), remedy=_remedy(job, failure))


def _place(job: Job) -> str:
    where = progress_words(job)
    attempts = _("Attempt %(number)d of %(of)d.") % {
        "number": min(job.attempts, settings.JOB_ATTEMPTS),
        "of": settings.JOB_ATTEMPTS,
    }
    return f"{where}. {attempts}" if where else attempts


def _remedy(job: Job, failure: Failure) -> str:
    if job.moves:
        return _("Nothing: another attempt is made by itself.")
    own = OF_BOARDS if isinstance(job, Computation) else {}
    return str(own.get(failure, REMEDIES[failure]))
