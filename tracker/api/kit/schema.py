"""The description of the API: what each operation needs, and how it can fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from forecasts.people.reads.roles import LEAST_ROLE
from tracker.api.kit.errors import MEDIA_TYPE, PROBLEMS
from tracker.api.kit.permissions import verb_of
from tracker.api.kit.repeats import PARAMETER as REPEATABLE


class FieldErrorSerializer(serializers.Serializer):
    """What is wrong with one field; `field` is empty where it is the whole request."""

    field = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """Problem details (RFC 9457): the one format of errors."""

    type = serializers.CharField(help_text="Names the kind of problem.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What is wrong, and what to do about it.")
    instance = serializers.CharField(help_text="The address that was asked.")
    errors = FieldErrorSerializer(many=True)


READ_FAILS = (400, 401, 403, 404, 406, 429)
WRITE_FAILS = (400, 401, 403, 404, 406, 409, 413, 415, 422, 429)

AS_OF = OpenApiParameter(
    "as_of",
    OpenApiTypes.STR,
    description="A date (its last instant in the desk's zone) or an instant with its offset: "
    "what the record knew then.",
)


class HouseSchema(AutoSchema):
    """Every operation names its failures, and the role that it asks for."""

    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.split("/") if part]
        return [parts[2] if len(parts) > 2 else "root"]

    def get_auth(self) -> list[dict[str, list[Any]]]:
        """Say where signing in is optional: whoever reads what is public need not."""
        told = super().get_auth()
        public = self.method in SAFE_METHODS and verb_of(self.view, self.method) is None
        return [{}, *(each for each in told if each)] if public else told

    def get_override_parameters(self) -> list[Any]:
        told = list(super().get_override_parameters())
        repeatable = self.method == "POST" and getattr(self.view, "repeatable", False)
        return [*told, REPEATABLE] if repeatable else told

    def get_description(self) -> str:
        told = super().get_description() or ""
        verb = verb_of(self.view, self.method)
        return f"{told}\n\nAsks for the role **{LEAST_ROLE[verb].value}**.".strip() if verb else told

    def _get_response_bodies(self, direction: Any = "response") -> Mapping[str, Any]:
        bodies = dict(super()._get_response_bodies(direction))
        for status in READ_FAILS if self.method in SAFE_METHODS else WRITE_FAILS:
            told = self._get_response_for_code(ProblemSerializer, str(status), [MEDIA_TYPE], direction)
            bodies.setdefault(str(status), {**told, "description": str(PROBLEMS[status][1])})
        return bodies
