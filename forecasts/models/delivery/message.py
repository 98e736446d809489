"""What went out, and each attempt at it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.delivery.digest import Digest
from forecasts.models.delivery.missed_chat import MissedChat
from forecasts.models.delivery.reminder import Reminder
from forecasts.models.limited import LimitedText

ONE_OF_TWO = Q(reminder=None, digest__isnull=False) | Q(reminder__isnull=False, digest=None)
ONE_OF_THREE = Q(ONE_OF_TWO, missed=None) | Q(reminder=None, digest=None, missed__isnull=False)


class Message(models.Model):
    """
    A message as a channel's server accepted it. The outbox is the list of these.

    `address` names the place in words that anybody on the desk may read: a channel's address may be
    a secret, and then it is not kept here.
    """

    reminder = models.ForeignKey(
        Reminder, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("reminder")
    )
    digest = models.ForeignKey(
        Digest, models.PROTECT, null=True, blank=True, related_name="messages", verbose_name=_("digest")
    )
    channel = models.CharField(_("channel"), max_length=30, default="mail")
    address = models.CharField(_("address"), max_length=most("line"))
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("body"))
    html = models.TextField(_("HTML"), blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=300)
    sent_at = models.DateTimeField(_("sent at"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("sent messages")
        ordering = ("-sent_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                name="message_is_recorded_once_for_each_channel",
                fields=("message_id", "channel", "address"),
            ),
            models.CheckConstraint(name="message_is_of_a_reminder_or_a_digest", condition=ONE_OF_TWO),
        )

    def __str__(self) -> str:
        return self.subject


class Happened(models.TextChoices):
    """What came of an attempt."""

    BEGAN = "began", _("began")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    LOST = "lost", _("cut off: the worker ended while sending")
    GIVEN_UP = "given_up", _("not delivered")
    AGAIN = "again", _("asked to send again")


class Attempt(models.Model):
    """One attempt at sending: when, by which worker, and what happened."""

    reminder = models.ForeignKey(
        Reminder, models.PROTECT, null=True, blank=True, related_name="log", verbose_name=_("reminder")
    )
    digest = models.ForeignKey(
        Digest, models.PROTECT, null=True, blank=True, related_name="log", verbose_name=_("digest")
    )
    missed = models.ForeignKey(
        MissedChat,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="log",
        verbose_name=_("undelivered chat message"),
    )
    number = models.PositiveIntegerField(_("number"))
    worker = models.CharField(_("worker"), max_length=200, blank=True)
    happened = models.CharField(_("what happened"), max_length=20, choices=Happened, default=Happened.BEGAN)
    error = LimitedText(_("error"), max_length=most("sentence"), blank=True)
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="attempt_is_at_a_reminder_a_digest_or_a_chat", condition=ONE_OF_THREE
            ),
            models.CheckConstraint(
                name="attempt_outcome_is_known", condition=Q(happened__in=Happened.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}: {self.get_happened_display()}"
