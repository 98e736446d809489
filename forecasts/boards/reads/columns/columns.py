"""Forecasts as columns: what a board counts, as arrays that `forecasts.scoring` takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import DateTimeField, F, Func, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from forecasts.boards.reads.columns.losses import other_losses
from forecasts.models import (
    Answer,
    Basis,
    Board,
    Forecast,
    Merge,
    Method,
    Question,
    QuestionKind,
    Resolution,
    Rule,
)
from forecasts.record.reads.packing import packed_columns
from forecasts.scoring.kinds import SCORED_BY

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FILTERS: Mapping[str, str] = {
    "languages": "statement__document__language__in",
    "source_kinds": "source__kind__in",
    "question_kinds": "question__kind__in",
    "outlets": "statement__document__outlet__slug__in",
}
# What is read of each forecast, of each of its questions and of each answer, and what it is there.
SAID = {
    "id": "key",
    "question_id": "key",
    "source_id": "key",
    "stated_at": "instant",
    "probability": "number",
    "probability_low": "rare number",
    "probability_high": "rare number",
    "basis": "not stated",
    "withdrawn": "rare flag",
}
ASKED = {
    "id": "key",
    "opens_at": "instant",
    "deadline_at": "instant",
    "event_id": "key",
    "deadline_low": "instant",
    "deadline_high": "instant",
    "dated": "flag",
}
ANSWERS = {
    "question_id": "key",
    "outcome": "number",
    "occurred_at": "instant",
    "recorded_at": "instant",
    "contested": "flag",
}
# A question's answer is contested where editors differed, or where it was first another one.
CONTESTED = (Method.ADJUDICATED, Method.OVERTURNED)


DAYS = "days"
"""The unit of a board by CRPS over questions on a date."""


class UnknownFilterError(ValueError):
    """A board's filter names something that boards can't filter by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """
    One row for each forecast, (n,).

    Times are seconds since 1970. `low` and `high` equal `probability` where the source gave the
    number; all three are NaN in a withdrawal. `imputed` tells rows that the source did not state whole.
    `deadline_low` and `deadline_high` are the ends of what a house rule leaves open of the deadline, and
    equal `deadline_at` where it was stated; `dated` tells questions that ask for a date.
    `outcome` is NaN unless the question has one; `void` tells void from open. `closes_at` is the actual
    close; `known_at` is when the outcome could be known (of a void: when it happened or was recorded),
    NaN while open. `event` is one code for questions that hang together; a question without an event is
    its own. `contested` tells outcomes that editors differed over.

    `other` tells rows on questions that are not of yes or no. Of these alone, `loss` is the score by the
    board's rule, `loss_low` and `loss_high` the same at the ends of what words or a house rule left open,
    and `uninformed` what equal odds would score; NaN where there is none.
    """

    forecast: Ints
    question: Ints
    source: Ints
    stated_at: Floats
    probability: Floats
    low: Floats
    high: Floats
    imputed: Bools
    withdrawn: Bools
    opens_at: Floats
    deadline_at: Floats
    deadline_low: Floats
    deadline_high: Floats
    closes_at: Floats
    outcome: Floats
    void: Bools
    known_at: Floats
    event: Ints
    contested: Bools
    dated: Bools
    other: Bools
    loss: Floats
    loss_low: Floats
    loss_high: Floats
    uninformed: Floats

    def __len__(self) -> int:
        return len(self.forecast)

    @property
    def scored(self) -> Bools:
        return ~np.isnan(self.outcome)

    def as_it_stood(self, at: datetime) -> Columns:
        """Return what had been said by then, with the answers that could be known by then."""
        rows = self.where(self.stated_at <= at.timestamp())
        known = rows.known_at <= at.timestamp()
        of_an_answer = ("outcome", "known_at", "loss", "loss_low", "loss_high", "uninformed")
        return replace(
            rows,
            **{name: np.where(known, getattr(rows, name), np.nan) for name in of_an_answer},
            void=rows.void & known,
            contested=rows.contested & known,
            closes_at=np.where(known, rows.closes_at, rows.deadline_at),
        )

    def where(self, rows: Bools | Ints) -> Columns:
        """Return the columns with these rows only."""
        kept = {each.name: getattr(self, each.name)[rows] for each in fields(self)}
        return Columns(**kept)


