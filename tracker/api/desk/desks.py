"""Desks: who works on what, by which rules, and by which channels they hear."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.desk.writes.desks import (
    LANGUAGES,
    STAGES_AT_MOST,
    add_channel,
    open_desk,
    remove_channel,
    set_desk,
)
from forecasts.limits import most
from forecasts.models import BlindSwitch, Desk, Weekday
from forecasts.people.reads.roles import Verb
from forecasts.verdicts.reads.agreement import desk_agreement
from tracker.api.desk.members import VERBS, PeopleActions
from tracker.api.kit.fields import NumberField, Shown
from tracker.api.kit.nouns import ReadView
from tracker.notify.chat.send import ChannelRefusedError, channels_shown, check_channel

DAYS_AT_MOST = 32767


class ChannelShown(serializers.Serializer[Any]):
    """A channel, by what stands for its address: that is a secret. `mark` names it for removal."""

    mark = serializers.CharField()
    shown = serializers.CharField()


class DeskSerializer(Shown):
    """A desk and its rules. Times and weekdays are by each person's own clock."""

    channels = serializers.SerializerMethodField()

    class Meta:
        model = Desk
        fields = (
            "slug", "name", "zone", "language", "verdicts_required", "blind", "tolerance", "stages",
            "repeat_days", "escalate_after_days", "working_days", "quiet_from", "quiet_until", "channels",
            "publishes_with_forecast", "shows_whole_text",
        )  # fmt: skip

    @extend_schema_field(ChannelShown(many=True))
    def get_channels(self, desk: Desk) -> list[dict[str, str]]:
        return [{"mark": each.mark, "shown": each.shown} for each in channels_shown(desk)]


class RulesInput(serializers.Serializer[Any]):
    """A desk's rules. What is not named stays as it is, or is the usual for a new desk."""

    name = serializers.CharField(max_length=most("name"))
    zone = serializers.CharField(
        max_length=most("zone"), required=False, help_text="An IANA name such as Europe/Stockholm."
    )
    language = serializers.ChoiceField([(code, code) for code in LANGUAGES], required=False)
    verdicts_required = serializers.IntegerField(min_value=1, max_value=2, required=False)
    blind = serializers.BooleanField(
        required=False, help_text="Editors do not see who said what until their verdict is in."
    )
    tolerance = NumberField(
        required=False, help_text="Two verdicts on a number agree within this share of the larger."
    )
    stages = serializers.ListField(
        child=serializers.IntegerField(min_value=-365, max_value=365),
        max_length=STAGES_AT_MOST,
        required=False,
        help_text="Days from the deadline: -7 is a week before, 3 is three days after.",
    )
    repeat_days = serializers.IntegerField(min_value=1, max_value=DAYS_AT_MOST, required=False)
    escalate_after_days = serializers.IntegerField(
        min_value=1,
        max_value=DAYS_AT_MOST,
        required=False,
        allow_null=True,
        help_text="The lead is told after so many days past the deadline; null for never.",
    )
    working_days = serializers.ListField(
        child=serializers.ChoiceField(Weekday.choices), allow_empty=False, max_length=7, required=False
    )
    quiet_from = serializers.TimeField(required=False, allow_null=True)
    quiet_until = serializers.TimeField(required=False, allow_null=True)
    publishes_with_forecast = serializers.BooleanField(
        required=False, help_text="False: questions, and their words in articles, are published by hand."
    )
    shows_whole_text = serializers.BooleanField(
        required=False, help_text="False: readers see the published sentences and those beside them."
    )


class DeskInput(RulesInput):
    """A desk to open, and its rules."""

    slug = serializers.SlugField(max_length=most("slug"), required=False)


class ChannelInput(serializers.Serializer[Any]):
    """An apprise address, as in slack://… It is a secret, and is not given out again."""

    url = serializers.CharField(max_length=most("line"))

    def validate_url(self, value: str) -> str:
        try:
            check_channel(value)
        except ChannelRefusedError as error:
            raise serializers.ValidationError(str(error)) from error
        return value


