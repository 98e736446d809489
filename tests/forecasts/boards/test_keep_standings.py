"""A standing is what a board said then, whatever is learnt later."""

from datetime import timedelta

import pytest

from forecasts.boards.writes.standings import KeptLaterError, keep_standing
from forecasts.record.reads import ledger
from forecasts.verdicts.writes.resolutions import reopen_question
from tests.records import NOW, make_board, make_question, make_source, resolve, say

pytestmark = pytest.mark.django_db


def test_a_standing_stays_when_its_resolution_is_reopened():
    question, board = make_question(), make_board()
    say(question, make_source(), 0.9)
    resolve(question)
    kept = keep_standing(board=board, as_of=NOW, now=NOW)
    reopen_question(question=question, reason="Retracted.", by=None, now=NOW + timedelta(days=1))
    kept.refresh_from_db()
    assert [(row["source"], row["rank"]) for row in kept.rows] == [("Testa Testsson", 1)]
    assert ledger.verify() is None


def test_a_date_has_one_standing_and_the_future_none():
    board = make_board()
    first = keep_standing(board=board, as_of=NOW, now=NOW)
    assert keep_standing(board=board, as_of=NOW, now=NOW + timedelta(days=1)) == first
    with pytest.raises(KeptLaterError, match="Choose an earlier date"):
        keep_standing(board=board, as_of=NOW + timedelta(days=1), now=NOW)