def board_forecasts(*, board: Board, at: datetime | None) -> QuerySet[Forecast]:
    """
    Return the forecasts that the board counts: as known on `at`, or as known now where it is None.

    Raises UnknownFilterError.
    """
    return filtered_forecasts(board=board, at=at).filter(kinds_of(board))


def filtered_forecasts(*, board: Board, at: datetime | None) -> QuerySet[Forecast]:
    """Return what the board's filter lets in, whether its rule can score it or not."""
    rows = Forecast.objects.current() if at is None else Forecast.objects.as_known_on(at)
    return let_in(rows, board=board)


def let_in(rows: QuerySet[Forecast], *, board: Board) -> QuerySet[Forecast]:
    """
    Return those of the forecasts that the board's filter lets in: on a public board, of the public ones.

    Raises UnknownFilterError.
    """
    if board.public:
        rows = rows.filter(question__public_since__isnull=False)
    for name, wanted in board.filter.items():
        if name == "stated_only":
            rows = rows.filter(basis=Basis.STATED) if wanted else rows
        elif name == "topics":
            tagged = Question.objects.filter(topics__slug__in=wanted)
            rows = rows.filter(question__in=tagged.values("pk")) if wanted else rows
        elif name in FILTERS:
            rows = rows.filter(**{FILTERS[name]: wanted}) if wanted else rows
        elif name != "unit":
            known = ", ".join(["topics", *FILTERS, "stated_only", "unit"])
            raise UnknownFilterError(
                _("Ranking “%(board)s” filters by “%(name)s”. Use: %(known)s.")
                % {"board": board, "name": name, "known": known}
            )
    return rows


def kinds_of(board: Board) -> Q:
    """Return the questions that the board's rule scores: those of kinds on one scale, and of one unit."""
    if board.rule != Rule.CRPS:
        return Q(question__kind__in=SCORED_BY[board.rule])
    unit = board.filter.get("unit", "")
    if unit == DAYS:
        return Q(question__kind=QuestionKind.DATE)
    return Q(question__kind=QuestionKind.NUMBER, question__unit=unit)


def board_columns(*, board: Board, at: datetime | None, sources: Collection[int] | None = None) -> Columns:
    """
    Return the board's forecasts as arrays. Four queries, however many forecasts there are, and two more
    where some are on questions that are not of yes or no.

    sources: the ids of those whose forecasts are wanted, with the ids merged into them; all by default.
    """
    forecasts = board_forecasts(board=board, at=at).order_by()
    if sources is not None:
        forecasts = forecasts.filter(source__in=sources)
    rows = packed_columns(forecasts.values_list(*SAID), SAID)
    order = np.argsort(rows["id"])
    rows = {name: column[order] for name, column in rows.items()}
    return columns_of(rows=rows, asked=asked_of(rows["question_id"]), board=board, at=at)


