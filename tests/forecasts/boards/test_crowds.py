"""All sources of a question combined, over time."""

from datetime import timedelta

import pytest

from forecasts.boards.reads.crowd import crowd_over_time
from forecasts.questions.reads.listing import forecasts_shown
from forecasts.questions.writes.forecasts import withdraw_forecast
from tests.records import NOW, make_question, make_source, resolve, say

pytestmark = pytest.mark.django_db


def crowd(question):
    return crowd_over_time(question=question, forecasts=list(forecasts_shown().filter(question=question)))


def test_the_forecasts_in_force_are_combined_at_each_change():
    question, sources = make_question(), [make_source(name) for name in ("A", "B", "C")]
    for source, probability, days in zip(sources, (0.2, 0.4, 0.9), (-20, -20, -10), strict=True):
        say(question, source, probability, days=days)
    first, second = crowd(question)
    assert (first.at, first.n) == (NOW - timedelta(days=20), 2)
    assert (first.mean, first.median) == pytest.approx((0.3, 0.3))
    assert (second.n, second.mean, second.median) == (3, pytest.approx(0.5), pytest.approx(0.4))
    # The cube root of 1/4 times 2/3 times 9.
    assert second.odds / (1 - second.odds) == pytest.approx(1.5 ** (1 / 3))


def test_who_scored_better_until_then_counts_for_more():
    good, bad = make_source("Good"), make_source("Bad")
    earlier, later, question = (make_question(f"{when}?") for when in ("Earlier", "Later", "Asked"))
    for source, probability in ((good, 0.9), (bad, 0.1)):
        say(earlier, source, probability)
        say(later, source, 1 - probability)
        say(question, source, probability, days=-5)
    resolve(earlier, at=NOW - timedelta(days=8))
    (point,) = crowd(question)
    assert point.mean == pytest.approx(0.5)
    # With 10 questions more at the mean of 0.41, one question each: the weights are 0.41 over these.
    weights = [0.41 / ((brier + 10 * 0.41) / 11) for brier in (0.01, 0.81)]
    expected = (0.9 * weights[0] + 0.1 * weights[1]) / sum(weights)
    assert point.weighted == pytest.approx(expected)
    resolve(later, at=NOW - timedelta(days=1))
    assert crowd(question)[0].weighted == pytest.approx(expected)


def test_its_own_answer_weighs_nothing():
    question, sources = make_question(), [make_source(name) for name in ("A", "B")]
    for source, probability in zip(sources, (0.2, 0.8), strict=True):
        say(question, source, probability)
    resolve(question, at=NOW - timedelta(days=1))
    assert [each.weighted for each in crowd(question)] == [pytest.approx(0.5)]


def test_one_source_is_no_crowd_and_nothing_is_left_when_all_withdraw():
    question, one, other = make_question(), make_source("A"), make_source("B")
    say(question, one, 0.2)
    assert crowd(question) == []
    say(question, other, 0.4)
    for source in (one, other):
        withdraw_forecast(
            question=question, source=source, stated_at=NOW - timedelta(days=1), note="Synthetic.", now=NOW
        )
    last = crowd(question)[-1]
    assert (last.n, last.mean, last.weighted) == (0, None, None)


def test_too_many_to_weigh_are_combined_all_the_same(monkeypatch):
    monkeypatch.setattr("forecasts.boards.reads.crowd.WEIGHED_AT_ONCE", 1)
    question = make_question()
    for name, probability in (("A", 0.2), ("B", 0.4)):
        say(question, make_source(name), probability)
    (point,) = crowd(question)
    assert (point.mean, point.weighted) == (pytest.approx(0.3), None)


def test_more_forecasts_cost_no_more_queries(django_assert_num_queries):
    question, counts = make_question(), []
    resolve(make_question("Another?"))
    for n in (2, 6):
        for number in range(n):
            say(question, make_source(f"{n} {number}"), 0.1 * (number + 1))
        forecasts = list(forecasts_shown().filter(question=question))
        with django_assert_num_queries(7):
            counts.append(len(crowd_over_time(question=question, forecasts=forecasts)))
    assert counts == [1, 1]


def test_a_crowd_that_changes_often_is_looked_at_now_and_then(monkeypatch):
    question = make_question()
    for number in range(8):
        say(question, make_source(str(number)), 0.1 * number, days=number - 20)
    whole = crowd(question)
    monkeypatch.setattr("forecasts.boards.reads.crowd.MOMENTS_AT_ONCE", 3)
    few = crowd(question)
    assert few == [whole[0], whole[4], whole[7]]
