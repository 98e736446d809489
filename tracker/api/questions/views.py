"""Questions: events that can be checked, and everything that is done about one."""

from __future__ import annotations

from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.boards.reads.crowd import crowd_over_time
from forecasts.desk.writes.moves import move_question
from forecasts.models import (
    Answer,
    Desk,
    Dispute,
    Event,
    Forecast,
    Method,
    Question,
    QuestionKind,
    Resolution,
    Topic,
)
from forecasts.models.questions.question import QuestionQuerySet
from forecasts.people.reads.roles import Verb
from forecasts.questions.reads.listing import resolutions
from forecasts.questions.writes.forecasts import withdraw_forecast
from forecasts.questions.writes.lifecycle import assign_question, move_deadline, open_question
from forecasts.questions.writes.publishing import publish_question, take_back_question
from forecasts.verdicts.reads.waiting import verdicts_seen_by
from forecasts.verdicts.writes.resolutions import (
    answer_question,
    reopen_question,
    resolve_question,
    void_question,
)
from forecasts.verdicts.writes.supersede import supersede_question
from tracker.api.kit.blind import refuse_hidden
from tracker.api.kit.fields import ReasonInput, deadline_of
from tracker.api.kit.nouns import InstantFilter, Ordering, ReadView, Search, readable
from tracker.api.kit.publishing import VERBS as PUBLISHING
from tracker.api.kit.publishing import PublishActions
from tracker.api.questions.crowd import CrowdPointShown
from tracker.api.questions.examples import QUESTION_EXAMPLES, VERDICT_EXAMPLES
from tracker.api.questions.forecasts import ForecastSerializer
from tracker.api.questions.serializers import (
    STATES,
    AssignInput,
    DeadlineMoveInput,
    DeskMoveInput,
    DeskMoveShown,
    QuestionInput,
    QuestionSerializer,
    SupersedeInput,
    WithdrawalInput,
)
from tracker.api.verdicts.answers import (
    AnswerShown,
    ResolveInput,
    VerdictInput,
    VerdictShown,
    VoidInput,
    evidence,
    exhibits_of,
    finding_of,
)
from tracker.api.verdicts.review import VERBS, ReviewActions


class QuestionFilter(FilterSet):
    state = ChoiceFilter(choices=STATES, method="in_state")
    kind = ChoiceFilter(choices=QuestionKind.choices)
    topic = ModelChoiceFilter(field_name="topics", queryset=readable(Topic), to_field_name="slug")
    event = ModelChoiceFilter(queryset=readable(Event), to_field_name="slug")
    desk = ModelChoiceFilter(queryset=Desk.objects.all(), to_field_name="slug")
    due_after = InstantFilter(field_name="deadline_at", lookup_expr="gte")
    due_before = InstantFilter(field_name="deadline_at", lookup_expr="lt")
    search = Search("proposition", "translation", "criteria")
    ordering = Ordering(fields=(("deadline_at", "deadline"), ("opens_at", "opens_at"), "recorded_at"))

    def in_state(self, rows: QuestionQuerySet, name: str, state: str) -> QuestionQuerySet:
        if state in {"resolved", "void"}:
            answers = Resolution.objects.answering().filter(question=OuterRef("pk"))
            wanted = Answer.OUTCOME if state == "resolved" else Answer.VOID
            return rows.filter(Exists(answers.filter(answer=wanted)))
        now = self.request.parser_context["view"].now
        return rows.open(now) if state == "open" else rows.due(now)


