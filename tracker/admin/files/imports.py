"""Imports at the desk: upload a file, watch it come in, and read what was refused."""

from __future__ import annotations

import csv
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.files.writes.uploads import import_again
from forecasts.limits import most
from forecasts.models import Board, Import, Job, JobState, Upload
from forecasts.people.reads.roles import Verb, desks_where
from forecasts.record.refusal import RefusedError
from tracker.admin.kit.access import editor, may
from tracker.admin.kit.columns import column
from tracker.admin.kit.fields import DeskField
from tracker.admin.kit.jobs import JobAdmin
from tracker.admin.kit.pages import blame, page_of
from tracker.interchange.formats.registry import READERS
from tracker.interchange.kit.report import REPORT, spreadsheet_rows
from tracker.interchange.taking_in.uploads import receive
from tracker.wording.dates import day

SHOWN = 100


class FilesInput(forms.ClearableFileInput):
    """
    An input of files that tells its name to nobody.

    The desk's theme writes the name of a chosen file into the first text field three elements up. Here that
    is one of its own, which is not sent; otherwise it would be the board, and a board would be made of it.
    """

    allow_multiple_selected = True

    def render(self, *args: Any, **options: Any) -> SafeString:
        chosen = super().render(*args, **options)
        return format_html("<div><div><div>{}</div></div><input type=text hidden disabled></div>", chosen)


class FilesField(forms.FileField):
    """One file or several that belong together."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given]


class UploadForm(forms.Form):
    uploaded = FilesField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "Our own columns as CSV, gzipped or not, or Parquet; or a file of another format. One forecast "
            "a row: a probability, or for other kinds of question probabilities or quantiles."
        ),
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=[(each, each) for each in READERS], initial="common"
    )
    board = forms.CharField(
        label=gettext_lazy("Ranking"),
        required=False,
        max_length=most("slug"),
        help_text=gettext_lazy("The ranking of these forecasts; created if there is none of that name."),
    )
    desk = DeskField(help_text=gettext_lazy("The questions that the file opens are this desk’s."))

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        desks = desks_where(user=by, verb=Verb.IMPORT_FORECASTS)
        self.fields["desk"].queryset = desks  # type: ignore[attr-defined]


@admin.register(Import)
class ImportAdmin(JobAdmin):
    list_display = (
        "name",
        "desk",
        "origin",
        "board",
        "shown_state",
        "started",
        "rows",
        "new_forecasts",
        "n_refused",
    )
    list_filter = ("state", ("board", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("board", "desk")
    search_fields = ("name", "sha256")
    add_verb = Verb.IMPORT_FORECASTS
    page_template = "admin/desk/import.html"
    buttons = {"_again": Verb.IMPORT_FORECASTS, "_stop": Verb.IMPORT_FORECASTS}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        rows: QuerySet[Import] = super().get_queryset(request)
        return rows.select_related("board", "started_by")

    @column(description=gettext_lazy("Started"), ordering="created_at")
    def started(self, job: Import) -> str:
        return day(job.created_at)

    @column(description=gettext_lazy("Refused"))
    def n_refused(self, job: Import) -> int:
        return len(job.refused)

    def get_urls(self) -> list[URLPattern]:
        report = path(
            "<int:pk>/refused.csv",
            self.admin_site.admin_view(self.refused_view),
            name="forecasts_import_refused",
        )
        return [report, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, by=editor(request))
        if request.method == "POST" and form.is_valid():
            received = self._receive(request, form)
            if received is not None:
                return received
        boards = Board.objects.order_by("name").values_list("name", flat=True)
        return self.render(
            request, "admin/desk/upload.html", form=form, title=_("Import forecasts"), boards=boards
        )

    def _receive(self, request: HttpRequest, form: UploadForm) -> HttpResponse | None:
        given = form.cleaned_data
        try:
            job = receive(
                files=given["uploaded"],
                origin=given["origin"],
                board=given["board"],
                desk=given["desk"],
                may_make_board=may(request, Verb.EDIT_BOARDS),
                now=timezone.now(),
                by=editor(request),
            )
        except RefusedError as error:
            blame(form, error, files="uploaded")
            return None
        if job.state == JobState.DONE:
            messages.info(request, _("This file was taken in before: nothing changed."))
            return HttpResponseRedirect(page_of(job))
        return self.done(request, _("The file is here. A worker takes it in."), job)

    def page_context(self, request: HttpRequest, shown: Import, **forms_: forms.Form) -> dict[str, Any]:
        return {
            **self.job_context(shown),
            "may_move": may(request, Verb.IMPORT_FORECASTS, shown),
            "refused": shown.refused[:SHOWN],
            "n_refused": len(shown.refused),
            "percent": 100 * shown.done // shown.rows if shown.rows else None,
        }

    def can_try_again(self, job: Job) -> bool:
        return super().can_try_again(job) and Upload.objects.filter(job=job.pk).exists()

    def try_again(self, job: Job, *, by: User) -> None:
        import_again(job=cast("Import", job), by=by, now=timezone.now())

    def refused_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return every refused row as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        job = get_object_or_404(Import, pk=pk)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="refused-{job.pk}.csv"'
        writer = csv.DictWriter(response, REPORT, restval="")
        writer.writeheader()
        writer.writerows(spreadsheet_rows(job.refused))
        return response
