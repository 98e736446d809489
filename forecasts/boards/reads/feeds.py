"""What the feeds tell: the latest answers, and the version of what they are drawn from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from forecasts.models import Board, Entry, Evidence, Resolution, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The record's version: a name for it, and when its last fact was recorded."""

    name: str
    recorded_at: datetime | None


def record_version() -> Version:
    """Return the version of the record, from the ledger's last entry. One query."""
    last = Entry.objects.order_by("-sequence").first()
    if last is None:
        return Version(name="0", recorded_at=None)
    return Version(name=f"{last.sequence}-{last.sha256[:16]}", recorded_at=last.recorded_at)


def board_version(board: Board) -> str:
    """Return a name for the board as it is set now: its filter, rule, window, words."""
    columns = {field.attname: str(field.value_from_object(board)) for field in board._meta.concrete_fields}
    return hashlib.sha256(json.dumps(columns, sort_keys=True).encode()).hexdigest()[:16]


def latest_resolutions(at_most: int) -> QuerySet[Resolution]:
    """Return the latest public resolutions, with question, evidence and successor. Three queries."""
    evidence = Prefetch("evidence", queryset=Evidence.objects.order_by("pk"))
    verdicts = Prefetch("verdicts", queryset=Verdict.objects.prefetch_related(evidence).order_by("pk"))
    return (
        Resolution.objects.public()
        .select_related("question", "superseded_by")
        .prefetch_related(verdicts)
        .order_by("-pk")[:at_most]
    )
