"""The deadline of a question in a file, and instants as files count them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from forecasts.schedule import Deadline, EndRule, Granularity

OPEN_FOR = timedelta(days=365)
OPEN_BASIS = "A year after the last forecast in the file, which names no deadline."


def deadline_in(text: Mapping[str, str], *, known: datetime | None, last: datetime) -> tuple[Deadline, str]:
    """Return the deadline that its cells say and, where we had to choose it, how."""
    if text["deadline_on"]:
        deadline = Deadline(
            on=date.fromisoformat(text["deadline_on"]),
            granularity=Granularity(text["deadline_granularity"] or Granularity.DAY),
            zone=text["deadline_zone"] or "UTC",
            rule=EndRule(text["deadline_rule"] or EndRule.THROUGH),
        )
        return deadline, text["deadline_basis"]
    if known is not None:
        return Deadline(on=known.date(), zone="UTC"), ""
    return Deadline(on=(last + OPEN_FOR).date(), zone="UTC"), OPEN_BASIS


def moment(seconds: float) -> datetime:
    """
    Return the instant, to the microsecond.

    >>> moment(1.5).isoformat()
    '1970-01-01T00:00:01.500000+00:00'
    """
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=round(seconds * 1e6))
