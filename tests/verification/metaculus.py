"""The Metaculus vectors: baseline, peer and spot scores, geometric means, ranks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from forecasts.scoring import (
    baseline_score,
    baseline_score_continuous,
    build_timeline,
    over_horizon,
    peer_scores,
    ranks,
    spot_peer_scores,
    time_weighted,
)
from forecasts.scoring.timeline import Timeline
from tests.verification.lines import Line, compare, read

NAME = "metaculus_scoring_vectors.json"
TOLERANCE = 1e-8
# Everyone has withdrawn, and the score runs on to the close all the same.
UPSTREAM_DEFECTS = ("dv-06", "dv-07")
# Prizes are no part of this project, and contributions to a leaderboard are sums.
NOT_OURS = ("prize_percent", "leaderboard_combination_derived")


def lines(folder: Path) -> Iterator[Line]:
    suites = read(folder, NAME)["suites"]
    for suite in ("baseline", "peer", "spot_baseline", "spot_peer"):
        for case in suites[suite]:
            yield from _scored(suite, case, case["expected"])
    for case in suites["derived_not_in_upstream_tests"]:
        yield from _derived(case)
    for case in suites["preopen_parity"]:
        for side in ("forecasts_a", "forecasts_b"):
            yield from _scored(case["score"], case | {"forecasts": case[side]}, case["expected_both"])
    for case in suites["geometric_mean"]:
        yield from _geometric_mean(case)
    for case in suites["rank_with_exclusions"]:
        yield from _ranks(case)


def _scored(suite: str, case: dict[str, Any], expected: list[dict[str, float]]) -> Iterator[Line]:
    score, coverage = {
        "baseline": _baseline,
        "peer": _peer,
        "spot_baseline": _spot_baseline,
        "spot_peer": _spot_peer,
        "relative_legacy": _relative_legacy,
    }[suite](case)
    figure = f"{case['id']} {suite}"
    yield from compare(NAME, f"{figure} score", [row["score"] for row in expected], score, TOLERANCE)
    yield from compare(NAME, f"{figure} coverage", [row["coverage"] for row in expected], coverage, TOLERANCE)


def _derived(case: dict[str, Any]) -> Iterator[Line]:
    expected = case["expected_upstream"]
    if case["id"] in UPSTREAM_DEFECTS:
        # Three of ten days count, and the lone forecaster is compared with nobody.
        expected = [{"score": 0.3 * row["score"], "coverage": 0.3 * row["coverage"]} for row in expected]
    yield from _scored(case["score"], case, expected)


def _chances(case: dict[str, Any], rows: list[dict[str, Any]]) -> np.ndarray:
    """Return what each forecast gave to what happened."""
    bucket = case["resolution_bucket"]
    chances = []
    for row in rows:
        if "p_yes" in row:
            pmf = [1.0 - row["p_yes"], row["p_yes"]]
        elif "cdf" in row:
            pmf = [row["cdf"][0], *np.diff(row["cdf"]), 1.0 - row["cdf"][-1]]
        else:
            pmf = row["pmf"]
        chances.append(pmf[-1] if pmf[bucket] is None else pmf[bucket])
    return np.array(chances, dtype=np.float64)


def _baseline_points(case: dict[str, Any], rows: list[dict[str, Any]]) -> np.ndarray:
    chance = _chances(case, rows)
    if case["question_type"] == "numeric":
        size = len(rows[0]["cdf"]) + 1 if rows else 3
        ends = case["resolution_bucket"] in (0, size - 1)
        inside = (1.0 - 0.05 * case["open_bounds_count"]) / (size - 2)
        return baseline_score_continuous(outcome_probability=chance, baseline=0.05 if ends else inside)
    sizes = [2 if "p_yes" in row else sum(p is not None for p in row["pmf"]) for row in rows]
    return baseline_score(outcome_probability=chance, n_options=sizes)


def _timeline(case: dict[str, Any], rows: list[dict[str, Any]]) -> Timeline:
    """Return the rows as sources of their own, each with its withdrawal."""
    n = len(rows)
    ends = [row["end_ts"] for row in rows]
    gone = [at for at, end in enumerate(ends) if end is not None]
    stated = [row["start_ts"] for row in rows] + [ends[at] for at in gone]
    return build_timeline(
        question=np.zeros(n + len(gone), dtype=np.int64),
        source=[*range(n), *gone],
        stated_at=np.array(stated, dtype=np.float64),
        opens_at=np.full(n + len(gone), float(case["open_ts"])),
        closes_at=np.full(n + len(gone), float(case["actual_close_ts"])),
        withdrawn=[False] * n + [True] * len(gone),
    )


def _spread(timeline: Timeline, values: np.ndarray, n: int) -> np.ndarray:
    """Return the values of pairs by source; a source that never counted has 0."""
    out = np.zeros(n)
    out[timeline.source] = values
    return out


def _baseline(case: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    rows = case["forecasts"]
    if not rows:
        return np.zeros(0), np.zeros(0)
    timeline = _timeline(case, rows)
    padded = np.append(_baseline_points(case, rows), np.zeros(len(rows)))
    total = over_horizon(
        timeline=timeline,
        mean=time_weighted(timeline=timeline, score=padded),
        share=timeline.coverage,
        horizon_end=case["scheduled_close_ts"],
    )
    return tuple(_spread(timeline, part, len(rows)) for part in total)


def _peer(case: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    rows, crowd = case["forecasts"], case.get("base_forecasts")
    if not rows:
        return np.zeros(0), np.zeros(0)
    everyone = rows if crowd is None else rows + crowd
    timeline = _timeline(case, everyone)
    outsider = np.zeros(2 * len(everyone), dtype=bool)
    outsider[: len(rows)] = crowd is not None
    chance = np.append(_chances(case, everyone), np.ones(len(everyone)))
    # Metaculus multiplies outsiders by N/(N - 1) too; our default does not.
    found = peer_scores(
        timeline=timeline, outcome_probability=chance, outsider=outsider, outsider_factor=True
    )
    half = 0.5 if case["question_type"] == "numeric" else 1.0
    end = case["scheduled_close_ts"]
    total, _ = over_horizon(
        timeline=timeline, mean=half * found.points, share=found.compared, horizon_end=end
    )
    # Its coverage counts the time alone as well.
    _, coverage = over_horizon(timeline=timeline, mean=0.0, share=timeline.coverage, horizon_end=end)
    return tuple(_spread(timeline, part, len(everyone))[: len(rows)] for part in (total, coverage))


def _at_spot(case: dict[str, Any]) -> np.ndarray:
    spot = case["spot_ts"]
    rows = case["forecasts"]
    return np.array(
        [row["start_ts"] <= spot and (row["end_ts"] is None or spot < row["end_ts"]) for row in rows],
        dtype=bool,
    )


def _spot_baseline(case: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    there = _at_spot(case)
    points = _baseline_points(case, case["forecasts"]) if len(there) else np.zeros(0)
    return np.where(there, points, 0.0), there.astype(float)


def _spot_peer(case: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    there = _at_spot(case)
    if not there.any():
        return np.zeros(len(there)), there.astype(float)
    rows = [row for row, stands in zip(case["forecasts"], there, strict=True) if stands]
    points = spot_peer_scores(
        question=np.zeros(len(rows), dtype=np.int64),
        outcome_probability=_chances(case, rows),
        # Who starts at the very moment is compared with those there before.
        outsider=[row["start_ts"] >= case["spot_ts"] for row in rows],
        outsider_factor=True,
    )
    out = np.zeros(len(there))
    # Compared with nobody is no number here, and 0 there.
    out[there] = np.nan_to_num(points) * (0.5 if case["question_type"] == "numeric" else 1.0)
    return out, there.astype(float)


def _relative_legacy(case: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Base-2 logarithm against the crowd's step function: a difference of integrals."""
    rows, crowd = case["forecasts"], case["base_forecasts"]
    timeline = _timeline(case, rows)
    level = np.log2(_chances(case, crowd))
    totals = []
    for at, row in enumerate(rows):
        own = float(np.log2(_chances(case, [row]))[0])
        start, end = timeline.start[at], timeline.end[at]
        ends = [crowd_row["end_ts"] or case["actual_close_ts"] for crowd_row in crowd]
        share = [
            max(0.0, min(end, stop) - max(start, crowd_row["start_ts"]))
            for crowd_row, stop in zip(crowd, ends, strict=True)
        ]
        window = timeline.closes_at[at] - timeline.opens_at[at]
        totals.append(float(np.dot(own - level, share)) / window)
    return np.array(totals), timeline.coverage


