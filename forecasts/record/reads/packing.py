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
# What few rows have comes with the row's id, from these rows alone.
RARE = {
    "rare number": ("int8send(id) || float8send({0})", "{0} IS NOT NULL", [("id", ">i8"), ("value", ">f8")]),
    "rare flag": ("int8send(id)", "{0}", [("id", ">i8")]),
    "not stated": ("int8send(id)", "{0} <> 'stated'", [("id", ">i8")]),
}
MICROSECONDS_TO_2000, NEVER = 946_684_800_000_000, np.iinfo(np.int64).max


def packed_columns(rows: QuerySet[Any, Any], names: Mapping[str, str]) -> dict[str, npt.NDArray[Any]]:
    """
    Return the columns of a query as arrays, (n,) each, in one query; the rows in any order.

    names: of each column in the query's order its kind: "key" (-1 for NULL), "number" (NaN for NULL),
    "instant" (seconds since 1970, NaN for NULL) or "flag"; "rare number" and "rare flag" where few rows
    have one and there is a column `id`, and so "not stated", true of a basis other than that.
    """
    sql, parameters = rows.query.sql_with_params()
    packed = ", ".join(_packed(name, kind) for name, kind in names.items())
    with connection.cursor() as cursor:
        # The names are ours; what comes from outside is in the parameters.
        cursor.execute(f"SELECT {packed} FROM ({sql}) AS packed({', '.join(names)})", parameters)  # noqa: S608
        sent = dict(zip(names, cursor.fetchone(), strict=True))
    found = {name: _read(sent[name] or b"", kind) for name, kind in names.items() if kind in SENT}
    rare = {name: kind for name, kind in names.items() if kind in RARE}
    if rare:
        order = np.argsort(found["id"])
        for name, kind in rare.items():
            found[name] = _spread(sent[name] or b"", kind, found["id"], order)
    return found


def _packed(name: str, kind: str) -> str:
    if kind in RARE:
        value, there = (text.format(name) for text in RARE[kind][:2])
        return f"string_agg({value}, '') FILTER (WHERE {there})"
    return f"string_agg({SENT[kind][0].format(name)}, '')"


def _spread(
    column: bytes, kind: str, ids: npt.NDArray[np.int64], order: npt.NDArray[np.int64]
) -> npt.NDArray[Any]:
    """Return the column of every row, from the values of those that have one."""
    few = np.frombuffer(column, dtype=np.dtype(RARE[kind][2]))
    number = kind == "rare number"
    whole = np.full(len(ids), np.nan) if number else np.zeros(len(ids), dtype=np.bool_)
    if len(few):
        at = order[np.searchsorted(ids, few["id"].astype(np.int64), sorter=order)]
        whole[at] = few["value"] if number else True
    return whole


def _read(column: bytes, kind: str) -> npt.NDArray[Any]:
    read = np.frombuffer(column, dtype=SENT[kind][1])
    plain = read.astype(read.dtype.newbyteorder("="))
    if kind != "instant":
        return plain
    never = plain == NEVER
    return np.where(never, np.nan, (np.where(never, 0, plain) + MICROSECONDS_TO_2000) / 1e6)
