"""The entry point: every trap of the data, in one call; plain data that is strict JSON."""

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.scoring import Status, crps_from_quantiles, score
from forecasts.scoring.summary import summary


def columns(n=4, **change):
    made = {
        "question": [0, 0, 1, 1],
        "source": [7, 8, 7, 8],
        "stated_at": [0.0, 1.0, 0.0, 2.0],
        "value": [0.9, 0.6, 0.2, 0.5],
        "outcome": [1, 1, 0, 0],
        "known_at": [5.0] * 4,
        "bootstrap": 20,
    }
    return made | change


def figures(**change):
    result = score(**columns(**change))
    return summary(result=result, source_names=[f"source {code}" for code in result.sources.code])


def test_one_table_of_each_kind():
    result = score(**columns())
    assert result.forecasts.brier == pytest.approx([0.01, 0.16, 0.04, 0.25])
    assert result.pairs.coverage == pytest.approx([1.0, 0.8, 1.0, 0.6])
    assert result.questions.n_sources.tolist() == [2, 2]
    assert result.sources.code.tolist() == [7, 8]
    assert result.sources.brier == pytest.approx([0.025, 0.205])
    assert result.sources.standings.rank.tolist() == [1, 2]
    assert result.questions.base_rate == pytest.approx([0.0, 1.0])


def test_rows_that_do_not_count_are_kept_and_say_why():
    result = score(
        question=[0, 0, 0, 0, 1, 2, 0],
        source=[0, 0, 0, 0, 0, 0, 0],
        stated_at=[0.0, 0.0, 6.0, 5.0, 0.0, 0.0, 1.0],
        value=[0.5, 0.5, 0.9, 0.9, 0.5, 0.5, np.nan],
        outcome=[1, 1, 1, 1, np.nan, np.nan, 1],
        known_at=[5.0, 5.0, 5.0, 5.0, np.nan, 4.0, 5.0],
        withdrawn=[False] * 6 + [True],
        bootstrap=0,
    )
    found = [Status(status) for status in result.forecasts.status]
    scored, twice = sorted(found[:2])
    assert (scored, twice) == (Status.SCORED, Status.DUPLICATE)
    assert found[2:] == [Status.LATE, Status.LATE, Status.OPEN, Status.VOID, Status.WITHDRAWAL]
    assert result.n_scored == 1
    assert result.pairs.coverage.tolist() == [0.2]


def test_the_actual_close_is_the_earlier_of_close_and_event():
    early = score(**columns(closes_at=[9.0] * 4, opens_at=[0.0] * 4))
    assert early.pairs.coverage == pytest.approx([1.0, 0.8, 1.0, 0.6])
    late = score(**columns(closes_at=[4.0] * 4, opens_at=[0.0] * 4))
    assert late.pairs.coverage == pytest.approx([1.0, 0.75, 1.0, 0.5])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": [0.9, np.nan, 0.2, 0.5]}, "row 1"),
        ({"value": [0.9, 1.2, 0.2, 0.5]}, "row 1"),
        ({"outcome": [1, 0, 0, 0]}, "unlike another row"),
        ({"known_at": [5.0, np.nan, 5.0, 5.0]}, "row 1: known_at"),
        ({"stated_at": [0.0, np.nan, 0.0, 0.0]}, "row 1: stated_at"),
        ({"value": [0.5] * 3}, "length"),
        ({"rule": "points"}, "rule"),
        ({"compared_by": "first"}, "compared_by"),
        ({"source": [0.5, 1.5, 0.5, 1.5]}, "codes|integer"),
        ({"question": [1, 1, 0, 0], "value": [0.9, 1.2, 0.2, 0.5]}, "row 1: probability"),
        ({"known_at": [5.0, 5.0, 5.0, 6.0]}, "known_at is .*, unlike another row"),
        ({"opens_at": [0.0, 0.0, np.nan, 0.0]}, "opens_at is .*, unlike another row"),
        ({"closes_at": [4.0, 3.0, 4.0, 4.0]}, "closes_at is .*, unlike another row"),
        ({"event": [0, 1, 2, 2]}, "event is .*, unlike another row"),
        ({"rule": "crps", "outcome": [-1.0, np.nan, 0.0, 0.0]}, "outcome is .*, unlike another row"),
        ({"low": [0.95, 0.5, 0.1, 0.5]}, "row 0: low is 0.95"),
        ({"high": [0.95, 0.5, 0.2, 0.5]}, "row 1: high is 0.5"),
        ({"rule": "crps", "low": [0.0] * 4, "high": [1.0] * 4}, "probability of"),
        ({"rule": "interval"}, r"\(n, 2\)"),
        ({"rule": "log", "log_clip": 0.0, "value": [0.9, 0.0, 0.2, 0.5]}, "row 1: score is inf.*log_clip"),
        ({"rule": "crps", "value": [[1.0, 2.0]] * 4, "levels": [[0.1, 0.9]] * 3}, "length"),
    ],
)
def test_what_is_wrong_is_refused_with_its_row(change, words):
    with pytest.raises(ValueError, match=words):
        score(**columns(**change))


