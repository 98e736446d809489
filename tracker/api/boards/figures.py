"""More about a board: its calibration, its history, and what moved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.boards.reads.calibration import calibration
from forecasts.boards.reads.live import live_changes, live_history
from forecasts.models import Board, Source
from forecasts.models.ledger import digest
from tracker.api.kit.errors import MEDIA_TYPE
from tracker.api.kit.fields import InstantField
from tracker.api.kit.renderers import HistoryCSVRenderer
from tracker.api.kit.schema import AS_OF, ProblemSerializer
from tracker.computing.asking import ask

OF_SOURCE = OpenApiParameter(
    "source", OpenApiTypes.STR, description="The slug of a source: its figures only."
)


PENDING = ("intervals", "history", "changes")


class PendingField(serializers.ListField):
    """The figures that are still null because a worker computes them."""

    def __init__(self, **kwargs: Any) -> None:
        told = "What is still null because a worker computes it, on a large board; `Retry-After` says when "
        told += "to ask again. Empty where the answer is whole."
        super().__init__(child=serializers.ChoiceField(PENDING), help_text=told, **kwargs)


class CalibrationBinShown(serializers.Serializer[Any]):
    low = serializers.FloatField()
    high = serializers.FloatField()
    n = serializers.IntegerField()
    mean_p = serializers.FloatField(allow_null=True)
    frequency = serializers.FloatField(allow_null=True)
    wilson_low = serializers.FloatField(allow_null=True)
    wilson_high = serializers.FloatField(allow_null=True)


class CalibrationStepShown(serializers.Serializer[Any]):
    probability = serializers.FloatField()
    n = serializers.IntegerField()
    recalibrated = serializers.FloatField()
    band_low = serializers.FloatField(allow_null=True)
    band_high = serializers.FloatField(allow_null=True)


class BoardCalibration(serializers.Serializer[Any]):
    """
    Of the scored forecasts on questions whose deadline has passed. The mean Brier score is
    miscalibration - discrimination + uncertainty; a slope below 1 says that forecasts are too extreme.
    """

    board = serializers.CharField()
    source = serializers.CharField(allow_null=True)
    as_of = InstantField()
    n = serializers.IntegerField()
    n_questions = serializers.IntegerField()
    base_rate = serializers.FloatField(allow_null=True)
    brier = serializers.FloatField(allow_null=True)
    miscalibration = serializers.FloatField(allow_null=True)
    discrimination = serializers.FloatField(allow_null=True)
    uncertainty = serializers.FloatField(allow_null=True)
    auc = serializers.FloatField(allow_null=True)
    sharpness = serializers.FloatField(allow_null=True)
    slope = serializers.FloatField(allow_null=True)
    slope_se = serializers.FloatField(allow_null=True)
    intercept = serializers.FloatField(allow_null=True)
    intercept_se = serializers.FloatField(allow_null=True)
    bins = CalibrationBinShown(many=True)
    curve = CalibrationStepShown(many=True)


class HistoryPointShown(serializers.Serializer[Any]):
    month = serializers.DateField()
    source = serializers.CharField()
    slug = serializers.CharField()
    n = serializers.IntegerField()
    brier = serializers.FloatField(allow_null=True)
    rank = serializers.IntegerField(allow_null=True)
    rolling_n = serializers.IntegerField()
    rolling = serializers.FloatField(allow_null=True)


class BoardHistory(serializers.Serializer[Any]):
    """
    Mean scores at the end of each month, by the date on which outcomes became known. `points` is null
    while a large board's are being computed.
    """

    board = serializers.CharField()
    as_of = InstantField()
    pending = PendingField()
    points = HistoryPointShown(many=True, allow_null=True)


class MoveShown(serializers.Serializer[Any]):
    source = serializers.CharField()
    slug = serializers.CharField()
    n_before = serializers.IntegerField()
    n_after = serializers.IntegerField()
    score_before = serializers.FloatField(allow_null=True)
    score_after = serializers.FloatField(allow_null=True)
    rank_before = serializers.IntegerField(allow_null=True)
    rank_after = serializers.IntegerField(allow_null=True)


class AnsweredShown(serializers.Serializer[Any]):
    question = serializers.CharField()
    translation = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    slug = serializers.CharField()
    answer = serializers.CharField()


class ChangeShown(serializers.Serializer[Any]):
    recorded_at = InstantField()
    n_resolutions = serializers.IntegerField()
    resolutions = AnsweredShown(many=True)
    n_moved = serializers.IntegerField()
    moves = MoveShown(many=True)


class BoardChanges(serializers.Serializer[Any]):
    """
    The latest resolutions that moved the board, the newest first, and whom they moved. `changes` is null
    while a large board's are being computed, or where one is too large for a log.
    """

    board = serializers.CharField()
    as_of = InstantField()
    pending = PendingField()
    changes = ChangeShown(many=True, allow_null=True)


class StillComputedError(APIException):
    """A table of figures that a worker still computes."""

    status_code = 503
    default_code = "unavailable"

    def __init__(self, wait: int) -> None:
        super().__init__(_("This table is being computed. Ask again in %(n)d seconds.") % {"n": wait})
        self.wait = wait


class BoardFiguresMixin(GenericAPIView):
    """Actions of a board. The view that takes it reads the clock and `as_of`."""

    now: datetime
    as_of: datetime | None
    etag: str

    @extend_schema(
        summary="Read a board's calibration",
        parameters=[AS_OF, OF_SOURCE],
        filters=False,
        responses=BoardCalibration,
    )
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def calibration(self, request: Request, slug: str) -> Response:
        """When they say 80 %, how often does it happen? Of all sources, or of one."""
        board, source = self.get_object(), self._source()
        found = calibration(board=board, now=self.now, at=self.as_of, source=source).as_dict()
        told = {"source": source.slug if source else None, **found}
        return self._told(BoardCalibration, board, told)

    @extend_schema(
        summary="Read a board's history",
        parameters=[AS_OF, OF_SOURCE],
        filters=False,
        responses={
            (200, "application/json"): BoardHistory,
            (200, "text/csv"): OpenApiTypes.STR,
            (503, MEDIA_TYPE): ProblemSerializer,
        },
    )
    @action(
        detail=True,
        methods=["get"],
        pagination_class=None,
        filterset_class=None,
        renderer_classes=[JSONRenderer, HistoryCSVRenderer],
    )
    def history(self, request: Request, slug: str) -> Response:
        """
        Month by month, of all outcomes so far and of the last twelve months (or the board's window).

        `format=csv` gives the points for a spreadsheet, or 503 while they are being computed.
        """
        board, source = self.get_object(), self._source()
        points = live_history(board=board, now=self.now, at=self.as_of)
        if points is None:
            return self._to_come(BoardHistory, board, "history", "points")
        shown = [each.as_dict() for each in points if source is None or each.slug == source.slug]
        return self._told(BoardHistory, board, {"pending": [], "points": shown})

    @extend_schema(
        summary="Read what moved a board", parameters=[AS_OF], filters=False, responses=BoardChanges
    )
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def changes(self, request: Request, slug: str) -> Response:
        """Which resolution moved whom, by how much: the board just before it was recorded, and then."""
        board = self.get_object()
        live = live_changes(board=board, now=self.now, at=self.as_of)
        if live.changes is None and live.kept:
            return self._to_come(BoardChanges, board, "changes", "changes")
        shown = None if live.changes is None else [each.as_dict() for each in live.changes]
        return self._told(BoardChanges, board, {"pending": [], "changes": shown})

    def waiting_for(self, board: Board, pending: Sequence[str], response: Response) -> Response:
        """Ask a worker for what is pending, and tell in the answer when it may be there."""
        if pending:
            asked = ask(self.request._request, board, at=self.as_of)
            response.headers["Retry-After"] = str(asked.seconds)
        return response

    def _to_come(
        self, shown: type[serializers.Serializer[Any]], board: Board, figure: str, name: str
    ) -> Response:
        """Say that the figures are being computed. A table has no room to say so, and is refused."""
        answer = self.waiting_for(
            board, [figure], self._told(shown, board, {"pending": [figure], name: None})
        )
        if self.request.accepted_renderer.format != "json":
            raise StillComputedError(int(answer.headers["Retry-After"]))
        return answer

    def _source(self) -> Source | None:
        slug = self.request.query_params.get("source")
        if not slug:
            return None
        try:
            found: Source = self.readable(Source.objects.all()).get(slug=slug)  # type: ignore[attr-defined]
            return found
        except Source.DoesNotExist as error:
            message = _("There is no source “%(slug)s”.") % {"slug": slug}
            raise ValidationError({"source": message}) from error

    def _told(
        self, shown: type[serializers.Serializer[Any]], board: Board, figures: Mapping[str, Any]
    ) -> Response:
        told = {"board": board.slug, **figures}
        named = digest({"format": self.request.accepted_renderer.format, **told})
        self.etag = f'W/"{self.action}-{named[:32]}"'  # type: ignore[attr-defined]
        return Response(shown({**told, "as_of": self.as_of or self.now}).data)
