"""
Two addresses for machines: /healthz (this process answers) and /readyz (everything behind it does).

Readiness is shown by doing what the application does: a write in PostgreSQL that is rolled back, a write in
Redis. Nothing here goes by way of the cache, which says nothing of a Redis that is away.
"""

import secrets
import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.heartbeat import FRESH_SECONDS, KEY

REDIS_SECONDS = 1.0
NEW_PAGES = 4 * 8192
"""So many letters find no room in what the database has of the disk: on a full one they are refused."""
first_seen: dict[str, int] = {}


class OtherDatabaseError(Exception):
    """The files under the server are another cluster's than when this process first asked."""


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say which parts answer; 503 unless all do. `heartbeat` is the time of the last one."""
    parts = {name: _answers(check) for name, check in CHECKS.items()}
    heartbeat = cache.get(KEY) if parts["redis"] else None
    parts["worker_and_beat"] = heartbeat is not None and time.time() - heartbeat < FRESH_SECONDS
    return JsonResponse({**parts, "heartbeat": heartbeat}, status=200 if all(parts.values()) else 503)


def _answers(check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception:  # noqa: BLE001 - whatever the reason, the part does not answer
        return False
    return True


def _write_in_database() -> None:
    """Write a row that nobody ever sees, and look whose files the server writes to."""
    with transaction.atomic():
        name, data = f"readyz{secrets.token_hex(12)}", secrets.token_hex(NEW_PAGES // 2)
        Session.objects.create(session_key=name, session_data=data, expire_date=timezone.now())
        with connection.cursor() as cursor:
            # Read from the disk, unlike almost everything else that a server says of itself.
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            [identifier] = cursor.fetchone()
        transaction.set_rollback(True)
    if first_seen.setdefault("database", identifier) != identifier:
        raise OtherDatabaseError


def _write_in_redis() -> None:
    for url in {settings.REDIS_URL, settings.CACHE_REDIS_URL}:
        with redis.Redis.from_url(
            url,
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
            retry=Retry(NoBackoff(), 0),
        ) as client:
            client.set("readyz", secrets.token_hex(NEW_PAGES // 2), ex=60)


CHECKS = {"database": _write_in_database, "redis": _write_in_redis}
