"""What the environment makes of the settings, and what the two addresses for machines answer."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from redis import Redis

from config.embedded.places import ROOT
from config.heartbeat import KEY, beat_heartbeat
from config.secret import read_or_create_secret

SHOW = """
import json, sys
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))
"""


def settings_with(*names: str, **env: str) -> dict[str, Any]:
    """Read settings in a process of its own, from an environment of its own."""
    result = subprocess.run(
        [sys.executable, "-c", SHOW, *names],
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "x",
            **env,
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return dict(json.loads(result.stdout))


def test_nothing_is_in_debug_mode_unless_asked() -> None:
    assert settings_with("DEBUG") == {"DEBUG": False}


def test_over_https_cookies_are_secure() -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    assert all(settings_with(*names, SITE_URL="https://forecasts.example").values())
    assert not any(settings_with(*names, SITE_URL="http://127.0.0.1:8000").values())


def test_the_site_answers_to_its_own_name() -> None:
    hosts = settings_with("ALLOWED_HOSTS", SITE_URL="https://forecasts.example")["ALLOWED_HOSTS"]
    assert "forecasts.example" in hosts
    assert "*" not in hosts


def test_mail_goes_to_the_server_that_email_url_names() -> None:
    names = ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_TIMEOUT")
    assert settings_with(*names, EMAIL_URL="smtp+tls://me:secret@mail.example:587") == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example",
        "EMAIL_PORT": 587,
        "EMAIL_USE_TLS": True,
        "EMAIL_TIMEOUT": 10,
    }
    assert settings_with("EMAIL_BACKEND")["EMAIL_BACKEND"] == "tracker.notify.mail.file_backend.EmailBackend"


def test_a_socket_reaches_postgresql_and_redis() -> None:
    found = settings_with(
        "DATABASES",
        "CELERY_BROKER_URL",
        "CACHE_REDIS_URL",
        DATABASE_URL="postgres://me@%2Fvar%2Frun%2Fpg/facts",
        REDIS_URL="unix:///var/run/valkey.sock?db=2",
    )
    assert found["DATABASES"]["default"]["HOST"] == "/var/run/pg"
    assert found["CELERY_BROKER_URL"] == "redis+socket:///var/run/valkey.sock?virtual_host=2"
    assert found["CACHE_REDIS_URL"] == "unix:///var/run/valkey.sock?db=3"


def test_the_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    secret = read_or_create_secret(path)
    assert len(secret) == 64
    assert read_or_create_secret(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600


def test_healthz_needs_nothing_behind_it(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


def test_readyz_wants_a_fresh_heartbeat(client: Client, db: None, redis_client: Redis) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": True, "redis": True, "worker_and_beat": False, "heartbeat": None}
    beat_heartbeat()
    assert client.get("/readyz").status_code == 200
    cache.set(KEY, 1.0)
    assert client.get("/readyz").status_code == 503


def test_readyz_names_the_part_that_does_not_answer(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("no answer")

    monkeypatch.setitem(sys.modules["config.health"].CHECKS, "redis", fail)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["redis"] is False
    assert response.json()["database"] is True


def test_readyz_writes_where_the_application_does_and_leaves_nothing(
    client: Client, db: None, redis_client: Redis
) -> None:
    beat_heartbeat()
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/readyz").status_code == 200
    assert any(each["sql"].startswith("INSERT") for each in queries)
    assert not Session.objects.exists()
    assert redis_client.get("readyz")


def test_a_database_that_only_reads_is_not_ready(client: Client, db: None, redis_client: Redis) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    assert client.get("/readyz").json()["database"] is False


def test_other_files_under_the_same_server_are_seen(
    client: Client, db: None, redis_client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/readyz").json()["database"] is True
    monkeypatch.setitem(sys.modules["config.health"].first_seen, "database", 1)
    assert client.get("/readyz").json()["database"] is False


def test_only_the_admin_may_evaluate_expressions(client: Client, db: None) -> None:
    assert "unsafe-eval" not in client.get("/healthz")["Content-Security-Policy"]
    assert "unsafe-eval" in client.get("/admin/login/")["Content-Security-Policy"]
