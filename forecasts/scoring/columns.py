"""
The columns that come in, checked once: one row for each forecast.

Everything behind ``forecasts.scoring.score`` takes these as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from forecasts.scoring import checks
from forecasts.scoring.checks import MATRIX, Bools, Floats, Ints
from forecasts.scoring.points import baseline_score
from forecasts.scoring.rules import (
    brier_score,
    crps_from_quantiles,
    interval_score,
    log_score,
    ranked_probability_score,
    spherical_score,
)
from forecasts.scoring.timeline import Timeline, build_timeline

RULES = ("brier", "log", "spherical", "ranked_probability", "crps", "interval", "baseline", "given")
PROBABILITY_RULES = frozenset({"brier", "log", "spherical", "ranked_probability", "baseline"})
RANGE_ENDS = 2


class Status(IntEnum):
    """Why a row is scored or not. Rows are kept whatever the status."""

    SCORED = 0
    OPEN = 1
    VOID = 2
    LATE = 3
    DUPLICATE = 4
    WITHDRAWAL = 5


@dataclass(frozen=True, slots=True)
class Columns:
    """
    (n,) each, (n, m) for value where a forecast is more than a number.

    closes_at is the actual close: the earlier of the scheduled close and
    known_at. opens_at is the first forecast on the question where not given.
    """

    question: Ints
    source: Ints
    stated_at: Floats
    value: Floats
    outcome: Floats
    known_at: Floats
    event: Ints
    opens_at: Floats
    closes_at: Floats
    withdrawn: Bools
    low: Floats | None
    high: Floats | None

    @property
    def resolved(self) -> Bools:
        return ~np.isnan(self.outcome)

    def timeline(self) -> Timeline:
        """Return who stood when, of all rows with an outcome."""
        said = [self.value if self.value.ndim == MATRIX else self.value[:, None]]
        said += [bound[:, None] for bound in (self.low, self.high) if bound is not None]
        return build_timeline(
            question=self.question,
            source=self.source,
            stated_at=self.stated_at,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            value=np.concatenate(said, axis=1),
            withdrawn=self.withdrawn if self.withdrawn.any() else None,
            counts=self.resolved,
        )

    def status(self, timeline: Timeline) -> npt.NDArray[np.int8]:
        """Return why each row is scored or not, (n,) of ``Status``."""
        status = np.full(len(self.question), Status.DUPLICATE, dtype=np.int8)
        at_once = self.opens_at >= self.closes_at
        late = (self.stated_at > self.closes_at) | ((self.stated_at == self.closes_at) & ~at_once)
        status[self.resolved & late] = Status.LATE
        status[self.withdrawn] = Status.WITHDRAWAL
        status[~self.resolved] = np.where(np.isnan(self.known_at), Status.OPEN, Status.VOID)[~self.resolved]
        status[timeline.row] = Status.SCORED
        return status


def checked_columns(
    *,
    question: npt.ArrayLike,
    source: npt.ArrayLike,
    stated_at: npt.ArrayLike,
    value: npt.ArrayLike,
    outcome: npt.ArrayLike,
    known_at: npt.ArrayLike,
    event: npt.ArrayLike | None = None,
    opens_at: npt.ArrayLike | None = None,
    closes_at: npt.ArrayLike | None = None,
    withdrawn: npt.ArrayLike | None = None,
    low: npt.ArrayLike | None = None,
    high: npt.ArrayLike | None = None,
) -> Columns:
    """
    Return the columns, checked: lengths, codes, times; one outcome, event and window a question.

    As in ``forecasts.scoring.score``. Raises ValueError naming the row.

    >>> columns = checked_columns(question=[0], source=[0], stated_at=[3.0], value=[0.5],
    ...     outcome=[1], known_at=[9.0])
    >>> columns.opens_at, columns.closes_at
    (array([3.]), array([9.]))
    """
    q, s = checks.codes(question, name="question"), checks.codes(source, name="source")
    n = len(q)
    time = checks.finite(stated_at, name="stated_at") if n else np.zeros(0)
    y, known = (
        checks.floats(outcome, name="outcome", ndim=1),
        checks.floats(known_at, name="known_at", ndim=1),
    )
    forecast = checks.floats(value, name="value")
    unit = q if event is None else checks.codes(event, name="event")
    gone = np.zeros(n, dtype=np.bool_) if withdrawn is None else np.asarray(withdrawn, dtype=np.bool_)
    scheduled = np.full(n, np.nan) if closes_at is None else checks.floats(closes_at, name="closes_at")
    opening = np.full(n, np.nan) if opens_at is None else checks.floats(opens_at, name="opens_at")
    bounds = [None if x is None else checks.floats(x, name="range") for x in (low, high)]
    given: dict[str, npt.NDArray[np.generic]] = {
        "stated_at": time,
        "value": forecast,
        "outcome": y,
        "known_at": known,
        "event": unit,
    }
    given |= {"opens_at": opening, "closes_at": scheduled, "withdrawn": gone, "source": s}
    given |= {name: x for name, x in zip(("low", "high"), bounds, strict=True) if x is not None}
    checks.same_rows(question=q, **given)
    actual = np.fmin(scheduled, known)
    checks.refuse(
        ~np.isnan(y) & np.isnan(actual), name="known_at", values=known, reason="missing for an outcome"
    )
    said: dict[str, Floats | Ints] = {"outcome": y, "event": unit, "known_at": known}
    said |= {} if opens_at is None else {"opens_at": opening}
    said |= {} if closes_at is None else {"closes_at": scheduled}
    for name, values in said.items():
        _one_each(q, values, name=name)
    return Columns(
        question=q,
        source=s,
        stated_at=time,
        value=forecast,
        outcome=y,
        known_at=known,
        event=unit,
        opens_at=np.where(np.isnan(opening), _first_on_question(q, time), opening),
        closes_at=actual,
        withdrawn=gone,
        low=bounds[0],
        high=bounds[1],
    )


def rule_scores(
    *,
    rule: str,
    value: Floats,
    outcome: Floats,
    eps: float,
    levels: npt.ArrayLike | None = None,
) -> Floats:
    """
    Return the score of each forecast under a named rule, (n,).

    value: (n,) probability of "yes", (n, K) probabilities of options, (n, m)
    quantiles at ``levels`` (crps), (n, 2) a range at level ``levels``
    (interval), or (n,) the score itself (given). Baseline points come as a loss,
    with their sign turned and the probability clipped at eps. Raises ValueError
    on an unknown rule, and as the rule does.

    >>> rule_scores(rule="brier", value=np.array([0.5]), outcome=np.array([1.0]), eps=0.001)
    array([0.25])
    """
    if rule == "given":
        return checks.finite(value, name="value")
    if rule == "log":
        return log_score(probability=value, outcome=outcome, eps=eps)
    if rule == "crps":
        points = value if value.ndim == MATRIX else value[:, None]
        return crps_from_quantiles(values=points, levels=0.5 if levels is None else levels, outcome=outcome)
    if rule == "interval":
        if value.ndim != MATRIX or value.shape[1] != RANGE_ENDS:
            raise ValueError(f"value must be (n, 2), the ends of a range, not {value.shape}")
        level = 0.8 if levels is None else levels
        return interval_score(low=value[:, 0], high=value[:, 1], level=level, outcome=outcome)
    if rule == "baseline":
        options = 2 if value.ndim == 1 else value.shape[1]
        p = np.clip(outcome_probability(value=value, outcome=outcome), eps, 1.0 - eps)
        # Points are better when higher; the board wants the opposite.
        return -baseline_score(outcome_probability=p, n_options=options)
    simple = {
        "brier": brier_score,
        "spherical": spherical_score,
        "ranked_probability": ranked_probability_score,
    }
    if rule not in simple:
        raise ValueError(f"rule is {rule!r}, not one of {', '.join(RULES)}")
    return simple[rule](probability=value, outcome=outcome)


def outcome_probability(*, value: Floats, outcome: Floats) -> Floats:
    """
    Return the probability that each forecast gave to what happened, (n,).

    >>> outcome_probability(value=np.array([0.3]), outcome=np.array([0.0]))
    array([0.7])
    """
    if value.ndim == 1:
        return np.where(outcome == 1.0, value, 1.0 - value)
    return np.asarray(value[np.arange(len(value)), outcome.astype(np.int64)])


def _first_on_question(question: Ints, time: Floats) -> Floats:
    if len(question) == 0:
        return time
    first = np.full(int(question.max()) + 1, np.inf)
    np.minimum.at(first, question, time)
    return first[question]


def _one_each(question: Ints, values: Floats | Ints, *, name: str) -> None:
    """Refuse rows of one question that say different things about it; NaN is a thing to say."""
    if len(question) == 0:
        return
    of_question = np.zeros(int(question.max()) + 1, dtype=values.dtype)
    of_question[question] = values
    said = of_question[question]
    bad = (said != values) & ~(np.isnan(said) & np.isnan(values))
    checks.refuse(bad, name=name, values=values, reason="unlike another row's of the same question")
