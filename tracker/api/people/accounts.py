"""The people here: who they are, on which desks, and whether they may sign in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.limits import most
from forecasts.models import Membership, Role
from forecasts.people.reads.people import people_seen_by
from forecasts.people.reads.roles import Verb
from forecasts.people.writes.people import change_person
from tracker.api.kit.fields import Shown
from tracker.api.kit.nouns import ReadView


class RoleOnDesk(Shown):
    """A role on one desk. It is given and taken away under `desks/`."""

    desk = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    role = serializers.ChoiceField(Role.choices)

    class Meta:
        model = Membership
        fields = ("desk", "role")


class PersonShown(Shown):
    """Somebody who signs in, or did: `is_active` says which."""

    roles = RoleOnDesk(source="memberships", many=True)

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active", "last_login", "roles")


class PersonInput(serializers.Serializer[Any]):
    """What changes of a person; what is left out stays."""

    first_name = serializers.CharField(max_length=most("person"), allow_blank=True, required=False)
    last_name = serializers.CharField(max_length=most("person"), allow_blank=True, required=False)
    email = serializers.EmailField(max_length=most("mail"), required=False)
    is_active = serializers.BooleanField(
        required=False, help_text="False: they can’t sign in any more, and what waits for them goes on."
    )


class PersonView(ReadView):
    """The people on the desks that one heads; all of them, for an administrator."""

    serializer_class = PersonShown
    lookup_field = "username"
    lookup_value_converter = "str"
    verbs = {
        "list": Verb.READ_PEOPLE,
        "retrieve": Verb.READ_PEOPLE,
        "partial_update": Verb.EDIT_PEOPLE,
    }

    def get_queryset(self) -> QuerySet[User]:
        held = Membership.objects.select_related("desk").order_by("desk__name", "pk")
        return people_seen_by(user=self.request.user).prefetch_related(Prefetch("memberships", held))

    @extend_schema(summary="Change a person", request=PersonInput(partial=True), responses={200: PersonShown})
    def partial_update(self, request: Request, username: str) -> Response:
        """Deactivating somebody signs them out and keeps all that they recorded."""
        person, given = self.get_object(), self.parsed(PersonInput, partial=True)
        return self.answer(change_person(person=person, given=given, by=self.by))
