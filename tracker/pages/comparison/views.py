"""Compare two sources on the questions that they share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forecasts.boards.reads.comparison import Comparison, comparison
from forecasts.boards.reads.profile import WHOLE_RECORD
from forecasts.models import Source
from forecasts.record.reads import ledger
from forecasts.sources import reads as source_queries
from tracker.pages.comparison.sides import ComparisonShown, comparison_shown
from tracker.pages.kit.drawings import drawing
from tracker.pages.kit.files import chart_address, chart_file


class CompareForm(forms.Form):
    """Two sources by their slugs. Either may be missing: then the page asks for it."""

    a = forms.ModelChoiceField(source_queries.sources_on_record(), to_field_name="slug", required=False)
    b = forms.ModelChoiceField(source_queries.sources_on_record(), to_field_name="slug", required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        a, b = given.get("a"), given.get("b")
        if a and b and a.standing == b.standing:
            self.add_error("b", _("That is the same source twice. Choose another one."))
        for name in ("a", "b"):
            if any(error.code == "invalid_choice" for error in self.errors.as_data().get(name, [])):
                self.errors[name] = self.error_class([_("There is no such source. Choose one of the list.")])
        return given


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    a: Source
    b: Source
    found: Comparison
    shown: ComparisonShown
    version: str


def _compared(form: CompareForm, *, now: datetime) -> Compared | None:
    given = form.cleaned_data if form.is_valid() else {}
    if given.get("a") is None or given.get("b") is None:
        return None
    a, b = given["a"].standing, given["b"].standing
    version = f"compare:{a.pk}:{b.pk}:{ledger.head().sha256}"
    found = comparison(board=WHOLE_RECORD, a=a, b=b, now=now)
    return Compared(a=a, b=b, found=found, shown=comparison_shown(found, a=a, b=b), version=version)


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    form = CompareForm(request.GET)
    compared = _compared(form, now=timezone.now())
    shown = compared.shown if compared else None
    context = {
        "form": form,
        "choices": source_queries.names_with_answers(),
        "chosen": [
            (name, label, request.GET.get(name, ""))
            for name, label in (("a", _("One source")), ("b", _("The other")))
        ],
        "errors": [error for name in ("a", "b") for error in form.errors.get(name, [])],
        "compared": compared,
        "shown": shown,
        "chart": drawing(shown.draw, version=compared.version) if compared and shown and shown.draw else None,
        "address": chart_address("compare_chart"),
        "query": f"?a={compared.a.slug}&b={compared.b.slug}" if compared else "",
    }
    return render(request, "pages/compare.html", context, status=200 if form.is_valid() else 400)


@require_safe
def compare_chart(request: HttpRequest, form: str) -> HttpResponse:
    """Answer with the comparison's chart as a file: SVG, PNG or its definition."""
    now = timezone.now()
    compared = _compared(CompareForm(request.GET), now=now)
    if compared is None or compared.shown.draw is None:
        raise Http404
    return chart_file(
        request,
        compared.shown.draw,
        form=form,
        name=f"{compared.a.slug}-{compared.b.slug}",
        title=f"{compared.a.name} (●), {compared.b.name} (○)",
        what=_("Scores on the shared questions where they differ most."),
        at=now,
        version=compared.version,
    )
