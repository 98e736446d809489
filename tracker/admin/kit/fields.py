"""Form fields of the desk: names of sources, probabilities, terms, deadlines, and pasted text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models import Desk, EndRuleChoice, GranularityChoice, Source, Term, Weekday
from forecasts.questions.values import words as spoken
from forecasts.questions.values.imputation import words_of_time
from forecasts.record.refusal import RefusedError
from forecasts.schedule import (
    Deadline,
    EndRule,
    Granularity,
    UnknownZoneError,
    local_midnight,
    zone_named,
)
from tracker.wording.values import term_words

NAMES_OFFERED = 500
LANGUAGES = ("sv", "en", "no", "da", "fi", "de", "fr", "es", "ar", "ru", "uk")


class DateInput(forms.DateInput):
    """The browser's own date picker, which takes the keyboard too."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateField(forms.DateField):
    widget = DateInput


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Days of the week, each with its own box. Wants one at least, unless it may be empty."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"coerce": int, "choices": Weekday.choices, "empty_value": None, **options})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return sorted(map(str, initial or [])) != sorted(map(str, data or []))


class PastedField(forms.CharField):
    """
    Text as it was pasted, to the last space.

    A browser sends each line break of a form as CR LF, whatever was pasted; that is undone here.
    """

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class SourceNameField(forms.CharField):
    """A source, by any name that it goes by."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=most("name"), **options)
        self.widget.attrs.update({"list": "source-names", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Source) else value

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        return source_named(name) if name else None


class DeskField(forms.ModelChoiceField):
    """One of the desks that the form offers; left empty, it is that of whoever sends the form."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=Desk.objects.all(), **{"label": _("Desk"), "required": False, **options})


def source_named(name: str) -> Source:
    """Return the source of that name or alias, after merges. Raises ValidationError."""
    called = Q(name__iexact=name) | Q(aliases__name__iexact=name)
    found = {each.standing for each in Source.objects.filter(called).select_related("merged_into")}
    if len(found) == 1:
        return found.pop()
    if found:
        raise ValidationError(
            _("Several sources are called “%(name)s”. Give one of them another alias.") % {"name": name}
        )
    raise ValidationError(
        format_html(
            '{} <a href="{}?{}" target="_blank">{}</a>',
            _("No source is called “%(name)s”.") % {"name": name},
            reverse("admin:forecasts_source_add"),
            urlencode({"name": name}),
            _("Add it (in a new tab), then send this form again."),
        )
    )


def source_names() -> list[str]:
    """Return the names that a form offers while one types."""
    return list(Source.objects.standing().order_by("name").values_list("name", flat=True)[:NAMES_OFFERED])


class ProbabilityField(forms.CharField):
    """A probability as people write it: 0.9, 0,9 or 90 %."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": most("line"), **options})

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        try:
            return spoken.probability(written)
        except RefusedError as error:
            raise ValidationError(error.message) from error


def terms_by_scale(*, language: str) -> list[Any]:
    """Return the words of every scale with their numbers, those of the language first."""
    groups: dict[tuple[bool, str], list[tuple[int, str]]] = {}
    for term in Term.objects.select_related("scale").order_by("scale__name", "-best", "phrase"):
        key = (term.language != language, f"{term.scale.name} ({term.language})")
        groups.setdefault(key, []).append((term.pk, term_words(term)))
    return [("", "—"), *((name, terms) for (_other, name), terms in sorted(groups.items()))]


class DeadlineForm(forms.Form):
    """A deadline as it was said; `cleaned_data["deadline"]` is the one that it amounts to."""

    deadline_on = DateField(
        label=_("Deadline"),
        required=False,
        help_text=_("Any day of the period. Leave it empty where the words below name the time."),
    )
    deadline_said = forms.CharField(
        max_length=most("sentence"),
        label=_("Words that name no date"),
        required=False,
        help_text=_("“early summer 2027”, “within a few months”: read as a date by a house rule."),
    )
    deadline_granularity = forms.ChoiceField(
        label=_("Period"), choices=GranularityChoice.choices, initial="day"
    )
    deadline_rule = forms.ChoiceField(label=_("Rule"), choices=EndRuleChoice.choices, initial="through")
    deadline_zone = forms.CharField(label=_("Time zone"), max_length=most("zone"))
    deadline_imputed = forms.BooleanField(label=_("We set it: the words name no date"), required=False)
    deadline_reason = forms.CharField(
        max_length=most("note"),
        label=_("How it was chosen"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["deadline_zone"].initial = settings.TIME_ZONE

    def clean_deadline_zone(self) -> str:
        name: str = self.cleaned_data["deadline_zone"]
        try:
            zone_named(name)
        except UnknownZoneError as error:
            raise ValidationError(str(error)) from error
        return name

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        self._read_words(given)
        parts = ("deadline_on", "deadline_granularity", "deadline_rule", "deadline_zone")
        if all(given.get(part) for part in parts):
            given["deadline"] = Deadline(
                on=given["deadline_on"],
                granularity=Granularity(given["deadline_granularity"]),
                zone=given["deadline_zone"],
                rule=EndRule(given["deadline_rule"]),
            )
        return given

    def said_on(self, given: Mapping[str, Any]) -> date:
        """Return the day from which words of time count: when the question opens, or else today."""
        return given.get("opens_on") or timezone.localdate()

    def _read_words(self, given: dict[str, Any]) -> None:
        if given.get("deadline_on") or "deadline_on" in self.errors:
            return
        if not given.get("deadline_said"):
            self.add_error("deadline_on", gettext("Give a date, or the words that name the time."))
            return
        try:
            words = words_of_time(given["deadline_said"], said_on=self.said_on(given))
        except RefusedError as error:
            self.add_error("deadline_said", error.message)
        else:
            given |= {"deadline_on": words.on, "deadline_granularity": GranularityChoice.DAY}
            given["deadline_words"] = words


def start_of_day(day: date, *, kept: datetime | None = None) -> datetime:
    """Return when the day begins in the desk's zone, or `kept` where that is on the same day."""
    begins = local_midnight(on=day, zone=settings.TIME_ZONE)
    following = local_midnight(on=date.fromordinal(day.toordinal() + 1), zone=settings.TIME_ZONE)
    return kept if kept is not None and begins <= kept < following else begins
