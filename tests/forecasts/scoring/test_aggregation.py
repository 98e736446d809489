"""Crowds: what they say at each moment, and what they were allowed to know."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.scoring import KnownScores, aggregation, build_timeline, crowd_forecasts


def crowd_of(rows, *, withdrawn=None, **options):
    source, stated_at, p = (np.array(column) for column in zip(*rows, strict=True))
    n = len(rows)
    timeline = build_timeline(
        question=np.zeros(n, dtype=int),
        source=source,
        stated_at=stated_at.astype(float),
        opens_at=np.zeros(n),
        closes_at=np.full(n, 10.0),
        value=p,
        withdrawn=withdrawn,
    )
    return crowd_forecasts(timeline=timeline, probability=p, **options)


AT_ONCE = [(0, 0, 0.1), (1, 0, 0.2), (2, 0, 0.6), (3, 0, 0.9)]


@pytest.mark.parametrize(
    ("method", "expected"),
    [("mean", 0.45), ("median", 0.4), ("trimmed", 0.4), ("odds", None)],
)
def test_each_method(method, expected):
    if method == "odds":
        odds = np.array([0.1, 0.2, 0.6, 0.9]) / (1 - np.array([0.1, 0.2, 0.6, 0.9]))
        mean = np.prod(odds) ** 0.25
        expected = mean / (1 + mean)
    ours = crowd_of(AT_ONCE, method=method, trim=0.25)
    assert ours.probability == pytest.approx([expected])
    assert (ours.at.tolist(), ours.n.tolist()) == ([0.0], [4])


def test_the_crowd_changes_when_somebody_does_and_ends_when_all_withdraw():
    rows = [(0, -2, 0.2), (1, 3, 0.6), (0, 5, np.nan), (1, 7, np.nan)]
    ours = crowd_of(rows, withdrawn=[False, False, True, True], method="mean")
    assert ours.at.tolist() == [0.0, 3.0, 5.0, 7.0]
    assert ours.n.tolist() == [1, 2, 1, 0]
    assert ours.probability == pytest.approx([0.2, 0.4, 0.6, np.nan], nan_ok=True)


def test_an_older_forecast_counts_half_after_a_half_life():
    ours = crowd_of([(0, 0, 0.3), (1, 4, 0.9)], method="mean", half_life=4.0)
    assert ours.probability[1] == pytest.approx((0.5 * 0.3 + 0.9) / 1.5)


def test_a_weighted_median_is_where_half_the_weight_lies():
    rows = [(0, 0, 0.1), (1, 0, 0.5), (2, 4, 0.9)]
    ours = crowd_of(rows, method="median", half_life=1.0)
    assert ours.probability[1] == pytest.approx(0.9)


def test_extremising_raises_the_odds_to_a_power():
    ours = crowd_of([(0, 0, 0.8)], method="mean", extremise=2.0)
    assert ours.probability[0] == pytest.approx(16 / 17)


def test_weights_know_only_what_was_known_by_then():
    # Source 0 turns out well at 6.0, source 1 badly.
    known = KnownScores(np.array([0, 1]), np.array([6.0, 6.0]), np.array([0.0, 0.5]), prior_n=1.0)
    rows = [(0, 0, 1.0), (1, 0, 0.0), (0, 8, 1.0)]
    ours = crowd_of(rows, method="mean", skill=known)
    assert ours.at.tolist() == [0.0, 8.0]
    # After it: means 0.25 over shrunk 0.125 and 0.375.
    assert ours.probability == pytest.approx([0.5, 2.0 / (2.0 + 2.0 / 3.0)])


@pytest.mark.parametrize("method", ["mean", "median", "trimmed", "odds"])
def test_a_crowd_of_old_forecasts_only_still_says_what_they_say(method):
    # After the newcomer withdrew all are thousands of half-lives old.
    rows = [(0, 0, 0.2), (1, 0, 0.2), (2, 5, 0.9), (2, 9, np.nan)]
    ours = crowd_of(rows, withdrawn=[False, False, False, True], method=method, half_life=0.001)
    assert ours.n.tolist() == [2, 3, 2]
    assert ours.probability == pytest.approx([0.2, 0.9, 0.2])


@pytest.mark.parametrize(
    "options", [{"method": "mode"}, {"trim": 0.5}, {"half_life": 0.0}, {"extremise": -1.0}]
)
def test_what_cannot_be_is_refused(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        crowd_of(AT_ONCE, **options)


def test_a_forecast_that_is_no_probability_is_named_by_its_row():
    with pytest.raises(ValueError, match=r"row 0: probability is 1\.5"):
        crowd_of([(1, 0, 1.5), (0, 0, 0.2)])


@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=9), seed=st.integers(0, 99))
@settings(deadline=None)
def test_unweighted_crowds_are_numpys(p, seed):
    rows = [(at, 0, each) for at, each in enumerate(p)]
    assert crowd_of(rows, method="median").probability == pytest.approx([np.median(p)], abs=1e-12)
    assert crowd_of(rows, method="mean").probability == pytest.approx([np.mean(p)], abs=1e-12)
    shuffled = [rows[at] for at in np.random.default_rng(seed).permutation(len(rows))]
    np.testing.assert_array_equal(
        crowd_of(rows, method="trimmed").probability, crowd_of(shuffled, method="trimmed").probability
    )


def test_large_crowds_are_taken_in_parts(monkeypatch):
    rng = np.random.default_rng(1)
    rows = [
        (int(s), float(t), float(p))
        for s, t, p in zip(rng.integers(0, 9, 60), rng.integers(0, 9, 60), rng.random(60), strict=True)
    ]
    whole = crowd_of(rows, method="median").probability
    monkeypatch.setattr(aggregation, "MEMBERS_AT_ONCE", 50)
    np.testing.assert_array_equal(crowd_of(rows, method="median").probability, whole)


def test_a_crowd_at_moments_asked_for_is_what_stood_then():
    timeline = build_timeline(
        question=[0, 0, 1],
        source=[0, 1, 0],
        stated_at=[0.0, 4.0, 6.0],
        opens_at=[0.0, 0.0, 5.0],
        closes_at=[10.0] * 3,
    )
    crowd = crowd_forecasts(timeline=timeline, probability=[0.2, 0.4, 0.9], at=[2.0, 5.0, 7.0, 10.0])
    assert crowd.question.tolist() == [0, 0, 0, 1, 1]
    assert crowd.at.tolist() == [2.0, 5.0, 7.0, 5.0, 7.0]
    assert crowd.probability == pytest.approx([0.2, 0.3, 0.3, np.nan, 0.9], nan_ok=True)
    assert crowd.n.tolist() == [1, 2, 2, 0, 1]
