"""What a request may cost before a view is reached: real granian, real sockets, all of them ours."""

import asyncio
import json
import select
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from wsgiref.validate import validator

import psycopg
import pytest

from config.door import Door, Limits
from tests.config.requests import Raw, answer_of, connect, get
from tests.processes import Processes, database_url, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.slow]

FORM = Raw("/admin/login/", b"username=editor&password=secret", "application/x-www-form-urlencoded")
JSON = Raw("/api/v1/sources/", b'{"name": "Half"}', "application/json")
HALF_SENT = 60


@contextmanager
def half_sent(url: str, raw: Raw, count: int) -> Iterator[list[Any]]:
    """Hold that many connections open on which half a body was sent."""
    lines = [connect(url) for _ in range(count)]
    try:
        for line in lines:
            line.sendall(raw.head("localhost") + raw.body[: len(raw.body) // 2])
        yield lines
    finally:
        for line in lines:
            line.close()


def _readable(lines: list[Any], count: int) -> list[Any]:
    found = select.select(lines, [], [], 0)[0]
    return found if len(found) == count else []


def test_half_sent_bodies_hold_no_thread(processes: Processes) -> None:
    web = processes.web(WEB_THREADS="2", WEB_REQUESTS_PER_ADDRESS="1000")
    with half_sent(web.url, FORM, HALF_SENT):
        time.sleep(0.5)
        began = time.monotonic()
        for path in ("/questions/", "/api/v1/sources/", "/admin/login/"):
            assert get(web.url, path)[0] == 200, path
        assert time.monotonic() - began < 10


def test_one_address_takes_no_more_than_its_share(processes: Processes) -> None:
    web = processes.web(WEB_REQUESTS_PER_ADDRESS="8")
    with half_sent(web.url, FORM, HALF_SENT) as lines:
        # The first eight that came are waited for; which they are is the network's choice.
        turned_away = wait_until(lambda: _readable(lines, HALF_SENT - 8), what="the refusal of the rest")
        assert {answer_of(line)[0] for line in turned_away} == {429}
        assert get(web.url, "/questions/")[0] == 429
        status, body = get(web.url, "/api/v1/sources/")
        assert (status, json.loads(body)["status"]) == (429, 429)
        assert get(web.url, "/questions/", source="127.0.0.2")[0] == 200, "others are not held up"
        assert get(web.url, "/healthz") == (200, b"ok\n")
    # Well before the deadline of those bodies: what has gone counts no more.
    wait_until(lambda: get(web.url, "/questions/")[0] == 200, seconds=10, what="room for others")


def test_a_body_has_a_deadline(processes: Processes) -> None:
    web = processes.web(BODY_SECONDS="0.5")
    with half_sent(web.url, FORM, 1) as [form], half_sent(web.url, JSON, 1) as [call]:
        status, body = answer_of(form)
        assert (status, b"took too long" in body) == (408, True)
        status, body = answer_of(call)
        assert (status, json.loads(body)["type"]) == (408, "/api/problems/#too-slow")


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(processes: Processes) -> None:
    web = processes.web(IMPORT_MEGABYTES="1")
    with connect(web.url) as line:
        line.sendall(JSON.head("localhost").replace(b"Content-Length: 16", b"Content-Length: 99999999"))
        status, body = answer_of(line)
    assert (status, "2 MB" in json.loads(body)["detail"]) == (413, True)


def test_a_body_in_chunks_is_read_whole(processes: Processes) -> None:
    web = processes.web()
    head = JSON.head("localhost").replace(b"Content-Length: 16", b"Transfer-Encoding: chunked")
    chunks = b"8\r\n" + JSON.body[:8] + b"\r\n8\r\n" + JSON.body[8:] + b"\r\n0\r\n\r\n"
    with connect(web.url) as line:
        line.sendall(head + chunks)
        # Nobody signed in: the body was taken, and the request refused for that alone.
        assert answer_of(line)[0] == 401
    with connect(web.url) as line:
        line.sendall(head + chunks[:12])
        line.shutdown(1)
        assert answer_of(line)[0] == 400


def test_where_every_thread_waits_machines_are_answered_and_people_told_to_come_back(
    processes: Processes,
) -> None:
    web = processes.web(WEB_THREADS="2", WEB_WAIT_SECONDS="1")
    with psycopg.connect(database_url()) as holder:
        holder.execute("LOCK TABLE forecasts_entry, forecasts_question IN ACCESS EXCLUSIVE MODE")
        waiting = [connect(web.url) for _ in range(2)]
        for line in waiting:
            line.sendall(b"GET /questions/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        time.sleep(1)
        began = time.monotonic()
        assert get(web.url, "/healthz") == (200, b"ok\n")
        assert time.monotonic() - began < 1
        assert json.loads(get(web.url, "/readyz")[1])["database"] is True
        status, body = get(web.url, "/scales/")
        assert (status, b"busy" in body) == (503, True)
        holder.rollback()
    assert [answer_of(line)[0] for line in waiting] == [200, 200]


LIMITS = Limits(threads=2, per_address=9, body_seconds=5, body_bytes=1000, wait_seconds=5, proxies=0)


def _ask(
    application: Any, *, limits: Limits = LIMITS, body: bytes = b"", **scope: Any
) -> list[dict[str, Any]]:
    """Call the door as a server would, and return what it sent."""
    sent = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asked = {
        "type": "http", "http_version": "1.1", "method": "POST" if body else "GET", "scheme": "http",
        "path": "/", "raw_path": b"/", "query_string": b"", "headers": [(b"host", b"localhost")],
        "server": ("127.0.0.1", 80), "client": ("192.0.2.1", 1), **scope,
    }  # fmt: skip
    _run(Door(application, limits)(asked, receive, send))
    return sent


def _run(asked: Coroutine[Any, Any, None]) -> None:
    """Run it in a loop of its own, in a thread of its own: a browser's tests leave one running in ours."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, asked).result()


def test_the_application_is_called_as_wsgi_says() -> None:
    """`wsgiref.validate` knows the rules of PEP 3333, and raises where one is broken."""
    seen = {}

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read(5))
        start_response(
            "201 Created", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
        )
        return [b"made"]

    start, body = _ask(
        validator(application),
        body=b"hello",
        raw_path=b"/a%20%C3%A5",
        query_string=b"q=%C3%A5",
        headers=[
            (b"host", b"localhost"),
            (b"content-type", b"text/plain"),
            (b"x-real", b"1"),
            (b"x_real", b"forged"),
            (b"cookie", b"a=1"),
            (b"cookie", b"b=2"),
        ],
    )
    assert (start["status"], body["body"]) == (201, b"made")
    assert [value for name, value in start["headers"] if name == b"set-cookie"] == [b"a=1", b"b=2"]
    assert seen["body"] == b"hello"
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/a å"
    assert (seen["CONTENT_LENGTH"], seen["HTTP_X_REAL"], seen["HTTP_COOKIE"]) == ("5", "1", "a=1; b=2")


def test_a_long_answer_is_handed_on_while_it_is_made() -> None:
    def application(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        for _ in range(5):
            yield b"x" * 700_000

    sent = _ask(application)
    assert [each["type"] for each in sent] == ["http.response.start"] + ["http.response.body"] * 3
    assert sum(len(each.get("body", b"")) for each in sent) == 3_500_000
    assert [each["more_body"] for each in sent[1:]] == [True, True, False]


def test_an_application_that_breaks_is_a_plain_500() -> None:
    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise RuntimeError("secret")

    start, body = _ask(application)
    assert start["status"] == 500
    assert b"secret" not in body["body"]


def _nothing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("204 No Content", [])
    return []


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted", "why"),
    [
        (0, b"198.51.100.7", 1, "with no proxy of ours anybody may write that header"),
        (1, b"198.51.100.%d", 3, "each reader behind our proxy has an address"),
        (1, b"203.0.113.%d, 198.51.100.7", 1, "what stands before our proxy's word is the reader's own"),
    ],
)
def test_whose_address_counts(proxies: int, forwarded: bytes, counted: int, why: str) -> None:
    seen: list[int] = []

    async def ask_three() -> None:
        door = Door(_nothing, replace(LIMITS, proxies=proxies))

        async def receive() -> dict[str, Any]:
            seen.append(len(door.under_way))
            await asyncio.sleep(0.05)
            seen.append(len(door.under_way))
            return {"type": "http.request", "body": b""}

        async def send(message: dict[str, Any]) -> None: ...

        def scope(number: int) -> dict[str, Any]:
            told = forwarded % number if b"%d" in forwarded else forwarded
            return {
                "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": "/",
                "raw_path": b"/", "query_string": b"", "headers": [(b"x-forwarded-for", told)],
                "server": ("127.0.0.1", 80), "client": ("192.0.2.1", 1),
            }  # fmt: skip

        await asyncio.gather(*(door(scope(number), receive, send) for number in range(3)))

    _run(ask_three())
    assert max(seen) == counted, why
