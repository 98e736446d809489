"""Rows of uneven width score as each alone, and what is asked only up to a deadline scores properly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.scoring import (
    brier_score,
    crps_from_quantiles,
    log_score,
    odds_scores,
    quantile_scores,
    ranked_probability_score,
    spherical_score,
)
from forecasts.scoring.kinds import HOUSE_RULES, SCORED_BY, uninformed_scores

ODDS = [[0.7, 0.3], [0.2, 0.3, 0.5], [0.1, 0.2, 0.3, 0.4]]
OUTCOME = [1, 0, 3]
ALONE = {
    "brier": brier_score,
    "log": log_score,
    "spherical": spherical_score,
    "ranked_probability": ranked_probability_score,
}


@pytest.mark.parametrize("rule", ALONE)
def test_options_of_different_number_score_as_each_alone(rule):
    alone = [ALONE[rule](probability=[row], outcome=[y]).item() for row, y in zip(ODDS, OUTCOME, strict=True)]
    assert odds_scores(rule=rule, odds=ODDS, outcome=OUTCOME) == pytest.approx(alone)


@pytest.mark.parametrize("rule", ["brier", "ranked_probability"])
def test_two_options_give_the_yes_or_no_number(rule):
    given = odds_scores(rule=rule, odds=[[0.7, 0.3]], outcome=[1])
    assert given == pytest.approx(brier_score(probability=[0.3], outcome=[1]))


def test_an_outcome_that_is_not_an_option_of_its_question_is_refused_by_row():
    with pytest.raises(ValueError, match=r"row 0: outcome is 2\.0, not an option"):
        odds_scores(rule="brier", odds=ODDS, outcome=[2, 0, 3])


def test_quantiles_of_different_number_score_as_each_alone():
    levels, values, outcome = [[0.5], [0.1, 0.5, 0.9]], [[3.0], [1.0, 2.0, 6.0]], [4.0, 2.5]
    alone = [
        crps_from_quantiles(values=[x], levels=[f], outcome=[y]).item()
        for f, x, y in zip(levels, values, outcome, strict=True)
    ]
    assert quantile_scores(levels=levels, values=values, outcome=outcome) == pytest.approx(alone)


def test_no_rows_have_no_scores():
    assert len(quantile_scores(levels=[], values=[], outcome=[])) == 0
    assert len(odds_scores(rule="brier", odds=[], outcome=[])) == 0


@settings(max_examples=60, deadline=None)
@given(
    truth=st.lists(st.floats(0, 100), min_size=4, max_size=9),
    said=st.lists(st.floats(0, 100), min_size=4, max_size=9),
    cap=st.floats(10, 90),
)
def test_no_forecast_beats_the_truth_where_only_dates_up_to_a_deadline_are_asked(truth, said, cap):
    """Gneiting and Ranjan 2011: the threshold-weighted CRPS is proper."""

    def expected(values):
        n = len(values)
        # A distribution with equal steps at its values: each is a pair of levels.
        levels = [level for k in range(n) for level in (k / n, (k + 1) / n)]
        points = [value for value in sorted(values) for _ in (0, 1)]
        rows = len(truth)
        scores = quantile_scores(
            levels=[levels] * rows, values=[points] * rows, outcome=truth, latest=[cap] * rows
        )
        return scores.mean()

    assert expected(truth) <= expected(said) + 1e-9


def test_dates_past_the_deadline_are_one_answer():
    same = quantile_scores(levels=[[0.5]] * 3, values=[[60], [61], [900]], outcome=[70] * 3, latest=[60] * 3)
    assert same.tolist() == [0, 0, 0]
    open_ended = quantile_scores(levels=[[0.5]], values=[[900]], outcome=[70], latest=[np.nan])
    assert open_ended.tolist() == [830]


def test_each_kind_has_one_rule_of_the_house_that_can_score_it():
    for kind, rule in HOUSE_RULES.items():
        assert kind in SCORED_BY[rule]


def test_equal_odds_are_what_saying_nothing_scores():
    assert uninformed_scores(rule="brier", n_options=[2, 4], outcome=[1, 0]).tolist() == [0.25, 0.375]
    # Thresholds 1/3 and 2/3, against a first option that came true: (4/9 + 1/9) / 2.
    assert uninformed_scores(rule="ranked_probability", n_options=[3], outcome=[0]) == pytest.approx([5 / 18])


@pytest.mark.parametrize(
    ("levels", "values", "words"),
    [
        ([[0.1, 0.5, 0.9], [0.5]], [[1.0, 2.0], [3.0]], "row 0: levels is 3"),
        ([[0.5], []], [[1.0], []], "row 1: values is 0"),
        ([[0.5]], [[1.0], [2.0]], "length"),
    ],
)
def test_quantiles_and_levels_that_do_not_match_are_refused_by_row(levels, values, words):
    with pytest.raises(ValueError, match=words):
        quantile_scores(levels=levels, values=values, outcome=[1.0] * len(values))
