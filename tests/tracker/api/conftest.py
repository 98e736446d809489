"""The seed's record, and people of each role who ask for it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from forecasts.models import Desk, Membership, Role, Token
from tests.records import new_token
from tests.shared_record import shared
from tracker.intake.seed import Loaded, load_seed

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
LOADED = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ROLES = (None, *Role.values)


def bearing(token: str, **options: Any) -> APIClient:
    """Return a program that signs in by that token."""
    client = APIClient(**options)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let tests ask as often as they like; the test of the limits sets its own."""
    for scope in ("anon", "user"):
        monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, None)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loaded]:
    """The seed article's record, recorded on 5 January 2026: loaded once, taken back at the end."""
    yield from shared(django_db_blocker, partial(load_seed, folder=SEEDS, now=LOADED))


@pytest.fixture
def seed(loaded: Loaded, db: None) -> None:
    """The seed's record, as it was loaded: each test takes back what it changed."""
    cache.clear()


@pytest.fixture
def signed_in(seed: None) -> Callable[[str | None], APIClient]:
    """Return a client with a token of somebody of that role; None is the public."""

    def client_of(role: str | None) -> APIClient:
        client = APIClient(raise_request_exception=False)
        if role is None:
            return client
        user, new = User.objects.get_or_create(username=role)
        if new:
            Membership.objects.create(desk=Desk.objects.get(slug="foreign"), user=user, role=role)
        token = new_token(user)
        # As if used already, so that the first request costs what every other does.
        Token.objects.filter(user=user).update(last_used_at=timezone.now())
        return bearing(token, raise_request_exception=False)

    return client_of


@pytest.fixture
def public(signed_in: Callable[[str | None], APIClient]) -> APIClient:
    return signed_in(None)


@pytest.fixture
def viewer(signed_in: Callable[[str | None], APIClient]) -> APIClient:
    return signed_in("viewer")


@pytest.fixture
def editor(signed_in: Callable[[str | None], APIClient]) -> APIClient:
    return signed_in("editor")


@pytest.fixture
def lead(signed_in: Callable[[str | None], APIClient]) -> APIClient:
    return signed_in("lead")


@pytest.fixture
def administrator(signed_in: Callable[[str | None], APIClient]) -> APIClient:
    return signed_in("administrator")
