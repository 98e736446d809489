"""Rows of the ledger as its page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forecasts.models import Entry
from tracker.wording import dates


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    sequence: int
    kind: str
    at: str
    sha256: str


def entry_rows(entries: Iterable[Entry]) -> list[EntryRow]:
    return [
        EntryRow(
            sequence=entry.sequence,
            kind=_(entry.kind),
            at=dates.instant(entry.recorded_at),
            sha256=entry.sha256,
        )
        for entry in entries
    ]
