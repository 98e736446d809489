"""Boards, what they say as known on a date, and what they said."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Mapping
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError as ModelValidationError
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_filters import FilterSet, ModelChoiceFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import CreateModelMixin, DestroyModelMixin
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.boards.reads.blind import told_unseeing
from forecasts.boards.reads.figures.table import NO_REFERENCE
from forecasts.boards.reads.left_out import ANOTHER_RULE, ANOTHER_UNIT, left_out
from forecasts.boards.reads.standings import is_drawn, standings_told
from forecasts.limits import most
from forecasts.models import Board, QuestionKind, Rule, Source, SourceKind, Standing
from forecasts.models.boards.board import Reference
from forecasts.models.limited import ShortAsText
from forecasts.people.reads.roles import Verb
from forecasts.record.reads import ledger
from tracker.api.boards.figures import BoardFiguresMixin, PendingField
from tracker.api.kit.fields import InstantField, KeyField, Shown
from tracker.api.kit.nouns import InstantFilter, Ordering, ReadView, readable
from tracker.api.kit.renderers import StandingsCSVRenderer
from tracker.api.kit.schema import AS_OF


class BoardFilterShown(serializers.Serializer[Any]):
    """Which forecasts the board counts. What is left out is not filtered by."""

    topics = serializers.ListField(child=serializers.SlugField(max_length=most("slug")), required=False)
    languages = serializers.ListField(
        child=serializers.CharField(max_length=most("language")), required=False
    )
    source_kinds = serializers.ListField(child=serializers.ChoiceField(SourceKind.choices), required=False)
    question_kinds = serializers.ListField(
        child=serializers.ChoiceField(QuestionKind.choices), required=False
    )
    outlets = serializers.ListField(child=serializers.SlugField(max_length=most("slug")), required=False)
    stated_only = serializers.BooleanField(required=False)
    unit = serializers.CharField(
        required=False, max_length=most("unit"), help_text="What a board by CRPS is of; dates are in days."
    )

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(set(data) - set(self.fields)) if isinstance(data, Mapping) else []
        if unknown:
            known = ", ".join(self.fields)
            message = _("Rankings don’t filter by this. Use: %(known)s.") % {"known": known}
            raise serializers.ValidationError({str(name): message for name in unknown})
        return super().to_internal_value(data)


class BoardSerializer(Shown):
    """A saved ranking: which forecasts count, by which rule, against which reference."""

    filter = BoardFilterShown(required=False, validators=[ShortAsText(most("value"))])

    class Meta:
        model = Board
        fields = (
            "slug",
            "name",
            "description",
            "filter",
            "rule",
            "reference",
            "window",
            "window_days",
            "window_from",
            "window_to",
            "minimum_n",
            "estimator",
            "public",
        )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the board against the constraints of its table, so that each names its field."""
        board = copy(self.instance) if self.instance else Board()
        for name, value in attrs.items():
            setattr(board, name, value)
        if board.rule == Rule.CRPS and not board.filter.get("unit"):
            message = _("CRPS is in the unit of its question: name the unit of the ranking.")
            raise serializers.ValidationError({"filter": {"unit": message}})
        try:
            board.full_clean()
        except ModelValidationError as error:
            raise serializers.ValidationError(serializers.as_serializer_error(error)) from error
        return attrs

    def create(self, validated_data: dict[str, Any]) -> Board:
        return Board.objects.create(**validated_data)

    def update(self, instance: Board, validated_data: dict[str, Any]) -> Board:
        for name, value in validated_data.items():
            setattr(instance, name, value)
        instance.save(update_fields=list(validated_data))
        return instance


class StandingRowShown(serializers.Serializer[Any]):
    """
    One source on the board. `rank` is null where it is provisional, not comparable or has no score;
    `n` counts scored questions. `brier` is 0 at best and 1 at worst, from `brier_low` to
    `brier_high` over the verbal scale.

    `ci_low` to `ci_high` is the 95 % interval of the score that the board orders by, `rank_low` to
    `rank_high` that of the rank and `p_first` the chance of the first place, from drawing events
    anew; null while a large board's are being computed (see `pending`). No interval of a score reaches
    beyond what the rule can give: 0 to 1 for Brier. `rank_band` is the best and the worst rank under
    every reading that an editor could defend. `skill` is 1 - score / score of `reference`; where the
    reference has no score on any of the source's questions it is null, and `skill_reason` says "no
    reference": of a number there is no base rate and nothing uninformed, so a board by CRPS is compared
    with the crowd.
    """

    rank = serializers.IntegerField(allow_null=True)
    source = serializers.CharField()
    slug = serializers.CharField()
    kind = serializers.ChoiceField(SourceKind.choices)
    n = serializers.IntegerField()
    n_forecasts = serializers.IntegerField()
    n_open = serializers.IntegerField()
    n_void = serializers.IntegerField()
    brier = serializers.FloatField(allow_null=True)
    brier_low = serializers.FloatField(allow_null=True)
    brier_high = serializers.FloatField(allow_null=True)
    imputed_share = serializers.FloatField(allow_null=True)
    void_share = serializers.FloatField(allow_null=True)
    provisional = serializers.BooleanField()
    unscorable_share = serializers.FloatField(allow_null=True)
    coverage = serializers.FloatField(allow_null=True)
    adjusted_fixed = serializers.FloatField(allow_null=True)
    adjusted_shrunk = serializers.FloatField(allow_null=True)
    shrunk = serializers.FloatField(allow_null=True)
    skill = serializers.FloatField(allow_null=True)
    reference = serializers.ChoiceField(Reference.choices)
    ci_low = serializers.FloatField(allow_null=True)
    ci_high = serializers.FloatField(allow_null=True)
    rank_low = serializers.IntegerField(allow_null=True)
    rank_high = serializers.IntegerField(allow_null=True)
    p_first = serializers.FloatField(allow_null=True)
    rank_band = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    comparable = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    skill_reason = serializers.ChoiceField([NO_REFERENCE], allow_blank=True)


