"""One nudge to one person about one question, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.delivery.digest import Digest
from forecasts.models.jobs.lease import WAITING, Delivery, LeaseQuerySet
from forecasts.models.questions.question import Question

ESCALATED = "escalated-"
SNOOZED = "snoozed"
# What a question waits for beside an answer that is due: its reminders' stages begin with one of these.
DISPUTED, SECOND, DIFFERING = "disputed", "second-verdict", "verdicts-differ"
ABOUT = (DISPUTED, SECOND, DIFFERING)


class ReminderQuerySet(LeaseQuerySet["Reminder"]):
    def due(self, now: datetime) -> Self:
        """Return those to take now: due, free, and not waiting in a digest."""
        return self.free(now).filter(digest=None)


class Reminder(Delivery):
    """
    One nudge. Claimed by a conditional UPDATE, sent outside the transaction, then marked.

    A claim is a lease. Who gets it is decided when it is claimed; then it also joins a digest, where
    its person wants one or has heard enough for the day. A question has one armed reminder, and one
    more to the lead once it has waited for long. `counts_from` is the instant that the stages are
    counted from: the deadline, the day to check again, or when it was armed long after both.
    """

    question = models.ForeignKey(
        Question, models.PROTECT, related_name="reminders", verbose_name=_("question")
    )
    stage = models.CharField(_("stage"), max_length=30)
    escalated = models.BooleanField(_("to the head of desk"), default=False)
    counts_from = models.DateTimeField(_("stages count from"))
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reminders",
        verbose_name=_("recipient"),
    )
    recipient_as = models.CharField(
        _("reached as"),
        max_length=30,
        blank=True,
        help_text=_("Assignee, rota, head of desk, deputy and so on."),
    )
    digest = models.ForeignKey(
        Digest, models.PROTECT, null=True, blank=True, related_name="reminders", verbose_name=_("digest")
    )

    objects = ReminderQuerySet.as_manager()

    @property
    def about(self) -> str:
        """What it asks for, of ABOUT; empty where it asks for an answer that is due."""
        return next((each for each in ABOUT if self.stage.startswith(each)), "")

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("-due_at", "-pk")
        indexes = (
            # Read by the sweep, once a minute: only what may be taken is in the index.
            models.Index(
                name="reminder_to_sweep", fields=("due_at", "id"), condition=WAITING & Q(digest=None)
            ),
            # Read by each claim: how many a person was sent today.
            models.Index(
                name="reminder_taken_by_person",
                fields=("recipient", "claimed_at"),
                condition=Q(claimed_at__isnull=False),
            ),
            # Read by the editors' inbox.
            models.Index(
                name="reminder_failed",
                fields=("due_at", "id"),
                condition=Q(sent_at=None, ended_at=None) & ~Q(error=""),
            ),
            models.Index(
                name="reminder_given_up",
                fields=("dead_at",),
                condition=Q(dead_at__isnull=False, ended_at=None),
            ),
        )
        constraints = (
            *Delivery.Meta.constraints,
            models.UniqueConstraint(
                name="question_has_one_armed_reminder_and_one_to_the_lead",
                fields=("question", "escalated"),
                condition=WAITING,
            ),
            models.UniqueConstraint(
                name="question_is_escalated_once_for_each_waiting",
                fields=("question", "counts_from"),
                condition=Q(stage__startswith=ESCALATED, ended_at=None),
            ),
            models.CheckConstraint(
                name="reminder_sent_has_a_recipient",
                condition=Q(sent_at=None) | Q(recipient__isnull=False),
            ),
            models.CheckConstraint(
                name="reminder_in_a_digest_has_its_recipient",
                condition=Q(digest=None) | Q(recipient__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.stage}: {self.question}"


class Snooze(models.Model):
    """Somebody put a reminder off: who, when, until when. Written once."""

    reminder = models.ForeignKey(
        Reminder, models.PROTECT, related_name="snoozes", verbose_name=_("snoozed reminder")
    )
    question = models.ForeignKey(Question, models.PROTECT, related_name="snoozes", verbose_name=_("question"))
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=most("line"), blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    class Meta:
        verbose_name = _("snooze")
        verbose_name_plural = _("snoozes")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                name="snooze_ends_after_it_begins", condition=Q(until__gt=models.F("recorded_at"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.question}, {self.until}"
