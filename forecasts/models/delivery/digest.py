"""One message to one person with everything that waits for them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from forecasts.models.jobs.lease import WAITING, Delivery, LeaseQuerySet


class Digest(Delivery):
    """A person's digest of one day. Reminders join it; it is claimed and sent as a reminder is."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="digests", verbose_name=_("recipient")
    )
    on = models.DateField(_("day"), help_text=_("In the recipient’s zone."))

    objects = LeaseQuerySet["Digest"].as_manager()

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ("-due_at", "-pk")
        indexes = (
            # Read by the sweep, once a minute: only what is armed is in the index.
            models.Index(name="digest_to_sweep", fields=("due_at", "id"), condition=WAITING),
        )
        constraints = (
            *Delivery.Meta.constraints,
            models.UniqueConstraint(name="person_has_one_digest_a_day", fields=("recipient", "on")),
        )

    def __str__(self) -> str:
        return f"{self.recipient}, {self.on}"
