"""Fixtures for all rooms. None is automatic: a test says what it needs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium, databases
from tests.processes import AppProcess, Processes

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def now() -> datetime:
    """A fixed time for everything that takes one: a Monday noon in UTC."""
    return datetime(2018, 1, 15, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Let the emptying of tables between tests, and nothing else, pass the triggers that guard facts."""
    execute = connection.ops.execute_sql_flush

    def execute_unguarded(sql_list: list[str]) -> None:
        execute(["SET LOCAL session_replication_role = replica", *sql_list])

    connection.ops.execute_sql_flush = execute_unguarded


@pytest.fixture
def redis_client() -> Iterator[redis.Redis]:
    """A client of the broker's database, emptied before and after."""
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5) as client:
        client.flushdb()
        cache.clear()
        yield client
        client.flushdb()
        cache.clear()


@pytest.fixture
def processes(transactional_db: None, redis_client: redis.Redis, tmp_path: Path) -> Iterator[Processes]:
    """Start real processes: `.worker()`, `.beat()`, `.web()`, each with settings as keywords."""
    started = Processes(tmp_path)
    yield started
    started.stop()


@pytest.fixture
def own_postgres(transactional_db: None, tmp_path: Path) -> Iterator[databases.OwnPostgres]:
    """Let this test and the processes that it starts use a PostgreSQL of their own; `.restart()` kills it."""
    with databases.own_postgres(tmp_path) as there:
        yield there


@pytest.fixture
def celery_worker_process(processes: Processes) -> AppProcess:
    """A real worker that answers; `.kill()` ends it as a crash would, `.log` is what it said."""
    return processes.worker()


@dataclass
class LiveApp:
    """The whole application, in processes of its own."""

    url: str
    web: AppProcess
    worker: AppProcess
    processes: Processes

    def start_beat(self, **env: str) -> AppProcess:
        """Start beat, sweeping every second unless SWEEP_SECONDS says otherwise."""
        return self.processes.beat(**{"SWEEP_SECONDS": "1", **env})


@pytest.fixture
def live_app(processes: Processes) -> LiveApp:
    """The real web server and a real worker; beat on request."""
    web = processes.web()
    return LiveApp(web.url, web, processes.worker(SITE_URL=web.url), processes)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium, one for all tests."""
    path = chromium.find()
    assert path, "there is no browser; `./run test` installs one"
    connection_before = connections["default"]
    with sync_playwright() as playwright:
        # Playwright's event loop makes Django keep connections in another place. One connection serves
        # in both, or a test would be set up on one and cleaned up on the other.
        connections["default"] = connection_before
        browser = playwright.chromium.launch(executable_path=path, args=chromium.LAUNCH_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages: `open_page()` as on a desktop, `open_page(PHONE)`, and other options of a context."""
    contexts = []

    def open_one(viewport: dict[str, int] = DESKTOP, **options: object) -> Page:
        context = browser.new_context(viewport=viewport, **{"locale": "en-GB", **options})
        # Long, as the processors may be busy with other tests; nothing waits for it where all is well.
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page as on a desktop."""
    return open_page()


@pytest.fixture
def phone_page(open_page: Callable[..., Page]) -> Page:
    """A page as on a telephone."""
    return open_page(PHONE, has_touch=True, is_mobile=True)
