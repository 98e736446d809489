"""A question is asked once; its deadline moves only with a reason, and the old one is kept."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from forecasts.models import Question, Reminder
from forecasts.questions.writes.lifecycle import (
    DeadlineBeforeOpeningError,
    DeadlineMoveRefusedError,
    IncompleteQuestionError,
    assign_question,
    move_deadline,
)
from forecasts.record.reads import ledger
from forecasts.record.refusal import RefusedError
from forecasts.schedule import Deadline, Granularity
from tests.records import NOW, ZONE, make_question, make_user, resolve

pytestmark = pytest.mark.django_db
LATER = Deadline(on=date(2021, 1, 1), granularity=Granularity.YEAR, zone=ZONE)


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"proposition": "  "}, IncompleteQuestionError, "proposition"),
        ({"criteria": ""}, IncompleteQuestionError, "criteria"),
        ({"opens_at": NOW + timedelta(days=900)}, DeadlineBeforeOpeningError, "deadline_on"),
        ({"deadline_imputed": True}, RefusedError, "deadline_reason"),
        ({"base_rate": 1.2}, IncompleteQuestionError, "base_rate"),
    ],
)
def test_an_incomplete_question_is_refused_and_names_the_field(change, error, field):
    with pytest.raises(error) as caught:
        make_question(**change)
    assert caught.value.field == field
    assert not Question.objects.exists()


def test_questions_with_the_same_words_get_their_own_address():
    assert make_question().slug == "will-it-snow-in-teststad"
    other = make_question(criteria="Another synthetic office reports snow.")
    assert re.fullmatch(r"will-it-snow-in-teststad-[a-z]{6}", other.slug)


def test_opening_arms_the_first_reminder():
    question = make_question()
    reminder = Reminder.objects.get()
    assert reminder.stage == "before-7"
    assert reminder.due_at == question.deadline_at - timedelta(days=7)


def test_moving_the_deadline_keeps_the_old_one_and_arms_anew():
    question = make_question()
    old = question.deadline_at
    move = move_deadline(question=question, deadline=LATER, reason="Postponed.", by=None, now=NOW)
    assert question.deadline_at == LATER.at
    assert move.moved_from["at"] == old.isoformat()
    ended, armed = Reminder.objects.order_by("pk")
    assert ended.ended_because == "deadline moved"
    assert armed.due_at == LATER.at - timedelta(days=7)
    assert ledger.verify() is None


@pytest.mark.parametrize(
    ("deadline", "reason", "message"),
    [
        (LATER, " ", "Say why"),
        (Deadline(on=date(2020, 6, 30), zone=ZONE), "Same.", "is the deadline already"),
        (Deadline(on=date(2000, 1, 1), zone=ZONE), "Back.", "before the question opens"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(deadline, reason, message):
    question = make_question()
    with pytest.raises(DeadlineMoveRefusedError, match=message):
        move_deadline(question=question, deadline=deadline, reason=reason, by=None, now=NOW)
    assert question.deadline_moves.count() == 0


def test_a_resolved_questions_deadline_stays():
    question = make_question()
    resolve(question)
    with pytest.raises(DeadlineMoveRefusedError, match="Reopen it first"):
        move_deadline(question=question, deadline=LATER, reason="Late.", by=None, now=NOW)


def test_what_is_asked_never_changes_but_who_works_on_it_may():
    question = make_question()
    with (
        pytest.raises(IntegrityError, match="append-only but for"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE forecasts_question SET criteria = 'x'")
    assign_question(by=None, question=question, assignee=make_user(), now=NOW)
    question.refresh_from_db()
    assert question.assignee.username == "erin"
