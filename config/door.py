"""
The web's front door: what every request passes before a thread is spent on it.

The server speaks ASGI to the door, and the door WSGI to Django, in a pool of threads. A body is taken whole
first, within its time, so that a slow or broken-off sender holds no thread; one address has so many
requests under way at most; and the two addresses for machines are answered outside the pool.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.bridge import Answer, call
from config.refusal import RefusedRequestError
from config.whole_body import CUT_OFF
from tracker.guessing import network_of

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

IN_MEMORY = 64 * 1024
SLOWEST = 10_000
"""Bytes a second: so much later may a body be whole for each second that its bytes were worth."""
READY_SECONDS = 10.0
HEALTHY = b"ok\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the door lets through. `proxies` is how many of our own stand before it."""

    threads: int
    per_address: int
    body_seconds: float
    body_bytes: int
    wait_seconds: float
    proxies: int


class Door:
    """An ASGI application around a WSGI one."""

    def __init__(self, application: Callable[..., Any], limits: Limits) -> None:
        self.application, self.limits = application, limits
        self.threads = ThreadPoolExecutor(limits.threads, "web")
        self.for_machines = ThreadPoolExecutor(2, "ready")
        self.free = asyncio.Semaphore(limits.threads)
        self.under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["path"] == "/healthz":
            await Answer(200, [(b"content-type", b"text/plain")], [HEALTHY]).send_rest(send)
        elif scope["type"] == "http":
            try:
                await self._answer(scope, receive, send)
            except RefusedRequestError as refusal:
                await refusal.answer(scope).send_rest(send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/readyz":
            await self._say_whether_ready(scope, send)
            return
        async with self._counted(scope):
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
                size = await self._take_body(scope, receive, body)
                async with self._thread():
                    answer = await call(self.application, scope, body, size, send=send, threads=self.threads)
                await answer.send_rest(send)

    async def _say_whether_ready(self, scope: Scope, send: Send) -> None:
        """Answer within seconds, also where the database is silent and keeps a thread for good."""
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            asked = call(self.application, scope, body, 0, send=send, threads=self.for_machines)
            try:
                answer: Answer = await asyncio.wait_for(asked, READY_SECONDS)
            except TimeoutError:
                raise RefusedRequestError(
                    503, _("There was no answer in time. Try again in a few seconds."), retry_after=5
                ) from None
        await answer.send_rest(send)

    @asynccontextmanager
    async def _counted(self, scope: Scope) -> AsyncIterator[None]:
        address = _address(scope, self.limits.proxies)
        if address and self.under_way[address] >= self.limits.per_address:
            sentence = _("Too many requests at once from your address. Try again in a few seconds.")
            raise RefusedRequestError(429, sentence, retry_after=2)
        self.under_way[address] += 1
        try:
            yield
        finally:
            self.under_way[address] -= 1
            if not self.under_way[address]:
                del self.under_way[address]

    @asynccontextmanager
    async def _thread(self) -> AsyncIterator[None]:
        try:
            await asyncio.wait_for(self.free.acquire(), self.limits.wait_seconds)
        except TimeoutError:
            sentence = _("The site is busy. Try again in a few seconds.")
            raise RefusedRequestError(503, sentence, retry_after=5) from None
        try:
            yield
        finally:
            self.free.release()

    async def _take_body(self, scope: Scope, receive: Receive, body: IO[bytes]) -> int:
        """Write the whole body into the file, and return its size."""
        declared = _declared(scope)
        if declared is not None and declared > self.limits.body_bytes:
            raise self._too_large()
        now = asyncio.get_running_loop().time
        size, began = 0, now()
        while True:
            left = began + self.limits.body_seconds + size / SLOWEST - now()
            try:
                message = await asyncio.wait_for(receive(), max(left, 0.001))
            except TimeoutError:
                sentence = _("The request took too long to arrive. Nothing was changed. Send it again.")
                raise RefusedRequestError(408, sentence) from None
            if message["type"] == "http.disconnect":
                break
            body.write(message.get("body", b""))
            size += len(message.get("body", b""))
            if size > self.limits.body_bytes:
                raise self._too_large()
            if not message.get("more_body"):
                break
        if message["type"] == "http.disconnect" or (declared is not None and size < declared):
            raise RefusedRequestError(400, CUT_OFF)
        body.seek(0)
        return size

    def _too_large(self) -> RefusedRequestError:
        most = self.limits.body_bytes >> 20
        sentence = _("The request is larger than {most} MB. Nothing was changed. Split it.")
        return RefusedRequestError(413, format_lazy(sentence, most=most))


def _declared(scope: Scope) -> int | None:
    text = dict(scope["headers"]).get(b"content-length", b"").decode("latin-1")
    return int(text) if text.isdigit() else None


def _address(scope: Scope, proxies: int) -> str:
    """Return where the request comes from: by what a proxy of ours says, and by nobody else's word."""
    forwarded = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    if proxies and forwarded:
        hops = forwarded.decode("latin-1").split(",")
        return network_of(hops[-min(proxies, len(hops))].strip())
    return network_of(str((scope.get("client") or [""])[0]))


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
