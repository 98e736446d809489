"""The thirty classical vectors: Brier 1950, Finley, Murphy, and the rest; boards next door."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import isotonic_regression

from forecasts.scoring import (
    auc,
    baseline_score,
    brier_score,
    corp_decomposition,
    log_score,
    murphy_decomposition,
    ranked_probability_score,
    reliability_bins,
    skill,
)
from tests.verification import classical_boards
from tests.verification.lines import Case, Figures, Line, compare, read

NAME = "classical_vectors.json"


def lines(folder: Path) -> Iterator[Line]:
    for case in read(folder, NAME):
        check = CHECKS[case["id"]] if case["id"] in CHECKS else CHECKS[case["kind"]]
        for figure, expected, ours, tolerance in check(case, folder):
            yield from compare(NAME, f"{case['id']} {figure}", expected, ours, tolerance)


def _brier(case: Case, _: Path) -> Figures:
    p, y, want, tol = case["input"]["p"], case["input"]["outcome"], case["expected"], case["tolerance"]
    score = brier_score(probability=p, outcome=y)
    constant = brier_score(probability=[0.3] * len(p), outcome=y)
    yield "brier", want["brier"], score.mean(), tol
    yield "two-class", want["brier_two_class"], 2 * score.mean(), tol
    yield "constant 0.3", want["brier_constant_0_3"], constant.mean(), tol
    yield "skill", want["bss_vs_climatology_0_3"], skill(score=score, reference=constant), tol


def _each(case: Case, _: Path) -> Figures:
    rows, tol = case["input"], case["tolerance"]
    if case["kind"] == "brier_single":
        ours = brier_score(probability=[r["p"] for r in rows], outcome=[r["outcome"] for r in rows])
    else:
        ours = np.array(
            [
                log_score(probability=[r["p"]], outcome=[r["outcome"]], eps=r.get("clip") or 0.0)[0]
                for r in rows
            ]
        )
    wanted = [float(value) for value in case["expected"]]
    for at, (a, b) in enumerate(zip(wanted, ours, strict=True)):
        yield f"row {at}", a, b, tol


def _rps(case: Case, _: Path) -> Figures:
    p = case["input"]["p"]
    ours = ranked_probability_score(probability=[p], outcome=[case["input"]["outcome_category_1based"] - 1])
    yield "unnormalised", case["expected"]["rps"], ours[0] * (len(p) - 1), case["tolerance"]


def _ranked_log(case: Case, _: Path) -> Figures:
    """Not a rule of ours; it is the sum of our log score over the thresholds."""
    p, k = np.array(case["input"]["p"]), case["input"]["outcome_category_1based"]
    below = np.cumsum(p)[:-1]
    hit = [float(k <= at) for at in range(1, len(p))]
    yield "rls", case["expected"]["rls"], log_score(probability=below, outcome=hit, eps=0.0).sum(), 1e-5


def _missing(case: Case, _: Path) -> Figures:
    p = np.array(case["input"]["p"], dtype=float)
    y = np.array(case["input"]["outcome"], dtype=float)
    there = ~(np.isnan(p) | np.isnan(y))
    score = np.full(p.shape, np.nan)
    score[there] = brier_score(probability=p[there], outcome=y[there])
    half = np.full(p.shape, np.nan)
    half[there] = brier_score(probability=p[there] / 2, outcome=y[there])
    want, tol = case["expected"], case["tolerance"]
    yield "brier", want["brier"], np.nanmean(score), tol
    yield "by first axis", want["brier_by_first_axis"], np.nanmean(score, axis=(1, 2)), tol
    yield "half p", want["brier_of_half_p_by_first_axis"], np.nanmean(half, axis=(1, 2)), tol


def _contingency(case: Case, _: Path) -> Figures:
    """Forecasts of 0 and 1; the table's scores are ratios of its cells, not rules of ours."""
    n, want, tol = case["input"], case["expected"], case["tolerance"]
    cells = [n["tp"], n["fp"], n["fn"], n["tn"]]
    p, y = np.repeat([1.0, 1.0, 0.0, 0.0], cells), np.repeat([1.0, 0.0, 1.0, 0.0], cells)
    score, base = (
        brier_score(probability=p, outcome=y),
        brier_score(probability=np.full(len(y), y.mean()), outcome=y),
    )
    yield "brier", want["brier_of_0_1_forecasts"], score.mean(), tol
    yield "brier of always no", want["brier_always_no"], brier_score(probability=0 * p, outcome=y).mean(), tol
    yield "skill", want["bss_vs_base_rate"], skill(score=score, reference=base), tol
    # A forecast of 0 or 1 is right where its Brier score is 0.
    right, chance = 1 - score.mean(), y.mean() * p.mean() + (1 - y.mean()) * (1 - p.mean())
    yield "Heidke skill", want["heidke_skill_score"], (right - chance) / (1 - chance), tol
    hits, random_hits = n["tp"], p.sum() * y.sum() / len(y)
    equitable = (hits - random_hits) / (sum(cells[:3]) - random_hits)
    yield "equitable threat", want["equitable_threat_score"], equitable, tol
    yield "Peirce skill", want["peirce_skill_score"], 2 * auc(probability=p, outcome=y) - 1, tol


def _murphy_unique(case: Case, folder: Path) -> Figures:
    if "file" in case["input"]:
        yield from _rain(case, folder)
        return
    p, y, want = case["input"]["p"], case["input"]["outcome"], case["expected"]
    parts = murphy_decomposition(probability=p, outcome=y)
    yield from _parts(parts, want, case["tolerance"])
    if "brier" in want:
        total = parts.reliability - parts.resolution + parts.uncertainty
        yield "brier", want["brier"], total, case["tolerance"]


