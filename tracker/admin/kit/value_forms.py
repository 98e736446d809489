"""What a source said, as a form for each kind of question: a probability, odds, or a number or date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models import Forecast, Question, QuestionKind, Term
from forecasts.questions.values import words as spoken
from forecasts.questions.values.imputation import range_without_level, share_rest, word_for_option
from forecasts.questions.values.readings import Quantiles, Reading, Value, check_value, keep_value
from forecasts.record.refusal import RefusedError
from forecasts.schedule import days_since_epoch
from tracker.admin.kit.fields import DateField, ProbabilityField, terms_by_scale
from tracker.wording.basis import BasisShown, basis_of
from tracker.wording.values import said_words

SHAPES = [
    ("words", _("As they said it")),
    ("point", _("One value")),
    ("range", _("A range")),
    ("quantiles", _("Several quantiles")),
]
IN_SHAPE = {
    "words": ("said",),
    "point": ("point",),
    "range": ("low", "high", "level", "level_term", "middle"),
    "quantiles": ("quantiles",),
}
NEEDED = {"words": ("said",), "point": ("point",), "range": ("low", "high")}
# What a service calls a field, and what the form calls it.
SERVICE_FIELDS = {"stated_at": "stated_on"}


class NumberField(forms.CharField):
    """A number as people write it: 3.4, 3,4 or 1 234, with its unit or without."""

    def __init__(self, *, unit: str = "", **options: Any) -> None:
        super().__init__(**{"max_length": most("line"), **options})
        self.unit = unit
        self.widget.attrs["inputmode"] = "text"

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        try:
            return spoken.number(written, unit=self.unit)
        except RefusedError as error:
            raise ValidationError(error.message) from error


class ValueForm(forms.Form):
    """
    A form whose first fields say what was said on `question`; `reading` is what a service takes.

    What was not stated whole is shown as it was read, and by which rule, before it is recorded: the form
    is valid once it comes back with the seal of what was shown.
    """

    def __init__(
        self,
        *args: Any,
        question: Question | None = None,
        language: str = "",
        said_on: date | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.asks, self.part = question, _part_of(question, language)
        self.said_on = said_on or timezone.localdate()
        self.fields = {**self.part.fields(), **self.fields}
        self.read_as: ReadAs | None = None

    @property
    def value_groups(self) -> list[dict[str, Any]]:
        """The fields of the value: those that are always there, and those of each way to say it."""
        return [
            {"name": name, "fields": [self[field] for field in fields]}
            for name, fields in self.part.groups().items()
        ]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.part.fields()]

    def is_valid(self) -> bool:
        return super().is_valid() and (self.read_as is None or self.read_as.seen)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if set(self.errors) & self.part.asked(given):
            return given
        try:
            reading = self.part.read(given, said_on=given.get("stated_on") or self.said_on)
            if self.asks is not None:
                check_value(question=self.asks, value=reading)
        except RefusedError as error:
            field = error.field if error.field in self.fields else self.part.blamed(given)
            self.add_error(field, error.message)
        else:
            given["reading"] = reading
            if reading.how.house_rule:
                asks = self.asks or Question()
                self.read_as = read_as(asks, reading, seal=self.data.get(self.add_prefix("read_as"), ""))
        return given


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAs:
    """What was read, where it is from, the seal of both, and whether the form came back with it."""

    value: str
    basis: BasisShown
    seal: str
    seen: bool


def read_as(question: Question, reading: Value, *, seal: str = "") -> ReadAs:
    """Return how a value that is not recorded yet will read."""
    forecast = Forecast(question=question)
    keep_value(forecast=forecast, value=reading)
    value, basis = said_words(forecast, question), basis_of(forecast, question)
    mark = salted_hmac("tracker.admin.read_as", repr((value, basis)), algorithm="sha256").hexdigest()
    return ReadAs(value=value, basis=basis, seal=mark, seen=constant_time_compare(seal, mark))


class _Part:
    """The fields of one kind of value, and how they are read."""

    def fields(self) -> dict[str, forms.Field]:
        raise NotImplementedError

    def groups(self) -> dict[str, list[str]]:
        return {"value": list(self.fields())}

    def asked(self, given: Mapping[str, Any]) -> set[str]:
        """Return the fields that the value is read from."""
        return set(self.fields())

    def blamed(self, given: Mapping[str, Any]) -> str | None:
        """Return the field that is in sight where the value as a whole is refused."""
        return None

    def read(self, given: Mapping[str, Any], *, said_on: date) -> Value:
        """Return the value. Raises RefusedError, naming a field of the form or of the service."""
        raise NotImplementedError


class _Probability(_Part):
    """The source's own words for a number, or a word read by a scale."""

    def __init__(self, language: str) -> None:
        self.language = language

    def fields(self) -> dict[str, forms.Field]:
        return {
            "probability": forms.CharField(
                max_length=most("line"),
                label=_("The source gave a number"),
                required=False,
                help_text=_("As they said it: 0.9, 90%, about 70%, 60–70%."),
            ),
            "term": _term_field(
                self.language,
                label=_("Read from a word"),
                help_text=_("The word’s numbers are kept with the forecast: best, and its range."),
            ),
        }

    def asked(self, given: Mapping[str, Any]) -> set[str]:
        return {"probability", "term"}

    def read(self, given: Mapping[str, Any], *, said_on: date) -> Value:
        said, term = given.get("probability"), given.get("term")
        if (not said) == (term is None):
            raise RefusedError(
                gettext(
                    "Give the number that the source said, or choose the word that is read: one of the two."
                )
            )
        if term:
            return Reading.from_term(term)
        question = Question(kind=QuestionKind.BINARY)
        return _blaming("probability", lambda: spoken.read_words(question, str(said), said_on=said_on))


