"""No secret reaches a log: not a setting, a password, a token, a signed link nor a secret address."""

import logging
import os
import re
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver

from config.logs import TAKEN_OUT, Redacting
from forecasts.people.writes.tokens import PREFIX

SIGNATURE = "mQ3v0Yb1x7dJkP2sR9tUeWfGhIaLcNoZ8K5n4E6_T-0"
TOKEN = f"{PREFIX}{SIGNATURE}"
OLD_TOKEN = "0f" * 32
SECRET = "c0ffee-0123456789-TIiajkdnl"


def line(message: str, *args: Any, secrets: tuple[str, ...] = ()) -> str:
    """Return what is written for that message."""
    record = logging.LogRecord("tests", logging.INFO, __file__, 1, message, args, None)
    return Redacting("{message}", style="{", secrets=secrets).format(record)


LINES = [
    # What is logged, what must not be in it, why.
    (f"GET /calendar/p12-0.{SIGNATURE}.ics 200", SIGNATURE, "a calendar"),
    (f"GET /feeds/due/d3-1.{SIGNATURE}.atom", SIGNATURE, "a feed"),
    (f"Not Found: /unsubscribe/1:ab12.{SIGNATURE[:30]}", SIGNATURE[:30], "cut off by a mail program"),
    (f"/admin/forecasts/reminder/act/7.1tABCd.{SIGNATURE}/?for=day", SIGNATURE, "a link in a mail"),
    (f"/admin/login/?next=/admin/forecasts/reminder/act/7.1tABCd.{SIGNATURE}/", SIGNATURE, "within another"),
    (f"next=%2Funsubscribe%2F1%3Aab12.{SIGNATURE}%2F", SIGNATURE, "and percent-encoded"),
    (f"Somewhere new: 7.1tABCd.{SIGNATURE}", SIGNATURE, "whatever is signed, wherever it stands"),
    (f"headers: {{'Authorization': 'Token {TOKEN}'}}", TOKEN[3:], "a token in its header"),
    (f"Authorization: Token {OLD_TOKEN}", OLD_TOKEN, "one of an earlier version"),
    (f"Authorization: Basic {SECRET}", SECRET, "name and password"),
    (f"token {TOKEN} was not found", TOKEN[3:], "a token by itself"),
    (f"redis://house:{SECRET}@host:6379/0 refused", SECRET, "the password of a server"),
    (f"redis://:{SECRET}@host refused", SECRET, "without a name"),
    (f"smtp+tls://house:{SECRET}@host:587", SECRET, "of the mail server"),
    (f"username=erin&password={SECRET}&next=/", SECRET, "a form"),
    (f"{{'password1': '{SECRET}', 'x': 1}}", SECRET, "a form as Python writes it"),
    (f"EMAIL_HOST_PASSWORD={SECRET}", SECRET, "a setting"),
    (f"Cookie: sessionid={SECRET}; csrftoken={SECRET}", SECRET, "a session"),
    (f"csrfmiddlewaretoken={SECRET}", SECRET, "a form’s token"),
]


@pytest.mark.parametrize(("logged", "secret", "why"), LINES, ids=[each[2] for each in LINES])
def test_what_is_secret_is_taken_out(logged: str, secret: str, why: str) -> None:
    written = line(logged)
    assert secret not in written
    assert TAKEN_OUT in written


def test_what_is_no_secret_stays() -> None:
    for kept in (
        "Wrong passwords from 192.0.2.1: it waits 64 s now.",
        "GET /calendar/ 404",
        "Task tracker.tasks.sweep_secrets[0b9a1b7e-3a5c-4a41-9d5e-8b1f3a4c5d6e] succeeded in 0.01s: None",
        "Head 120:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "Board all, 3 of 7: intervals at 2026-11-28T12:00:00+00:00",
        "https://example.org/a/b?x=1",
    ):
        assert line(kept) == kept


def test_a_known_secret_is_taken_out_of_messages_arguments_and_tracebacks() -> None:
    spelt = "p@ss/word&more"
    redacting = Redacting("{message}", style="{", secrets=[spelt, "short"])
    try:
        raise ValueError(f"Port could not be cast to integer value as {spelt!r}")
    except ValueError as error:
        found = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("tests", logging.ERROR, __file__, 1, "it is %s", (spelt,), found)
    written = redacting.format(record) + line("p%40ss%2Fword%26more", secrets=(spelt,)) + line("short")
    assert "word" not in written
    assert written.count(TAKEN_OUT) == 3
    assert "short" in written, "a word of everyday's would be taken out of every line"


def test_every_address_with_a_secret_is_known_here() -> None:
    """From the URL map itself: whoever adds an address with a secret names its beginning."""
    shown = []
    for path in secret_paths():
        written = line(f"GET /{re.sub('<[^>]*>', SECRET, path)} 404")
        if SECRET in written:
            shown.append(path)
    assert secret_paths()
    assert shown == []


def secret_paths() -> list[str]:
    def walk(patterns: Any, before: str) -> Any:
        for each in patterns:
            path = before + str(each.pattern)
            if not isinstance(each, URLPattern):
                yield from walk(each.url_patterns, path)
            elif {"secret", "token", "invitation"} & set(each.pattern.converters):
                yield path

    return [each for each in walk(get_resolver().url_patterns, "") if not each.startswith("api/")]


def test_every_handler_takes_secrets_out() -> None:
    assert settings.LOGGING["handlers"]
    for handler in settings.LOGGING["handlers"].values():
        assert settings.LOGGING["formatters"][handler["formatter"]]["()"] == "config.logs.Redacting"
    assert os.environ["SECRET_KEY"] in settings.SECRETS


def test_no_library_writes_to_a_stream_of_its_own() -> None:
    """Every logger that has a handler has ours, so none goes around it."""
    for name in [None, *logging.root.manager.loggerDict]:
        for handler in logging.getLogger(name).handlers:
            if type(handler) is logging.StreamHandler:
                assert isinstance(handler.formatter, Redacting), name
