"""A body that ends before its Content-Length was cut off on its way: it is refused, not read as if whole."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.utils.translation import gettext_lazy as _

CUT_OFF = _("The request was cut off on its way. Nothing was changed. Send it again.")

NO_LENGTH = "Send the body with its length: it came in pieces, which Django would read as nothing at all.\n"


class CutOffError(BadRequest):
    """The sender went away in the middle."""

    def __init__(self) -> None:
        super().__init__(str(CUT_OFF))


class WholeBody:
    """What WSGI reads a body from; raises CutOffError where it ends too early."""

    def __init__(self, stream: Any, length: int) -> None:
        self.stream, self.left = stream, length

    def read(self, size: int = -1) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        parts = []
        while wanted:
            part = self.stream.read(wanted)
            if not part:
                raise CutOffError
            parts.append(part)
            wanted -= len(part)
            self.left -= len(part)
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        line: bytes = self.stream.readline(wanted) if wanted else b""
        self.left -= len(line)
        if self.left and len(line) < wanted and not line.endswith(b"\n"):
            raise CutOffError
        return line


def whole(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Have a WSGI application read only bodies that are all there, whatever server it runs under."""

    def guarded(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdigit():
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        elif environ.get("HTTP_TRANSFER_ENCODING"):
            start_response("411 Length Required", [("Content-Type", "text/plain; charset=utf-8")])
            return [NO_LENGTH.encode()]
        return application(environ, start_response)

    return guarded
