"""Rules: published values, theorems, parity with other libraries, refusals."""

import numpy as np
import pytest
import scores.probability
import scoringrules
import xarray
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss

from forecasts.scoring import (
    baseline_score,
    baseline_score_continuous,
    brier_score,
    crps_from_quantiles,
    interval_score,
    log_score,
    ranked_probability_score,
    spherical_score,
    verbal_ranges,
)

CHANCE = st.floats(0.0, 1.0)
INSIDE = st.floats(0.01, 0.99)

BRIER_1950_P = [0.7, 0.9, 0.8, 0.4, 0.2, 0, 0, 0, 0, 0.1]
BRIER_1950_Y = [0, 1, 1, 1, 0, 0, 0, 0, 0, 0]


def test_brier_1950_table_1():
    score = brier_score(probability=BRIER_1950_P, outcome=BRIER_1950_Y)
    # The paper's P = 0.19 sums over both categories: twice ours.
    assert 2 * score.mean() == pytest.approx(0.19, abs=1e-12)


@pytest.mark.parametrize(
    ("p", "y", "expected"),
    [(1, 1, 0), (1, 0, 1), (0.7, 1, 0.09), (0.3, 1, 0.49), (0.5, 0, 0.25), (0.271, 0, 0.073441)],
)
def test_brier_of_one_forecast(p, y, expected):
    assert brier_score(probability=[p], outcome=[y])[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("p", "y", "eps", "expected"),
    [
        (0, 1, 1e-6, 13.815510557964274),
        (1, 1, 1e-6, 1.000000500029089e-06),
        (0, 1, 0.01, 4.605170185988091),
        (1, 0, 0.001, 6.907755278982137),
        (0, 1, 0.0, np.inf),
        (1, 1, 0.0, 0.0),
    ],
)
def test_log_clip_edges(p, y, eps, expected):
    assert log_score(probability=[p], outcome=[y], eps=eps)[0] == pytest.approx(expected, abs=1e-12)


def test_exactly_zero_and_one_are_legal():
    for rule in (brier_score, log_score, spherical_score):
        assert rule(probability=[0.0, 1.0], outcome=[0, 1]) == pytest.approx([0.0, 0.0], abs=1.1e-3)


def test_ranked_probability_of_scoringrules_example():
    ours = ranked_probability_score(probability=[[0.01, 0.32, 0.44, 0.23]], outcome=[2])
    assert 3 * ours[0] == pytest.approx(0.1619, abs=1e-9)
    plain = ranked_probability_score(probability=[[0.01, 0.32, 0.44, 0.23]], outcome=[2], normalized=False)
    assert plain[0] == pytest.approx(0.1619, abs=1e-9)


def test_ranked_probability_with_padded_options_ignores_the_padding():
    padded = ranked_probability_score(probability=[[0.2, 0.3, 0.5, 0.0]], outcome=[0], n_options=[3])
    assert padded == ranked_probability_score(probability=[[0.2, 0.3, 0.5]], outcome=[0])


@pytest.mark.parametrize(
    ("p", "points"), [(0.9, 84.79969066), (0.1, -232.19280949), (0.5, 0.0), (0.001, -896.57842847)]
)
def test_baseline_binary_as_metaculus(p, points):
    assert baseline_score(outcome_probability=[p])[0] == pytest.approx(points, abs=1e-8)


def test_baseline_of_eight_options_as_metaculus():
    assert baseline_score(outcome_probability=[0.999], n_options=8)[0] == pytest.approx(99.95, abs=0.01)


def test_baseline_beyond_an_open_end_as_metaculus():
    ours = baseline_score_continuous(outcome_probability=[0.1], baseline=0.05)
    assert ours[0] == pytest.approx(34.657359028, abs=1e-8)


def test_arguments_are_keyword_only():
    # Brier is symmetric in p and y: swapped arguments would pass unnoticed.
    for rule in (brier_score, log_score, spherical_score, crps_from_quantiles, interval_score):
        with pytest.raises(TypeError):
            rule([0.5], [1])


@pytest.mark.parametrize("wrong", [float("nan"), -0.1, 1.1, float("inf")])
@pytest.mark.parametrize("rule", [brier_score, log_score, spherical_score])
def test_a_bad_probability_is_refused_by_row(rule, wrong):
    with pytest.raises(ValueError, match="row 1"):
        rule(probability=[0.5, wrong], outcome=[1, 0])


def test_options_off_one_by_more_than_a_millionth_are_refused_by_row():
    fine = [0.5, 0.5 + 9e-7]
    with pytest.raises(ValueError, match="row 1"):
        brier_score(probability=[fine, [0.5, 0.5 + 2e-6]], outcome=[0, 0])


