"""Difficulty: exact fractions, components, BLUP and REML against dense algebra."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from forecasts.scoring import (
    crossed,
    difficulty,
    fixed_effects,
    random_effects,
    ranks,
    variance,
    variance_components,
)


def layout(n_sources=12, n_questions=25, share=0.4, seed=1, weighted=False):
    rng = np.random.default_rng(seed)
    source, question = np.nonzero(rng.random((n_sources, n_questions)) < share)
    score = 0.3 + rng.normal(0, 0.06, n_sources)[source] + rng.normal(0, 0.2, n_questions)[question]
    score += rng.normal(0, 0.1, len(source))
    weight = rng.uniform(0.2, 1.0, len(source)) if weighted else None
    return crossed(
        source=source,
        question=question,
        score=score,
        weight=weight,
        n_sources=n_sources,
        n_questions=n_questions,
    )


def test_the_exact_case_where_adjustment_reverses_the_order():
    # A answered easier questions and B harder ones; easy, mid, hard are 0, 1, 2.
    data = crossed(
        source=[0, 0, 1, 1, 2, 2, 2],
        question=[0, 1, 1, 2, 0, 1, 2],
        score=[0.05, 0.17, 0.15, 0.33, 0.04, 0.16, 0.36],
    )
    found = fixed_effects(data=data)
    exact = [Fraction(97, 500), Fraction(251, 1500), Fraction(14, 75)]
    assert found.adjusted == pytest.approx([float(x) for x in exact], abs=1e-12)
    hard = [Fraction(-109, 750), Fraction(-17, 750), Fraction(21, 125)]
    assert found.difficulty == pytest.approx([float(x) for x in hard], abs=1e-12)
    raw = np.bincount(data.source, weights=data.score) / np.bincount(data.source)
    assert ranks(score=raw).tolist() == [1, 3, 2]
    assert ranks(score=found.adjusted).tolist() == [3, 1, 2]


@pytest.mark.parametrize("weighted", [False, True])
def test_fixed_effects_are_dense_least_squares(weighted):
    data = layout(weighted=weighted)
    design = np.zeros((len(data.score), data.n_sources + data.n_questions))
    design[np.arange(len(design)), data.source] = 1.0
    design[np.arange(len(design)), data.n_sources + data.question] = 1.0
    root = np.sqrt(data.weight)
    effect = np.linalg.lstsq(design * root[:, None], data.score * root, rcond=None)[0]
    expected = effect[: data.n_sources] + effect[data.n_sources :].mean()
    assert fixed_effects(data=data).adjusted == pytest.approx(expected, abs=1e-10)


def test_conjugate_gradients_and_the_direct_solution_agree(monkeypatch):
    data = layout()
    direct = fixed_effects(data=data).adjusted
    monkeypatch.setattr(difficulty, "DENSE_LIMIT", 0)
    assert fixed_effects(data=data).adjusted == pytest.approx(direct, abs=1e-10)


def test_a_source_apart_is_not_comparable():
    # 0 and 1 meet on question 0; 2 and 3 only each other; 4 nobody.
    data = crossed(
        source=[0, 1, 1, 2, 3, 4], question=[0, 0, 1, 2, 2, 3], score=[0.1, 0.2, 0.3, 0.1, 0.2, 0.0]
    )
    found = fixed_effects(data=data)
    assert found.adjusted[:2] == pytest.approx([0.15, 0.25])
    assert np.isnan(found.adjusted[2:]).all()
    assert found.component.tolist() == [0, 0, 1, 1, 2]
    assert found.alone.tolist() == [False, False, False, False, True]


def test_a_single_source_is_its_own_mean():
    data = crossed(source=[0, 0], question=[0, 1], score=[0.1, 0.3])
    assert fixed_effects(data=data).adjusted == pytest.approx([0.2])


def test_always_a_half_scores_a_quarter_whoever_else_is_there():
    data = crossed(source=[0, 0, 0, 1, 2], question=[0, 1, 2, 0, 2], score=[0.25, 0.25, 0.25, 0.9, 0.0])
    assert fixed_effects(data=data).adjusted[0] == pytest.approx(0.25, abs=1e-12)


def test_a_pair_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        crossed(source=[0, 0], question=[1, 1], score=[0.1, 0.2])


@given(seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_adjustment_takes_out_any_shift_of_a_question(seed):
    rng = np.random.default_rng(seed)
    data = layout(seed=seed, share=0.5)
    shift = rng.normal(0, 1, data.n_questions)
    moved = crossed(source=data.source, question=data.question, score=data.score + shift[data.question])
    one, other = fixed_effects(data=data).adjusted, fixed_effects(data=moved).adjusted
    assert one - one[0] == pytest.approx(other - other[0], abs=1e-9)


def covariance(data, source, question, error):
    return (
        np.diag(error / data.weight)
        + source * (data.source[:, None] == data.source)
        + question * (data.question[:, None] == data.question)
    )


def restricted(data, parts):
    """Minus twice the restricted log-likelihood, by dense algebra."""
    v = covariance(data, *parts)
    inverse = np.linalg.inv(v)
    total = inverse.sum()
    centred = data.score - (inverse.sum(axis=0) @ data.score) / total
    return np.linalg.slogdet(v)[1] + np.log(total) + centred @ inverse @ centred


@pytest.mark.parametrize("weighted", [False, True])
def test_reml_is_where_the_dense_likelihood_is_highest(weighted):
    data = layout(weighted=weighted)
    found = variance_components(data=data)
    assert found.method == "reml"
    start = np.log([found.source, found.question, found.error])
    best = minimize(
        lambda x: restricted(data, np.exp(x)),
        start + 0.3,
        method="Nelder-Mead",
        options={"xatol": 1e-6, "fatol": 1e-10},
    )
    ours = [found.source, found.question, found.error]
    assert ours == pytest.approx(np.exp(best.x), rel=1e-3)
    assert restricted(data, ours) <= best.fun + 1e-6


def test_random_effects_are_the_dense_best_predictor():
    data = layout(weighted=True)
    parts = (0.004, 0.03, 0.01)
    found = random_effects(data=data, source_ridge=0.01 / 0.004, question_ridge=0.01 / 0.03)
    inverse = np.linalg.inv(covariance(data, *parts))
    mean = (inverse.sum(axis=0) @ data.score) / inverse.sum()
    member = data.source[:, None] == np.arange(data.n_sources)
    expected = mean + 0.004 * member.T @ inverse @ (data.score - mean)
    assert found.mean == pytest.approx(mean, abs=1e-12)
    assert found.adjusted == pytest.approx(expected, abs=1e-12)


def test_moments_are_near_reml_where_data_are_many(monkeypatch):
    data = layout(n_sources=80, n_questions=200, share=0.3, seed=4)
    exact = variance_components(data=data)
    monkeypatch.setattr(variance, "DENSE_LIMIT", 10)
    quick = variance_components(data=data)
    assert quick.method == "moments"
    ours = [quick.source, quick.question, quick.error]
    assert ours == pytest.approx([exact.source, exact.question, exact.error], rel=0.1)


def test_moments_are_unbiased():
    found = [variance._moments(layout(seed=seed, share=0.5)) for seed in range(300)]
    means = [np.mean([getattr(each, name) for each in found]) for name in ("source", "question", "error")]
    assert means == pytest.approx([0.0036, 0.04, 0.01], rel=0.12)


@pytest.mark.parametrize(
    "data",
    [
        crossed(source=[], question=[], score=[]),
        crossed(source=[0], question=[0], score=[0.2]),
        crossed(source=[0, 1], question=[0, 1], score=[0.2, 0.3]),
        crossed(source=[0, 1, 0, 1], question=[0, 0, 1, 1], score=[0.25] * 4),
        # Nobody answered two questions: a source's effect can't be told from error.
        crossed(source=range(4), question=[0, 0, 1, 1], score=[0.1, 0.3, 0.2, 0.5]),
        # One question and one source, whatever else was asked of whom.
        crossed(source=range(4), question=[0] * 4, score=[0.1, 0.3, 0.2, 0.5], n_questions=9),
        crossed(source=[0] * 4, question=range(4), score=[0.1, 0.3, 0.2, 0.5], n_sources=9),
    ],
)
def test_too_little_to_tell_variances_apart_is_said(data):
    found = variance_components(data=data)
    assert (found.method, found.source, found.question) == ("none", 0.0, 0.0)


@pytest.mark.parametrize("seed", [7, 26, 30, 112])
def test_reml_of_few_scores_finds_the_highest_of_several_tops(seed):
    data = layout(n_sources=5, n_questions=4, share=0.5, seed=seed)
    found = variance_components(data=data)
    assert found.method == "reml"

    def loss(log_parts):
        return restricted(data, np.exp(np.clip(log_parts, -20.0, 5.0)))

    ours = loss(np.log([max(part, 1e-9) for part in (found.source, found.question, found.error)]))
    starts = [(a, b, c) for a in (-8.0, -3.0) for b in (-8.0, -3.0) for c in (-8.0, -3.0)]
    assert ours <= min(minimize(loss, start, method="Nelder-Mead").fun for start in starts) + 0.02


def test_what_the_effects_explain_entirely_is_not_shrunk():
    rng = np.random.default_rng(2)
    source, question = np.nonzero(rng.random((5, 9)) < 0.6)
    skill, hard = rng.random(5), rng.random(9)
    data = crossed(source=source, question=question, score=skill[source] + hard[question])
    parts = variance_components(data=data)
    assert parts.error < 1e-5 * parts.source
    found = random_effects(data=data, source_ridge=parts.source_ridge, question_ridge=parts.question_ridge)
    assert np.ptp(found.adjusted - skill) < 1e-4
