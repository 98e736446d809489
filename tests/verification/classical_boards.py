"""The classical vectors about time and about sources beside each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from forecasts.scoring import (
    brier_score,
    build_timeline,
    crossed,
    fixed_effects,
    ranks,
    relative_scores,
    skill,
    spot_peer_scores,
    time_weighted,
)
from forecasts.scoring.series import score_series
from tests.verification import metaculus
from tests.verification.lines import Case, Figures


def _world_events(case: Case, _: Path) -> Figures:
    rows = np.array(case["input"]["rows"])
    who = rows[:, 0].astype(int) - 1
    score = brier_score(probability=rows[:, 2], outcome=rows[:, 3])
    mean = np.bincount(who, weights=score) / np.bincount(who)
    want = case["expected"]
    yield "means", list(want["mean_brier_by_forecaster"].values()), mean, case["tolerance"]
    yield "ranks", list(want["rank_by_mean_brier"].values()), ranks(score=mean), 0.0


def _coverage(case: Case, _: Path) -> Figures:
    for at, row in enumerate(case["input"]["cases"]):
        vector = {
            "resolution_bucket": 1,
            "question_type": "binary",
            "open_ts": 0.0,
            "actual_close_ts": row["close"],
            "scheduled_close_ts": case["input"]["horizon_days"][1],
            "forecasts": [{"start_ts": row["start"], "end_ts": row["end"], "p_yes": row["p"]}],
        }
        score, coverage = metaculus._baseline(vector)
        yield f"score {at}", case["expected"]["score"][at], score[0], case["tolerance"]
        yield f"coverage {at}", case["expected"]["coverage"][at], coverage[0], case["tolerance"]


def _peer(case: Case, _: Path) -> Figures:
    for at, (row, want) in enumerate(zip(case["input"], case["expected"], strict=True)):
        chance = np.array(row["p"]) if row["outcome"] else 1 - np.array(row["p"])
        ours = spot_peer_scores(question=np.zeros(len(chance), dtype=int), outcome_probability=chance)
        yield f"case {at}", want, ours, case["tolerance"]


def _geometric_mean(case: Case, _: Path) -> Figures:
    ours = metaculus._mean_of([{"p_yes": p} for p in case["input"]["p"]])
    yield (
        "no, yes",
        [case["expected"]["geo_mean_no"], case["expected"]["geo_mean_yes"]],
        ours,
        case["tolerance"],
    )


def _cubs(case: Case, _: Path) -> Figures:
    rows, want = case["input"]["forecasts"], case["expected"]
    n = len(rows)
    timeline = build_timeline(
        question=np.zeros(n, dtype=int),
        source=[int(row["source"]) for row in rows],
        stated_at=[float(row["day"]) for row in rows],
        opens_at=np.full(n, float(case["input"]["open_day"])),
        closes_at=np.full(n, float(case["input"]["resolved_day"])),
    )
    p, y = [row["p"] for row in rows], np.full(n, float(case["input"]["outcome"]))
    score = brier_score(probability=p, outcome=y)
    mean = time_weighted(timeline=timeline, score=score)
    tol = case["tolerance"]["recomputed"] if isinstance(case["tolerance"], dict) else case["tolerance"]
    if "absolute_binary_brier" in want:
        relative = relative_scores(timeline=timeline, score=score) * timeline.coverage
        yield "absolute", list(want["absolute_binary_brier"].values()), mean, tol
        yield "absolute, two-class", list(want["absolute_two_class_brier"].values()), 2 * mean, tol
        yield "relative, two-class", list(want["relative_two_class_brier"].values()), 2 * relative, tol
        published = [want["published"][f"relative_{source}"] for source in (1, 2, 3)]
        yield "published relative", published, 2 * relative, case["tolerance"]["published"]
    else:
        p_mean = time_weighted(timeline=timeline, score=p)
        yield "mean p", want["time_average_p"], p_mean[0], tol
        yield "time average of scores", want["time_average_of_two_class_brier"], 2 * mean[0], tol
        other = 2 * brier_score(probability=p_mean, outcome=[1.0])[0]
        yield "score of the mean p", want["brier_of_time_average_p"], other, tol


def _running(case: Case, _: Path) -> Figures:
    rows = case["input"]["wagers"]
    score = brier_score(probability=[r["p"] for r in rows], outcome=[r["outcome"] for r in rows])
    series = score_series(source=[0] * len(rows), known_at=range(len(rows)), score=score)
    yield "mean", case["expected"]["running_mean_brier"], series.mean, case["tolerance"]
    yield "n", case["expected"]["count"], series.n, 0.0


def _ranking(case: Case, _: Path) -> Figures:
    rows, want, tol = case["input"]["rows"], case["expected"], case["tolerance"]
    names = sorted({row[0] for row in rows})
    who, what = (
        [names.index(row[0]) for row in rows],
        np.unique([row[1] for row in rows], return_inverse=True)[1],
    )
    score = brier_score(probability=[row[2] for row in rows], outcome=[row[3] for row in rows])
    mean = np.bincount(who, weights=score) / np.bincount(who)
    crowd = (np.bincount(what, weights=score) / np.bincount(what))[what]
    ahead = np.bincount(who, weights=crowd - score) / np.bincount(who)
    yield "ahead of the mean of all", [want["fb_peer_brier"][name] for name in names], ahead, max(tol, 1e-9)
    if "rank" in want:
        yield "means", [want["mean_brier"][name] for name in names], mean, tol
        yield "ranks", [want["rank"][name] for name in names], ranks(score=mean), 0.0
        ours = [
            skill(score=score[np.array(who) == at], reference=score[np.array(who) == 0]) for at in range(3)
        ]
        yield "skill against A", [want["bss_ratio_vs_A"][name] for name in names], ours, tol


def _two_way(case: Case, _: Path) -> Figures:
    rows, want, tol = case["input"]["rows"], case["expected"], case["tolerance"]
    sources, questions = sorted({row[0] for row in rows}), sorted({row[1] for row in rows})
    data = crossed(
        source=[sources.index(row[0]) for row in rows],
        question=[questions.index(row[1]) for row in rows],
        score=[row[2] for row in rows],
    )
    found = fixed_effects(data=data)
    yield "adjusted", [want["source_effect"][name] for name in sources], found.adjusted, tol
    difficulty = [want["question_difficulty_sum_zero"][name] for name in questions]
    yield "difficulty", difficulty, found.difficulty, tol
    yield "ranks", [want["rank_adjusted"][name] for name in sources], ranks(score=found.adjusted), 0.0


CHECKS = {
    "scoring_WorldEvents": _world_events,
    "time_weighted": _coverage,
    "peer_log": _peer,
    "aggregate": _geometric_mean,
    "time_weighted_relative": _cubs,
    "running_mean": _running,
    "ranking": _ranking,
    "difficulty_fe": _two_way,
}
