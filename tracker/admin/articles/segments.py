"""An article as segments, so that a page can show which words were marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from forecasts.models import Statement
from tracker.wording.marks import cut

BLANK_LINES = re.compile(r"(?:\r?\n){2,}")
NEARBY = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of text under one mark, or under none. `opens`: the mark's first words are here."""

    html: SafeString
    statement: Statement | None
    number: int
    current: bool
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place where some words stand, with a little of what is around them."""

    start: int
    before: str
    words: str
    after: str


def segments(
    *, text: str, statements: Sequence[Statement], current: Statement | None = None
) -> list[Segment]:
    """
    Return the text cut at the ends of every span, in order and without a character lost.

    Where spans overlap, the current statement's shows, else the shortest.
    """
    spans = [(each.start, each.end) for each in statements]
    chosen = next((place for place, each in enumerate(statements) if each == current), None)
    found = []
    for (start, end), place in cut(len(text), spans, first=chosen):
        over = None if place is None else statements[place]
        found.append(
            Segment(
                html=_html(text[start:end]),
                statement=over,
                number=0 if place is None else place + 1,
                current=over is not None and over == current,
                opens=over is not None and over.start == start,
            )
        )
    return found


def _html(text: str) -> SafeString:
    """
    Escape the text, fold blank lines, and keep every character.

    A bare carriage return would be dropped by the browser's parser, and every offset after it
    would be wrong, so it goes as a reference.
    """
    parts, at = [], 0
    for lines in BLANK_LINES.finditer(text):
        parts += [escape(text[at : lines.start()]), f'<span class="gap">{lines.group()}</span>']
        at = lines.end()
    parts.append(escape(text[at:]))
    return mark_safe("".join(parts).replace("\r", "&#13;"))  # noqa: S308 (escaped just above)


def places(*, text: str, words: str) -> list[Place]:
    """Return every place where the words stand, to the letter."""
    found, at = [], text.find(words) if words else -1
    while at >= 0:
        end = at + len(words)
        found.append(
            Place(
                start=at,
                before=text[max(0, at - NEARBY) : at],
                words=words,
                after=text[end : end + NEARBY],
            )
        )
        at = text.find(words, at + 1)
    return found
