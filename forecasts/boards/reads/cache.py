"""What is computed once and kept in the cache: of the record as known now, and of dates in the past."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

KEEP_SECONDS = 24 * 3600
MOST_OF_THE_PAST = {"rows": 10, "figures": 40}
"""How many results of past dates are kept, the latest: whoever asks for every date fills no cache."""

Kept = TypeVar("Kept")


def remembered(
    key: str, *, compute: Callable[[], Kept], wait: bool = True, past: str | None = None
) -> Kept | None:
    """
    Return what is kept under the key; else compute it where `wait` says so, and keep it.

    past: the kind of result of a past date (a key of `MOST_OF_THE_PAST`), of which the latest are kept.
    """
    found: Kept | None = cache.get(key)
    if found is None and wait:
        found = compute()
        if past is None:
            cache.set(key, found, KEEP_SECONDS)
        else:
            keep_past(key, found, kind=past)
    return found


def keep_past(key: str, found: object, *, kind: str) -> None:
    """Keep a result of a past date, and drop the oldest where there are too many of its kind."""
    cache.set(key, found, KEEP_SECONDS)
    # Two at once may lose sight of a key; it goes by itself within a day.
    listed = f"past:{kind}"
    names = [each for each in cache.get(listed, []) if each != key] + [key]
    dropped, kept = names[: -MOST_OF_THE_PAST[kind]], names[-MOST_OF_THE_PAST[kind] :]
    cache.delete_many(dropped)
    cache.set(listed, kept, None)
