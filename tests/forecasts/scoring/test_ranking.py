"""Standings: shrinkage, the bootstrap of events, ranks with ties."""

import numpy as np
import pytest

from forecasts.scoring import crossed, influence, ranks, shrink_means, standings
from forecasts.scoring.influence import influence_of
from forecasts.scoring.ranking import event_draws
from forecasts.scoring.shrinkage import moderated_variances


def board(n_sources=8, n_questions=60, seed=0, skill=0.05, share=0.6):
    rng = np.random.default_rng(seed)
    source, question = np.nonzero(rng.random((n_sources, n_questions)) < share)
    truth = 0.2 + skill * np.arange(n_sources) / n_sources
    score = truth[source] + rng.normal(0, 0.1, n_questions)[question] + rng.normal(0, 0.05, len(source))
    return crossed(
        source=source, question=question, score=score, n_sources=n_sources, n_questions=n_questions
    )


def test_ties_share_the_best_place_and_none_has_no_place():
    assert ranks(score=[0.2, 0.1, 0.2, np.nan, 0.3]).tolist() == [2, 1, 2, 0, 4]
    assert ranks(score=[0.1 + 0.2, 0.3]).tolist() == [1, 1]
    assert ranks(score=[]).tolist() == []


def test_a_draw_takes_as_many_events_as_there_are():
    draws = np.concatenate(list(event_draws(n_events=7, draws=250, seed=3)), axis=1)
    assert draws.shape == (7, 250)
    assert (draws.sum(axis=0) == 7).all()
    assert draws.mean() == pytest.approx(1.0)
    assert draws.var() == pytest.approx(6 / 7, rel=0.1)


def test_the_same_seed_gives_the_same_board_and_another_one_not():
    data, event = board(), np.arange(60)
    one, same, other = (
        standings(data=data, event=event, question_ridge=0.5, draws=50, seed=s) for s in (1, 1, 2)
    )
    np.testing.assert_array_equal(one.draws, same.draws)
    assert not np.array_equal(one.draws, other.draws)
    np.testing.assert_array_equal(one.shrunk, other.shrunk)


def test_without_draws_there_are_no_intervals_but_an_order():
    found = standings(data=board(), event=np.arange(60), question_ridge=0.5, draws=0)
    assert np.isnan(found.low).all()
    assert np.isnan(found.p_first).all()
    assert sorted(found.rank) == list(range(1, 9))


def test_the_variance_is_that_of_the_mean_over_events():
    # One source alone has no distance from the board; two have the textbook's.
    rng = np.random.default_rng(2)
    scores = rng.normal(0, 1, (2, 30))
    data = crossed(source=np.repeat([0, 1], 30), question=[*range(30), *range(30, 60)], score=scores.ravel())
    found = influence_of(data=data, event=np.arange(60), question_ridge=float("inf"))
    of_means = scores.var(axis=1, ddof=1) / 30
    assert found.mean == pytest.approx(scores.mean(axis=1))
    assert found.variance == pytest.approx(np.full(2, of_means.sum() / 4), rel=1e-12)


