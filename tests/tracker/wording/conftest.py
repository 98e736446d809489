"""A desk with one editor and one chat, and a clock to set."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from forecasts.models import Role
from tests.records import make_desk, make_user
from tests.tracker.notify.conftest import room
from tracker.notify.delivery.sweep import sweep_in_foreground

__all__ = ["office", "room"]


class Office:
    """Everything that tells people of a question, in one language."""

    def __init__(self, room, monkeypatch):
        self.room, self.monkeypatch = room, monkeypatch

    def speak(self, language):
        """Open the desk, which reads that language."""
        self.language = language
        self.desk = make_desk(
            language=language, channels=[f"json://127.0.0.1:{self.room.server_port}/hooks/c0ffee"]
        )
        self.editor = Client()
        self.editor.force_login(make_user(desk=self.desk, role=Role.EDITOR, is_staff=True))

    def set_clock(self, now):
        self.monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        cache.clear()

    def sweep(self):
        """Send what is due, and return the one mail."""
        sweep_in_foreground(clock=timezone.now)
        [sent] = mail.outbox
        return sent

    def read(self, path, client=None):
        response = (client or Client()).get(path, headers={"Accept-Language": self.language})
        assert response.status_code == 200, path
        return response.content.decode()


@pytest.fixture
def office(db, room, settings, monkeypatch):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CHAT_INTERNAL_HOSTS = ["127.0.0.1"]
    settings.SESSION_COOKIE_AGE = int(timedelta(days=9000).total_seconds())
    with override("en"):  # A page leaves its language behind.
        yield Office(room, monkeypatch)
