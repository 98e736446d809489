"""What a document is captured with, and what a span is marked with."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models import Directness, Document
from tracker.admin.articles.segments import Place, places
from tracker.admin.kit.fields import LANGUAGES, DateField, PastedField, SourceNameField, start_of_day

PLACES_SHOWN = 20


class CaptureForm(forms.Form):
    text = PastedField(
        max_length=most("article"),
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 16, "class": "words"}),
        help_text=_("Paste the article as it is. Not a character of it will change."),
    )
    title = forms.CharField(label=_("Headline"), max_length=most("line"))
    outlet = SourceNameField(
        label=_("Published in"), required=False, help_text=_("A newspaper, a broadcaster.")
    )
    url = forms.URLField(
        label=_("Address"), required=False, max_length=most("address"), assume_scheme="https"
    )
    language = forms.ChoiceField(label=_("Language"), choices=[(each, each) for each in LANGUAGES])
    published_on = DateField(label=_("Published on"))
    published_time = forms.TimeField(
        label=_("at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("Leave empty where only the day is known."),
    )
    provenance = forms.CharField(
        max_length=most("note"),
        label=_("Provenance"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where this copy comes from, if not from the address."),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        day, at = given.get("published_on"), given.get("published_time")
        if day and at:
            given["published_at"] = datetime.combine(day, at, tzinfo=ZoneInfo(settings.TIME_ZONE))
        elif day:
            given["published_at"] = start_of_day(day)
        return given


class MarkForm(forms.Form):
    """
    Words of the document, pasted or selected.

    Where they stand more than once, `start` says which; `places` are the ones to choose from.
    """

    quote = PastedField(
        max_length=most("words"),
        label=_("The words"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
        help_text=_("Select them in the article, or paste them here."),
    )
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    directness = forms.ChoiceField(label=_("Whose words"), choices=Directness.choices)
    speaker = SourceNameField(
        label=_("Who said it"), required=False, help_text=_("May be left for the review.")
    )
    speaker_as_written = forms.CharField(
        label=_("Speaker, as the article names them"), required=False, max_length=most("label")
    )
    stated_on = DateField(label=_("Stated on"))

    def __init__(self, *args: Any, document: Document, **options: Any) -> None:
        super().__init__(*args, **options)
        self.document = document
        self.places: list[Place] = []
        self.fields["stated_on"].initial = timezone.localdate(document.published_at)

    def clean_stated_on(self) -> Any:
        day = self.cleaned_data["stated_on"]
        self.cleaned_data["stated_at"] = start_of_day(day, kept=self.document.published_at)
        return day

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("quote"):
            return given
        text = self.document.text
        # The document may hold CR LF of its own, which the browser shows as one line break.
        quote = given["quote"] if given["quote"] in text else given["quote"].replace("\n", "\r\n")
        found = places(text=text, words=quote) or places(text=text, words=quote.strip())
        starts = [each.start for each in found]
        if not found:
            self.add_error("quote", _("These words do not stand in the article. Copy them to the letter."))
        elif len(found) == 1:
            given.update(start=starts[0], quote=found[0].words)
        elif given.get("start") in starts:
            given["quote"] = found[0].words
        else:
            self.places = found[:PLACES_SHOWN]
            raise ValidationError(
                _("These words stand in %(count)d places. Choose which.") % {"count": len(found)}
            )
        return given
