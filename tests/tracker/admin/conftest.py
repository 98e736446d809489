"""People who come to the desk, each signed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from forecasts.models import Desk, Role
from tests.records import make_desk, make_user


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


@pytest.fixture
def sign_in(desk: Desk) -> Callable[..., Client]:
    """Return a browser's client for somebody of that role."""

    def one(role: str | None = Role.EDITOR, on: Desk | None = None) -> Client:
        client = Client()
        client.force_login(make_user(f"{role}", role=role, desk=on or desk, is_staff=True))
        return client

    return one


@pytest.fixture
def editor(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Role.EDITOR)
