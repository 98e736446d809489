"""Questions: a row of the list, and the whole page of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.boards.reads.columns.scores import last_value
from forecasts.models import Answer, Entry, Forecast, Question, QuestionKind, Resolution
from forecasts.models.record.public import if_public
from forecasts.questions.reads.listing import answer_in_force, is_answer
from tracker.pages.kit.quotes import (
    DeadlineShown,
    QuoteCard,
    Text,
    asked,
    deadline_shown,
    quote_cards,
)
from tracker.pages.kit.spans import Spans, spans
from tracker.pages.question.answers import AnswerShown, EvidenceShown, answers_shown, evidence_shown
from tracker.pages.question.lanes import Timeline, timeline
from tracker.wording import dates, numbers
from tracker.wording.deadlines import deadline_words, lateness
from tracker.wording.stamps import Stamp, stamp_of
from tracker.wording.values import asked_for, outcome_words

CARDS_AT_ONCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    slug: str
    asked: Text
    stamp: Stamp
    deadline: DeadlineShown
    due: str
    known_on: str
    sources: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerNote:
    words: str
    sequence: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    day: str
    to: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another question: the one that takes this one's place, or one whose place this one takes."""

    asked: Text
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionShown:
    slug: str
    asked: Text
    original: Text | None
    criteria: Text
    condition: str
    topics: list[str]
    stamp: Stamp
    known_on: str
    superseded_by: Other | None
    takes_the_place_of: list[Other]
    deadline: DeadlineShown
    deadline_instant: str
    moves: list[Move]
    opened_on: str
    asked_for: str
    base_rate: str
    base_rate_basis: str
    timeline: Timeline | None
    spans: Spans | None
    quotes: list[QuoteCard]
    more_quotes: list[QuoteCard]
    answer_words: str
    answer_note: str
    evidence: list[EvidenceShown]
    answers: list[AnswerShown]
    ledger: list[LedgerNote]


def question_rows(questions: Iterable[Question], *, now: datetime) -> list[QuestionRow]:
    return [_question_row(each, now=now) for each in questions]


def _question_row(question: Question, *, now: datetime) -> QuestionRow:
    stamp = stamp_of(question, now=now)
    count = getattr(question, "source_count", 0)
    return QuestionRow(
        slug=question.slug,
        asked=asked(question),
        stamp=stamp,
        deadline=deadline_shown(question),
        due="" if is_answer(answer_in_force(question)) else lateness(question, now=now),
        known_on=_known_on(question),
        sources=ngettext("%(n)d source", "%(n)d sources", count) % {"n": count},
    )


def _known_on(question: Question) -> str:
    answer = answer_in_force(question)
    if answer is None or answer.occurred_at is None or answer.answer != Answer.OUTCOME:
        return ""
    return dates.day(answer.occurred_at)


def question_shown(
    question: Question,
    forecasts: Sequence[Forecast],
    *,
    entries: dict[str, Entry],
    now: datetime,
    superseded: Iterable[Question] = (),
) -> QuestionShown:
    """Return the page of one question: what is asked, who said what, what came of it."""
    answer = answer_in_force(question)
    replaced_by = if_public(answer.replaced_by) if answer else None
    title = asked(question)
    cards = quote_cards(forecasts, now=now)
    binary = question.kind == QuestionKind.BINARY
    return QuestionShown(
        slug=question.slug,
        asked=title,
        original=_original(question, title),
        criteria=Text(words=question.criteria, language=question.language),
        condition=question.condition,
        topics=[_(topic.name) for topic in question.topics.all()],
        stamp=stamp_of(question, now=now),
        known_on=_known_on(question),
        superseded_by=_other(replaced_by) if replaced_by else None,
        takes_the_place_of=[_other(each) for each in superseded],
        deadline=deadline_shown(question),
        deadline_instant=dates.instant(question.deadline_at, question.deadline_zone),
        moves=_moves(question),
        opened_on=dates.day(question.opens_at),
        asked_for=asked_for(question),
        base_rate=numbers.percent(question.base_rate) if question.base_rate is not None else "",
        base_rate_basis=question.base_rate_basis,
        timeline=timeline(question, _by_source(forecasts)) if binary else None,
        spans=None if binary else spans(question, _by_source(forecasts)),
        quotes=cards[:CARDS_AT_ONCE],
        more_quotes=cards[CARDS_AT_ONCE:],
        answer_words=_answer_words(question, answer),
        answer_note=answer.note if answer else "",
        evidence=evidence_shown(answer) if answer else [],
        answers=answers_shown(question),
        ledger=_ledger(entries),
    )


def _other(question: Question) -> Other:
    return Other(asked=asked(question), slug=question.slug)


def _original(question: Question, title: Text) -> Text | None:
    if title.words == question.proposition:
        return None
    return Text(words=question.proposition, language=question.language)


def _moves(question: Question) -> list[Move]:
    return [
        Move(day=dates.day(each.recorded_at), to=deadline_words(each.deadline), reason=each.reason)
        for each in question.deadline_moves.all()
    ]


def _by_source(forecasts: Sequence[Forecast]) -> list[tuple[str, list[Forecast]]]:
    ordered = sorted(forecasts, key=lambda each: (each.source.name, each.stated_at, each.pk))
    return [(name, list(rows)) for name, rows in groupby(ordered, key=lambda each: each.source.name)]


def _answer_words(question: Question, answer: Resolution | None) -> str:
    if answer is None:
        return ""
    day = dates.day(answer.occurred_at) if answer.occurred_at else ""
    if answer.answer == Answer.VOID:
        return _void_words(answer)
    if answer.answer == Answer.REOPENED:
        return _("The earlier answer is in doubt. Until there is a new one, nobody is scored.")
    if question.kind != QuestionKind.BINARY and answer.outcome is not None:
        return _value_words(question, answer.outcome, day)
    if answer.outcome == 1:
        return _("It happened. Known on %(day)s.") % {"day": day}
    return _("It did not happen. Known on %(day)s.") % {"day": day}


def _void_words(answer: Resolution) -> str:
    if answer.replaced_by_id:
        return _("Another question has replaced this one. Nobody is scored on this one.")
    return _("Void: %(reason)s. Nobody is scored on it.") % {"reason": answer.get_void_reason_display()}


def _value_words(question: Question, outcome: float, day: str) -> str:
    if question.kind == QuestionKind.DATE:
        if outcome >= last_value(question):
            return _("It did not happen by the deadline. Known on %(day)s.") % {"day": day}
        return _("It happened on %(day)s.") % {"day": outcome_words(question, outcome)}
    return _("The answer is %(answer)s. Known on %(day)s.") % {
        "answer": outcome_words(question, outcome),
        "day": day,
    }


def _ledger(entries: dict[str, Entry]) -> list[LedgerNote]:
    return [
        LedgerNote(words=words, sequence=entry.sequence, sha256=entry.sha256)
        for words, entry in entries.items()
    ]
