"""What it would do to decide between two verdicts, asked before it is done."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.desk.writes.decide import Barred, Decision, Effect, Own, effects
from forecasts.models import Question, Verdict
from forecasts.verdicts.reads.waiting import pending_on
from tracker.api.kit.blind import tell
from tracker.api.kit.fields import KeyRef, ReasonInput
from tracker.api.kit.nouns import NounView
from tracker.api.kit.values import outcome_label
from tracker.api.verdicts.answers import VerdictInput, exhibits_of, finding_of


class AdjudicateInput(ReasonInput):
    """Which of the two verdicts is right, or a finding of one's own with evidence; and why."""

    sides_with = KeyRef(queryset=Verdict.objects.all(), default=None, allow_null=True)
    finding = VerdictInput(required=False, default=None, allow_null=True)


class ScoredShown(serializers.Serializer[Any]):
    """What a source would score; null where all that it said came after the outcome was known."""

    source = serializers.CharField(source="source.slug")
    score = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class LadderShown(serializers.Serializer[Any]):
    """Another date of the same question, and the answer that it would get."""

    question = serializers.CharField(source="question.slug")
    answer = serializers.CharField()
    outcome = serializers.FloatField(allow_null=True)


class PlaceMoved(serializers.Serializer[Any]):
    """A source before and after, by the score that the board orders by."""

    source = serializers.CharField(source="slug")
    n_before = serializers.IntegerField()
    n_after = serializers.IntegerField()
    score_before = serializers.FloatField(allow_null=True)
    score_after = serializers.FloatField(allow_null=True)
    rank_before = serializers.IntegerField(allow_null=True)
    rank_after = serializers.IntegerField(allow_null=True)


class BoardMovedShown(serializers.Serializer[Any]):
    """How a board would move; `n_moved` is null where it is too large to be ranked at once."""

    board = serializers.CharField(source="board.slug")
    n_moved = serializers.IntegerField(allow_null=True)
    moves = PlaceMoved(many=True)


class EffectShown(serializers.Serializer[Any]):
    """
    What one way of deciding would do. `sides_with` is null for a finding of one's own; `barred` says why
    a verdict could not be sided with. `scored` and `boards` are null where the forecasts are hidden from
    whoever asks.
    """

    sides_with = serializers.UUIDField(allow_null=True)
    barred = serializers.CharField(allow_blank=True)
    answer = serializers.CharField(allow_null=True)
    outcome_label = serializers.CharField(allow_null=True)
    scored = ScoredShown(many=True, allow_null=True)
    ladder = LadderShown(many=True)
    boards = BoardMovedShown(many=True, allow_null=True)


class DecidingActions(NounView):
    """The preview of a question's adjudication."""

    @extend_schema(
        summary="Preview a decision between two verdicts",
        request=AdjudicateInput,
        responses={200: EffectShown(many=True)},
        filters=False,
    )
    @action(
        detail=True,
        methods=["post"],
        url_path="adjudicate/preview",
        pagination_class=None,
        filterset_class=None,
    )
    def weigh(self, request: Request, slug: str) -> Response:
        """What the chosen way would do, and then what the others would. Nothing is recorded."""
        question: Question = self.get_object()
        given = self.parsed(AdjudicateInput)
        chosen = choice(given, question)
        decision = Decision(question=question, reason=given["reason"], by=self.by, now=self.now)
        others = [each for each in pending_on(question) if each != chosen]
        found = effects(decision=decision, chosen=chosen, others=others)
        hidden = bool(tell(request, [question.pk], now=self.now))
        shown = [_shown(each, question, hidden=hidden) for each in found]
        return Response(EffectShown(shown, many=True).data)


def choice(given: dict[str, Any], question: Question) -> Any:
    """Return the verdict or the finding that is chosen; both or neither are for the service to refuse."""
    own = given["finding"]
    if own is None:
        return given["sides_with"]
    return Own(finding=finding_of(own, question=question), evidence=exhibits_of(own))


def _shown(effect: Effect | Barred, question: Question, *, hidden: bool) -> dict[str, Any]:
    if isinstance(effect, Barred):
        return {
            "sides_with": effect.sides_with.key,
            "barred": effect.because,
            "answer": effect.sides_with.answer,
            "outcome_label": outcome_label(question, effect.sides_with.outcome),
            "scored": [],
            "ladder": [],
            "boards": [],
        }
    return {
        "sides_with": effect.sides_with.key if effect.sides_with else None,
        "barred": "",
        "answer": effect.answer.answer,
        "outcome_label": outcome_label(question, effect.answer.outcome),
        "scored": None if hidden else effect.scored,
        "ladder": effect.ladder,
        "boards": None if hidden else effect.boards,
    }
