"""Read tokens of the API: whose one is, and which ones somebody has."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import QuerySet

from forecasts.models import Token


def digest_of(secret: str) -> str:
    """Return the hash that is kept of a token. It is random, so a plain hash can't be turned back."""
    return hashlib.sha512(secret.encode()).hexdigest()


def find_token(*, secret: str) -> Token | None:
    """Return the token, good or ended, with whose it is; None where it is none of ours. One query."""
    return Token.objects.filter(digest=digest_of(secret)).select_related("user").first()


def good_tokens(*, user: User, now: datetime) -> QuerySet[Token]:
    """Return the tokens by which a program may sign in as that person now, the newest first."""
    return Token.objects.filter(user=user, ended_at=None, ends_at__gt=now)
