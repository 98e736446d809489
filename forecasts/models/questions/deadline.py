"""The columns of a deadline, as a question and a forecast both keep them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from forecasts import schedule
from forecasts.house_rules import DEADLINE, READING
from forecasts.limits import most
from forecasts.models.limited import LimitedText
from forecasts.models.questions.basis import Basis


class GranularityChoice(models.TextChoices):
    DAY = schedule.Granularity.DAY.value, _("day")
    MONTH = schedule.Granularity.MONTH.value, _("month")
    QUARTER = schedule.Granularity.QUARTER.value, _("quarter")
    YEAR = schedule.Granularity.YEAR.value, _("year")


class EndRuleChoice(models.TextChoices):
    THROUGH = schedule.EndRule.THROUGH.value, _("by the end of the period")
    BEFORE = schedule.EndRule.BEFORE.value, _("before it begins")


class WithDeadline(models.Model):
    """
    A deadline as it was said, and the exact instant that it amounts to.

    `deadline_at` is exclusive and always follows from the other four by `schedule.Deadline`. Where no
    date was stated, `deadline_basis` says so, and the house rule leaves a range of days beside the date.
    """

    deadline_on = models.DateField(_("deadline, any day of the period"))
    deadline_granularity = models.CharField(
        _("deadline period"), max_length=10, choices=GranularityChoice, default="day"
    )
    deadline_zone = models.CharField(_("deadline zone"), max_length=most("zone"), default="Europe/Stockholm")
    deadline_rule = models.CharField(
        _("deadline rule"), max_length=10, choices=EndRuleChoice, default="through"
    )
    deadline_at = models.DateTimeField(_("deadline instant"), editable=False)
    deadline_basis = models.CharField(
        _("where the deadline is from"), max_length=10, choices=Basis, default=Basis.STATED
    )
    deadline_said = LimitedText(
        _("words of the deadline"),
        max_length=most("sentence"),
        blank=True,
        help_text=_("The words that it was read from."),
    )
    deadline_house_rule = models.CharField(_("house rule of the deadline"), max_length=40, blank=True)
    deadline_earliest = models.DateField(_("earliest reading of the deadline"), null=True, blank=True)
    deadline_latest = models.DateField(_("latest reading of the deadline"), null=True, blank=True)
    deadline_reason = LimitedText(
        _("how the deadline was chosen"),
        max_length=most("note"),
        blank=True,
        help_text=_("How a deadline set by us was chosen."),
    )

    class Meta:
        abstract = True

    @property
    def deadline(self) -> schedule.Deadline:
        return schedule.Deadline(
            on=self.deadline_on,
            granularity=schedule.Granularity(self.deadline_granularity),
            zone=self.deadline_zone,
            rule=schedule.EndRule(self.deadline_rule),
        )

    @property
    def deadline_imputed(self) -> bool:
        """Whether the source named no date."""
        return self.deadline_basis != Basis.STATED

    def set_deadline(self, deadline: schedule.Deadline) -> None:
        self.deadline_on = deadline.on
        self.deadline_granularity = deadline.granularity.value
        self.deadline_zone = deadline.zone
        self.deadline_rule = deadline.rule.value
        self.deadline_at = deadline.at

    def deadline_as_fact(self) -> dict[str, Any]:
        """Return the deadline as the ledger's first form has it, where the reason was called the basis."""
        return {
            "on": self.deadline_on,
            "granularity": self.deadline_granularity,
            "zone": self.deadline_zone,
            "rule": self.deadline_rule,
            "at": self.deadline_at,
            "imputed": self.deadline_imputed,
            "basis": self.deadline_reason,
        }

    def deadline_given_as_fact(self) -> dict[str, Any]:
        """Return where the deadline is from, which the second form adds."""
        return {
            "basis": self.deadline_basis,
            "said": self.deadline_said,
            "house_rule": self.deadline_house_rule,
            "earliest": self.deadline_earliest,
            "latest": self.deadline_latest,
        }


RANGED: dict[str, Any] = {
    "deadline_earliest__isnull": False,
    "deadline_latest__isnull": False,
    "deadline_latest__gte": models.F("deadline_earliest"),
}


def deadline_constraints(table: str) -> tuple[models.CheckConstraint, ...]:
    """Return the constraints of these columns, named for the table that has them."""
    return (
        models.CheckConstraint(
            name=f"{table}_deadline_granularity_is_known",
            condition=models.Q(deadline_granularity__in=GranularityChoice.values),
        ),
        models.CheckConstraint(
            name=f"{table}_deadline_rule_is_known",
            condition=models.Q(deadline_rule__in=EndRuleChoice.values),
        ),
        models.CheckConstraint(
            name=f"{table}_deadline_stated_has_no_rule_or_range",
            condition=~models.Q(deadline_basis=Basis.STATED)
            | models.Q(deadline_house_rule="", deadline_earliest=None, deadline_latest=None),
        ),
        models.CheckConstraint(
            name=f"{table}_deadline_read_names_its_words_rule_and_range",
            condition=~models.Q(deadline_basis=Basis.READ)
            | models.Q(deadline_house_rule__in=READING, **RANGED) & ~models.Q(deadline_said=""),
        ),
        models.CheckConstraint(
            name=f"{table}_deadline_by_rule_has_its_range_and_says_why",
            condition=~models.Q(deadline_basis=Basis.RULE)
            | models.Q(deadline_house_rule=DEADLINE, **RANGED) & ~models.Q(deadline_reason=""),
        ),
        models.CheckConstraint(
            name=f"{table}_deadline_basis_is_known",
            condition=models.Q(deadline_basis__in=Basis.values),
        ),
    )
