"""The page on which another question takes a question's place: which, why, what follows, and a yes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.limits import most
from forecasts.models import Forecast, Question, Resolution
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError
from forecasts.verdicts.writes.supersede import check_replacement, supersede_question
from tracker.admin.kit.access import editor, may
from tracker.admin.kit.pages import PageAdmin, blame, page_of
from tracker.wording.deadlines import deadline_words


class SupersedeForm(forms.Form):
    replacement = forms.ModelChoiceField(
        label=gettext_lazy("The question that takes its place"),
        queryset=Question.objects.all(),
        widget=AutocompleteSelect(Resolution._meta.get_field("replaced_by"), admin.site),
        help_text=gettext_lazy("New forecasts are recorded there."),
    )
    reason = forms.CharField(
        max_length=most("note"),
        label=gettext_lazy("Why?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It is published beside the question, as in: It asks the same."),
    )


def supersede_page(page: PageAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Ask which, show what would follow, and on `_supersede` record it."""
    question = get_object_or_404(Question.objects.select_related("desk"), pk=pk)
    if not may(request, Verb.SUPERSEDE_QUESTION, question):
        raise PermissionDenied
    form = SupersedeForm(request.POST or None)
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        if "_supersede" in request.POST:
            done = _supersede(page, request, question, form)
            if done is not None:
                return done
        elif "_preview" in request.POST:
            shown = _preview(question, form)
    return page.render(
        request,
        "admin/desk/supersede.html",
        shown=question,
        question=question,
        form=form,
        deadline_words=deadline_words(question.deadline),
        title=_("Replace a question"),
        **shown,
    )


def _supersede(
    page: PageAdmin, request: HttpRequest, question: Question, form: SupersedeForm
) -> HttpResponse | None:
    try:
        supersede_question(question=question, **form.cleaned_data, by=editor(request), now=timezone.now())
    except RefusedError as error:
        blame(form, error)
        return None
    done = _("Replaced. What was said on it stays here; new forecasts go to the other question.")
    return page.done(request, done, question)


def _preview(question: Question, form: SupersedeForm) -> dict[str, Any]:
    """Return what would follow; nothing where it would be refused, which the form says."""
    replacement = form.cleaned_data["replacement"]
    try:
        check_replacement(question=question, replacement=replacement)
    except RefusedError as error:
        blame(form, error)
        return {}
    return _what_follows(question, replacement)


def _what_follows(question: Question, replacement: Question) -> dict[str, Any]:
    return {
        "other": replacement,
        "other_address": page_of(replacement),
        "other_deadline": deadline_words(replacement.deadline),
        "n_forecasts": Forecast.objects.current().filter(question=question, withdrawn=False).count(),
        "n_reminders": question.reminders.pending().count(),
    }