def _geometric_mean(case: dict[str, Any]) -> Iterator[Line]:
    """The level that peer scores are measured from, where nobody is missing an option."""
    rows = case["forecasts"]
    yield from compare(NAME, f"{case['id']} steps", len(case["expected"]), len(_steps(rows)), 0.0)
    for step, (_, standing) in zip(case["expected"], _steps(rows), strict=False):
        ours = _mean_of(standing)
        wanted = np.array([np.nan if p is None else p for p in step["pmf"]], dtype=np.float64)
        there = ~np.isnan(wanted)
        tolerance = 1e-5 * float(np.max(wanted[there])) + TOLERANCE
        figure = f"{case['id']} geometric mean at {step['ts']}"
        yield from compare(NAME, figure, wanted[there], ours[there], tolerance)


def _pmf(row: dict[str, Any]) -> list[float]:
    if "p_yes" in row:
        return [1.0 - row["p_yes"], row["p_yes"]]
    if "cdf" in row:
        return [row["cdf"][0], *np.diff(row["cdf"]), 1.0 - row["cdf"][-1]]
    return [np.nan if p is None else p for p in row["pmf"]]


def _steps(rows: list[dict[str, Any]]) -> list[tuple[float, list[dict[str, Any]]]]:
    moments = {row["start_ts"] for row in rows} | {row["end_ts"] for row in rows if row["end_ts"] is not None}
    steps = []
    for moment in sorted(moments):
        standing = [
            row
            for row in rows
            if row["start_ts"] <= moment and (row["end_ts"] is None or moment < row["end_ts"])
        ]
        if standing:
            steps.append((moment, standing))
    return steps


