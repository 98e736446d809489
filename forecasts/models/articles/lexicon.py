"""Words of probability, and the numbers that a published scale or a survey gives them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.limited import LimitedText
from forecasts.models.names import check_plain, name_is_plain


class ScaleKind(models.TextChoices):
    STANDARD = "standard", _("published standard")
    EMPIRICAL = "empirical", _("measured by survey")
    HOUSE = "house", _("ours")


class Scale(models.Model):
    """A named reading of words as numbers: published, measured, or ours."""

    slug = models.SlugField(_("slug"), max_length=most("unit"), unique=True)
    name = models.CharField(_("name"), max_length=most("name"), validators=[check_plain])
    kind = models.CharField(_("kind"), max_length=20, choices=ScaleKind)
    source = LimitedText(_("published source"), max_length=most("note"))
    source_url = LimitedText(_("address of the source"), max_length=most("address"), blank=True)
    licence = models.CharField(_("licence"), max_length=most("name"), blank=True)
    note = LimitedText(_("note"), max_length=most("note"), blank=True)

    class Meta:
        verbose_name = _("scale")
        verbose_name_plural = _("scales")
        ordering = ("name",)
        constraints = (
            name_is_plain("scale"),
            models.CheckConstraint(name="scale_kind_is_known", condition=Q(kind__in=ScaleKind.values)),
            models.CheckConstraint(name="scale_names_its_source", condition=~Q(source="")),
        )

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A word or phrase, and its range on one scale."""

    scale = models.ForeignKey(Scale, models.PROTECT, related_name="terms", verbose_name=_("scale"))
    phrase = models.CharField(_("phrase"), max_length=most("phrase"))
    language = models.CharField(_("language"), max_length=most("language"))
    low = models.FloatField(_("low"))
    best = models.FloatField(_("best"))
    high = models.FloatField(_("high"))
    respondents = models.PositiveIntegerField(_("respondents"), null=True, blank=True)
    note = LimitedText(_("note"), max_length=most("note"), blank=True)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ("scale", "-best", "phrase")
        constraints = (
            models.UniqueConstraint(name="scale_has_a_phrase_once", fields=("scale", "language", "phrase")),
            models.CheckConstraint(
                name="term_range_is_ordered",
                condition=Q(low__gte=0, low__lte=F("best"), best__lte=F("high"), high__lte=1),
            ),
        )

    def __str__(self) -> str:
        return f"{self.phrase} ({self.scale.name})"
