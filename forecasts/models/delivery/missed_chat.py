"""What one chat did not take of a message that reached its person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.delivery.digest import Digest
from forecasts.models.delivery.reminder import Reminder
from forecasts.models.desk import Desk
from forecasts.models.jobs.lease import WAITING, Delivery, LeaseQuerySet


class MissedChat(Delivery):
    """
    A chat that a reminder or digest did not reach, though its person did get it.

    The chat alone is tried again: the reminder is sent, and its question goes on. `address` is the
    channel's name as messages keep it; the channel itself stays with the desk.
    """

    reminder = models.ForeignKey(
        Reminder, models.PROTECT, null=True, blank=True, related_name="missed", verbose_name=_("reminder")
    )
    digest = models.ForeignKey(
        Digest, models.PROTECT, null=True, blank=True, related_name="missed", verbose_name=_("digest")
    )
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="missed_chats", verbose_name=_("desk"))
    address = models.CharField(_("channel"), max_length=most("line"))

    objects = LeaseQuerySet["MissedChat"].as_manager()

    class Meta:
        verbose_name = _("undelivered chat message")
        verbose_name_plural = _("undelivered chat messages")
        ordering = ("-due_at", "-pk")
        indexes = (
            # Read by the sweep, once a minute: only what is armed is in the index.
            models.Index(name="missed_chat_to_sweep", fields=("due_at", "id"), condition=WAITING),
        )
        constraints = (
            *Delivery.Meta.constraints,
            models.CheckConstraint(
                name="missed_chat_is_of_a_reminder_or_a_digest",
                condition=Q(reminder=None, digest__isnull=False) | Q(reminder__isnull=False, digest=None),
            ),
            models.UniqueConstraint(name="reminder_misses_a_chat_once", fields=("reminder", "address")),
            models.UniqueConstraint(name="digest_misses_a_chat_once", fields=("digest", "desk", "address")),
        )

    def __str__(self) -> str:
        return f"{self.address}: {self.reminder or self.digest}"
