"""Boards being computed: which step each is at, and why one was given up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from forecasts.models import Computation
from forecasts.people.reads.roles import Verb
from tracker.admin.kit.access import may
from tracker.admin.kit.columns import column
from tracker.admin.kit.jobs import JobAdmin
from tracker.computing.wording import progress_words
from tracker.wording.dates import day


@admin.register(Computation)
class ComputationAdmin(JobAdmin):
    list_display = ("board", "of", "shown_state", "progress", "attempts")
    list_filter = ("state",)
    list_select_related = ("board",)
    search_fields = ("board__name",)
    page_template = "admin/desk/job_page.html"
    buttons = {"_again": Verb.EDIT_BOARDS, "_stop": Verb.EDIT_BOARDS}

    @column(description=gettext_lazy("As of"), ordering="as_of")
    def of(self, job: Computation) -> str:
        return day(job.as_of) if job.as_of else "–"

    @column(description=gettext_lazy("Step"))
    def progress(self, job: Computation) -> str:
        return progress_words(job) or "–"

    def page_context(self, request: HttpRequest, shown: Computation, **forms_: forms.Form) -> dict[str, Any]:
        return {
            **self.job_context(shown),
            "may_move": may(request, Verb.EDIT_BOARDS),
            "percent": 100 * shown.reached // len(shown.STEPS),
        }
