"""A question goes to another desk: its people answer it by their rules, and the record says so."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from forecasts.delivery.reads.routing import load_routes
from forecasts.desk.writes.desks import set_desk
from forecasts.desk.writes.moves import DeskMoveRefusedError, desks_to_move_to, move_question
from forecasts.models import DeskMove, Digest, Question, Reminder, Role, Sighted
from forecasts.questions.reads.blind import why_sighted
from forecasts.questions.writes.lifecycle import assign_question, preset
from forecasts.record.reads import ledger
from forecasts.record.refusal import RefusedError
from forecasts.reminders.writes import snooze_reminder
from tests.records import NOW, make_desk, make_document, make_question, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def weather():
    return make_desk()


@pytest.fixture
def sports():
    return make_desk("sports", stages=[-1, 0])


def both(role, *desks):
    user = make_user("lena", role, desks[0])
    for desk in desks[1:]:
        desk.memberships.create(user=user, role=role)
    return user


def test_the_move_is_a_fact_and_the_other_desk_answers(weather, sports):
    erin, nils = make_user("erin", desk=weather), make_user("nils", desk=sports)
    lena = both(Role.LEAD, weather, sports)
    question = make_question(desk=weather, assignee=erin)
    move = move_question(question=question, desk=sports, reason=" It is a match. ", by=lena, now=NOW)
    assert (move.moved_from, move.moved_to, move.reason) == (weather, sports, "It is a match.")
    assert (question.desk, question.assignee) == (sports, None)  # Erin can't answer there.
    assert ledger.verify() is None
    ended, armed = Reminder.objects.filter(question=question).order_by("pk")
    assert ended.ended_because == "moved to another desk"
    assert armed.stage == "before-1"  # By the new desk's stages, not a week before.
    routes = load_routes(questions=[question], now=NOW)
    assert routes.asked(question) in (nils, lena)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        DeskMove.objects.update(reason="Another.")


def test_an_assignee_who_is_on_both_desks_keeps_the_question(weather, sports):
    erin = both(Role.EDITOR, weather, sports)
    question = make_question(desk=weather, assignee=erin)
    move_question(question=question, desk=sports, reason="Theirs.", by=None, now=NOW)
    assert question.assignee == erin


def test_what_was_put_off_keeps_its_day_and_leaves_the_digest(weather, sports):
    question = make_question(desk=weather, assignee=make_user("erin", desk=weather))
    until = NOW + timedelta(days=3)
    put_off = snooze_reminder(reminder=Reminder.objects.get(), until=until, by=None, now=NOW)
    digest = Digest.objects.create(recipient=question.assignee, on=until.date(), due_at=until, created_at=NOW)
    Reminder.objects.filter(pk=put_off.pk).update(digest=digest, recipient=question.assignee)
    move_question(question=question, desk=sports, reason="Theirs.", by=None, now=NOW)
    armed = Reminder.objects.armed().get()
    assert (armed.pk, armed.due_at, armed.digest) == (put_off.pk, until, None)


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        ((Role.LEAD, None), "You don’t head “Sports”"),
        ((None, Role.LEAD), "You don’t head “Weather”"),
        ((Role.LEAD, Role.EDITOR), "You don’t head “Sports”"),
        ((Role.EDITOR, Role.EDITOR), "You don’t head “Weather”"),
    ],
)
def test_only_whoever_heads_both_desks_moves_it(weather, sports, roles, told):
    user = make_user("lena", None)
    for desk, role in zip((weather, sports), roles, strict=True):
        if role:
            desk.memberships.create(user=user, role=role)
    question = make_question(desk=weather)
    with pytest.raises(DeskMoveRefusedError, match=told):
        move_question(question=question, desk=sports, reason="Theirs.", by=user, now=NOW)
    assert not desks_to_move_to(question=question, user=user).exists()
    assert Question.objects.get().desk == weather


def test_an_administrator_moves_it_anywhere(weather, sports):
    question = make_question(desk=weather)
    administrator = make_user("adele", Role.ADMINISTRATOR, weather)
    assert list(desks_to_move_to(question=question, user=administrator)) == [sports]
    move_question(question=question, desk=sports, reason="Theirs.", by=administrator, now=NOW)
    assert question.desk == sports


@pytest.mark.parametrize(("reason", "same", "field"), [("  ", False, "reason"), ("Theirs.", True, "desk")])
def test_a_move_without_a_reason_or_to_the_same_desk_is_refused(weather, sports, reason, same, field):
    question = make_question(desk=weather)
    to = weather if same else sports
    with pytest.raises(RefusedError) as caught:
        move_question(question=question, desk=to, reason=reason, by=None, now=NOW)
    assert caught.value.field == field
    assert not DeskMove.objects.exists()


def test_a_question_out_of_a_file_that_nobody_was_given_stays_unarmed(weather, sports):
    question = make_question(desk=weather)
    Reminder.objects.all().delete()
    with connection.cursor() as cursor:  # As an import leaves it; the record's guard allows no more.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE forecasts_question SET block = 1")
        cursor.execute("SET LOCAL session_replication_role = origin")
    question.refresh_from_db()
    move_question(question=question, desk=sports, reason="Theirs.", by=None, now=NOW)
    assert not Reminder.objects.armed().exists()


def test_what_comes_from_an_open_desk_is_not_answered_blind(weather, sports):
    """Whoever read along there has seen who said what, and nobody noted it."""
    erin = make_user("erin", desk=sports)
    for each in (sports, weather):
        assert not each.blind
    set_desk(desk=sports, rules={"blind": True}, by=None, now=NOW - timedelta(days=400))
    question = make_question(desk=weather)
    move_question(question=question, desk=sports, reason="Theirs.", by=None, now=NOW)
    question = Question.objects.select_related("desk").get()
    assert question.desk.blind
    assert why_sighted(user=erin, question=question) == Sighted.DESK_OPEN
    stayed = make_question("Did it snow?", desk=sports)
    assert why_sighted(user=erin, question=Question.objects.get(pk=stayed.pk)) == ""


@pytest.mark.parametrize(
    ("role_there", "asks_in", "of_desk"),
    [(Role.EDITOR, "sv", "weather"), (Role.VIEWER, "sv", "sports"), (None, "sv", "sports")],
)
def test_a_question_read_from_an_article_is_in_its_language_and_on_its_desk(
    weather, sports, role_there, asks_in, of_desk
):
    """But who only reads along on the article's desk opens it on their own."""
    erin = make_user("erin", Role.EDITOR, sports)
    if role_there:
        weather.memberships.create(user=erin, role=role_there)
    article = make_document(desk=weather)
    question = make_question(article=article, by=erin)
    assert (question.language, question.desk.slug) == (asks_in, of_desk)
    assert preset(article=article, by=erin).desk == question.desk


def test_a_question_of_no_article_is_its_editors_desks_and_in_its_language():
    make_desk("first")
    own = make_desk("svenska", language="sv")
    question = make_question(by=make_user("erin", desk=own))
    assert (question.language, question.desk) == ("sv", own)
    assert make_question("Regnar det?", by=question.recorded_by, language="de").language == "de"


def test_an_assigned_question_stays_assigned_where_it_is_moved_back(weather, sports):
    erin = both(Role.EDITOR, weather, sports)
    question = make_question(desk=weather)
    move_question(question=question, desk=sports, reason="Theirs.", by=None, now=NOW)
    assign_question(question=question, assignee=erin, by=None, now=NOW)
    move_question(question=question, desk=weather, reason="Ours.", by=None, now=NOW)
    assert (question.desk, question.assignee) == (weather, erin)
    assert [each.moved_to for each in question.desk_moves.all()] == [sports, weather]
    assert ledger.verify() is None