@pytest.mark.parametrize("outcome", [0.5, float("nan"), 2])
def test_an_outcome_that_is_no_outcome_is_refused(outcome):
    with pytest.raises(ValueError, match="row 0"):
        brier_score(probability=[0.5], outcome=[outcome])


def test_lengths_that_differ_are_refused():
    with pytest.raises(ValueError, match="length"):
        brier_score(probability=[0.5, 0.5], outcome=[1])


@given(belief=INSIDE, other=INSIDE)
def test_brier_log_and_spherical_are_proper(belief, other):
    for rule in (brier_score, log_score, spherical_score):

        def expected(p, rule=rule):
            yes, no = rule(probability=[p, p], outcome=[1, 0])
            return belief * yes + (1 - belief) * no

        assert expected(belief) <= expected(other) + 1e-12


@given(st.lists(st.floats(0.01, 1.0), min_size=3, max_size=6), st.integers(0, 99))
def test_ranked_probability_is_proper(weights, seed):
    belief = np.array(weights) / np.sum(weights)
    other = np.random.default_rng(seed).dirichlet(np.ones(len(weights)))
    outcomes = np.arange(len(weights))

    def expected(p):
        rows = np.tile(p, (len(weights), 1))
        return belief @ ranked_probability_score(probability=rows, outcome=outcomes)

    assert expected(belief) <= expected(other) + 1e-12


@given(p=CHANCE, y=st.integers(0, 1))
def test_two_options_give_the_binary_score(p, y):
    pair = {"probability": [[1 - p, p]], "outcome": [y]}
    binary = {"probability": [p], "outcome": [y]}
    assert brier_score(**pair) == pytest.approx(brier_score(**binary), abs=1e-12)
    assert ranked_probability_score(**pair) == pytest.approx(brier_score(**binary), abs=1e-12)
    assert log_score(**pair) == pytest.approx(log_score(**binary), abs=1e-9)
    assert spherical_score(**pair) == pytest.approx(spherical_score(**binary), abs=1e-12)


QUANTILES = st.lists(st.floats(-100, 100), min_size=1, max_size=6).map(sorted)


@given(values=QUANTILES, outcome=st.floats(-150, 150))
def test_brier_over_thresholds_integrates_to_crps(values, outcome):
    levels = np.linspace(0.0, 1.0, len(values) + 2)[1:-1]
    grid = np.linspace(-160, 160, 40_001)
    spread = np.array(values) + np.arange(len(values)) * 1e-9
    below = np.interp(grid, spread, levels, left=0.0, right=1.0)
    if len(values) == 1:
        below = (grid >= values[0]) * 1.0
    brier = brier_score(probability=below, outcome=(grid >= outcome) * 1.0)
    exact = crps_from_quantiles(values=[values], levels=levels, outcome=[outcome])[0]
    assert np.trapezoid(brier, grid) == pytest.approx(exact, abs=0.05)


@given(x=st.floats(-1e6, 1e6), y=st.floats(-1e6, 1e6))
def test_crps_of_a_point_is_the_distance(x, y):
    assert crps_from_quantiles(values=[[x]], levels=[0.5], outcome=[y])[0] == pytest.approx(abs(x - y))


def test_crps_of_two_values_that_hardly_differ_is_the_distance():
    assert crps_from_quantiles(values=[[0.0, 5e-324]], levels=[0.25, 0.75], outcome=[3.0])[
        0
    ] == pytest.approx(3.0)


def test_crps_of_the_uniform_distribution():
    # ∫x² below y and ∫(1-x)² above: (y³ + (1-y)³) / 3.
    y = np.array([0.0, 0.3, 0.5, 1.0])
    ours = crps_from_quantiles(values=np.tile([0.0, 1.0], (4, 1)), levels=[0.0, 1.0], outcome=y)
    assert ours == pytest.approx((y**3 + (1 - y) ** 3) / 3, abs=1e-15)


def test_crps_refuses_falling_quantiles():
    with pytest.raises(ValueError, match="row 0: values"):
        crps_from_quantiles(values=[[2.0, 1.0]], levels=[0.1, 0.9], outcome=[0.0])


def test_interval_score_as_winkler():
    ours = interval_score(low=[1.0, 1.0, 1.0], high=[3.0] * 3, level=0.9, outcome=[2.0, 0.0, 4.0])
    assert ours == pytest.approx([2.0, 2.0 + 20.0, 2.0 + 20.0])