def test_no_rows_are_no_numbers():
    result = score(question=[], source=[], stated_at=[], value=[], outcome=[], known_at=[])
    plain = summary(result=result, source_names=[])
    assert (plain["n_rows"], plain["n_scored"], plain["sources"]) == (0, 0, [])
    assert plain["brier"] is None
    assert plain["corp"] == {"mcb": None, "dsc": None, "unc": None}


def test_all_open_is_no_numbers_but_the_sources_are_there():
    plain = figures(outcome=[np.nan] * 4, known_at=[np.nan] * 4)
    assert (plain["n_rows"], plain["n_scored"], plain["not_scored"]["open"]) == (4, 0, 4)
    assert [row["n_questions"] for row in plain["sources"]] == [0, 0]
    assert [row["rank"] for row in plain["sources"]] == [None, None]
    assert plain["sources"][0]["reason"] == "no scored forecast"


def test_one_class_of_outcomes_has_no_auc():
    plain = figures(outcome=[1, 1, 1, 1])
    assert plain["auc"] is None
    assert plain["skill_base_rate"] is None
    assert plain["brier"] == pytest.approx((0.01 + 0.16 + 0.64 + 0.25) / 4)


def test_sources_that_share_nothing_are_not_comparable_and_say_so():
    plain = figures(question=[0, 1, 2, 3], outcome=[1, 0, 1, 0])
    assert [row["adjusted_fixed"] for row in plain["sources"]] == [None, None]
    assert plain["sources"][0]["reason"] == "shares no question with another source"
    assert plain["sources"][0]["peer_spot"] is None


def test_min_n_marks_the_provisional():
    assert [row["provisional"] for row in figures(min_n=3)["sources"]] == [True, True]
    assert [row["provisional"] for row in figures(min_n=2)["sources"]] == [False, False]


def test_plain_data_is_strict_json():
    for change in ({}, {"outcome": [1] * 4}, {"outcome": [np.nan] * 4}, {"bootstrap": 0}, {"rule": "log"}):
        text = json.dumps(figures(**change), allow_nan=False)
        assert json.loads(text)["n_rows"] == 4


def test_bins_without_forecasts_have_no_numbers():
    empty = [row for row in figures()["bins"] if row["n"] == 0]
    assert len(empty) == 6
    assert {row["freq"] for row in empty} == {None}


