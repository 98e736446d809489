"""A connection to the mail server that is kept from one mail to the next."""

from __future__ import annotations

import logging
import smtplib
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage, get_connection

log = logging.getLogger(__name__)

READY = 250


class Post:
    """
    Hands mails to the server, one after the other, over one connection.

    The server is asked whether it is still there before another mail, and called anew where it is not:
    until then nothing of that mail was said, so nothing can come twice. After a failure the connection
    is dropped. Use it as a context; nothing is opened before the first mail.
    """

    def __init__(self) -> None:
        self._backend: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._backend is not None:
            try:
                self._backend.close()
            except (smtplib.SMTPException, OSError) as problem:
                # Everything was accepted or refused by then, so the farewell decides nothing.
                log.info("the mail server did not say goodbye: %s", problem)

    def send(self, mail: EmailMessage) -> None:
        """Hand one mail over. Raises what the mail backend raises, within EMAIL_TIMEOUT for each answer."""
        if self._backend is None:
            self._backend = get_connection()
        elif not _listens(self._backend):
            self._drop()
        mail.connection = self._backend
        try:
            self._backend.open()
            mail.send()
        except BaseException:
            # In the middle of a mail, or of nothing: what the server would say next is not ours to guess.
            self._drop()
            raise

    def _drop(self) -> None:
        server = getattr(self._backend, "connection", None)
        if isinstance(server, smtplib.SMTP):
            server.close()
            self._backend.connection = None


def _listens(backend: Any) -> bool:
    """Return whether the server at the other end answers; other backends than SMTP always do."""
    server = getattr(backend, "connection", None)
    if not isinstance(server, smtplib.SMTP):
        return True
    try:
        return server.noop()[0] == READY
    except (smtplib.SMTPException, OSError):
        return False
