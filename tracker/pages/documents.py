"""An article with the words that speak of the future marked in it, and the scales of words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forecasts.models import Document, Forecast, Scale, Statement, Term
from forecasts.queries.excerpts import Excerpt, excerpts, shows_whole_text
from tracker.pages import formats
from tracker.pages.charts import Dot, probability_dot
from tracker.pages.quotes import Cited, cited


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A stretch of the text; `number` is 0 where it is not a statement."""

    text: str
    number: int = 0
    first: bool = False
    last: bool = False


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
        captured_on=formats.instant(document.captured_at),
        provenance=document.provenance,
        sha256=document.sha256,
        characters=formats.number(len(document.text), 0),
    )


def _passage(passage: Excerpt, statements: Sequence[Statement]) -> list[Marked]:
    within = [each for each in statements if passage.start <= each.start < passage.end]
    spans = [(each.start - passage.start, each.end - passage.start) for each in within]
    return segments(passage.text, spans, first=statements.index(within[0]) + 1 if within else 1)


def segments(text: str, spans: Sequence[tuple[int, int]], *, first: int = 1) -> list[Marked]:
    """
    Return the text cut at the spans, whole and in order. `spans` are sorted by their start.

    They are numbered from `first` on. Where two overlap, the later one gets what the earlier one leaves.

    >>> [(each.text, each.number) for each in segments("abcdef", [(1, 3), (2, 5)])]
    [('a', 0), ('bc', 1), ('de', 2), ('f', 0)]
    """
    pieces: list[Marked] = []
    at = 0
    for number, (start, end) in enumerate(spans, start=first):
        begins = max(start, at)
        if begins >= end:
            continue
        if begins > at:
            pieces.append(Marked(text=text[at:begins]))
        pieces.append(Marked(text=text[begins:end], number=number))
        at = end
    if at < len(text):
        pieces.append(Marked(text=text[at:]))
    return pieces


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
        value=formats.percent_range(term.low, term.high),
        best=formats.percent(term.best),
        dot=probability_dot(best=term.best, low=term.low, high=term.high),
        respondents=formats.number(term.respondents, 0) if term.respondents else "",
    )
