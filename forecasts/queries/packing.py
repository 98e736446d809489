"""Whole columns out of PostgreSQL: each packed into one value, so that a million rows cost no objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import QuerySet

# How PostgreSQL sends each kind of column, NULL as a value of its own, and how NumPy reads that.
SENT = {
    "key": ("int8send(coalesce({}, -1))", ">i8"),
    "instant": ("timestamptz_send(coalesce({}, 'infinity'))", ">i8"),
    "number": ("float8send(coalesce({}, 'NaN')::float8)", ">f8"),
    "flag": ("boolsend({})", "?"),
}
MICROSECONDS_TO_2000, NEVER = 946_684_800_000_000, np.iinfo(np.int64).max


def packed_columns(rows: QuerySet[Any, Any], names: Mapping[str, str]) -> dict[str, npt.NDArray[Any]]:
    """
    Return the columns of a query as arrays, (n,) each, in one query; the rows in any order.

    names: of each column in the query's order its kind: "key" (-1 for NULL), "number" (NaN for NULL),
    "instant" (seconds since 1970, NaN for NULL) or "flag".
    """
    sql, parameters = rows.query.sql_with_params()
    packed = ", ".join(f"string_agg({SENT[kind][0].format(name)}, '')" for name, kind in names.items())
    with connection.cursor() as cursor:
        # The names are ours; what comes from outside is in the parameters.
        cursor.execute(f"SELECT {packed} FROM ({sql}) AS packed({', '.join(names)})", parameters)  # noqa: S608
        columns = cursor.fetchone()
    return {
        name: _read(column or b"", kind) for (name, kind), column in zip(names.items(), columns, strict=True)
    }


def _read(column: bytes, kind: str) -> npt.NDArray[Any]:
    read = np.frombuffer(column, dtype=SENT[kind][1])
    plain = read.astype(read.dtype.newbyteorder("="))
    if kind != "instant":
        return plain
    never = plain == NEVER
    return np.where(never, np.nan, (np.where(never, 0, plain) + MICROSECONDS_TO_2000) / 1e6)
