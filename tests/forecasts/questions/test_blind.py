"""What keeps a verdict blind: the desk's switch, and all that was shown to its editor before it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from forecasts.articles.writes.statements import accept_statement
from forecasts.desk.writes.desks import open_desk, set_desk
from forecasts.models import BlindSwitch, Entry, Place, Question, Shown, Sighted, Verdict
from forecasts.questions.reads.blind import hidden_questions, is_hidden
from forecasts.questions.values.readings import Reading
from forecasts.questions.writes.blind import HiddenError, note_told, show_all_the_same, tell
from forecasts.questions.writes.forecasts import (
    correct_forecast,
    issue_forecast,
    revise_forecast,
    withdraw_forecast,
)
from forecasts.record.reads.ledger import verify
from forecasts.verdicts.writes.disputes import record_reply
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.resolutions import answer_question, reopen_question
from tests.records import (
    NOW,
    accepted_statement,
    exhibit,
    make_desk,
    make_document,
    make_question,
    make_source,
    make_statement,
    make_user,
    resolve,
    say,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
YES = Finding(answer="outcome", outcome=1, occurred_at=NOW)
TOO_EARLY = Finding(answer="too_early", check_again_on=date(2020, 2, 1))


class Desk:
    """A blind desk of two verdicts with a question on which somebody spoke, and its people."""

    def __init__(self) -> None:
        self.desk = open_desk(
            rules={"name": "Weather", "blind": True, "verdicts_required": 2}, by=None, now=NOW
        )
        self.erin, self.lena = (make_user(name, role, self.desk) for name, role in PEOPLE)
        self.question = make_question(desk=self.desk)
        self.source = make_source()
        self.forecast = say(self.question, self.source, 0.83)

    def switch(self, blind: bool, at: Any = LATER) -> None:
        set_desk(desk=self.desk, rules={"blind": blind}, by=self.lena, now=at)
        self.question = Question.objects.get(pk=self.question.pk)

    def tell(self, place: Place = Place.PAGE) -> frozenset[int]:
        return tell(user=self.erin, questions=[self.question.pk], place=place, now=LATER)

    def give(self, by: User, finding: Finding = YES) -> Verdict:
        answer_question(question=self.question, finding=finding, evidence=[exhibit()], by=by, now=LATER)
        return Verdict.objects.latest("pk")

    def spoken(self, **rest: Any) -> None:
        statement = accepted_statement(speaker=make_source("Other"), **rest)
        issue_forecast(
            question=self.question,
            source=statement.speaker,
            reading=Reading.stated(0.4),
            statement=statement,
            stated_at=statement.stated_at,
            now=NOW,
        )


PEOPLE = (("erin", "editor"), ("lena", "lead"))


@pytest.fixture
def world() -> Desk:
    return Desk()


def switched_off_and_on(world: Desk) -> None:
    world.switch(False)
    world.switch(True)


def read_while_off(world: Desk) -> None:
    world.switch(False)
    assert world.tell() == frozenset()
    world.switch(True)


def read_without_a_role(world: Desk) -> None:
    """Somebody on no desk has nothing to answer, so nothing is hidden; then they are made an editor."""
    world.erin.memberships.all().delete()
    assert world.tell() == frozenset()
    world.desk.memberships.create(user=world.erin, role="editor")


def judged_the_words(world: Desk) -> None:
    statement = make_statement(speaker=make_source("Other"))
    accept_statement(statement=statement, reason="It says so.", by=world.erin, now=NOW)
    issue_forecast(
        question=world.question,
        source=statement.speaker,
        reading=Reading.stated(0.4),
        statement=statement,
        stated_at=statement.stated_at,
        now=NOW,
    )


def answered_and_reopened(world: Desk) -> None:
    world.give(make_user("anna", "editor", world.desk))
    world.give(world.lena)
    reopen_question(question=world.question, reason="Retracted.", by=world.lena, now=LATER)


def mailed(world: Desk) -> None:
    world.switch(False)
    note_told(told=[(world.erin.pk, world.question.pk)], place=Place.MAIL, now=LATER)


# What was done before the editor's verdict, and why it then is not blind.
SIGHTED: list[tuple[str, Callable[[Desk], Any], str]] = [
    ("nothing was shown", lambda world: None, ""),
    ("the page was asked for and hidden", lambda world: world.tell(), ""),
    ("the editor said too early before", lambda world: world.give(world.erin, TOO_EARLY), ""),
    (
        "somebody else was shown it",
        lambda world: show_all_the_same(user=world.lena, questions=[world.question.pk], now=LATER),
        "",
    ),
    (
        "somebody else put it on the record",
        lambda world: say(world.question, world.source, 0.5, by=world.lena),
        "",
    ),
    ("a lead switched it off and on", switched_off_and_on, Sighted.DESK_OPEN),
    ("it is off now", lambda world: world.switch(False), Sighted.DESK_OPEN),
    ("read while the switch was off", read_while_off, Sighted.DESK_OPEN),
    ("the mail named the source while it was off", mailed, Sighted.DESK_OPEN),
    (
        "asked to see it",
        lambda world: show_all_the_same(user=world.erin, questions=[world.question.pk], now=LATER),
        Sighted.SHOWN,
    ),
    ("read it before they were on a desk", read_without_a_role, Sighted.SHOWN),
    (
        "issued a forecast",
        lambda world: say(world.question, world.source, 0.5, by=world.erin),
        Sighted.RECORDED,
    ),
    ("marked the words", lambda world: world.spoken(by=world.erin), Sighted.RECORDED),
    ("judged the words", judged_the_words, Sighted.RECORDED),
    (
        "saved the article",
        lambda world: world.spoken(document=make_document(by=world.erin)),
        Sighted.RECORDED,
    ),
    ("gave a verdict before", lambda world: world.give(world.erin), Sighted.OWN_VERDICT),
    ("it was answered before", answered_and_reopened, Sighted.ANSWERED),
]


@pytest.mark.parametrize(("before", "why"), [row[1:] for row in SIGHTED], ids=[row[0] for row in SIGHTED])
def test_a_verdict_is_blind_only_if_nothing_was_shown(
    world: Desk, before: Callable[[Desk], Any], why: str
) -> None:
    before(world)
    verdict = world.give(world.erin)
    assert (verdict.sighted_because, verdict.seen_blind) == (why, why == "")
    assert verify() is None


def test_a_desk_that_never_answers_blind_gives_no_reason() -> None:
    question = make_question(desk=make_desk())
    verdict = resolve(question).verdicts.get()
    assert (verdict.seen_blind, verdict.sighted_because) == (False, "")


def test_the_switch_is_a_fact_with_who_and_when(world: Desk) -> None:
    switched_off_and_on(world)
    set_desk(desk=world.desk, rules={"blind": True, "name": "Snow"}, by=world.lena, now=LATER)
    rows = BlindSwitch.objects.values_list("blind", "recorded_by__username", "recorded_at")
    assert list(rows) == [(True, None, NOW), (False, "lena", LATER), (True, "lena", LATER)]
    assert Entry.objects.filter(kind="blind_switch").count() == 3
    show_all_the_same(user=world.erin, questions=[world.question.pk], now=LATER)
    for model in (BlindSwitch, Shown):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            model.objects.all().delete()


def test_what_is_read_while_it_is_off_is_noted_once_and_not_hidden_when_it_is_on(world: Desk) -> None:
    world.switch(False)
    for _again in range(2):
        assert world.tell(Place.API) == frozenset()
    world.switch(True)
    assert Shown.objects.values_list("user__username", "place").get() == ("erin", "api")
    assert not is_hidden(user=world.erin, question=world.question)
    assert is_hidden(user=world.lena, question=world.question)


def test_nothing_is_noted_that_matters_to_no_verdict(world: Desk, django_assert_num_queries: Any) -> None:
    sighted = make_question("Sighted?", desk=make_desk("open"))
    answered = make_question("Answered?", desk=world.desk)
    resolve_as_blind(answered, world)
    tell(user=world.erin, questions=[sighted.pk, answered.pk, world.question.pk], place=Place.PAGE, now=LATER)
    assert not Shown.objects.exists()
    with django_assert_num_queries(0):
        assert tell(user=User(is_active=False), questions=[], place=Place.PAGE, now=LATER) == frozenset()


def resolve_as_blind(question: Question, world: Desk) -> None:
    for by in (world.lena, make_user("anna", "editor", world.desk)):
        answer_question(question=question, finding=YES, evidence=[exhibit()], by=by, now=NOW)


def test_only_what_is_hidden_can_be_shown_all_the_same(world: Desk) -> None:
    elsewhere = make_question("Sighted?", desk=make_desk("open"))
    asked = [world.question.pk, elsewhere.pk]
    assert list(hidden_questions(user=world.erin)) == [world.question]
    assert show_all_the_same(user=world.erin, questions=asked, now=LATER) == 1
    assert show_all_the_same(user=world.erin, questions=asked, now=LATER) == 0
    assert not hidden_questions(user=world.erin).exists()


ACTS: dict[str, Callable[[Desk, dict[str, Any]], Any]] = {
    "revise": lambda world, given: revise_forecast(
        question=world.question, source=world.source, reading=Reading.stated(0.2), stated_at=NOW, **given
    ),
    "revise what nobody said": lambda world, given: revise_forecast(
        question=world.question,
        source=make_source("Silent"),
        reading=Reading.stated(0.2),
        stated_at=NOW,
        **given,
    ),
    "withdraw": lambda world, given: withdraw_forecast(
        question=world.question, source=world.source, stated_at=NOW, note="On the radio.", **given
    ),
    "correct": lambda world, given: correct_forecast(
        forecast=world.forecast, reading=Reading.stated(0.2), note="Typo.", **given
    ),
    "reply": lambda world, given: record_reply(
        question=world.question, source=world.source, text="No.", replied_on=NOW.date(), **given
    ),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_no_act_on_what_is_hidden_tells_of_it(world: Desk, act: Callable[..., Any]) -> None:
    before = Entry.objects.count()
    with pytest.raises(HiddenError) as refused:
        act(world, {"by": world.erin, "now": LATER})
    assert "Testa" not in refused.value.message
    assert "Silent" not in refused.value.message
    assert Entry.objects.count() == before
    assert world.give(world.erin).seen_blind


def test_what_one_recorded_oneself_one_may_revise(world: Desk) -> None:
    say(world.question, make_source("Own"), 0.5, by=world.erin)
    own = make_source("Own two")
    say(world.question, own, 0.5, by=world.erin)
    revise_forecast(
        question=world.question,
        source=own,
        reading=Reading.stated(0.2),
        stated_at=NOW,
        by=world.erin,
        now=LATER,
    )
    with pytest.raises(HiddenError):
        ACTS["correct"](world, {"by": world.erin, "now": LATER})
