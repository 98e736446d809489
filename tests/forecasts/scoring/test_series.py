"""Over time: running means, windows, half-lives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.scoring.series import score_series


def test_the_running_mean_of_predictionbook():
    series = score_series(source=[0, 0, 0], known_at=[1.0, 2.0, 3.0], score=[0.81, 0.09, 0.09])
    assert series.mean == pytest.approx([0.81, 0.45, 0.33])
    assert series.n.tolist() == [1, 2, 3]


def test_outcomes_of_one_moment_are_one_point():
    series = score_series(source=[0, 0, 1], known_at=[1.0, 1.0, 1.0], score=[0.1, 0.3, 0.5])
    assert series.source.tolist() == [0, 1]
    assert series.mean == pytest.approx([0.2, 0.5])


def test_a_half_life_halves():
    series = score_series(source=[0, 0], known_at=[0.0, 10.0], score=[0.4, 0.1], half_life=10.0)
    assert series.mean[1] == pytest.approx((0.5 * 0.4 + 0.1) / 1.5)
    assert series.n[1] == pytest.approx(1.5)


def test_a_window_and_a_half_life_are_refused():
    with pytest.raises(ValueError, match="not both"):
        score_series(source=[0], known_at=[1.0], score=[0.1], window=1.0, half_life=1.0)


@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), st.floats(0, 1)), min_size=1, max_size=30),
    window=st.integers(1, 10),
)
def test_windows_are_what_one_would_add_up_by_hand(rows, window):
    source, known_at, score = (np.array(column) for column in zip(*rows, strict=True))
    series = score_series(source=source, known_at=known_at.astype(float), score=score, window=float(window))
    for who, at, mean, n in zip(series.source, series.at, series.mean, series.n, strict=True):
        inside = (source == who) & (known_at > at - window) & (known_at <= at)
        assert n == inside.sum()
        assert mean == pytest.approx(score[inside].mean(), abs=1e-12)


def test_what_is_old_fades_the_same_however_old_and_whoever_comes_before():
    # A hundred half-lives ago, after another source: far below the last digit of any running sum.
    series = score_series(
        source=[0, 0, 1, 1, 1, 1],
        known_at=[0, 9, 0, 1, 100, 2000],
        score=[1, 1, 0.4, 0.1, 0.2, 0.3],
        half_life=1.0,
    )
    first = (0.5 * 0.4 + 0.1) / 1.5
    assert series.mean[2:] == pytest.approx([0.4, first, 0.2, 0.3])
    assert series.n[2:] == pytest.approx([1.0, 1.5, 1.0, 1.0])


@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), st.floats(0, 1)), min_size=1, max_size=30),
    half_life=st.sampled_from([0.1, 1.0, 7.0, 1e4]),
)
def test_half_lives_are_what_one_would_add_up_by_hand(rows, half_life):
    source, known_at, score = (np.array(column) for column in zip(*rows, strict=True))
    series = score_series(source=source, known_at=known_at.astype(float), score=score, half_life=half_life)
    for who, at, mean, n in zip(series.source, series.at, series.mean, series.n, strict=True):
        before = (source == who) & (known_at <= at)
        weight = 0.5 ** ((at - known_at[before]) / half_life)
        assert n == pytest.approx(weight.sum())
        assert mean == pytest.approx(weight @ score[before] / weight.sum(), abs=1e-12)


@pytest.mark.parametrize("span", [{"window": 0.0}, {"half_life": -1.0}, {"half_life": np.nan}])
def test_a_span_that_is_none_is_refused(span):
    with pytest.raises(ValueError, match=r"(window|half_life) is .*, not above 0"):
        score_series(source=[0], known_at=[1.0], score=[0.1], **span)
