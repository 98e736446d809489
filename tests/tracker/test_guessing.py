"""Whoever guesses waits, by whichever page or address they come, and with the cache stopped too."""

import base64
import statistics
import time
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from forecasts.models import Guess, Guessed
from forecasts.people.writes.guesses import FREE
from tests.records import addresses_of, make_desk, make_user
from tracker.guessing import KNOWN, address_of
from tracker.notify.kit.signed_links import leave_link

RIGHT = "correct horse"
LOGIN, TOKEN = "/admin/login/", "/api/v1/auth/token/"
# How each address that carries a secret is asked with a wrong one, by the name of its URL.
GUESSES = {
    "invitation_open": "/admin/invitation/{}/",
    "admin:forecasts_reminder_act": "/admin/forecasts/reminder/act/{}/",
    "notify:leave": "/unsubscribe/{}/",
    "notify:calendar": "/calendar/{}.ics",
    "notify:due_by_link": "/feeds/due/{}.atom",
}


@pytest.fixture
def erin(db, monkeypatch):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "links", None)
    return make_user(desk=make_desk(), is_staff=True)


@pytest.fixture
def no_cache(settings):
    """A cache whose server has stopped."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere/valkey.sock",
        }
    }


def by_page(client, password, name="erin"):
    return client.post(LOGIN, {"username": name, "password": password, "next": "/admin/"})


def by_api(client, password, name="erin"):
    written = base64.b64encode(f"{name}:{password}".encode()).decode()
    return client.post(TOKEN, headers={"Authorization": f"Basic {written}"}, content_type="application/json")


def let_pass(seconds):
    """Let the pauses that were begun be that much shorter."""
    for row in Guess.objects.all():
        row.address_until -= timedelta(seconds=seconds)
        row.name_until -= timedelta(seconds=seconds)
        row.save()


@pytest.mark.parametrize("way_in", [by_page, by_api])
def test_the_right_password_comes_too_late_during_a_pause(erin, way_in):
    assert way_in(Client(), "wrong").status_code in {200, 401}
    refused = way_in(Client(), RIGHT)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "1"
    assert "Try again in 1 second." in refused.content.decode()
    let_pass(1)
    assert way_in(Client(), RIGHT).status_code in {201, 302}
    assert not Guess.objects.exists()


def test_the_page_and_the_api_count_together(erin):
    for way_in in (by_page, by_api, by_page):
        assert way_in(Client(), "wrong").status_code in {200, 401}
        let_pass(8)
    assert Guess.objects.get().count == 3


@pytest.mark.parametrize("way_in", [by_page, by_api])
def test_a_name_that_does_not_exist_is_answered_alike(erin, way_in):
    answers = []
    for number, name in enumerate(["erin", "nobody", "left", "invited"]):
        User.objects.filter(username=name).exists() or number < 2 or make_user(name, is_active=name != "left")
        if name == "invited":
            User.objects.get(username=name).set_unusable_password()
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        wrong, early = way_in(client, "wrong", name), way_in(client, "wrong", name)
        answers.append((wrong.status_code, early.status_code, early["Retry-After"]))
    assert len(set(answers)) == 1


def test_the_time_an_answer_takes_does_not_tell_whether_a_name_exists(erin, settings):
    """With the real, slow hash: it is worked out for names that don't exist, too."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    erin.set_password(RIGHT)
    erin.save()

    def seconds(name):
        took = []
        for number in range(5):
            client, began = Client(REMOTE_ADDR=f"192.0.2.{number}"), time.process_time()
            by_page(client, "wrong", name)
            took.append(time.process_time() - began)
            let_pass(60)
        return statistics.median(took)

    known, unknown = seconds("erin"), seconds("nobody")
    assert unknown > known / 2, "an unknown name is answered without the work of a hash"
    assert known > unknown / 2


