"""
The state matrix: every state of a question, and what every verb does in it.

Each cell is the state that the verb leads to, or the error and a word of its message. One table, so
that a state without an answer for a verb, or a verb without one in a state, cannot be forgotten.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from forecasts.models import Answer, Dispute, Forecast, Question, Reminder, Resolution, Role
from forecasts.queries.ledger import verify
from forecasts.queries.verdicts import pending_on
from forecasts.schedule import Deadline
from forecasts.services.disputes import (
    NotDisputedError,
    NothingToDisputeError,
    dispute_answer,
    overturn_answer,
    uphold_answer,
)
from forecasts.services.findings import Finding
from forecasts.services.forecasts import correct_forecast, issue_forecast, withdraw_forecast
from forecasts.services.questions import DeadlineMoveRefusedError, assign_question, move_deadline
from forecasts.services.readings import Reading
from forecasts.services.refusal import RefusedError
from forecasts.services.reminders import SnoozeRefusedError, snooze_reminder
from forecasts.services.resolutions import (
    NothingToAdjudicateError,
    NotResolvedError,
    adjudicate_question,
    answer_question,
    reopen_question,
    void_question,
)
from forecasts.services.verdicts import AwaitingAdjudicationError, ResolvedAlreadyError
from tests.records import exhibit, make_desk, make_question, make_source, make_user, resolve

pytestmark = pytest.mark.django_db

OPENS = datetime(2020, 1, 1, tzinfo=UTC)
DEADLINE = date(2020, 6, 30)
BEFORE, DUE, OVERDUE = (datetime(*at, tzinfo=UTC) for at in ((2020, 6, 1), (2020, 7, 2), (2020, 7, 20)))
HAPPENED = datetime(2020, 5, 5, tzinfo=UTC)
YES = Finding(answer="outcome", outcome=1, occurred_at=HAPPENED)
NO = Finding(answer="outcome", outcome=0, occurred_at=HAPPENED, note="It no longer can.")
LATER = Finding(answer="too_early", check_again_on=date(2020, 12, 1))


class World:
    """One question of a desk of two verdicts, two editors and a lead, and what time it is."""

    def __init__(self) -> None:
        self.desk = make_desk(verdicts_required=2)
        people = {"erin": Role.EDITOR, "anna": Role.EDITOR, "lena": Role.LEAD}
        self.people = {name: make_user(name, role, self.desk) for name, role in people.items()}
        self.source = make_source()
        self.now = BEFORE
        self.question = make_question(on=DEADLINE, opens_at=OPENS, desk=self.desk, now=OPENS)
        self.forecast = self.say(datetime(2020, 2, 1, tzinfo=UTC))
        self.stale = self._upheld()

    def _upheld(self) -> Dispute:
        """Return a dispute that was closed before, on another question."""
        other = make_question("Did it snow?", on=date(2020, 2, 1), opens_at=OPENS, now=OPENS)
        resolve(other, at=OPENS, now=OPENS)
        dispute = dispute_answer(question=other, reason="No.", raised_by="Testa", by=None, now=OPENS)
        uphold_answer(dispute=dispute, reason="It did.", by=None, now=OPENS)
        return dispute

    def say(self, at: datetime) -> Forecast:
        return issue_forecast(
            question=self.question,
            source=self.source,
            reading=Reading.stated(0.7),
            stated_at=at,
            now=max(at, OPENS),
        )

    def give(self, name: str, finding: Finding = YES) -> Any:
        return answer_question(
            question=self.question,
            finding=finding,
            evidence=[exhibit()],
            by=self.people[name],
            now=self.now,
        )

    def state(self) -> str:
        """Return where the question stands, from the record alone."""
        answer = Resolution.objects.in_force().filter(question=self.question).first()
        if answer is not None and answer.answer != Answer.REOPENED:
            word = "void" if answer.answer == Answer.VOID else "resolved"
            return "disputed" if Dispute.objects.open().exists() else word
        waiting = pending_on(self.question)
        if waiting:
            return "one verdict in" if len(waiting) == 1 else "disagreement"
        last = self.question.verdicts.order_by("-pk").first()
        if last is not None and last.answer == Answer.TOO_EARLY and last.reviews == answer:
            return "too early"
        if answer is not None:
            return "reopened"
        deadline = Question.objects.get(pk=self.question.pk).deadline_at
        late = self.now - deadline
        return "open" if late < timedelta(0) else "due" if late < timedelta(days=3) else "overdue"


def at(now: datetime, *steps: Callable[[World], Any]) -> Callable[[World], None]:
    def prepare(world: World) -> None:
        world.now = now
        for step in steps:
            step(world)

    return prepare


def first(world: World) -> Any:
    return world.give("erin")


def differing(world: World) -> Any:
    return world.give("anna", NO)


def agreeing(world: World) -> Any:
    return world.give("anna")


def disputing(world: World) -> Any:
    return dispute_answer(
        question=world.question, reason="Retracted.", by=world.people["erin"], now=world.now
    )


def reopening(world: World) -> Any:
    return reopen_question(
        question=world.question, reason="Retracted.", by=world.people["lena"], now=world.now
    )


def voiding(world: World, by: str = "erin") -> Any:
    return void_question(
        question=world.question,
        reason="ambiguous",
        note="Sleet.",
        evidence=[exhibit()],
        by=world.people[by],
        now=world.now,
    )


STATES: dict[str, Callable[[World], None]] = {
    "open": at(BEFORE),
    "due": at(DUE),
    "overdue": at(OVERDUE),
    "too early": at(DUE, lambda world: world.give("erin", LATER)),
    "one verdict in": at(DUE, first),
    "disagreement": at(DUE, first, differing),
    "resolved": at(DUE, first, agreeing),
    "void": at(DUE, voiding, lambda world: voiding(world, "anna")),
    "disputed": at(DUE, first, agreeing, disputing),
    "reopened": at(DUE, first, agreeing, reopening),
}


def adjudicating(world: World) -> Any:
    waiting = pending_on(world.question)
    return adjudicate_question(
        question=world.question,
        sides_with=waiting[-1] if waiting else None,
        reason="The report is clear.",
        by=world.people["lena"],
        now=world.now,
    )


def upholding(world: World) -> Any:
    dispute = Dispute.objects.filter(question=world.question).last() or world.stale
    return uphold_answer(dispute=dispute, reason="It stands.", by=world.people["lena"], now=world.now)


def overturning(world: World) -> Any:
    return overturn_answer(
        question=world.question,
        finding=NO,
        evidence=[exhibit()],
        reason="Retracted.",
        by=world.people["lena"],
        now=world.now,
    )


def moving(world: World) -> Any:
    deadline = Deadline(on=date(2021, 6, 30), zone="Europe/Stockholm")
    return move_deadline(
        question=world.question, deadline=deadline, reason="A year more.", by=None, now=world.now
    )


def assigning(world: World) -> Any:
    assign_question(question=world.question, assignee=world.people["anna"], now=world.now)
    assert Question.objects.get(pk=world.question.pk).assignee == world.people["anna"]


def snoozing(world: World) -> Any:
    reminder = Reminder.objects.filter(question=world.question).latest("pk")
    return snooze_reminder(reminder=reminder, until=world.now + timedelta(days=7), by=None, now=world.now)


def issuing(world: World) -> Any:
    world.say(datetime(2020, 3, 1, tzinfo=UTC))
    assert Forecast.objects.current().count() == 2


def correcting(world: World) -> Any:
    correct_forecast(forecast=world.forecast, reading=Reading.stated(0.6), note="Typo.", now=world.now)
    assert Forecast.objects.current().get().probability == 0.6


def withdrawing(world: World) -> Any:
    withdraw_forecast(
        question=world.question,
        source=world.source,
        stated_at=datetime(2020, 4, 1, tzinfo=UTC),
        note="Took it back.",
        now=world.now,
    )
    assert Forecast.objects.latest("pk").withdrawn


VERBS: dict[str, Callable[[World], Any]] = {
    "give a verdict": first,
    "give a second verdict": agreeing,
    "give a differing verdict": differing,
    "say too early": lambda world: world.give("anna", LATER),
    "void": voiding,
    "adjudicate": adjudicating,
    "reopen": reopening,
    "dispute": disputing,
    "uphold": upholding,
    "overturn": overturning,
    "move the deadline": moving,
    "assign": assigning,
    "snooze": snoozing,
    "issue a forecast": issuing,
    "correct a forecast": correcting,
    "withdraw a forecast": withdrawing,
}

SAME = "same"
ANSWERED = (ResolvedAlreadyError, "Reopen it")
DIFFER = (AwaitingAdjudicationError, "A lead decides")
NO_PAIR = (NothingToAdjudicateError, "two verdicts are not in")
NO_ANSWER = (NotResolvedError, "no resolution to reopen")
NO_DISPUTE = (NothingToDisputeError, "no answer in force")
UNDISPUTED = (NotDisputedError, "Nobody disputes")
CLOSED_DISPUTE = (NotDisputedError, "closed")
NO_MOVE = (DeadlineMoveRefusedError, "Reopen it first")
NO_SNOOZE = (SnoozeRefusedError, "has its answer")

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
    "snooze": SAME,
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
        ),
        ANSWERED,
    ),
    "reopen": "reopened",
    "dispute": "disputed",
    "uphold": CLOSED_DISPUTE,
    "overturn": UNDISPUTED,
    "move the deadline": NO_MOVE,
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
    },
    "resolved": CLOSED,
    "void": CLOSED,
    "disputed": {
        **CLOSED,
        "dispute": (RefusedError, "waits for a lead already"),
        "uphold": "resolved",
        "overturn": "resolved",
    },
    "reopened": {**WAITING, "uphold": CLOSED_DISPUTE, "move the deadline": SAME},
}


def test_the_matrix_has_every_state_and_every_verb() -> None:
    assert set(MATRIX) == set(STATES)
    assert {state: set(row) for state, row in MATRIX.items()} == {state: set(VERBS) for state in STATES}


@pytest.mark.parametrize("state", STATES)
def test_every_verb_in_this_state_has_its_effect_or_its_message(state: str) -> None:
    world = World()
    STATES[state](world)
    assert world.state() == state
    for verb, expected in MATRIX[state].items():
        with undone(world):
            facts = count_facts()
            if isinstance(expected, str):
                VERBS[verb](world)
                assert world.state() == (state if expected == SAME else expected), verb
            else:
                error, message = expected
                with pytest.raises(error, match=message):
                    VERBS[verb](world)
                assert (world.state(), count_facts()) == (state, facts), verb
            assert verify() is None, verb


@contextmanager
def undone(world: World) -> Iterator[None]:
    """Take back what was done, so that the next verb finds the same state."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    world.question = Question.objects.select_related("desk", "event").get(pk=world.question.pk)


def count_facts() -> int:
    return Resolution.objects.count() + Dispute.objects.count() + Forecast.objects.count()
