"""The quote card: words first, what came of them second, the number third."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from forecasts.models import Answer, Directness, Document, Forecast, Question, Source
from forecasts.questions.reads.listing import answer_in_force, is_answer
from tracker.pages.kit.figures import Figure, score_figure, score_of
from tracker.pages.kit.geometry import Dot, per_cent, probability_dot
from tracker.pages.kit.spans import axis_of, outcome_of, span_dot
from tracker.wording import dates, numbers
from tracker.wording.basis import BasisShown, basis_of, basis_of_deadline
from tracker.wording.deadlines import deadline_words
from tracker.wording.stamps import Stamp, stamp_of
from tracker.wording.values import said_words

MARKS = {"sv": ("”", "”"), "de": ("„", "“"), "fr": ("«\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}»")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words with the language they are in."""

    words: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """`role` is the one held when the words were said, or how the article wrote it."""

    name: str
    slug: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """The article that the words stood in."""

    key: UUID
    title: Text
    outlet: str
    day: str
    iso_day: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One option: its probability as a bar, and whether it came true."""

    name: str
    text: str
    width: str
    came_true: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingShown:
    """
    The number, and where it came from.

    A probability is a `dot` on an axis, options are `bars`, and a number or a date is a `span` on an axis
    of its own, where the answer stands at `known_at`.
    """

    value: str
    best: str
    basis: BasisShown
    term: str
    term_language: str
    scale: str
    dot: Dot | None
    bars: list[Bar]
    span: Dot | None
    known_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineShown:
    words: str
    place: str
    basis: BasisShown


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteCard:
    id: UUID
    key: str
    deadline_key: str
    basis_key: str
    words: Text | None
    translation: Text | None
    directness: str
    speaker: Speaker
    cited: Cited | None
    said_on: str
    said_iso: str
    reading: ReadingShown | None
    withdrawn: bool
    deadline: DeadlineShown
    asked: Text
    question_slug: str
    stamp: Stamp
    known_on: str
    score: Figure | None
    no_score: str
    note: str


def quote_cards(forecasts: Iterable[Forecast], *, now: datetime) -> list[QuoteCard]:
    return [quote_card(each, now=now) for each in forecasts]


def quote_card(forecast: Forecast, *, now: datetime) -> QuoteCard:
    statement, question = forecast.statement, forecast.question
    score = score_of(forecast)
    return QuoteCard(
        id=forecast.key,
        key=f"brier-{forecast.key}",
        deadline_key=f"deadline-{forecast.key}",
        basis_key=f"basis-{forecast.key}",
        words=_words(forecast),
        translation=_translation(forecast),
        directness=_directness(forecast),
        speaker=_speaker(forecast),
        cited=cited(statement.document) if statement else None,
        said_on=dates.day(forecast.stated_at),
        said_iso=dates.iso_day(forecast.stated_at),
        reading=reading_shown(forecast),
        withdrawn=forecast.withdrawn,
        deadline=deadline_shown(forecast),
        asked=asked(question),
        question_slug=question.slug,
        stamp=stamp_of(question, now=now),
        known_on=_known_on(question),
        score=score_figure(question, score) if score else None,
        no_score=_why_no_score(forecast),
        note=forecast.note,
    )


def asked(question: Question) -> Text:
    """Return the question in the language of the page where we have it, else as it was put."""
    return asked_in(question.proposition, question.translation, question.language)


def asked_in(proposition: str, translation: str, language: str) -> Text:
    """Return the same of a question that is at hand in words alone."""
    of_page = (get_language() or "en").partition("-")[0]
    if translation and language != of_page:
        return Text(words=translation, language=of_page)
    return Text(words=proposition, language=language)


def cited(document: Document) -> Cited:
    return Cited(
        key=document.key,
        title=Text(words=document.title, language=document.language),
        outlet=document.outlet.name if document.outlet else "",
        day=dates.day(document.published_at),
        iso_day=dates.iso_day(document.published_at),
        url=document.url,
    )


def reading_shown(forecast: Forecast) -> ReadingShown | None:
    """Return what the forecast says as it is shown, or None where it was withdrawn."""
    if forecast.withdrawn:
        return None
    if forecast.probability is None:
        return _of_kind(forecast)
    low, high = forecast.probability_low, forecast.probability_high
    best = numbers.percent(forecast.probability)
    ranged = low is not None and high is not None
    return ReadingShown(
        value=numbers.percent_range(low, high) if low is not None and high is not None else best,
        best=best if ranged else "",
        basis=basis_of(forecast, forecast.question),
        **_term(forecast),
        dot=probability_dot(best=forecast.probability, low=low, high=high),
        bars=[],
        span=None,
        known_at="",
    )


def _of_kind(forecast: Forecast) -> ReadingShown:
    question = forecast.question
    axis, outcome = axis_of(question, [forecast]), outcome_of(question)
    return ReadingShown(
        value=said_words(forecast),
        best="",
        basis=basis_of(forecast, question),
        **_term(forecast),
        dot=None,
        span=span_dot(forecast, axis) if axis else None,
        bars=[
            Bar(name=name, text=numbers.percent(p), width=per_cent(p), came_true=outcome == place)
            for place, (name, p) in enumerate(
                zip(question.options, forecast.probabilities or [], strict=True)
            )
        ],
        known_at=axis.at(outcome) if axis and outcome is not None else "",
    )


def _term(forecast: Forecast) -> dict[str, str]:
    term = forecast.term
    if term is None:
        return {"term": "", "term_language": "", "scale": ""}
    return {"term": term.phrase, "term_language": term.language, "scale": _(term.scale.name)}


def deadline_shown(dated: Forecast | Question) -> DeadlineShown:
    return DeadlineShown(
        words=deadline_words(dated.deadline),
        place=dates.place(dated.deadline_zone),
        basis=basis_of_deadline(dated),
    )


def _words(forecast: Forecast) -> Text | None:
    statement = forecast.statement
    if statement is None:
        return None
    language = statement.document.language
    words = statement.quote
    if statement.directness == Directness.DIRECT:
        opening, closing = MARKS.get(language, ("“", "”"))
        words = f"{opening}{words}{closing}"
    return Text(words=words, language=language)


def _translation(forecast: Forecast) -> Text | None:
    """Return the translation, unless the reader reads the original's language."""
    statement = forecast.statement
    if statement is None or not statement.translation:
        return None
    original = statement.document.language
    if original == (get_language() or "en").partition("-")[0]:
        return None
    return Text(words=statement.translation, language="sv" if original == "en" else "en")


def _directness(forecast: Forecast) -> str:
    statement = forecast.statement
    if statement is None or statement.directness == Directness.DIRECT:
        return ""
    return str(Directness(statement.directness).label)


def _speaker(forecast: Forecast) -> Speaker:
    source: Source = forecast.source
    held = source.affiliation_on(timezone.localdate(forecast.stated_at))
    written = forecast.statement.speaker_as_written if forecast.statement else ""
    return Speaker(name=source.name, slug=source.slug, role=str(held) if held else _role(written, source))


def _role(written: str, source: Source) -> str:
    return "" if written == source.name else written


def _known_on(question: Question) -> str:
    answer = answer_in_force(question)
    if answer is None or answer.answer != Answer.OUTCOME or answer.occurred_at is None:
        return ""
    return dates.day(answer.occurred_at)


def _why_no_score(forecast: Forecast) -> str:
    answer = answer_in_force(forecast.question)
    if forecast.withdrawn:
        return _("Withdrawn: not scored from here on.")
    if not is_answer(answer):
        return _("No score before the answer is known.")
    if answer.answer == Answer.VOID:
        return _("A void question is not scored.")
    return _("Said after the outcome was known: not scored.")
