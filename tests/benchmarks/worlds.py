"""
Small worlds whose truth is known: how often the intervals hold it, and how well the board orders.

    python -m tests.benchmarks.worlds [--worlds 400]
"""

from __future__ import annotations

import argparse
from functools import cache

import numpy as np
from scipy.stats import spearmanr

from forecasts.scoring import ScoreResult, score, simulate
from forecasts.scoring.simulation import World


def board_of(world: World, *, bootstrap: int) -> ScoreResult:
    question = world.question
    return score(
        question=question,
        source=world.source,
        stated_at=world.stated_at,
        value=world.probability,
        outcome=world.outcome[question],
        known_at=world.closes_at[question],
        opens_at=world.opens_at[question],
        event=world.event[question],
        bootstrap=bootstrap,
    )


@cache
def worlds(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether each interval holds the truth, and the rank correlations, in n small worlds."""
    inside, shrunk, raw = [], [], []
    for seed in range(n):
        world = simulate(n_sources=12, n_questions=60, seed=seed, answered_share=0.3)
        found = board_of(world, bootstrap=150).sources
        truth = world.truth[found.code]
        inside.append((found.standings.low <= truth) & (truth <= found.standings.high))
        shrunk.append(spearmanr(found.standings.shrunk, truth).statistic)
        raw.append(spearmanr(found.time_weighted, truth).statistic)
    return np.concatenate(inside), np.array(shrunk), np.array(raw)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--worlds", type=int, default=400)
    n = parser.parse_args().worlds
    inside, shrunk, raw = worlds(n)
    print(f"95 % intervals hold the truth of {inside.mean():.1%} of {len(inside)} sources in {n} worlds")
    print(f"mean Spearman correlation with the truth: board {shrunk.mean():.3f}, raw means {raw.mean():.3f}")


if __name__ == "__main__":
    main()
