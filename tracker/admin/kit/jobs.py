"""The page of what a worker does: it shows how far it is, and has "try again" and "stop"."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.jobs.writes import retry, stop
from forecasts.models import Job, JobState
from forecasts.record.refusal import RefusedError
from tracker.admin.kit.access import editor
from tracker.admin.kit.columns import column
from tracker.admin.kit.pages import PageAdmin, page_of
from tracker.computing.wording import failure_words, progress_words

REFRESH_SECONDS = 2


class JobAdmin(PageAdmin):
    """A page that refreshes itself while its job moves. `buttons` names `_again` and `_stop`."""

    @column(description=gettext_lazy("State"), ordering="state")
    def shown_state(self, job: Job) -> str:
        return str(JobState(job.state).label)

    def job_context(self, job: Any) -> dict[str, Any]:
        """Return what `admin/desk/job.html` shows."""
        return {
            "moves": job.moves,
            "refresh": REFRESH_SECONDS if job.moves else None,
            "state": JobState(job.state).label,
            "progress": progress_words(job),
            "failed": failure_words(job),
            "can_try_again": self.can_try_again(job),
        }

    def can_try_again(self, job: Job) -> bool:
        # One that pauses after a failure need not be waited for.
        return job.state in (JobState.FAILED, JobState.STOPPED) or (job.moves and bool(job.failure))

    def try_again(self, job: Job, *, by: User) -> None:
        retry(job=job, by=by, now=timezone.now())

    def do_again(self, request: HttpRequest, job: Job) -> HttpResponse:
        try:
            self.try_again(job, by=editor(request))
        except RefusedError as error:
            return self._refuse(request, job, error)
        return self.done(request, _("It goes on from where it was."), job)

    def do_stop(self, request: HttpRequest, job: Job) -> HttpResponse:
        try:
            stop(job=job, by=editor(request), now=timezone.now())
        except RefusedError as error:
            return self._refuse(request, job, error)
        return self.done(request, _("It is stopped. What was done until now stays."), job)

    def _refuse(self, request: HttpRequest, job: Job, error: RefusedError) -> HttpResponse:
        messages.error(request, error.message)
        return HttpResponseRedirect(page_of(job))
