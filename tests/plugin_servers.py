"""
Starts the tests' own PostgreSQL and Valkey before pytest-django reads the settings.

Named with `-p` in pyproject.toml: a conftest.py would come too late, and the tests would run against
whatever DATABASE_URL leads to. Workers of pytest-xdist share the servers of the process that started them.
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from config.embedded.process import stop
from config.embedded.servers import Server, addresses, embedded_servers
from config.redis_urls import with_database
from config.threads import one_thread_for_algebra

SERVERS = "TEST_SERVERS"
started: list[tuple[Server, object]] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Come before pytest-django, whose hook of this name reads the settings."""
    if SERVERS not in os.environ:
        start_servers()
    set_environment()
    yield


def start_servers() -> None:
    folder = Path(tempfile.mkdtemp(prefix="ft-"))
    # An own PostgreSQL cannot pass a folder that only root may enter when it runs as another user.
    folder.chmod(0o711)
    sockets = folder / "s"
    sockets.mkdir(mode=0o700)
    (folder / "static").mkdir()
    servers = embedded_servers(state=folder, sockets=sockets, logs=folder, env={}, durable=False)
    os.environ[SERVERS] = str(folder)
    for server in servers.values():
        started.append((server, server.start()))
    os.environ.update(addresses(servers))


def set_environment() -> None:
    """Say how the settings differ in tests; processes that tests start inherit it."""
    one_thread_for_algebra()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ.update(
        # The broker's database and the cache's next to it, for each pytest-xdist worker.
        REDIS_URL=with_database(os.environ["REDIS_URL"], 2 * int(worker)),
        STATE_DIR=os.environ[SERVERS],
        SECRET_KEY="tests",
        STATIC_MANIFEST="false",
        SITE_URL="http://127.0.0.1:8000",
        EMAIL_URL="filemail://",
        DESK_ZONE="Europe/Stockholm",
        LANGUAGE="en",
        DEBUG="false",
        THROTTLE_ANON="100000/min",
        THROTTLE_USER="100000/min",
        TASK_VISIBILITY_SECONDS="3",
        # Playwright's synchronous interface runs an event loop in the thread of the tests.
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
    )


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    if not started:
        return
    for server, process in reversed(started):
        stop(process, server.stop_signal)
    started.clear()
    shutil.rmtree(os.environ.pop(SERVERS), ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the checks that failed beside the tests, once the last has ended."""
    if not (pipe := os.environ.get("FAILED_CHECKS")):
        return
    with os.fdopen(int(pipe)) as told:
        if failed := told.read():
            terminalreporter.section("checks that failed beside the tests", red=True)
            terminalreporter.line(failed)
