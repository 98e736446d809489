"""Where everything is."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from tracker.api.kit.errors import PROBLEMS
from tracker.api.kit.freshness import FreshView
from tracker.api.kit.permissions import MayDo

NOUNS = (
    "sources",
    "documents",
    "statements",
    "questions",
    "forecasts",
    "resolutions",
    "boards",
    "standings",
    "publications",
    "imports",
    "scales",
    "topics",
    "events",
    "desks",
    "queue",
    "ties",
    "absences",
    "reminders",
    "digests",
)


class RootView(FreshView):
    """The list of addresses."""

    permission_classes = (MayDo,)

    @extend_schema(
        summary="List the addresses",
        responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}},
    )
    def get(self, request: Request) -> Response:
        addresses = {noun: f"api:{noun}-list" for noun in NOUNS}
        addresses |= {
            "ledger": "api:ledger",
            "ledger_entries": "api:entries-list",
            "house_rules": "api:house-rules",
            "token": "api:token",
            "me": "api:me",
            "preferences": "api:preferences",
            "my_absences": "api:my-absences-list",
            "missed_chats": "api:missed-chats-list",
            "problems": "api:problems",
            "schema": "api:schema",
            "docs": "api:docs",
        }
        return Response({noun: reverse(name, request=request) for noun, name in addresses.items()})


class ProblemKind(serializers.Serializer[Any]):
    """One kind of problem."""

    type = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()


class ProblemsView(FreshView):
    """The kinds of problem that an answer's `type` can name."""

    permission_classes = (MayDo,)

    @extend_schema(summary="List the kinds of problem", responses={200: ProblemKind(many=True)})
    def get(self, request: Request) -> Response:
        kinds = [
            {"type": f"/api/problems/#{slug}", "status": status, "title": str(title)}
            for status, (slug, title) in PROBLEMS.items()
        ]
        return Response(ProblemKind(kinds, many=True).data)
