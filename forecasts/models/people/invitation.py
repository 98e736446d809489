"""Somebody who is asked to join a desk, by a link in a mail that works once."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.desk import Desk, Role
from forecasts.models.jobs.lease import WAITING, Delivery, LeaseQuerySet
from forecasts.models.names import check_plain, name_is_plain


class InvitationState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    EXPIRED = "expired", _("expired")
    ACCEPTED = "accepted", _("accepted")
    REVOKED = "revoked", _("revoked")


class Invitation(Delivery):
    """
    One person is asked to one desk, in a role, until a day.

    The link's secret is not kept: it is a signature over the row and `links`, so that a new link ends
    the one before. What is leased is its mail: `created_at` is when the person was invited, `sent_at`
    when a mail server took the last link, `ended_at` when there was no link left to send.
    """

    email = models.EmailField(_("address"))
    name = models.CharField(_("name"), max_length=most("person"), validators=[check_plain])
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="invitations", verbose_name=_("desk"))
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.EDITOR)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    expires_at = models.DateTimeField(_("good until"))
    links = models.PositiveIntegerField(_("links made"), default=1)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("accepted by"),
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    objects = LeaseQuerySet["Invitation"].as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at", "-pk")
        indexes = (
            # Read by the sweep, once a minute: only what is armed is in the index.
            models.Index(name="invitation_to_sweep", fields=("due_at", "id"), condition=WAITING),
        )
        constraints = (
            *Delivery.Meta.constraints,
            name_is_plain("invitation"),
            models.UniqueConstraint(
                Lower("email"),
                "desk",
                name="desk_invites_an_address_once_at_a_time",
                condition=Q(accepted_at=None, revoked_at=None),
            ),
            models.CheckConstraint(name="invitation_role_is_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(name="invitation_names_somebody", condition=~Q(name="") & ~Q(email="")),
            models.CheckConstraint(
                name="invitation_is_accepted_or_revoked_not_both",
                condition=Q(accepted_at=None) | Q(revoked_at=None),
            ),
            models.CheckConstraint(
                name="invitation_is_accepted_by_somebody",
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_expires_after_it_is_made", condition=Q(expires_at__gt=F("created_at"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.email})"

    def state(self, now: datetime) -> InvitationState:
        """Return what became of it by now."""
        if self.accepted_at is not None:
            return InvitationState.ACCEPTED
        if self.revoked_at is not None:
            return InvitationState.REVOKED
        return InvitationState.EXPIRED if self.expires_at <= now else InvitationState.WAITING
