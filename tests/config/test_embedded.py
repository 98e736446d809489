"""The parts of the launcher that a whole start does not show."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from config.embedded import binaries, places
from config.embedded.errors import StartError
from config.embedded.last_words import last_words
from config.embedded.leftover import wait_for_leftover
from config.embedded.lock import Holding, TakenError, read_note
from config.embedded.postgres import Postgres
from config.embedded.process import stop
from config.embedded.servers import child_of, embedded_servers
from config.embedded.supervisor import TOO_MANY_ENDS, Child, Supervisor
from tests.processes import wait_until


def test_servers_that_the_environment_names_are_not_started(tmp_path: Path) -> None:
    def names(**env: str) -> list[str]:
        return list(embedded_servers(state=tmp_path, sockets=tmp_path, logs=tmp_path, env=env))

    assert names() == ["DATABASE_URL", "REDIS_URL"]
    assert names(DATABASE_URL="postgres://db/x") == ["REDIS_URL"]
    assert names(DATABASE_URL="postgres://db/x", REDIS_URL="redis://cache") == []


def test_the_data_decide_which_postgresql_is_needed(tmp_path: Path) -> None:
    newest = max(binaries._programs(binaries._postgres_paths()), key=lambda program: program.major)
    (tmp_path / "PG_VERSION").write_text(f"{newest.major}\n", encoding="ascii")
    assert binaries.find_postgres(tmp_path).major == newest.major
    (tmp_path / "PG_VERSION").write_text("9.6\n", encoding="ascii")
    with pytest.raises(StartError, match="PostgreSQL 9, which made the data"):
        binaries.find_postgres(tmp_path)


def test_the_server_last_used_is_found_without_the_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    last = tmp_path / "bin"
    last.mkdir()
    for name in ("postgres", "initdb"):
        (last / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.2'\n", encoding="ascii")
        (last / name).chmod(0o755)
    (tmp_path / "PG_VERSION").write_text("14\n", encoding="ascii")
    (tmp_path / "postmaster.opts").write_text(f'{last}/postgres "-D" "{tmp_path}"\n', encoding="ascii")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert binaries.find_postgres(tmp_path).path == last / "postgres"


def test_only_one_holds_the_folder(tmp_path: Path) -> None:
    holding = Holding(tmp_path)
    holding.note(work="./run")
    with pytest.raises(TakenError):
        Holding(tmp_path)
    assert read_note(tmp_path) == {"work": "./run", "pid": os.getpid()}
    holding.release()
    assert read_note(tmp_path) is None
    Holding(tmp_path).release()


def test_a_server_of_an_earlier_start_is_waited_for(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], cwd=tmp_path) as process:
        pid_file = tmp_path / "server.pid"
        pid_file.write_text(f"{process.pid}\n", encoding="ascii")
        with pytest.raises(StartError, match=f"kill {process.pid}"):
            wait_for_leftover(pid_file, tmp_path, name="The server", patience=0.3)
        process.kill()
        process.wait()
        wait_for_leftover(pid_file, tmp_path, name="The server", patience=5)
    # By it PostgreSQL finds children of the dead server that still write.
    assert pid_file.exists()


def test_a_stranger_with_the_number_of_an_earlier_server_is_not_waited_for(tmp_path: Path) -> None:
    pid_file = tmp_path / "server.pid"
    pid_file.write_text(f"{os.getpid()}\n", encoding="ascii")
    wait_for_leftover(pid_file, tmp_path, name="The server", patience=0)
    assert not pid_file.exists()


def test_a_child_that_keeps_ending_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.embedded.supervisor.PAUSES", (0.0,))
    said: list[str] = []
    supervisor = Supervisor(said.append)
    supervisor.add(Child("web", lambda: subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])))
    deadline = time.monotonic() + 20

    def look_until_it_gives_up() -> None:
        while time.monotonic() < deadline:
            supervisor.look_after()
            time.sleep(0.01)

    with pytest.raises(StartError, match=r"web keeps ending \(exit status 3\)"):
        look_until_it_gives_up()
    assert said == ["web ended (exit status 3); starting it again in 0 s."] * (TOO_MANY_ENDS - 1)


def test_a_server_that_does_not_come_up_again_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk may be emptied; a server that fails to start counts as one that ended."""
    monkeypatch.setattr("config.embedded.supervisor.PAUSES", (0.0,))
    said: list[str] = []
    tries = []

    def start() -> subprocess.Popen[bytes]:
        tries.append(True)
        if len(tries) in {2, 3}:
            raise StartError("PostgreSQL did not start (PANIC: no space)")
        return subprocess.Popen(
            [sys.executable, "-c", "" if len(tries) == 1 else "import time; time.sleep(60)"]
        )

    supervisor = Supervisor(said.append)
    supervisor.add(Child("PostgreSQL", start, last_words=lambda: "FATAL: it was so"))
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and len(tries) < 4:
        supervisor.look_after()
        time.sleep(0.01)
    supervisor.stop()
    assert said == [
        "PostgreSQL ended (exit status 0: FATAL: it was so); starting it again in 0 s.",
        *["PostgreSQL did not start (PANIC: no space); starting it again in 0 s."] * 2,
    ]


