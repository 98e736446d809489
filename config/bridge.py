"""A WSGI application called from ASGI: in a thread, with a body that is all there."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import unquote_to_bytes

Send = Callable[[Mapping[str, Any]], Awaitable[None]]

AT_ONCE = 1 << 20
"""A longer answer is handed on while it is made; a shorter one after its thread is free again."""
SLOWEST_READER_SECONDS = 60.0
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Answer:
    """What the application answered. `begun` when a part of it has been sent."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    rest: list[bytes] = field(default_factory=list)
    begun: bool = False

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        """Take what WSGI calls `start_response` with."""
        self.status = int(status.split(" ", 1)[0])
        self.headers = [
            (name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers
        ]

    async def send_rest(self, send: Send, *, more: bool = False) -> None:
        """Send what has not been sent."""
        if not self.begun:
            self.begun = True
            await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        body = b"".join(self.rest)
        self.rest.clear()
        await send({"type": "http.response.body", "body": body, "more_body": more})


async def call(
    application: Callable[..., Iterable[bytes]],
    scope: Mapping[str, Any],
    body: IO[bytes],
    size: int,
    *,
    send: Send,
    threads: Executor,
) -> Answer:
    """Call the application in one of the threads, and return its answer, of which the rest is to be sent."""
    loop = asyncio.get_running_loop()
    answer = Answer()

    def hand_on() -> None:
        sent = asyncio.run_coroutine_threadsafe(answer.send_rest(send, more=True), loop)
        sent.result(SLOWEST_READER_SECONDS)

    def work() -> None:
        parts = application(environ(scope, body, size), answer.start)
        try:
            length = 0
            for part in parts:
                answer.rest.append(part)
                length += len(part)
                if length > AT_ONCE:
                    hand_on()
                    length = 0
        finally:
            # Django lets go of its database connection here.
            if hasattr(parts, "close"):
                parts.close()

    try:
        await loop.run_in_executor(threads, work)
    except Exception:
        if answer.begun:
            raise
        logger.exception("%s %s failed outside of the application", scope["method"], scope["path"])
        return Answer(rest=[b"Something went wrong here.\n"])
    return answer


def environ(scope: Mapping[str, Any], body: IO[bytes], size: int) -> dict[str, Any]:
    """Return the same request as WSGI says it (PEP 3333): bytes as text in Latin-1."""
    server, client = scope.get("server") or ("", ""), scope.get("client") or ("", "")
    raw_path = scope.get("raw_path") or scope["path"].encode()
    found: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw_path.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": str(client[0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _add_header(found, name.decode("latin-1"), value.decode("latin-1"))
    # A body that came in chunks says no length of its own.
    found["CONTENT_LENGTH"] = str(size)
    return found


def _add_header(found: dict[str, Any], name: str, value: str) -> None:
    if "_" in name:
        # It would be taken for the one with hyphens, which a proxy may have vouched for.
        return
    key = name.upper().replace("-", "_")
    key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
    between = "; " if key == "HTTP_COOKIE" else ","
    found[key] = f"{found[key]}{between}{value}" if key in found else value
