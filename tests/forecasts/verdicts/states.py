"""One question of a desk, the states that it can be in, and everything that can be done to it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from forecasts.desk.writes.moves import move_question
from forecasts.models import Answer, Desk, Dispute, Forecast, Membership, Question, Reminder, Resolution, Role
from forecasts.questions.values.readings import Reading
from forecasts.questions.writes.forecasts import correct_forecast, issue_forecast, withdraw_forecast
from forecasts.questions.writes.lifecycle import assign_question, move_deadline
from forecasts.reminders.writes import snooze_reminder
from forecasts.schedule import Deadline
from forecasts.verdicts.reads.waiting import pending_on
from forecasts.verdicts.writes.disputes import (
    dispute_answer,
    overturn_answer,
    uphold_answer,
)
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.resolutions import (
    adjudicate_question,
    answer_question,
    reopen_question,
    void_question,
)
from forecasts.verdicts.writes.supersede import supersede_question
from tests.records import exhibit, make_desk, make_question, make_source, make_user, resolve

OPENS = datetime(2020, 1, 1, tzinfo=UTC)
DEADLINE = date(2020, 6, 30)
BEFORE, DUE, OVERDUE = (datetime(*at, tzinfo=UTC) for at in ((2020, 6, 1), (2020, 7, 2), (2020, 7, 20)))
HAPPENED = datetime(2020, 5, 5, tzinfo=UTC)
YES = Finding(answer="outcome", outcome=1, occurred_at=HAPPENED)
NO = Finding(answer="outcome", outcome=0, occurred_at=HAPPENED, note="It no longer can.")
LATER = Finding(answer="too_early", check_again_on=date(2020, 12, 1))


WORDS = {
    (Answer.OUTCOME, False): "resolved",
    (Answer.VOID, False): "void",
    (Answer.VOID, True): "superseded",
}


class World:
    """One question of a desk of two verdicts, two editors and a lead, and what time it is."""

    def __init__(self) -> None:
        self.desk = make_desk(verdicts_required=2)
        people = {"erin": Role.EDITOR, "anna": Role.EDITOR, "lena": Role.LEAD}
        self.people = {name: make_user(name, role, self.desk) for name, role in people.items()}
        self.source = make_source()
        self.now = BEFORE
        self.question = make_question(on=DEADLINE, opens_at=OPENS, desk=self.desk, now=OPENS)
        self.replacement = make_question("Does snow fall?", on=DEADLINE, opens_at=OPENS, now=OPENS)
        self.forecast = self.say(datetime(2020, 2, 1, tzinfo=UTC))
        self.stale = self._upheld()

    def _upheld(self) -> Dispute:
        """Return a dispute that was closed before, on another question."""
        alone = make_desk("alone")
        Membership.objects.create(desk=alone, user=self.people["lena"], role=Role.LEAD)
        other = make_question("Did it snow?", on=date(2020, 2, 1), opens_at=OPENS, desk=alone, now=OPENS)
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

    def refresh(self) -> None:
        """Read the question anew, as a page would."""
        self.question = Question.objects.select_related("desk", "event").get(pk=self.question.pk)

    def state(self) -> str:
        """Return where the question stands, from the record alone."""
        answer = Resolution.objects.in_force().filter(question=self.question).first()
        if answer is not None and answer.answer != Answer.REOPENED:
            return (
                "disputed"
                if Dispute.objects.open().exists()
                else WORDS[answer.answer, bool(answer.replaced_by)]
            )
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


def superseding(world: World) -> Any:
    return supersede_question(
        question=world.question,
        replacement=world.replacement,
        reason="It asks the same.",
        by=world.people["lena"],
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
    "superseded": at(DUE, superseding),
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


def moving_away(world: World) -> Any:
    alone = Desk.objects.get(slug="alone")
    move_question(question=world.question, desk=alone, reason="Theirs.", by=None, now=world.now)
    assert Question.objects.get(pk=world.question.pk).desk == alone


def assigning(world: World) -> Any:
    assign_question(by=None, question=world.question, assignee=world.people["anna"], now=world.now)
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
    "supersede": superseding,
    "dispute": disputing,
    "uphold": upholding,
    "overturn": overturning,
    "move the deadline": moving,
    "move to another desk": moving_away,
    "assign": assigning,
    "snooze": snoozing,
    "issue a forecast": issuing,
    "correct a forecast": correcting,
    "withdraw a forecast": withdrawing,
}
