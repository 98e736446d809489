"""An end to waiting for a database that is there and says nothing: its own time-outs would need it awake."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg import Connection, OperationalError
from psycopg.pq import TransactionStatus


def answer_in_time() -> None:
    """Have every connection that this process opens from now on wait DATABASE_WAIT_SECONDS at most."""
    connection_created.connect(_end_waiting, dispatch_uid=__name__)


def _end_waiting(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    opened: Connection = connection.connection
    opened.wait = partial(_wait, opened, opened.wait)  # type: ignore[method-assign]


def _wait(opened: Connection, wait: Callable[..., Any], *given: Any, **options: Any) -> Any:
    """
    Wait as psycopg does, but not for ever.

    Nothing can be asked of a connection that still waits for an answer, so it is closed; a transaction is
    rolled back by that. Raises OperationalError.
    """
    try:
        return wait(*given, **{"timeout": settings.DATABASE_WAIT_SECONDS, **options})
    except OperationalError:
        if opened.pgconn.transaction_status == TransactionStatus.ACTIVE:
            opened.pgconn.finish()
        raise
