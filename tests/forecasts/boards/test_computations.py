"""A board is computed once for however many ask, and given up rather than tried without end."""

from datetime import timedelta

import pytest

from forecasts.boards.writes.computations import REST, done_with_board, want_board, want_past
from forecasts.jobs.writes import begin, fail, hand_over, retry, stop
from forecasts.models import Computation, Failure
from tests.records import NOW, make_board

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def board():
    return make_board()


def _begin(pk, now=NOW):
    return begin(kind=Computation, pk=pk, now=now)


def _handed(now=NOW):
    return hand_over(kind=Computation, now=now)


def test_however_many_facts_ask_one_waits(board):
    keys = {want_board(board_id=board.pk, now=NOW) for _ in range(9)}
    assert [*keys] == _handed()
    assert _handed() == []


def test_what_is_asked_for_while_a_worker_is_at_it_is_computed_once_more(board):
    job = _begin(want_board(board_id=board.pk, now=NOW))
    for _ in range(3):
        want_board(board_id=board.pk, now=NOW)
    assert not done_with_board(job=job, now=NOW)
    again = _begin(job.pk)
    assert (again.state, again.again, again.reached) == ("running", False, 0)
    assert done_with_board(job=again, now=NOW)
    assert _handed() == []
    want_board(board_id=board.pk, now=NOW)
    assert _handed() == [job.pk]


@pytest.mark.parametrize("end", ["dead", "stopped"])
def test_what_was_given_up_or_stopped_rests_for_a_day_whoever_asks_or_until_somebody_says_so(board, end):
    job = _begin(want_board(board_id=board.pk, now=NOW))
    if end == "dead":
        fail(job=job, failure=Failure.GONE, error="", now=NOW)
    else:
        stop(job=job, by=None, now=NOW)
    want_board(board_id=board.pk, now=NOW + REST - timedelta(seconds=1))
    assert _handed(NOW + REST) == []
    want_board(board_id=board.pk, now=NOW + REST)
    assert _handed(NOW + REST) == [job.pk]
    Computation.objects.update(dead_at=NOW, claim=None, claimed_at=None, lease_until=None)
    retry(job=job, by=None, now=NOW)
    assert _handed() == [job.pk]


def test_one_past_date_waits_at_a_time_and_dates_of_one_version_are_one(board):
    first = want_past(board_id=board.pk, at=NOW - DAY, key="a", now=NOW)
    assert want_past(board_id=board.pk, at=NOW - 2 * DAY, key="b", now=NOW) is None
    assert want_past(board_id=board.pk, at=NOW - DAY / 2, key="a", now=NOW) == first
    done_with_board(job=_begin(first), now=NOW)
    assert want_past(board_id=board.pk, at=NOW - 2 * DAY, key="b", now=NOW) not in (None, first)
    # Neither is in the way of the board as known now.
    assert want_board(board_id=board.pk, now=NOW)
