"""The application's processes as tests start them: real ones, on the tests' database and Redis."""

import os
import signal
import socket
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from config.celery import app
from config.embedded.places import ROOT
from config.embedded.process import bound_to_parent, stop

TOOLS = Path(sys.executable).parent


def wait_until(condition: Callable[[], Any], *, seconds: float = 60, what: str = "the condition") -> Any:
    """Return the first true value of `condition`; fail when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come true within {seconds} s")


def database_url() -> str:
    """Return the URL of the database that the tests use, which has a name of its own."""
    facts = connection.settings_dict
    return f"postgres://{facts['USER']}@{quote(facts['HOST'], safe='')}/{facts['NAME']}"


@dataclass
class AppProcess:
    """One process of the application, its log, and two ways to end it."""

    process: subprocess.Popen[bytes]
    log_path: Path
    url: str = ""

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End it as a crash would, with the processes it started, and no chance to clean up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        stop(self.process, signal.SIGTERM, patience=10)


@dataclass
class Processes:
    """Starts web, worker and beat, and ends them all together."""

    folder: Path
    running: list[AppProcess] = field(default_factory=list)

    def worker(self, *options: str, **env: str) -> AppProcess:
        """Start a worker of every queue, unless the options say which."""
        name = f"tests{len(self.running)}-{os.getpid()}@localhost"
        common = ["--loglevel", "INFO", "--hostname", name, "--without-mingle", "--without-gossip"]
        worker = self.start("celery", "-A", "config.celery", "worker", *common, *options, **env)
        self.wait(worker, lambda: app.control.ping([name], timeout=0.3), "the worker's answer")
        return worker

    def workers(self, count: int, *, batch: int, **env: str) -> AppProcess:
        """Start that many workers, forked from one process, which send in batches of that many."""
        command = ("-m", "tests.workers", str(count), "--batch", str(batch))
        workers = self.start("python", *command, **env)
        self.wait(workers, lambda: len(app.control.ping(timeout=1)) == count, "the answer of each worker")
        return workers

    def beat(self, **env: str) -> AppProcess:
        schedule = self.folder / f"beat{len(self.running)}"
        options = ["--loglevel", "INFO", "--pidfile=", "--schedule", str(schedule), "--max-interval", "1"]
        beat = self.start("celery", "-A", "config.beat", "beat", *options, **env)
        self.wait(beat, lambda: "beat: Starting" in beat.log, "the start of beat")
        return beat

    def web(self, **env: str) -> AppProcess:
        port = free_port()
        options = ["--interface", "asgi", "--workers", "1", "--no-ws"]
        url = f"http://127.0.0.1:{port}"
        web = self.start(
            "granian",
            *options,
            "--port",
            str(port),
            "config.embedded.web:application",
            **{"SITE_URL": url, **env},
        )
        web.url = url
        self.wait(web, lambda: answers(f"{url}/healthz"), "the web server's answer")
        return web

    def start(self, *command: str, **env: str) -> AppProcess:
        log = self.folder / f"{command[0]}{len(self.running)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(TOOLS / command[0]), *command[1:]],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": database_url(), **env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=bound_to_parent(signal.SIGKILL),
            )
        self.running.append(AppProcess(process, log))
        return self.running[-1]

    def wait(self, process: AppProcess, condition: Callable[[], Any], what: str) -> None:
        def ended_or_true() -> Any:
            if process.process.poll() is not None:
                raise AssertionError(f"ended before {what}:\n{process.log}")
            return condition()

        wait_until(ended_or_true, seconds=60, what=what)

    def stop(self) -> None:
        for process in reversed(self.running):
            process.stop()


def fork(work: Callable[[], Any]) -> int:
    """
    Do the work in a process of its own, with a database connection of its own; return its id.

    It is this process's copy, so it starts at once. It ends with 0, or with 1 where the work raised.
    """
    pid = os.fork()
    if pid:
        return pid
    try:
        # The parent's session is not ours: it is left open, and another one is begun.
        connection.connection = None
        work()
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(pid: int) -> int:
    """Wait for a forked process, and return its exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
