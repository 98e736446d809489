"""How a person wants to hear from us, when they are away, and whose turn it is."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.desk import Desk, all_week
from forecasts.models.limited import LimitedList

CAP_A_DAY = 10
# What `unsubscribed` calls the channel of mail.
MAIL = "mail"


class Weekday(models.IntegerChoices):
    """Days of the week as `date.weekday()` counts them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class Mode(models.TextChoices):
    IMMEDIATE = "immediate", _("each reminder by itself")
    DAILY = "daily", _("one digest a day")
    WEEKLY = "weekly", _("one digest a week")


class Preferences(models.Model):
    """One person's wishes. What is left empty follows the desk that asks."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences", verbose_name=_("person")
    )
    zone = models.CharField(
        _("time zone"),
        max_length=most("zone"),
        blank=True,
        help_text=_("Empty: the desk’s, as in Europe/Stockholm."),
    )
    language = models.CharField(
        _("language"), max_length=most("language"), blank=True, help_text=_("Empty: the desk’s.")
    )
    mode = models.CharField(_("reminders come as"), max_length=20, choices=Mode, default=Mode.IMMEDIATE)
    digest_hour = models.PositiveSmallIntegerField(
        _("digest at (hour)"), default=8, validators=[MaxValueValidator(23)]
    )
    digest_weekday = models.PositiveSmallIntegerField(
        _("weekly digest on"), choices=Weekday, default=Weekday.MONDAY
    )
    working_days = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        verbose_name=_("working days"),
        null=True,
        blank=True,
        help_text=_("Nothing is sent on other days. Empty: the desk’s days."),
    )
    working_from = models.TimeField(_("working from"), null=True, blank=True)
    working_until = models.TimeField(
        _("working until"), null=True, blank=True, help_text=_("Empty: the desk’s hours.")
    )
    cap = models.PositiveSmallIntegerField(
        _("most messages in a day"),
        default=CAP_A_DAY,
        validators=[MinValueValidator(1)],
        help_text=_("What is over it waits for the next digest."),
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("deputy"),
        help_text=_("Gets the reminders while this person is away."),
    )
    unsubscribed = LimitedList(
        models.CharField(max_length=30),
        size=most("channels"),
        verbose_name=_("no messages by"),
        default=list,
        blank=True,
        help_text=_("Channels that the person has left, as in: mail."),
    )

    class Meta:
        verbose_name = _("preferences")
        verbose_name_plural = _("preferences")
        ordering = ("user",)
        constraints = (
            models.CheckConstraint(name="preferences_mode_is_known", condition=Q(mode__in=Mode.values)),
            models.CheckConstraint(
                name="preferences_digest_hour_is_of_the_day", condition=Q(digest_hour__lte=23)
            ),
            models.CheckConstraint(
                name="preferences_digest_weekday_is_of_the_week", condition=Q(digest_weekday__lte=6)
            ),
            models.CheckConstraint(name="preferences_allow_a_message_a_day", condition=Q(cap__gte=1)),
            models.CheckConstraint(
                name="preferences_working_hours_have_both_ends",
                condition=Q(working_from=None, working_until=None)
                | (
                    Q(working_from__isnull=False, working_until__isnull=False)
                    & ~Q(working_from=F("working_until"))
                ),
            ),
            models.CheckConstraint(
                name="preferences_leave_a_working_day",
                condition=Q(working_days=None)
                | Q(working_days__len__gte=1, working_days__contained_by=all_week()),
            ),
            models.CheckConstraint(
                name="nobody_is_their_own_deputy", condition=Q(deputy=None) | ~Q(deputy=F("user"))
            ),
        )

    def __str__(self) -> str:
        return str(self.user)


class Absence(models.Model):
    """Somebody is away: from a day, until the day they are back, half open."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences", verbose_name=_("person")
    )
    away_from = models.DateField(_("first day away"))
    back_on = models.DateField(_("back on"))
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("deputy"),
        help_text=_("Empty: the person’s usual deputy, else the desk’s rota, else its head."),
    )
    note = models.CharField(_("note"), max_length=most("name"), blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("-away_from", "-pk")
        indexes = (models.Index(name="absence_by_its_end", fields=("back_on",)),)
        constraints = (
            models.CheckConstraint(name="absence_lasts_a_day", condition=Q(back_on__gt=F("away_from"))),
            models.CheckConstraint(
                name="absence_deputy_is_somebody_else", condition=Q(deputy=None) | ~Q(deputy=F("user"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.away_from} – {self.back_on}"


class Turn(models.Model):
    """One turn on a desk's rota: the days on which a person takes what has no assignee."""

    desk = models.ForeignKey(Desk, models.CASCADE, related_name="rota", verbose_name=_("desk"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="turns", verbose_name=_("person")
    )
    from_day = models.DateField(_("from"))
    until_day = models.DateField(
        _("until, not included"), null=True, blank=True, help_text=_("Empty: with no end.")
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday), verbose_name=_("weekdays"), default=all_week
    )
    every_weeks = models.PositiveSmallIntegerField(
        _("one week in"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("1: each week. 3: a week, then two weeks off."),
    )

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("rota")
        ordering = ("desk", "from_day", "pk")
        constraints = (
            models.CheckConstraint(
                name="turn_lasts_a_day", condition=Q(until_day=None) | Q(until_day__gt=F("from_day"))
            ),
            models.CheckConstraint(name="turn_comes_round_in_weeks", condition=Q(every_weeks__gte=1)),
            models.CheckConstraint(
                name="turn_has_a_weekday",
                condition=Q(weekdays__len__gte=1, weekdays__contained_by=all_week()),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.from_day}"
