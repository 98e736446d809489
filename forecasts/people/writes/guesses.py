"""
Count wrong guesses by address and by name, and make whoever guesses wait, longer each time.

A password is counted as wrong before it is checked, and forgotten if it was right, so that a hundred
tries at once are one try. Nothing is looked at, nor counted, during a pause. A name waits a minute at
most: from one address nobody can shut its owner out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from types import MappingProxyType

from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet, Sum
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from forecasts.models import Guess, Guessed
from forecasts.record.refusal import RefusedError

REMEMBERED = timedelta(days=1)
ADDRESS_WAITS = timedelta(minutes=15)
NAME_WAITS = timedelta(minutes=1)
# A link is cut off on its way more often than it is guessed at.
FREE: Mapping[str, int] = MappingProxyType({Guessed.PASSWORD: 0, Guessed.SECRET: 10})


class PausedError(RefusedError):
    """Too many wrong guesses: `seconds` are left to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(_words(seconds))


def _words(seconds: int) -> str:
    if seconds < 120:
        return ngettext(
            "Too many wrong attempts. Try again in %(count)d second.",
            "Too many wrong attempts. Try again in %(count)d seconds.",
            seconds,
        ) % {"count": seconds}
    minutes = ceil(seconds / 60)
    return ngettext(
        "Too many wrong attempts. Try again in %(count)d minute.",
        "Too many wrong attempts. Try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}


def pause(*, what: Guessed, count: int, longest: timedelta) -> timedelta:
    """
    Return how long to wait after so many wrong guesses: 1, 2, 4 … seconds, up to the longest.

    >>> [pause(what=Guessed.PASSWORD, count=n, longest=NAME_WAITS).seconds for n in (1, 2, 3, 7, 90)]
    [1, 2, 4, 60, 60]
    """
    over = count - FREE[what]
    return min(timedelta(seconds=2 ** min(over - 1, 20)), longest) if over > 0 else timedelta()


def check_pause(*, what: Guessed, address: str, name: str = "", now: datetime) -> None:
    """Raise PausedError while that address, or that name, has to wait. One query."""
    _check(what, _key(address), _key(name), now)


def count_guess(*, what: Guessed, address: str, name: str = "", now: datetime) -> timedelta:
    """
    Count one wrong guess, and return how long the address waits for it.

    Raises PausedError, and counts nothing, while the address or the name has to wait.
    """
    address_key, name_key = _key(address), _key(name)
    by_name = timedelta()
    with transaction.atomic():
        _take_turns(address_key, name_key)
        _check(what, address_key, name_key, now)
        sweep_guesses(now=now)
        guesses = Guess.objects.filter(what=what)
        by_address = pause(what=what, count=_sum(guesses, address=address_key) + 1, longest=ADDRESS_WAITS)
        if name_key:
            by_name = pause(what=what, count=_sum(guesses, name=name_key) + 1, longest=NAME_WAITS)
        told = {"last_at": now, "address_until": now + by_address, "name_until": now + by_name}
        if not guesses.filter(address=address_key, name=name_key).update(count=F("count") + 1, **told):
            guesses.create(what=what, address=address_key, name=name_key, count=1, **told)
    return by_address


def forget_guesses(*, what: Guessed, address: str, name: str = "") -> None:
    """Forget what that address guessed for that name; what others guessed, or for others, stays."""
    Guess.objects.filter(what=what, address=_key(address), name=_key(name)).delete()


def sweep_guesses(*, now: datetime) -> int:
    """Delete what is older than a day, and return how many rows that were."""
    old = Guess.objects.filter(last_at__lte=now - REMEMBERED)
    return Guess.objects.filter(pk__in=old.select_for_update(skip_locked=True).values("pk")).delete()[0]


def _check(what: Guessed, address_key: str, name_key: str, now: datetime) -> None:
    by_name = Q(name=name_key, name_until__gt=now) if name_key else Q()
    waiting = Guess.objects.filter(Q(address=address_key, address_until__gt=now) | by_name, what=what)
    until = waiting.aggregate(
        address=Max("address_until", filter=Q(address=address_key)),
        name=Max("name_until", filter=Q(name=name_key)),
    )
    latest = max((each for each in until.values() if each is not None), default=now)
    if latest > now:
        raise PausedError(ceil((latest - now).total_seconds()))


def _sum(guesses: QuerySet[Guess], **whose: str) -> int:
    return guesses.filter(**whose).aggregate(sum=Sum("count"))["sum"] or 0


def _key(text: str) -> str:
    """Return what stands for an address or a name; nothing for nothing."""
    return salted_hmac("forecasts.guesses", text, algorithm="sha256").hexdigest() if text else ""


def _take_turns(*keys: str) -> None:
    """Let those who guess at once for the same name, or from the same address, come one by one."""
    with connection.cursor() as cursor:
        for key in sorted(filter(None, keys)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"guess {key}"])
