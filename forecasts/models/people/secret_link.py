"""The secret addresses of a person or a desk: how old they are, and how often they were replaced."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasts.models.desk import Desk


class SecretLink(models.Model):
    """
    The secret addresses of one person or one desk, under which a calendar and a feed are read.

    The secret itself is not kept: it is a signature over the owner and `replaced`, so that counting
    up ends every address given out before. Who has no row was never shown any.

    A trigger counts up when somebody leaves a desk or is deactivated: their own, and those of each desk
    whose addresses they could read.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="secret_link",
        verbose_name=_("person"),
    )
    desk = models.OneToOneField(
        Desk, models.CASCADE, null=True, blank=True, related_name="secret_link", verbose_name=_("desk")
    )
    replaced = models.PositiveIntegerField(_("times replaced"), default=0)
    made_at = models.DateTimeField(_("created"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("secret link")
        verbose_name_plural = _("secret links")
        constraints = (
            models.CheckConstraint(
                name="secret_link_belongs_to_a_person_or_a_desk",
                condition=Q(user=None, desk__isnull=False) | Q(user__isnull=False, desk=None),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user or self.desk}"

    @property
    def ends_at(self) -> datetime | None:
        """When the addresses end by themselves; None where the house lets them last."""
        days: int = settings.SECRET_LINK_DAYS
        return self.made_at + timedelta(days=days) if days else None
