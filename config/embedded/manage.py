"""`./run manage.py ...`: with the servers that run, or with our own for as long as the command lasts."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from config.embedded.errors import StartError
from config.embedded.lock import Holding, TakenError, borrowing, read_note, wait_for_other_borrowers
from config.embedded.places import LOGS, PYTHON, ROOT, STATE, make_places, socket_folder
from config.embedded.process import bound_to_parent
from config.embedded.servers import addresses, child_of, embedded_servers
from config.embedded.supervisor import Supervisor

PATIENCE = 60.0


def manage(arguments: Sequence[str]) -> int:
    """Run a management command and return its exit status."""
    make_places()
    with borrowing(STATE) as borrower, _servers(borrower) as found:
        return _call(arguments, {**os.environ, **found, "STATE_DIR": str(STATE)})


@contextmanager
def _servers(borrower: IO[str]) -> Iterator[dict[str, str]]:
    """Yield the variables that lead to the servers, which we start when nobody else has."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            holding = Holding(STATE)
        except TakenError:
            if note := read_note(STATE):
                yield note["env"]
                return
            time.sleep(0.1)
        else:
            with _own_servers(holding, borrower) as found:
                yield found
            return
    raise StartError("another ./run in this folder neither gets ready nor ends. Stop it, and try again.")


@contextmanager
def _own_servers(holding: Holding, borrower: IO[str]) -> Iterator[dict[str, str]]:
    supervisor = Supervisor(print)
    try:
        servers = embedded_servers(state=STATE, sockets=socket_folder(), logs=LOGS)
        for server in servers.values():
            supervisor.add(child_of(server))
        found = addresses(servers)
        holding.note(work="a command of ./run manage.py", env=found)
        yield found
        wait_for_other_borrowers(borrower)
    finally:
        supervisor.stop()
        holding.release()


def _call(arguments: Sequence[str], env: dict[str, str]) -> int:
    process = subprocess.Popen(
        [str(PYTHON), "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        preexec_fn=bound_to_parent(signal.SIGTERM),
    )
    # Ctrl-C reaches the command by itself; we wait for what it makes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
    return process.wait()
