"""Boards at the desk: real fields for the filter, and the standings as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from forecasts.boards.reads.blind import rows_unseeing
from forecasts.boards.reads.standings import StandingRow, standings
from forecasts.limits import most
from forecasts.models import Board, Document, QuestionKind, Rule, Source, SourceKind, Topic
from forecasts.people.reads.roles import Verb
from tracker.admin.kit.access import DeskAdmin, may
from tracker.wording.numbers import percent, score, score_range, three_digits

if TYPE_CHECKING:
    BoardModelForm = forms.ModelForm[Board]
else:
    BoardModelForm = forms.ModelForm

BOUNDS: dict[str, tuple[str, ...]] = {
    "all": (),
    "rolling": ("window_days",),
    "between": ("window_from", "window_to"),
}
LISTS = ("topics", "languages", "source_kinds", "question_kinds", "outlets")


def several(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )


class BoardForm(BoardModelForm):
    """The filter as fields; nothing chosen in one means that it does not filter."""

    topics = several(_("Topics"))
    languages = several(_("Languages of the documents"))
    source_kinds = several(_("Kinds of source"))
    question_kinds = several(_("Kinds of question"))
    outlets = several(_("News outlets"))
    unit = forms.CharField(
        label=_("Unit"),
        required=False,
        max_length=most("unit"),
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "For a ranking by CRPS: it ranks numbers of this unit alone, as %; or dates, whose unit is days."
        ),
    )
    stated_only = forms.BooleanField(
        label=_("Only numbers that the source gave"), required=False, widget=UnfoldBooleanSwitchWidget
    )

    class Meta:
        model = Board
        fields = (
            *("slug", "name", "description", "public", "rule", "reference", "estimator", "minimum_n"),
            *("window", "window_days", "window_from", "window_to"),
        )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        languages = Document.objects.order_by("language").values_list("language", flat=True).distinct()
        outlets = Source.objects.filter(published_documents__isnull=False).order_by("name").distinct()
        offered: dict[str, list[tuple[str, Any]]] = {
            "topics": [(each.slug, each.name) for each in Topic.objects.order_by("name")],
            "languages": [(each, each) for each in languages],
            "source_kinds": list(SourceKind.choices),
            "question_kinds": list(QuestionKind.choices),
            "outlets": [(each.slug, each.name) for each in outlets],
        }
        for name, choices in offered.items():
            kept = self.instance.filter.get(name, [])
            known = {value for value, _label in choices}
            field: Any = self.fields[name]
            field.choices = choices + [(value, value) for value in kept if value not in known]
            field.initial = kept
        self.fields["unit"].initial = self.instance.filter.get("unit", "")
        self.fields["stated_only"].initial = bool(self.instance.filter.get("stated_only"))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        wanted = BOUNDS.get(given.get("window", "all"), ())
        for name in ("window_days", "window_from", "window_to"):
            if name not in wanted:
                given[name] = None
            elif given.get(name) is None and name not in self.errors:
                self.add_error(name, _("Fill this in for the period you chose."))
        starts, ends = given.get("window_from"), given.get("window_to")
        if starts and ends and ends <= starts:
            self.add_error("window_to", _("The window ends before it begins."))
        if given.get("minimum_n") == 0:
            self.add_error("minimum_n", _("One at least."))
        chosen = {name: given[name] for name in LISTS if given.get(name)}
        if given.get("rule") == Rule.CRPS:
            if given.get("unit"):
                chosen["unit"] = given["unit"]
            else:
                self.add_error(
                    "unit", _("CRPS is in the unit of its question: name the unit of the ranking.")
                )
        self.instance.filter = chosen | ({"stated_only": True} if given.get("stated_only") else {})
        return given


@admin.register(Board)
class BoardAdmin(DeskAdmin):
    form = BoardForm
    list_display = ("name", "rule", "reference", "estimator", "minimum_n", "public")
    list_filter = ("public", "rule")
    search_fields = ("name", "slug")
    add_verb = change_verb = Verb.EDIT_BOARDS
    change_form_after_template = "admin/desk/board_live.html"
    fieldsets = (
        (None, {"fields": ("name", "slug", "description", "public")}),
        (_("Which forecasts count"), {"fields": (*LISTS, "stated_only")}),
        (_("How they are scored"), {"fields": ("rule", "unit", "reference", "estimator", "minimum_n")}),
        (_("Over which time"), {"fields": ("window", "window_days", "window_from", "window_to")}),
    )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}

    def get_urls(self) -> list[URLPattern]:
        live = path(
            "preview/",
            self.admin_site.admin_view(require_POST(self.preview_view)),
            name="forecasts_board_preview",
        )
        return [live, *super().get_urls()]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """Return the standings that the form describes. Nothing is saved."""
        if not may(request, Verb.EDIT_BOARDS):
            raise PermissionDenied
        form = BoardForm(request.POST, instance=Board())
        form.fields["slug"].required = form.fields["name"].required = False
        form.is_valid()
        faults = {name: errors for name, errors in form.errors.items() if name not in ("slug", "name")}
        rows = [] if faults else [_shown(row, form.instance) for row in _standings(request, form.instance)]
        context = {
            "rows": rows,
            "faults": [form.fields[name].label for name in faults if name in form.fields],
        }
        return TemplateResponse(request, "admin/desk/board_rows.html", context)


def _standings(request: HttpRequest, board: Board) -> list[StandingRow]:
    return rows_unseeing(standings(board=board), board=board, user=request.user)


def _shown(row: StandingRow, board: Board) -> dict[str, Any]:
    in_unit = board.rule == Rule.CRPS and row.brier is not None
    return {
        "rank": row.rank,
        "source": row.source,
        "n": row.n,
        "score": three_digits(row.brier or 0.0) if in_unit else score(row.brier),
        "range": score_range(row.brier_low, row.brier_high),
        "imputed": percent(row.imputed_share),
        "provisional": row.provisional,
    }