def test_options_ordered_numbers_and_ranges_go_the_same_way():
    options = score(**columns(value=[[0.7, 0.2, 0.1], [0.2, 0.2, 0.6]] * 2, outcome=[0, 0, 2, 2]))
    assert options.forecasts.score == pytest.approx([0.07, 0.52, 0.67, 0.12])
    assert options.reference == "uninformed"
    assert options.calibration is None
    ordered = score(
        **columns(
            value=[[0.7, 0.2, 0.1], [0.2, 0.2, 0.6]] * 2, outcome=[0, 0, 2, 2], rule="ranked_probability"
        )
    )
    assert ordered.forecasts.score == pytest.approx(
        [(0.09 + 0.01) / 2, (0.64 + 0.36) / 2, (0.49 + 0.81) / 2, (0.04 + 0.16) / 2]
    )
    numbers = score(**columns(value=[3.0, 4.0, 10.0, 8.0], outcome=[5.0, 5.0, 9.0, 9.0], rule="crps"))
    assert numbers.forecasts.score == pytest.approx([2.0, 1.0, 1.0, 1.0])
    assert np.isnan(numbers.forecasts.brier).all()
    quantiles = score(
        **columns(value=[[0.0, 1.0]] * 4, levels=[0.0, 1.0], outcome=[0.5, 0.5, 1.0, 1.0], rule="crps")
    )
    assert quantiles.forecasts.score == pytest.approx([1 / 12, 1 / 12, 1 / 3, 1 / 3])
    ranges = score(
        **columns(value=[[1.0, 3.0]] * 4, levels=0.9, outcome=[2.0, 2.0, 4.0, 4.0], rule="interval")
    )
    assert ranges.forecasts.score == pytest.approx([2.0, 2.0, 22.0, 22.0])


def test_a_verbal_range_goes_along_to_the_source():
    result = score(**columns(low=[0.8, np.nan, 0.2, np.nan], high=[1.0, np.nan, 0.4, np.nan]))
    assert result.sources.time_weighted_min == pytest.approx([0.02, 0.205])
    assert result.sources.time_weighted_max == pytest.approx([0.10, 0.205])


def test_the_event_is_what_is_drawn():
    rng = np.random.default_rng(0)
    n = 200
    rows = {
        "question": np.arange(n),
        "source": np.zeros(n, dtype=int),
        "stated_at": np.zeros(n),
        "value": np.repeat(rng.random(10), 20),
        "outcome": np.repeat(rng.integers(0, 2, 10), 20),
        "known_at": np.ones(n),
    }
    alone, together = score(**rows), score(**rows, event=np.arange(n) // 20)
    wide, narrow = (x.sources.standings.high[0] - x.sources.standings.low[0] for x in (together, alone))
    assert wide > 3 * narrow
    assert together.sources.standings.n_events[0] == 10


ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 6), st.integers(0, 10)),
    min_size=1,
    max_size=25,
)


@given(rows=ROWS, seed=st.integers(0, 999))
@settings(deadline=None, max_examples=15)
def test_row_order_changes_no_figure(rows, seed):
    def plain(order):
        question, source, stated_at, p = (
            np.array(column) for column in zip(*(rows[at] for at in order), strict=True)
        )
        return figures(
            question=question,
            source=source,
            stated_at=stated_at.astype(float),
            value=p / 10,
            outcome=np.array([1, 0, 1, 0, 1])[question],
            known_at=np.array([5.0, 5.0, 5.0, 4.0, 9.0])[question],
            opens_at=np.zeros(len(rows)),
            bootstrap=8,
        )

    order = np.random.default_rng(seed).permutation(len(rows))
    assert plain(order) == plain(range(len(rows)))


def test_a_scientist_needs_no_django():
    code = "import sys, forecasts.scoring; assert not [m for m in sys.modules if m.startswith('django')]"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_is_not_asked_for_among_others_is_missing_and_the_rest_the_same() -> None:
    given = {
        "question": [0, 0, 1, 1],
        "source": [7, 8, 7, 8],
        "stated_at": [0.0] * 4,
        "value": [0.9, 0.6, 0.2, 0.5],
        "outcome": [1, 1, 0, 0],
        "known_at": [5.0] * 4,
        "bootstrap": 0,
    }
    every, fewer = score(**given), score(**given, among_others=False)
    for name in ("relative", "peer", "spot_peer"):
        assert not np.isnan(getattr(every.pairs, name)).any()
        assert np.isnan(getattr(fewer.pairs, name)).all()
    for name in ("brier", "adjusted_fixed", "adjusted_shrunk"):
        np.testing.assert_array_equal(getattr(every.sources, name), getattr(fewer.sources, name))


