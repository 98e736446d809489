"""Wrong guesses at passwords and secret addresses, counted where a stopped cache loses none."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Guessed(models.TextChoices):
    PASSWORD = "password", _("password")
    SECRET = "secret", _("secret address or token")


class Guess(models.Model):
    """
    How often one address guessed wrong for one name, within a day.

    Neither is readable here: both are keyed hashes, because people type passwords where their name
    belongs. A secret address belongs to no name that could be guessed at, so its name is empty.
    """

    what = models.CharField(_("what was guessed"), max_length=10, choices=Guessed)
    address = models.CharField(_("address, hashed"), max_length=64)
    name = models.CharField(_("name, hashed"), max_length=64, blank=True)
    count = models.PositiveIntegerField(_("wrong guesses"))
    last_at = models.DateTimeField(_("last one at"))
    address_until = models.DateTimeField(_("the address waits until"))
    name_until = models.DateTimeField(_("the name waits until"))

    class Meta:
        verbose_name = _("guess")
        verbose_name_plural = _("guesses")
        indexes = (
            models.Index(name="guess_by_name", fields=("what", "name")),
            models.Index(name="guess_by_time", fields=("last_at",)),
        )
        constraints = (
            models.UniqueConstraint(
                name="guesses_are_counted_once_by_address_and_name", fields=("what", "address", "name")
            ),
            models.CheckConstraint(name="guessed_thing_is_known", condition=Q(what__in=Guessed.values)),
            models.CheckConstraint(name="guess_was_made", condition=Q(count__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.count}"
