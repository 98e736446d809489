"""What the public reads of an article: the marked sentences with the one before and the one after."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forecasts.models import Document

LONGEST = 400
"""So many characters beside the marked words at most: some texts have no full stop."""
END = re.compile(r"[.!?…]+[\"”’»)\]]*(?=\s)|\n+")
ABBREVIATED = re.compile(
    r"(?:\b\w|\b(?:kl|ca|dr|prof|mr|mrs|ms|st|nr|jfr|resp|etc|dvs|osv|vs))\.$", re.IGNORECASE
)
OPENING = "\"“”„«’‘'([–—-"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A stretch of an article's text, from code point `start` up to `end`."""

    start: int
    end: int
    text: str


def excerpts(document: Document) -> list[Excerpt]:
    """
    Return what everybody may read of the document, in order: its marked sentences with their neighbours.

    Where its outlet or its desk shows whole articles, that is all of it. Of a document with its public
    statements.
    """
    text = document.text
    if shows_whole_text(document):
        return [Excerpt(start=0, end=len(text), text=text)]
    marked = [(each.start, each.end) for each in document.statements.all()]
    return [Excerpt(start=start, end=end, text=text[start:end]) for start, end in passages(text, marked)]


def shows_whole_text(document: Document) -> bool:
    """Return whether the public may read all of the document, by its outlet's or its desk's setting."""
    return document.desk.shows_whole_text or bool(document.outlet and document.outlet.shows_whole_text)


def passages(text: str, marked: Sequence[Span]) -> list[Span]:
    """
    Return the stretches of the text around the marked ones, none of which touch.

    >>> text = "One came. Two saw. Three said so. Four left. Five slept. Six woke."
    >>> [text[start:end] for start, end in passages(text, [(19, 24)])]
    ['Two saw. Three said so. Four left.']
    >>> [text[start:end] for start, end in passages(text, [(0, 3), (57, 60)])]
    ['One came. Two saw.', 'Five slept. Six woke.']
    """
    sentences = list(sentence_spans(text))
    found: list[Span] = []
    for start, end in sorted(_around(sentences, span) for span in marked):
        if found and not text[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _around(sentences: Sequence[Span], marked: Span) -> Span:
    """Return from where to where the sentences of the marked words and their neighbours go."""
    within = [at for at, (start, end) in enumerate(sentences) if start < marked[1] and end > marked[0]]
    if not within:
        return marked
    first, last = sentences[within[0]], sentences[within[-1]]
    before = sentences[max(within[0] - 1, 0)]
    after = sentences[min(within[-1] + 1, len(sentences) - 1)]
    starts = max(min(before[0], first[0]), min(first[0], marked[0]) - LONGEST, marked[0] - 2 * LONGEST)
    ends = min(max(after[1], last[1]), max(last[1], marked[1]) + LONGEST, marked[1] + 2 * LONGEST)
    return starts, ends


def sentence_spans(text: str) -> Iterator[Span]:
    """
    Yield where each sentence begins and ends, without the space around it.

    A new line ends a sentence; so does a full stop before a capital, a digit or an opening mark, but not
    that of an initial or a common abbreviation. To take one sentence for two shows less, never more.

    >>> text = "Kl. 14.30 kom A. Ek. ”Det snöar”, sade hon. \\nSedan gick hon"
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['Kl. 14.30 kom A. Ek.', '”Det snöar”, sade hon.', 'Sedan gick hon']
    """
    start = 0
    for found in END.finditer(text):
        if _ends(text, found):
            yield from _trimmed(text, start, found.end())
            start = found.end()
    yield from _trimmed(text, start, len(text))


def _ends(text: str, found: re.Match[str]) -> bool:
    if found[0].startswith("\n"):
        return True
    following = text[found.end() : found.end() + 20].lstrip()[:1]
    begins = following.isupper() or following.isdigit() or following in OPENING
    return begins and not ABBREVIATED.search(text, max(found.start() - 8, 0), found.start() + 1)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    if words.strip():
        yield start, start + len(words.strip())
