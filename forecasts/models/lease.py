"""What is claimed for a while, sent outside the transaction, and then marked: a reminder, a digest."""

from __future__ import annotations

from datetime import datetime
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=models.Model)

WAITING = Q(sent_at=None, ended_at=None, dead_at=None)


class LeaseQuerySet(models.QuerySet[Row]):
    def pending(self) -> Self:
        """Return what is neither sent nor ended; the dead letters are among them."""
        return self.filter(sent_at=None, ended_at=None)

    def armed(self) -> Self:
        """Return what will be sent by itself: pending, and not a dead letter."""
        return self.filter(WAITING)

    def dead(self) -> Self:
        """Return the dead letters: what every attempt failed for, and nobody ended."""
        return self.filter(dead_at__isnull=False, ended_at=None)

    def free(self, now: datetime) -> Self:
        """Return what is armed, due, and not under a lease that still runs."""
        return self.armed().filter(Q(lease_until=None) | Q(lease_until__lte=now), due_at__lte=now)


class Lease(models.Model):
    """
    The columns of a claim. `lease_until` is when another worker may take what this one holds.

    `sending_at` is set while a message is on its way: where a lease runs out with it set, the message
    may have gone out. `attempts` counts how often sending began. `dead_at` is when we gave up.
    """

    due_at = models.DateTimeField(_("due at"))
    claim = models.UUIDField(_("claim"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    sending_at = models.DateTimeField(_("sending since"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_because = models.CharField(_("ended because"), max_length=200, blank=True)
    dead_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                name="%(class)s_is_sent_or_ended_not_both", condition=Q(sent_at=None) | Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="%(class)s_claim_is_a_lease",
                condition=Q(claim=None, claimed_at=None, lease_until=None)
                | Q(claim__isnull=False, claimed_at__isnull=False, lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="%(class)s_ended_says_why",
                condition=Q(ended_at=None, ended_because="")
                | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
            ),
            models.CheckConstraint(
                name="%(class)s_given_up_is_not_sent", condition=Q(dead_at=None) | Q(sent_at=None)
            ),
        )
