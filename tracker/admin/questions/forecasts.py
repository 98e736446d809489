"""Forecasts at the desk: read-only rows; revise, withdraw and correct write new ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.limits import most
from forecasts.models import Basis, Forecast
from forecasts.people.reads.roles import Verb
from forecasts.questions.writes.forecasts import correct_forecast, revise_forecast, withdraw_forecast
from forecasts.record.refusal import RefusedError
from tracker.admin.kit.access import editor
from tracker.admin.kit.blind import BlindPage
from tracker.admin.kit.columns import column
from tracker.admin.kit.facts import entry_of
from tracker.admin.kit.fields import DateField, start_of_day
from tracker.admin.kit.pages import blame
from tracker.admin.kit.publishing import PUBLISHING, PublishingPage
from tracker.admin.kit.value_forms import SERVICE_FIELDS, ValueForm
from tracker.wording.basis import basis_of, basis_of_deadline
from tracker.wording.dates import day
from tracker.wording.deadlines import deadline_words
from tracker.wording.values import said_words


class ReviseForm(ValueForm):
    stated_on = DateField(label=gettext_lazy("Stated on"))
    note = forms.CharField(
        max_length=most("note"),
        label=gettext_lazy("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Where the new number was given."),
    )


class WithdrawForm(forms.Form):
    stated_on = DateField(label=gettext_lazy("Taken back on"))
    note = forms.CharField(
        max_length=most("note"),
        label=gettext_lazy("Where and how it was taken back"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CorrectForm(ValueForm):
    stated_on = DateField(label=gettext_lazy("Stated on"))
    note = forms.CharField(
        max_length=most("note"),
        label=gettext_lazy("What was wrong, and how you know"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@admin.register(Forecast)
class ForecastAdmin(PublishingPage, BlindPage):
    list_display = ("source", "asked", "shown_reading", "is_read", "stated_on")
    list_filter = ("basis", "withdrawn", ("source", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("source", "question")
    search_fields = ("source__name", "question__proposition", "statement__quote")
    ordering = ("-stated_at", "-pk")
    page_template = "admin/desk/forecast.html"
    buttons = {
        "_revise": Verb.REVISE_FORECAST,
        "_withdraw": Verb.WITHDRAW_FORECAST,
        "_correct": Verb.CORRECT_FORECAST,
        **PUBLISHING,
    }

    @column(description=gettext_lazy("Question"), ordering="question__proposition")
    def asked(self, forecast: Forecast) -> str:
        return Truncator(forecast.question.proposition).chars(90)

    @column(description=gettext_lazy("Forecast"), ordering="probability")
    def shown_reading(self, forecast: Forecast) -> str:
        return said_words(forecast, forecast.question)

    @column(
        description=gettext_lazy("Where the number is from"),
        ordering="basis",
        label={Basis.READ: "warning", Basis.RULE: "danger", Basis.STATED: "info"},
    )
    def is_read(self, forecast: Forecast) -> tuple[str, str]:
        return forecast.basis, str(Basis(forecast.basis).label)

    @column(description=gettext_lazy("Stated on"), ordering="stated_at")
    def stated_on(self, forecast: Forecast) -> str:
        return day(forecast.stated_at)

    def page_context(self, request: HttpRequest, shown: Forecast, **forms_: forms.Form) -> dict[str, Any]:
        language = shown.statement.document.language if shown.statement else ""
        given = {"stated_on": timezone.localdate(shown.stated_at)}
        correction = Forecast.objects.filter(correction_of=shown).first()
        return {
            "forecast": shown,
            "reading": said_words(shown, shown.question),
            "basis": basis_of(shown, shown.question),
            "deadline_basis": basis_of_deadline(shown),
            "stated_on": day(shown.stated_at),
            "deadline_words": deadline_words(shown.deadline),
            "correction": correction,
            "entry": entry_of(shown),
            "revise": forms_.get("revise")
            or ReviseForm(
                question=shown.question,
                language=language,
                auto_id="revise_%s",
                initial={"stated_on": timezone.localdate()},
            ),
            "withdraw": forms_.get("withdraw")
            or WithdrawForm(auto_id="withdraw_%s", initial={"stated_on": timezone.localdate()}),
            "correct": forms_.get("correct")
            or CorrectForm(question=shown.question, language=language, auto_id="correct_%s", initial=given),
            "refused": set(forms_),
        }

    def do_revise(self, request: HttpRequest, forecast: Forecast) -> HttpResponse:
        form = ReviseForm(request.POST, question=forecast.question, auto_id="revise_%s")
        return self._record(
            request,
            forecast,
            "revise",
            form,
            lambda given, now: revise_forecast(
                question=forecast.question,
                source=forecast.source,
                reading=given["reading"],
                stated_at=start_of_day(given["stated_on"]),
                note=given["note"],
                by=editor(request),
                now=now,
            ),
        )

    def do_withdraw(self, request: HttpRequest, forecast: Forecast) -> HttpResponse:
        form = WithdrawForm(request.POST, auto_id="withdraw_%s")
        return self._record(
            request,
            forecast,
            "withdraw",
            form,
            lambda given, now: withdraw_forecast(
                question=forecast.question,
                source=forecast.source,
                stated_at=start_of_day(given["stated_on"]),
                note=given["note"],
                by=editor(request),
                now=now,
            ),
        )

    def do_correct(self, request: HttpRequest, forecast: Forecast) -> HttpResponse:
        form = CorrectForm(request.POST, question=forecast.question, auto_id="correct_%s")
        return self._record(
            request,
            forecast,
            "correct",
            form,
            lambda given, now: correct_forecast(
                forecast=forecast,
                reading=given["reading"],
                stated_at=start_of_day(given["stated_on"], kept=forecast.stated_at),
                note=given["note"],
                by=editor(request),
                now=now,
            ),
        )

    def _record(
        self,
        request: HttpRequest,
        forecast: Forecast,
        name: str,
        form: forms.Form,
        service: Callable[[dict[str, Any], Any], Forecast],
    ) -> HttpResponse:
        if form.is_valid():
            try:
                recorded = service(form.cleaned_data, timezone.now())
            except RefusedError as error:
                blame(form, error, **SERVICE_FIELDS)
            else:
                return self.done(
                    request, _("Recorded as a new row. The earlier one stays as it was."), recorded
                )
        return self.show(request, forecast, **{name: form})
