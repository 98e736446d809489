"""Whose turn it is at a desk, who is away, and how each person wants to hear: set by those who lead."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from forecasts.models import Absence, Preferences, Turn
from forecasts.queries.roles import Verb
from forecasts.schedule import UnknownZoneError, zone_named
from tracker.admin.access import DeskAdmin, DeskInline
from tracker.admin.fields import WeekdaysField


class TurnForm(forms.ModelForm):
    weekdays = WeekdaysField(label=_("Weekdays"), initial=list(range(7)))

    class Meta:
        model = Turn
        fields = ("user", "from_day", "until_day", "weekdays", "every_weeks")


class TurnInline(DeskInline):
    """A turn on the desk's rota. It is a plan, not a fact: it may be taken away."""

    model = Turn
    form = TurnForm
    add_verb = change_verb = delete_verb = Verb.EDIT_DESK
    verbose_name_plural = _("Rota: who takes what has no assignee")


@admin.register(Absence)
class AbsenceAdmin(DeskAdmin):
    list_display = ("user", "away_from", "back_on", "deputy", "note")
    list_select_related = ("user", "deputy")
    search_fields = ("user__username",)
    add_verb = change_verb = delete_verb = Verb.EDIT_DESK


class PreferencesForm(forms.ModelForm):
    working_days = WeekdaysField(
        label=_("Working days"), required=False, help_text=_("None chosen: the desk's days.")
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
