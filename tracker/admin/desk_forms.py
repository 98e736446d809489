"""The form of a desk. Its channels are secrets: they are added and removed, and never shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from forecasts.models import Desk
from forecasts.models.desk import all_week
from tracker.admin.fields import WeekdaysField
from tracker.notify.chat import ChannelRefusedError, check_channel, masked

CHANNELS_AT_MOST = 10
OFFICE = {"working_days": [0, 1, 2, 3, 4], "quiet_from": "18:00", "quiet_until": "08:00"}


class DeskForm(forms.ModelForm):
    """A desk with its channels, of which only what stands for them leaves the server."""

    add_channel = forms.CharField(
        label=lazy("Add a channel"),
        required=False,
        max_length=500,
        help_text=lazy("An apprise address, as in slack://… It is a secret, so it is not shown again."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    remove_channels = forms.MultipleChoiceField(
        label=lazy("Remove channels"), required=False, widget=forms.CheckboxSelectMultiple
    )

    working_days = WeekdaysField(
        label=lazy("Working days"),
        required=False,
        help_text=lazy("Nothing is sent on other days. None chosen: every day."),
    )

    class Meta:
        model = Desk
        fields = ("name",)  # The admin names the others.

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("instance") is None:
            # A new desk is offered office hours; one that is made in another way has none.
            kwargs["initial"] = {**OFFICE, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if "remove_channels" in self.fields:
            marks = map(masked, self.instance.channels)
            self.fields["remove_channels"].choices = [(each, each) for each in marks]  # type: ignore[attr-defined]

    def clean_working_days(self) -> list[int]:
        return self.cleaned_data["working_days"] or all_week()

    def clean_add_channel(self) -> str:
        url: str = self.cleaned_data["add_channel"].strip()
        if not url:
            return ""
        if url in self.instance.channels:
            raise forms.ValidationError(_("The desk has this channel already."))
        if len(self.instance.channels) >= CHANNELS_AT_MOST:
            raise forms.ValidationError(
                _("A desk has %(count)d channels at most. Remove one first.") % {"count": CHANNELS_AT_MOST}
            )
        try:
            check_channel(url)
        except ChannelRefusedError as error:
            raise forms.ValidationError(str(error)) from error
        return url

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        removed = set(given.get("remove_channels", []))
        kept = [url for url in self.instance.channels if masked(url) not in removed]
        self.channels = [*kept, given["add_channel"]] if given.get("add_channel") else kept
        return given

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.instance.channels = getattr(self, "channels", self.instance.channels)
