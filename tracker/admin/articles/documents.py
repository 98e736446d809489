"""Documents at the desk: capture an article, read it, mark the words that speak of the future."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.articles.writes.documents import capture_document
from forecasts.articles.writes.statements import draft_statement
from forecasts.models import Document, Statement
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError
from tracker.admin.articles.document_forms import CaptureForm, MarkForm
from tracker.admin.articles.segments import segments
from tracker.admin.kit.access import editor
from tracker.admin.kit.blind import BlindRow, without_hidden
from tracker.admin.kit.columns import column
from tracker.admin.kit.facts import entry_of
from tracker.admin.kit.fields import source_names
from tracker.admin.kit.pages import blame, page_of
from tracker.admin.kit.publishing import PUBLISHING, PublishingPage
from tracker.wording.dates import day


@admin.register(Document)
class DocumentAdmin(PublishingPage, BlindRow):
    page_hidden_by = "statements__forecasts__question"
    list_display = ("title", "outlet", "published", "language", "statement_count")
    list_filter = ("language", ("outlet", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("outlet",)
    search_fields = ("title", "url", "outlet__name")
    add_verb = Verb.CAPTURE_DOCUMENT
    page_template = "admin/desk/document.html"
    buttons = {"_mark": Verb.DRAFT_STATEMENT, **PUBLISHING}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        rows: QuerySet[Document] = super().get_queryset(request)
        return rows.defer("text").annotate(statement_total=Count("statements"))

    @column(description=gettext_lazy("Published"), ordering="published_at")
    def published(self, document: Document) -> str:
        return day(document.published_at)

    @column(description=gettext_lazy("Statements"), ordering="statement_total")
    def statement_count(self, document: Any) -> int:
        return int(document.statement_total)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = CaptureForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            captured = self._capture(request, form, now=timezone.now())
            if captured is not None:
                return captured
        return self.render(
            request,
            "admin/desk/capture.html",
            form=form,
            title=_("Add a document"),
            source_names=source_names(),
        )

    def _capture(self, request: HttpRequest, form: CaptureForm, *, now: datetime) -> HttpResponse | None:
        given = form.cleaned_data
        try:
            document = capture_document(
                text=given["text"],
                title=given["title"],
                url=given["url"],
                outlet=given["outlet"],
                language=given["language"],
                published_at=given["published_at"],
                published_to_the_day=given["published_time"] is None,
                provenance=given["provenance"],
                captured_at=now,
                now=now,
                by=editor(request),
            )
        except RefusedError as error:
            blame(form, error, published_at="published_on")
            return None
        if document.recorded_at != now:
            messages.info(
                request,
                _("This text was saved before, on %(day)s. Nothing was added; here it is.")
                % {"day": day(document.recorded_at)},
            )
            return HttpResponseRedirect(page_of(document))
        return self.done(
            request, _("Saved exactly as pasted. Now mark the words about the future."), document
        )

    def page_context(self, request: HttpRequest, shown: Document, **forms_: forms.Form) -> dict[str, Any]:
        rows = without_hidden(request, shown.statements.all(), by="forecasts__question")
        statements = list(rows.select_related("speaker").order_by("start", "end"))
        form = forms_.get("mark") or MarkForm(document=shown)
        return {
            "statements": statements,
            "segments": segments(text=shown.text, statements=statements),
            "mark": form,
            "places": getattr(form, "places", []),
            "entry": entry_of(shown),
            "source_names": source_names(),
        }

    def do_mark(self, request: HttpRequest, document: Document) -> HttpResponse:
        form = MarkForm(request.POST, document=document)
        if form.is_valid():
            try:
                statement = self._draft(request, document, form.cleaned_data)
            except RefusedError as error:
                blame(form, error, start="quote")
            else:
                return self.done(request, _("Marked as a draft. Say how it reads, then decide."), statement)
        return self.show(request, document, mark=form)

    def _draft(self, request: HttpRequest, document: Document, given: dict[str, Any]) -> Statement:
        return draft_statement(
            document=document,
            start=given["start"],
            end=given["start"] + len(given["quote"]),
            quote=given["quote"],
            directness=given["directness"],
            speaker=given["speaker"],
            speaker_as_written=given["speaker_as_written"],
            stated_at=given["stated_at"],
            now=timezone.now(),
            by=editor(request),
        )
