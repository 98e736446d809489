"""A board: fair counts, honest ranges, no look-ahead."""

from datetime import timedelta

import pytest

from forecasts.boards.reads.columns.columns import UnknownFilterError
from forecasts.boards.reads.standings import standings
from forecasts.models import Topic
from forecasts.questions.values.readings import Reading
from forecasts.questions.writes.forecasts import correct_forecast, withdraw_forecast
from forecasts.sources.writes import merge_sources
from forecasts.verdicts.writes.resolutions import reopen_question, void_question
from tests.records import NOW, exhibit, make_board, make_question, make_source, make_term, resolve, say

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _no_stale_figures(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def _rows(board=None, at=None):
    return {row.source: row for row in standings(board=board or make_board(), at=at)}


def test_the_mean_is_over_questions_and_the_range_over_the_verbal_scale():
    source, term = make_source(), make_term(low=0.5, best=0.6, high=0.8)
    one, two = make_question(), make_question("Will it hail?")
    say(one, source, 0, reading=Reading.from_term(term))
    say(two, source, 0.9)
    resolve(one, outcome=1)
    resolve(two, outcome=0)
    row = _rows()["Testa Testsson"]
    assert row.brier == pytest.approx((0.16 + 0.81) / 2)
    assert row.brier_low == pytest.approx((0.04 + 0.81) / 2)
    assert row.brier_high == pytest.approx((0.25 + 0.81) / 2)
    assert (row.n, row.n_forecasts, row.imputed_share) == (2, 2, 0.5)


def test_equal_scores_share_a_rank_and_the_next_is_counted_on():
    question = make_question()
    for name, probability in [("A", 0.9), ("B", 0.9), ("C", 0.8)]:
        say(question, make_source(name), probability)
    resolve(question)
    assert [(row.source, row.rank) for row in standings(board=make_board())] == [
        ("A", 1),
        ("B", 1),
        ("C", 3),
    ]


def test_open_and_void_questions_are_counted_and_never_scored():
    source = make_source()
    say(make_question("Open?"), source, 0.1)
    void = make_question("Void?")
    say(void, source, 0.1)
    void_question(question=void, reason="ambiguous", note="", evidence=[exhibit()], by=None, now=NOW)
    row = _rows()["Testa Testsson"]
    assert (row.n, row.brier, row.rank) == (0, None, None)
    assert (row.n_open, row.n_void, row.void_share) == (1, 1, 1.0)


def test_a_source_under_the_minimum_is_provisional_and_has_no_rank():
    question = make_question()
    say(question, make_source(), 0.9)
    resolve(question)
    row = _rows(make_board(minimum_n=2))["Testa Testsson"]
    assert (row.provisional, row.rank, row.brier) == (True, None, pytest.approx(0.01))


def test_what_was_said_after_the_event_is_kept_and_not_scored():
    question, source = make_question(), make_source()
    say(question, source, 1.0, days=-5)
    resolve(question, at=NOW - timedelta(days=10))
    row = _rows()["Testa Testsson"]
    assert (row.n, row.n_forecasts) == (0, 1)


def test_a_withdrawal_ends_what_is_scored():
    question, source = make_question(), make_source()
    say(question, source, 0.5, days=-20)
    withdraw_forecast(
        question=question, source=source, stated_at=NOW - timedelta(days=10), note="On air.", now=NOW
    )
    say(question, source, 1.0, days=-5)
    resolve(question, at=NOW)
    assert _rows()["Testa Testsson"].brier == pytest.approx(0.25 * 10 / 15)


def test_a_merged_source_counts_for_the_one_it_was_merged_into():
    one, other = make_source("Main"), make_source("Alias")
    question = make_question()
    say(question, other, 0.9)
    resolve(question)
    merge_sources(source=other, into=one, reason="The same.", by=None, now=NOW + WEEK)
    board = make_board()
    assert list(_rows(board)) == ["Main"]
    assert list(_rows(board, at=NOW)) == ["Alias"]


def test_no_look_ahead():
    source, question = make_source(), make_question()
    wrong = say(question, source, 0.2)
    resolve(question, now=NOW + WEEK)
    correct_forecast(forecast=wrong, reading=Reading.stated(0.9), note="Misheard.", now=NOW + 2 * WEEK)
    reopen_question(question=question, reason="Retracted.", by=None, now=NOW + 3 * WEEK)
    resolve(question, outcome=0, now=NOW + 4 * WEEK)
    board = make_board()
    then = {weeks: _rows(board, at=NOW + weeks * WEEK)["Testa Testsson"].brier for weeks in range(5)}
    expected = {0: None, 1: 0.64, 2: 0.01, 3: None, 4: 0.81}
    assert then == {weeks: brier and pytest.approx(brier) for weeks, brier in expected.items()}
    assert _rows(board)["Testa Testsson"].brier == pytest.approx(0.81)
    assert _rows(board, at=NOW - WEEK) == {}


def test_filters_choose_the_forecasts():
    rain = Topic.objects.create(slug="rain", name="Rain")
    wet, dry = make_question(topics=[rain]), make_question("Will it be dry?")
    say(wet, make_source("Wet"), 0.9)
    say(dry, make_source("Dry", kind="model"), 0, reading=Reading.from_term(make_term()))
    for slug, board_filter, expected in [
        ("a", {"topics": ["rain"]}, ["Wet"]),
        ("b", {"source_kinds": ["model"]}, ["Dry"]),
        ("c", {"stated_only": True}, ["Wet"]),
        ("d", {"question_kinds": ["binary"], "topics": []}, ["Wet", "Dry"]),
    ]:
        assert set(_rows(make_board(slug, filter=board_filter))) == set(expected)
    with pytest.raises(UnknownFilterError, match="filters by “colour”"):
        _rows(make_board("e", filter={"colour": ["red"]}))


def test_a_board_takes_the_same_queries_however_many_rows_it_has(django_assert_num_queries):
    board = make_board()
    question = make_question()
    for number in range(30):
        say(question, make_source(f"Test source {number}"), 0.5)
    resolve(question)
    with django_assert_num_queries(8):
        assert len(standings(board=board)) == 30
    with django_assert_num_queries(2):
        assert len(standings(board=board)) == 30


def test_a_new_fact_or_a_new_setting_is_never_served_from_the_cache():
    board, question = make_board(), make_question()
    say(question, make_source(), 0.9)
    assert _rows(board)["Testa Testsson"].n == 0
    resolve(question)
    assert _rows(board)["Testa Testsson"].n == 1
    board.minimum_n = 5
    board.save()
    assert _rows(board)["Testa Testsson"].provisional


def test_an_empty_board_has_no_rows():
    assert standings(board=make_board()) == []