class LeftOutShown(serializers.Serializer[Any]):
    """
    Questions that the board's filter lets in and its rule can't score, with the forecasts on them:
    `another_rule` is for their kind, or they are in `another_unit`. Scores on different scales are never
    averaged.
    """

    kind = serializers.ChoiceField(QuestionKind.choices)
    unit = serializers.CharField(allow_blank=True)
    n_questions = serializers.IntegerField()
    n_forecasts = serializers.IntegerField()
    reason = serializers.ChoiceField([(ANOTHER_RULE, ANOTHER_RULE), (ANOTHER_UNIT, ANOTHER_UNIT)])


class BoardStandings(serializers.Serializer[Any]):
    """
    What the board says, and the version of the record that it rests on. `brier` is the score by the
    board's rule; by CRPS it is in the board's unit.
    """

    board = serializers.CharField()
    as_of = InstantField()
    pending = PendingField()
    ledger_sequence = serializers.IntegerField()
    left_out = LeftOutShown(many=True)
    rows = StandingRowShown(many=True)


class BoardView(BoardFiguresMixin, CreateModelMixin, DestroyModelMixin, ReadView):
    """Rankings. Those that are not public are for the desk."""

    serializer_class = BoardSerializer
    lookup_field = "slug"
    verbs = {"create": Verb.EDIT_BOARDS, "partial_update": Verb.EDIT_BOARDS, "destroy": Verb.EDIT_BOARDS}

    def get_queryset(self) -> QuerySet[Board]:
        return self.readable(Board.objects.order_by("name", "pk"))

    @extend_schema(summary="Change a board", request=BoardSerializer(partial=True))
    def partial_update(self, request: Request, slug: str) -> Response:
        """What is not given stays. Standings that were kept stay as they were."""
        serializer = self.get_serializer(self.get_object(), data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        return self.answer(serializer.save())

    @extend_schema(summary="Delete a board")
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A board whose standings were kept stays."""
        return super().destroy(request, *args, **kwargs)

    @extend_schema(
        summary="Read a board's standings",
        parameters=[AS_OF],
        filters=False,
        responses={
            (200, "application/json"): BoardStandings,
            (200, "text/csv"): OpenApiTypes.STR,
        },
    )
    @action(
        detail=True,
        methods=["get"],
        pagination_class=None,
        filterset_class=None,
        renderer_classes=[JSONRenderer, StandingsCSVRenderer],
    )
    def standings(self, request: Request, slug: str) -> Response:
        """
        As known now or, with `as_of`, as known then: nothing recorded later counts. `format=csv`
        gives the rows for a spreadsheet.
        """
        board = self.get_object()
        at = self.as_of
        rows = standings_told(board=board, at=at, now=self.now)
        rows = told_unseeing(rows, board=board, user=request.user, at=at)
        sequence = ledger.head(at=at).sequence
        told = {"board": board.slug, "as_of": at or self.now, "ledger_sequence": sequence, "rows": rows}
        told["pending"] = [] if is_drawn(rows) else ["intervals"]
        told["left_out"] = [each.as_dict() for each in left_out(board=board, at=at)]
        self.etag = _etag(told, format=request.accepted_renderer.format)
        # The rows are plain already; to have thousands of them read field by field takes a tenth of a second.
        shown = BoardStandings({**told, "rows": []}).data
        return self.waiting_for(board, told["pending"], Response({**shown, "rows": rows}))


def _etag(told: Mapping[str, Any], *, format: str) -> str:
    """Return the name of these rows: not of `as_of`, which for the board as known now is the clock."""
    named = [format, *(told[name] for name in ("board", "ledger_sequence", "pending", "left_out", "rows"))]
    # Version 2 spells equal values alike; it takes a tenth of the time that JSON takes for thousands of rows.
    return f'W/"standings-{hashlib.sha256(marshal.dumps(named, 2)).hexdigest()[:32]}"'


class StandingSerializer(Shown):
    """What a board said on a date, as we kept it."""

    id = KeyField()
    board = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    rows = serializers.SerializerMethodField(help_text="For the public, of sources that still are public.")

    class Meta:
        model = Standing
        fields = ("id", "board", "as_of", "ledger_sequence", "rows", "recorded_at")

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_rows(self, standing: Standing) -> list[dict[str, Any]]:
        if self.context["on_desk"]:
            user = self.context["request"].user
            return told_unseeing(standing.rows, board=standing.board, user=user, at=standing.as_of)
        return [each for each in standing.rows if each["slug"] in self._public_slugs]

    @cached_property
    def _public_slugs(self) -> set[str]:
        return set(Source.objects.public().values_list("slug", flat=True))


class StandingFilter(FilterSet):
    board = ModelChoiceFilter(queryset=readable(Board), to_field_name="slug")
    after = InstantFilter(field_name="as_of", lookup_expr="gte")
    before = InstantFilter(field_name="as_of", lookup_expr="lt")
    ordering = Ordering(fields=("as_of",))


class StandingView(ReadView):
    """Standings that were kept, the latest first."""

    serializer_class = StandingSerializer
    filterset_class = StandingFilter
    lookup_field = "key"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Standing]:
        return self.readable(Standing.objects.select_related("board").order_by("-as_of", "-pk"))
