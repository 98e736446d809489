"""Which words of a text are marked, where one statement stands inside another or overlaps it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Span = tuple[int, int]


def cut(length: int, spans: Sequence[Span], *, first: int | None = None) -> list[tuple[Span, int | None]]:
    """
    Return the text from 0 to `length` cut at the ends of every span, each piece with its span's place.

    Under several spans, the piece belongs to the one at the place `first`, else to the shortest: so a
    statement inside a longer one is marked as well as the longer one. Without a span there is None.

    >>> cut(9, [(1, 8), (3, 5)])
    [((0, 1), None), ((1, 3), 0), ((3, 5), 1), ((5, 8), 0), ((8, 9), None)]
    >>> cut(4, [(0, 3), (1, 2)], first=0)
    [((0, 1), 0), ((1, 2), 0), ((2, 3), 0), ((3, 4), None)]
    """
    ends = sorted({0, length, *(min(max(end, 0), length) for span in spans for end in span)})
    return [((start, end), _over(spans, start, end, first)) for start, end in pairwise(ends)]


def _over(spans: Sequence[Span], start: int, end: int, first: int | None) -> int | None:
    covering = [place for place, span in enumerate(spans) if span[0] <= start and end <= span[1]]
    return min(covering, key=lambda each: (each != first, spans[each][1] - spans[each][0]), default=None)
