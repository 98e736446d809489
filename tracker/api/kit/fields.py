"""The parts that requests and answers are made of, read strictly and refused with a remedy."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from forecasts.limits import most
from forecasts.models import Basis, EndRuleChoice, GranularityChoice, Source, Term
from forecasts.models.record.public import if_public
from forecasts.questions.values.imputation import words_of_time
from forecasts.record.refusal import RefusedError
from forecasts.schedule import Deadline, EndRule, Granularity, UnknownZoneError, local_midnight, zone_named

# Beyond these, arithmetic with time zones leaves the calendar that computers keep.
YEARS = range(1000, 3001)


class InstantField(serializers.DateTimeField):
    """An instant with its offset; it is answered in UTC."""

    default_error_messages = {
        "naive": _("Add the offset: write 2017-09-05T12:00:00Z, or 2017-09-05T14:00:00+02:00."),
        "year": _("Write a year between 1000 and 3000."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default_timezone", UTC)
        super().__init__(**kwargs)

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("naive")
        if value.year not in YEARS:
            self.fail("year")
        return value.astimezone(UTC)


class DayField(serializers.DateField):
    """A calendar day."""

    default_error_messages = {"year": _("Write a year between 1000 and 3000.")}

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if day.year not in YEARS:
            self.fail("year")
        return day


class NumberField(serializers.FloatField):
    """A JSON number: neither text nor true or false."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class ProbabilityField(NumberField):
    """A probability between 0 and 1."""

    def __init__(self, **kwargs: Any) -> None:
        remedy = _("A probability is between 0 and 1: write 0.9 for 90 per cent.")
        told = {"min_value": remedy, "max_value": remedy, **kwargs.pop("error_messages", {})}
        super().__init__(min_value=0, max_value=1, error_messages=told, **kwargs)


class Shown(serializers.ModelSerializer):
    """A row as it is answered."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: InstantField,
    }


class KeyField(serializers.UUIDField):
    """The row's key: the same in every page, answer, feed and file."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"source": "key", "read_only": True, **kwargs})


class KeyRef(serializers.SlugRelatedField):
    """Another row, by its key."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="key", **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(serializers.UUIDField().run_validation(data))


class PublicKeyRef(KeyRef):
    """Another row, by its key; null for the public where that row is not public."""

    def get_attribute(self, instance: Any) -> Any:
        found = super().get_attribute(instance)
        return found if self.context["on_desk"] else if_public(found)


class SourceRef(Shown):
    """Who said it. After a merge, `counts_as` names the source that the record counts it for."""

    counts_as = serializers.SlugRelatedField(
        source="merged_into", slug_field="slug", read_only=True, allow_null=True
    )

    class Meta:
        model = Source
        fields = ("slug", "name", "kind", "counts_as")


class TermRef(Shown):
    """A word of probability on its scale."""

    scale = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Term
        fields = ("scale", "phrase", "language")


class DeadlineShown(serializers.Serializer):
    """
    A deadline as it was said, and the exact instant that it amounts to (exclusive).

    `basis` says whether the source stated it, it was read from words (`said`), or we set it; then
    `house_rule` leaves it open from `earliest` to `latest`. `imputed` is true where it was not stated.
    """

    on = serializers.DateField(source="deadline_on")
    granularity = serializers.ChoiceField(GranularityChoice.choices, source="deadline_granularity")
    zone = serializers.CharField(source="deadline_zone")
    rule = serializers.ChoiceField(EndRuleChoice.choices, source="deadline_rule")
    at = InstantField(source="deadline_at")
    imputed = serializers.BooleanField(source="deadline_imputed")
    basis = serializers.ChoiceField(Basis.choices, source="deadline_basis")
    said = serializers.CharField(source="deadline_said", allow_blank=True)
    house_rule = serializers.CharField(source="deadline_house_rule", allow_blank=True)
    earliest = serializers.DateField(source="deadline_earliest", allow_null=True)
    latest = serializers.DateField(source="deadline_latest", allow_null=True)
    reason = serializers.CharField(source="deadline_reason", allow_blank=True)


class DeadlineInput(serializers.Serializer):
    """
    A deadline: any day of its period, the period, the place, and which edge counts.

    Or the words alone, such as “within a few months” in `said`: they are read by a house rule.
    """

    on = DayField(required=False, help_text=_("Any day of the period."))
    granularity = serializers.ChoiceField(GranularityChoice.choices, default=GranularityChoice.DAY)
    zone = serializers.CharField(
        max_length=most("zone"), help_text=_("An IANA name such as Europe/Stockholm.")
    )
    rule = serializers.ChoiceField(EndRuleChoice.choices, default=EndRuleChoice.THROUGH)
    imputed = serializers.BooleanField(
        default=False, help_text=_("True where we set it, because the source named none.")
    )
    reason = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=most("note"),
        help_text=_("How a deadline set by us was chosen."),
    )
    said = serializers.CharField(
        default="", allow_blank=True, max_length=most("sentence"), help_text=_("The words that name no date.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "on" not in attrs and not attrs["said"]:
            raise serializers.ValidationError({"on": _("Give a date, or the words that name the time.")})
        return attrs

    def validate_zone(self, value: str) -> str:
        try:
            zone_named(value)
        except UnknownZoneError as error:
            raise serializers.ValidationError(str(error)) from error
        return value


def deadline_of(given: dict[str, Any], *, said_at: datetime) -> dict[str, Any]:
    """
    Return the deadline that a validated DeadlineInput names, and where it is from, as services take it.

    said_at: from when words count. Raises RefusedError where the words are none that we read.
    """
    words, on, granularity = None, given.get("on"), Granularity(given["granularity"])
    if on is None:
        day = said_at.astimezone(zone_named(given["zone"])).date()
        try:
            words = words_of_time(given["said"], said_on=day)
        except RefusedError as error:
            raise type(error)(error.message, field="deadline.said") from error
        on, granularity = words.on, Granularity.DAY
    return {
        "deadline": Deadline(on=on, granularity=granularity, zone=given["zone"], rule=EndRule(given["rule"])),
        "deadline_imputed": given["imputed"],
        "deadline_reason": given["reason"],
        "deadline_words": words,
    }


class ReasonInput(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=most("note"))


def read_as_of(text: str | None, *, now: datetime) -> datetime | None:
    """
    Read `as_of`: a date means the last instant of that day in the desk's zone.

    Returns None where nothing is given; `now` where it names what is left of today. Raises
    ValidationError on what is neither a date nor an instant, and on what lies wholly ahead.
    """
    if not text:
        return None
    try:
        if len(text) == len("2017-12-31"):
            day = DayField().run_validation(text)
            ends = local_midnight(on=day + timedelta(days=1), zone=settings.TIME_ZONE)
            starts, at = local_midnight(on=day, zone=settings.TIME_ZONE), ends - timedelta(microseconds=1)
        else:
            # A query string turns a plus sign into a space.
            starts = at = InstantField().run_validation(text.replace(" ", "+"))
    except serializers.ValidationError as error:
        message = _("Write a date such as 2017-12-31, or an instant such as 2017-12-31T12:00:00Z.")
        raise serializers.ValidationError({"as_of": message}) from error
    if starts > now:
        raise serializers.ValidationError({"as_of": _("Nobody knows yet what will be known then.")})
    return min(at, now)
