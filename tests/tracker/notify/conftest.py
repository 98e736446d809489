"""A desk, a chat server that keeps what arrives, and room to ask often."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from rest_framework.throttling import SimpleRateThrottle

from tests.records import make_desk


@pytest.fixture
def desk(db, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    return make_desk()


@pytest.fixture
def unhurried(monkeypatch):
    """Let a test ask as often as it likes."""
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "links", None)


class Room(BaseHTTPRequestHandler):
    """A chat server: it keeps what arrives, and answers as it is told to."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, body))
        self.send_response(self.server.answer)
        if self.server.answer in {301, 302, 307}:
            self.send_header("Location", f"http://localhost:{self.server.server_port}/elsewhere")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def room():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Room)
    server.received, server.answer = [], 200
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
