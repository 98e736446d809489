"""What a source said and what came of it, by kind of question, as requests and answers spell it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from forecasts.boards.reads.columns.scores import last_value
from forecasts.house_rules import RULES
from forecasts.limits import most
from forecasts.models import Forecast, Question, QuestionKind, Term
from forecasts.questions.values.imputation import range_without_level, share_rest, word_for_option
from forecasts.questions.values.readings import Odds, Quantiles, Reading, Value, check_value
from forecasts.questions.values.words import read_words
from forecasts.record.refusal import RefusedError
from forecasts.schedule import day_after_epoch, days_since_epoch
from tracker.api.kit.fields import DayField, NumberField, ProbabilityField

NOT_BY_DEADLINE = "not_by_deadline"
WAYS = ("probability", "term", "probabilities", "option_term", "point", "interval", "quantiles")
NUMBER_OR_DATE = {"oneOf": [{"type": "number"}, {"type": "string", "format": "date"}]}


@extend_schema_field(NUMBER_OR_DATE)
class ValueField(serializers.Field[Any, Any, Any, Any]):
    """A number in the question's unit or, for a question on a date, a date."""

    default_error_messages = {"invalid": gettext_lazy("Write a number, or a date such as 2018-05-12.")}

    def to_internal_value(self, data: Any) -> float | date:
        if isinstance(data, str):
            return DayField().run_validation(data)
        number = NumberField().run_validation(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return number


@extend_schema_field({"oneOf": [{"type": "number"}, {"type": "string"}], "nullable": True})
class OutcomeField(serializers.Field[Any, Any, Any, Any]):
    """A number, the name of an option, a date, or `not_by_deadline`; the question says which."""

    default_error_messages = {
        "invalid": gettext_lazy(
            "Write 1 or 0, a number, an option’s name, a date such as 2018-05-12, or not_by_deadline."
        )
    }

    def to_internal_value(self, data: Any) -> float | str:
        if isinstance(data, str) and 0 < len(data) <= 200:
            return data
        if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(data):
            self.fail("invalid")
        return float(data)


class TermInput(serializers.Serializer[Any]):
    """Words of probability: a phrase on a scale, in its language."""

    scale = serializers.SlugField(max_length=most("unit"))
    phrase = serializers.CharField(max_length=most("phrase"))
    language = serializers.CharField(max_length=most("language"))


class IntervalInput(serializers.Serializer[Any]):
    """
    A range that is to hold the outcome with probability `level`: as much lies below it as above.

    Where the source gave none, leave the level out: it is read from a `term` or else set by our rule.
    """

    low = ValueField()
    high = ValueField()
    level = ProbabilityField(
        required=False, help_text=gettext_lazy("How likely the outcome lies in it: 0.8 for 80 per cent.")
    )
    term = TermInput(required=False, help_text=gettext_lazy("The word that its level is read from."))
    middle = ValueField(required=False, help_text=gettext_lazy("The median, where the source named one."))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "level" in attrs and "term" in attrs:
            raise serializers.ValidationError({"term": _("Give the level or the word that it is read from.")})
        return attrs


class OptionWordInput(serializers.Serializer[Any]):
    """An option that a word was said of; the others share what that leaves."""

    option = serializers.CharField(max_length=most("name"))
    term = TermInput()


class QuantileInput(serializers.Serializer[Any]):
    """The value below which the outcome lies with probability `level`."""

    level = ProbabilityField()
    value = ValueField()


class ReadingInput(serializers.Serializer[Any]):
    """
    What the source said, in one of eight ways.

    Yes or no: the `probability` that it gave, or the `term` that we read it from. One of several options:
    `probabilities`, in the question's order, null for those that were not named and share the rest, or an
    `option_term`. A number or a date: one `point`, an `interval`, or `quantiles`; dates are written as
    dates. Any of them: the words alone, in `said`, such as “about 70 %”, “4–7” or “early summer 2027”,
    which we read. With another way, `said` is kept beside it. What was not said is set by a house rule,
    which `house_rule` may name: another one is then refused. The rules are at /api/v1/house-rules/.
    """

    probability = ProbabilityField(required=False, help_text=gettext_lazy("The number that the source gave."))
    term = TermInput(required=False, help_text=gettext_lazy("The words, where the source gave no number."))
    probabilities = serializers.ListField(
        child=ProbabilityField(allow_null=True),
        required=False,
        min_length=2,
        max_length=most("options"),
        help_text=gettext_lazy(
            "One for each option, in the question’s order, null where it was not named. They add up to 1."
        ),
    )
    option_term = OptionWordInput(required=False)
    point = ValueField(required=False, help_text=gettext_lazy("One value: scored by its distance."))
    interval = IntervalInput(required=False)
    quantiles = serializers.ListField(child=QuantileInput(), required=False, min_length=1, max_length=200)
    said = serializers.CharField(
        required=False, max_length=most("sentence"), help_text=gettext_lazy("The words of the value.")
    )
    house_rule = serializers.ChoiceField(
        choices=list(RULES), required=False, help_text=gettext_lazy("The rule that must have set or read it.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given = [way for way in WAYS if way in attrs]
        words = attrs.pop("said", "")
        if not given and words:
            given = ["said"]
        if len(given) != 1:
            ways = ", ".join((*WAYS, "said"))
            message = _("Say it in one of these ways, not in several: %(ways)s.") % {"ways": ways}
            raise serializers.ValidationError({given[0] if given else "probability": message})
        said = words if given[0] == "said" else attrs.pop(given[0])
        attrs["value"] = {"way": given[0], "said": said, "words": words, "rule": attrs.pop("house_rule", "")}
        return attrs


def with_reading(question: Question, given: dict[str, Any], *, stated_at: datetime) -> dict[str, Any]:
    """
    Return what a validated ReadingInput gave, with its value as the services take it.

    Raises ValidationError where a date is given for a number or the other way; RefusedError, naming the
    field of the request, where the value does not go with the question or another house rule read it.
    """
    value = given.pop("value")
    way, said = value["way"], value["said"]
    try:
        reading = _with_words(_reading(question, way, said, stated_at), value["words"])
        check_value(question=question, value=reading)
    except RefusedError as error:
        inside = way == "interval" and error.field in said
        raise type(error)(error.message, field=f"{way}.{error.field}" if inside else way) from error
    if value["rule"] and value["rule"] != reading.how.house_rule:
        named = {"rule": reading.how.house_rule or _("none")}
        message = _("That rule does not set or read this; here it is: %(rule)s. Leave the rule out.") % named
        raise serializers.ValidationError({"house_rule": message})
    return {**given, "reading": reading}


def _with_words(value: Value, words: str) -> Value:
    return value if value.how.said or not words else replace(value, how=replace(value.how, said=words))


def _reading(question: Question, way: str, said: Any, stated_at: datetime) -> Value:
    if way == "said":
        return read_words(question, said, said_on=said_on(question, stated_at))
    return READ[way](question, said)


def said_on(question: Question, stated_at: datetime) -> date:
    """Return the day of the words, where the question is asked."""
    return stated_at.astimezone(ZoneInfo(question.deadline_zone)).date()


def _interval(question: Question, said: dict[str, Any]) -> Quantiles:
    ends = {
        name: _value(question, said[name], f"interval.{name}")
        for name in ("low", "high", "middle")
        if name in said
    }
    low, high, middle = ends["low"], ends["high"], ends.get("middle")
    if "level" in said:
        return Quantiles.interval(low=low, high=high, level=said["level"], middle=middle)
    term = _term(said["term"]) if "term" in said else None
    return range_without_level(low=low, high=high, middle=middle, term=term)


def _quantiles(question: Question, said: list[dict[str, Any]]) -> Quantiles:
    return Quantiles(
        [each["level"] for each in said], [_value(question, each["value"], "quantiles") for each in said]
    )


def _word_for_option(question: Question, said: dict[str, Any]) -> Odds:
    places = {name.casefold(): place for place, name in enumerate(question.options)}
    place = places.get(said["option"].casefold())
    if place is None:
        message = _("This is none of the options: %(options)s.") % {"options": ", ".join(question.options)}
        raise serializers.ValidationError({"option_term": {"option": message}})
    return word_for_option(question=question, place=place, term=_term(said["term"]))


def _value(question: Question, said: float | date, field: str) -> float:
    if isinstance(said, date) == (question.kind == QuestionKind.DATE):
        return days_since_epoch(said) if isinstance(said, date) else said
    if question.kind not in (QuestionKind.NUMBER, QuestionKind.DATE):
        return 0.0 if isinstance(said, date) else said
    is_date = question.kind == QuestionKind.DATE
    message = (
        _("Write a date such as 2018-05-12.") if is_date else _("Write a number, in the question’s unit.")
    )
    raise serializers.ValidationError({field: message})


def _term(given: dict[str, str]) -> Term:
    term = Term.objects.filter(
        scale__slug=given["scale"], phrase__iexact=given["phrase"], language=given["language"]
    ).first()
    if term is None:
        message = _("This scale has no such phrase in this language. The scales are at /api/v1/scales/.")
        raise serializers.ValidationError({"term": {"phrase": message}})
    return term


READ: dict[str, Callable[[Question, Any], Value]] = {
    "probability": lambda _question, said: Reading.stated(said),
    "term": lambda _question, said: Reading.from_term(_term(said)),
    "probabilities": lambda _question, said: share_rest(said),
    "option_term": _word_for_option,
    "point": lambda question, said: Quantiles.point(_value(question, said, "point")),
    "interval": _interval,
    "quantiles": _quantiles,
}


def quantile_dates(forecast: Forecast) -> list[date] | None:
    """Return the days that the quantiles of a question on a date fall on; None for other kinds."""
    if forecast.quantile_values is None or forecast.question.kind != QuestionKind.DATE:
        return None
    return [day_after_epoch(each) for each in forecast.quantile_values]


def outcome_number(question: Question, said: float | str | None) -> float | None:
    """
    Return an outcome as the record keeps it, from what OutcomeField read.

    Raises ValidationError for words that the question has no use for.
    """
    if said is None or not isinstance(said, str):
        return said
    if question.options:
        found = [index for index, name in enumerate(question.options) if name.casefold() == said.casefold()]
        if found:
            return float(found[0])
        message = _("This is none of the options: %(options)s.") % {"options": ", ".join(question.options)}
        raise serializers.ValidationError({"outcome": message})
    if question.kind != QuestionKind.DATE:
        message = _("Write a number: 1 for yes and 0 for no, or the number that is the answer.")
        raise serializers.ValidationError({"outcome": message})
    return last_value(question) if said == NOT_BY_DEADLINE else _day(question, said)


def _day(question: Question, said: str) -> float:
    try:
        day: date = DayField().run_validation(said)
    except serializers.ValidationError as error:
        message = _("Write a date such as 2018-05-12, or not_by_deadline.")
        raise serializers.ValidationError({"outcome": message}) from error
    if day >= question.deadline.too_late_on:
        message = _("That is past the deadline: write not_by_deadline.")
        raise serializers.ValidationError({"outcome": message})
    return days_since_epoch(day)


def outcome_label(question: Question, outcome: float | None) -> str | None:
    """Return an outcome in words: yes, no, an option, 3.4 %, 2018-05-12 or not_by_deadline."""
    if outcome is None:
        return None
    if question.kind == QuestionKind.BINARY:
        return "yes" if outcome == 1 else "no"
    if question.options:
        return str(question.options[int(outcome)])
    if question.kind == QuestionKind.DATE:
        late = outcome >= last_value(question)
        return NOT_BY_DEADLINE if late else day_after_epoch(outcome).isoformat()
    return f"{outcome:.10g} {question.unit}".strip()
