"""How a person wants to hear from us."""

from datetime import date, time, timedelta

import pytest

from forecasts.delivery.reads.routing import load_routes, wishes_of
from forecasts.models import Absence, Digest, Mode, Preferences, Reminder, Role
from forecasts.people.writes.preferences import (
    AbsenceRefusedError,
    PreferencesRefusedError,
    end_absence,
    leave_channel,
    record_absence,
    rejoin_channel,
    set_preferences,
)
from tests.records import NOW, make_desk, make_question, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return make_desk()


@pytest.fixture
def erin(desk):
    return make_user(desk=desk)


def reached(question):
    return load_routes(questions=[question], now=NOW).reach(question.reminders.get())


def test_what_is_not_named_stays_as_it_is(erin):
    set_preferences(user=erin, wishes={"zone": "Asia/Tokyo", "cap": 3})
    set_preferences(user=erin, wishes={"mode": Mode.WEEKLY, "working_days": [4, 0, 0]})
    found = wishes_of(erin)
    assert (found.zone, found.cap, found.mode, found.working_days) == ("Asia/Tokyo", 3, "weekly", [0, 4])


@pytest.mark.parametrize(
    ("wishes", "field", "words"),
    [
        ({"zone": "Europe/Raqqa"}, "zone", "There is no time zone"),
        ({"language": "tlh"}, "language", "We do not write in “tlh”"),
        ({"mode": "hourly"}, "mode", "not a valid choice"),
        ({"digest_hour": 24}, "digest_hour", "less than or equal to 23"),
        ({"digest_weekday": 7}, "digest_weekday", "not a valid choice"),
        ({"working_days": []}, "working_days", "one day at least"),
        ({"working_days": [7]}, "working_days", "not a valid choice"),
        ({"working_from": time(8)}, "working_until", "both ends"),
        ({"working_from": time(8), "working_until": time(8)}, "working_until", "end when they begin"),
        ({"cap": 0}, "cap", "greater than or equal to 1"),
        ({"mail": "never"}, "mail", "no preference “mail”"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(erin, wishes, field, words):
    with pytest.raises(PreferencesRefusedError, match=words) as refused:
        set_preferences(user=erin, wishes=wishes)
    assert refused.value.field == field
    assert not Preferences.objects.filter(user=erin).exists()


def test_a_deputy_is_somebody_else_who_may_answer(erin, desk):
    with pytest.raises(PreferencesRefusedError, match="their own deputy"):
        set_preferences(user=erin, wishes={"deputy": erin})
    viewer = make_user("vera", role=Role.VIEWER, desk=desk)
    with pytest.raises(PreferencesRefusedError, match="vera can’t answer"):
        set_preferences(user=erin, wishes={"deputy": viewer})
    stranger = make_user("sven", desk=make_desk("sports"))
    with pytest.raises(PreferencesRefusedError, match="sven can’t answer"):
        set_preferences(user=erin, wishes={"deputy": stranger})
    karl = make_user("karl", desk=desk)
    assert set_preferences(user=erin, wishes={"deputy": karl}).deputy == karl


def test_whoever_leaves_the_mail_loses_nothing(erin, desk):
    karl = make_user("karl", desk=desk)
    question = make_question(desk=desk)
    question.assignee = erin
    question.save()
    set_preferences(user=erin, wishes={"deputy": karl})
    assert reached(question).user == erin
    digest = Digest.objects.create(recipient=erin, on=NOW.date(), due_at=NOW, created_at=NOW)
    Reminder.objects.update(digest=digest, recipient=erin)
    for _ in range(2):
        assert leave_channel(user=erin, channel="mail").unsubscribed == ["mail"]
    assert Reminder.objects.get().digest is None
    assert reached(question).user == karl
    assert rejoin_channel(user=erin, channel="mail").unsubscribed == []
    assert reached(question).user == erin


def test_an_absence_is_half_open_and_does_not_overlap_another(erin, desk):
    away = record_absence(by=None, user=erin, away_from=date(2020, 7, 1), back_on=date(2020, 8, 1))
    record_absence(by=None, user=erin, away_from=date(2020, 8, 1), back_on=date(2020, 8, 2))
    with pytest.raises(AbsenceRefusedError, match="overlap with an absence from 2020-07-01 to 2020-08-01"):
        record_absence(by=None, user=erin, away_from=date(2020, 6, 1), back_on=date(2020, 7, 2))
    with pytest.raises(AbsenceRefusedError, match="comes after"):
        record_absence(by=None, user=erin, away_from=date(2020, 9, 1), back_on=date(2020, 9, 1))
    end_absence(by=None, absence=away, on=date(2020, 7, 10))
    away.refresh_from_db()
    assert away.back_on == date(2020, 7, 10)
    end_absence(by=None, absence=away, on=away.away_from - timedelta(days=1))
    assert Absence.objects.count() == 1
