"""The queue of the desk, and who is excluded from what."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.desk.reads import queue
from forecasts.limits import most
from forecasts.models import Desk, Question, Source, Tie, Topic
from forecasts.people.reads.roles import Verb
from forecasts.people.writes.ties import declare_tie, end_tie
from forecasts.questions.writes.lifecycle import assign_questions
from tracker.api.kit.fields import DayField, Shown
from tracker.api.kit.nouns import NounView
from tracker.api.kit.permissions import allowed
from tracker.api.questions.serializers import AssignInput

WAITING = "What waits: “second” for a second verdict, “adjudication” for a lead."


class QueueInput(serializers.Serializer[Any]):
    """What part of the queue is asked for."""

    desk = serializers.SlugRelatedField(slug_field="slug", queryset=Desk.objects.all(), required=False)
    topic = serializers.SlugRelatedField(slug_field="slug", queryset=Topic.objects.all(), required=False)
    assignee = serializers.CharField(
        required=False, max_length=most("person"), help_text="A username, or “nobody”."
    )

    def validate_assignee(self, value: str) -> int | str:
        if value == queue.NOBODY:
            return value
        found = User.objects.filter(username=value).first()
        if found is None:
            raise serializers.ValidationError(_("Nobody here is called “%(name)s”.") % {"name": value})
        return found.pk

    @property
    def cut(self) -> queue.Cut:
        given = self.validated_data
        return queue.Cut(
            desk=given["desk"].pk if "desk" in given else None,
            topic=given["topic"].pk if "topic" in given else None,
            assignee=given.get("assignee"),
        )


class OverdueShown(serializers.Serializer[Any]):
    """How many questions are overdue on a desk; null for those on none."""

    desk = serializers.CharField(allow_null=True)
    n = serializers.IntegerField()


@extend_schema_serializer(many=False)
class FiguresShown(serializers.Serializer[Any]):
    """How many questions wait in each pile, and how many are overdue on each desk."""

    piles = serializers.DictField(child=serializers.IntegerField())
    overdue = OverdueShown(many=True)


class WaitingShown(Shown):
    """A question that waits. `verdicts_in` is how many verdicts are in, of two."""

    desk = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    assignee = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)
    check_again_on = serializers.DateField(allow_null=True, default=None)
    verdicts_in = serializers.IntegerField(default=0)

    class Meta:
        model = Question
        fields = (
            "slug",
            "proposition",
            "kind",
            "deadline_at",
            "desk",
            "assignee",
            "check_again_on",
            "verdicts_in",
        )


class AssignManyInput(AssignInput):
    """Which questions, and who sees to them; null for nobody."""

    questions = serializers.SlugRelatedField(
        slug_field="slug", many=True, queryset=Question.objects.select_related("desk"), allow_empty=False
    )


class AssignedShown(serializers.Serializer[Any]):
    """How many questions were assigned."""

    assigned = serializers.IntegerField()


CUT = [QueueInput]


class QueueView(NounView):
    """What waits for whoever asks. Nobody is shown what they may not answer."""

    lookup_field = "pile"
    verbs = {
        "list": Verb.READ_DRAFTS,
        "retrieve": Verb.READ_DRAFTS,
        "assign": Verb.ASSIGN_QUESTION,
    }
    serializer_class = WaitingShown

    def get_queryset(self) -> QuerySet[Question]:
        return Question.objects.none()

    @extend_schema(
        operation_id="queue_figures",
        summary="Count what waits",
        parameters=CUT,
        responses={200: FiguresShown},
        filters=False,
    )
    def list(self, request: Request) -> Response:
        found = queue.figures(user=self.asking, now=self.now, cut=self._cut(request))
        slugs = dict(Desk.objects.values_list("pk", "slug"))
        overdue = [{"desk": slugs.get(key or 0), "n": n} for key, n in found.overdue.items()]
        return Response(FiguresShown({"piles": found.piles, "overdue": overdue}).data)

    @extend_schema(
        operation_id="queue_pile",
        summary="Read a pile",
        parameters=[*CUT, OpenApiParameter("pile", str, "path", description=WAITING, enum=[*queue.PILES])],
        responses={200: WaitingShown(many=True)},
    )
    def retrieve(self, request: Request, pile: str) -> Response:
        """The longest wait first."""
        if pile not in queue.PILES:
            raise Http404
        rows = queue.pile(name=pile, user=self.asking, now=self.now, cut=self._cut(request))
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(summary="Assign many questions", request=AssignManyInput, responses={200: AssignedShown})
    @action(detail=False, methods=["post"])
    def assign(self, request: Request) -> Response:
        """All of them or, where one is refused, none."""
        given = self.parsed(AssignManyInput)
        for question in given["questions"]:
            self.check_object_permissions(request, question)
        return Response({"assigned": assign_questions(**given, by=self.by, now=self.now)})

    @property
    def asking(self) -> User:
        """Whoever asks: MayDo lets nobody in who is signed out."""
        return cast("User", self.by)

    def _cut(self, request: Request) -> queue.Cut:
        asked = QueueInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return asked.cut


class TieSerializer(Shown):
    """An editor's tie to a source: they answer no question that it spoke on."""

    user = serializers.SlugRelatedField(slug_field="username", read_only=True)
    source = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    declared_by = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)

    class Meta:
        model = Tie
        fields = ("id", "user", "source", "since", "note", "declared_by", "created_at")


class TieInput(serializers.Serializer[Any]):
    """Whose tie, to whom, since when, and what it is. Without a user, one's own."""

    user = serializers.SlugRelatedField(
        slug_field="username", queryset=User.objects.filter(is_active=True), required=False
    )
    source = serializers.SlugRelatedField(slug_field="slug", queryset=Source.objects.all())
    since = DayField()
    note = serializers.CharField(max_length=most("note"))


class TieView(ListModelMixin, NounView):
    """Ties of editors to sources: one's own, and for leads those of the people on their desks."""

    serializer_class = TieSerializer
    lookup_value_converter = "int"
    verbs = {"list": Verb.READ_DRAFTS, "create": Verb.DECLARE_TIE, "destroy": Verb.SET_TIES}

    def get_queryset(self) -> QuerySet[Tie]:
        rows = Tie.objects.select_related("user", "source", "declared_by").order_by("pk")
        if getattr(self, "swagger_fake_view", False):
            return rows
        led = allowed(self.request, rows, Verb.SET_TIES)
        return rows.filter(Q(user=self.request.user.pk) | Q(pk__in=led.order_by().values("pk")))

    @extend_schema(summary="Declare a tie", request=TieInput, responses={201: TieSerializer})
    def create(self, request: Request) -> Response:
        """Everybody declares their own; a lead sets those of the people on the desk."""
        given = self.parsed(TieInput)
        user = given.pop("user", self.by)
        tie = declare_tie(user=user, **given, by=self.by, now=self.now)
        return self.created(tie)

    @extend_schema(summary="End a tie", request=None, responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """The editor may answer again."""
        end_tie(tie=self.get_object(), by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)
