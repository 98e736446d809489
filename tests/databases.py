"""A PostgreSQL of a test's own, as durable as in production, which may be killed and started again."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from config.embedded.binaries import find_postgres
from config.embedded.postgres import DATABASE, USER, Postgres
from config.embedded.process import stop

KILLED = signal.SIGQUIT
"""How it is told to end at once: every query is cut off, and its log is replayed at the next start."""


@dataclass
class OwnPostgres:
    server: Postgres
    process: "subprocess.Popen[bytes]"

    def restart(self, how: int = KILLED) -> None:
        """End it in that way under whoever is connected, and start it again."""
        stop(self.process, how)
        connection.close()
        self.process = self.server.start()


@contextmanager
def own_postgres(folder: Path) -> Iterator[OwnPostgres]:
    """Yield a server with the tables of the tests' database, which they use until it is gone."""
    sockets = folder / "s"
    sockets.mkdir(mode=0o700)
    # Only root may enter the folders of root's tests, and PostgreSQL does not run as root.
    for each in (folder, *folder.parents[:2]):
        each.chmod(0o711)
    server = Postgres(folder / "pg", sockets, folder / "pg.log")
    there = OwnPostgres(server, server.start())
    before = dict(connection.settings_dict)
    try:
        _copy_tables(server)
        connection.close()
        connection.settings_dict.update(HOST=str(sockets), USER=USER, NAME=DATABASE)
        yield there
    finally:
        connection.close()
        connection.settings_dict.update(before)
        stop(there.process, server.stop_signal)


def _copy_tables(server: Postgres) -> None:
    facts = connection.settings_dict
    tools = find_postgres(server.data).path
    tables = subprocess.run(
        [
            tools.with_name("pg_dump"),
            "--schema-only",
            "-h",
            facts["HOST"],
            "-U",
            facts["USER"],
            facts["NAME"],
        ],
        check=True,
        capture_output=True,
    )
    subprocess.run(
        [tools.with_name("psql"), "-q", "-h", str(server.sockets), "-U", USER, DATABASE],
        input=tables.stdout,
        check=True,
        capture_output=True,
    )