def test_events_and_not_forecasts_are_what_luck_deals():
    # Ten copies of each question in one event tell nothing new.
    rng = np.random.default_rng(5)
    score = rng.normal(0.2, 0.1, (4, 20))
    source = np.repeat(np.arange(4), 200)
    question = np.tile(np.arange(200), 4)
    data = crossed(source=source, question=question, score=np.repeat(score, 10, axis=1).ravel())
    wide = standings(data=data, event=np.arange(200) // 10, question_ridge=float("inf"), draws=300)
    narrow = standings(data=data, event=np.arange(200), question_ridge=float("inf"), draws=300)
    assert np.all(wide.high - wide.low > 2.5 * (narrow.high - narrow.low))
    assert wide.n_events.tolist() == [20] * 4


def test_carrying_by_the_diagonal_is_near_the_exact_inverse(monkeypatch):
    data = board(n_sources=60, n_questions=300, share=0.1, seed=7)
    event = np.arange(300) // 2
    exact = influence_of(data=data, event=event, question_ridge=0.4)
    monkeypatch.setattr(influence, "DENSE_LIMIT", 5)
    near = influence_of(data=data, event=event, question_ridge=0.4)
    assert np.sqrt(near.variance) == pytest.approx(np.sqrt(exact.variance), rel=0.05)
    weight = np.concatenate(list(event_draws(n_events=150, draws=200, seed=1)), axis=1) - np.float32(1)
    level, moved = near.move(weight)
    assert moved.var(axis=1) == pytest.approx(near.variance, rel=0.35)
    assert np.corrcoef(level, exact.move(weight)[0])[0, 1] > 0.99


def test_first_places_and_beating_the_reference_are_shares_of_draws():
    data = board(skill=0.4)
    found = standings(
        data=data, event=np.arange(60), question_ridge=0.5, reference=np.full(len(data.score), 0.3), draws=200
    )
    assert found.p_first.sum() == pytest.approx(1.0)
    assert found.rank[0] == 1
    assert found.p_beats[0] > 0.99
    assert found.p_beats[7] < 0.01


def test_a_source_with_one_question_is_there_and_very_unsure():
    data = board()
    lone = crossed(
        source=[*data.source, 8],
        question=[*data.question, 0],
        score=[*data.score, 0.0],
        n_sources=9,
        n_questions=60,
    )
    found = standings(data=lone, event=np.arange(60), question_ridge=0.5, draws=200)
    assert found.n_questions[8] == 1
    assert found.factor[8] > 0.6
    assert found.high[8] - found.low[8] > np.median(found.high - found.low)
    assert found.shrunk[8] > found.raw[8]


def test_one_event_only_tells_nothing_of_luck():
    data = crossed(source=[0, 1], question=[0, 0], score=[0.1, 0.3])
    found = standings(data=data, event=[0], question_ridge=1.0, draws=20)
    assert np.isnan(found.low).all()
    assert found.rank.tolist() == [1, 2]


def test_a_single_source_is_first_with_the_interval_of_its_mean():
    score = np.random.default_rng(1).normal(0.2, 0.1, 100)
    data = crossed(source=[0] * 100, question=np.arange(100), score=score)
    found = standings(data=data, event=np.arange(100), question_ridge=float("inf"), draws=2000)
    half = 1.96 * score.std(ddof=1) / 10
    assert found.shrunk[0] == pytest.approx(score.mean())
    assert (found.low[0], found.high[0]) == pytest.approx(
        (score.mean() - half, score.mean() + half), abs=0.1 * half
    )
    assert (found.rank[0], found.p_first[0]) == (1, 1.0)


def test_fewer_forecasts_are_shrunk_more_and_none_past_the_mean():
    found = shrink_means(mean=[0.1, 0.1, 0.3, 0.3, 0.2], variance=[0.001, 0.02, 0.001, 0.02, 0.01])
    assert found.factor[1] > found.factor[0]
    assert 0.1 < found.value[0] < found.value[1] < found.mean < found.value[3] < found.value[2] < 0.3


def test_the_spread_between_sources_is_found_again():
    rng = np.random.default_rng(8)
    truth = rng.normal(0.2, 0.05, 400)
    variance = rng.uniform(0.0005, 0.01, 400)
    found = shrink_means(mean=rng.normal(truth, np.sqrt(variance)), variance=variance)
    assert found.spread == pytest.approx(truth.std(), rel=0.1)
    # Shrunk means are nearer the truth than any rule that does not shrink.
    raw_error = variance.mean()
    assert np.mean(np.square(found.value - truth)) < 0.6 * raw_error
    assert np.mean(np.abs(found.value - truth) < 1.96 * found.sd) == pytest.approx(0.95, abs=0.025)


def test_three_sources_are_not_shrunk():
    found = shrink_means(mean=[0.1, 0.2, 0.4], variance=[0.1, 0.1, 0.1])
    assert found.value.tolist() == [0.1, 0.2, 0.4]
    assert found.factor.tolist() == [0.0, 0.0, 0.0]
    partly = shrink_means(mean=[0.1, 0.2], variance=[0.1, np.nan])
    assert partly.value == pytest.approx([0.1, np.nan], nan_ok=True)


def test_a_variance_of_nothing_is_refused():
    with pytest.raises(ValueError, match="row 1"):
        shrink_means(mean=[0.1, 0.2], variance=[0.1, 0.0])


def test_lucky_small_variances_are_moderated():
    rng = np.random.default_rng(3)
    df = np.full(300, 4)
    own = 0.02 * rng.chisquare(4, 300) / 4
    found, total = moderated_variances(variance=own, df=df)
    # All come from one variance: that is found, and the luck is gone.
    assert np.std(found) < 0.35 * np.std(own)
    assert found == pytest.approx(np.full(300, 0.02), rel=0.5)
    assert (total > 20).all()


def test_variances_that_differ_are_left_to_differ():
    rng = np.random.default_rng(4)
    true = np.exp(rng.normal(0, 1.5, 300))
    own = true * rng.chisquare(30, 300) / 30
    found, total = moderated_variances(variance=own, df=np.full(300, 30))
    assert np.corrcoef(np.log(found), np.log(true))[0, 1] > 0.95
    assert (total < 40).all()


def test_an_event_without_scores_is_never_drawn():
    data = board(n_sources=5, n_questions=12)
    wide = crossed(
        source=data.source, question=2 * data.question + 9, score=data.score, n_sources=5, n_questions=90
    )
    reference = np.full(len(data.score), 0.22)
    given = {"question_ridge": 0.5, "reference": reference, "draws": 50}
    one = standings(data=data, event=np.arange(12), **given)
    other = standings(data=wide, event=np.arange(90)[::-1], **given)
    np.testing.assert_allclose(one.raw, other.raw)
    # The same events under other codes: other draws, of the same number.
    back = np.zeros(90, dtype=int)
    back[2 * np.arange(12) + 9] = 100 + 3 * np.arange(12)
    same = standings(data=wide, event=back, **given)
    for name in ("low", "high", "rank_low", "p_first", "p_beats"):
        np.testing.assert_allclose(getattr(one, name), getattr(same, name))


def test_who_never_met_the_reference_in_two_events_has_no_share_of_beating_it():
    data = crossed(source=[0, 0, 0, 1, 1, 1], question=[0, 1, 2] * 2, score=[0.1, 0.2, 0.3, 0.3, 0.1, 0.2])
    reference = [0.25, np.nan, np.nan, 0.25, 0.25, np.nan]
    found = standings(
        data=data,
        event=[0, 1, 2],
        question_ridge=1.0,
        reference=[reference[3 * s + q] for s, q in zip(data.source, data.question, strict=True)],
        draws=200,
    )
    assert np.isnan(found.p_beats).tolist() == [True, False]


@pytest.mark.parametrize("n", [3, 4, 7, 11])
def test_events_that_all_say_the_same_tell_nothing_of_luck(n):
    # Whether the last digits happen to cancel must not decide.
    score = np.square(np.array([0.4, 0.39, 0.38]))
    source, question = (each.ravel() for each in np.indices((3, n)))
    found = standings(
        data=crossed(source=source, question=question, score=score[source]),
        event=np.arange(n),
        question_ridge=0.3,
        draws=20,
    )
    assert found.rank.tolist() == [3, 2, 1]
    assert np.isnan([found.low, found.high, found.p_first]).all()
