"""
The state matrix: every state of a question, and what every verb does in it.

Each cell is the state that the verb leads to, or the error and a word of its message. One table, so
that a state without an answer for a verb, or a verb without one in a state, cannot be forgotten.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from forecasts.desk.writes.moves import DeskMoveRefusedError
from forecasts.models import Dispute, Forecast, Resolution
from forecasts.questions.writes.forecasts import (
    QuestionSupersededError,
)
from forecasts.questions.writes.lifecycle import DeadlineMoveRefusedError
from forecasts.record.reads.ledger import verify
from forecasts.record.refusal import RefusedError
from forecasts.reminders.writes import SnoozeRefusedError
from forecasts.verdicts.writes.disputes import (
    NotDisputedError,
    NothingToDisputeError,
)
from forecasts.verdicts.writes.give import AwaitingAdjudicationError, ResolvedAlreadyError
from forecasts.verdicts.writes.resolutions import (
    NothingToAdjudicateError,
    NotResolvedError,
)
from tests.forecasts.verdicts.states import STATES, VERBS, World

pytestmark = pytest.mark.django_db

SAME = "same"
ELSEWHERE = (QuestionSupersededError, "Record the forecast there")
ANSWERED = (ResolvedAlreadyError, "Reopen it")
DIFFER = (AwaitingAdjudicationError, "The head of desk now decides")
NO_PAIR = (NothingToAdjudicateError, "two verdicts are not in")
NO_ANSWER = (NotResolvedError, "no answer to reopen")
NO_DISPUTE = (NothingToDisputeError, "no answer in force")
UNDISPUTED = (NotDisputedError, "Nobody disputes")
CLOSED_DISPUTE = (NotDisputedError, "closed")
NO_MOVE = (DeadlineMoveRefusedError, "Reopen it first")
NO_LEAVING = (DeskMoveRefusedError, "Let its desk answer first")
NO_SNOOZE = (SnoozeRefusedError, "has been answered")

# What does not depend on the state: the record of what was said goes on for ever.
ALWAYS = dict.fromkeys(("assign", "issue a forecast", "correct a forecast", "withdraw a forecast"), SAME)
WAITING = {
    **ALWAYS,
    "give a verdict": "one verdict in",
    "give a second verdict": "one verdict in",
    "give a differing verdict": "one verdict in",
    "say too early": "too early",
    "void": "one verdict in",
    "adjudicate": NO_PAIR,
    "reopen": NO_ANSWER,
    "dispute": NO_DISPUTE,
    "uphold": CLOSED_DISPUTE,
    "overturn": UNDISPUTED,
    "move the deadline": "open",
    "move to another desk": SAME,
    "snooze": SAME,
    "supersede": "superseded",
}
CLOSED = {
    **ALWAYS,
    **dict.fromkeys(
        (
            "give a verdict",
            "give a second verdict",
            "give a differing verdict",
            "say too early",
            "void",
            "adjudicate",
            "supersede",
        ),
        ANSWERED,
    ),
    "reopen": "reopened",
    "dispute": "disputed",
    "uphold": CLOSED_DISPUTE,
    "overturn": UNDISPUTED,
    "move the deadline": NO_MOVE,
    "move to another desk": SAME,  # Whoever reopens it, or rules on a dispute, is of that desk then.
    "snooze": NO_SNOOZE,
}
MATRIX: dict[str, dict[str, Any]] = {
    "open": WAITING,
    "due": WAITING,
    "overdue": WAITING,
    "too early": {**WAITING, "move the deadline": SAME},
    "one verdict in": {
        **WAITING,
        "give a second verdict": "resolved",
        "give a differing verdict": "disagreement",
        "say too early": SAME,  # Another editor's: the first one's verdict waits on.
        "move the deadline": SAME,
        "move to another desk": NO_LEAVING,
    },
    "disagreement": {
        **WAITING,
        "give a verdict": DIFFER,
        "give a second verdict": DIFFER,
        "give a differing verdict": DIFFER,
        "say too early": DIFFER,
        "void": DIFFER,
        "adjudicate": "resolved",
        "move the deadline": SAME,
        "move to another desk": NO_LEAVING,
    },
    "resolved": CLOSED,
    "void": CLOSED,
    "disputed": {
        **CLOSED,
        "dispute": (RefusedError, "already awaits the head of desk"),
        "uphold": "resolved",
        "overturn": "resolved",
        "snooze": SAME,  # The lead's reminder of the dispute.
    },
    "reopened": {**WAITING, "uphold": CLOSED_DISPUTE, "move the deadline": SAME},
    "superseded": {**CLOSED, "issue a forecast": ELSEWHERE},
}


def test_the_matrix_has_every_state_and_every_verb() -> None:
    assert set(MATRIX) == set(STATES)
    assert {state: set(row) for state, row in MATRIX.items()} == {state: set(VERBS) for state in STATES}


@pytest.mark.parametrize("state", STATES)
def test_every_verb_in_this_state_has_its_effect_or_its_message(state: str) -> None:
    world = World()
    STATES[state](world)
    assert world.state() == state
    facts = count_facts()
    for verb, expected in MATRIX[state].items():
        if isinstance(expected, str):
            with undone(world):
                VERBS[verb](world)
                assert world.state() == (state if expected == SAME else expected), verb
                assert verify() is None, verb
    # What is refused is not taken back: it changes nothing, and one look at the ledger is for all of them.
    for verb, expected in MATRIX[state].items():
        if not isinstance(expected, str):
            error, message = expected
            with pytest.raises(error, match=message):
                VERBS[verb](world)
            world.refresh()
            assert (world.state(), count_facts()) == (state, facts), verb
    assert verify() is None


@contextmanager
def undone(world: World) -> Iterator[None]:
    """Take back what was done, so that the next verb finds the same state."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    world.refresh()


def count_facts() -> int:
    return Resolution.objects.count() + Dispute.objects.count() + Forecast.objects.count()
