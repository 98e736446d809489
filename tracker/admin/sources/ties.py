"""Ties to sources: declared by the editor, or set by a lead; whoever is tied answers nothing there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forecasts.models import Tie
from forecasts.people.reads.roles import Verb, people_led_by
from forecasts.people.writes.ties import declare_tie, end_tie
from tracker.admin.kit.access import DeskAdmin, allowed, editor, may
from tracker.admin.kit.fields import DateField


class TieForm(forms.ModelForm):
    since = DateField(label=_("Since"))

    class Meta:
        model = Tie
        fields = ("user", "source", "since", "note")

    tied_user: User

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        user, source = given.get("user", self.tied_user), given.get("source")
        if source is not None and Tie.objects.filter(user=user, source=source.standing).exists():
            self.add_error("source", _("This conflict of interest is already declared."))
        if given.get("since") and given["since"] > timezone.localdate():
            self.add_error("since", _("The conflict begins in the future. Declare it when it begins."))
        return given


@admin.register(Tie)
class TieAdmin(DeskAdmin):
    form = TieForm
    list_display = ("user", "source", "since", "note", "declared_by")
    list_select_related = ("user", "source", "declared_by")
    search_fields = ("user__username", "source__name")
    autocomplete_fields = ("source",)
    add_verb = Verb.DECLARE_TIE
    delete_verb = Verb.SET_TIES

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tie]:
        """Everybody sees their own ties, and a lead those of the people on their desks."""
        rows: QuerySet[Tie] = super().get_queryset(request)
        led = allowed(request, Tie.objects.all(), Verb.SET_TIES)
        return rows.filter(Q(user=editor(request).pk) | Q(pk__in=led.order_by().values("pk")))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        """Whoever is no lead declares their own ties only."""
        if not may(request, Verb.SET_TIES):
            options["fields"] = ("source", "since", "note")
        form = super().get_form(request, obj, change, **options)
        form.tied_user = editor(request)
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = ("source", "since", "note")
        return ("user", *own) if obj is not None or may(request, Verb.SET_TIES) else own

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "user":
            options["queryset"] = people_led_by(user=request.user)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: Tie, form: Any, change: bool) -> None:
        user = form.cleaned_data.get("user") or editor(request)
        given = {name: form.cleaned_data[name] for name in ("source", "since", "note")}
        made = declare_tie(user=user, **given, by=editor(request), now=timezone.now())
        obj.pk, obj.user = made.pk, made.user

    def delete_model(self, request: HttpRequest, obj: Tie) -> None:
        end_tie(tie=obj, by=editor(request))
