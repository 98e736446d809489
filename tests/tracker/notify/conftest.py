"""What feeds and calendars are asked for with."""

import pytest
from rest_framework.throttling import SimpleRateThrottle

from tests.records import make_desk


@pytest.fixture
def desk(db, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    return make_desk()


@pytest.fixture
def unhurried(monkeypatch):
    """Let a test ask as often as it likes."""
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "links", None)
