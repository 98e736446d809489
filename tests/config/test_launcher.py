"""`./run` as a person meets it."""

import json
import os
import re
import signal
import socket
import stat
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.installation import Installation, copy_project
from tests.processes import wait_until

SECOND_START_SECONDS = 10


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    copy = copy_project(tmp_path_factory.mktemp("installation") / "project")
    yield copy
    if copy.process and copy.process.poll() is None:
        copy.process.kill()


def test_help_names_the_commands(installation: Installation) -> None:
    result = installation.run("--help")
    assert result.returncode == 0
    for words in ("./run manage.py", "./run test", "PORT", "DATABASE_URL", "REDIS_URL", "var/"):
        assert words in result.stdout


@pytest.mark.parametrize(
    ("arguments", "env", "complaint", "remedy"),
    [
        pytest.param(["frobnicate"], {}, "unknown command", "./run --help", id="unknown command"),
        pytest.param([], {"PORT": "http"}, "PORT is 'http'", "from 1 to 65535", id="no number"),
        pytest.param([], {"STATE_DIR": "/proc/ours"}, "cannot write to /proc/ours", "Copy", id="read-only"),
    ],
)
def test_a_mistake_is_one_clear_line(
    installation: Installation, arguments: list[str], env: dict[str, str], complaint: str, remedy: str
) -> None:
    result = installation.run(*arguments, **env)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert complaint in result.stderr
    assert remedy in result.stderr


def test_an_old_python_is_named_with_a_remedy(installation: Installation, tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit\nexit 1\n', encoding="ascii"
    )
    old.chmod(0o755)
    result = installation.run(PYTHON=str(old))
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "only Python 3.9.2 was found" in result.stderr
    assert "PYTHON=" in result.stderr


def test_a_taken_port_is_named_with_a_remedy(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = installation.run(PORT=str(port))
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert f"port {port}" in result.stderr
    assert "PORT=8001" in result.stderr


@pytest.mark.slow
def test_without_a_network_the_installation_says_so(tmp_path: Path) -> None:
    copy = copy_project(tmp_path / "project")
    (copy.folder / ".venv").unlink()
    nowhere = "http://127.0.0.1:9/simple"
    result = copy.run(
        PIP_INDEX_URL=nowhere, PIP_RETRIES="0", PIP_CONFIG_FILE=os.devnull, PIP_NO_CACHE_DIR="1"
    )
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "Is there a network?" in result.stderr


@pytest.mark.slow
def test_a_life(installation: Installation) -> None:
    """First start, work, an orderly end, a second start, a crash, and work after the crash."""
    first = installation.start()
    _the_pages_answer(installation)
    password = _password_in(installation.output)
    assert password
    _secrets_are_private(installation)
    _a_second_copy_is_refused(installation)
    _commands_use_the_running_servers(installation)
    _a_killed_worker_comes_back(installation)

    assert installation.end(signal.SIGTERM) == 0
    assert installation.output.endswith("Stopped.\n")
    assert not installation.processes()

    # On a machine that has much else to do, the first start shows how slow it is.
    assert installation.start() < max(SECOND_START_SECONDS, first)
    assert _password_in(installation.output) is None
    assert _usernames(installation) == ["editor", "kept"]
    assert _logs_in(installation, password)

    installation.end(signal.SIGKILL)
    wait_until(lambda: not installation.processes(), seconds=10, what="the end of all processes")

    _pretend_that_postgres_still_runs(installation)
    assert _usernames(installation) == ["editor", "kept"]
    assert not installation.processes()


def _the_pages_answer(installation: Installation) -> None:
    for path in ("/healthz", "/readyz", "/admin/login/"):
        with urllib.request.urlopen(installation.url + path, timeout=10) as response:  # noqa: S310
            assert response.status == 200
    assert installation.output.endswith(f"\nReady {installation.url}/\n")
    assert f"{installation.url}/api/docs/" in installation.output


def _password_in(output: str) -> str | None:
    found = re.search(r"editor / (\S+)", output)
    return found[1] if found else None


def _secrets_are_private(installation: Installation) -> None:
    state = installation.folder / "var"
    assert stat.S_IMODE((state / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE((state / "postgres").stat().st_mode) == 0o700
    assert stat.S_IMODE((state / "log").stat().st_mode) == 0o700


def _a_second_copy_is_refused(installation: Installation) -> None:
    result = installation.run(PORT="1")
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "already at work" in result.stderr


def _commands_use_the_running_servers(installation: Installation) -> None:
    make = "from django.contrib.auth.models import User; User.objects.create_user('kept')"
    result = installation.run("manage.py", "shell", "-v", "0", "-c", make)
    assert result.returncode == 0, result.stderr
    assert installation.run("manage.py", "no_such_command").returncode == 1


def _a_killed_worker_comes_back(installation: Installation) -> None:
    def workers() -> list[int]:
        return [pid for pid, command in installation.processes().items() if " worker " in command]

    old = workers()
    killed = next(
        name for name in ("soon", "heavy") if f"--queues {name}" in installation.processes()[min(old)]
    )
    os.kill(min(old), signal.SIGKILL)
    notice = f"{killed} ended (SIGKILL); starting it again"
    wait_until(lambda: notice in installation.output, what="the notice")
    wait_until(lambda: min(old) not in workers() and len(workers()) >= len(old), what="the new worker")


def _usernames(installation: Installation) -> list[str]:
    ask = (
        "import json; from django.contrib.auth.models import User; "
        "print(json.dumps(sorted(User.objects.filter(username__in=['editor', 'kept'])"
        ".values_list('username', flat=True))))"
    )
    result = installation.run("manage.py", "shell", "-v", "0", "-c", ask)
    assert result.returncode == 0, result.stderr
    return list(json.loads(result.stdout.splitlines()[-1]))


def _logs_in(installation: Installation, password: str) -> bool:
    ask = (
        "from django.contrib.auth import authenticate; "
        f"print(authenticate(username='editor', password={password!r}))"
    )
    return installation.run("manage.py", "shell", "-v", "0", "-c", ask).stdout.endswith("editor\n")


def _pretend_that_postgres_still_runs(installation: Installation) -> None:
    """Leave the file of a crashed server whose process number somebody else has now."""
    data = installation.folder / "var" / "postgres"
    (data / "postmaster.pid").write_text(f"{os.getppid()}\n{data}\n", encoding="ascii")
