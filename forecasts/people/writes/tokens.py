"""Make tokens of the API, end them, and note that they were used."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext as _

from forecasts.models import Scope, Token
from forecasts.people.reads.ownership import HOUSE
from forecasts.people.reads.roles import Verb, may
from forecasts.people.reads.tokens import digest_of, good_tokens
from forecasts.record.refusal import RefusedError

# So that a token is known for one wherever it turns up.
PREFIX = "ft_"
DAYS_AT_MOST = 366
TOKENS_AT_MOST = 50
USED_AGAIN_AFTER = timedelta(minutes=1)
KEPT_AFTER_ITS_END = timedelta(days=90)


class TokenRefusedError(RefusedError):
    pass


def make_token(*, user: User, name: str, scope: str, days: int, now: datetime) -> tuple[Token, str]:
    """
    Make a token, and return it with its secret, which nobody can read again.

    Raises TokenRefusedError, naming the field.
    """
    _check(user=user, name=name, scope=scope, days=days, now=now)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        name=name.strip(),
        scope=scope,
        digest=digest_of(secret),
        made_at=now,
        ends_at=now + timedelta(days=days),
    )
    return token, secret


def _check(*, user: User, name: str, scope: str, days: int, now: datetime) -> None:
    if not may(user=user, verb=Verb.READ_DRAFTS, of=HOUSE):
        raise TokenRefusedError(_("Only whoever is on a desk has tokens."))
    if not name.strip():
        raise TokenRefusedError(_("Name the program that will use the token."), field="name")
    if scope not in Scope.values:
        raise TokenRefusedError(
            _("There is no such scope. Use one of: %(known)s.") % {"known": ", ".join(Scope.values)},
            field="scope",
        )
    if not 1 <= days <= DAYS_AT_MOST:
        raise TokenRefusedError(
            _("A token is good for 1 to %(most)d days.") % {"most": DAYS_AT_MOST}, field="days"
        )
    if good_tokens(user=user, now=now).count() >= TOKENS_AT_MOST:
        raise TokenRefusedError(
            _("You have %(count)d tokens, and nobody has more. Revoke one first.")
            % {"count": TOKENS_AT_MOST},
            conflict=True,
        )


def end_tokens(*, user: User, because: str, now: datetime, pk: int | None = None) -> int:
    """End a person's tokens, or that one of theirs; return how many were good until now."""
    good = good_tokens(user=user, now=now)
    chosen = good if pk is None else good.filter(pk=pk)
    return chosen.update(ended_at=now, ended_because=because)


def note_use(*, token: Token, now: datetime) -> None:
    """Note that the token was used, once a minute at most. One query, or none."""
    before = now - USED_AGAIN_AFTER
    if token.last_used_at is None or token.last_used_at <= before:
        unused = Token.objects.filter(Q(last_used_at=None) | Q(last_used_at__lte=before), pk=token.pk)
        unused.update(last_used_at=now)


def sweep_tokens(*, now: datetime) -> int:
    """Delete the tokens that ended long ago, and return how many those were."""
    long_ago = now - KEPT_AFTER_ITS_END
    return Token.objects.filter(Q(ended_at__lte=long_ago) | Q(ends_at__lte=long_ago)).delete()[0]
