"""How a program signs in: by a token in its header, for as much as the token's scope allows."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from forecasts.models import Ended, Scope, Token
from forecasts.people.reads.tokens import find_token
from forecasts.people.writes.tokens import note_use
from tracker.guessing import count_secret

SCHEME = "Token"


class TokenAuthentication(BaseAuthentication):
    """
    `Authorization: Token …`, and the one place that asks for the token's scope.

    A token that is none of ours is a guess, and is counted. One that ended is told so and not counted:
    a dashboard that still sends it must not make its whole house wait.
    """

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        secret = _secret(request)
        if secret is None:
            return None
        now = timezone.now()
        token = find_token(secret=secret)
        if token is None:
            count_secret(request)
            raise AuthenticationFailed(_("There is no such token."))
        if token.ended_at is not None or token.ends_at <= now or not token.user.is_active:
            raise AuthenticationFailed(_ended(token))
        if token.scope == Scope.READ and request.method not in SAFE_METHODS:
            raise PermissionDenied(_("This token only reads. Use one that may write."))
        note_use(token=token, now=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


def _secret(request: Request) -> str | None:
    """Return the token of the header; None where the header is of another kind, or missing."""
    kind, _space, secret = get_authorization_header(request).partition(b" ")
    if kind.lower() != SCHEME.lower().encode():
        return None
    return secret.strip().decode("latin-1")


def _ended(token: Token) -> str:
    if token.ended_at is None and token.user.is_active:
        return _("This token was good until %(day)s. Make another one.") % {
            "day": timezone.localdate(token.ends_at)
        }
    because = token.ended_because or Ended.DEACTIVATED
    return _("This token has ended: %(why)s.") % {"why": Ended(because).label}


class TokenScheme(OpenApiAuthenticationExtension):
    """How the API's description speaks of it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token`, a space, and the token.",
        }
