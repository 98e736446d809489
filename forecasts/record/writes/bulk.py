"""Rows by the thousand into a table: COPY instead of INSERT, which takes ten times as long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db import connection
from django.db.models import JSONField, Model
from django.db.models.expressions import DatabaseDefault

from forecasts.models.ledger import Entry, digest
from forecasts.models.record.fact import Fact
from forecasts.record.writes.ledger import append_digests

Item = TypeVar("Item")


def take_keys(*, rows: Sequence[Model]) -> None:
    """Give each row the key that it will have, from the table's own sequence."""
    if not rows:
        return
    table = rows[0]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, len(rows)]
        )
        keys = sorted(key for (key,) in cursor.fetchall())
    for row, key in zip(rows, keys, strict=True):
        row.pk = key


def copy_rows(*, rows: Sequence[Model]) -> None:
    """Write rows of one model. Those without a key get one, which the objects do not learn."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [
        field
        for field in meta.concrete_fields
        if (rows[0].pk is not None or not field.primary_key)
        # What the database draws, it draws here, too.
        and not isinstance(field.value_from_object(rows[0]), DatabaseDefault)
    ]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    # Most values go as they are; the field's own preparation of each takes longer than the copy.
    prepared = [
        (field.attname, field.get_db_prep_save if isinstance(field, JSONField) else None) for field in fields
    ]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {connection.ops.quote_name(meta.db_table)} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            values = [(getattr(row, name), prepare) for name, prepare in prepared]
            copy.write_row([prepare(each, connection) if prepare else each for each, prepare in values])


def append_rows(*, rows: Sequence[Fact], sequence: int, now: datetime) -> None:
    """Append a block of facts that were copied just now: nothing refers to them yet."""
    nothing = Entry.objects.none()
    for row in rows:
        # So that `as_fact` need not ask the database, row by row, for what is not there.
        row._prefetched_objects_cache = dict.fromkeys(row.LEDGER_LISTS, nothing)  # type: ignore[attr-defined]
    digests = [digest(row.as_fact()) for row in rows]
    append_digests(sequence=sequence, kind=rows[0].LEDGER_KIND, digests=digests, now=now)
    for row in rows:
        del row._prefetched_objects_cache  # type: ignore[attr-defined]


def in_blocks(items: Iterable[Item], size: int) -> Iterable[list[Item]]:
    """
    Yield the items, so many at a time.

    >>> list(in_blocks("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    rest = iter(items)
    while block := list(islice(rest, size)):
        yield block
