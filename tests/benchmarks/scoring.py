"""
How fast the scoring is: one table, each time beside a NumPy floor of the same run.

    python -m tests.benchmarks.scoring [--forecasts 1000000] [--no-scaling]

The floor is one pass of mean((p - o)**2) over the forecasts. Times are the best
of a few, in seconds of the processor, which other work on the machine hardly
changes; the clock on the wall is shown beside them. Exits with 1 when a limit
is broken.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forecasts.scoring import (
    brier_score,
    build_timeline,
    crossed,
    fixed_effects,
    log_score,
    pair_scores,
    peer_scores,
    random_effects,
    relative_scores,
    standings,
    time_weighted,
    variance_components,
)
from forecasts.scoring.difficulty import Crossed

FORECASTS_A_QUESTION = 20
SOURCES = 2000
NAIVE_FORECASTS = 5000
SCALES = (10_000, 100_000, 1_000_000, 10_000_000)
REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Rows:
    """Forecasts on questions of equal length, (n,) each."""

    question: np.ndarray
    source: np.ndarray
    stated_at: np.ndarray
    opens_at: np.ndarray
    closes_at: np.ndarray
    probability: np.ndarray
    outcome: np.ndarray

    def sorted(self) -> Rows:
        order = np.lexsort((self.stated_at, self.source, self.question))
        return Rows(*(getattr(self, name)[order] for name in self.__slots__))

    @property
    def when(self) -> dict[str, np.ndarray]:
        names = ("question", "source", "stated_at", "opens_at", "closes_at")
        return {name: getattr(self, name) for name in names}


def rows_of(n: int, seed: int = 0) -> Rows:
    rng = np.random.default_rng(seed)
    n_questions = max(n // FORECASTS_A_QUESTION, 1)
    question, source = rng.integers(0, n_questions, n), rng.integers(0, SOURCES, n)
    opens = (1.5e9 + np.floor(rng.random(n_questions) * 1e8))[question]
    chance = rng.random(n_questions)
    outcome = (rng.random(n_questions) < chance).astype(float)[question]
    probability = np.clip(chance[question] + rng.normal(0.0, 0.15, n), 0.0, 1.0).round(4)
    stated = opens + np.floor(rng.random(n) * 8e6)
    return Rows(question, source, stated, opens, opens + 8e6, probability, outcome)


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of the processor, and on the clock."""

    processor: float
    clock: float


def best_of(times: int, work: Callable[[], object]) -> Took:
    processor, clock = [], []
    for _ in range(times):
        begun, start = _processor(), time.perf_counter()
        work()
        processor.append(_processor() - begun)
        clock.append(time.perf_counter() - start)
    return Took(min(processor), min(clock))


