"""Append to the ledger: one entry for each fact, in the transaction that records it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import prefetch_related_objects

from forecasts.models.ledger import GENESIS, Entry, digest, merkle_root
from forecasts.models.record.fact import Fact

# Any constant will do, as long as nothing else takes the same advisory lock.
LEDGER_LOCK = 0x1ED6E4


class OutsideTransactionError(RuntimeError):
    """A fact and its ledger entry must be recorded in one transaction."""


class UnfinishedBlockError(ValueError):
    """A block's facts carry another sequence than the entry that covers them."""


def append_fact(*, fact: Fact, now: datetime) -> Entry:
    """
    Append one entry for a fact that has just been saved.

    The fact is read back first, so that what is hashed is what the database holds. Raises
    OutsideTransactionError where no transaction is open.
    """
    sequence, previous = _take_next()
    fact.refresh_from_db()
    return _create(
        sequence=sequence,
        kind=fact.LEDGER_KIND,
        fact_id=fact.pk,
        facts=1,
        fact_sha256=digest(fact.as_fact()),
        previous=previous,
        now=now,
    )


def hold_ledger() -> None:
    """
    Let nobody else record anything until this transaction ends.

    Then what is looked up to see whether it is there already is there still when it is recorded.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])


def open_block() -> int:
    """
    Return the sequence that the next entry will have, and hold the ledger until the transaction ends.

    Save the facts of a bulk block with this number in their `block` column, then call
    `append_block`.
    """
    return _take_next()[0]


def append_block(*, sequence: int, facts: Sequence[Fact], now: datetime) -> Entry:
    """
    Append one entry with the Merkle root over facts of one kind, in the order of their keys.

    Raises UnfinishedBlockError when a fact carries another block number, ValueError when there
    is none.
    """
    expected, previous = _take_next()
    if sequence != expected or any(fact.block != sequence for fact in facts):
        raise UnfinishedBlockError(f"The facts of this block must carry block {expected}.")
    ordered = sorted(facts, key=lambda fact: fact.pk)
    prefetch_related_objects(ordered, *ordered[0].LEDGER_LISTS)
    return _create(
        sequence=sequence,
        kind=ordered[0].LEDGER_KIND,
        fact_id=None,
        facts=len(ordered),
        fact_sha256=merkle_root([digest(fact.as_fact()) for fact in ordered]),
        previous=previous,
        now=now,
    )


def append_digests(*, sequence: int, kind: str, digests: Sequence[str], now: datetime) -> Entry:
    """
    Append one entry over facts whose digests are known, in the order of their keys.

    For blocks that are copied into the database without an object for each row. Raises
    UnfinishedBlockError when another entry came in between, ValueError when there is no digest.
    """
    expected, previous = _take_next()
    if sequence != expected:
        raise UnfinishedBlockError(f"The facts of this block must carry block {expected}.")
    return _create(
        sequence=sequence,
        kind=kind,
        fact_id=None,
        facts=len(digests),
        fact_sha256=merkle_root(digests),
        previous=previous,
        now=now,
    )


def _take_next() -> tuple[int, str]:
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransactionError("Open a transaction before appending to the ledger.")
    hold_ledger()
    last = Entry.objects.order_by("-sequence").first()
    return (last.sequence + 1, last.sha256) if last else (1, GENESIS)


def _create(
    *,
    sequence: int,
    kind: str,
    fact_id: int | None,
    facts: int,
    fact_sha256: str,
    previous: str,
    now: datetime,
) -> Entry:
    entry = Entry(
        sequence=sequence,
        kind=kind,
        fact_id=fact_id,
        facts=facts,
        fact_sha256=fact_sha256,
        previous_sha256=previous,
        recorded_at=now,
    )
    entry.sha256 = entry.expected_sha256()
    entry.save(force_insert=True)
    return entry
