"""The tracker files, scored as ``manage.py score`` does, against their expected figures."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from forecasts.scoring import ScoreResult, brier_score, build_timeline, crowd_forecasts, score
from forecasts.scoring.summary import summary
from tests.verification.lines import Line, compare, read
from tracker.interchange.house.common_csv import CommonForecasts, read_common

EXACT = 1e-9
SIX = 5e-7


def lines(folder: Path) -> Iterator[Line]:
    expected = read(folder, "538_expected.json")
    for sport, published in (("nba", 0.214654), ("nfl", 0.220826), ("wnba", 0.217931)):
        name = f"tracker_538_{sport}.csv.gz"
        wanted = expected[f"{sport}_games.csv"]
        _, figures, _ = scored(folder / name)
        yield from _pooled(name, wanted["team1_side"], figures)
        yield from compare(name, "published Brier", published, figures["brier"], SIX)
        low, high = wanted["team1_brier_ci"]["bootstrap_percentile_95"]
        at = figures["sources"][0]
        # Six standard errors of a percentile of so many draws, by the file and by us.
        tolerance = wanted["team1_brier_ci"]["tolerance_for_other_rng"] * 4.5
        yield from compare(name, "bootstrap interval", [low, high], [at["ci_low"], at["ci_high"]], tolerance)
    yield from _governors(folder, expected["governors_2018_classic"])
    yield from _rain(folder)
    yield from _professionals(folder)
    yield from _good_judgment(folder)
    yield from _forecastbench(folder)
    yield from _manifest(folder)


def scored(
    path: Path, *, bootstrap: int = 1000, log_clip: float = 1e-6
) -> tuple[CommonForecasts, dict[str, Any], ScoreResult]:
    rows = read_common(paths=[str(path)])
    result = score(
        question=rows.question,
        source=rows.source,
        stated_at=rows.stated_at,
        value=rows.probability,
        outcome=rows.outcome,
        known_at=rows.known_at,
        opens_at=rows.opens_at,
        log_clip=log_clip,
        compared_by="last",
        bootstrap=bootstrap,
    )
    return rows, summary(result=result, source_names=rows.source_names), result


def _pooled(name: str, wanted: dict[str, Any], figures: dict[str, Any]) -> Iterator[Line]:
    """The figures over all scored rows."""
    plain = {
        "n": "n_scored",
        "brier": "brier",
        "log_loss_nat": "log",
        "auc": "auc",
        "base_rate": "base_rate",
        "bss_vs_base_rate": "skill_base_rate",
    }
    for theirs, ours in plain.items():
        yield from compare(name, ours, wanted[theirs], figures[ours], EXACT)
    for part in ("mcb", "dsc", "unc"):
        yield from compare(name, f"corp {part}", wanted["corp"][part], figures["corp"][part], EXACT)
    for part in ("reliability", "resolution", "uncertainty"):
        yield from compare(
            name, f"murphy {part}", wanted["murphy_unique"][part], figures["murphy"][part], EXACT
        )
    for part in ("reliability", "resolution", "within_bin_variance", "within_bin_covariance"):
        yield from compare(
            name, f"murphy, bins: {part}", wanted["murphy10"][part], figures["murphy_bins"][part], EXACT
        )
    bins = [row for row in wanted["bins10"] if row["n"]]
    ours = [row for row in figures["bins"] if row["n"]]
    for part in ("n", "mean_p", "freq"):
        yield from compare(name, f"bins {part}", [r[part] for r in bins], [r[part] for r in ours], EXACT)


def _governors(folder: Path, wanted: dict[str, Any]) -> Iterator[Line]:
    name = "tracker_538_governors_2018_classic.csv.gz"
    rows, figures, result = scored(folder / name)
    yield from _pooled(name, wanted["all_updates_equal_weight"], figures)
    tied = {
        "mean_over_events_tw_brier": "brier_time_weighted",
        "mean_last_forecast_brier": "brier_last",
        "mean_first_forecast_brier": "brier_first",
    }
    for theirs, ours in tied.items():
        yield from compare(name, ours, wanted["time_weighted"][theirs], figures[ours], EXACT)
    yield from compare(name, "published time-weighted", 0.0676226854, figures["brier_time_weighted"], 5e-11)
    yield from compare(name, "published last", 0.0626590445, figures["brier_last"], 5e-11)
    with (folder / "538_governors_2018_classic.expected_per_event.csv").open(encoding="utf-8") as stream:
        per_event = {row["event"]: float(row["tw_brier"]) for row in csv.DictReader(stream)}
    events = [per_event[rows.question_names[at]] for at in result.questions.code[result.pairs.question]]
    yield from compare(name, "time-weighted, each event", events, result.pairs.brier, EXACT)


def _rain(folder: Path) -> Iterator[Line]:
    name = "tracker_fmi_pop24.csv.gz"
    cases = read(folder, "classical_vectors.json")
    wanted = next(case for case in cases if case["id"] == "fmi_tampere_2003_pop24")["expected"]
    _, figures, _ = scored(folder / name)
    for ours, theirs in (("n_scored", "n"), ("brier", "brier"), ("auc", "auc"), ("skill_base_rate", "bss")):
        yield from compare(name, ours, wanted[theirs], figures[ours], EXACT)
    for part in ("reliability", "resolution", "uncertainty"):
        yield from compare(name, f"murphy {part}", wanted[part], figures["murphy"][part], EXACT)


def _professionals(folder: Path) -> Iterator[Line]:
    name = "tracker_metaculus_pros_2024q4.csv.gz"
    wanted = read(folder, "metaculus_pros_2024q4.expected.json")
    rows, figures, result = scored(folder / name)
    yield from _pooled(name, wanted["pooled"], figures)
    ours = {row["source"]: row for row in figures["sources"]}
    names = [row["source"] for row in wanted["per_source"]]
    tied = {
        "mean_brier": ("brier", 1.0),
        "difficulty_adjusted_brier": ("adjusted_fixed", 1.0),
        "mean_rel_to_median_brier": ("relative_brier", 1.0),
        "mean_peer_log_others": ("peer_spot", 0.01),
    }
    for theirs, (figure, unit) in tied.items():
        expected = [row[theirs] for row in wanted["per_source"]]
        yield from compare(
            name, f"{figure} of sources", expected, [unit * ours[each][figure] for each in names], EXACT
        )
    official = [wanted["official_sum_weighted_spot_peer"][each] for each in names]
    yield from compare(
        name, "official spot peer, sums", official, [ours[each]["peer_spot_sum"] for each in names], EXACT
    )
    with gzip.open(folder / "metaculus_pros_2024q4.csv.gz", "rt", encoding="utf-8") as stream:
        rows_official = {
            (f"mtc:{r['question']}", r["source"]): float(r["official_spot_peer"])
            for r in csv.DictReader(stream)
        }
    pairs = result.pairs
    asked = [
        (rows.question_names[result.questions.code[q]], rows.source_names[result.sources.code[s]])
        for q, s in zip(pairs.question, pairs.source, strict=True)
    ]
    yield from compare(
        name, "official spot peer, each", [rows_official[key] for key in asked], pairs.spot_peer, EXACT
    )
    yield from _crowds(name, wanted, rows)


def _crowds(name: str, wanted: dict[str, Any], rows: CommonForecasts) -> Iterator[Line]:
    """Crowds at the one moment that the file has: a window of a second before the close."""
    timeline = build_timeline(
        question=rows.question,
        source=rows.source,
        stated_at=rows.stated_at,
        opens_at=rows.stated_at,
        closes_at=rows.stated_at + 1.0,
        value=rows.probability,
    )
    outcome = np.zeros(len(rows.question_names))
    outcome[rows.question] = rows.outcome
    for method, theirs in (
        ("mean", "mean_aggregate"),
        ("median", "median_aggregate"),
        ("odds", "geo_mean_odds_aggregate"),
    ):
        crowd = crowd_forecasts(timeline=timeline, probability=rows.probability, method=method)
        ours = brier_score(probability=crowd.probability, outcome=outcome[crowd.question]).mean()
        yield from compare(name, f"Brier of the {method} crowd", wanted[theirs]["brier"], ours, EXACT)


def _good_judgment(folder: Path) -> Iterator[Line]:
    name = "tracker_gjp_mini.csv.gz"
    wanted = read(folder, "gjp_mini.expected.json")
    rows, figures, result = scored(folder / name, log_clip=0.01)
    yield from _pooled(name, wanted["all_forecasts"], figures)
    yield from compare(name, "brier_last", wanted["last_forecast"]["brier"], figures["brier_last"], EXACT)
    in_time = wanted["time_weighted"]
    yield from compare(
        name, "brier_time_weighted", in_time["mean_tw_brier"], figures["brier_time_weighted"], EXACT
    )
    yield from compare(name, "published time-weighted", 0.1801685241, figures["brier_time_weighted"], 5e-11)
    yield from compare(name, "coverage", in_time["mean_coverage"], figures["coverage"], EXACT)
    with gzip.open(folder / "gjp_mini_expected_per_pair.csv.gz", "rt", encoding="utf-8") as stream:
        each = {(row["question_id"], row["source"]): row for row in csv.DictReader(stream)}
    pairs = result.pairs
    keys = [
        (rows.question_names[result.questions.code[q]], rows.source_names[result.sources.code[s]])
        for q, s in zip(pairs.question, pairs.source, strict=True)
    ]
    columns = {
        "tw_brier": pairs.brier,
        "coverage": pairs.coverage,
        "first_brier": pairs.brier_first,
        "last_brier": pairs.brier_last,
    }
    for theirs, ours in columns.items():
        # The file has twelve digits.
        yield from compare(
            name, f"{theirs} of each pair", [float(each[key][theirs]) for key in keys], ours, EXACT
        )
    with (folder / "gjp_mini_expected_per_source.csv").open(encoding="utf-8") as stream:
        expected = {row["source"]: float(row["difficulty_adjusted_brier"]) for row in csv.DictReader(stream)}
    found = {row["source"]: row["adjusted_fixed"] for row in figures["sources"]}
    yield from compare(
        name, "adjusted_fixed of sources", list(expected.values()), [found[key] for key in expected], EXACT
    )


def _forecastbench(folder: Path) -> Iterator[Line]:
    name = "tracker_forecastbench_2025-10-26.csv.gz"
    wanted = read(folder, "forecastbench_round_2025-10-26.expected.json")
    rows, figures, result = scored(folder / name)
    ours = {row["source"]: row for row in figures["sources"]}
    yield from compare(name, "Always 0.5, adjusted", 0.25, ours["Always 0.5"]["adjusted_fixed"], EXACT)
    for theirs, source in (
        ("crowd_at_freeze", "Crowd at freeze"),
        ("crowd_at_due_date", "Crowd at due date"),
    ):
        yield from compare(name, f"{source}, Brier", wanted[theirs]["brier"], ours[source]["brier"], EXACT)
    # The same by dense least squares, written here and sharing nothing with ours.
    pairs = result.pairs
    n_sources = len(result.sources.code)
    design = np.zeros((len(pairs.source), n_sources + len(result.questions.code)))
    design[np.arange(len(design)), pairs.source] = 1.0
    design[np.arange(len(design)), n_sources + pairs.question] = 1.0
    effect = np.linalg.lstsq(design, pairs.brier_last, rcond=None)[0]
    adjusted = effect[:n_sources] + effect[n_sources:].mean()
    names = [rows.source_names[at] for at in result.sources.code]
    yield from compare(
        name, "adjusted_fixed, dense", adjusted, [ours[each]["adjusted_fixed"] for each in names], EXACT
    )


def _manifest(folder: Path) -> Iterator[Line]:
    for path, wanted in read(folder, "tracker_manifest.json").items():
        name = Path(path).name
        _, figures, _ = scored(folder / name, bootstrap=0)
        void = figures["not_scored"]["void"]
        yield from compare(
            name, "rows, void", [wanted["rows"], wanted["annulled_rows"]], [figures["n_rows"], void], 0.0
        )
        questions = figures["n_questions"] + void
        yield from compare(
            name,
            "questions, sources",
            [wanted["questions"], wanted["sources"]],
            [questions, figures["n_sources"]],
            0.0,
        )
        yield from compare(name, "mean of all rows", wanted["mean_brier_all_rows"], figures["brier"], EXACT)
        yield from compare(
            name, "mean of last ones", wanted["mean_brier_last_forecast"], figures["brier_last"], EXACT
        )
        if isinstance(wanted["per_source"], dict):
            ours = {row["source"]: row["brier"] for row in figures["sources"]}
            means = [[row["mean_brier"], ours[source]] for source, row in wanted["per_source"].items()]
            yield from compare(
                name, "mean of each source", [a for a, _ in means], [b for _, b in means], EXACT
            )