class QuestionView(PublishActions, ReviewActions, ReadView):
    """Questions with where they stand. What is asked never changes; what happens is added."""

    serializer_class = QuestionSerializer
    filterset_class = QuestionFilter
    lookup_field = "slug"
    verbs = {
        "create": Verb.OPEN_QUESTION,
        "give_verdict": Verb.GIVE_VERDICT,
        "resolve": Verb.RESOLVE_QUESTION,
        "void": Verb.VOID_QUESTION,
        "reopen": Verb.REOPEN_QUESTION,
        "supersede": Verb.SUPERSEDE_QUESTION,
        "deadline": Verb.MOVE_DEADLINE,
        "desk_moves": Verb.READ_DRAFTS,
        "move_to_desk": Verb.MOVE_QUESTION,
        "assign": Verb.ASSIGN_QUESTION,
        "withdrawals": Verb.WITHDRAW_FORECAST,
        **VERBS,
        **PUBLISHING,
    }
    published = ("question", publish_question, take_back_question)

    def get_queryset(self) -> QuerySet[Question]:
        said = Forecast.objects.current().filter(question=OuterRef("pk"), withdrawn=False).order_by()
        counted = said.values("question").annotate(n=Count("pk")).values("n")
        rows = self.readable(Question.objects.all())
        return (
            rows.select_related("event", "desk", "assignee")
            .prefetch_related("topics", "deadline_moves", Prefetch("resolutions", queryset=resolutions()))
            .annotate(
                n_forecasts=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
                is_disputed=Exists(Dispute.objects.open().filter(question=OuterRef("pk"))),
            )
            .order_by("deadline_at", "pk")
        )

    @extend_schema(
        summary="Open a question",
        request=QuestionInput,
        responses={200: QuestionSerializer, 201: QuestionSerializer},
        examples=QUESTION_EXAMPLES,
    )
    def create(self, request: Request) -> Response:
        """
        Its first reminder is armed with it. An equal one sent again answers 200 with the question that
        the record has.
        """
        given = self.parsed(QuestionInput)
        return self.created(open_question(**given, by=self.by, now=self.now))

    @extend_schema(
        summary="List all sources combined, over time",
        responses={200: CrowdPointShown(many=True)},
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def crowd(self, request: Request, slug: str) -> Response:
        """
        Of the public forecasts on a yes-or-no question, a row for each moment at which they change, the
        earliest first; 200 moments spread over these where there are more. Empty with fewer than two
        sources, and for other kinds of questions.
        """
        question = self.get_object()
        refuse_hidden(request, question, now=self.now)
        forecasts = Forecast.objects.current().public().filter(question=question).order_by("stated_at", "pk")
        points = crowd_over_time(question=question, forecasts=list(forecasts))
        return Response(CrowdPointShown(points, many=True).data)

    @extend_schema(summary="List its verdicts", responses={200: VerdictShown(many=True)}, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def verdicts(self, request: Request, slug: str) -> Response:
        """
        Everybody sees the verdicts that a resolution rests on, and the desk the others. Where a
        desk asks for two verdicts, an editor sees no waiting one but their own; a lead who gave
        neither sees both when both are in, to decide between them.
        """
        seen = verdicts_seen_by(user=request.user).filter(question=self.get_object())
        rows = seen.select_related("question").prefetch_related(Prefetch("evidence", queryset=evidence()))
        return Response(VerdictShown(rows, many=True, context=self.get_serializer_context()).data)

    @extend_schema(
        summary="Give a verdict",
        request=VerdictInput,
        responses={201: AnswerShown},
        examples=VERDICT_EXAMPLES,
    )
    @verdicts.mapping.post
    def give_verdict(self, request: Request, slug: str) -> Response:
        """
        Where the desk asks for one verdict, it resolves the question at once, unless it is too
        early; then the reminder comes back on `check_again_on`.
        """
        question, given = self.get_object(), self.parsed(VerdictInput)
        found = answer_question(
            question=question,
            finding=finding_of(given, question=question),
            evidence=exhibits_of(given),
            by=self.by,
            now=self.now,
        )
        return self.answered(found)

    @extend_schema(summary="Resolve on verdicts given", request=ResolveInput, responses={201: AnswerShown})
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, slug: str) -> Response:
        """The answer is the last verdict's."""
        question, verdicts = self.get_object(), self.parsed(ResolveInput)["verdicts"]
        method = Method.AGREED if len(verdicts) > 1 else Method.SINGLE
        found = resolve_question(
            question=question, verdicts=verdicts, method=method, by=self.by, now=self.now
        )
        return self.answered(found)

    @extend_schema(summary="Void the question", request=VoidInput, responses={201: AnswerShown})
    @action(detail=True, methods=["post"])
    def void(self, request: Request, slug: str) -> Response:
        """Nothing on it is scored."""
        question, given = self.get_object(), self.parsed(VoidInput)
        found = void_question(
            question=question,
            reason=given["reason"],
            note=given["note"],
            evidence=exhibits_of(given),
            by=self.by,
            now=self.now,
        )
        return self.answered(found)

    @extend_schema(summary="Reopen the question", request=ReasonInput, responses={200: QuestionSerializer})
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, slug: str) -> Response:
        """The resolution in force is superseded, not removed."""
        question, given = self.get_object(), self.parsed(ReasonInput)
        reopen_question(question=question, reason=given["reason"], by=self.by, now=self.now)
        return self.answer(question)

    @extend_schema(
        summary="Supersede the question", request=SupersedeInput, responses={200: QuestionSerializer}
    )
    @action(detail=True, methods=["post"])
    def supersede(self, request: Request, slug: str) -> Response:
        """Another question takes its place. It is void; what was said on it stays, and is not scored."""
        question, given = self.get_object(), self.parsed(SupersedeInput)
        supersede_question(question=question, **given, by=self.by, now=self.now)
        return self.answer(question)

    @extend_schema(
        summary="Move the deadline", request=DeadlineMoveInput, responses={200: QuestionSerializer}
    )
    @action(detail=True, methods=["post"])
    def deadline(self, request: Request, slug: str) -> Response:
        """The old deadline stays on the record, and the reminders are armed anew."""
        question, given = self.get_object(), self.parsed(DeadlineMoveInput)
        given |= deadline_of(given["deadline"], said_at=self.now)
        move_deadline(question=question, **given, by=self.by, now=self.now)
        return self.answer(question)

    @extend_schema(
        summary="List its moves between desks", responses={200: DeskMoveShown(many=True)}, filters=False
    )
    @action(detail=True, methods=["get"], url_path="desk-moves", pagination_class=None, filterset_class=None)
    def desk_moves(self, request: Request, slug: str) -> Response:
        """The earliest first."""
        rows = self.get_object().desk_moves.select_related("moved_from", "moved_to", "recorded_by")
        return Response(DeskMoveShown(rows, many=True).data)

    @extend_schema(
        summary="Move it to another desk", request=DeskMoveInput, responses={200: QuestionSerializer}
    )
    @desk_moves.mapping.post
    def move_to_desk(self, request: Request, slug: str) -> Response:
        """For whoever heads both. That desk's people answer it by its rules, and are reminded of it."""
        question, given = self.get_object(), self.parsed(DeskMoveInput)
        move_question(question=question, **given, by=self.by, now=self.now)
        return self.answer(question)

    @extend_schema(summary="Assign the question", request=AssignInput, responses={200: QuestionSerializer})
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, slug: str) -> Response:
        question, given = self.get_object(), self.parsed(AssignInput)
        assign_question(question=question, assignee=given["assignee"], by=self.by, now=self.now)
        return self.answer(question)

    @extend_schema(
        summary="Withdraw a source's forecast",
        request=WithdrawalInput,
        responses={200: ForecastSerializer, 201: ForecastSerializer},
    )
    @action(detail=True, methods=["post"])
    def withdrawals(self, request: Request, slug: str) -> Response:
        """The source took it back: coverage ends there, and the forecast stays on the record."""
        question, given = self.get_object(), self.parsed(WithdrawalInput)
        withdrawal = withdraw_forecast(question=question, **given, by=self.by, now=self.now)
        shown_to = self.get_serializer_context()
        answer = ForecastSerializer(withdrawal, context=shown_to).data
        return Response(answer, status=self.status_of(withdrawal))
