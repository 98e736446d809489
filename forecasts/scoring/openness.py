"""
What a forecast left open, as whole forecasts: a range without a level, a shared rest, a margin.

The score is taken at what was read. Other readings of the same words give other scores, and this module
lists those readings, so that a score goes along with its least and its most.
"""

from __future__ import annotations

from collections.abc import Sequence

LEAST_LEVEL, MOST_LEVEL = 0.01, 0.99
"""A range of level 0 or 1 has no two quantiles; a word such as “certainly” is read no further than here."""


def odds_readings(
    *,
    odds: Sequence[float],
    shared: Sequence[int],
    ends: Sequence[float] = (),
) -> list[list[float]]:
    """
    Return the odds with the rest in the hands of each of the options that share it, one after the other.

    odds: (K,) as read; shared: places of the options that share what the others leave; ends: where the
    one option left was itself read from a word, its least and its most. With those, the rest goes equally
    to all as well.

    >>> odds_readings(odds=[0.6, 0.2, 0.2], shared=[1, 2])
    [[0.6, 0.4, 0.0], [0.6, 0.0, 0.4]]
    >>> odds_readings(odds=[0.75, 0.25], shared=[1], ends=[0.5, 1.0])
    [[0.5, 0.5], [1.0, 0.0]]
    """
    if not ends:
        rest = sum(odds[each] for each in shared)
        return [_given(odds, shared, {place: rest}) for place in shared]
    (named,) = set(range(len(odds))) - set(shared)
    found = []
    for end in ends:
        fixed = [end if place == named else p for place, p in enumerate(odds)]
        found += [_given(fixed, shared, {place: 1.0 - end}) for place in shared]
        if len(shared) > 1:
            found.append(_given(fixed, shared, dict.fromkeys(shared, (1.0 - end) / len(shared))))
    return found


def _given(odds: Sequence[float], shared: Sequence[int], to: dict[int, float]) -> list[float]:
    return [to.get(place, 0.0) if place in shared else p for place, p in enumerate(odds)]


def level_readings(*, levels: Sequence[float], ends: Sequence[float]) -> list[list[float]]:
    """
    Return the levels of a range's quantiles, had its probability been at either end.

    levels: (m,) those of the range as read, its middle where it has one; ends: the least and the most.

    >>> level_readings(levels=[0.1, 0.5, 0.9], ends=[0.5, 0.95])
    [[0.25, 0.5, 0.75], [0.025, 0.5, 0.975]]
    """
    found = []
    for end in ends:
        # Twelve decimals: (1 - 0.95) / 2 is a hair off 0.025 in binary.
        tail = round((1.0 - min(max(end, LEAST_LEVEL), MOST_LEVEL)) / 2.0, 12)
        found.append([tail, *levels[1:-1], round(1.0 - tail, 12)])
    return found
