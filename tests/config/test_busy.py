"""A held lock costs a reader seconds, and a worker nothing but time."""

import json
import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, OperationalError, connection, transaction
from django.db.backends.signals import connection_created
from django.test import Client
from psycopg import sql

from config.embedded.start import env_of
from config.patience import answer_in_time
from forecasts.models import Role, Source
from tests.config.requests import Raw, connect, send
from tests.processes import Processes, database_url
from tests.records import make_desk, make_question, make_user, new_token
from tracker.api.kit.errors import read_exception
from tracker.management.commands.web_role import LIMITS

pytestmark = pytest.mark.django_db(transaction=True)
ROLE = "web_of_the_tests"


def _execute(command: str, *names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(command).format(*(sql.Identifier(name) for name in names)))


@pytest.fixture
def role(transactional_db: None) -> Iterator[str]:
    call_command("web_role", ROLE, verbosity=0)
    yield ROLE
    _execute("DROP ROLE {}", ROLE)


def url_as(role: str) -> str:
    return database_url().replace(f"//{connection.settings_dict['USER']}@", f"//{role}@")


def test_the_role_has_its_time_outs_from_the_first_statement_on_and_its_owner_none(role: str) -> None:
    call_command("web_role", role, verbosity=0)
    for url, expected in ((url_as(role), list(LIMITS.values())), (database_url(), ["0", "0", "0"])):
        with psycopg.connect(url) as session:
            found = [session.execute(f"SHOW {name}").fetchone()[0] for name in LIMITS]
        assert found == expected, url
    with psycopg.connect(url_as(role)) as session:
        assert session.execute("SELECT count(*) FROM forecasts_source").fetchone() == (0,)


def test_the_owner_is_not_cut_off_by_mistake() -> None:
    with pytest.raises(CommandError, match="must not be cut off"):
        call_command("web_role", connection.settings_dict["USER"])


def test_where_the_role_may_not_make_roles_the_sql_is_told(
    role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("web_role", "another", "--show")
    shown = capsys.readouterr().out
    assert shown.startswith('CREATE ROLE "another" LOGIN;')
    with transaction.atomic():
        _execute("SET LOCAL ROLE {}", role)
        with pytest.raises(CommandError, match=r'may not make roles [\s\S]*CREATE ROLE "another" LOGIN;'):
            call_command("web_role", "another")


def test_only_the_web_signs_in_with_time_outs() -> None:
    env = {"DATABASE_URL": "postgres://owner@/x", "WEB_DATABASE_URL": "postgres://web@/x"}
    found = {name: env_of(name, env)["DATABASE_URL"] for name in ("web", "soon", "heavy", "beat")}
    assert found.pop("web") == "postgres://web@/x"
    assert set(found.values()) == {"postgres://owner@/x"}
    assert env_of("web", {"DATABASE_URL": "postgres://me@/x"})["DATABASE_URL"] == "postgres://me@/x"


# Each waits for a table that somebody holds.
WAITING = {
    "a page": ("GET", "/questions/", "text/html"),
    "a page of the desk": ("GET", "/admin/forecasts/question/", "text/html"),
    "the API": ("GET", "/api/v1/questions/", "application/problem+json"),
    "a write by the API": ("POST", "/api/v1/sources/", "application/problem+json"),
}


@pytest.mark.worker
@pytest.mark.slow
def test_a_held_lock_is_told_as_come_back_later(role: str, processes: Processes) -> None:
    make_question()
    user = make_user(role=Role.LEAD, desk=make_desk("other"), is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user)
    headers = {
        "Authorization": f"Token {new_token(user)}",
        "Cookie": f"sessionid={client.cookies['sessionid'].value}",
    }
    _execute("ALTER ROLE {} SET lock_timeout = '300ms'", role)
    web = processes.web(DATABASE_URL=url_as(role))
    body = Raw("/api/v1/sources/", b'{"name": "Later", "kind": "person"}', "application/json", headers)
    with psycopg.connect(database_url()) as holder:
        holder.execute(
            "LOCK TABLE forecasts_question, forecasts_source, forecasts_entry IN ACCESS EXCLUSIVE MODE"
        )
        for what, (method, path, kind) in WAITING.items():
            head, answer = _ask(web.url, method, path, headers, body)
            assert " 503 " in head.splitlines()[0], f"{what}: {head}"
            assert "retry-after: 5" in head.lower(), what
            assert f"content-type: {kind}" in head.lower(), what
            assert b"Nothing was changed" in answer, what
        assert json.loads(answer)["status"] == 503
        holder.rollback()
    assert "Traceback" not in web.log, "it is no fault of ours"
    assert not Source.objects.filter(name="Later").exists()
    assert send(web.url, body)[0] == 201


@pytest.fixture
def patience(settings: Any) -> Iterator[None]:
    settings.DATABASE_WAIT_SECONDS = 0.5
    answer_in_time()
    yield
    connection_created.disconnect(dispatch_uid=answer_in_time.__module__)


@contextmanager
def frozen(pids: Iterable[int]) -> Iterator[None]:
    stopped = list(pids)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)


