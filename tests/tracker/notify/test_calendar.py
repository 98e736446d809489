"""The calendar as a program that subscribes to it reads it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar
from rest_framework.throttling import SimpleRateThrottle

from forecasts.desk.writes.links import replace_link
from forecasts.models import Role
from forecasts.people.writes.preferences import set_preferences
from forecasts.questions.writes.lifecycle import assign_question, move_deadline
from forecasts.schedule import Deadline, EndRule, Granularity
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.resolutions import answer_question
from tests.records import (
    NOW,
    ZONE,
    addresses_of,
    exhibit,
    make_desk,
    make_question,
    make_source,
    make_user,
    resolve,
    say,
)
from tests.told import tells

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhurried")]


def subscribed(client, owner):
    response = client.get(addresses_of(owner)["calendar"])
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content)


def events(client, owner):
    return {str(each["UID"]): each for each in subscribed(client, owner).walk("VEVENT")}


def the_event(client, owner):
    [event] = subscribed(client, owner).walk("VEVENT")
    return event


def test_a_desk_s_deadlines_are_a_calendar(client, desk):
    question = make_question("Will it snow; or, rather, hail?", on=date(2020, 6, 30), desk=desk)
    calendar = subscribed(client, desk)
    assert str(calendar["X-WR-CALNAME"]) == str(calendar["NAME"]) == "Weather: deadlines"
    assert calendar.decoded("REFRESH-INTERVAL") == timedelta(hours=1)
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert (str(calendar["VERSION"]), str(calendar["METHOD"])) == ("2.0", "PUBLISH")
    [event] = calendar.walk("VEVENT")
    assert str(event["SUMMARY"]) == "Answer due: Will it snow; or, rather, hail?"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2020, 6, 30), date(2020, 7, 1))
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert str(event["UID"]) == f"question-{question.key}@127.0.0.1"
    assert int(event["SEQUENCE"]) == 0
    assert str(event["URL"]).endswith(f"/admin/forecasts/question/{question.pk}/change/")
    assert event.decoded("DTSTAMP") == NOW


@pytest.mark.parametrize(
    ("deadline", "starts"),
    [
        (Deadline(on=date(2020, 6, 30), zone=ZONE), date(2020, 6, 30)),
        (Deadline(on=date(2020, 5, 1), granularity=Granularity.YEAR, zone=ZONE), date(2020, 12, 31)),
        (Deadline(on=date(2020, 3, 1), rule=EndRule.BEFORE, zone=ZONE), date(2020, 2, 29)),
        # Berlin's midnight is Stockholm's; Damascus' is another moment, so the moment is told.
        (Deadline(on=date(2020, 6, 30), zone="Europe/Berlin"), date(2020, 6, 30)),
        (Deadline(on=date(2020, 6, 30), zone="Asia/Damascus"), datetime(2020, 6, 30, 21, tzinfo=UTC)),
        # Across the change of clocks a day has 23 hours, and is still one day.
        (Deadline(on=date(2020, 3, 29), zone=ZONE), date(2020, 3, 29)),
    ],
)
def test_a_deadline_is_its_last_day_or_where_clocks_differ_its_instant(client, desk, deadline, starts):
    make_question(desk=desk, deadline=deadline)
    event = the_event(client, desk)
    assert event.decoded("DTSTART") == starts
    assert (event["DTSTART"].params.get("VALUE") == "DATE") == (type(starts) is date)


def test_a_moved_deadline_is_the_same_event_in_a_higher_sequence(client, desk):
    question = make_question(desk=desk)
    before, later = the_event(client, desk), NOW.replace(month=2)
    for month in (8, 9):
        moved = Deadline(on=date(2020, month, 1), zone=ZONE)
        move_deadline(question=question, deadline=moved, reason="Postponed.", by=None, now=later)
    after = the_event(client, desk)
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) == 2
    assert after.decoded("DTSTART") == date(2020, 9, 1)
    assert after.decoded("LAST-MODIFIED") == later


def test_an_answered_question_leaves_and_one_found_too_early_comes_back(client, desk):
    answered = make_question("Answered?", desk=desk)
    early = make_question("Too early?", desk=desk)
    answer_question(
        question=early,
        finding=Finding(answer="too_early", check_again_on=date(2020, 2, 3)),
        evidence=[exhibit()],
        by=None,
        now=NOW,
    )
    resolve(answered)
    found = events(client, desk)
    assert set(found) == {
        f"question-{early.key}@127.0.0.1",
        f"question-{early.key}-again-20200203@127.0.0.1",
    }
    again = found[f"question-{early.key}-again-20200203@127.0.0.1"]
    assert again.decoded("DTSTART") == date(2020, 2, 3)


def test_a_person_s_calendar_holds_what_they_are_assigned(client, desk):
    erin = make_user(desk=desk)
    mine, other = make_question("Mine?", desk=desk), make_question("Another's?", desk=desk)
    assign_question(by=None, question=mine, assignee=erin, now=NOW)
    assign_question(by=None, question=other, assignee=make_user("karl", desk=desk), now=NOW)
    assert set(events(client, erin)) == {f"question-{mine.key}@127.0.0.1"}


def test_a_person_reads_their_own_language_and_clock(client, desk):
    erin = make_user(desk=desk)
    assign_question(by=None, question=make_question(desk=desk), assignee=erin, now=NOW)
    assert the_event(client, erin).decoded("DTSTART") == date(2020, 6, 30)
    set_preferences(user=erin, wishes={"zone": "Asia/Tokyo", "language": "sv"})
    assert the_event(client, erin).decoded("DTSTART") == datetime(2020, 6, 30, 22, tzinfo=UTC)
    assert str(subscribed(client, erin)["X-WR-TIMEZONE"]) == "Asia/Tokyo"
    assert client.get(addresses_of(erin)["calendar"])["Content-Language"] == "sv"


def test_nothing_tells_who_said_what(client, desk):
    question = make_question(desk=desk)
    say(question, make_source("Ada Andersson"), 0.37)
    content = client.get(addresses_of(desk)["calendar"]).content
    assert b"Andersson" not in content
    assert not tells(content, 37)


def test_an_address_ends_when_it_is_replaced_and_when_its_owner_leaves(client, desk):
    erin = make_user(desk=desk)
    old = addresses_of(erin)["calendar"]
    replace_link(by=None, owner=erin, now=timezone.now())
    assert client.get(old).status_code == 404
    new = addresses_of(erin)["calendar"]
    assert client.get(new).status_code == 200
    erin.memberships.all().delete()
    assert client.get(new).status_code == 404
    erin.memberships.create(desk=desk, role=Role.VIEWER)
    assert client.get(new).status_code == 404, "whoever comes back is given another"
    assert client.get(addresses_of(erin)["calendar"]).status_code == 200


@pytest.mark.parametrize("secret", ["p1-0", "p1-0.", "d1-0.AAAA", "x.y", ".", "p1-0.ÅÄÖ", "p" + "9" * 400])
def test_a_made_up_address_leads_nowhere(client, desk, secret):
    assert client.get(f"/calendar/{secret}.ics").status_code == 404


def test_one_owner_s_secret_does_not_open_another_s(client, desk):
    make_desk("sports")
    secret = addresses_of(desk)["calendar"]
    assert client.get(secret.replace(f"/d{desk.pk}-", f"/d{desk.pk + 1}-")).status_code == 404


def test_a_calendar_that_has_not_changed_costs_no_body(client, desk):
    make_question(desk=desk)
    address = addresses_of(desk)["calendar"]
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    make_question("Another?", desk=desk)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_hundred_deadlines_cost_as_many_queries_as_one(client, desk):
    address = addresses_of(desk)["calendar"]

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    make_question(desk=desk)
    cost()  # The first use in a minute is noted.
    one = cost()
    for number in range(20):
        make_question(f"Will it snow on day {number}?", desk=desk)
    assert cost() == one <= 4


def test_whoever_asks_too_often_is_told_when_to_come_back(client, desk, monkeypatch):
    cache.clear()
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "links", "3/min")
    address = addresses_of(desk)["calendar"]
    assert [client.get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
    guessed = client.get("/calendar/p1-0.guess.ics")
    assert guessed.status_code == 429
    assert 0 < int(guessed["Retry-After"]) <= 60
