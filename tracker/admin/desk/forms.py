"""The form of a desk. Its channels are secrets: they are added and removed, and never shown."""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from forecasts.desk.writes.desks import RULES, check_desk, check_new_channel
from forecasts.limits import most
from forecasts.models import Desk
from forecasts.models.desk import all_week
from forecasts.record.refusal import RefusedError
from tracker.admin.kit.fields import WeekdaysField
from tracker.admin.kit.pages import blame
from tracker.notify.chat.send import ChannelRefusedError, channels_shown, check_channel

OFFICE = {"working_days": [0, 1, 2, 3, 4], "quiet_from": "18:00", "quiet_until": "08:00"}


class DeskForm(forms.ModelForm):
    """A desk with its channels, of which only what stands for them leaves the server."""

    add_channel = forms.CharField(
        label=gettext_lazy("Add a channel"),
        required=False,
        max_length=most("line"),
        help_text=gettext_lazy(
            "An apprise address, as in slack://… It is a secret, so it is not shown again."
        ),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    remove_channels = forms.MultipleChoiceField(
        label=gettext_lazy("Remove channels"), required=False, widget=forms.CheckboxSelectMultiple
    )

    working_days = WeekdaysField(
        label=gettext_lazy("Working days"),
        required=False,
        help_text=gettext_lazy("Nothing is sent on other days. None chosen: every day."),
    )

    class Meta:
        model = Desk
        fields = ("name",)  # The admin names the others.
        widgets: ClassVar = {
            "stages": UnfoldAdminTextInputWidget,
            "language": UnfoldAdminSelectWidget(choices=settings.LANGUAGES),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("instance") is None:
            # A new desk is offered office hours; one that is made in another way has none.
            kwargs["initial"] = {**OFFICE, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if "remove_channels" in self.fields:
            shown = channels_shown(self.instance)
            self.fields["remove_channels"].choices = [(each.mark, each.shown) for each in shown]  # type: ignore[attr-defined]

    def clean_working_days(self) -> list[int]:
        return self.cleaned_data["working_days"] or all_week()

    def clean_add_channel(self) -> str:
        url: str = self.cleaned_data["add_channel"].strip()
        if not url:
            return ""
        try:
            check_new_channel(desk=self.instance, url=url)
            check_channel(url)
        except (RefusedError, ChannelRefusedError) as error:
            raise forms.ValidationError(str(error)) from error
        return url

    @property
    def rules(self) -> dict[str, Any]:
        """What the form says of the desk's rules, as the service takes it."""
        return {name: self.cleaned_data[name] for name in RULES if name in self.cleaned_data}

    @property
    def removed(self) -> list[str]:
        """The channels that are ticked for removal, as the service names them."""
        ticked = set(self.cleaned_data.get("remove_channels", []))
        return [each.kept for each in channels_shown(self.instance) if each.mark in ticked]

    def _post_clean(self) -> None:
        """Let the service say what is wrong, at its field; where it is content, the columns follow."""
        if not self.errors:
            row = copy(self.instance)
            for name, value in self.rules.items():
                setattr(row, name, value)
            try:
                check_desk(row)
            except RefusedError as error:
                blame(self, error)
        super()._post_clean()  # type: ignore[misc]
