"""
Who guesses, over HTTP, and the answer to one guess too many.

Every password is checked here, whichever page or address it comes by, and every wrong secret address
is counted here. Guesses are counted in PostgreSQL, so that a stopped cache opens no door.
"""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.throttling import BaseThrottle

from forecasts.models import Ended, Guessed
from forecasts.people.writes.guesses import PausedError, check_pause, count_guess, forget_guesses
from forecasts.people.writes.tokens import end_tokens

KNOWN = "known_browser"
KNOWN_SECONDS = 365 * 24 * 60 * 60
KNOWN_PATH = "/admin/"
WORTH_A_WARNING = 60

log = logging.getLogger(__name__)
signer = TimestampSigner(sep=".", salt="tracker.guessing")


def address_of(request: Any) -> str:
    """
    Return the network that the request comes from: an IPv4 address, or the /64 of an IPv6 one.

    Behind proxies NUM_PROXIES says which entry of X-Forwarded-For is theirs to vouch for.
    """
    return network_of(BaseThrottle().get_ident(request)) or "unknown"


def network_of(found: str) -> str:
    """Return what counts as one sender: an IPv4 address, the /64 of an IPv6 one, or the text as it is."""
    try:
        address = ip_address(found)
    except ValueError:
        return found
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))


class CountedPasswords(ModelBackend):
    """
    Django's check of a password, with each try counted: for the page, the API, and what comes later.

    A browser in which that person signed in before is counted by itself: whoever guesses elsewhere
    doesn't keep it waiting.
    """

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **rest: Any
    ) -> User | None:
        """Return whose name and password these are. Raises PausedError before it looks at them."""
        if request is None or username is None or password is None:
            return super().authenticate(request, username, password, **rest)
        known = _known_browser(request, username)
        guess = {"address": known or address_of(request), "name": known or _folded(username)}
        waits = count_guess(what=Guessed.PASSWORD, now=timezone.now(), **guess)
        user = super().authenticate(request, username, password) if "\0" not in username else None
        if user is not None:
            forget_guesses(what=Guessed.PASSWORD, **guess)
        elif waits.total_seconds() >= WORTH_A_WARNING:
            _warn(request, int(waits.total_seconds()))
        return user


def _folded(username: str) -> str:
    return username.strip().casefold()


def _warn(request: Any, seconds: int) -> None:
    """Name the address, for whoever watches the log; the name that was typed may be a password."""
    log.warning("Wrong passwords from %s: it waits %d s now.", address_of(request), seconds)
    if not settings.REST_FRAMEWORK["NUM_PROXIES"] and "HTTP_X_FORWARDED_FOR" in request.META:
        log.warning("A proxy stands in front, and NUM_PROXIES is 0: all behind it count as one address.")


def _known_browser(request: Any, username: str) -> str:
    """Return the mark of a browser in which this name signed in before, or nothing."""
    try:
        value: str = signer.unsign(request.COOKIES.get(KNOWN, ""), max_age=KNOWN_SECONDS)
    except BadSignature:
        return ""
    return value if value.partition(".")[2] == _mark(username) else ""


def _mark(username: str) -> str:
    return signer.signature(_folded(username))


def remember_browser(request: HttpRequest, response: HttpResponse, *, username: str) -> None:
    """Let the browser that was signed in to be known again as that person's."""
    if not _known_browser(request, username):
        response.set_cookie(
            KNOWN,
            signer.sign(f"{secrets.token_urlsafe(12)}.{_mark(username)}"),
            max_age=KNOWN_SECONDS,
            path=KNOWN_PATH,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def paused(request: HttpRequest) -> HttpResponse | None:
    """Return the answer to an address that guessed at too many secrets; None while it may ask."""
    try:
        check_pause(what=Guessed.SECRET, address=address_of(request), now=timezone.now())
    except PausedError as error:
        return wait_first(error)
    return None


def guessed_wrong(request: Any) -> None:
    """Count a secret address or link that is none of ours. A pause holds from the next one on."""
    with suppress(PausedError):
        count_secret(request)


def count_secret(request: Any) -> None:
    """Count something secret that is none of ours. Raises PausedError where the address has to wait."""
    count_guess(what=Guessed.SECRET, address=address_of(request), now=timezone.now())


class TokensEnd:
    """
    A rule for passwords that refuses none: once one is changed, the tokens made by the old one end.

    Django tells the rules of every change, wherever it is made, and not of a hash that is made anew.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Take any."""

    def get_help_text(self) -> str:
        return _("A new password ends your API tokens.")

    def password_changed(self, password: str, user: User | None = None) -> None:
        if user is not None:
            end_tokens(user=user, because=Ended.PASSWORD, now=timezone.now())


def wait_first(error: PausedError) -> HttpResponse:
    return HttpResponse(
        error.message,
        status=429,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(error.seconds), "Cache-Control": "no-store"},
    )
