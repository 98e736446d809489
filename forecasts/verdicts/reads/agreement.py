"""
How far the two editors of a desk agree: Cohen's kappa, and where they did not.

A pair is the first two editors' latest verdicts in one round on one question. A lead's verdict, which
comes third, is in no pair.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from forecasts.models import Answer, Desk, Question, QuestionKind, Verdict
from forecasts.models.verdicts.answer import WithAnswer
from forecasts.questions.reads.ladders import answers_on
from forecasts.questions.reads.listing import is_answer
from forecasts.schedule import Granularity, day_after_epoch, days_since_epoch, same_period
from forecasts.scoring.agreement import cohens_kappa

# What two editors can say of a yes-or-no question.
CATEGORIES = ("yes", "no", "void")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two verdicts that differ, in the order given, and how it was decided; "" while it waits."""

    question: Question
    first: Verdict
    second: Verdict
    decided: str

    @property
    def said_first(self) -> str:
        return said(self.first)

    @property
    def said_second(self) -> str:
        return said(self.second)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAgreement:
    """
    A desk's pairs of verdicts.

    `n` pairs of all kinds, `agreed` of them alike. `kappa` with its 95 % interval is over the
    `n_binary` pairs on yes-or-no questions (yes, no, void); None where it is not defined.
    """

    n: int
    agreed: int
    n_binary: int
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None
    disagreements: list[Disagreement]


def alike(*, question: Question, one: WithAnswer, other: WithAnswer) -> bool:
    """
    Return whether two answers are the same.

    Numbers may differ by the desk's tolerance, a share of the larger. Dates are the same when the
    coarser of the two takes in both. Voids are the same whatever their reasons.
    """
    if one.answer != other.answer:
        return False
    if one.outcome is None or other.outcome is None:
        return one.outcome == other.outcome
    too_late = days_since_epoch(question.deadline.too_late_on)
    if question.kind == QuestionKind.NUMBER:
        tolerance = question.desk.tolerance if question.desk else 0.0
        return math.isclose(one.outcome, other.outcome, rel_tol=tolerance)
    if question.kind == QuestionKind.DATE and too_late not in {one.outcome, other.outcome}:
        days = day_after_epoch(one.outcome), day_after_epoch(other.outcome)
        known_to = Granularity(one.occurred_granularity), Granularity(other.occurred_granularity)
        return same_period(days[0], known_to[0], days[1], known_to[1])
    return one.outcome == other.outcome


def desk_agreement(*, desk: Desk) -> DeskAgreement:
    """Return how far the desk's editors agree. A fixed number of queries."""
    pairs = _pairs(desk)
    binary = [pair for pair in pairs if pair[0].question.kind == QuestionKind.BINARY]
    found = cohens_kappa(table=_table(binary))
    differing = [(one, two) for one, two in pairs if not _alike(one, two)]
    return DeskAgreement(
        n=len(pairs),
        agreed=len(pairs) - len(differing),
        n_binary=len(binary),
        kappa=_number(found.kappa),
        kappa_low=_number(found.low),
        kappa_high=_number(found.high),
        disagreements=_disagreements(differing),
    )


def _pairs(desk: Desk) -> list[tuple[Verdict, Verdict]]:
    rows = (
        Verdict.objects.filter(question__desk=desk, follows=None)
        .select_related("question__desk", "recorded_by")
        .order_by("question", "reviews", "pk")
    )
    rounds = groupby(rows, key=lambda each: (each.question_id, each.reviews_id))
    pairs = [_pair(verdicts) for _, verdicts in rounds]
    return [pair for pair in pairs if pair is not None]


def _pair(verdicts: Iterable[Verdict]) -> tuple[Verdict, Verdict] | None:
    """Return the verdicts that met: each of the first two editors' latest one, as their order was."""
    latest: dict[int | None, Verdict] = {}
    for verdict in verdicts:
        latest.pop(verdict.recorded_by_id, None)
        if verdict.answer != Answer.TOO_EARLY:
            latest[verdict.recorded_by_id] = verdict
        if len(latest) == 2:
            first, second = latest.values()
            return first, second
    return None


def _alike(one: Verdict, other: Verdict) -> bool:
    return alike(question=one.question, one=one, other=other)


def _table(pairs: list[tuple[Verdict, Verdict]]) -> np.ndarray:
    table = np.zeros((len(CATEGORIES), len(CATEGORIES)))
    for one, two in pairs:
        table[CATEGORIES.index(category(one)), CATEGORIES.index(category(two))] += 1
    return table


def category(verdict: WithAnswer) -> str:
    """Return what was said of a yes-or-no question, in one word of CATEGORIES."""
    if verdict.answer == Answer.VOID:
        return "void"
    return "yes" if verdict.outcome == 1 else "no"


def said(verdict: Verdict) -> str:
    """Return what a verdict found in a few words: yes, no, void, an option, a number or a day."""
    question, outcome = verdict.question, verdict.outcome
    if outcome is None or question.kind == QuestionKind.BINARY:
        return category(verdict)
    if question.options:
        return str(question.options[int(outcome)])
    if question.kind == QuestionKind.DATE:
        return day_after_epoch(outcome).isoformat()
    return f"{outcome:g} {question.unit}".strip()


def _disagreements(pairs: list[tuple[Verdict, Verdict]]) -> list[Disagreement]:
    answers = answers_on([one.question for one, _ in pairs])
    found = []
    for one, two in pairs:
        answer = answers.get(one.question_id)
        decided = answer.get_method_display() if is_answer(answer) else ""
        found.append(Disagreement(question=one.question, first=one, second=two, decided=decided))
    return sorted(found, key=lambda each: each.second.recorded_at, reverse=True)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 12)
