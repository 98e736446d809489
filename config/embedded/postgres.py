"""An embedded PostgreSQL: its data in one folder, reached by a socket that only its owner may open."""

import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from config.embedded.binaries import Program, find_postgres
from config.embedded.errors import StartError
from config.embedded.last_words import last_line, last_words, size_of
from config.embedded.leftover import wait_for_leftover
from config.embedded.process import Identity

USER = DATABASE = "forecasts"
# What the web signs in as; `manage.py web_role` makes it, with its time-outs.
WEB_USER = "forecasts_web"
PATIENCE = 30.0
FAST_SHUTDOWN = signal.SIGINT
# For tests: a crash of the machine may cost the data. And what vacuum learns between two of them, that a
# table is empty, is wrong within the next one: a plan for no rows then runs over thousands, for minutes
# instead of milliseconds.
CARELESS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")


@dataclass
class Postgres:
    data: Path
    sockets: Path
    log: Path
    durable: bool = True
    identity: Identity = field(default_factory=Identity)
    # Where the log ended when the server was started; -1 before the first start.
    began_at: int = -1

    name = "PostgreSQL"
    stop_signal = FAST_SHUTDOWN

    @property
    def url(self) -> str:
        return self.url_for(USER)

    @property
    def web_url(self) -> str:
        return self.url_for(WEB_USER)

    def url_for(self, user: str) -> str:
        return f"postgres://{user}@{quote(str(self.sockets), safe='')}/{DATABASE}"

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server, making its data first where there is none, and wait until it answers."""
        program = find_postgres(self.data)
        if not self.data.exists():
            if self.began_at >= 0:
                raise StartError(f"{self.data} is gone, and with it the record. Restore it from a backup")
            self._make_data(program)
        self.began_at = size_of(self.log)
        wait_for_leftover(self.data / "postmaster.pid", self.data, name=self.name)
        self.identity.own(self.sockets)
        process = self.identity.popen(self._command(program), death_signal=FAST_SHUTDOWN, log=self.log)
        self._wait(process)
        self._make_database()
        return process

    def _make_data(self, program: Program) -> None:
        # Built beside its place and moved there, so that a broken-off start leaves nothing half made.
        draft = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700, parents=True)
        self.identity.own(draft)
        command = [str(program.path.with_name("initdb")), "-D", str(draft), "-U", USER, "-A", "trust"]
        options = ["--encoding=UTF8", *_locale(program.major), *([] if self.durable else ["--no-sync"])]
        process = self.identity.popen([*command, *options], death_signal=signal.SIGKILL, log=self.log)
        if process.wait(120) != 0:
            raise StartError(self._why("PostgreSQL could not make its data"))
        draft.rename(self.data)

    def _command(self, program: Program) -> list[str]:
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "unix_socket_permissions=0700",
            "max_connections=80",
            # A statement that fails is told by its error; its values may be secret.
            "log_min_error_statement=panic",
            *([] if self.durable else CARELESS),
        ]
        return [str(program.path), "-D", str(self.data), *(part for s in settings for part in ("-c", s))]

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            try:
                self._connect("postgres").close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        process.kill()
        process.wait(10)
        raise StartError(self._why("PostgreSQL did not start"))

    def last_words(self) -> str:
        """Return why the server ended, by its log."""
        return last_words(self.log, since=max(self.began_at, 0))

    def _why(self, what: str) -> str:
        since = max(self.began_at, 0)
        said = self.last_words() or last_line(self.log, since=since) or "it said nothing"
        return f"{what} ({said}). See {self.log}, or set DATABASE_URL to a server of yours."

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.sockets), user=USER, dbname=database, connect_timeout=5, autocommit=True
        )

    def _make_database(self) -> None:
        with self._connect("postgres") as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not connection.execute(query, [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")


def _locale(major: int) -> list[str]:
    """Order by code point, which no update of the system changes, and know the letters of UTF-8."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C"]
