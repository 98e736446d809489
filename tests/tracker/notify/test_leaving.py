"""One click ends a person's mail, and nothing that waits for them is lost."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.throttling import SimpleRateThrottle

from forecasts.delivery.reads.routing import wishes_of
from forecasts.people.writes.preferences import set_preferences
from tests.records import make_question, make_user
from tracker.notify.delivery.sweep import sweep_in_foreground
from tracker.notify.kit.signed_links import leave_link

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def erin(desk):
    return make_user(desk=desk)


@pytest.fixture
def link(erin, unhurried):
    return leave_link(user=erin)


def no_mail(user):
    return "mail" in wishes_of(user).unsubscribed


def test_a_mail_program_ends_it_without_login_cookie_or_csrf(erin, link):
    program = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert program.post(link, ONE_CLICK).status_code == 200
    assert no_mail(erin)
    assert wishes_of(erin).unsubscribed == ["mail"]


def test_a_scanner_that_follows_links_changes_nothing(erin, link, client):
    assert client.head(link).status_code == 200
    page = client.get(link)
    assert "Unsubscribe from e-mail?" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert not no_mail(erin)
    assert "You have unsubscribed from e-mail" in client.post(link).content.decode()


def test_a_changed_link_ends_nobody_s_mail(erin, desk, link, client):
    karl = make_user("karl", desk=desk)
    token = link.rstrip("/").rpartition("/")[2]
    forged = f"{karl.pk}{token[len(str(erin.pk)) :]}"
    for each in (forged, token[:-1], token + "x", "x", f"{erin.pk}:abc.def"):
        page = client.post(f"/unsubscribe/{each}/", ONE_CLICK)
        assert page.status_code == 404
        assert "Nothing was changed" in page.content.decode()
    assert not no_mail(erin)
    assert not no_mail(karl)


def test_a_link_is_good_for_the_address_it_was_sent_to(erin, link, client):
    erin.email = "other@example.org"
    erin.save()
    assert client.post(link, ONE_CLICK).status_code == 404
    assert not no_mail(erin)


def test_what_waits_for_whoever_left_goes_to_their_deputy(erin, desk, link, client):
    karl = make_user("karl", desk=desk)
    set_preferences(user=erin, wishes={"deputy": karl})
    question = make_question(desk=desk)
    question.assignee = erin
    question.save()
    client.post(link, ONE_CLICK)
    sweep_in_foreground(clock=lambda: question.deadline_at)
    assert [each.to for each in mail.outbox] == [["karl@example.org"]]


def test_whoever_tries_too_often_is_told_when_to_come_back(erin, client, monkeypatch):
    cache.clear()
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "links", "2/min")
    tries = [client.post(f"/unsubscribe/guess{number}/").status_code for number in range(3)]
    assert tries == [404, 404, 429]


def test_whoever_asks_by_mail_is_taken_off_by_hand(erin, capsys):
    call_command("unsubscribe", "ERIN@example.org")
    assert "erin gets no more mail" in capsys.readouterr().out
    assert no_mail(erin)
    with pytest.raises(CommandError, match="Nobody here has the address"):
        call_command("unsubscribe", "nobody@example.org")
