"""Worlds whose truth is known: the board finds the order, and its intervals are honest."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from forecasts.scoring import simulate
from forecasts.scoring.simulation import MEAN_UNCERTAINTY
from tests.benchmarks.worlds import board_of, worlds

# Few enough for every push; `python -m tests.benchmarks.worlds` makes 400.
WORLDS = 80


@pytest.mark.slow
def test_intervals_hold_the_truth_in_93_to_97_percent():
    inside, _, _ = worlds(WORLDS)
    print(f"95 % intervals hold the truth of {inside.mean():.1%} of {len(inside)} sources in {WORLDS} worlds")
    assert 0.93 <= inside.mean() <= 0.97


@pytest.mark.slow
def test_the_board_orders_better_than_raw_means():
    _, shrunk, raw = worlds(WORLDS)
    print(f"mean Spearman correlation with the truth: board {shrunk.mean():.3f}, raw means {raw.mean():.3f}")
    assert shrunk.mean() > raw.mean() + 0.05


def test_a_rich_world_is_recovered():
    world = simulate(n_sources=30, n_questions=8000, seed=11, answered_share=0.4)
    found = board_of(world, bootstrap=0).sources
    correlation = spearmanr(found.standings.shrunk, world.truth[found.code]).statistic
    print(f"Spearman correlation with the truth, 30 sources and 8,000 questions: {correlation:.3f}")
    assert correlation > 0.85


def test_truth_is_what_endless_forecasting_would_score():
    # The expected score is the question's own uncertainty plus the source's variance.
    world = simulate(n_sources=3, n_questions=60_000, seed=5, answered_share=0.9, updates=0.0)
    gap = np.square(world.probability - world.outcome[world.question])
    mean = np.bincount(world.source, weights=gap) / np.bincount(world.source)
    hardness = np.bincount(world.source, weights=(world.chance * (1 - world.chance))[world.question])
    hardness /= np.bincount(world.source)
    assert mean - hardness + MEAN_UNCERTAINTY == pytest.approx(world.truth, abs=0.004)


def test_the_same_seed_makes_the_same_world():
    one, same = (simulate(n_sources=4, n_questions=20, seed=9) for _ in range(2))
    np.testing.assert_array_equal(one.probability, same.probability)
    assert set(one.source.tolist()) == {0, 1, 2, 3}
    assert np.all(
        (one.stated_at >= one.opens_at[one.question]) & (one.stated_at < one.closes_at[one.question])
    )


@pytest.mark.parametrize("wrong", [{"n_sources": 0}, {"n_questions": 0}, {"most_error": 0.3}])
def test_a_world_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="a world has"):
        simulate(**({"n_sources": 2, "n_questions": 2, "seed": 1} | wrong))
