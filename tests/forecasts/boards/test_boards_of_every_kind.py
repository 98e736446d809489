"""Which boards count which kinds: never two scales in one mean, and what is left out is said."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from forecasts.boards.reads.calibration import calibration
from forecasts.boards.reads.changes import board_changes
from forecasts.boards.reads.columns.columns import board_columns
from forecasts.boards.reads.history import board_history
from forecasts.boards.reads.left_out import LeftOut, left_out
from forecasts.boards.reads.standings import standings
from forecasts.models import Board
from forecasts.questions.values.readings import Odds, Quantiles
from forecasts.questions.writes.forecasts import withdraw_forecast
from forecasts.schedule import days_since_epoch
from forecasts.verdicts.writes.findings import Finding, days_too_late
from forecasts.verdicts.writes.resolutions import answer_question, reopen_question
from tests.records import NOW, exhibit, make_board, make_question, make_source, resolve, say

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
COLOURS = ["Red", "Green", "Blue"]


@pytest.fixture(autouse=True)
def _no_stale_figures(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def ask(kind, name="", **rest):
    return make_question(f"{name or kind}?", kind=kind, **rest)


def answer(question, outcome, now=NOW, **rest):
    given = {} if question.kind == "date" else {"occurred_at": NOW - WEEK}
    finding = Finding(answer="outcome", outcome=outcome, **{**given, **rest})
    answer_question(question=question, finding=finding, evidence=[exhibit()], by=None, now=now)


def rows_of(board):
    return {row.source: row for row in standings(board=board)}


@pytest.fixture
def record():
    """Two sources, who said something on a question of each kind, all answered."""
    ann, bo = make_source("Ann"), make_source("Bo")
    said = {
        ask("binary"): (0.8, 0.4, 1),
        ask("options", options=COLOURS): (Odds([0.2, 0.5, 0.3]), Odds([0.6, 0.2, 0.2]), 1),
        ask("ordered", options=COLOURS): (Odds([0.2, 0.5, 0.3]), Odds([0.0, 0.0, 1.0]), 2),
        ask("number", unit="%"): (Quantiles.point(3), Quantiles.point(7), 4.0),
        ask("number", "people", unit="people"): (Quantiles.point(3000), Quantiles.point(7000), 4000.0),
        ask("date"): (
            Quantiles.point(days_since_epoch(date(2019, 12, 24))),
            Quantiles.point(days_since_epoch(date(2019, 12, 30))),
            days_since_epoch(date(2019, 12, 26)),
        ),
    }
    for question, (anns, bos, outcome) in said.items():
        for source, value in ((ann, anns), (bo, bos)):
            if question.kind == "binary":
                say(question, source, value)
            else:
                say(question, source, 0, reading=value)
        answer(question, outcome)
    return ann, bo


@pytest.mark.parametrize(
    ("board", "anns", "bos"),
    [
        # (0.2² + ((0.2)² + (0.5)² + (0.3)²) / 2) / 2, and (0.6² + (0.6² + 0.8² + 0.2²) / 2) / 2
        ({"rule": "brier"}, (2, (0.04 + 0.19) / 2), (2, (0.36 + 0.52) / 2)),
        # A yes or no is two ordered options: its ranked probability score is its Brier score.
        ({"rule": "ranked_probability"}, (2, (0.04 + 0.265) / 2), (2, (0.36 + 0) / 2)),
        ({"rule": "crps", "filter": {"unit": "%"}}, (1, 1.0), (1, 3.0)),
        ({"rule": "crps", "filter": {"unit": "people"}}, (1, 1000.0), (1, 3000.0)),
        ({"rule": "crps", "filter": {"unit": "days"}}, (1, 2.0), (1, 4.0)),
        ({"rule": "brier", "filter": {"question_kinds": ["options"]}}, (1, 0.19), (1, 0.52)),
    ],
)
@pytest.mark.usefixtures("record")
def test_a_board_counts_the_kinds_that_its_rule_puts_on_one_scale(board, anns, bos):
    rows = rows_of(make_board(**board))
    assert (rows["Ann"].n, rows["Ann"].brier) == (anns[0], pytest.approx(anns[1]))
    assert (rows["Bo"].n, rows["Bo"].brier) == (bos[0], pytest.approx(bos[1]))
    assert rows["Ann"].rank + rows["Bo"].rank == 3


@pytest.mark.usefixtures("record")
def test_what_a_board_leaves_out_is_counted_by_kind_and_says_why():
    rule, unit = "another_rule", "another_unit"
    common = {"n_questions": 1, "n_forecasts": 2}
    ordered = LeftOut(kind="ordered", unit="", reason=rule, **common)
    assert left_out(board=make_board()) == [
        ordered,
        LeftOut(kind="number", unit="%", reason=rule, **common),
        LeftOut(kind="number", unit="people", reason=rule, **common),
        LeftOut(kind="date", unit="days", reason=rule, **common),
    ]
    percent = make_board("percent", rule="crps", filter={"unit": "%"})
    assert left_out(board=percent)[2:] == [
        ordered,
        LeftOut(kind="number", unit="people", reason=unit, **common),
        LeftOut(kind="date", unit="days", reason=unit, **common),
    ]
    # Who asks for one kind is not told of the others, and a past board says what it left out then.
    assert left_out(board=make_board("own", filter={"question_kinds": ["binary"]})) == []
    assert left_out(board=percent, at=NOW - WEEK) == []


@pytest.mark.usefixtures("record")
def test_a_board_by_crps_names_its_unit_in_the_database_too():
    with pytest.raises(IntegrityError, match="board_by_crps_is_of_one_unit"), transaction.atomic():
        make_board(rule="crps")


@pytest.mark.parametrize(
    ("reference", "skill"),
    [
        # Equal odds score 0.25 on yes or no, and 1/3 on three options.
        ("uninformed", 1 - (0.04 + 0.19) / (0.25 + 1 / 3)),
        # The other's yes-or-no question did not happen, and options have no base rate.
        ("base_rate", 1 - 0.04 / 1.0),
        ("crowd", 1 - (0.04 + 0.19) / (0.2 + 0.355)),
    ],
)
@pytest.mark.usefixtures("record")
def test_skill_is_over_the_questions_on_which_the_reference_has_a_score(reference, skill):
    other = make_question("Other?")
    say(other, make_source("Cilla"), 0.5)
    resolve(other, outcome=0, at=NOW - WEEK)
    board = make_board(reference=reference)
    assert rows_of(board)["Ann"].skill == pytest.approx(skill)


@pytest.mark.usefixtures("record")
def test_nothing_uninformed_is_said_of_a_number_and_so_there_is_no_skill():
    board = make_board(rule="crps", filter={"unit": "%"})
    row = rows_of(board)["Ann"]
    assert (row.skill, row.skill_reason) == (None, "no reference")
    crowd = make_board("crowd", rule="crps", filter={"unit": "%"}, reference="crowd")
    row = rows_of(crowd)["Ann"]
    assert (row.skill, row.skill_reason) == (pytest.approx(1 - 1 / 2), "")


@pytest.mark.parametrize("rule", ["brier", "log", "spherical", "ranked_probability"])
@pytest.mark.usefixtures("record")
def test_a_history_ends_where_the_board_stands(rule):
    board = make_board(rule=rule)
    last = {point.source: point.brier for point in board_history(board=board)[-2:]}
    assert last == {name: pytest.approx(row.brier) for name, row in rows_of(board).items()}


@pytest.mark.usefixtures("record")
def test_the_history_of_a_board_by_crps_is_in_its_unit():
    board = make_board(rule="crps", filter={"unit": "people"})
    assert {each.source: each.brier for each in board_history(board=board)} == {"Ann": 1000.0, "Bo": 3000.0}


@pytest.mark.usefixtures("record")
def test_calibration_is_of_yes_and_no_whatever_the_board():
    later = NOW + timedelta(days=400)
    assert calibration(board=make_board(), now=later).n == 2
    days = make_board("days", rule="crps", filter={"unit": "days"})
    assert calibration(board=days, now=later).n == 0


@pytest.mark.usefixtures("record")
def test_changes_name_the_answer():
    (change,) = board_changes(board=make_board())
    assert {each.answer for each in change.resolutions} == {"1", "Green"}
    (change,) = board_changes(board=make_board("days", rule="crps", filter={"unit": "days"}))
    assert [each.answer for each in change.resolutions] == ["2019-12-26"]


def test_a_withdrawal_ends_a_range_and_not_by_the_deadline_scores_later_dates_as_right():
    question = ask("date", opens_at=NOW - timedelta(days=40))
    early, late = make_source("Early"), make_source("Late")
    say(question, early, 0, reading=Quantiles.point(days_too_late(question) - 30), days=-40)
    say(question, late, 0, reading=Quantiles.point(days_too_late(question) + 900), days=-40)
    withdraw_forecast(question=question, source=early, stated_at=NOW - WEEK, note="Gone.", now=NOW)
    after = question.deadline_at + WEEK
    answer(question, days_too_late(question), now=after)
    rows = rows_of(make_board(rule="crps", filter={"unit": "days"}))
    assert (rows["Late"].brier, rows["Early"].brier) == (0, 30)
    assert rows["Early"].coverage < 0.5


@pytest.mark.parametrize("kind", ["options", "number"])
def test_a_contested_answer_that_has_no_one_other_way_is_left_out_of_the_band_instead(kind):
    """Ann leads by the disputed question alone: without it, Bo does."""
    given = {"options": COLOURS} if kind == "options" else {"unit": "%"}
    value = (lambda x: Odds([1 - x, x, 0])) if kind == "options" else (lambda x: Quantiles.point(10 * x))
    disputed, settled = ask(kind, "Disputed", **given), ask(kind, "Settled", **given)
    ann, bo = make_source("Ann"), make_source("Bo")
    for question, anns, bos in ((disputed, 1.0, 0.0), (settled, 0.7, 0.9)):
        say(question, ann, 0, reading=value(anns))
        say(question, bo, 0, reading=value(bos))
    right = 1 if kind == "options" else 10.0
    answer(settled, right)
    answer(disputed, 0)
    reopen_question(question=disputed, reason="Retracted.", by=None, now=NOW)
    answer(disputed, right)
    rule = {"rule": "brier"} if kind == "options" else {"rule": "crps", "filter": {"unit": "%"}}
    rows = rows_of(make_board(**rule))
    assert (rows["Ann"].rank, rows["Ann"].rank_band) == (1, [1, 2])
    assert (rows["Bo"].rank, rows["Bo"].rank_band) == (2, [1, 2])


def test_a_contested_option_is_not_turned_the_other_way():
    question = ask("options", options=COLOURS)
    say(question, make_source("Ann"), 0, reading=Odds([0.1, 0.8, 0.1]))
    say(question, make_source("Bo"), 0, reading=Odds([0.5, 0.3, 0.2]))
    answer(question, 0)
    reopen_question(question=question, reason="Retracted.", by=None, now=NOW)
    answer(question, 1)
    rows = rows_of(make_board())
    assert (rows["Ann"].rank, rows["Ann"].rank_band) == (1, [1, 1])


def test_boards_of_many_options_cost_no_query_more():
    source = make_source()

    def add(n):
        for number in range(n):
            question = ask("options", f"{n} {number}", options=COLOURS)
            say(question, source, 0, reading=Odds([0.1, 0.8, 0.1]))
            answer(question, 1)

    board = Board(slug="all", rule="brier")
    counts = []
    for n in (1, 6):
        add(n)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(board_columns(board=board, at=None)) >= n
        counts.append(len(asked))
    assert counts == [6, 6]
