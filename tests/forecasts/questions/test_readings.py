"""Each kind of question takes its own kind of value, and says so."""

import pytest

from forecasts.models import Question
from forecasts.questions.values.imputation import share_rest
from forecasts.questions.values.readings import (
    NotOddsError,
    NotQuantilesError,
    Odds,
    Quantiles,
    Reading,
    WrongKindOfValueError,
    check_value,
)


@pytest.mark.parametrize(
    ("odds", "message"),
    [
        ([0.5, 0.6], "add up to 1.1"),
        ([0.5, 0.499], "add up to 0.999"),
        ([1.5, -0.5], "Option 1 has 1.5"),
        ([float("nan"), 1.0], "Option 1 has nan"),
    ],
)
def test_odds_are_probabilities_that_add_up(odds, message):
    with pytest.raises(NotOddsError, match=message):
        Odds(odds)


def test_odds_may_be_off_by_rounding():
    assert Odds([1 / 3, 1 / 3, 0.3333335]).probabilities[2] == 0.3333335


@pytest.mark.parametrize(
    ("levels", "values", "message"),
    [
        ([], [], "at least one"),
        ([0.5], [1.0, 2.0], "one value for each level"),
        ([0.5, 0.5], [1.0, 2.0], "Levels rise"),
        ([0.0, 0.5], [1.0, 2.0], "above 0 and below 1"),
        ([0.1, 0.9], [2.0, 1.0], "A value lies below"),
        ([0.5], [float("inf")], "finite"),
    ],
)
def test_quantiles_are_in_order(levels, values, message):
    with pytest.raises(NotQuantilesError, match=message):
        Quantiles(levels, values)


@pytest.mark.parametrize(
    ("kind", "options", "value", "field"),
    [
        ("binary", [], Odds([0.5, 0.5]), "probability"),
        ("options", ["a", "b"], Reading.stated(0.5), "probabilities"),
        ("ordered", ["a", "b"], Quantiles([0.5], [1.0]), "probabilities"),
        ("number", [], Reading.stated(0.5), "quantile_values"),
        ("date", [], Odds([1.0]), "quantile_values"),
    ],
)
def test_a_value_of_another_kind_is_refused_and_names_the_field(kind, options, value, field):
    with pytest.raises(WrongKindOfValueError, match=f"kind “{kind}” takes") as caught:
        check_value(question=Question(kind=kind, options=options), value=value)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("kind", "options", "value"),
    [
        ("binary", [], Reading.stated(1)),
        ("options", ["a", "b", "c"], Odds([0.2, 0.3, 0.5])),
        ("ordered", ["low", "high"], Odds([0, 1])),
        ("number", [], Quantiles([0.1, 0.5, 0.9], [1, 2, 2])),
        ("date", [], Quantiles([0.5], [17456.0])),
    ],
)
def test_a_value_of_the_kind_fits(kind, options, value):
    check_value(question=Question(kind=kind, options=options), value=value)


def test_the_number_of_options_must_fit():
    with pytest.raises(NotOddsError, match="has 3 options, and 2 probabilities"):
        check_value(question=Question(kind="options", options=["a", "b", "c"]), value=Odds([0.5, 0.5]))


def test_the_sum_is_said_to_the_digit_that_is_off():
    with pytest.raises(NotOddsError, match=r"add up to 1\.000002"):
        Odds([0.5, 0.500002])


def test_the_rest_of_several_options_is_shared_by_a_rule_and_that_of_one_is_arithmetic():
    shared = share_rest([0.4, None, None, 0.2])
    assert shared.probabilities == pytest.approx([0.4, 0.2, 0.2, 0.2])
    assert (shared.how.basis, shared.how.shared) == ("rule", (1, 2))
    assert (shared.how.low, shared.how.best, shared.how.high) == (0, 0.5, 1)
    for given in ([0.4, None, 0.2], [1.0, None, None], [0.5, 0.5]):
        assert share_rest(given).how.basis == "stated"
    with pytest.raises(NotOddsError, match=r"add up to 1\.1 already"):
        share_rest([0.5, 0.6, None])
    with pytest.raises(NotOddsError, match=r"add up to 0\.9"):
        share_rest([0.5, 0.4])
