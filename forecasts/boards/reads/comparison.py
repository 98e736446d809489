"""Two sources on the questions that both of them answered."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from forecasts.boards.reads.columns.columns import board_columns
from forecasts.boards.reads.figures.means import means
from forecasts.boards.reads.figures.ranking import in_window
from forecasts.boards.reads.figures.scoring import compared
from forecasts.models import Board, Question, Source
from forecasts.scoring.summary import number
from forecasts.sources.reads import ids_with_merged


class SameSourceError(ValueError):
    """A source was to be compared with itself."""

    field = "b"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedQuestion:
    """`a` and `b` are the scores of the two sources; `difference` is a - b, so below 0 `a` did better."""

    question: str
    slug: str
    language: str
    outcome: float
    a: float
    b: float
    difference: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """
    Two sources on `n` shared questions, `n_a` and `n_b` of those they have scores on.

    `score_a` and `score_b` are means over the shared questions; `difference` is `score_a` - `score_b`
    with its 95 % interval from drawing events anew, `p_a_better` the share of draws in which `a` scores
    lower (ties count half). None where there is no number. The questions are in order of difference, those
    that speak for `a` first.
    """

    n: int
    n_a: int
    n_b: int
    n_events: int
    score_a: float | None
    score_b: float | None
    difference: float | None
    ci_low: float | None
    ci_high: float | None
    p_a_better: float | None
    questions: list[SharedQuestion]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def comparison(
    *, board: Board, a: Source, b: Source, now: datetime, at: datetime | None = None
) -> Comparison:
    """
    Return both sources' scores on the questions that they share, as the board counts and scores them.

    As known on `at`, or now. Raises SameSourceError.
    """
    if a.standing == b.standing:
        raise SameSourceError("A source can't be compared with itself. Choose another one.")
    wanted = ids_with_merged(a.standing) | ids_with_merged(b.standing)
    columns = in_window(
        columns=board_columns(board=board, at=at, sources=wanted), board=board, until=at or now
    )
    rows = columns.where(columns.scored)
    pairs = compared(rows=rows, board=board)
    known = ~np.isnan(pairs.score)
    of = [(rows.source[pairs.at] == each.standing.pk) & known for each in (a, b)]
    question = rows.question[pairs.at]
    shared, at_a, at_b = np.intersect1d(
        question[of[0]], question[of[1]], assume_unique=True, return_indices=True
    )
    first, second = pairs.score[of[0]][at_a], pairs.score[of[1]][at_b]
    row = pairs.at[of[0]][at_a]
    found = means(
        group=np.zeros(len(shared), dtype=np.int64),
        event=rows.event[row],
        score=first - second,
        n_groups=1,
    )
    ahead = (found.draws < 0) + 0.5 * (found.draws == 0)
    return Comparison(
        n=len(shared),
        n_a=int(of[0].sum()),
        n_b=int(of[1].sum()),
        n_events=len(np.unique(rows.event[row])),
        score_a=_mean(first),
        score_b=_mean(second),
        difference=number(found.mean[0]),
        ci_low=number(found.low[0]),
        ci_high=number(found.high[0]),
        p_a_better=None if np.isnan(found.low[0]) else float(ahead.mean()),
        questions=_questions(shared.tolist(), rows.outcome[row], first, second),
    )


def _mean(scores: npt.NDArray[np.float64]) -> float | None:
    return round(float(scores.mean()), 12) if len(scores) else None


def _questions(
    codes: list[int],
    outcome: npt.NDArray[np.float64],
    first: npt.NDArray[np.float64],
    second: npt.NDArray[np.float64],
) -> list[SharedQuestion]:
    known = Question.objects.in_bulk(codes)
    table = zip(codes, outcome.tolist(), first.tolist(), second.tolist(), strict=True)
    rows = [
        SharedQuestion(
            question=known[code].proposition,
            slug=known[code].slug,
            language=known[code].language,
            outcome=happened,
            a=round(a, 12),
            b=round(b, 12),
            difference=round(a - b, 12),
        )
        for code, happened, a, b in table
    ]
    return sorted(rows, key=lambda each: (each.difference, each.slug))
