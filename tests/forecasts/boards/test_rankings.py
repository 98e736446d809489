"""What a board adds to a mean: order by estimator, intervals over events, bands, windows, references."""

from datetime import date, timedelta

import numpy as np
import pytest

from forecasts.boards.reads.figures import table as figures
from forecasts.boards.reads.standings import drawn_standings, standings
from forecasts.boards.writes.standings import keep_standing
from forecasts.models import Board, Event
from forecasts.questions.values.readings import Reading
from forecasts.verdicts.writes.resolutions import reopen_question
from tests.records import NOW, make_board, make_question, make_source, make_term, resolve, say

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _no_stale_figures(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def _rows(board, **rest):
    return {row.source: row for row in standings(board=board, **rest)}


def _contest(n=12, event=None):
    """Three sources on n shared questions: Sharp is near what happened, Blunt is not."""
    sharp, fair, blunt = make_source("Sharp"), make_source("Fair"), make_source("Blunt")
    for number in range(n):
        question = make_question(f"Shared {number}?", event=event)
        happens = number % 2
        for source, off in [(sharp, 0.1 + 0.01 * number), (fair, 0.4 - 0.01 * number), (blunt, 0.6)]:
            say(question, source, 1 - off if happens else off)
        resolve(question, outcome=happens, at=NOW - WEEK)
    return sharp, fair, blunt


def test_new_boards_order_by_the_adjusted_and_shrunk_score():
    assert Board(slug="new").estimator == "adjusted_shrunk"


@pytest.mark.parametrize("estimator", ["raw", "shrunk", "adjusted_fixed", "adjusted_shrunk"])
def test_the_intervals_surround_the_score_that_the_board_orders_by(estimator):
    _contest()
    rows = _rows(make_board(estimator=estimator))
    name = "brier" if estimator == "raw" else estimator
    assert [row.source for row in rows.values()] == ["Sharp", "Fair", "Blunt"]
    for row in rows.values():
        assert row.ci_low <= getattr(row, name) <= row.ci_high
        assert row.rank_low <= row.rank <= row.rank_high
        assert row.rank_band == [row.rank, row.rank]
    assert sum(row.p_first for row in rows.values()) == pytest.approx(1)
    assert rows["Sharp"].p_first > 0.9
    assert rows["Sharp"].ci_low < rows["Sharp"].ci_high


def test_questions_of_one_event_are_one_piece_of_luck():
    _contest(6, event=Event.objects.create(slug="one", name="One"))
    row = _rows(make_board())["Sharp"]
    assert (row.rank, row.ci_low, row.rank_low, row.p_first) == (1, None, None, None)


def test_an_easy_question_does_not_make_a_better_source():
    sharp, fair, _blunt = _contest(8)
    lucky = make_source("Lucky")
    for number in range(8):
        easy, hard = make_question(f"Easy {number}?"), make_question(f"Hard {number}?")
        say(easy, lucky, 0.95)
        say(easy, fair, 0.95)
        say(hard, sharp, 0.3)
        say(hard, fair, 0.2)
        for question in (easy, hard):
            resolve(question, outcome=1, at=NOW - WEEK)
    raw = [row.source for row in standings(board=make_board("raw"))]
    fixed = _rows(make_board("fixed", estimator="adjusted_fixed"))
    assert raw[0] == "Lucky"
    assert fixed["Sharp"].rank < fixed["Lucky"].rank
    assert fixed["Lucky"].adjusted_fixed > fixed["Lucky"].brier


def test_who_shares_no_question_with_the_rest_is_not_comparable():
    _contest(4)
    own = make_question("Own?")
    say(own, make_source("Apart"), 1.0)
    resolve(own, at=NOW - WEEK)
    apart = _rows(make_board(estimator="adjusted_shrunk"))["Apart"]
    assert (apart.rank, apart.comparable, apart.reason) == (None, False, "not comparable")
    assert (apart.brier, apart.n, apart.provisional) == (0.0, 1, False)
    # A raw mean is compared as it stands, and says that difficulty was not taken out.
    apart = _rows(make_board("raw"))["Apart"]
    assert (apart.rank, apart.comparable, apart.reason) == (1, False, "")


def test_the_band_holds_the_rank_under_each_reading_of_the_words():
    question = make_question()
    wide = make_term(low=0.5, best=0.9, high=1.0)
    say(question, make_source("Worded"), 0, reading=Reading.from_term(wide))
    say(question, make_source("Plain"), 0.8)
    resolve(question, at=NOW - WEEK)
    rows = _rows(make_board())
    assert (rows["Worded"].rank, rows["Worded"].rank_band) == (1, [1, 2])
    assert (rows["Plain"].rank, rows["Plain"].rank_band) == (2, [1, 2])


def test_the_band_holds_the_rank_if_a_contested_outcome_went_the_other_way():
    question = make_question()
    say(question, make_source("Yes"), 0.8)
    say(question, make_source("No"), 0.2)
    resolve(question, at=NOW - WEEK)
    assert _rows(make_board())["Yes"].rank_band == [1, 1]
    reopen_question(question=question, reason="Retracted.", by=None, now=NOW)
    resolve(question, at=NOW - WEEK)
    rows = _rows(Board.objects.get())
    assert (rows["Yes"].rank, rows["Yes"].rank_band, rows["No"].rank_band) == (1, [1, 2], [1, 2])


def _asked_by_the_turn_of_the_year(**rest):
    """A question open from 2 to 30 December; had it half the time, until the 16th."""
    question = make_question(on=date(2019, 12, 30), **rest)
    say(question, make_source("Yes"), 0.8)
    say(question, make_source("No"), 0.2)
    return question


OURS = {"deadline_imputed": True, "deadline_reason": "The article names no time."}


def test_a_deadline_that_we_set_moves_the_band_by_what_had_not_come_true_at_its_earliest():
    resolve(_asked_by_the_turn_of_the_year(**OURS), at=NOW - WEEK)
    rows = _rows(make_board())
    assert {each.source: (each.rank, each.rank_band) for each in rows.values()} == {
        "Yes": (1, [1, 2]),
        "No": (2, [1, 2]),
    }


def test_what_came_true_before_the_earliest_deadline_stays_as_it_is():
    resolve(_asked_by_the_turn_of_the_year(**OURS), at=NOW - 2.5 * WEEK)
    assert [each.rank_band for each in _rows(make_board()).values()] == [[1, 1], [2, 2]]


def test_a_deadline_that_was_stated_moves_no_band():
    resolve(_asked_by_the_turn_of_the_year(), at=NOW - WEEK)
    assert [each.rank_band for each in _rows(make_board()).values()] == [[1, 1], [2, 2]]


@pytest.mark.parametrize(("at", "first"), [(NOW, [1, 2]), (NOW - WEEK, [1, 1])])
def test_a_no_that_only_the_deadline_made_one_is_left_out_at_a_later_deadline(at, first):
    # On the question of ours No is better, on the other one worse, by less; at the latest deadline only
    # the other counts. That it could no longer happen a week earlier stays true by any deadline.
    resolve(_asked_by_the_turn_of_the_year(**OURS), outcome=0, at=at)
    other = make_question("Will it thaw?")
    say(other, make_source("Yes"), 0.6)
    say(other, make_source("No"), 0.5)
    resolve(other, at=NOW - WEEK)
    rows = _rows(make_board())
    assert (rows["No"].rank, rows["No"].rank_band) == (1, first)


@pytest.mark.parametrize(
    ("window", "outcome_days_ago"),
    [
        ({"window": "rolling", "window_days": 30}, [10]),
        ({"window": "between", "window_from": date(2019, 11, 1), "window_to": date(2019, 11, 30)}, [50]),
        ({"window": "all"}, [10, 50]),
    ],
)
def test_a_window_is_over_the_dates_on_which_outcomes_became_known(window, outcome_days_ago):
    source = make_source()
    for days in (10, 50):
        question = make_question(f"{days}?", opens_at=NOW - timedelta(days=90))
        say(question, source, days / 100, days=-80)
        resolve(question, at=NOW - timedelta(days=days))
    say(make_question("Open?"), source, 0.5)
    row = _rows(make_board(**window), now=NOW)["Testa Testsson"]
    expected = np.mean([(1 - days / 100) ** 2 for days in outcome_days_ago])
    assert (row.n, row.n_open, row.brier) == (len(outcome_days_ago), 1, pytest.approx(expected))


def test_a_live_rolling_window_moves_with_the_clock_and_not_with_the_cache():
    source, question = make_source(), make_question()
    say(question, source, 0.9)
    resolve(question, at=NOW - timedelta(days=10))
    board = make_board(window="rolling", window_days=30)
    assert _rows(board, now=NOW)["Testa Testsson"].n == 1
    assert _rows(board, now=NOW + timedelta(days=40)) == {}


@pytest.mark.parametrize(
    ("reference", "skill"),
    [
        ("uninformed", 1 - 0.04 / 0.25),
        # The other question did not happen, so it says 0 % of this one, and the other way.
        ("base_rate", 1 - 0.04 / 1.0),
        # The median of 80 % and 60 %, as scores, on both questions.
        ("crowd", 1 - 0.04 / 0.1),
    ],
)
def test_skill_names_its_reference(reference, skill):
    good, other = make_source("Good"), make_source("Other")
    for outcome in (0, 1):
        question = make_question(f"{outcome}?")
        say(question, good, 0.8 if outcome else 0.2)
        say(question, other, 0.6 if outcome else 0.4)
        resolve(question, outcome=outcome, at=NOW - WEEK)
    row = _rows(make_board(reference=reference))["Good"]
    assert (row.reference, row.skill) == (reference, pytest.approx(skill))


def test_coverage_is_the_share_of_the_open_time():
    question = make_question()
    say(question, make_source(), 0.9, days=-15)
    resolve(question, at=NOW)
    assert _rows(make_board())["Testa Testsson"].coverage == pytest.approx(0.5)


def test_a_large_board_shows_its_intervals_when_they_are_ready_and_of_the_same_version(monkeypatch):
    _contest()
    board = make_board()
    monkeypatch.setattr(figures, "ROWS_AT_ONCE", 10)
    assert _rows(board)["Sharp"].ci_low is None
    assert drawn_standings(board=board)[0].ci_low is not None
    assert _rows(board)["Sharp"].ci_low is not None
    question = make_question("Another?")
    say(question, make_source("New"), 0.5)
    resolve(question, at=NOW - WEEK)
    fresh = _rows(board)
    assert fresh["New"].n == 1
    assert {row.ci_low for row in fresh.values()} == {None}


def test_what_is_kept_has_its_intervals(monkeypatch):
    _contest()
    monkeypatch.setattr(figures, "ROWS_AT_ONCE", 10)
    kept = keep_standing(board=make_board(), as_of=NOW, now=NOW)
    assert kept.rows[0]["ci_low"] <= kept.rows[0]["brier"] <= kept.rows[0]["ci_high"]


def test_the_same_board_twice_is_the_same_to_the_last_digit():
    _contest()
    board = make_board(estimator="adjusted_shrunk")
    assert standings(board=board, at=NOW) == standings(board=board, at=NOW)


def test_a_resolution_recorded_later_changes_no_figure_of_an_earlier_board():
    sharp, fair, _blunt = _contest(6)
    late = make_question("Late?", event=Event.objects.create(slug="late", name="Late"))
    say(late, sharp, 0.0)
    say(late, fair, 1.0)
    boards = [make_board(estimator, estimator=estimator) for estimator in ("raw", "adjusted_shrunk")]
    before = [standings(board=board, at=NOW) for board in boards]
    resolve(late, at=NOW - WEEK, now=NOW + WEEK)
    assert [standings(board=board, at=NOW) for board in boards] == before
    assert [standings(board=board, at=NOW + WEEK) for board in boards] != before


@pytest.mark.parametrize(
    ("rule", "worst"), [("brier", 1.0), ("spherical", 1.0), ("log", 6.907755), ("ranked_probability", 1.0)]
)
@pytest.mark.parametrize("estimator", ["raw", "shrunk", "adjusted_fixed", "adjusted_shrunk"])
def test_no_interval_reaches_beyond_the_worst_score_that_the_rule_can_give(rule, worst, estimator):
    """Two events, all wrong or nearly all right: Student's widening alone would lead far out."""
    wrong, right, half = make_source("Wrong"), make_source("Right"), make_source("Half")
    for number, off in enumerate([0.99, 0.6, 0.95]):
        question = make_question(f"{number}?")
        say(question, wrong, 1 - off)
        say(question, right, 1 - off / 100)
        say(question, half, 0.5)
        resolve(question, at=NOW - WEEK)
    rows = _rows(make_board(rule=rule, estimator=estimator))
    name = "brier" if estimator == "raw" else estimator
    for row in rows.values():
        estimate = getattr(row, name)
        assert min(0.0, estimate) <= row.ci_low <= estimate <= row.ci_high <= max(worst, estimate) + 1e-6
