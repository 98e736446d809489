"""What moved a board: each answer, and whom it moved by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.boards.reads.changes import Answered, Change, Move
from forecasts.models import Answer, Question, QuestionKind
from forecasts.schedule import days_since_epoch
from tracker.pages.kit.quotes import Text, asked_in
from tracker.pages.kit.scores import Printed
from tracker.wording import dates, numbers
from tracker.wording.values import valued

MOST_MOVES, MOST_ANSWERS = 5, 3
MINUS = "−"


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveShown:
    """`way` is "up", "down" or "" by the rank."""

    name: str
    slug: str
    rank: str
    score: str
    by: str
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeShown:
    when: str
    when_iso: str
    answers: list[tuple[Text, str, str]]
    more_answers: str
    moves: list[MoveShown]
    more_moves: str


def changes_shown(changes: Sequence[Change], *, show: Printed) -> list[ChangeShown]:
    """Return the changes, the newest first, each with those it moved the furthest. One query."""
    slugs = [each.slug for change in changes for each in change.resolutions[:MOST_ANSWERS]]
    asked = {each.slug: each for each in Question.objects.filter(slug__in=slugs)} if slugs else {}
    return [_change(each, show, asked) for each in changes]


def _change(change: Change, show: Printed, asked: Mapping[str, Question]) -> ChangeShown:
    answers = change.resolutions[:MOST_ANSWERS]
    moves = change.moves[:MOST_MOVES]
    others, further = change.n_resolutions - len(answers), change.n_moved - len(moves)
    return ChangeShown(
        when=dates.instant(change.recorded_at),
        when_iso=change.recorded_at.isoformat(),
        answers=[
            (
                asked_in(each.question, each.translation, each.language),
                each.slug,
                _answer(each, asked.get(each.slug)),
            )
            for each in answers
        ],
        more_answers=ngettext("and %(n)s more answer", "and %(n)s more answers", others)
        % {"n": numbers.count(others)}
        if others
        else "",
        moves=[_move(each, show) for each in moves],
        more_moves=ngettext("and %(n)d more source", "and %(n)d more sources", further) % {"n": further}
        if further
        else "",
    )


def _answer(answered: Answered, question: Question | None) -> str:
    words = {Answer.VOID.value: _("void"), Answer.REOPENED.value: _("reopened")}
    if answered.answer in words or question is None:
        return words.get(answered.answer, answered.answer)
    if question.kind == QuestionKind.BINARY:
        return _("happened") if answered.answer == "1" else _("did not happen")
    if question.options:
        return answered.answer
    if question.kind == QuestionKind.DATE:
        return valued(days_since_epoch(date.fromisoformat(answered.answer)), question)
    return valued(float(answered.answer), question)


def _move(move: Move, show: Printed) -> MoveShown:
    return MoveShown(
        name=move.source,
        slug=move.slug,
        rank=_from_to(_place(move.rank_before), _place(move.rank_after)),
        score=_from_to(show(move.score_before), show(move.score_after)),
        by=_by(move.score_before, move.score_after, show),
        way=_way(move.rank_before, move.rank_after),
    )


def _place(rank: int | None) -> str:
    return numbers.NOTHING if rank is None else str(rank)


def _from_to(before: str, after: str) -> str:
    if before == after:
        return after
    return _("%(after)s (new)") % {"after": after} if before == numbers.NOTHING else f"{before} → {after}"


def _by(before: float | None, after: float | None, show: Printed) -> str:
    if before is None or after is None:
        return ""
    sign = "+" if after > before else MINUS
    return f"{sign}{show(abs(after - before))}"


def _way(before: int | None, after: int | None) -> str:
    if before is None or after is None or before == after:
        return ""
    return "up" if after < before else "down"
