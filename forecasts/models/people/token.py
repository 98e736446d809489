"""How a program signs in to the API: a token, of which only the hash is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.names import check_plain, name_is_plain


class Scope(models.TextChoices):
    READ = "read", _("read only")
    WRITE = "write", _("read and write")


class Ended(models.TextChoices):
    REVOKED = "revoked", _("revoked")
    PASSWORD = "password", _("the password was changed")
    DEACTIVATED = "deactivated", _("the account was deactivated")


class Token(models.Model):
    """
    One person's key for one program: what it may do, until when, and when it was used last.

    It dies with the account and with the password, whoever takes them away: a trigger on the table of
    people sees to the first, and `PasswordChanged` of the settings to the second. A token that ended is
    kept a while, so that a program that still sends it is told why.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=most("slug"), validators=[check_plain])
    scope = models.CharField(_("scope"), max_length=10, choices=Scope)
    digest = models.CharField(_("hash"), max_length=128, unique=True)
    made_at = models.DateTimeField(_("created"))
    ends_at = models.DateTimeField(_("good until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_because = models.CharField(_("because"), max_length=20, choices=Ended, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-made_at", "-pk")
        constraints = (
            name_is_plain("api_token"),
            models.CheckConstraint(name="token_scope_is_known", condition=Q(scope__in=Scope.values)),
            models.CheckConstraint(name="token_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="token_ends_after_it_was_made", condition=Q(ends_at__gt=F("made_at"))
            ),
            models.CheckConstraint(
                name="token_that_ended_says_why",
                condition=Q(ended_at=None, ended_because="")
                | Q(ended_at__isnull=False, ended_because__in=Ended.values),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"
