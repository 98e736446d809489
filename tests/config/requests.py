"""Requests as nobody sends them by mistake: cut off, half sent, from another address."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Raw:
    """A POST with its body, byte for byte."""

    path: str
    body: bytes
    kind: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def head(self, host: str) -> bytes:
        lines = {
            "Host": host,
            "Content-Type": self.kind,
            "Content-Length": str(len(self.body)),
            "Connection": "close",
            **self.headers,
        }
        told = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"POST {self.path} HTTP/1.1\r\n{told}\r\n".encode()


def connect(url: str, *, source: str = "127.0.0.1", seconds: float = 20) -> socket.socket:
    where = urlsplit(url)
    return socket.create_connection((where.hostname, where.port), seconds, source_address=(source, 0))


def send(url: str, raw: Raw, *, cut_at: int | None = None, hang_up: bool = False) -> tuple[int, bytes]:
    """Send the first `cut_at` bytes of the body and no more, and return status and body of the answer."""
    with connect(url) as line:
        line.sendall(raw.head(urlsplit(url).netloc) + raw.body[:cut_at])
        if cut_at is not None:
            if hang_up:
                return 0, b""
            line.shutdown(socket.SHUT_WR)
        return answer_of(line)


def get(url: str, path: str, *, source: str = "127.0.0.1", seconds: float = 20) -> tuple[int, bytes]:
    with connect(url, source=source, seconds=seconds) as line:
        host = urlsplit(url).netloc
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return answer_of(line)


def answer_of(line: socket.socket) -> tuple[int, bytes]:
    parts = []
    while part := line.recv(65536):
        parts.append(part)
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    return (int(head.split()[1]), body) if head else (0, b"")