def _parts(parts: Any, want: Case, tol: float) -> Figures:
    for name in ("reliability", "resolution", "uncertainty"):
        yield name, want[name], getattr(parts, name), tol


def _rain(case: Case, folder: Path) -> Figures:
    with (folder / case["input"]["file"]).open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    p, y = [float(row["p"]) for row in rows], [float(row["outcome"]) for row in rows]
    parts, whole, want, tol = (
        murphy_decomposition(probability=p, outcome=y),
        corp_decomposition(probability=p, outcome=y),
        case["expected"],
        1e-9,
    )
    yield "brier", want["brier"], whole.score, tol
    yield from _parts(parts, want, tol)
    yield "skill", want["bss"], 1 - whole.score / parts.uncertainty, tol
    yield "auc", want["auc"], auc(probability=p, outcome=y), tol
    yield "mcb", want["corp"]["mcb"], whole.miscalibration, tol
    yield "dsc", want["corp"]["dsc"], whole.discrimination, tol
    for name, ours in (
        ("brier", whole.score),
        ("reliability", parts.reliability),
        ("resolution", parts.resolution),
    ):
        yield f"published {name}", want["published"][name], ours, case["tolerance"]["published"]


def _murphy_grouped(case: Case, _: Path) -> Figures:
    """The table's relative frequencies, made whole numbers of forecasts."""
    n = np.rint(np.array(case["input"]["weight"]) * 1e4).astype(int)
    p, freq, want = np.array(case["input"]["p"]), np.array(case["input"]["freq"]), case["expected"]
    happened = n * 1000 * freq
    size = np.rint(np.stack((happened, n * 1000 - happened))).astype(int)
    scores = np.square(p - 1) * size[0] + np.square(p) * size[1]
    yield "brier", want["brier"], scores.sum() / size.sum(), case["tolerance"]
    small = np.rint(size / 1000 * 10).astype(int)
    rows, y = np.repeat(np.tile(p, 2), small.ravel()), np.repeat([1.0, 0.0], small.sum(axis=1))
    parts = murphy_decomposition(probability=rows, outcome=y)
    # Ten forecasts for each ten-thousandth: frequencies are rounded to a row.
    for name in ("reliability", "resolution", "uncertainty"):
        yield f"{name} (rounded to rows)", want[name], getattr(parts, name), 1e-3


def _binned(case: Case, _: Path) -> Figures:
    p, y, want, tol = case["input"]["p"], case["input"]["outcome"], case["expected"], case["tolerance"]
    parts = murphy_decomposition(probability=p, outcome=y, bins=case["input"]["bins"])
    bins = reliability_bins(probability=p, outcome=y, bins=case["input"]["bins"])
    yield from _parts(parts, want, tol)
    yield "within variance", want["within_bin_variance"], parts.within_variance, tol
    yield "within covariance", want["within_bin_covariance"], parts.within_covariance, tol
    gap = np.abs(bins.mean_p - bins.frequency)
    yield "largest gap", want["mce"], np.nanmax(gap), tol
    yield "mean gap", want["ece"], np.nansum(bins.n * gap) / len(p), tol


def _baselines(case: Case, _: Path) -> Figures:
    rows = case["input"]
    if case["kind"] == "metaculus_baseline_mc":
        ours = baseline_score(
            outcome_probability=[r["p_outcome"] for r in rows], n_options=[r["k"] for r in rows]
        )
    else:
        ours = baseline_score(outcome_probability=[r["p"] if r["outcome"] else 1 - r["p"] for r in rows])
    yield "points", case["expected"], ours, case["tolerance"]


def _index(case: Case, _: Path) -> Figures:
    """ForecastBench's display scale of a Brier score; here scored as constant sources."""
    score = brier_score(probability=np.sqrt(case["input"]), outcome=np.zeros(len(case["input"])))
    yield "index", case["expected"], 100 * (1 - np.sqrt(score)), case["tolerance"]


def _pav(case: Case, _: Path) -> Figures:
    """SciPy's own; what is ours, pooling ties, is in the tests."""
    y, w, want = case["input"]["y"], case["input"]["w"], case["expected"]
    yield "unweighted", want["fit_unweighted"], isotonic_regression(y).x, case["tolerance"]
    yield "weighted", want["fit_weighted"], isotonic_regression(y, weights=w).x, case["tolerance"]


def _verbal(case: Case, folder: Path) -> Figures:
    """The scale is data of the product; what the vector fixes is how quartiles are taken."""
    with (folder / case["input"]["file"]).open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for phrase, want in case["expected"].items():
        column = next(name for name in rows[0] if name.strip().lower() == phrase.lower())
        values = np.array([float(row[column]) for row in rows])
        ours = [np.median(values), values.mean(), *np.quantile(values, [0.25, 0.75]), len(values)]
        yield phrase, [want[name] for name in ("median", "mean", "q25", "q75", "n")], ours, case["tolerance"]


CHECKS = classical_boards.CHECKS | {
    "brier": _brier,
    "brier_single": _each,
    "log_single": _each,
    "rps": _rps,
    "ranked_log": _ranked_log,
    "brier_missing": _missing,
    "contingency_2x2": _contingency,
    "murphy_unique": _murphy_unique,
    "murphy_grouped": _murphy_grouped,
    "murphy_binned": _binned,
    "metaculus_baseline": _baselines,
    "metaculus_baseline_mc": _baselines,
    "brier_index": _index,
    "pav": _pav,
    "verbal_map": _verbal,
}