@pytest.mark.usefixtures("patience")
def test_a_statement_to_a_frozen_server_ends_and_its_connection_with_it() -> None:
    own: Any = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
            with frozen([pid]):
                begun = time.monotonic()
                with pytest.raises(OperationalError) as told:
                    cursor.execute("SELECT 1")
                assert 0.5 <= time.monotonic() - begun < 5
        assert read_exception(told.value).status == 503
        assert own.connection.closed
    finally:
        own.close()


@pytest.mark.worker
@pytest.mark.slow
def test_a_frozen_session_costs_a_page_some_time_and_no_longer(processes: Processes) -> None:
    make_question()
    web = processes.web(DATABASE_WAIT_SECONDS="1", WEB_THREADS="1")
    asked = (web.url, "GET", "/questions/", {}, Raw("/", b"", "", {}))
    assert " 200 " in _ask(*asked)[0].splitlines()[0]
    with frozen(_sessions_of_others()):
        begun = time.monotonic()
        # The check of a kept connection finds it silent, and the page gets another one.
        assert " 200 " in _ask(*asked)[0].splitlines()[0]
        assert 1 <= time.monotonic() - begun < 15
    assert "Traceback" not in web.log, "it is no fault of ours"


def _sessions_of_others() -> list[int]:
    """Return the server processes of the sessions on this database but our own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return [pid for (pid,) in cursor.fetchall()]


def _ask(url: str, method: str, path: str, headers: dict[str, str], body: Raw) -> tuple[str, bytes]:
    with connect(url) as line:
        if method == "POST":
            line.sendall(body.head("127.0.0.1") + body.body)
        else:
            told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            line.sendall(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{told}\r\n".encode()
            )
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    head, _, answer = b"".join(parts).partition(b"\r\n\r\n")
    return head.decode("latin-1"), answer


# What PostgreSQL says to somebody whom it keeps waiting, cuts off, or does not let in.
CUTTING_OFF = {
    "a statement that takes too long": ("SET LOCAL statement_timeout = '20ms'", "SELECT pg_sleep(5)"),
    "a transaction that says nothing": ("SET LOCAL idle_in_transaction_session_timeout = '20ms'", "SELECT 1"),
    "a session that somebody ends": ("SELECT 1", "SELECT pg_terminate_backend(pg_backend_pid())"),
}


@pytest.mark.parametrize("what", CUTTING_OFF)
def test_whatever_cuts_a_statement_off_is_no_fault_of_the_page(what: str) -> None:
    before, statement = CUTTING_OFF[what]
    own: Any = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute(before)
            time.sleep(0.2)
            with pytest.raises((OperationalError, InternalError)) as caught:
                cursor.execute(statement)
    finally:
        own.close()
    found = read_exception(caught.value)
    assert (found.status, found.headers) == (503, {"Retry-After": "5"})


def test_an_inner_fault_of_the_database_is_ours() -> None:
    assert read_exception(InternalError("something else")).status == 500


def test_the_page_is_in_the_readers_language(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr("tracker.pages.views.render", fail)
    response = client.get("/scales/", headers={"Accept-Language": "sv"})
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Ingenting ändrades" in response.content.decode()
    assert response["Cache-Control"] == "no-store"
