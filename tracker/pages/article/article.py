"""An article with the words that speak of the future marked in it, and the scales of words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forecasts.articles.reads import Excerpt, excerpts, shows_whole_text
from forecasts.models import Document, Forecast, Scale, Statement, Term
from tracker.pages.kit.geometry import Dot, probability_dot
from tracker.pages.kit.quotes import Cited, cited
from tracker.wording import dates, numbers
from tracker.wording.marks import Span, cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """
    A stretch of the text; `number` is 0 where it is not a statement.

    `opens` are the statements whose first marked words these are, `closes` those whose last they are. A
    statement of the same words as another has no stretch of its own, and is named beside the other.
    """

    text: str
    number: int = 0
    opens: tuple[int, ...] = ()
    closes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementShown:
    number: int
    quote: str
    speaker: str
    speaker_slug: str
    directness: str
    questions: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentShown:
    cited: Cited
    language: str
    passages: list[list[Marked]]
    is_whole: bool
    statements: list[StatementShown]
    captured_on: str
    provenance: str
    sha256: str
    characters: str


def document_shown(document: Document) -> DocumentShown:
    statements = list(document.statements.all())
    return DocumentShown(
        cited=cited(document),
        language=document.language,
        passages=[_passage(each, statements) for each in excerpts(document)],
        is_whole=shows_whole_text(document),
        statements=[_statement(number, each) for number, each in enumerate(statements, start=1)],
        captured_on=dates.instant(document.captured_at),
        provenance=document.provenance,
        sha256=document.sha256,
        characters=numbers.count(len(document.text)),
    )


def _passage(passage: Excerpt, statements: Sequence[Statement]) -> list[Marked]:
    within = [
        (number, (each.start - passage.start, each.end - passage.start))
        for number, each in enumerate(statements, start=1)
        if passage.start <= each.start < passage.end
    ]
    return segments(passage.text, dict(within))


def segments(text: str, spans: Mapping[int, Span]) -> list[Marked]:
    """
    Return the text cut at the ends of the spans, whole and in order. `spans` go by their numbers.

    Words inside a longer statement are marked with their own number, and the longer one goes on after them.

    >>> [(each.text, each.number) for each in segments("abcdef", {1: (1, 6), 2: (2, 4)})]
    [('a', 0), ('b', 1), ('cd', 2), ('ef', 1)]
    >>> segments("ab", {1: (0, 2), 2: (0, 2)})
    [Marked(text='ab', number=1, opens=(1, 2), closes=(1, 2))]
    """
    numbered = list(spans)
    pieces = [
        (at, numbered[place] if place is not None else 0) for at, place in cut(len(text), [*spans.values()])
    ]
    shown = {number: _pieces_of(number, spans[number], pieces) for number in numbered}
    return [
        Marked(
            text=text[start:end],
            number=number,
            opens=tuple(each for each in numbered if number and shown[each][0] == start),
            closes=tuple(each for each in numbered if number and shown[each][-1] == start),
        )
        for (start, end), number in pieces
    ]


def _pieces_of(number: int, span: Span, pieces: Sequence[tuple[Span, int]]) -> list[int]:
    """Return where the pieces under a number begin, or where its words do if it has none of its own."""
    own = [at[0] for at, under in pieces if under == number]
    return own or [at[0] for at, _under in pieces if span[0] <= at[0] < span[1]]


def _statement(number: int, statement: Statement) -> StatementShown:
    speaker = statement.speaker
    return StatementShown(
        number=number,
        quote=statement.quote,
        speaker=speaker.name if speaker else statement.speaker_as_written,
        speaker_slug=speaker.slug if speaker else "",
        directness=statement.get_directness_display(),
        questions=_questions(statement.forecasts.all()),
    )


def _questions(forecasts: Iterable[Forecast]) -> list[tuple[str, str, str]]:
    """Return address, words and language of each question that the statement speaks of, once."""
    found = {each.question.slug: each.question for each in forecasts}
    return [(slug, question.proposition, question.language) for slug, question in found.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermShown:
    phrase: str
    language: str
    value: str
    best: str
    dot: Dot
    respondents: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleShown:
    slug: str
    name: str
    kind: str
    ours: bool
    source: str
    url: str
    licence: str
    note: str
    terms: list[TermShown]


def scales_shown(scales: Iterable[Scale]) -> list[ScaleShown]:
    return [
        ScaleShown(
            slug=scale.slug,
            name=_(scale.name),
            kind=scale.get_kind_display(),
            ours=scale.kind == "house",
            source=scale.source,
            url=scale.source_url,
            licence=scale.licence,
            note=scale.note,
            terms=[_term(each) for each in scale.terms.all()],
        )
        for scale in scales
    ]


def _term(term: Term) -> TermShown:
    return TermShown(
        phrase=term.phrase,
        language=term.language,
        value=numbers.percent_range(term.low, term.high),
        best=numbers.percent(term.best),
        dot=probability_dot(best=term.best, low=term.low, high=term.high),
        respondents=numbers.count(term.respondents) if term.respondents else "",
    )
