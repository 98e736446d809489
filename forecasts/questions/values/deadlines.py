"""Where a deadline is from: named by the source, read from its words, or set by us."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

from forecasts.house_rules import DEADLINE
from forecasts.models import Basis
from forecasts.models.questions.deadline import WithDeadline
from forecasts.questions.values.imputation import WordsOfTime, deadline_ends
from forecasts.record.refusal import NEEDS_BASIS, RefusedError
from forecasts.schedule import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineBasis:
    """The columns of a deadline beside the deadline itself; `WithDeadline` says what they mean."""

    basis: str = Basis.STATED
    said: str = ""
    house_rule: str = ""
    earliest: date | None = None
    latest: date | None = None
    reason: str = ""

    @classmethod
    def of(cls, row: WithDeadline) -> DeadlineBasis:
        return cls(**{each.name: getattr(row, f"deadline_{each.name}") for each in fields(cls)})

    def keep(self, row: WithDeadline) -> None:
        """Put it into the columns of a row that is not saved yet."""
        for each in fields(self):
            setattr(row, f"deadline_{each.name}", getattr(self, each.name))


STATED_DEADLINE = DeadlineBasis()


def basis_of_deadline(
    *,
    deadline: Deadline,
    begins: datetime,
    imputed: bool = False,
    reason: str = "",
    words: WordsOfTime | None = None,
) -> DeadlineBasis:
    """
    Return where a deadline is from: read from `words` where there are any, set by us where `imputed`.

    begins: when the question opens, or when it was said; the range of our rule counts from there. Raises
    RefusedError without the reason of a deadline set by us.
    """
    reason = reason.strip()
    if words is not None:
        return DeadlineBasis(
            basis=Basis.READ,
            said=words.said,
            house_rule=words.house_rule,
            earliest=words.earliest,
            latest=words.latest,
            reason=reason,
        )
    if not imputed:
        return DeadlineBasis(reason=reason)
    if not reason:
        raise RefusedError(str(NEEDS_BASIS), field="deadline_reason")
    last = date.fromordinal(deadline.too_late_on.toordinal() - 1)
    earliest, latest = deadline_ends(begins=begins.astimezone(ZoneInfo(deadline.zone)).date(), last=last)
    return DeadlineBasis(
        basis=Basis.RULE, house_rule=DEADLINE, earliest=earliest, latest=latest, reason=reason
    )