class _Options(_Part):
    """What was said of each option, or a word for one of them; the others share the rest."""

    def __init__(self, question: Question, language: str) -> None:
        self.question, self.language = question, language
        self.names = {f"option_{index}": name for index, name in enumerate(question.options)}

    def fields(self) -> dict[str, forms.Field]:
        odds: dict[str, forms.Field] = {
            field: forms.CharField(max_length=most("line"), label=name, required=False)
            for field, name in self.names.items()
        }
        odds["term"] = _term_field(
            self.language,
            label=_("Or a word for one option"),
            help_text=_(
                "An option left empty was not named: it shares what is left with the others, by our rule."
            ),
        )
        odds["term_option"] = forms.ChoiceField(
            label=_("The option that the word was said of"),
            choices=[("", "—"), *((field, name) for field, name in self.names.items())],
            required=False,
        )
        return odds

    def groups(self) -> dict[str, list[str]]:
        return {"odds": list(self.names), "value": ["term", "term_option"]}

    def read(self, given: Mapping[str, Any], *, said_on: date) -> Value:
        words = {field: (given.get(field) or "").strip() for field in self.names}
        if given.get("term"):
            return self._word(given, words)
        if not any(words.values()):
            raise RefusedError(
                gettext("Write what was said of one option at least."), field=next(iter(self.names))
            )
        # Who gives one option “the rest” leaves nothing to those that were not named.
        rest = {field for field, said in words.items() if spoken.is_rest(said)}
        odds = [
            None if field in rest or not (said or rest) else self._number(field, said)
            for field, said in words.items()
        ]
        told = [f"{self.names[field]}: {said}" for field, said in words.items() if said]
        return share_rest(odds, said="; ".join(told))

    def _number(self, field: str, said: str) -> float:
        return _blaming(field, lambda: spoken.probability(said)) if said else 0.0

    def _word(self, given: Mapping[str, Any], words: Mapping[str, str]) -> Value:
        if not given.get("term_option") or any(words.values()):
            raise RefusedError(
                gettext("Choose the option that the word was said of, and leave the numbers empty."),
                field="term_option",
            )
        place = list(self.names).index(given["term_option"])
        return word_for_option(question=self.question, place=place, term=given["term"])


