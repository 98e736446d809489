"""Calibration: CORP with ties, Murphy, bins, AUC, the logistic line."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from forecasts.scoring import (
    auc,
    calibration_line,
    consistency_band,
    corp_decomposition,
    murphy_decomposition,
    reliability_bins,
    sharpness,
)
from forecasts.scoring.calibration import wilson_interval

ROWS = st.lists(
    st.tuples(st.integers(0, 10).map(lambda p: p / 10), st.integers(0, 1)), min_size=1, max_size=60
)


def columns(rows):
    p, y = zip(*rows, strict=True)
    return {"probability": np.array(p), "outcome": np.array(y, dtype=float)}


@given(seed=st.integers(0, 719))
def test_six_halves_with_three_events_are_calibrated_in_any_order(seed):
    # A port that lost the tie rule gives 0.25, 0.083 or 0 by row order.
    y = np.random.default_rng(seed).permutation([1, 1, 1, 0, 0, 0])
    parts = corp_decomposition(probability=[0.5] * 6, outcome=y)
    assert (parts.miscalibration, parts.discrimination) == (0.0, 0.0)


@given(rows=ROWS)
def test_corp_adds_up_and_no_part_is_negative(rows):
    parts = corp_decomposition(**columns(rows))
    total = parts.miscalibration - parts.discrimination + parts.uncertainty
    assert total == pytest.approx(parts.score, abs=1e-12)
    assert min(parts.miscalibration, parts.discrimination) >= -1e-12


@given(rows=ROWS, seed=st.integers(0, 99))
def test_corp_and_murphy_do_not_see_row_order(rows, seed):
    shuffled = [rows[at] for at in np.random.default_rng(seed).permutation(len(rows))]
    one, other = corp_decomposition(**columns(rows)), corp_decomposition(**columns(shuffled))
    assert one.miscalibration == pytest.approx(other.miscalibration, abs=1e-12)
    assert murphy_decomposition(**columns(rows)).reliability == pytest.approx(
        murphy_decomposition(**columns(shuffled)).reliability, abs=1e-12
    )


@given(rows=ROWS)
def test_recalibration_is_scikit_learns_isotonic_regression(rows):
    given_ = columns(rows)
    theirs = IsotonicRegression().fit_transform(given_["probability"], given_["outcome"])
    assert corp_decomposition(**given_).recalibrated == pytest.approx(theirs, abs=1e-12)


@given(rows=ROWS, bins=st.integers(1, 12))
def test_murphy_adds_up_over_values_and_over_bins(rows, bins):
    given_ = columns(rows)
    score = np.mean(np.square(given_["probability"] - given_["outcome"]))
    for parts in (murphy_decomposition(**given_), murphy_decomposition(**given_, bins=bins)):
        total = parts.reliability - parts.resolution + parts.uncertainty
        total += parts.within_variance - parts.within_covariance
        assert total == pytest.approx(score, abs=1e-12)


def test_murphy_in_exact_fractions():
    p = [0.1] * 4 + [0.3] * 3 + [0.8] * 3
    parts = murphy_decomposition(probability=p, outcome=[0, 0, 0, 1, 0, 1, 0, 1, 1, 0])
    assert parts.reliability == pytest.approx(11 / 750, abs=1e-15)
    assert parts.resolution == pytest.approx(19 / 600, abs=1e-15)
    assert parts.uncertainty == pytest.approx(0.24, abs=1e-15)


def test_murphy_of_brier_1950():
    parts = murphy_decomposition(
        probability=[0.7, 0.9, 0.8, 0.4, 0.2, 0, 0, 0, 0, 0.1], outcome=[0, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    )
    assert (parts.reliability, parts.resolution) == pytest.approx((0.095, 0.21), abs=1e-12)
    assert (parts.uncertainty, parts.n_groups) == (pytest.approx(0.21), 7)


def test_murphy_over_bins_of_stephenson_coelho_and_jolliffe():
    p = [0.02, 0.08, 0.11, 0.19, 0.42, 0.48, 0.55, 0.91, 0.95, 1.0]
    parts = murphy_decomposition(probability=p, outcome=[0, 0, 0, 1, 1, 0, 1, 1, 1, 1], bins=5)
    assert parts.reliability == pytest.approx(0.019736666666666666, abs=1e-12)
    assert parts.resolution == pytest.approx(0.09833333333333334, abs=1e-12)
    assert parts.within_variance == pytest.approx(0.0027533333333333338, abs=1e-12)
    assert parts.within_covariance == pytest.approx(0.01866666666666667, abs=1e-12)


def test_bins_take_their_lower_edge_and_the_last_its_upper():
    # 0.3 * 10 is 3.0000000000000004 or 2.9999999999999996, by luck.
    table = reliability_bins(probability=[0.0, 0.1, 0.3, 0.6, 0.7, 1.0], outcome=[0, 0, 1, 1, 1, 1])
    assert np.flatnonzero(table.n).tolist() == [0, 1, 3, 6, 7, 9]
    assert np.isnan(table.mean_p[2])
    assert np.isnan(table.wilson_low[2])


def test_wilsons_interval_as_published():
    # Newcombe 1998, table I: 81/263 and 15/148 and 0/20 by the score method.
    low, high = wilson_interval(successes=[81, 15, 0], n=[263, 148, 20])
    assert low == pytest.approx([0.2553, 0.0624, 0.0], abs=5e-5)
    assert high == pytest.approx([0.3662, 0.1605, 0.1611], abs=5e-5)


@given(rows=ROWS)
def test_auc_is_scikit_learns(rows):
    given_ = columns(rows)
    if len(set(given_["outcome"])) < 2:
        assert np.isnan(auc(**given_))
    else:
        theirs = roc_auc_score(given_["outcome"], given_["probability"])
        assert auc(**given_) == pytest.approx(theirs, abs=1e-12)


def test_nothing_is_no_number():
    parts = corp_decomposition(probability=[], outcome=[])
    assert np.isnan(
        [parts.score, parts.miscalibration, murphy_decomposition(probability=[], outcome=[]).reliability]
    ).all()
    assert np.isnan([auc(probability=[], outcome=[]), sharpness(probability=[])]).all()
    assert reliability_bins(probability=[], outcome=[]).n.sum() == 0


def test_half_an_outcome_is_refused():
    with pytest.raises(ValueError, match="void"):
        corp_decomposition(probability=[0.5], outcome=[0.5])


def test_the_line_is_scikit_learns_without_penalty():
    rng = np.random.default_rng(3)
    p = rng.uniform(0.02, 0.98, 400)
    x = np.log(p / (1 - p))
    y = (rng.random(400) < 1 / (1 + np.exp(-(0.4 + 0.6 * x)))).astype(float)
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(x[:, None], y)
    ours = calibration_line(probability=p, outcome=y)
    assert (ours.intercept, ours.slope) == pytest.approx((theirs.intercept_[0], theirs.coef_[0, 0]), abs=1e-5)
    assert 0 < ours.slope_se < 0.2


@pytest.mark.parametrize(
    ("p", "y"),
    [([0.2, 0.8], [0, 1]), ([0.5, 0.5], [0, 1]), ([0.2, 0.3, 0.3, 0.8], [0, 0, 1, 1]), ([0.1, 0.9], [1, 1])],
)
def test_a_line_that_does_not_exist_is_no_number(p, y):
    assert np.isnan(calibration_line(probability=p, outcome=y).slope)


def test_the_band_holds_a_calibrated_source_as_often_as_it_says():
    rng = np.random.default_rng(0)
    p = np.repeat([0.2, 0.5, 0.8], 60)
    band = consistency_band(probability=p, level=0.9, draws=400, seed=1)
    inside = []
    for _ in range(300):
        fitted = corp_decomposition(
            probability=p, outcome=(rng.random(len(p)) < p).astype(float)
        ).recalibrated[[0, 60, 120]]
        inside.append((band.low <= fitted) & (fitted <= band.high))
    assert np.mean(inside, axis=0) == pytest.approx(0.9, abs=0.08)
    assert band.probability.tolist() == [0.2, 0.5, 0.8]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (lambda: corp_decomposition(probability=[[0.5, 0.5]], outcome=[1]), "dimension"),
        (lambda: consistency_band(probability=[0.5], draws=0), "draws is 0"),
        (lambda: consistency_band(probability=[0.5], level=1.0), "level"),
        (lambda: wilson_interval(successes=[1, 3], n=[2, 2]), "row 1: successes is 3"),
        (lambda: wilson_interval(successes=[1], n=[2], level=95), "level is 95"),
        (lambda: reliability_bins(probability=[0.5], outcome=[1], bins=0), "bins is 0"),
        (lambda: calibration_line(probability=[0.1, 0.9], outcome=[0, 1], eps=0.0), "eps"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked, words):
    with pytest.raises(ValueError, match=words):
        asked()


@given(rows=ROWS, seed=st.integers(0, 99))
def test_a_weight_is_how_often_a_forecast_counts(rows, seed):
    p, y = (np.array(column) for column in zip(*rows, strict=True))
    times = np.random.default_rng(seed).integers(1, 4, len(p))
    repeated = {"probability": np.repeat(p, times), "outcome": np.repeat(y, times)}
    for decompose in (corp_decomposition, murphy_decomposition, partial(murphy_decomposition, bins=3)):
        found = decompose(probability=p, outcome=y, weights=times)
        expected = decompose(**repeated)
        for part in set(found.__slots__) - {"recalibrated"}:
            assert getattr(found, part) == pytest.approx(getattr(expected, part), abs=1e-12)


@pytest.mark.parametrize("weights", [[1.0, 0.0], [1.0, np.nan], [1.0]])
def test_a_weight_that_is_none_is_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        corp_decomposition(probability=[0.1, 0.9], outcome=[0, 1], weights=weights)
