"""A source by itself: its scores over time, its calibration, its best and worst calls, by topic and lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

import numpy as np
from django.db.models import Max

from forecasts.boards.reads.cache import remembered
from forecasts.boards.reads.calibration import Calibration, calibration, calibration_of, thinned
from forecasts.boards.reads.columns.columns import Bools, Columns, Floats, Ints, board_columns
from forecasts.boards.reads.figures.means import means
from forecasts.boards.reads.figures.scoring import Compared, compared, row_scores
from forecasts.boards.reads.history import HistoryPoint, history_of
from forecasts.boards.reads.standings import cache_key
from forecasts.models import Board, Forecast, Question, Source
from forecasts.scoring.places import held_in_range
from forecasts.scoring.rules import score_range
from forecasts.scoring.summary import number
from forecasts.sources.reads import ids_with_merged

CALLS = 3
EVEN = 0.25
"""What saying 50 % scores: below it a call was good, above it bad."""
MOST_TOPICS = 12
DAY = 86_400.0
LEADS = ((7, "week"), (30, "month"), (91, "quarter"), (365, "year"), (None, "longer"))
"""Buckets of lead time by their end in days, half-open; the last has none."""
WHOLE_RECORD = Board(slug="record", name="", estimator="raw")
"""Every public forecast that there is, scored by the house rule. Never saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The mean score of some of a source's questions or forecasts, with its 95 % interval."""

    name: str
    n: int
    score: float | None
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """
    `by_topic` is over questions, `by_lead` over forecasts (named as in `LEADS`); `best` and `worst` are
    keys of forecasts, the last one in force on each of those questions. `score` is the mean over `n`
    questions.
    """

    n: int
    score: float | None
    history: list[HistoryPoint]
    calibration: Calibration
    by_topic: list[Part]
    by_lead: list[Part]
    best: list[int]
    worst: list[int]


def profile(*, source: Source, now: datetime) -> Profile:
    """Return what the whole record says of the source; kept until the record or a deadline moves."""
    shape = ",".join(each.name for each in fields(Profile))
    key = f"{cache_key(board=WHOLE_RECORD)}:profile:{source.pk}:{_last_deadline(now)}:{shape}"
    return remembered(key, compute=lambda: _profile(source, now))  # type: ignore[return-value]


def board_calibration(
    *, board: Board, now: datetime, at: datetime | None = None, wait: bool = True, keep: bool = True
) -> Calibration | None:
    """
    Return a board's calibration as a chart needs it; None where nobody shall wait for it.

    It is kept, but that of a past date only where `keep` says so: there is one for each date.
    """
    if at is not None and not keep:
        return _thin(calibration(board=board, now=now, at=at))
    name = f"{cache_key(board=board, now=now, at=at)}:calibration:{_last_deadline(at or now)}"
    past = None if at is None else "figures"
    return remembered(
        name, compute=lambda: _thin(calibration(board=board, now=now, at=at)), wait=wait, past=past
    )


def _thin(found: Calibration) -> Calibration:
    return replace(found, curve=thinned(found.curve))


def _last_deadline(now: datetime) -> str:
    """Return the last deadline that had passed: calibration counts no question before its own."""
    passed = Question.objects.filter(deadline_at__lte=now).aggregate(last=Max("deadline_at"))["last"]
    return passed.isoformat() if passed else ""


def _profile(source: Source, now: datetime) -> Profile:
    columns = board_columns(board=WHOLE_RECORD, at=None, sources=ids_with_merged(source))
    rows = columns.where(columns.scored)
    found = compared(rows=rows, board=WHOLE_RECORD)
    best, worst = _calls(found, rows)
    return Profile(
        n=len(found.score),
        score=number(found.score.mean()) if len(found.score) else None,
        history=history_of(columns=rows, board=WHOLE_RECORD),
        calibration=_thin(calibration_of(columns=rows, moment=now)),
        by_topic=_by_topic(rows.question[found.at], rows.event[found.at], found.score),
        by_lead=_by_lead(rows, found),
        best=best,
        worst=worst,
    )


def _by_topic(question: Ints, event: Ints, score: Floats) -> list[Part]:
    """Return the topics with the most questions; a question of two topics counts in both."""
    tagged = Question.topics.through.objects.filter(question__in=question.tolist())
    of = np.array(tagged.values_list("question_id", "topic_id", "topic__name"), dtype=object).reshape(-1, 3)
    if not len(of):
        return []
    topics, group = np.unique(of[:, 1].astype(np.int64), return_inverse=True)
    names = {int(topic): str(name) for _question, topic, name in of}
    order = np.argsort(question)
    row = order[np.searchsorted(question[order], of[:, 0].astype(np.int64))]
    parts = _parts([names[each] for each in topics.tolist()], group, event[row], score[row])
    return sorted(parts, key=lambda each: (-each.n, each.name))[:MOST_TOPICS]


def _by_lead(rows: Columns, found: Compared) -> list[Part]:
    """Return the scores of the forecasts by how long before the deadline they were stated."""
    kept = found.row
    days = (rows.deadline_at[kept] - rows.stated_at[kept]) / DAY
    ends = [end for end, _name in LEADS if end is not None]
    score = row_scores(rows=rows, rule=WHOLE_RECORD.rule, probability=rows.probability, loss=rows.loss)[kept]
    parts = _parts([name for _end, name in LEADS], np.digitize(days, ends), rows.event[kept], score)
    return [each for each in parts if each.n]


def _parts(names: Sequence[str], group: Ints, event: Ints, score: Floats) -> list[Part]:
    found = means(group=group, event=event, score=score, n_groups=len(names))
    least, most = score_range(rule=WHOLE_RECORD.rule)
    low, high = held_in_range(low=found.low, high=found.high, value=found.mean, least=least, most=most)
    return [
        Part(
            name=name,
            n=int(found.n[place]),
            score=number(found.mean[place]),
            ci_low=number(low[place]),
            ci_high=number(high[place]),
        )
        for place, name in enumerate(names)
    ]


def _calls(found: Compared, rows: Columns) -> tuple[list[int], list[int]]:
    """
    Return the forecasts on the questions with the best and with the worst scores.

    Calls with words come before bare numbers; best and worst share no question.
    """
    forecast = rows.forecast[found.last]
    bare = ~_worded(forecast)
    return (
        forecast[_first(found.score, bare, found.score < EVEN)].tolist(),
        forecast[_first(-found.score, bare, found.score > EVEN)].tolist(),
    )


def _first(score: Floats, bare: Bools, wanted: Bools) -> Ints:
    order = np.lexsort((np.arange(len(score)), score, bare))
    return order[wanted[order]][:CALLS]


def _worded(forecast: Ints) -> Bools:
    quoted = Forecast.objects.filter(pk__in=forecast.tolist(), statement__public_since__isnull=False)
    return np.isin(forecast, np.array(list(quoted.values_list("pk", flat=True)), dtype=np.int64))