class _Quantiles(_Part):
    """A number or a date: one value, a range that holds it with some probability, or quantiles."""

    def __init__(self, question: Question, language: str) -> None:
        self.question, self.language = question, language
        self.dated = question.kind == QuestionKind.DATE

    def _field(self, label: Any, **options: Any) -> forms.Field:
        if self.dated:
            return DateField(label=label, required=False, **options)
        unit = self.question.unit
        return NumberField(label=f"{label} ({unit})", required=False, unit=unit, **options)

    def fields(self) -> dict[str, forms.Field]:
        example = "10 %: 2018-05-01" if self.dated else "10 %: 3.2"
        return {
            "shape": forms.ChoiceField(
                label=_("How did they say it?"), choices=SHAPES, widget=forms.RadioSelect, initial="words"
            ),
            "said": forms.CharField(
                max_length=most("sentence"),
                label=_("What they said"),
                required=False,
                help_text=_("“early summer 2027”, “within a few months”, 2027-05-12, 2027-05–2027-06.")
                if self.dated
                else _("“4–7”, “between 4 and 7”, “about 70”, 3.4."),
            ),
            "point": self._field(
                _("The value"),
                help_text=_("For “not in time” or “never”: any day past the deadline.") if self.dated else "",
            ),
            "low": self._field(_("From")),
            "high": self._field(_("To")),
            "level": ProbabilityField(
                label=_("With which probability?"),
                required=False,
                help_text=_("80%. Leave it empty where they gave none: our rule sets it, with its range."),
            ),
            "level_term": _term_field(
                self.language,
                label=_("Or the word for it"),
                help_text=_("“Likely between 4 and 7”: the level is read from the word."),
            ),
            "middle": self._field(
                _("The value in the middle"), help_text=_("If they named one: as likely above as below.")
            ),
            "quantiles": forms.CharField(
                max_length=most("words"),
                label=_("Quantiles"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("One per line, lowest first: %(example)s.") % {"example": example},
            ),
        }

    def groups(self) -> dict[str, list[str]]:
        return {"value": ["shape"], **{shape: list(fields) for shape, fields in IN_SHAPE.items()}}

    def asked(self, given: Mapping[str, Any]) -> set[str]:
        return {"shape", *IN_SHAPE.get(str(given.get("shape")), ())}

    def blamed(self, given: Mapping[str, Any]) -> str | None:
        return IN_SHAPE[str(given["shape"])][0]

    def read(self, given: Mapping[str, Any], *, said_on: date) -> Value:
        shape = str(given["shape"])
        if shape == "quantiles":
            return self._several(given["quantiles"])
        needed = next((name for name in NEEDED[shape] if given.get(name) in (None, "")), None)
        if needed is not None:
            raise RefusedError(
                gettext("Fill this in, or choose another way to give the forecast."), field=needed
            )
        if shape == "words":
            said = given["said"]
            return _blaming("said", lambda: spoken.read_words(self.question, said, said_on=said_on))
        return Quantiles.point(_days(given["point"])) if shape == "point" else self._range(given)

    def _range(self, given: Mapping[str, Any]) -> Value:
        level, term = given.get("level"), given.get("level_term")
        low, high = _days(given["low"]), _days(given["high"])
        middle = None if given.get("middle") is None else _days(given["middle"])
        if level is not None and term is not None:
            raise RefusedError(
                gettext("Give the level or the word that it is read from."), field="level_term"
            )
        if level is None:
            return range_without_level(low=low, high=high, middle=middle, term=term)
        return Quantiles.interval(low=low, high=high, level=level, middle=middle)

    def _several(self, written: str) -> Value:
        levels, values = [], []
        value_field = self._field("")
        for number, line in enumerate(written.splitlines(), start=1):
            if not line.strip():
                continue
            level, colon, value = line.partition(":")
            try:
                found = ProbabilityField().clean(level), value_field.clean(value.strip())
            except ValidationError as error:
                found = (None, None)
                reason = " ".join(error.messages)
            else:
                reason = gettext("Write a level, a colon and a value: 10%: 3.2.")
            if not colon or None in found:
                message = gettext("Line %(number)d: %(reason)s") % {"number": number, "reason": reason}
                raise RefusedError(message, field="quantiles")
            levels.append(found[0])
            values.append(_days(found[1]))
        return Quantiles(levels, values)


def _days(value: float | date) -> float:
    return days_since_epoch(value) if isinstance(value, date) else value


def _part_of(question: Question | None, language: str) -> _Part:
    if question is None or question.kind == QuestionKind.BINARY:
        return _Probability(language)
    return _Options(question, language) if question.options else _Quantiles(question, language)


def _term_field(language: str, **options: Any) -> forms.ModelChoiceField:
    field = forms.ModelChoiceField(queryset=Term.objects.all(), required=False, **options)
    field.choices = terms_by_scale(language=language)
    return field


Found = TypeVar("Found")


def _blaming(field: str, read: Callable[[], Found]) -> Found:
    """Return what is read; where it is refused, the field at fault is this one."""
    try:
        return read()
    except RefusedError as error:
        raise type(error)(error.message, field=field) from error
