"""Sorting and blocks: the order is exact, and the size of a block changes no result."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from forecasts.scoring import blocks, build_timeline, score
from forecasts.scoring.blocks import question_blocks
from forecasts.scoring.sorting import distinct, order_by

TIMES = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, 1.0 + 2**-52, 5e-324, 1e-300, 1.5e9, 1.7e308, -1.7e308]),
    st.floats(-1e12, 1e12),
)


@given(st.lists(st.tuples(st.sampled_from([0, 1, 65_536, 2**40]), TIMES), max_size=30))
def test_rows_come_in_exact_order_and_equals_stay_in_theirs(rows):
    major = np.array([row[0] for row in rows], dtype=np.int64)
    time = np.array([row[1] for row in rows])
    np.testing.assert_array_equal(order_by(major=major, time=time), np.lexsort((time, major)))


def columns_of(n, n_questions, seed):
    rng = np.random.default_rng(seed)
    question = rng.integers(0, n_questions, n)
    outcome = rng.integers(0, 2, n_questions).astype(float)
    outcome[rng.random(n_questions) < 0.1] = np.nan
    return {
        "question": question,
        "source": rng.integers(0, 7, n),
        # Whole hours, so that many are simultaneous; some come too late.
        "stated_at": rng.integers(0, 60, n) * 3600.0,
        "value": rng.integers(0, 5, n) / 4.0,
        "outcome": outcome[question],
        "known_at": np.full(n, 50 * 3600.0),
        "opens_at": np.full(n, 3600.0),
        "withdrawn": rng.random(n) < 0.1,
    }


def in_blocks_of(size, work, **columns):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "ROWS_AT_ONCE", size)
        return work(**columns)


def same(one, other, within=0.0):
    """Assert that two results are the same, table by table."""
    if dataclasses.is_dataclass(one):
        # Where a row stands among the blocks is what their size does change.
        for name in {field.name for field in dataclasses.fields(one)} - {"order", "place"}:
            same(getattr(one, name), getattr(other, name), within)
    elif np.asarray(one).dtype.kind == "f":
        np.testing.assert_allclose(one, other, rtol=within, atol=within)
    else:
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("size", [1, 7, 64, 500])
@pytest.mark.parametrize("in_order", [False, True])
def test_the_size_of_a_block_changes_nothing(size, in_order):
    columns = columns_of(n=600, n_questions=40, seed=size)
    if in_order:
        by = np.lexsort((columns["stated_at"], columns["source"], columns["question"]))
        columns = {name: column[by] for name, column in columns.items()}
    whole = score(**columns, bootstrap=20)
    parts = in_blocks_of(size, score, **columns, bootstrap=20)
    same(parts.timeline, whole.timeline)
    same(parts.timeline.row, whole.timeline.row)
    same(parts.pairs.score, whole.pairs.score)
    # Sums over all who stood before add up in another order.
    same(parts, whole, within=1e-12)


def test_row_order_changes_no_pair_in_blocks():
    columns = columns_of(n=600, n_questions=40, seed=3)
    turned = {name: column[::-1] for name, column in columns.items()}
    one, other = (in_blocks_of(50, score, **each, bootstrap=0) for each in (columns, turned))
    same(one.pairs, other.pairs)
    same(one.sources, other.sources)


@given(arrays.arrays(np.int64, st.integers(1, 60), elements=st.integers(0, 9)), st.integers(1, 9))
def test_a_block_has_whole_questions_and_every_row_is_in_one(question, size):
    found = in_blocks_of(size, question_blocks, question=question)
    bounds = zip(found.bounds, found.bounds[1:], strict=False)
    rows = [found.rows(np.arange(start, stop)) for start, stop in bounds]
    assert sorted(np.concatenate(rows).tolist()) == list(range(len(question)))
    asked = [set(question[each].tolist()) for each in rows]
    assert sum(map(len, asked)) == len(set(question.tolist()))
    np.testing.assert_array_equal(found.spread(question), question[np.concatenate(rows)])


def test_codes_of_any_size_and_blocks_at_once():
    stated = np.arange(6.0)
    times = {"stated_at": stated, "opens_at": np.zeros(6), "closes_at": np.full(6, 9.0)}
    codes = {"question": np.array([2**50, 1] * 3), "source": np.array([2**40, 2**40, 3] * 2)}
    timeline = in_blocks_of(2, build_timeline, **codes, **times)
    assert timeline.question.tolist() == [1, 1, 2**50, 2**50]
    assert timeline.source.tolist() == [3, 2**40, 3, 2**40]
    assert timeline.row.tolist() == [5, 1, 3, 2, 0, 4]


def test_the_first_row_without_a_time_is_named_whatever_its_block():
    times = {"stated_at": np.array([1.0, np.nan, np.nan]), "opens_at": np.zeros(3), "closes_at": np.ones(3)}
    with pytest.raises(ValueError, match="row 1"):
        in_blocks_of(
            1, build_timeline, question=np.array([5, 2, 1]), source=np.zeros(3, dtype=np.int64), **times
        )


@given(st.lists(st.sampled_from([0, 1, 2, 5, 70, 2**40]), max_size=30))
def test_distinct_codes_are_those_of_numpy(codes):
    rows = np.array(codes, dtype=np.int64)
    for found, expected in zip(distinct(rows), np.unique(rows, return_inverse=True), strict=True):
        np.testing.assert_array_equal(found, expected)
