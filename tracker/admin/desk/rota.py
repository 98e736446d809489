"""Whose turn it is at a desk, who is away, and how each person wants to hear: set by those who lead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forecasts.desk.writes.members import check_turn
from forecasts.models import Absence, Preferences, Turn
from forecasts.people.reads.roles import Verb, absences_seen_by, people_led_by, people_who_may
from forecasts.people.writes.preferences import change_absence, check_absence, end_absence, record_absence
from forecasts.record.refusal import RefusedError
from forecasts.schedule import UnknownZoneError, zone_named
from tracker.admin.kit.access import DeskAdmin, DeskInline, editor
from tracker.admin.kit.fields import WeekdaysField
from tracker.admin.kit.pages import blame


class TurnForm(forms.ModelForm):
    weekdays = WeekdaysField(label=_("Weekdays"), initial=list(range(7)))

    class Meta:
        model = Turn
        fields = ("user", "from_day", "until_day", "weekdays", "every_weeks")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        if self.instance.desk_id is None:
            self.add_error("user", _("Save the desk and its members first, and then its rota."))
            return
        try:
            check_turn(self.instance)
        except RefusedError as error:
            blame(self, error)


class TurnInline(DeskInline):
    """A turn on the desk's rota. It is a plan, not a fact: it may be taken away."""

    model = Turn
    form = TurnForm
    add_verb = change_verb = delete_verb = Verb.EDIT_DESK
    verbose_name_plural = _("Rota: who takes what has no assignee")


class AbsenceForm(forms.ModelForm):
    """Somebody's days away, which those who lead them set."""

    class Meta:
        model = Absence
        fields = ("user", "away_from", "back_on", "deputy", "note")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            check_absence(but_for=self.instance.pk, **self.given)
        except RefusedError as error:
            blame(self, error)

    @property
    def given(self) -> dict[str, Any]:
        """What the form says of the absence, as the service takes it, but for the note."""
        names = ("away_from", "back_on", "deputy")
        user = self.cleaned_data.get("user", None) or self.instance.user
        return {"user": user, **{name: self.cleaned_data[name] for name in names}}


@admin.register(Absence)
class AbsenceAdmin(DeskAdmin):
    """One's own absences, and those of the people on the desks that one leads."""

    form = AbsenceForm
    list_display = ("user", "away_from", "back_on", "deputy", "note")
    list_select_related = ("user", "deputy")
    search_fields = ("user__username",)
    add_verb = change_verb = delete_verb = Verb.SET_ABSENCES

    def get_queryset(self, request: HttpRequest) -> QuerySet[Absence]:
        seen = absences_seen_by(user=request.user).values("pk")
        rows: QuerySet[Absence] = super().get_queryset(request)
        return rows.filter(pk__in=seen)

    def get_readonly_fields(self, request: HttpRequest, obj: Absence | None = None) -> tuple[str, ...]:
        """An absence stays the same person's."""
        return ("user",) if obj is not None else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "user":
            options["queryset"] = people_led_by(user=request.user)
        if db_field.name == "deputy":
            options["queryset"] = people_who_may(verb=Verb.GIVE_VERDICT)
        return super().formfield_for_foreignkey(db_field, request, **options)

    def save_model(self, request: HttpRequest, obj: Absence, form: AbsenceForm, change: bool) -> None:
        given = {**form.given, "note": form.cleaned_data["note"]}
        if change:
            del given["user"]
            change_absence(absence=obj, **given, by=editor(request))
        else:
            obj.pk = record_absence(**given, by=editor(request)).pk

    def delete_model(self, request: HttpRequest, obj: Absence) -> None:
        """Let the person be back today; an absence that has not begun is taken back."""
        end_absence(absence=obj, on=timezone.localdate(), by=editor(request))


class PreferencesForm(forms.ModelForm):
    working_days = WeekdaysField(
        label=_("Working days"), required=False, help_text=_("None chosen: the desk’s days.")
    )

    class Meta:
        model = Preferences
        fields = ("user",)  # The admin names the others.

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone:
            try:
                zone_named(zone)
            except UnknownZoneError as error:
                raise forms.ValidationError(str(error)) from error
        return zone


@admin.register(Preferences)
class PreferencesAdmin(DeskAdmin):
    form = PreferencesForm
    list_display = ("user", "mode", "cap", "zone", "language", "deputy")
    list_select_related = ("user", "deputy")
    search_fields = ("user__username",)
    read_verb = add_verb = change_verb = Verb.EDIT_PEOPLE
    fieldsets = (
        (None, {"fields": ("user", "language", "zone")}),
        (
            _("How reminders come"),
            {"fields": ("mode", "digest_hour", "digest_weekday", "cap", "unsubscribed")},
        ),
        (_("When they may come"), {"fields": ("working_days", "working_from", "working_until")}),
        (_("While away"), {"fields": ("deputy",)}),
    )