def test_servers_that_are_killed_come_back_with_what_they_held(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o711)
    sockets = tmp_path / "s"
    sockets.mkdir(mode=0o700)
    servers = embedded_servers(state=tmp_path, sockets=sockets, logs=tmp_path, env={})
    said: list[str] = []
    supervisor = Supervisor(said.append)
    database = servers["DATABASE_URL"]
    try:
        for server in servers.values():
            supervisor.add(child_of(server))
        with psycopg.connect(database.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept ()")
        for child in supervisor.children:
            assert child.process
            child.process.kill()
            child.process.wait()
        wait_until(lambda: _all_run(supervisor), seconds=30, what="both servers again")
        with psycopg.connect(database.url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        assert [each.split(" (")[0] for each in said[:2]] == ["PostgreSQL ended", "Valkey ended"]
    finally:
        supervisor.stop()


def _all_run(supervisor: Supervisor) -> bool:
    supervisor.look_after()
    return all(child.process and child.process.poll() is None for child in supervisor.children)


def test_a_record_that_is_gone_is_not_begun_anew_under_a_running_site(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "postgres", tmp_path, tmp_path / "postgres.log", began_at=0)
    with pytest.raises(StartError, match="is gone, and with it the record"):
        server.start()
    assert not server.data.exists()


STARTING = "2026-11-28 14:00:00 UTC [9] FATAL:  the database system is starting up"
FULL = '2026-11-28 14:00:01 UTC [8] PANIC:  could not write to file "pg_wal/x": No space left on device'
SHUT = "2026-11-28 14:00:03 UTC [7] LOG:  database system is shut down"


@pytest.mark.parametrize(
    ("lines", "told", "why"),
    [
        ([FULL, STARTING, SHUT], FULL, "callers that were turned away come after the cause"),
        ([FULL, "[8] FATAL:  could not open file", SHUT], FULL, "a panic is the cause of what follows"),
        (
            ["[8] FATAL:  lock file is another's", SHUT],
            "FATAL:  lock file is another's",
            "the last is no cause",
        ),
        (["[8] FATAL:  first", "[8] FATAL:  second"], "FATAL:  second", "the last of equals"),
        ([STARTING, SHUT], "", "nothing went wrong"),
        (['[8] FATAL:  role "x" does not exist'], "", "a caller's fault, not the server's"),
        ([], "", "an empty log"),
    ],
)
def test_a_server_s_last_words_are_the_cause_of_its_end(
    lines: list[str], told: str, why: str, tmp_path: Path
) -> None:
    log = tmp_path / "postgres.log"
    before = "2026-11-27 [1] PANIC:  of yesterday\n"
    log.write_text(before + "\n".join(lines), encoding="utf-8")
    expected = told[told.index("PANIC") :] if "PANIC" in told else told
    assert last_words(log, since=len(before)) == expected, why


def test_a_process_that_does_not_listen_is_ended_all_the_same() -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print(1, flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    stop(process, patience=0.2)
    process.stdout.close()
    assert process.returncode == -9


def test_sockets_move_to_a_short_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    state = tmp_path / ("long" * 25)
    monkeypatch.setattr(places, "STATE", state)
    folder = places.socket_folder()
    try:
        assert not folder.is_relative_to(state)
        assert len(os.fsencode(folder)) <= places.LONGEST_SOCKET_FOLDER
        assert folder.stat().st_mode & 0o077 == 0
        assert places.socket_folder() == folder
    finally:
        folder.rmdir()
