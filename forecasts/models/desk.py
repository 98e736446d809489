"""Who works on what, and when they want to hear of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Regex
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.names import check_plain, name_is_plain
from forecasts.models.sealing import SEALED, NoKeyError, seal, unseal

log = logging.getLogger(__name__)

DEFAULT_STAGES = (-7, 0, 3, 7, 14)


def default_stages() -> list[int]:
    return list(DEFAULT_STAGES)


def all_week() -> list[int]:
    """Return the days of the week as `date.weekday()` counts them."""
    return list(range(7))


class Role(models.TextChoices):
    VIEWER = "viewer", _("viewer")
    EDITOR = "editor", _("editor")
    LEAD = "lead", _("head of desk")
    ADMINISTRATOR = "administrator", _("administrator")


class Desk(models.Model):
    """A group of editors with its own rules for reminders and verdicts."""

    slug = models.SlugField(_("slug"), max_length=most("slug"), unique=True)
    name = models.CharField(_("name"), max_length=most("name"), validators=[check_plain])
    zone = models.CharField(_("time zone"), max_length=most("zone"), default="Europe/Stockholm")
    language = models.CharField(_("language"), max_length=most("language"), default="en")
    verdicts_required = models.PositiveSmallIntegerField(_("verdicts required"), default=1)
    blind = models.BooleanField(
        _("blind"),
        default=False,
        help_text=_("Editors do not see who said what until their verdict is in."),
    )
    tolerance = models.FloatField(
        _("tolerance for numbers"),
        default=0.0,
        help_text=_("Two verdicts agree when they differ by at most this share of the larger: 0.01 is 1%."),
    )
    stages = ArrayField(
        models.SmallIntegerField(),
        verbose_name=_("reminder stages"),
        default=default_stages,
        help_text=_("Days from the deadline: -7 is a week before, 3 is three days after."),
    )
    repeat_days = models.PositiveSmallIntegerField(_("then every (days)"), default=30)
    escalate_after_days = models.PositiveSmallIntegerField(
        _("tell the head of desk after (days)"),
        null=True,
        blank=True,
        default=14,
        validators=[MinValueValidator(1)],
        help_text=_("Days past the deadline without an answer. Empty: never."),
    )
    working_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("working days"),
        default=all_week,
        help_text=_("Nothing is sent on other days. A person’s own days come first."),
    )
    sealed_channels = ArrayField(
        models.TextField(), verbose_name=_("channels, encrypted"), default=list, blank=True, editable=False
    )
    publishes_with_forecast = models.BooleanField(
        _("publish with the first forecast"),
        default=True,
        help_text=_("Off: a question and its words in articles are public when somebody publishes them."),
    )
    shows_whole_text = models.BooleanField(
        _("show whole articles"),
        default=False,
        help_text=_("Off: readers see the marked sentences and those beside them."),
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desks")
        ordering = ("name",)
        constraints = (
            name_is_plain("desk"),
            models.CheckConstraint(
                name="desk_requires_one_verdict_or_two", condition=Q(verdicts_required__in=[1, 2])
            ),
            models.CheckConstraint(
                name="desk_tolerance_is_a_share", condition=Q(tolerance__gte=0, tolerance__lt=1)
            ),
            models.CheckConstraint(name="desk_repeats_after_a_day_at_least", condition=Q(repeat_days__gte=1)),
            models.CheckConstraint(
                name="desk_quiet_hours_have_both_ends",
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
            models.CheckConstraint(
                name="desk_is_not_quiet_all_day",
                condition=Q(quiet_from=None) | ~Q(quiet_from=F("quiet_until")),
            ),
            models.CheckConstraint(
                name="desk_escalates_after_a_day_at_least",
                condition=Q(escalate_after_days=None) | Q(escalate_after_days__gte=1),
            ),
            models.CheckConstraint(
                name="desk_channels_are_sealed",
                condition=Regex(
                    Func(
                        F("sealed_channels"),
                        Value(" "),
                        function="array_to_string",
                        output_field=models.TextField(),
                    ),
                    Value(rf"^({SEALED}[\w=-]+( |$))*$"),
                ),
            ),
            models.CheckConstraint(
                name="desk_has_a_working_day",
                condition=Q(working_days__len__gte=1, working_days__contained_by=all_week()),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def channels(self) -> list[str]:
        """
        The addresses that the desk hears by: secrets, each opened when it is asked for.

        One that no key opens is left out, kept, and said in the log.
        """
        return [each for each in map(self._opened, self.sealed_channels) if each is not None]

    @channels.setter
    def channels(self, addresses: Iterable[str]) -> None:
        self.sealed_channels = [seal(each) for each in addresses]

    def _opened(self, sealed: str) -> str | None:
        try:
            return unseal(sealed)
        except NoKeyError:
            log.error(
                "A channel of the desk %s can't be read: no key in ENCRYPTION_KEYS opens it.", self.slug
            )
            return None


class Membership(models.Model):
    """One person's role on one desk."""

    desk = models.ForeignKey(Desk, models.CASCADE, related_name="memberships", verbose_name=_("desk"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.EDITOR)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("desk", "pk")
        constraints = (
            models.UniqueConstraint(name="desk_has_a_member_once", fields=("desk", "user")),
            models.CheckConstraint(name="membership_role_is_known", condition=Q(role__in=Role.values)),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}, {self.desk})"
