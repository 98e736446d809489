"""Who at the desk is tied to a source, and so answers none of the questions it spoke on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.limited import LimitedText
from forecasts.models.sources.source import Source


class Tie(models.Model):
    """
    An editor's tie to a source: family, employment, money, friendship.

    Declared by the editor, or set by a lead. It says something about today, so it is no fact: it
    ends by being removed.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="ties", verbose_name=_("editor")
    )
    source = models.ForeignKey(Source, models.CASCADE, related_name="ties", verbose_name=_("source"))
    since = models.DateField(_("since"))
    note = LimitedText(_("what the conflict is"), max_length=most("note"))
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("declared by"),
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ("user", "source", "pk")
        constraints = (
            models.UniqueConstraint(name="editor_is_tied_to_a_source_once", fields=("user", "source")),
            models.CheckConstraint(name="tie_says_what_it_is", condition=~Q(note="")),
        )

    def __str__(self) -> str:
        return f"{self.user} – {self.source}"
