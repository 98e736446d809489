"""How somebody wants to be reminded, and when they are away, as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy

from forecasts.limits import most
from forecasts.models import Mode, Preferences, Weekday
from forecasts.people.reads.roles import deputies_for
from tracker.admin.kit.fields import DateField


class TimeInput(forms.TimeInput):
    """The browser's own picker of a time, which takes the keyboard too."""

    input_type = "time"


class WishesForm(forms.Form):
    """One person's wishes. What is left empty follows the desk."""

    mode = forms.ChoiceField(
        label=gettext_lazy("Reminders come as"), choices=Mode.choices, widget=forms.RadioSelect
    )
    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("Digest at"), coerce=int, choices=[(hour, f"{hour:02d}:00") for hour in range(24)]
    )
    digest_weekday = forms.TypedChoiceField(
        label=gettext_lazy("Weekly digest on"), coerce=int, choices=Weekday.choices
    )
    working_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"),
        coerce=int,
        required=False,
        empty_value=None,
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: the desk’s days."),
    )
    working_from = forms.TimeField(
        label=gettext_lazy("From"), required=False, widget=TimeInput(format="%H:%M")
    )
    working_until = forms.TimeField(
        label=gettext_lazy("Until"),
        required=False,
        widget=TimeInput(format="%H:%M"),
        help_text=gettext_lazy("Empty: the desk’s hours."),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        required=False,
        max_length=most("zone"),
        help_text=gettext_lazy("Empty: the desk’s, as in Europe/Stockholm."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    cap = forms.IntegerField(
        label=gettext_lazy("Most messages in a day"),
        min_value=1,
        max_value=1000,
        help_text=gettext_lazy("What is over it waits for the next digest."),
    )
    deputy = forms.ModelChoiceField(
        label=gettext_lazy("Deputy"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
        help_text=gettext_lazy("Gets your reminders while you are away."),
    )

    def __init__(self, *args: Any, row: Preferences, **kwargs: Any) -> None:
        given = {name: getattr(row, name) for name in self.base_fields}
        super().__init__(*args, **{"initial": given, "auto_id": "wish_%s", **kwargs})
        self.fields["language"].choices = [("", gettext_lazy("The desk’s")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        self.fields["deputy"].queryset = deputies_for(user=row.user)  # type: ignore[attr-defined]


class AwayForm(forms.Form):
    """Days away."""

    away_from = DateField(label=gettext_lazy("First day away"))
    back_on = DateField(label=gettext_lazy("Back on"))
    deputy = forms.ModelChoiceField(
        label=gettext_lazy("Deputy meanwhile"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("My usual deputy"),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=most("name"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "away_%s", **kwargs})
        self.fields["deputy"].queryset = deputies_for(user=user)  # type: ignore[attr-defined]
