"""The deadline of a question in a file, and instants as files count them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from forecasts.house_rules import DEADLINE, READING
from forecasts.models import Basis
from forecasts.questions.values.deadlines import STATED_DEADLINE, DeadlineBasis, basis_of_deadline
from forecasts.schedule import Deadline, EndRule, Granularity

OPEN_FOR = timedelta(days=365)
OPEN_BASIS = "A year after the last forecast in the file, which names no deadline."
WHERE_FROM = ("basis", "said", "house_rule", "earliest", "latest", "reason")


def deadline_in(text: Mapping[str, str], *, known: datetime | None, last: datetime) -> Deadline:
    """Return the deadline that its cells say or, where they say none, the one that we choose."""
    if text["deadline_on"]:
        return Deadline(
            on=date.fromisoformat(text["deadline_on"]),
            granularity=Granularity(text["deadline_granularity"] or Granularity.DAY),
            zone=text["deadline_zone"] or "UTC",
            rule=EndRule(text["deadline_rule"] or EndRule.THROUGH),
        )
    return Deadline(on=(known or last + OPEN_FOR).date(), zone="UTC")


def deadline_basis_in(
    text: Mapping[str, str], *, deadline: Deadline, known: datetime | None, begins: datetime
) -> DeadlineBasis:
    """
    Return where that deadline is from.

    A file of an older release has the reason in the column that now says stated, read or rule.
    """
    cells = {name: text[f"deadline_{name}"] for name in WHERE_FROM}
    if cells["basis"] and cells["basis"] not in Basis.values:
        cells |= {"basis": Basis.RULE.value, "reason": cells["basis"]}
    if not text["deadline_on"]:
        if known is not None:
            return STATED_DEADLINE
        return basis_of_deadline(deadline=deadline, begins=begins, imputed=True, reason=OPEN_BASIS)
    if cells["basis"] in ("", Basis.STATED):
        return DeadlineBasis(reason=cells["reason"])
    earliest, latest = (
        date.fromisoformat(cells[name]) if cells[name] else None for name in ("earliest", "latest")
    )
    if cells["basis"] == Basis.RULE and (earliest is None or latest is None):
        return basis_of_deadline(deadline=deadline, begins=begins, imputed=True, reason=cells["reason"])
    return DeadlineBasis(
        basis=cells["basis"],
        said=cells["said"],
        house_rule=cells["house_rule"] or DEADLINE,
        earliest=earliest,
        latest=latest,
        reason=cells["reason"],
    )


def deadline_fault(text: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the column that says too little of where a deadline is from, and why; or nothing."""
    basis = text["deadline_basis"]
    if basis == Basis.RULE and not text["deadline_reason"]:
        return "deadline_reason", "is empty: a deadline set by a rule says how it was chosen"
    if basis == Basis.READ:
        needed = ("deadline_said", "deadline_earliest", "deadline_latest")
        empty = next((name for name in needed if not text[name]), None)
        if empty:
            return empty, "is empty: a deadline read from words has them, and its range"
        if text["deadline_house_rule"] not in READING:
            return "deadline_house_rule", "names no rule that reads words of time"
    if text["deadline_earliest"] > text["deadline_latest"] != "":
        return "deadline_latest", "lies before deadline_earliest"
    return None


def moment(seconds: float) -> datetime:
    """
    Return the instant, to the microsecond.

    >>> moment(1.5).isoformat()
    '1970-01-01T00:00:01.500000+00:00'
    """
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=round(seconds * 1e6))