def test_levels_of_quantiles_are_not_taken_for_levels_of_rows():
    # As many quantiles as rows, and rows in another order than their questions.
    change = {"question": [1, 1, 0, 0], "outcome": [2.0, 2.0, 1.0, 1.0], "rule": "crps"}
    change["value"] = [[0.0, 1.0, 2.0, 4.0], [1.0, 1.5, 3.0, 4.0], [0.0, 0.0, 1.0, 2.0], [0.5, 1.0, 1.0, 9.0]]
    levels = [0.1, 0.4, 0.6, 0.9]
    found = score(**columns(**change, levels=levels)).forecasts.score
    assert found == pytest.approx(
        crps_from_quantiles(values=change["value"], levels=levels, outcome=change["outcome"])
    )
    by_row = score(**columns(**change, levels=[levels] * 4)).forecasts.score
    np.testing.assert_array_equal(by_row, found)
    ranges = columns(rule="interval", value=[[0.0, 2.0]] * 4, levels=[0.5, 0.6, 0.8, 0.9], outcome=[3.0] * 4)
    assert score(**ranges).forecasts.score == pytest.approx([2 + 4, 2 + 5, 2 + 10, 2 + 20])


def test_a_probability_of_0_unclipped_leaves_peer_scores_of_other_questions_alone():
    more = {"value": [0.0, 0.6, 0.2, 0.5], "log_clip": 0.0}
    found = score(**columns(**more)).pairs
    assert np.isnan(found.peer).tolist() == np.isnan(found.spot_peer).tolist() == [True, True, False, False]
    clipped = score(**columns(value=[0.1, 0.6, 0.2, 0.5])).pairs
    assert found.peer[2:] == pytest.approx(clipped.peer[2:])


def test_what_happened_before_the_opening_is_scored_without_time():
    result = score(**columns(opens_at=[8.0] * 4))
    assert np.isnan(result.pairs.score).all()
    assert np.isnan(result.pairs.coverage).all()
    assert result.pairs.compared == pytest.approx([0.01, 0.16, 0.04, 0.25])


@pytest.mark.parametrize("n", [1, 40])
def test_open_and_void_questions_change_nothing_for_those_that_resolved(n):
    rng = np.random.default_rng(4)
    source, question = (each.ravel() for each in np.indices((5, 8)))
    made = {"question": question, "source": source, "stated_at": np.zeros(40), "value": rng.random(40)}
    made |= {"outcome": rng.integers(0, 2, 8)[question].astype(float), "known_at": np.full(40, 5.0)}
    more = {"question": np.arange(n) + 8, "source": np.arange(n) % 6, "stated_at": np.zeros(n)}
    more |= {"value": np.full(n, 0.5), "outcome": np.full(n, np.nan)}
    more |= {"known_at": np.where(np.arange(n) % 2, np.nan, 5.0)}
    one = score(**made, bootstrap=50)
    other = score(**{name: np.concatenate((made[name], more[name])) for name in made}, bootstrap=50)
    names = [f"source {code}" for code in range(6)]
    before, after = (
        summary(result=result, source_names=names[: len(result.sources.code)]) for result in (one, other)
    )
    for name in before.keys() - {"n_rows", "not_scored", "sources"}:
        assert after[name] == before[name]
    for mine, theirs in zip(before["sources"], after["sources"], strict=False):
        assert theirs == pytest.approx(mine, abs=1e-6)
