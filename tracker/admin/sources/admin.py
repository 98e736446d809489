"""Sources at the desk: their names and roles, and the merge of two that are one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.desk.writes.publishing_rules import set_outlet
from forecasts.limits import most
from forecasts.models import Affiliation, Alias, Source, Statement
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError
from forecasts.sources.writes import add_source, merge_sources
from tracker.admin.kit.access import DeskInline, editor, may
from tracker.admin.kit.blind import hidden_questions, without_hidden
from tracker.admin.kit.columns import column
from tracker.admin.kit.pages import PageAdmin, blame, page_of


class AliasInline(DeskInline):
    model = Alias
    add_verb = Verb.ADD_SOURCE
    change_verb = delete_verb = Verb.EDIT_SOURCE


class AffiliationInline(DeskInline):
    model = Affiliation
    fields = ("role", "organisation", "starts", "ends", "as_stated_in")
    autocomplete_fields = ("as_stated_in",)
    add_verb = Verb.ADD_SOURCE
    change_verb = delete_verb = Verb.EDIT_SOURCE


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        label=gettext_lazy("It is the same as"),
        queryset=Source.objects.all(),
        widget=AutocompleteSelect(Source._meta.get_field("merged_into"), admin.site),
        help_text=gettext_lazy("The one that stays."),
    )
    reason = forms.CharField(
        max_length=most("note"),
        label=gettext_lazy("How do you know?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@admin.register(Source)
class SourceAdmin(PageAdmin):
    list_display = ("name", "kind", "forecast_total", "statement_total", "merged_into")
    list_filter = ("kind",)
    list_select_related = ("merged_into",)
    search_fields = ("name", "aliases__name", "slug")
    fields = (
        *("name", "kind", "description", "external_ids", "slug", "shows_whole_text"),
        *("merged_into", "created_at"),
    )
    readonly_fields = ("merged_into", "created_at")
    inlines = (AliasInline, AffiliationInline)
    # An editor opens the form to add names and roles; what stands there is for a lead.
    add_verb = change_verb = Verb.ADD_SOURCE
    change_form_outer_before_template = "admin/desk/source_links.html"

    # A source is the one noun here that the admin's own form edits: it is no fact.
    change_view = admin.ModelAdmin.change_view

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """A count that is one too high would tell that the source spoke on a hidden question."""
        rows: QuerySet[Source] = super().get_queryset(request)
        hidden = hidden_questions(request).values("pk")
        spoken = Statement.objects.filter(forecasts__question__in=hidden).values("pk")
        return rows.annotate(
            forecasts_counted=Count("forecasts", filter=~Q(forecasts__question__in=hidden), distinct=True),
            statements_counted=Count("statements", filter=~Q(statements__in=spoken), distinct=True),
        )

    @column(description=gettext_lazy("Forecasts"), ordering="forecasts_counted")
    def forecast_total(self, source: Any) -> int:
        return int(source.forecasts_counted)

    @column(description=gettext_lazy("Statements"), ordering="statements_counted")
    def statement_total(self, source: Any) -> int:
        return int(source.statements_counted)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields if obj else ("name", "kind", "description")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Who may take back what is public says how much of an outlet's articles is."""
        fixed = () if may(request, Verb.UNPUBLISH) else ("shows_whole_text",)
        edits = obj is None or may(request, Verb.EDIT_SOURCE)
        return (*self.readonly_fields, *fixed) if edits else self.fields

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> tuple[type[DeskInline], ...]:
        return self.inlines

    def save_model(self, request: HttpRequest, obj: Source, form: forms.Form, change: bool) -> None:
        if change:
            whole = obj.shows_whole_text
            # That is set by its service, which records who did and when.
            obj.shows_whole_text = form.initial.get("shows_whole_text", whole)
            super().save_model(request, obj, form, change)
            set_outlet(outlet=obj, shows_whole_text=whole, by=editor(request), now=timezone.now())
            return
        by, now = editor(request), timezone.now()
        added = add_source(name=obj.name, kind=obj.kind, description=obj.description, by=by, now=now)
        obj.pk, obj.slug, obj.created_at = added.pk, added.slug, added.created_at
        obj._state.adding = False
        if added.created_at != now:
            request.was_there = True  # type: ignore[attr-defined]
            messages.info(request, _("This source is there already. Nothing was added; here it is."))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Leave the names of a source that was there already as they are."""
        if not getattr(request, "was_there", False):
            super().save_related(request, form, formsets, change)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        offered = {**context, "may_merge": may(request, Verb.MERGE_SOURCES)}
        return super().render_change_form(request, offered, *args, **options)

    def get_urls(self) -> list[URLPattern]:
        merge = path(
            "<int:pk>/merge/", self.admin_site.admin_view(self.merge_view), name="forecasts_source_merge"
        )
        return [merge, *super().get_urls()]

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask which, show what would move, and on `_merge` record it."""
        if not may(request, Verb.MERGE_SOURCES):
            raise PermissionDenied
        source = get_object_or_404(Source, pk=pk)
        form = MergeForm(request.POST or None)
        shown: dict[str, Any] = {}
        if request.method == "POST" and form.is_valid():
            into = form.cleaned_data["into"]
            if "_merge" in request.POST:
                merged = self._merge(request, source, form)
                if merged is not None:
                    return merged
            elif "_preview" in request.POST:
                shown = {"into": into, "moves": what_moves(source, request)}
        return self.render(request, "admin/desk/merge.html", shown=source, source=source, form=form, **shown)

    def _merge(self, request: HttpRequest, source: Source, form: MergeForm) -> HttpResponse | None:
        given = form.cleaned_data
        try:
            merge_sources(
                source=source,
                into=given["into"],
                reason=given["reason"],
                by=editor(request),
                now=timezone.now(),
            )
        except RefusedError as error:
            blame(form, error)
            return None
        self.message_user(
            request,
            _("“%(source)s” counts as “%(into)s” from now on.") % {"source": source, "into": given["into"]},
        )
        return HttpResponseRedirect(page_of(given["into"]))


def what_moves(source: Source, request: HttpRequest) -> dict[str, int]:
    """Return how much would count for the other source after a merge, leaving out what is hidden."""
    said = without_hidden(request, source.forecasts.current(), by="question")
    return {
        "forecasts": said.count(),
        "questions": said.values("question").distinct().count(),
        "statements": without_hidden(request, source.statements.all(), by="forecasts__question").count(),
        "documents": source.published_documents.count(),
        "merged": source.merged_sources.count(),
    }
