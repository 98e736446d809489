"""What a source said, as a form for each kind of question: a probability, odds, or a number or date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forecasts.models import Question, QuestionKind, Term
from forecasts.schedule import days_since_epoch
from forecasts.services.readings import Odds, Quantiles, Reading, Value, check_value
from forecasts.services.refusal import RefusedError
from tracker.admin.fields import DateField, ProbabilityField, terms_by_scale

SHAPES = [("point", _("One value")), ("range", _("A range")), ("quantiles", _("Several quantiles"))]
IN_SHAPE = {"point": ("point",), "range": ("low", "high", "level", "middle"), "quantiles": ("quantiles",)}
# What a service calls a field, and what the form calls it.
SERVICE_FIELDS = {"stated_at": "stated_on"}
THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+")


class NumberField(forms.CharField):
    """A number as people write it: 3.4, 3,4 or 1 234, with its unit or without."""

    def __init__(self, *, unit: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.unit = unit
        self.widget.attrs["inputmode"] = "text"

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        digits = written.strip().removesuffix(self.unit)
        digits = re.sub(r"\s", "", digits).replace("\N{MINUS SIGN}", "-")
        if THOUSANDS.fullmatch(digits):
            raise ValidationError(
                _("“%(written)s” can be read in two ways. Write thousands without a comma.")
                % {"written": written}
            )
        if not re.fullmatch(r"-?\d+([.,]\d+)?", digits):
            raise ValidationError(
                _("“%(written)s” is not a number. Write 3.4, in the question's unit.") % {"written": written}
            )
        return float(digits.replace(",", "."))


class ValueForm(forms.Form):
    """A form whose first fields say what was said on `question`; `reading` is what a service takes."""

    def __init__(
        self, *args: Any, question: Question | None = None, language: str = "", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.asks, self.part = question, _part_of(question, language)
        self.fields = {**self.part.fields(), **self.fields}

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

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if set(self.errors) & self.part.asked(given):
            return given
        try:
            given["reading"] = self.part.read(given)
            if self.asks is not None:
                check_value(question=self.asks, value=given["reading"])
        except RefusedError as error:
            field = error.field if error.field in self.fields else self.part.blamed(given)
            self.add_error(field, error.message)
        return given


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

    def read(self, given: Mapping[str, Any]) -> Value:
        """Return the value. Raises RefusedError, naming a field of the form or of the service."""
        raise NotImplementedError


class _Probability(_Part):
    """The source's own number, or a word read by a scale."""

    def __init__(self, language: str) -> None:
        self.language = language

    def fields(self) -> dict[str, forms.Field]:
        term = forms.ModelChoiceField(
            queryset=Term.objects.all(),
            label=_("Read from a word"),
            required=False,
            help_text=_("The word's numbers are kept with the forecast: best, and its range."),
        )
        term.choices = terms_by_scale(language=self.language)
        return {
            "probability": ProbabilityField(
                label=_("The source gave a number"), required=False, help_text=_("0.9 or 90 %")
            ),
            "term": term,
        }

    def groups(self) -> dict[str, list[str]]:
        return {"value": ["probability", "term"]}

    def asked(self, given: Mapping[str, Any]) -> set[str]:
        return {"probability", "term"}

    def read(self, given: Mapping[str, Any]) -> Value:
        number, term = given.get("probability"), given.get("term")
        if (number is None) == (term is None):
            raise RefusedError(
                gettext(
                    "Give the number that the source said, or choose the word that is read: one of the two."
                )
            )
        return Reading.from_term(term) if term else Reading.stated(number or 0.0)


class _Options(_Part):
    """A probability for each option."""

    def __init__(self, question: Question) -> None:
        self.names = {f"option_{index}": name for index, name in enumerate(question.options)}

    def fields(self) -> dict[str, forms.Field]:
        odds: dict[str, forms.Field] = {
            field: ProbabilityField(label=name, required=False) for field, name in self.names.items()
        }
        odds["share_rest"] = forms.BooleanField(
            label=_("Share what is left evenly among the options left empty"),
            required=False,
            help_text=_("Only where the source says so, or names the others as equally likely."),
        )
        return odds

    def groups(self) -> dict[str, list[str]]:
        return {"odds": list(self.names), "value": ["share_rest"]}

    def read(self, given: Mapping[str, Any]) -> Value:
        odds = [given.get(field) for field in self.names]
        if given.get("share_rest"):
            return Odds.sharing_rest(odds)
        empty = next((field for field, p in zip(self.names, odds, strict=True) if p is None), None)
        if empty is not None:
            raise RefusedError(
                gettext("Give this option its probability, 0 if it has none, or share what is left."),
                field=empty,
            )
        return Odds([p for p in odds if p is not None])


class _Quantiles(_Part):
    """A number or a date: one value, a range that holds it with some probability, or quantiles."""

    def __init__(self, question: Question) -> None:
        self.question, self.dated = question, question.kind == QuestionKind.DATE

    def _field(self, label: Any, **options: Any) -> forms.Field:
        if self.dated:
            return DateField(label=label, required=False, **options)
        unit = self.question.unit
        return NumberField(label=f"{label} ({unit})", required=False, unit=unit, **options)

    def fields(self) -> dict[str, forms.Field]:
        example = "10 %: 2018-05-01" if self.dated else "10 %: 3.2"
        return {
            "shape": forms.ChoiceField(
                label=_("How did they say it?"), choices=SHAPES, widget=forms.RadioSelect, initial="point"
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
                help_text=_("How likely the answer lies in the range: 80 %."),
            ),
            "middle": self._field(
                _("The value in the middle"), help_text=_("If they named one: as likely above as below.")
            ),
            "quantiles": forms.CharField(
                label=_("Quantiles"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("One a line, the lowest first: %(example)s.") % {"example": example},
            ),
        }

    def groups(self) -> dict[str, list[str]]:
        return {"value": ["shape"], **{shape: list(fields) for shape, fields in IN_SHAPE.items()}}

    def asked(self, given: Mapping[str, Any]) -> set[str]:
        return {"shape", *IN_SHAPE.get(str(given.get("shape")), ())}

    def blamed(self, given: Mapping[str, Any]) -> str | None:
        return IN_SHAPE[str(given["shape"])][0]

    def read(self, given: Mapping[str, Any]) -> Value:
        shape = str(given["shape"])
        if shape == "quantiles":
            return self._several(given["quantiles"])
        needed = next(
            (name for name in IN_SHAPE[shape] if name != "middle" and given.get(name) is None), None
        )
        if needed is not None:
            raise RefusedError(gettext("This is needed to say it so."), field=needed)
        if shape == "point":
            return Quantiles.point(_days(given["point"]))
        middle = given.get("middle")
        return Quantiles.interval(
            low=_days(given["low"]),
            high=_days(given["high"]),
            level=given["level"],
            middle=None if middle is None else _days(middle),
        )

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
                reason = gettext("Write a level, a colon and a value: 10 %: 3.2.")
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
    return _Options(question) if question.options else _Quantiles(question)