def _mean_of(standing: list[dict[str, Any]]) -> np.ndarray:
    """Return the geometric mean implied by our peer scores: ln GM = ln p - points (N - 1) / 100 N."""
    chances = np.array([_pmf(row) for row in standing], dtype=np.float64)
    n = len(standing)
    if n == 1:
        return chances[0]
    levels = []
    for option in chances.T:
        if np.isnan(option).any() or (option <= 0).any():
            # An option that is new to some has no mean; one zero makes it zero.
            levels.append(float(np.min(option)) * 0.0)
            continue
        points = spot_peer_scores(question=np.zeros(n, dtype=np.int64), outcome_probability=option)
        levels.append(float(np.exp(np.log(option[0]) - points[0] * (n - 1) / (100.0 * n))))
    return np.array(levels)


def _ranks(case: dict[str, Any]) -> Iterator[Line]:
    """Places among those who are ranked; ties in a place are ours, exclusions are theirs."""
    ranked = [
        (entry["score"], row["rank"])
        for entry, row in zip(case["entries"], case["expected"], strict=True)
        if row["status"] <= 1
    ]
    ours = ranks(score=[-score for score, _ in ranked])
    yield from compare(NAME, f"{case['id']} ranks of the ranked", [rank for _, rank in ranked], ours, 0.0)