def test_a_browser_that_somebody_signed_in_with_is_not_kept_waiting_by_strangers(erin):
    """Not even by those who share its address."""
    mine = Client()
    assert by_page(mine, RIGHT).status_code == 302
    assert mine.cookies[KNOWN]["httponly"]
    assert mine.cookies[KNOWN]["path"] == "/admin/"
    mine.get("/admin/logout/")
    for _ in range(6):
        by_page(Client(), "wrong")
        let_pass(60)
    by_page(Client(), "wrong")
    assert by_page(Client(), RIGHT).status_code == 429
    assert by_page(mine, RIGHT).status_code == 302


def test_a_known_browser_is_known_for_one_name_and_counted_too(erin):
    make_user("karl", is_staff=True)
    mine = Client()
    by_page(mine, RIGHT)
    assert by_page(mine, "wrong").status_code == 200
    assert by_page(mine, RIGHT).status_code == 429
    assert by_page(Client(), RIGHT).status_code == 302, "and its owner's slips keep nobody else waiting"
    for _ in range(3):
        by_page(mine, "wrong", "karl")
    assert by_page(Client(), RIGHT, "karl").status_code == 429


def test_a_forged_mark_of_a_browser_is_worth_nothing(erin):
    client = Client()
    client.cookies[KNOWN] = "AAAAAAAAAAAA.erin.1tAAAA.forged"
    by_page(client, "wrong")
    assert by_page(client, RIGHT).status_code == 429


def secret_addresses():
    """Yield the name of every URL with a secret in it, from the URL map itself."""

    def walk(patterns, spaces):
        for each in patterns:
            if isinstance(each, URLPattern):
                if {"secret", "token"} & set(each.pattern.converters):
                    yield ":".join([*spaces, each.name])
            else:
                yield from walk(each.url_patterns, [*spaces, each.namespace] if each.namespace else spaces)

    return set(walk(get_resolver().url_patterns, []))


def test_every_address_with_a_secret_in_it_has_a_row_here():
    assert secret_addresses() == set(GUESSES)


@pytest.mark.parametrize("name", sorted(GUESSES))
def test_whoever_guesses_at_secret_addresses_waits_whatever_became_of_the_cache(erin, no_cache, name):
    client, free = Client(), FREE[Guessed.SECRET]
    made_up = [
        client.get(GUESSES[name].format(f"guess{number}.x"), follow=True).status_code
        for number in range(free + 2)
    ]
    assert set(made_up[:free]) == {404}
    assert made_up[-1] == 429
    for right in (leave_link(user=erin), addresses_of(erin)["calendar"]):
        waits = client.get(right)
        assert waits.status_code == 429
        assert waits["Retry-After"] == "1"
        assert client.get(right, REMOTE_ADDR="198.51.100.7").status_code != 429


def test_passwords_are_counted_with_the_cache_stopped(erin, no_cache):
    by_page(Client(), "wrong")
    assert by_page(Client(), RIGHT).status_code == 429


def test_an_address_that_was_replaced_is_no_guess(erin):
    """A calendar program goes on asking for it for ever."""
    old = addresses_of(erin)["calendar"]
    erin.memberships.all().delete()
    assert [Client().get(old).status_code for _ in range(FREE[Guessed.SECRET] + 3)][-1] == 404
    assert not Guess.objects.exists()


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "counted"),
    [
        (0, "192.0.2.1", "198.51.100.7", "192.0.2.1"),
        (1, "10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
        (0, "", "198.51.100.7", "unknown"),
    ],
)
def test_behind_proxies_their_number_decides_the_address(settings, proxies, remote, forwarded, counted):
    settings.REST_FRAMEWORK = {**configured.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=remote, **headers)) == counted


def test_a_long_pause_is_a_line_in_the_log_that_names_the_address_and_not_what_was_typed(erin, caplog):
    for _ in range(7):
        by_page(Client(), "my password", "my password too")
        let_pass(900)
    [line] = [each.getMessage() for each in caplog.records if each.name == "tracker.guessing"]
    assert line == "Wrong passwords from 127.0.0.1: it waits 64 s now."
    assert Guess.objects.get().last_at <= timezone.now()