class DisagreementShown(serializers.Serializer[Any]):
    """Two verdicts that differ, and how it was decided; empty while it waits."""

    question = serializers.CharField(source="question.slug")
    first = serializers.CharField(source="said_first")
    second = serializers.CharField(source="said_second")
    decided = serializers.CharField()


class AgreementShown(serializers.Serializer[Any]):
    """
    How far the desk's editors agree. `kappa` is Cohen's, with its 95 % interval, over the `n_binary`
    pairs on yes-or-no questions; null where it is not defined.
    """

    n = serializers.IntegerField()
    agreed = serializers.IntegerField()
    n_binary = serializers.IntegerField()
    kappa = serializers.FloatField(allow_null=True)
    kappa_low = serializers.FloatField(allow_null=True)
    kappa_high = serializers.FloatField(allow_null=True)
    disagreements = DisagreementShown(many=True)


class BlindSwitchShown(Shown):
    """From when the desk has answered blind, or no longer did, and who set it so."""

    recorded_by = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)

    class Meta:
        model = BlindSwitch
        fields = ("id", "blind", "recorded_by", "recorded_at")


class DeskView(PeopleActions, ReadView):
    """Who works on what: for the desk."""

    serializer_class = DeskSerializer
    lookup_field = "slug"
    verbs = {
        "list": Verb.READ_DRAFTS,
        "retrieve": Verb.READ_DRAFTS,
        "create": Verb.EDIT_DESK,
        "partial_update": Verb.EDIT_DESK,
        "agreement": Verb.ADJUDICATE,
        "blind_switches": Verb.READ_DRAFTS,
        "channels": Verb.EDIT_DESK,
        "channel": Verb.EDIT_DESK,
        **VERBS,
    }

    def get_queryset(self) -> QuerySet[Desk]:
        return Desk.objects.order_by("name", "pk")

    @extend_schema(summary="Open a desk", request=DeskInput, responses={201: DeskSerializer})
    def create(self, request: Request) -> Response:
        """Whoever opens it leads it."""
        return self.created(open_desk(rules=self.parsed(DeskInput), by=self.by, now=self.now))

    @extend_schema(
        summary="Change a desk's rules",
        request=RulesInput(partial=True),
        responses={200: DeskSerializer},
    )
    def partial_update(self, request: Request, slug: str) -> Response:
        """What is not named stays as it is. They hold from the next reminder and the next verdict on."""
        desk = self.get_object()
        rules = self.parsed(RulesInput, partial=True)
        return self.answer(set_desk(desk=desk, rules=rules, by=self.by, now=self.now))

    @extend_schema(summary="Read how its editors agree", responses={200: AgreementShown}, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def agreement(self, request: Request, slug: str) -> Response:
        """For its leads: it tells what either of two editors found."""
        return Response(AgreementShown(desk_agreement(desk=self.get_object())).data)

    @extend_schema(
        summary="List when it was made blind, or not",
        responses={200: BlindSwitchShown(many=True)},
        filters=False,
    )
    @action(
        detail=True, methods=["get"], url_path="blind-switches", pagination_class=None, filterset_class=None
    )
    def blind_switches(self, request: Request, slug: str) -> Response:
        """A verdict is blind only where the desk was so since its question was opened."""
        rows = BlindSwitch.objects.filter(desk=self.get_object()).select_related("recorded_by")
        return Response(BlindSwitchShown(rows, many=True).data)

    @extend_schema(summary="Add a channel", request=ChannelInput, responses={201: DeskSerializer})
    @action(detail=True, methods=["post"])
    def channels(self, request: Request, slug: str) -> Response:
        """The desk's reminders go there too."""
        desk = self.get_object()
        return self.created(add_channel(desk=desk, url=self.parsed(ChannelInput)["url"], by=self.by))

    @extend_schema(summary="Remove a channel", request=None, responses={200: DeskSerializer})
    @action(detail=True, methods=["delete"], url_path="channels/<slug:mark>")
    def channel(self, request: Request, slug: str, mark: str) -> Response:
        """By the mark that stands for it."""
        desk = self.get_object()
        kept = next((each.kept for each in channels_shown(desk) if each.mark == mark), None)
        if kept is None:
            raise Http404
        return self.answer(remove_channel(desk=desk, url=kept, by=self.by))
