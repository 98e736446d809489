"""Comparison at the same time: median, peer, base rate, a named source."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.scoring import (
    base_rates,
    build_timeline,
    over_horizon,
    peer_scores,
    relative_scores,
    skill,
    spot_peer_scores,
)


def timeline_of(rows, *, closes=10.0, withdrawn=None):
    question, source, stated_at = (np.array(column) for column in zip(*rows, strict=True))
    n = len(rows)
    return build_timeline(
        question=question,
        source=source,
        stated_at=stated_at.astype(float),
        opens_at=np.zeros(n),
        closes_at=np.full(n, closes),
        withdrawn=withdrawn,
    )


def test_relative_brier_of_the_cultivate_example():
    timeline = timeline_of([(0, 1, 0), (0, 1, 3), (0, 2, 0), (0, 2, 2), (0, 3, 5)], closes=7.0)
    two_class = 2 * np.square(np.array([0.9, 0.95, 0.25, 0.2, 0.99]) - 1)
    # Cultivate counts days without a forecast as the median: times coverage.
    ours = relative_scores(timeline=timeline, score=two_class) * timeline.coverage
    assert ours == pytest.approx([-0.43, 0.7942857142857144, -0.0013714285714285738], abs=1e-12)


@pytest.mark.parametrize(
    ("p", "points"),
    [
        ([0.1, 0.9], [-219.72245773362192, 219.72245773362195]),
        ([0.1, 0.5, 0.9], [-190.33312448851598, 51.08256237659907, 139.2505621119169]),
    ],
)
def test_peer_points_as_metaculus(p, points):
    assert spot_peer_scores(question=[0] * len(p), outcome_probability=p) == pytest.approx(points, abs=1e-9)
    timeline = timeline_of([(0, at, 0) for at in range(len(p))])
    assert peer_scores(timeline=timeline, outcome_probability=p).points == pytest.approx(points, abs=1e-9)


def test_an_early_close_keeps_the_scheduled_divisor_as_metaculus():
    timeline = timeline_of([(0, 0, 0), (0, 1, 0)], closes=5.0)
    found = peer_scores(timeline=timeline, outcome_probability=[0.9, 0.6])
    total, coverage = over_horizon(
        timeline=timeline, mean=found.points, share=found.compared, horizon_end=10.0
    )
    assert total == pytest.approx([20.2732554054, -20.2732554054], abs=1e-9)
    assert coverage == pytest.approx([0.5, 0.5])


def test_when_all_withdraw_the_score_ends_there():
    # Metaculus's code goes on to the close: 219.72 and coverage 1, a defect.
    rows = [(0, 0, 0), (0, 1, 0), (0, 0, 3), (0, 1, 3)]
    timeline = timeline_of(rows, withdrawn=[False, False, True, True])
    found = peer_scores(timeline=timeline, outcome_probability=[0.1, 0.9, 1.0, 1.0])
    assert found.compared == pytest.approx([0.3, 0.3])
    assert found.points * found.compared == pytest.approx([-65.91673732, 65.91673732], abs=1e-8)


def test_who_is_alone_is_compared_with_nobody():
    found = peer_scores(timeline=timeline_of([(0, 0, 0)]), outcome_probability=[0.9])
    assert np.isnan(found.points[0])
    assert found.compared[0] == 0.0
    assert np.isnan(spot_peer_scores(question=[0], outcome_probability=[0.9])[0])


def test_an_outsider_meets_the_crowd_without_the_factor():
    timeline = timeline_of([(0, 0, 0), (0, 1, 0), (0, 2, 0)])
    chance, outside = [0.9, 0.6, 0.8], [True, False, False]
    fair = 100 * np.log(0.9 / np.sqrt(0.6 * 0.8))
    at_spot = spot_peer_scores(question=[0] * 3, outcome_probability=chance, outsider=outside)
    over_time = peer_scores(timeline=timeline, outcome_probability=chance, outsider=outside)
    assert at_spot[0] == pytest.approx(fair)
    assert over_time.points[0] == pytest.approx(fair)
    # The members meet each other only, whoever stands outside.
    assert over_time.points[1:] == pytest.approx([100 * np.log(0.75), -100 * np.log(0.75)])
    # Metaculus's code doubles it: 52.3248143765.
    theirs = spot_peer_scores(
        question=[0] * 3, outcome_probability=chance, outsider=outside, outsider_factor=True
    )
    assert theirs[0] == pytest.approx(52.3248143765, abs=1e-9)


def test_the_base_rate_does_not_know_the_answer():
    assert base_rates(outcome=[1, 0, 0, 1]) == pytest.approx([1 / 3, 2 / 3, 2 / 3, 1 / 3])
    y = np.array([1, 0, 0, 1, 0])
    # Not knowing costs (n / (n - 1))² of what the base rate of all would score.
    left_out = np.mean(np.square(base_rates(outcome=y) - y))
    assert left_out == pytest.approx((5 / 4) ** 2 * 0.4 * 0.6)
    by_group = base_rates(outcome=[1, 0, 1], group=[0, 0, 1])
    assert by_group[:2] == pytest.approx([0.0, 1.0])
    assert np.isnan(by_group[2])


def test_skill_is_a_ratio_and_not_a_difference():
    assert skill(score=[0.25, 0.25], reference=[0.01, 0.01]) == pytest.approx(-24.0)
    assert skill(score=[0.0], reference=[0.2]) == 1.0
    assert np.isnan(skill(score=[], reference=[]))
    assert skill(score=[0.1, np.nan], reference=[0.2, 0.2]) == pytest.approx(0.5)
    assert skill(score=[0.0, 0.2], reference=[0.2, 0.2], weights=[3, 1]) == pytest.approx(0.75)


ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(-3, 9), st.integers(1, 9), st.booleans()),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[:3],
)


def plainly(rows, compare):
    """The mean over hours of ``compare(own, others)``, written as one would by hand."""
    found = {}
    for question, source in sorted({(row[0], row[1]) for row in rows}):
        values = []
        for hour in np.arange(0.5, 10):
            standing = {}
            for q, s, t, p, gone in sorted(rows, key=lambda row: row[2]):
                if q == question and t <= hour:
                    standing[s] = None if gone else p / 10
            present = {s: p for s, p in standing.items() if p is not None}
            if source in present:
                own = present[source]
                others = [p for s, p in present.items() if s != source]
                values += compare(own, others)
        found[question, source] = np.mean(values) if values else np.nan
    return found


def swept(rows):
    timeline = timeline_of([row[:3] for row in rows], withdrawn=[row[4] for row in rows])
    return timeline, np.array([row[3] / 10 for row in rows])


@given(rows=ROWS)
@settings(deadline=None, max_examples=60)
def test_the_sweep_gives_the_median_in_force(rows):
    expected = plainly(
        rows, lambda own, others: [(own - 1) ** 2 - np.median([(p - 1) ** 2 for p in [own, *others]])]
    )
    timeline, p = swept(rows)
    ours = relative_scores(timeline=timeline, score=np.square(p - 1))
    for at, value in enumerate(ours):
        key = (timeline.question[at], timeline.source[at])
        assert value == pytest.approx(expected[key], abs=1e-12, nan_ok=True)


@given(rows=ROWS)
@settings(deadline=None, max_examples=60)
def test_the_sweep_gives_the_peer_score_of_each_moment(rows):
    expected = plainly(
        rows, lambda own, others: [100 * (np.log(own) - np.mean(np.log(others)))] if others else []
    )
    timeline, p = swept(rows)
    ours = peer_scores(timeline=timeline, outcome_probability=p)
    for at, value in enumerate(ours.points):
        key = (timeline.question[at], timeline.source[at])
        assert value == pytest.approx(expected[key], abs=1e-9, nan_ok=True)


@given(rows=ROWS)
@settings(deadline=None, max_examples=60)
def test_peer_points_sum_to_zero_over_the_crowd(rows):
    timeline, p = swept(rows)
    found = peer_scores(timeline=timeline, outcome_probability=p)
    area = np.where(found.compared > 0, found.points, 0.0) * found.compared
    assert np.bincount(timeline.question, weights=area) == pytest.approx(0.0, abs=1e-9)


def test_a_probability_of_0_is_refused_by_row_where_its_logarithm_is_needed():
    # Running sums would carry its infinity into the questions that follow.
    rows = [(1, 0, 0), (1, 1, 0), (0, 0, 0), (0, 1, 0)]
    for scores in (
        lambda p: peer_scores(timeline=timeline_of(rows), outcome_probability=p),
        lambda p: spot_peer_scores(question=[1, 1, 0, 0], outcome_probability=p),
    ):
        with pytest.raises(ValueError, match=r"row 1: outcome_probability is 0\.0"):
            scores([0.5, 0.0, 0.5, 0.6])


def test_what_a_withdrawal_says_is_not_looked_at():
    timeline = timeline_of([(0, 0, 0), (0, 1, 0), (0, 0, 5)], withdrawn=[False, False, True])
    found = peer_scores(timeline=timeline, outcome_probability=[0.9, 0.6, np.nan])
    assert found.points[0] == pytest.approx(100 * np.log(1.5))


def standing_at(rows, question, moment):
    """What each source's forecasts are at a moment: of its last instant, those not withdrawn."""
    found = {}
    for source in sorted({row[1] for row in rows if row[0] == question}):
        mine = [row for row in rows if row[:2] == (question, source) and row[2] <= moment]
        latest = max((row[2] for row in mine), default=None)
        said = {row[3] for row in mine if row[2] == latest and not row[4]}
        if said:
            found[source] = sorted(said)
    return found