def test_a_range_is_scored_at_best_with_its_least_and_most():
    scores_ = verbal_ranges(low=[0.5, 0.2], best=[0.75, 0.2], high=[1.0, 0.2], outcome=[1, 0])
    assert scores_.best == pytest.approx([0.0625, 0.04])
    assert scores_.minimum == pytest.approx([0.0, 0.04])
    assert scores_.maximum == pytest.approx([0.25, 0.04])


def test_a_range_that_does_not_hold_its_best_is_refused():
    with pytest.raises(ValueError, match="row 0"):
        verbal_ranges(low=[0.8], best=[0.7], high=[0.9], outcome=[1])


@pytest.fixture
def random_rows():
    rng = np.random.default_rng(5)
    p = rng.random(500)
    return p, (rng.random(500) < p).astype(float)


def test_parity_with_scikit_learn(random_rows):
    p, y = random_rows
    assert brier_score(probability=p, outcome=y).mean() == pytest.approx(brier_score_loss(y, p), abs=1e-12)
    assert log_score(probability=p, outcome=y, eps=1e-9).mean() == pytest.approx(log_loss(y, p), abs=1e-9)


def test_parity_with_scores(random_rows):
    p, y = random_rows
    theirs = scores.probability.brier_score(xarray.DataArray(p, dims="n"), xarray.DataArray(y, dims="n"))
    assert brier_score(probability=p, outcome=y).mean() == pytest.approx(float(theirs), abs=1e-12)


def test_parity_with_scoringrules(random_rows):
    p, y = random_rows
    assert brier_score(probability=p, outcome=y) == pytest.approx(scoringrules.brier_score(y, p), abs=1e-12)
    rng = np.random.default_rng(6)
    options, outcome = rng.dirichlet(np.ones(4), 50), rng.integers(0, 4, 50)
    # It counts categories from one, and does not divide by K - 1.
    theirs = scoringrules.rps_score(outcome + 1, options)
    assert 3 * ranked_probability_score(probability=options, outcome=outcome) == pytest.approx(
        theirs, abs=1e-12
    )
    low, high, seen = rng.normal(0, 1, 50), rng.normal(5, 1, 50), rng.normal(2, 4, 50)
    ours = interval_score(low=low, high=high, level=0.8, outcome=seen)
    assert ours == pytest.approx(scoringrules.interval_score(seen, low, high, 0.2), abs=1e-12)


def test_the_clipped_log_score_is_proper_for_two_options_and_nearly_so_for_more():
    eps = 0.01
    for belief in (0.0, 0.002, 0.01, 0.3, 0.995):
        p = np.linspace(0.0, 1.0, 1001)
        yes, no = (log_score(probability=p, outcome=np.full(1001, y), eps=eps) for y in (1, 0))
        honest = log_score(probability=[belief] * 2, outcome=[1, 0], eps=eps) @ [belief, 1 - belief]
        assert honest <= (belief * yes + (1 - belief) * no).min() + 1e-12
    belief = np.array([0.004, 0.004, 0.004, 0.5, 0.488])
    hedged = np.array([0.0, 0.0, 0.0, 0.506, 0.494])
    honest, other = (
        belief @ log_score(probability=np.tile(p, (5, 1)), outcome=np.arange(5), eps=eps)
        for p in (belief, hedged)
    )
    assert 0.0 < honest - other < 5 * eps


@given(seed=st.integers(0, 500), low=st.floats(0.0, 1.0), width=st.floats(0.0, 1.0))
def test_no_range_beats_the_central_one_and_no_distribution_the_true_one(seed, low, width):
    # The outcome is uniform over 0 to 1, so quantiles are their own levels.
    outcome = (np.arange(2000) + 0.5) / 2000
    said = interval_score(low=[low] * 2000, high=[low + width] * 2000, level=0.8, outcome=outcome)
    best = interval_score(low=[0.1] * 2000, high=[0.9] * 2000, level=0.8, outcome=outcome)
    assert best.mean() <= said.mean() + 1e-12
    assert best.mean() == pytest.approx(0.8 + 2 * 10 * 0.005, abs=1e-6)
    levels = np.linspace(0.0, 1.0, 5)
    other = np.sort(np.random.default_rng(seed).uniform(-0.2, 1.2, 5))
    true = crps_from_quantiles(values=np.tile(levels, (2000, 1)), levels=levels, outcome=outcome)
    rival = crps_from_quantiles(values=np.tile(other, (2000, 1)), levels=levels, outcome=outcome)
    assert true.mean() <= rival.mean() + 1e-6
    assert true.mean() == pytest.approx(1 / 6, abs=1e-6)
