"""Time: half-open intervals, coverage, ties, withdrawals; row order never matters."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.scoring import build_timeline, first_score, last_score, pair_scores, time_weighted


def one_question(rows, *, opens=0.0, closes=10.0, outcome=1.0, **more):
    """Scores of rows (source, stated_at, probability) on one question."""
    source, stated_at, probability = (np.array(column) for column in zip(*rows, strict=True))
    n = len(rows)
    return pair_scores(
        question=np.zeros(n, dtype=int),
        source=source.astype(int),
        stated_at=stated_at.astype(float),
        opens_at=np.full(n, opens),
        closes_at=np.full(n, closes),
        outcome=np.full(n, outcome),
        probability=probability.astype(float),
        **more,
    )


def test_who_speaks_late_gets_the_same_score_and_less_coverage():
    # A peer's code gives 0.32 and 0.032 here.
    pairs = one_question([(0, 0.0, 0.6), (1, 9.0, 0.6)])
    assert pairs.score == pytest.approx([0.16, 0.16])
    assert pairs.coverage == pytest.approx([1.0, 0.1])


def test_a_forecast_holds_until_the_next_one():
    pairs = one_question([(0, 0.0, 0.5), (0, 4.0, 1.0)])
    assert pairs.score[0] == pytest.approx(0.4 * 0.25)
    assert pairs.n_forecasts[0] == 2


def test_the_cultivate_example():
    # Published: 0.0114 for the first source, on the two-class scale.
    rows = [(1, 0.0, 0.9), (1, 3.0, 0.95), (2, 0.0, 0.25), (2, 2.0, 0.2), (3, 5.0, 0.99)]
    pairs = one_question(rows, closes=7.0)
    assert 2 * pairs.score == pytest.approx([0.08 / 7, 8.65 / 7, 0.0002], abs=1e-12)
    assert 2 * pairs.score[0] == pytest.approx(0.0114, abs=5e-5)


def test_one_before_the_opening_counts_from_the_opening():
    pairs = one_question([(0, -50.0, 0.2), (0, -5.0, 0.5), (0, 5.0, 1.0)])
    assert pairs.score[0] == pytest.approx(0.125)
    assert pairs.coverage[0] == 1.0


def test_one_at_or_after_the_close_does_not_count():
    pairs = one_question([(0, 0.0, 0.5), (0, 10.0, 1.0), (0, 11.0, 1.0)])
    assert (pairs.score[0], pairs.last[0], pairs.n_forecasts[0]) == (0.25, 0.25, 1)


def test_void_and_open_never_enter():
    pairs = one_question([(0, 0.0, 0.5)], outcome=np.nan)
    assert len(pairs.score) == 0


def test_identical_rows_count_once():
    once, twice = (
        one_question([(0, 0.0, 0.5), (0, 4.0, 0.9)]),
        one_question([(0, 0.0, 0.5), (0, 4.0, 0.9)] * 2),
    )
    assert twice.score == once.score
    assert twice.n_forecasts == once.n_forecasts


def test_simultaneous_forecasts_share_their_interval():
    pairs = one_question([(0, 0.0, 0.0), (0, 0.0, 1.0), (0, 5.0, 1.0)])
    assert pairs.score[0] == pytest.approx(0.5 * 0.5 + 0.5 * 0.0)
    assert pairs.first[0] == pytest.approx(0.5)
    assert pairs.coverage[0] == pytest.approx(1.0)


def test_coverage_ends_where_everybody_withdrew():
    rows = [(0, 0.0, 0.5), (1, 0.0, 0.5), (0, 3.0, np.nan), (1, 3.0, np.nan)]
    pairs = one_question(rows, withdrawn=[False, False, True, True])
    assert pairs.coverage == pytest.approx([0.3, 0.3])
    assert pairs.score == pytest.approx([0.25, 0.25])


def test_a_withdrawal_at_the_instant_of_a_new_forecast_leaves_the_new_one():
    rows = [(0, 0.0, 0.5), (0, 3.0, np.nan), (0, 3.0, 1.0)]
    for order in ([0, 1, 2], [2, 1, 0]):
        pairs = one_question([rows[at] for at in order], withdrawn=[at == 1 for at in order])
        assert pairs.score[0] == pytest.approx(0.3 * 0.25)
        assert pairs.coverage[0] == pytest.approx(1.0)


def test_a_window_without_length_has_a_last_score_only():
    pairs = one_question([(0, 5.0, 0.5)], opens=5.0, closes=5.0)
    assert np.isnan(pairs.score[0])
    assert np.isnan(pairs.coverage[0])
    assert pairs.last[0] == 0.25


def test_a_verbal_range_goes_along():
    pairs = one_question([(0, 0.0, 0.7)], low=[0.6], high=[0.9])
    found = (pairs.score_min[0], pairs.score[0], pairs.score_max[0])
    assert found == pytest.approx((0.01, 0.09, 0.16))
    assert pairs.n_ranges[0] == 1


def test_the_first_and_the_last_forecast():
    timeline = build_timeline(
        question=[0, 0], source=[0, 0], stated_at=[1.0, 6.0], opens_at=[0.0] * 2, closes_at=[10.0] * 2
    )
    assert first_score(timeline=timeline, score=[0.1, 0.6])[0] == 0.1
    assert last_score(timeline=timeline, score=[0.1, 0.6])[0] == 0.6


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_time_that_is_none_is_refused_by_row(wrong):
    with pytest.raises(ValueError, match="row 1"):
        one_question([(0, 0.0, 0.5), (0, wrong, 0.5)])


def test_no_rows_are_no_pairs():
    none = np.zeros(0)
    pairs = pair_scores(
        question=none.astype(int),
        source=none.astype(int),
        stated_at=none,
        opens_at=none,
        closes_at=none,
        outcome=none,
        probability=none,
    )
    assert len(pairs.score) == 0


ROWS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(-3, 12),
        st.integers(0, 4).map(lambda p: p / 4),
        st.booleans(),
    ),
    min_size=1,
    max_size=25,
)


def scored(rows):
    question, source, stated_at, probability, gone = (np.array(column) for column in zip(*rows, strict=True))
    return pair_scores(
        question=question,
        source=source,
        stated_at=stated_at.astype(float),
        opens_at=np.zeros(len(rows)),
        closes_at=np.array([10.0, 7.0, 0.0])[question],
        outcome=np.array([1.0, 0.0, 1.0])[question],
        probability=np.where(gone, np.nan, probability),
        withdrawn=gone,
    )


@given(rows=ROWS, seed=st.integers(0, 1000))
def test_row_order_never_changes_a_bit(rows, seed):
    shuffled = [rows[at] for at in np.random.default_rng(seed).permutation(len(rows))]
    one, other = scored(rows), scored(shuffled)
    for name in ("question", "source", "score", "first", "last", "coverage", "n_forecasts"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@given(rows=ROWS)
def test_repeating_every_row_changes_nothing(rows):
    np.testing.assert_array_equal(scored(rows).score, scored(rows + rows).score)


@given(rows=ROWS, level=st.floats(0, 1))
def test_time_weighting_a_constant_gives_the_constant(rows, level):
    pairs = scored(rows)
    mean = time_weighted(timeline=pairs.timeline, score=np.full(len(rows), level))
    there = ~np.isnan(mean)
    assert mean[there] == pytest.approx(np.full(there.sum(), level))
    assert np.all((pairs.coverage[there] > 0) & (pairs.coverage[there] <= 1 + 1e-12))


@given(p=st.floats(0, 1), q=st.floats(0, 1), cut=st.floats(0.1, 9.9))
def test_splitting_an_interval_changes_nothing(p, q, cut):
    whole = one_question([(0, 0.0, p), (0, 9.95, q)])
    split = one_question([(0, 0.0, p), (0, cut, p), (0, 9.95, q)])
    assert split.score == pytest.approx(whole.score, abs=1e-12)
    assert split.coverage == pytest.approx(whole.coverage)


def test_codes_of_any_size_are_taken():
    big = 2**40
    pairs = pair_scores(
        question=[big, 3],
        source=[big + 1, 5],
        stated_at=[0.0, 0.0],
        opens_at=[0.0, 0.0],
        closes_at=[1.0, 1.0],
        outcome=[1, 1],
        probability=[0.5, 0.0],
    )
    assert pairs.question.tolist() == [3, big]
    assert pairs.score.tolist() == [1.0, 0.25]
