"""What could not be sent: read by editors, and sent again when a lead says so."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.delivery.writes.sending import send_again
from forecasts.models import Digest, MissedChat
from forecasts.people.reads.roles import Verb
from tracker.api.kit.fields import Shown
from tracker.api.kit.nouns import NounView, ReadView
from tracker.api.kit.permissions import allowed

STATES = [(name, name) for name in ("armed", "sent", "ended", "given_up")]
OF_SENDING = ("state", "due_at", "sent_at", "ended_at", "ended_because", "attempts", "error")


@extend_schema_field(serializers.ChoiceField(STATES))
class StateField(serializers.Field[Any, Any, Any, Any]):
    """Where the sending of something stands."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        if value.sent_at:
            return "sent"
        if value.ended_at:
            return "ended"
        return "given_up" if value.dead_at else "armed"


class SentAgain(NounView):
    """Let a dead letter be sent again."""

    @extend_schema(summary="Send again what was given up", request=None)
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: int) -> Response:
        """By the next sweep, with all its attempts before it. What is not given up is refused."""
        found = self.get_object()
        send_again(nudge=found, by=self.by, now=self.now)
        return self.answer(found)


class DigestSerializer(Shown):
    """One mail with all that is due for one person."""

    recipient = serializers.SlugRelatedField(slug_field="username", read_only=True)
    state = StateField()

    class Meta:
        model = Digest
        fields = ("id", "recipient", *OF_SENDING)


class MissedChatSerializer(Shown):
    """A chat that a reminder or digest did not reach, though its person did get it."""

    desk = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    state = StateField()

    class Meta:
        model = MissedChat
        fields = ("id", "reminder", "digest", "desk", "address", *OF_SENDING)


class DigestView(SentAgain, ReadView):
    """Digests, the latest first."""

    serializer_class = DigestSerializer
    lookup_value_converter = "int"
    verbs = {"list": Verb.READ_MESSAGES, "retrieve": Verb.READ_MESSAGES, "again": Verb.SEND_AGAIN}

    def get_queryset(self) -> QuerySet[Digest]:
        """Return what may be read: messages are for the editors of their desk."""
        rows = Digest.objects.select_related("recipient").order_by("-due_at", "-pk")
        return allowed(self.request, rows, Verb.READ_MESSAGES)


class MissedChatView(SentAgain, ReadView):
    """Chats that missed a message, the latest first."""

    serializer_class = MissedChatSerializer
    lookup_value_converter = "int"
    verbs = {"list": Verb.READ_MESSAGES, "retrieve": Verb.READ_MESSAGES, "again": Verb.SEND_AGAIN}

    def get_queryset(self) -> QuerySet[MissedChat]:
        rows = MissedChat.objects.select_related("desk").order_by("-due_at", "-pk")
        return allowed(self.request, rows, Verb.READ_MESSAGES)