def _processor() -> float:
    """Return the seconds that this process and those it waited for have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def basic(rows: Rows) -> None:
    """Brier, log and the timeline: one score for each source and question, twice."""
    given = {"probability": rows.probability, "outcome": rows.outcome}
    brier, log = brier_score(**given), log_score(**given)
    timeline = build_timeline(**rows.when, value=rows.probability)
    time_weighted(timeline=timeline, score=brier)
    time_weighted(timeline=timeline, score=log)


def naive_peer(rows: Rows) -> dict[tuple[int, int], float]:
    """
    The peer score as it is defined: at every moment, over everybody who stands.

    All forecasts are on one question, each source has several; the yardstick
    that sweeping is measured against, and checked against.
    """
    close, opened = rows.closes_at[0], rows.opens_at[0]
    moments = np.unique(np.append(rows.stated_at, close))
    total: dict[tuple[int, int], float] = {}
    covered: dict[tuple[int, int], float] = {}
    history: dict[int, list[tuple[float, float]]] = {}
    for source, at, p in zip(
        rows.source.tolist(), rows.stated_at.tolist(), rows.probability.tolist(), strict=True
    ):
        history.setdefault(source, []).append((at, p))
    for start, end in zip(moments[:-1].tolist(), moments[1:].tolist(), strict=True):
        standing = {}
        for source, forecasts in history.items():
            said = [(at, p) for at, p in forecasts if at <= start]
            if said:
                standing[source] = float(np.log(max(said)[1]))
        if len(standing) < 2:
            continue
        everybody = sum(standing.values())
        for source, own in standing.items():
            others = (everybody - own) / (len(standing) - 1)
            key = (0, source)
            total[key] = total.get(key, 0.0) + 100.0 * (own - others) * (end - start)
            covered[key] = covered.get(key, 0.0) + (end - start)
    assert close > opened
    return {key: total[key] / covered[key] for key in total}


def naive_rows() -> Rows:
    rng = np.random.default_rng(3)
    n = NAIVE_FORECASTS
    same = np.zeros(n)
    stated = rng.permutation(8_000_000)[:n].astype(float)
    p = rng.uniform(0.05, 0.95, n)
    return Rows(same.astype(int), rng.integers(0, 500, n), stated, same, same + 8e6, p, same + 1.0)


def peer(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    timeline = build_timeline(**rows.when, value=rows.probability)
    chance = np.clip(np.where(rows.outcome == 1, rows.probability, 1 - rows.probability), 1e-3, 1.0)
    return peer_scores(timeline=timeline, outcome_probability=chance).points, timeline.source


def layout(rows: Rows) -> Crossed:
    pairs = pair_scores(**rows.when, outcome=rows.outcome, probability=rows.probability)
    question = np.unique(pairs.question, return_inverse=True)[1]
    source = np.unique(pairs.source, return_inverse=True)[1]
    return crossed(source=source, question=question, score=pairs.score, weight=pairs.coverage)


def shrunk(data: Crossed) -> None:
    found = variance_components(data=data)
    random_effects(data=data, source_ridge=found.source_ridge, question_ridge=found.question_ridge)


def bootstrap(data: Crossed) -> None:
    standings(data=data, event=np.arange(data.n_questions), question_ridge=0.5, draws=1000)


@dataclass(frozen=True, slots=True)
class Measure:
    what: str
    value: float
    unit: str
    limit: float
    floors: float | None = None
    clock: float | None = None

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.unit == "times faster" else self.value <= self.limit

    def __str__(self) -> str:
        floors = "" if self.floors is None else f"{self.floors:,.0f}"
        clock = "" if self.clock is None else f"{self.clock:,.2f}"
        sign = ">=" if self.unit == "times faster" else "<="
        limit = f"{sign} {self.limit:>8,.1f}"
        state = "yes" if self.holds else "NO"
        return f"{self.what:<52} {self.value:>12,.2f} {self.unit:<13} {limit} {floors:>8} {clock:>8}  {state}"


def measures(n: int, scaling: bool) -> list[Measure]:
    rows = rows_of(n)
    in_order = rows.sorted()
    pass_ = best_of(25, lambda: np.mean((rows.probability - rows.outcome) ** 2)).processor
    found = []

    def seconds(what: str, work: Callable[[], object], limit: float, times: int = 1) -> None:
        took = best_of(times, work)
        found.append(Measure(what, took.processor, "s", limit, took.processor / pass_, took.clock))

    for what, given, limit in (("as they come", rows, 400.0), ("in order", in_order, 100.0)):
        took = best_of(9, lambda given=given: basic(given))
        ratio = took.processor / pass_
        name = f"brier, log, timeline: rows {what}"
        found.append(Measure(name, ratio, "floors", limit, ratio, took.clock))
    seconds("peer", lambda: peer(rows), 3.0, 3)
    seconds("relative to the median in force", lambda: relative(rows), 10.0)
    found.append(_against_naive())
    data = layout(rows)
    seconds("fixed difficulty adjustment", lambda: fixed_effects(data=data), 5.0)
    seconds("shrunk difficulty adjustment", lambda: shrunk(data), 10.0)
    seconds("1,000 bootstrap draws of events", lambda: bootstrap(data), 20.0)
    seconds("score command, the CSV file read", _command(rows), 15.0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    found.append(Measure("peak memory, this process", peak, "GB", 2.0))
    found.append(Measure("peak memory, the score command", child, "GB", 2.0))
    # Last, because ten million forecasts are not what the memory's limit is for.
    if scaling:
        found.append(Measure("exponent of the cost, 10k to 10M", exponent(), "", 1.1))
    return found


def relative(rows: Rows) -> None:
    timeline = build_timeline(**rows.when, value=rows.probability)
    relative_scores(timeline=timeline, score=np.square(rows.probability - rows.outcome))


def _against_naive() -> Measure:
    rows = naive_rows()
    begun = _processor()
    plain = naive_peer(rows)
    slow = _processor() - begun
    points, source = peer(rows)
    np.testing.assert_allclose(points, [plain[0, each] for each in source.tolist()], atol=1e-6)
    return Measure(
        "peer, than one step at a time, 5,000 forecasts",
        slow / best_of(25, lambda: peer(rows)).processor,
        "times faster",
        1000.0,
    )


def exponent() -> float:
    """The slope of log cost over log size, of brier, log and timeline."""
    costs = []
    for n in SCALES:
        rows = rows_of(n)
        costs.append(best_of(9 if n <= 1_000_000 else 3, lambda rows=rows: basic(rows)).processor)
        print(f"  {n:>10,} forecasts: {costs[-1]:.3f} s, {1e9 * costs[-1] / n:.0f} ns each", flush=True)
    return float(np.polyfit(np.log(SCALES), np.log(costs), 1)[0])


def _command(rows: Rows) -> Callable[[], object]:
    folder = tempfile.mkdtemp(prefix="scoring-benchmark-")
    path = Path(folder) / "forecasts.csv"
    texts = [
        np.datetime_as_string(t.astype("datetime64[s]")).tolist() for t in (rows.stated_at, rows.closes_at)
    ]
    resolved = np.where(rows.outcome == 1, "yes", "no").tolist()
    columns = (rows.question.tolist(), rows.source.tolist(), rows.probability.tolist(), resolved, *texts)
    with path.open("w", encoding="utf-8") as stream:
        stream.write(
            "question_id,question,source,forecast_time,probability,resolution,resolved_time,category\n"
        )
        stream.writelines(
            f"q{q},Question {q},source {s},{t}Z,{p},{y},{c}Z,benchmark\n"
            for q, s, p, y, t, c in zip(*columns, strict=True)
        )
    command = [sys.executable, "manage.py", "score", str(path), "--format", "json"]

    def run() -> None:
        subprocess.run(command, check=True, cwd=REPOSITORY, stdout=subprocess.DEVNULL)
        path.unlink()
        path.parent.rmdir()

    return run


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the scoring.")
    parser.add_argument("--forecasts", type=int, default=1_000_000)
    parser.add_argument("--no-scaling", action="store_true")
    options = parser.parse_args()
    found = measures(options.forecasts, not options.no_scaling)
    n = options.forecasts
    print(f"{n:,} forecasts, {n // FORECASTS_A_QUESTION:,} questions, {SOURCES:,} sources")
    print(f"{'what':<52} {'measured':>12} {'':<13} {'limit':>11} {'floors':>8} {'clock':>8}  holds")
    for measure in found:
        print(measure)
    return 0 if all(measure.holds for measure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
