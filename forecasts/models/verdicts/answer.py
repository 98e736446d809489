"""The columns of an answer, which a verdict and a resolution share."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.limited import LimitedText
from forecasts.models.questions.deadline import GranularityChoice


class Answer(models.TextChoices):
    OUTCOME = "outcome", _("it has an outcome")
    VOID = "void", _("void")
    TOO_EARLY = "too_early", _("too early to say")
    REOPENED = "reopened", _("reopened")


class VoidReason(models.TextChoices):
    AMBIGUOUS = "ambiguous", _("ambiguous as worded")
    CONDITION_FAILED = "condition_failed", _("its condition failed")
    UNANSWERABLE = "unanswerable", _("cannot be answered")
    SOURCE_RETRACTED = "source_retracted", _("the source retracted it")
    SUPERSEDED = "superseded", _("another question takes its place")


# What an editor may find. That another question takes its place is decided, not found.
VOID_REASONS_FOUND = tuple(each for each in VoidReason if each != VoidReason.SUPERSEDED)


class WithAnswer(models.Model):
    """
    The columns of an answer.

    `outcome` is 1 for yes and 0 for no, the index of an option, a number, or, for dates, days
    since 1970-01-01 UTC. `occurred_at` is when the event happened (or, for a "no", when it could
    no longer happen), and with that the time from which the answer could be known.
    """

    answer = models.CharField(_("answer"), max_length=20, choices=Answer)
    outcome = models.FloatField(_("outcome"), null=True, blank=True)
    void_reason = models.CharField(_("reason for void"), max_length=30, choices=VoidReason, blank=True)
    occurred_at = models.DateTimeField(_("happened at"), null=True, blank=True)
    occurred_granularity = models.CharField(
        _("happened at, to the"), max_length=10, choices=GranularityChoice, default="day"
    )
    note = LimitedText(_("note"), max_length=most("note"), blank=True)

    class Meta:
        abstract = True

    def answer_as_fact(self) -> dict[str, Any]:
        return {
            "answer": self.answer,
            "outcome": self.outcome,
            "void_reason": self.void_reason,
            "occurred_at": self.occurred_at,
            "occurred_granularity": self.occurred_granularity,
            "note": self.note,
        }


def answer_constraints(
    table: str, *, void_reasons: tuple[VoidReason, ...]
) -> tuple[models.CheckConstraint, ...]:
    """Return the constraints of these columns, named for the table that has them."""
    return (
        models.CheckConstraint(
            name=f"{table}_outcome_goes_with_its_answer",
            condition=Q(answer="outcome", outcome__isnull=False, occurred_at__isnull=False)
            | (~Q(answer="outcome") & Q(outcome=None)),
        ),
        models.CheckConstraint(
            name=f"{table}_void_has_a_reason",
            condition=(Q(answer="void") & Q(void_reason__in=[each.value for each in void_reasons]))
            | (~Q(answer="void") & Q(void_reason="")),
        ),
    )
