"""
Everything that waits for somebody to do it: claimed for a while, done outside the transaction, marked.

A delivery (reminder, digest, missed chat) and a job (import, export, board) move alike: the sweep claims
what is due and hands it on; whoever takes it up says so, and gives a sign of life until it is marked.
Where the signs stop, the lease runs out and the next sweep hands it on again, whatever was killed.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.limited import LimitedText

Row = TypeVar("Row", bound=models.Model)


def waiting(done: str) -> Q:
    """Return what is neither done, by the column of that name, nor ended, nor given up."""
    return Q(**{done: None}, ended_at=None, dead_at=None)


WAITING = waiting("sent_at")
# Claimed, but nobody has taken it up under this claim.
IDLE = Q(heartbeat_at=None) | Q(heartbeat_at__lt=F("claimed_at"))


class LeaseQuerySet(models.QuerySet[Row]):
    def pending(self) -> Self:
        """Return what is neither done nor ended; the dead letters are among them."""
        return self.filter(**{self._done: None}, ended_at=None)

    def armed(self) -> Self:
        """Return what will be done by itself: pending, and not a dead letter."""
        return self.filter(waiting(self._done))

    def dead(self) -> Self:
        """Return the dead letters: what every attempt failed for, and nobody ended."""
        return self.filter(dead_at__isnull=False, ended_at=None)

    def free(self, now: datetime) -> Self:
        """Return what is armed, due, and not under a lease that still runs."""
        return self.armed().filter(Q(lease_until=None) | Q(lease_until__lte=now), due_at__lte=now)

    @property
    def _done(self) -> str:
        name: str = self.model.DONE  # type: ignore[attr-defined]
        return name


class Lease(models.Model):
    """
    The columns of a claim. `lease_until` is when another worker may take what this one holds.

    `heartbeat_at` is the last sign of life of whoever is at it: where a lease runs out with one under
    its claim, it was cut off. `attempts` counts how often it was begun. `dead_at` is when we gave up.
    `DONE` names the column that says that it is done.
    """

    DONE: ClassVar[str]

    due_at = models.DateTimeField(_("due at"))
    claim = models.UUIDField(_("claimed by"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_because = models.CharField(_("ended because"), max_length=200, blank=True)
    dead_at = models.DateTimeField(_("not delivered since"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    error = LimitedText(_("last error"), max_length=most("sentence"), blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        abstract = True
        constraints = (
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
        )


class Delivery(Lease):
    """A message to a person or a chat. `heartbeat_at` is set while it is on its way: it may have gone out."""

    DONE = "sent_at"

    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = (
            *Lease.Meta.constraints,
            models.CheckConstraint(
                name="%(class)s_is_sent_or_ended_not_both", condition=Q(sent_at=None) | Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="%(class)s_given_up_is_not_sent", condition=Q(dead_at=None) | Q(sent_at=None)
            ),
        )
