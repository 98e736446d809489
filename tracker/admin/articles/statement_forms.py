"""How a statement reads, what was decided on it, and the forecast that comes of it."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models import Directness, Document, Event, Forecast, Question, QuestionKind, Statement, Topic
from forecasts.people.reads.roles import Verb, desks_where
from forecasts.questions.writes.lifecycle import preset
from tracker.admin.kit.fields import (
    LANGUAGES,
    DateField,
    DeadlineForm,
    DeskField,
    SourceNameField,
    start_of_day,
)
from tracker.admin.kit.value_forms import NumberField, ValueForm


class ReadingForm(forms.Form):
    """How the words are read. `reading` is what `amend_draft` takes."""

    speaker = SourceNameField(label=_("Who said it"), required=False)
    speaker_as_written = forms.CharField(
        label=_("Speaker, as the article names them"), required=False, max_length=most("label")
    )
    claim = forms.CharField(
        max_length=most("note"),
        label=_("Claim, in our words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    translation = forms.CharField(
        max_length=most("words"),
        label=_("Translation"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "words"}),
    )
    directness = forms.ChoiceField(label=_("Whose words"), choices=Directness.choices)
    cues = forms.CharField(
        max_length=most("note"),
        label=_("Signal words"),
        required=False,
        help_text=_("The words that carry the probability, with commas between."),
    )
    stated_on = DateField(label=_("Stated on"), help_text=_("When it was said: perhaps before the article."))
    speaker_note = forms.CharField(
        max_length=most("note"),
        label=_("Note on the speaker"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 1}),
    )

    def __init__(self, data: Any = None, *, statement: Statement) -> None:
        kept = {name: getattr(statement, name) for name in self.base_fields if hasattr(statement, name)}
        kept["cues"] = ", ".join(statement.cues)
        kept["stated_on"] = timezone.localdate(statement.stated_at)
        super().__init__(data, initial=kept)
        self.statement = statement
        if statement.speaker_as_written:
            written = {"words": statement.speaker_as_written}
            self.fields["speaker"].help_text = gettext("The article has: “%(words)s”.") % written

    @property
    def reading(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        day: date = given.pop("stated_on")
        given["stated_at"] = start_of_day(day, kept=self.statement.stated_at)
        return given

    def clean_cues(self) -> list[str]:
        """Return each cue; how many and how long they may be says their column."""
        cues = [cue.strip() for cue in self.cleaned_data["cues"].split(",") if cue.strip()]
        kept: list[str] = Statement._meta.get_field("cues").clean(cues, None)
        return kept


class DecisionForm(forms.Form):
    reason = forms.CharField(
        max_length=most("note"),
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence. It is kept with the decision."),
    )


class IssueForm(ValueForm):
    question = forms.ModelChoiceField(queryset=Question.objects.all(), widget=forms.HiddenInput)
    note = forms.CharField(
        max_length=most("note"), label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ChooseForm(forms.Form):
    """An existing question, found by typing."""

    question = forms.ModelChoiceField(
        label=_("An existing question"),
        queryset=Question.objects.all(),
        widget=AutocompleteSelect(Forecast._meta.get_field("question"), admin.site),
    )


class OpenForm(DeadlineForm):
    """A new question. What belongs to another kind than the one chosen is not read."""

    kind = forms.ChoiceField(
        label=_("What is the answer?"),
        choices=[(value, capfirst(label)) for value, label in QuestionKind.choices],
        initial=QuestionKind.BINARY,
        required=False,
        widget=forms.RadioSelect,
    )
    options = forms.CharField(
        max_length=most("words"),
        label=_("Options"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One per line, at least two. For ordered options, lowest first."),
    )
    unit = forms.CharField(
        label=_("Unit"), required=False, max_length=most("unit"), help_text=_("%, people, dollars a barrel")
    )
    lower_bound = NumberField(
        label=_("It can’t be below"), required=False, help_text=_("Only where that is certain, as 0% is.")
    )
    upper_bound = NumberField(label=_("It can’t be above"), required=False)
    proposition = forms.CharField(
        max_length=most("sentence"),
        label=_("Question"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
        help_text=_("A question that has one answer, with its deadline in words."),
    )
    criteria = forms.CharField(
        max_length=most("words"),
        label=_("Criteria"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What would count as yes, or which figure counts, and who reports it."),
    )
    opens_on = DateField(label=_("Opens on"), help_text=_("From then on, forecasts count."))
    language = forms.ChoiceField(
        label=_("Language of the question"), choices=[(each, each) for each in LANGUAGES]
    )
    translation = forms.CharField(
        max_length=most("sentence"),
        label=_("Translation of the question"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    condition = forms.CharField(
        max_length=most("note"),
        label=_("Condition"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The question is void if this fails."),
    )
    desk = DeskField()
    event = forms.ModelChoiceField(label=_("Event"), queryset=Event.objects.all(), required=False)
    topics = forms.ModelMultipleChoiceField(label=_("Topics"), queryset=Topic.objects.all(), required=False)

    field_order = (
        "kind",
        "options",
        "unit",
        "lower_bound",
        "upper_bound",
        "proposition",
        "criteria",
        "deadline_on",
        "deadline_said",
        "deadline_granularity",
        "deadline_rule",
        "deadline_zone",
        "deadline_imputed",
        "deadline_reason",
        "opens_on",
    )
    of_kind: ClassVar[dict[str, tuple[str, ...]]] = {
        QuestionKind.OPTIONS: ("options",),
        QuestionKind.ORDERED: ("options",),
        QuestionKind.NUMBER: ("unit", "lower_bound", "upper_bound"),
    }
    more = (
        "deadline_imputed",
        "deadline_reason",
        "opens_on",
        "desk",
        "event",
        "topics",
        "language",
        "translation",
        "condition",
    )

    def __init__(
        self, data: Any = None, *, by: User, opens_on: date, article: Document | None = None
    ) -> None:
        """Begin with the desk and the language of the article, else of the editor's own desk."""
        usual = preset(article=article, by=by)
        given = {"desk": usual.desk, "language": usual.language, "deadline_zone": usual.desk.zone}
        super().__init__(data, initial={**given, "opens_on": opens_on})
        self.article = article
        self.fields["desk"].queryset = desks_where(user=by, verb=Verb.OPEN_QUESTION)  # type: ignore[attr-defined]
        if usual.language not in LANGUAGES:
            self.fields["language"].choices = [(each, each) for each in (usual.language, *LANGUAGES)]  # type: ignore[attr-defined]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.more]

    @property
    def question(self) -> dict[str, Any]:
        """What `open_question` takes of it."""
        given = self.cleaned_data
        kept = (
            "kind",
            "proposition",
            "criteria",
            "deadline",
            "deadline_imputed",
            "deadline_reason",
            "translation",
        )
        also = ("language", "condition", "desk", "event", "topics")
        opens_at = start_of_day(given["opens_on"])
        told: dict[str, Any] = {"deadline_words": given.get("deadline_words")}
        told |= {name: given[name] for name in (*kept, *also, *self.of_kind.get(given["kind"], ()))}
        if "options" in told:
            told["options"] = [line for line in told["options"].splitlines() if line.strip()]
        return {**told, "opens_at": opens_at, "article": self.article}

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or QuestionKind.BINARY

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for field in {"options", "unit", "lower_bound", "upper_bound"}.difference(
            self.of_kind.get(given.get("kind", ""), ())
        ):
            # What another kind asks for is not seen, so it can't be mended either.
            self.errors.pop(field, None)
        return given
