"""History, calibration and changes of a board: known answers, identities, no look-ahead."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from forecasts.boards.reads.calibration import calibration
from forecasts.boards.reads.changes import board_changes
from forecasts.boards.reads.columns.columns import board_columns
from forecasts.boards.reads.columns.instants import record_until
from forecasts.boards.reads.figures.ranking import ranked
from forecasts.boards.reads.history import board_history
from forecasts.boards.reads.standings import cache_key
from forecasts.models import Forecast
from forecasts.questions.values.readings import Reading
from forecasts.questions.writes.forecasts import correct_forecast
from forecasts.scoring.series import score_series
from forecasts.sources.writes import merge_sources
from forecasts.verdicts.writes.resolutions import reopen_question
from tests.records import NOW, make_board, make_question, make_source, resolve, say

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
OPENS = datetime(2018, 1, 1, tzinfo=UTC)


def _answered(number, sources, *, known, outcome=1, recorded=NOW):
    """A question open since 2018 on which each source gave its probability at once."""
    question = make_question(f"Question {number}?", opens_at=OPENS, on=known.date())
    for source, probability in sources.items():
        say(question, source, probability, stated_at=OPENS)
    resolve(question, outcome=outcome, at=known, now=recorded)
    return question


def test_history_is_the_mean_of_what_was_known_by_the_end_of_each_month():
    ann, bo = make_source("Ann"), make_source("Bo")
    _answered(1, {ann: 0.9, bo: 0.5}, known=datetime(2018, 3, 10, 12, tzinfo=UTC))
    _answered(2, {ann: 0.5}, known=datetime(2018, 5, 20, 12, tzinfo=UTC))
    _answered(3, {ann: 0.9}, known=datetime(2019, 4, 2, 12, tzinfo=UTC))
    points = {(each.month, each.slug): each for each in board_history(board=make_board())}
    assert len(points) == 2 * 14
    march, may, april = (points[date(*day), "ann"] for day in [(2018, 3, 1), (2018, 5, 1), (2019, 4, 1)])
    assert (march.n, march.brier, march.rank) == (1, pytest.approx(0.01), 1)
    assert (may.n, may.brier, may.rank) == (2, pytest.approx(0.13), 1)
    # Twelve months back from April 2019 lies May 2018: March has left the rolling mean.
    assert (april.n, april.brier) == (3, pytest.approx(0.27 / 3))
    assert (april.rolling_n, april.rolling) == (2, pytest.approx(0.13))
    assert (points[date(2019, 4, 1), "bo"].rank, points[date(2019, 4, 1), "bo"].rolling) == (2, None)
    only = board_history(board=make_board("one"), source=bo)
    assert {each.slug for each in only} == {"bo"}
    assert only[-1].rank == 2


def test_history_agrees_with_the_running_series_of_scores():
    rng = np.random.default_rng(0)
    sources = [make_source(name) for name in ("A", "B", "C")]
    for number in range(12):
        day = datetime(2018, 2, 1, 12, tzinfo=UTC) + timedelta(days=int(rng.integers(0, 600)))
        _answered(number, {each: float(rng.random()) for each in sources}, known=day)
    board = make_board()
    found = ranked(columns=board_columns(board=board, at=None), board=board)
    series = score_series(
        source=found.result.pairs.source, known_at=found.known_at, score=found.result.pairs.compared
    )
    last = {each.slug: each.brier for each in board_history(board=board)}
    for code, slug in enumerate(["a", "b", "c"]):
        assert last[slug] == pytest.approx(series.mean[series.source == code][-1])


def test_calibration_has_known_answers():
    source = make_source()
    for number in range(10):
        _answered(
            number,
            {source: 0.8 if number < 5 else 0.3},
            known=NOW - WEEK,
            outcome=int(number in {0, 1, 2, 5}),
        )
    found = calibration(board=make_board(), now=NOW)
    assert (found.n, found.n_questions, found.base_rate) == (10, 10, 0.4)
    assert [(step.probability, step.n, step.recalibrated) for step in found.curve] == [
        (0.3, 5, pytest.approx(0.2)),
        (0.8, 5, pytest.approx(0.6)),
    ]
    parts = found.miscalibration - found.discrimination + found.uncertainty
    assert found.brier == pytest.approx(parts)
    assert found.miscalibration == pytest.approx((0.1**2 + 0.2**2) / 2)
    filled = [each for each in found.bins if each.n]
    assert [(each.low, each.n, each.mean_p, each.frequency) for each in filled] == [
        (0.3, 5, pytest.approx(0.3), pytest.approx(0.2)),
        (0.8, 5, pytest.approx(0.8), pytest.approx(0.6)),
    ]
    assert filled[0].wilson_low < 0.2 < filled[0].wilson_high
    assert found.auc == pytest.approx((3 * 4 + 0.5 * (3 * 2 + 1 * 4)) / 24)
    assert all(step.band_low <= step.band_high for step in found.curve)
    assert 0 < found.slope < 1


def test_calibration_leaves_out_what_was_answered_before_its_deadline():
    question, source = make_question(on=date(2020, 6, 30)), make_source()
    say(question, source, 0.9)
    resolve(question, at=NOW - WEEK)
    board = make_board()
    assert calibration(board=board, now=NOW).n == 0
    assert calibration(board=board, now=question.deadline_at).n == 1
    assert calibration(board=board, now=NOW).brier is None


def test_changes_say_which_resolution_moved_whom():
    ann, bo = make_source("Ann"), make_source("Bo")
    first = _answered(1, {ann: 0.9, bo: 0.6}, known=NOW - 9 * WEEK)
    second = _answered(2, {ann: 0.1, bo: 0.6}, known=NOW - 8 * WEEK, recorded=NOW + WEEK)
    board = make_board()
    latest, earliest = board_changes(board=board)
    assert [each.slug for each in latest.resolutions] == [second.slug]
    assert [each.slug for each in earliest.resolutions] == [first.slug]
    moved = {each.slug: each for each in latest.moves}
    assert (moved["ann"].rank_before, moved["ann"].rank_after) == (1, 2)
    assert (moved["ann"].score_before, moved["ann"].score_after) == (pytest.approx(0.01), pytest.approx(0.41))
    # Bo scored the same on both, so only the rank moved, and n.
    assert (moved["bo"].n_before, moved["bo"].n_after, moved["bo"].rank_after) == (1, 2, 1)
    assert latest.moves[0].slug == "ann"
    assert [each.rank_before for each in earliest.moves] == [None, None]
    assert board_changes(board=board, at=NOW) == [earliest]
    assert board_changes(board=board, latest=1) == [latest]


def test_to_reopen_a_question_is_a_change_too():
    question = _answered(1, {make_source(): 0.9}, known=NOW - WEEK)
    reopen_question(question=question, reason="Retracted.", by=None, now=NOW + WEEK)
    change = board_changes(board=make_board())[0]
    assert [each.answer for each in change.resolutions] == ["reopened"]
    assert [(each.n_before, each.n_after, each.score_after) for each in change.moves] == [(1, 0, None)]


def test_what_is_recorded_later_changes_no_earlier_history_or_calibration():
    source = make_source()
    _answered(1, {source: 0.9}, known=NOW - 4 * WEEK)
    board = make_board()

    def as_known_then():
        return board_history(board=board, at=NOW), calibration(board=board, now=NOW, at=NOW)

    before = as_known_then()
    _answered(2, {source: 0.1}, known=NOW - 3 * WEEK, recorded=NOW + WEEK)
    assert as_known_then() == before
    assert calibration(board=board, now=NOW + WEEK).n == 2


def test_figures_take_the_same_queries_however_many_rows(django_assert_num_queries):
    board = make_board()
    for number in range(2):
        _answered(number, {make_source(f"S {number} {each}"): 0.5 for each in range(4)}, known=NOW - WEEK)
    with django_assert_num_queries(5):
        assert len(board_history(board=board)) == 8
    with django_assert_num_queries(4):
        assert calibration(board=board, now=NOW).n == 8


def test_a_board_without_outcomes_has_none_of_it():
    board = make_board()
    say(make_question(), make_source(), 0.5)
    assert board_history(board=board) == []
    assert board_changes(board=board) == []
    assert calibration(board=board, now=NOW).n == 0


def test_a_record_read_once_says_at_each_instant_what_the_board_said_then():
    """Corrections, reopenings, merges and what was recorded after its question was answered included."""
    days = [NOW + timedelta(days=day) for day in range(8)]
    ann, bo, cy = make_source("Ann"), make_source("Bo"), make_source("Cy")
    wrong = _answered(1, {ann: 0.9, bo: 0.6}, known=NOW - 9 * WEEK, recorded=days[1])
    _answered(2, {ann: 0.1, cy: 0.7}, known=NOW - 8 * WEEK, recorded=days[2])
    late = _answered(3, {bo: 0.3}, known=NOW - 7 * WEEK, recorded=days[3])
    say(late, ann, 0.8, stated_at=OPENS, now=days[4])
    correct_forecast(
        forecast=wrong.forecasts.get(source=bo),
        reading=Reading.stated(0.5),
        note="Misread.",
        by=None,
        now=days[5],
    )
    reopen_question(question=wrong, reason="Retracted.", by=None, now=days[6])
    merge_sources(source=cy, into=bo, reason="The same.", by=None, now=days[7])
    board = make_board(estimator="adjusted_shrunk")
    record = record_until(board=board, at=days[7])
    for day in days:
        told, again = board_columns(board=board, at=day), record.as_known_on(day)
        for each in fields(told):
            np.testing.assert_array_equal(getattr(again, each.name), getattr(told, each.name), each.name)


def test_an_answer_costs_one_ranking_where_nothing_else_moved_the_board(monkeypatch):
    ann, bo = make_source("Ann"), make_source("Bo")
    for number in range(5):
        _answered(number, {ann: 0.9, bo: 0.6}, known=NOW - WEEK, recorded=NOW + timedelta(days=number))
    ranked_rows = []

    def counted(*, columns, board):
        ranked_rows.append(len(columns))
        return ranked(columns=columns, board=board)

    monkeypatch.setattr("forecasts.boards.reads.changes.ranked", counted)
    assert len(board_changes(board=make_board())) == 5
    assert ranked_rows == [10, 8, 6, 4, 2, 0]


@pytest.mark.parametrize("window", [{}, {"window": "rolling", "window_days": 60}])
def test_figures_kept_of_a_past_date_are_of_what_was_known_then_in_whatever_order_it_was_entered(window):
    """An import reads its clock when it starts: what it enters may lie before what is entered already."""
    board, question, source = make_board(**window), make_question(), make_source()
    for day in (9, 3, 6):
        say(question, source, day / 10, stated_at=NOW, now=NOW + timedelta(days=day))
    ats = [NOW + timedelta(days=day) for day in range(1, 12)]
    keys = [cache_key(board=board, at=at) for at in ats]
    known = [Forecast.objects.as_known_on(at).count() for at in ats]
    assert len(set(keys)) == (len(ats) if window else 4)
    assert len(set(zip(keys, known, strict=True))) == len(set(keys))
    say(question, source, 0.5, stated_at=NOW + timedelta(days=1), now=NOW + timedelta(days=4))
    after = [cache_key(board=board, at=at) for at in ats]
    assert [key == again for key, again in zip(keys, after, strict=True)] == [day < 4 for day in range(1, 12)]
