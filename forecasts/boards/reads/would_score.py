"""What each source would score on a question, if this were its outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from forecasts.boards.reads.columns.columns import merged_sources
from forecasts.boards.reads.columns.scores import own_scores
from forecasts.models import Forecast, Question, Source
from forecasts.scoring import score


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One source's forecasts on the question, and its score if this is the outcome."""

    source: Source
    said: tuple[Forecast, ...]
    score: float | None
    low: float | None
    high: float | None


def if_outcome(*, question: Question, outcome: float, occurred_at: datetime) -> list[Scored]:
    """
    Return what each source would score on the question, as a board would count it: by the Brier score
    or, for ordered options, numbers and dates, by the rule that the house has for their kind.

    A source whose forecasts all came after the outcome was known has no score.
    """
    rows = list(
        Forecast.objects.current()
        .filter(question=question)
        .select_related("source", "term")
        .order_by("stated_at", "pk")
    )
    if not rows:
        return []
    counts_as = merged_sources(at=None)
    source = [counts_as.get(each.source_id, each.source_id) for each in rows]
    own = own_scores(question=question, forecasts=rows, outcome=outcome)
    n, known_at = len(rows), occurred_at.timestamp()
    pairs = score(
        question=[question.pk] * n,
        source=source,
        stated_at=[each.stated_at.timestamp() for each in rows],
        value=own.best,
        low=own.least,
        high=own.most,
        outcome=[outcome] * n,
        known_at=[known_at] * n,
        opens_at=[question.opens_at.timestamp()] * n,
        closes_at=[min(question.deadline_at.timestamp(), known_at)] * n,
        withdrawn=[each.withdrawn for each in rows],
        rule="given",
        bootstrap=0,
    ).pairs
    codes = sorted(set(source))
    at = {codes[code]: index for index, code in enumerate(pairs.source)}
    names = Source.objects.in_bulk(codes)
    scored = []
    for code in codes:
        said = [row for row, of in zip(rows, source, strict=True) if of == code]
        place = at.get(code)
        scored.append(
            Scored(
                source=names[code],
                said=tuple(said),
                score=_number(pairs.compared, place),
                low=_number(pairs.score_min, place),
                high=_number(pairs.score_max, place),
            )
        )
    return sorted(scored, key=lambda each: (each.score is None, each.score or 0.0, each.source.name))


def _number(values: Any, at: int | None) -> float | None:
    return None if at is None or np.isnan(values[at]) else round(float(values[at]), 12)
