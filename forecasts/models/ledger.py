"""One chain over all facts: each entry holds the hash of its fact and of the entry before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

GENESIS = "0" * 64
# Which canonical form new entries hash: `Fact.LEDGER_SINCE` says what each form added.
FORM = 2


class Entry(models.Model):
    """One fact, or one block of facts that came in together, in the order of recording."""

    sequence = models.BigIntegerField(_("sequence"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=40)
    fact_id = models.BigIntegerField(_("entry"), null=True, blank=True)
    facts = models.PositiveIntegerField(_("entries"), default=1)
    form = models.PositiveSmallIntegerField(_("canonical form"), default=FORM)
    fact_sha256 = models.CharField(_("SHA-256 of the fact"), max_length=64)
    previous_sha256 = models.CharField(_("SHA-256 of the entry before"), max_length=64)
    sha256 = models.CharField(_("SHA-256 of this entry"), max_length=64, unique=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        ordering = ("sequence",)
        indexes = (models.Index(name="ledger_recorded", fields=("recorded_at",)),)
        constraints = (
            models.CheckConstraint(name="ledger_sequence_starts_at_one", condition=models.Q(sequence__gte=1)),
            models.CheckConstraint(
                name="ledger_entry_covers_a_fact_or_a_block",
                condition=models.Q(fact_id__isnull=False, facts=1) | models.Q(fact_id=None),
            ),
            models.CheckConstraint(
                name="ledger_form_is_known", condition=models.Q(form__gte=1, form__lte=FORM)
            ),
            models.UniqueConstraint(name="ledger_has_one_entry_for_each_fact", fields=("kind", "fact_id")),
        )

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind} {self.sha256[:12]}"

    def expected_sha256(self) -> str:
        """Return the hash that this entry must have, given its own columns."""
        told = {
            "sequence": self.sequence,
            "kind": self.kind,
            "fact": self.fact_id,
            "facts": self.facts,
            "fact_sha256": self.fact_sha256,
            "previous_sha256": self.previous_sha256,
            "recorded_at": self.recorded_at,
        }
        # The first form did not name itself.
        return digest(told if self.form == 1 else {**told, "form": self.form})


def canonical_json(value: Mapping[str, Any]) -> bytes:
    """
    Return the one spelling of these values: sorted keys, no spaces, UTF-8, instants in UTC.

    Raises ValueError on NaN and infinity, TypeError on a naive datetime or an unknown type.

    >>> canonical_json({"b": 0.95, "a": datetime(2017, 10, 17, tzinfo=UTC)})
    b'{"a":"2017-10-17T00:00:00.000000Z","b":0.95}'
    """
    return json.dumps(
        value,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        default=_plain,
    ).encode()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError(f"A naive datetime has no canonical form: {value!r}")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"No canonical form for {type(value).__name__}")


def digest(value: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def merkle_root(digests: Sequence[str]) -> str:
    """
    Return the root of the Merkle tree over hexadecimal digests, in their order.

    Leaves and nodes are hashed with different first bytes, so that a node can't pass for a leaf
    (RFC 6962, section 2.1).

    >>> merkle_root(["00" * 32])[:12]
    '7f9c9e31ac82'

    Raises ValueError when there is no digest.
    """
    if not digests:
        raise ValueError("A block needs at least one fact.")
    level = [hashlib.sha256(b"\x00" + bytes.fromhex(each)).digest() for each in digests]
    while len(level) > 1:
        paired = [
            hashlib.sha256(b"\x01" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        # RFC 6962 carries an odd last node up unchanged.
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0].hex()
