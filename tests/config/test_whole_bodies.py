"""A body that was cut off is refused: wherever it was cut, whatever it was for, whichever server reads it."""

import io
import json
import time
from urllib.parse import urlsplit

import pytest

from config.whole_body import CutOffError, WholeBody
from forecasts.models import Import, Role, Source
from tests.config.requests import Raw, answer_of, connect, get, send
from tests.processes import Processes, answers, free_port
from tests.records import make_desk, make_user, new_token

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.slow]

STDLIB = """
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server
from config.wsgi import application
class Server(ThreadingMixIn, WSGIServer): daemon_threads = True
make_server("127.0.0.1", int(sys.argv[1]), application, Server).serve_forever()
"""
BOUNDARY = "b0undary"
CSV = "question_id,source,forecast_time,probability,resolution,resolved_time\n" + "".join(
    f"q{n},Testa,2020-01-01T00:00:00Z,0.5,1,2020-02-01T00:00:00Z\n" for n in range(2000)
)
UPLOAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n'
    f"Content-Type: text/csv\r\n\r\n{CSV}\r\n--{BOUNDARY}--\r\n"
).encode()


def _granian(processes: Processes, interface: str, target: str) -> str:
    port = str(free_port())
    processes.start("granian", "--interface", interface, "--port", port, "--no-ws", target)
    return f"http://127.0.0.1:{port}"


def _stdlib(processes: Processes) -> str:
    port = str(free_port())
    processes.start("python", "-c", STDLIB, port)
    return f"http://127.0.0.1:{port}"


SERVERS = {
    "granian by ASGI, as ./run has it": lambda started: started.web().url,
    "granian by WSGI": lambda started: _granian(started, "wsgi", "config.wsgi:application"),
    "a server that hands on what it got": _stdlib,
}


@pytest.fixture(params=SERVERS)
def url(request: pytest.FixtureRequest, processes: Processes) -> str:
    url = SERVERS[request.param](processes)
    processes.wait(processes.running[-1], lambda: answers(f"{url}/healthz"), "the server's answer")
    return url


@pytest.fixture
def bodies(transactional_db: None) -> dict[str, Raw]:
    user = make_user(role=Role.LEAD, desk=make_desk(), is_staff=True)
    token = {"Authorization": f"Token {new_token(user)}"}
    return {
        "a form": Raw(
            "/admin/login/",
            b"csrfmiddlewaretoken=x&username=somebody&password=" + b"x" * 5000,
            "application/x-www-form-urlencoded",
            # Without it nobody would look into the body.
            {"Cookie": f"csrftoken={'c' * 32}"},
        ),
        "an API body": Raw(
            "/api/v1/sources/",
            json.dumps({"name": "Half", "kind": "person"}).encode(),
            "application/json",
            token,
        ),
        "an API body that reads as whole": Raw(
            "/api/v1/sources/", b'{"name": "Half", "kind": "person"}' + b" " * 40, "application/json", token
        ),
        "an upload": Raw("/api/v1/imports/", UPLOAD, f"multipart/form-data; boundary={BOUNDARY}", token),
    }


def test_a_body_that_was_cut_off_changes_nothing(url: str, bodies: dict[str, Raw]) -> None:
    for what, raw in bodies.items():
        for cut_at in (0, 1, len(raw.body) // 2, len(raw.body) - 1):
            status, body = send(url, raw, cut_at=cut_at)
            assert status == 400, f"{what}, cut at {cut_at}: {status} {body[:300]!r}"
            send(url, raw, cut_at=cut_at, hang_up=True)
    time.sleep(0.3)
    assert not Source.objects.filter(name="Half").exists()
    assert not Import.objects.exists()
    assert get(url, "/questions/")[0] == 200
    assert send(url, bodies["an API body"])[0] == 201, "the same one, whole"
    assert Source.objects.filter(name="Half").exists()
    # In pieces it is taken, or refused for having no length; read as nothing it would be a puzzle.
    raw = bodies["an API body"]
    length, pieces = f"Content-Length: {len(raw.body)}".encode(), b"Transfer-Encoding: chunked"
    with connect(url) as line:
        line.sendall(raw.head(urlsplit(url).netloc).replace(length, pieces))
        line.sendall(f"{len(raw.body):x}\r\n".encode() + raw.body + b"\r\n0\r\n\r\n")
        assert answer_of(line)[0] in (200, 411)


@pytest.mark.parametrize("read", [-1, None, 1, 4, 5, 100])
def test_a_stream_gives_what_is_there_and_raises_where_the_rest_should_be(read: int | None) -> None:
    whole = WholeBody(io.BytesIO(b"hello and what comes after"), 5)
    parts = []
    while part := whole.read(read):
        parts.append(part)
    assert b"".join(parts) == b"hello"
    short = WholeBody(io.BytesIO(b"hell"), 5)
    with pytest.raises(CutOffError):
        all(iter(lambda: short.read(read), b""))


def test_lines_end_where_the_body_does() -> None:
    whole = WholeBody(io.BytesIO(b"one\ntwo"), 7)
    assert [whole.readline(), whole.readline(), whole.readline()] == [b"one\n", b"two", b""]
    short = WholeBody(io.BytesIO(b"one\ntwo"), 9)
    short.readline()
    with pytest.raises(CutOffError):
        short.readline()