MANY_AT_ONCE = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(-3, 9), st.integers(1, 9), st.booleans()),
    min_size=1,
    max_size=30,
)


@given(rows=MANY_AT_ONCE, outside=st.sets(st.integers(0, 4)))
@settings(deadline=None, max_examples=60)
def test_simultaneous_rows_and_outsiders_by_hand(rows, outside):
    question, source, stated_at, tenths, gone = (np.array(column) for column in zip(*rows, strict=True))
    timeline = build_timeline(
        question=question,
        source=source,
        stated_at=stated_at.astype(float),
        opens_at=np.zeros(len(rows)),
        closes_at=np.full(len(rows), 10.0),
        value=tenths,
        withdrawn=gone,
    )
    p = tenths / 10
    peer = peer_scores(timeline=timeline, outcome_probability=p, outsider=np.isin(source, list(outside)))
    for at, (q, s) in enumerate(zip(timeline.question, timeline.source, strict=True)):
        points = []
        for hour in np.arange(0.5, 10):
            stands = standing_at(rows, q, hour)
            log = {each: np.mean(np.log(np.array(said) / 10)) for each, said in stands.items()}
            crowd = [log[each] for each in log if each != s and each not in outside]
            points += [100 * (log[s] - np.mean(crowd))] if s in log and crowd else []
        mean = np.mean(points) if points else np.nan
        assert peer.points[at] == pytest.approx(mean, abs=1e-9, nan_ok=True)
        assert peer.compared[at] == pytest.approx(len(points) / 10)
