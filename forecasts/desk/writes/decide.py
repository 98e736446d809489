"""What it would do to decide between two verdicts: scores, ladder and boards, before it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from forecasts.boards.reads.changes import Move, Standing, moves_between, places
from forecasts.boards.reads.columns.columns import board_forecasts
from forecasts.boards.reads.would_score import Scored, if_outcome
from forecasts.models import Board, Question, Resolution, Verdict
from forecasts.questions.reads.ladders import rungs
from forecasts.record.refusal import RefusedError
from forecasts.record.writes.rehearse import rehearse
from forecasts.verdicts.writes.findings import Exhibit, Finding, finding_of
from forecasts.verdicts.writes.resolutions import adjudicate_question

Places = dict[int, Standing]
RANKED_AT_ONCE = 20_000
"""A board of more forecasts is not ranked while somebody waits for a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardMoved:
    """How a board would move; `moves` are the furthest. None where it is too large to be told at once."""

    board: Board
    n_moved: int | None
    moves: list[Move]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """
    What one way of deciding would do: the answer, what each source would score, which other dates of the
    ladder it would answer or reopen, and which boards it would move. `sides_with` is None for a finding
    of one's own.
    """

    sides_with: Verdict | None
    finding: Finding
    answer: Resolution
    scored: list[Scored]
    ladder: list[Resolution]
    boards: list[BoardMoved]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A finding of the lead's own, with its evidence."""

    finding: Finding
    evidence: Sequence[Exhibit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decides a question, when and why."""

    question: Question
    reason: str
    by: User | None
    now: datetime

    def on(self, choice: Verdict | Own) -> Resolution:
        """Decide so. Raises what `adjudicate_question` raises."""
        own = choice if isinstance(choice, Own) else None
        return adjudicate_question(
            question=self.question,
            reason=self.reason,
            sides_with=None if isinstance(choice, Own) else choice,
            finding=own.finding if own else None,
            evidence=own.evidence if own else (),
            by=self.by,
            now=self.now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """A verdict that nobody could side with now, and why: another date of the ladder contradicts it."""

    sides_with: Verdict
    because: str


def effects(
    *, decision: Decision, chosen: Verdict | Own, others: Sequence[Verdict] = (), with_boards: bool = True
) -> list[Effect | Barred]:
    """
    Return what the chosen way would do, and then what the others would. Nothing is recorded.

    Each is carried out and taken back, so it is what will be. Raises what `adjudicate_question` raises
    on the chosen one.
    """
    boards = _boards(decision.question) if with_boards else []
    before = {
        board: places(board=board, until=decision.now) if size <= RANKED_AT_ONCE else None
        for board, size in boards
    }
    found: list[Effect | Barred] = [_effect(decision, chosen, before)]
    for other in others:
        try:
            found.append(_effect(decision, other, before))
        except RefusedError as error:
            found.append(Barred(sides_with=other, because=error.message))
    return found


def _effect(decision: Decision, choice: Verdict | Own, before: Mapping[Board, Places | None]) -> Effect:
    question = decision.question

    def decide() -> tuple[Resolution, list[Resolution], list[BoardMoved]]:
        answer = decision.on(choice)
        carried = Resolution.objects.filter(pk__gt=answer.pk, question__in=rungs(question))
        ladder = carried.select_related("question", "replaced_by").order_by("question__deadline_at", "pk")
        return answer, list(ladder), [_moved(board, was, decision.now) for board, was in before.items()]

    answer, ladder, boards = rehearse(decide)
    scored = []
    if answer.outcome is not None and answer.occurred_at is not None:
        scored = if_outcome(question=question, outcome=answer.outcome, occurred_at=answer.occurred_at)
    return Effect(
        sides_with=None if isinstance(choice, Own) else choice,
        finding=choice.finding if isinstance(choice, Own) else finding_of(choice),
        answer=answer,
        scored=scored,
        ladder=ladder,
        boards=boards,
    )


def _moved(board: Board, before: Places | None, now: datetime) -> BoardMoved:
    if before is None:
        return BoardMoved(board=board, n_moved=None, moves=[])
    n_moved, moves = moves_between(before, places(board=board, until=now))
    return BoardMoved(board=board, n_moved=n_moved, moves=moves)


def _boards(question: Question) -> list[tuple[Board, int]]:
    """Return the public boards that count what was said on the question or its ladder, with their size."""
    keys = {question.pk, *rungs(question).values_list("pk", flat=True)}
    said = ((each, board_forecasts(board=each, at=None)) for each in Board.objects.filter(public=True))
    return [(each, rows.count()) for each, rows in said if rows.filter(question__in=keys).exists()]
