"""Two sources on the questions that both of them answered."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.boards.reads.comparison import SameSourceError, comparison
from forecasts.boards.reads.profile import WHOLE_RECORD
from forecasts.models import Board, Source
from forecasts.sources.reads import sources_on_record
from tracker.api.kit.fields import InstantField, read_as_of
from tracker.api.kit.freshness import FreshView
from tracker.api.kit.permissions import MayDo
from tracker.api.kit.schema import AS_OF


class SharedQuestionShown(serializers.Serializer[Any]):
    question = serializers.CharField()
    slug = serializers.CharField()
    language = serializers.CharField()
    outcome = serializers.FloatField()
    a = serializers.FloatField()
    b = serializers.FloatField()
    difference = serializers.FloatField()


class ComparisonShown(serializers.Serializer[Any]):
    """
    Both sources' mean scores over the `n` questions that they share. `difference` is a - b, so below 0
    `a` did better; its 95 % interval comes from drawing events anew, and is null with fewer than two.
    """

    a = serializers.CharField()
    b = serializers.CharField()
    board = serializers.CharField(allow_null=True)
    as_of = InstantField()
    n = serializers.IntegerField()
    n_a = serializers.IntegerField()
    n_b = serializers.IntegerField()
    n_events = serializers.IntegerField()
    score_a = serializers.FloatField(allow_null=True)
    score_b = serializers.FloatField(allow_null=True)
    difference = serializers.FloatField(allow_null=True)
    ci_low = serializers.FloatField(allow_null=True)
    ci_high = serializers.FloatField(allow_null=True)
    p_a_better = serializers.FloatField(allow_null=True)
    questions = SharedQuestionShown(many=True)


def _named(name: str, words: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, required=required, description=words)


class ComparisonView(FreshView):
    """Two sources, side by side."""

    permission_classes = (MayDo,)

    @extend_schema(
        summary="Compare two sources on the questions that they share",
        parameters=[
            _named("a", "The slug of a source.", required=True),
            _named("b", "The slug of another source.", required=True),
            _named("board", "The slug of a board: only what it counts, by its rule. Default: everything."),
            AS_OF,
        ],
        responses=ComparisonShown,
    )
    def get(self, request: Request) -> Response:
        """Where they share no question, `n` is 0 and there are no scores."""
        now = timezone.now()
        at = read_as_of(request.query_params.get("as_of"), now=now)
        a, b = self._source("a"), self._source("b")
        board = self._board()
        try:
            found = comparison(board=board or WHOLE_RECORD, a=a, b=b, now=now, at=at)
        except SameSourceError as error:
            message = _("That is the same source twice. Choose another one.")
            raise ValidationError({error.field: message}) from error
        told = {"a": a.slug, "b": b.slug, "board": board.slug if board else None, **found.as_dict()}
        return Response(ComparisonShown({**told, "as_of": at or now}).data)

    def _source(self, name: str) -> Source:
        slug = self.request.query_params.get(name, "")
        found = sources_on_record().filter(slug=slug).first()
        if found is None:
            raise ValidationError({name: _("There is no source “%(slug)s”.") % {"slug": slug}})
        return found.standing

    def _board(self) -> Board | None:
        slug = self.request.query_params.get("board")
        if not slug:
            return None
        found = Board.objects.public().filter(slug=slug).first()
        if found is None:
            raise ValidationError({"board": _("There is no ranking “%(slug)s”.") % {"slug": slug}})
        return found
