"""The record of two desks, made once for the module, and a client of each person who comes to it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection, transaction
from django.template.backends.django import Template
from django.test import Client
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from tests.shared_record import shared
from tests.tracker.rights.record import make_names, make_people, make_rows
from tracker.intake.seed import load_seed

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
LOADED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
# Who was shown what is noted when it is read. (The view of these numbers takes ten times as long.)
WRITTEN = """
SELECT sum(pg_stat_get_xact_tuples_inserted(oid)
           + pg_stat_get_xact_tuples_updated(oid)
           + pg_stat_get_xact_tuples_deleted(oid))
  FROM pg_class
 WHERE relkind = 'r' AND relname ~ '^(forecasts|auth)_' AND relname <> 'forecasts_shown'
"""


@dataclass(frozen=True)
class World:
    """Names that requests call rows by, a row of each class by its label, and people by who they are."""

    names: dict[str, Any]
    rows: dict[str, Any]
    people: dict[str, User]

    def client(self, person: str) -> Client:
        """Return a browser in which the person is signed in; the public is not."""
        client = Client(raise_request_exception=False)
        if person in self.people:
            client.force_login(self.people[person])
        return client

    def api_client(self, person: str) -> APIClient:
        client = APIClient(raise_request_exception=False)
        client.force_authenticate(self.people.get(person))
        return client


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    def make() -> World:
        load_seed(folder=SEEDS, now=LOADED)
        people, names = make_people(), make_names(LOADED)
        return World(names=names, rows=make_rows(names, LOADED), people=people)

    yield from shared(django_db_blocker, make)


@pytest.fixture
def world(made: World, db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> World:
    cache.clear()
    # A session that needs no row: it would be read for each of some thousand requests.
    # Nobody asks what a page was drawn with; the client would copy it for each piece.
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_given, **_drawn: None)
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    for scope in ("anon", "user", "token", "links", "past"):
        monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, None)
    return made


@contextmanager
def undrawn() -> Iterator[None]:
    """
    Answer without drawing pages or logging refusals.

    Who gets in is known before that, and drawing would take most of the time.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", lambda *_given, **_options: "")
        patch.setattr(admin.site, "each_context", lambda _request: {})
        patch.setattr(logging.getLogger("django.request"), "disabled", True)
        yield


@dataclass(frozen=True)
class Told:
    """What was answered, undrawn, and how many rows were written for it; all of it is taken back."""

    status: int
    written: int
    response: Any


@pytest.fixture
def ask() -> Callable[[Callable[[], Any]], Told]:
    """Return what asks, and takes back what was written. What a test itself writes comes before the first."""
    counts = []

    def asked(request: Callable[[], Any]) -> Told:
        counts[:] = counts or [_written()]
        with transaction.atomic(), undrawn():
            response = request()
            counts.append(_written())
            transaction.set_rollback(True)
        # What was taken back counts on.
        return Told(response.status_code, counts[-1] - counts[-2], response)

    return asked


def _written() -> int:
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return int(cursor.fetchone()[0])