def columns_of(
    *,
    rows: Mapping[str, npt.NDArray[Any]],
    asked: Mapping[str, npt.NDArray[Any]],
    board: Board,
    at: datetime | None,
) -> Columns:
    """
    Return the columns of forecasts that are read, (n,) in order of key, with the answers as known on `at`.

    rows: by the names of `SAID`; asked: by those of `ASKED`.
    """
    question = rows["question_id"]
    answer = _answers(question, at)
    event = asked["event_id"]
    earliest, latest = asked["deadline_low"], asked["deadline_high"]
    best, low, high = (rows[name] for name in ("probability", "probability_low", "probability_high"))
    of_kind = other_losses(
        rule=board.rule,
        forecast=rows["id"],
        question=question,
        outcome=answer.outcome,
        valued=np.isnan(best) & ~rows["withdrawn"],
    )
    return Columns(
        forecast=rows["id"],
        question=question,
        source=_standing(rows["source_id"], at),
        stated_at=rows["stated_at"],
        probability=best,
        low=np.where(np.isnan(low), best, low),
        high=np.where(np.isnan(high), best, high),
        imputed=rows["basis"],
        withdrawn=rows["withdrawn"],
        opens_at=asked["opens_at"],
        deadline_at=asked["deadline_at"],
        deadline_low=np.where(np.isnan(earliest), asked["deadline_at"], earliest),
        deadline_high=np.where(np.isnan(latest), asked["deadline_at"], latest),
        closes_at=np.fmin(asked["deadline_at"], answer.happened_at),
        outcome=answer.outcome,
        void=answer.void,
        known_at=answer.known_at,
        event=np.where(event < 0, 2 * question, 2 * event + 1),
        contested=answer.contested,
        dated=asked["dated"],
        other=of_kind.other,
        loss=of_kind.loss,
        loss_low=of_kind.low,
        loss_high=of_kind.high,
        uninformed=of_kind.uninformed,
    )


def asked_of(question: Ints) -> dict[str, npt.NDArray[Any]]:
    """Return for each row what its question says."""
    distinct, row = np.unique(question, return_inverse=True)
    asked = Question.objects.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [distinct.tolist()]))
    asked = asked.annotate(
        deadline_low=_end_of("deadline_earliest"),
        deadline_high=_end_of("deadline_latest"),
        dated=Q(kind=QuestionKind.DATE),
    )
    rows = packed_columns(asked.order_by().values_list(*ASKED), ASKED)
    order = np.argsort(rows["id"])
    return {name: column[order][row] for name, column in rows.items()}


def _end_of(day: str) -> Func:
    """Return the instant at which that day of a question ends in its deadline's place."""
    return Func(
        F(day),
        F("deadline_zone"),
        template="((%(expressions)s)",
        arg_joiner=" + 1)::timestamp AT TIME ZONE ",
        output_field=DateTimeField(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    outcome: Floats
    void: Bools
    happened_at: Floats
    known_at: Floats
    contested: Bools


def _answers(question: Ints, at: datetime | None) -> _Answers:
    """Return for each row what its question's answer says, as known on `at`."""
    known = Resolution.objects.in_force() if at is None else Resolution.objects.as_known_on(at)
    answered = known.filter(answer__in=[Answer.OUTCOME, Answer.VOID]).order_by()
    rows = packed_columns(answered.annotate(contested=Q(method__in=CONTESTED)).values_list(*ANSWERS), ANSWERS)
    order = np.argsort(rows["question_id"])
    ids = rows["question_id"][order]
    place = np.minimum(np.searchsorted(ids, question), max(len(ids) - 1, 0))
    found = ids[place] == question if len(ids) else np.zeros(len(question), dtype=np.bool_)

    def of_row(name: str) -> Floats:
        if not len(ids):
            return np.full(len(question), np.nan)
        return np.where(found, rows[name][order][place], np.nan)

    outcome, happened = of_row("outcome"), of_row("occurred_at")
    return _Answers(
        outcome=outcome,
        void=found & np.isnan(outcome),
        happened_at=np.where(np.isnan(outcome), np.nan, happened),
        known_at=np.where(np.isnan(happened), of_row("recorded_at"), happened),
        contested=found & (of_row("contested") == 1),
    )


def _standing(source: Ints, at: datetime | None) -> Ints:
    """Return the source that each row counts for, after merges."""
    merged = merged_sources(at=at)
    if not merged:
        return source
    distinct, back = np.unique(source, return_inverse=True)
    return np.array([merged.get(each, each) for each in distinct.tolist()], dtype=np.int64)[back]


def merged_sources(*, at: datetime | None) -> dict[int, int]:
    """Return the source that each merged source counts as, as known on `at`."""
    merges = Merge.objects.all() if at is None else Merge.objects.as_known_on(at)
    into: dict[int, int] = {}
    for source, target in merges.order_by("pk").values_list("source_id", "into_id"):
        into[source] = target
        into.update({each: target for each, end in into.items() if end == source})
    return into
