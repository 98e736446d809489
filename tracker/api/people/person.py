"""People as requests and answers name them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from forecasts.people.reads.roles import Verb, people_who_may


def person(request: Request) -> User:
    """Return whoever asks, signed in. Raises NotAuthenticated."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


class PersonField(serializers.SlugRelatedField[User]):
    """Somebody who answers questions, by the name they sign in with."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="username", **{"allow_null": True, **kwargs})

    def get_queryset(self) -> QuerySet[User]:
        return people_who_may(verb=Verb.GIVE_VERDICT)
