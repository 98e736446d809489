"""Tokens: how a program comes by one, which ones there are, and how they are revoked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.authentication import BasicAuthentication, SessionAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from forecasts.limits import most
from forecasts.models import Ended, Role, Scope, Token
from forecasts.people.reads.roles import Verb, covers
from forecasts.people.reads.tokens import good_tokens
from forecasts.people.writes.tokens import DAYS_AT_MOST, end_tokens, make_token
from tracker.api.kit.fields import Shown
from tracker.api.kit.freshness import FreshView
from tracker.api.kit.permissions import role
from tracker.api.people.person import person
from tracker.api.people.sign_in import TokenAuthentication

OFFERED = ("id", "name", "scope", "made_at", "expires_at", "last_used_at")


class TokenInput(serializers.Serializer[Any]):
    """What the token is for, what it may do, and how long it is good for."""

    name = serializers.CharField(max_length=most("slug"), default="API")
    scope = serializers.ChoiceField(Scope.choices, default=Scope.WRITE)
    days = serializers.IntegerField(
        min_value=1, max_value=DAYS_AT_MOST, required=False, help_text="Without it, as the house has it."
    )


class TokenShown(Shown):
    """One of your tokens, without its secret. `last_used_at` is exact to a minute."""

    expires_at = serializers.DateTimeField(source="ends_at")

    class Meta:
        model = Token
        fields = OFFERED


class NewTokenShown(TokenShown):
    """The token with its secret, shown this once: we keep only its hash."""

    token = serializers.CharField()

    class Meta:
        model = Token
        fields = ("token", *OFFERED)


class MeShown(serializers.Serializer[Any]):
    """Who asks, their role over all desks, and what they may do."""

    username = serializers.CharField()
    role = serializers.ChoiceField(Role.choices, allow_null=True)
    verbs = serializers.ListField(child=serializers.ChoiceField([(each.value, each.value) for each in Verb]))


class TokenView(FreshView):
    """Create and revoke tokens."""

    authentication_classes = (BasicAuthentication, SessionAuthentication, TokenAuthentication)
    permission_classes = (IsAuthenticated,)

    @extend_schema(summary="Create a token", request=TokenInput, responses={201: NewTokenShown})
    def post(self, request: Request) -> Response:
        """
        Sign in with name and password (basic) or from the admin's session. Then send the token with
        each request, as `Authorization: Token …`. One of scope `read` is refused by every method that
        writes. It ends with the password, and with the account.
        """
        if isinstance(request.auth, Token):
            raise PermissionDenied(_("A token makes no other: sign in with your name and password."))
        given = TokenInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = {"days": settings.API_TOKEN_DAYS, **given.validated_data}
        token, secret = make_token(user=person(request), now=timezone.now(), **asked)
        return Response({"token": secret, **TokenShown(token).data}, status=status.HTTP_201_CREATED)

    @extend_schema(summary="Revoke tokens", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Signed in with a token, that token; with name and password, or a session, all of yours."""
        pk = request.auth.pk if isinstance(request.auth, Token) else None
        end_tokens(user=person(request), because=Ended.REVOKED, now=timezone.now(), pk=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TokensView(FreshView):
    """The tokens that are good."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(summary="List my tokens", responses={200: TokenShown(many=True)})
    def get(self, request: Request) -> Response:
        """Yours, the newest first: what each is for, when it was used last, and when it ends."""
        return Response(TokenShown(good_tokens(user=person(request), now=timezone.now()), many=True).data)


class OneTokenView(FreshView):
    """One token of whoever asks."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(summary="Revoke a token", request=None, responses={204: None})
    def delete(self, request: Request, id: int) -> Response:
        """Whatever program has it signs in no longer."""
        user, now = person(request), timezone.now()
        get_object_or_404(good_tokens(user=user, now=now), pk=id)
        end_tokens(user=user, because=Ended.REVOKED, now=now, pk=id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(FreshView):
    """Whoever asks."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(summary="Read who I am", responses={200: MeShown})
    def get(self, request: Request) -> Response:
        held = role(request)
        told = {
            "username": request.user.get_username() if isinstance(request.user, User) else "",
            "role": held,
            "verbs": [verb.value for verb in Verb if covers(role=held, verb=verb)],
        }
        return Response(MeShown(told).data)
