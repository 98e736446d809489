"""What a request was answered that may be sent twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most


class KeptAnswer(models.Model):
    """
    The answer to a request that carried a key, written in the transaction of what it recorded.

    `request_sha256` tells whether the key comes with the same request again. Kept for a day.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    key = models.CharField(_("key"), max_length=most("key"))
    request_sha256 = models.CharField(_("SHA-256 of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    body = models.JSONField(_("body"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        ordering = ("-created_at",)
        indexes = (models.Index(name="kept_answer_to_sweep", fields=("created_at",)),)
        constraints = (
            models.UniqueConstraint(name="person_uses_a_key_once", fields=("user", "key")),
            models.CheckConstraint(name="kept_answer_has_a_key", condition=~Q(key="")),
        )

    def __str__(self) -> str:
        return self.key
