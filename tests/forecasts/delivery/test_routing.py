"""Who is reminded: assignee, rota, lead; deputies of those who are away."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forecasts.delivery.reads.routing import load_routes
from forecasts.models import Absence, Preferences, Reminder, Role, Turn
from tests.records import NOW, make_desk, make_question, make_user

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def _reached(reminder=None, *, now=NOW):
    reminder = reminder or Reminder.objects.select_related("question__desk", "question__assignee").get()
    found = load_routes(questions=[reminder.question], now=now).reach(reminder)
    return found and (found.user.username, found.role)


def _away(user, *, days=7, deputy=None):
    return Absence.objects.create(
        user=user, away_from=TODAY, back_on=TODAY + timedelta(days=days), deputy=deputy
    )


@pytest.fixture
def desk():
    return make_desk()


def test_the_line_is_assignee_rota_lead_editor_administrator_staff(desk):
    question = make_question(desk=desk)
    assert _reached() is None
    make_user("root", is_superuser=True, role=None)
    assert _reached() == ("root", "staff")
    make_user("adam", role=Role.ADMINISTRATOR, desk=desk)
    assert _reached() == ("adam", "administrator")
    make_user("erin", desk=desk)
    assert _reached() == ("erin", "editor")
    make_user("lena", role=Role.LEAD, desk=desk)
    assert _reached() == ("lena", "lead")
    Turn.objects.create(desk=desk, user=make_user("rolf"), from_day=TODAY)
    assert _reached() == ("rolf", "rota")
    question.assignee = make_user("anna", role=None)
    question.save(update_fields=["assignee"])
    assert _reached() == ("anna", "assignee")
    User.objects.filter(username="anna").update(is_active=False)
    assert _reached() == ("rolf", "rota")


def test_viewers_are_asked_nothing(desk):
    make_user("viola", role=Role.VIEWER, desk=desk)
    make_question(desk=desk)
    assert _reached() is None


def test_a_turn_goes_by_the_day_at_the_desk(desk):
    make_question(desk=desk)
    erin, olof = make_user("erin"), make_user("olof")
    Turn.objects.create(desk=desk, user=erin, from_day=date(2020, 1, 6), every_weeks=2)
    Turn.objects.create(desk=desk, user=olof, from_day=date(2020, 1, 13), every_weeks=2)
    # Midnight in Stockholm is 23:00 in UTC, and Monday begins there.
    sunday = NOW.replace(day=12, hour=22, minute=59)
    assert _reached(now=sunday) == ("erin", "rota")
    assert _reached(now=sunday + timedelta(minutes=1)) == ("olof", "rota")


def test_an_absence_passes_to_the_deputy_and_ends_on_the_day_they_are_back(desk):
    erin, dora = make_user("erin", desk=desk), make_user("dora", desk=desk)
    make_question(desk=desk, assignee=erin)
    _away(erin, days=2, deputy=dora)
    assert _reached() == ("dora", "deputy")
    assert _reached(now=NOW + timedelta(days=2)) == ("erin", "assignee")


def test_deputies_are_followed_as_far_as_there_are_any_and_round_no_circle(desk):
    erin, dora, carl = (make_user(name, desk=desk) for name in ("erin", "dora", "carl"))
    make_question(desk=desk, assignee=erin)
    _away(erin, deputy=dora)
    _away(dora)
    Preferences.objects.create(user=dora, deputy=carl)
    assert _reached() == ("carl", "deputy")
    _away(carl, deputy=erin)
    make_user("lena", role=Role.LEAD, desk=desk)
    assert _reached() == ("lena", "lead")


@pytest.mark.parametrize(
    ("role", "there", "reached"),
    [
        (Role.VIEWER, True, ("lena", "lead")),
        (Role.EDITOR, True, ("dora", "deputy")),
        (Role.EDITOR, False, ("lena", "lead")),
        (Role.ADMINISTRATOR, False, ("dora", "deputy")),
    ],
)
def test_a_deputy_stands_in_as_far_as_their_role_on_the_question_s_desk_reaches(desk, role, there, reached):
    erin = make_user("erin", desk=desk)
    make_user("lena", role=Role.LEAD, desk=desk)
    dora = make_user("dora", role=role, desk=desk if there else make_desk("sports"))
    make_question(desk=desk, assignee=erin)
    _away(erin, deputy=dora)
    assert _reached() == reached


def test_a_lead_s_deputy_who_is_no_lead_decides_nothing(desk):
    lena, olga = (make_user(name, role=Role.LEAD, desk=desk) for name in ("lena", "olga"))
    _away(lena, deputy=make_user("dora", desk=desk))
    disputed = Reminder(question=make_question(desk=desk), stage="disputed", escalated=True)
    assert _reached(disputed) == (olga.username, "lead")


def test_where_everybody_is_away_the_first_in_line_is_told_all_the_same(desk):
    erin = make_user("erin", desk=desk)
    make_question(desk=desk, assignee=erin)
    _away(erin)
    assert _reached() == ("erin", "assignee")


def test_whoever_left_the_mail_is_passed_over_unless_the_desk_has_a_chat(desk):
    erin = make_user("erin", desk=desk)
    make_user("lena", role=Role.LEAD, desk=desk)
    make_question(desk=desk, assignee=erin)
    Preferences.objects.create(user=erin, unsubscribed=["mail"])
    assert _reached() == ("lena", "lead")
    desk.channels = ["json://example.org"]
    desk.save()
    assert _reached() == ("erin", "assignee")


def test_an_escalation_goes_above_the_head_of_whoever_was_asked(desk):
    lena = make_user("lena", role=Role.LEAD, desk=desk)
    make_question(desk=desk, assignee=lena)
    reminder = Reminder.objects.select_related("question__desk", "question__assignee").get()
    reminder.escalated = True
    assert _reached(reminder) == ("lena", "lead")
    make_user("adam", role=Role.ADMINISTRATOR, desk=desk)
    assert _reached(reminder) == ("adam", "administrator")


def test_a_zone_that_does_not_exist_is_passed_over(desk):
    erin = make_user("erin", desk=desk)
    make_question(desk=desk, assignee=erin)
    Preferences.objects.create(user=erin, zone="Europe/Raqqa")
    reminder = Reminder.objects.select_related("question__desk").get()
    assert load_routes(questions=[reminder.question], now=NOW).hours(erin, desk).zone == desk.zone


def test_a_person_s_own_hours_come_before_the_desk_s(desk):
    erin, olof = make_user("erin", desk=desk), make_user("olof", desk=desk)
    desk.quiet_from, desk.quiet_until, desk.working_days = "18:00", "08:00", [0, 1, 2, 3, 4]
    desk.save()
    desk.refresh_from_db()
    Preferences.objects.create(
        user=olof, zone="America/New_York", working_from="12:00", working_until="20:00", working_days=[5, 6]
    )
    routes = load_routes(questions=[], now=NOW, also=[erin, olof])
    theirs = [routes.hours(user, desk) for user in (erin, olof)]
    assert [(each.zone, sorted(each.days), str(each.opens), str(each.closes)) for each in theirs] == [
        ("Europe/Stockholm", [0, 1, 2, 3, 4], "08:00:00", "18:00:00"),
        ("America/New_York", [5, 6], "12:00:00", "20:00:00"),
    ]


def test_the_queries_do_not_grow_with_the_batch(desk):
    def cost():
        rows = Reminder.objects.select_related("question__desk", "question__assignee")
        questions = [each.question for each in rows]
        with CaptureQueriesContext(connection) as queries:
            load_routes(questions=questions, now=NOW)
        return len(queries)

    make_question(desk=desk, assignee=make_user("erin", desk=desk))
    few = cost()
    for number in range(5):
        other = make_desk(f"desk{number}")
        user = make_user(f"user{number}", desk=other)
        Turn.objects.create(desk=other, user=user, from_day=TODAY)
        make_question(f"Number {number}?", desk=other, assignee=user)
    assert cost() == few
