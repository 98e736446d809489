"""Who says things about the future."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.limited import LimitedJson, LimitedText
from forecasts.models.names import check_plain, name_is_plain
from forecasts.models.record.fact import Fact, FactQuerySet


class SourceKind(models.TextChoices):
    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")
    OUTLET = "outlet", _("outlet")
    MODEL = "model", _("model")
    CROWD = "crowd", _("all sources combined")


class SourceQuerySet(models.QuerySet["Source"]):
    def standing(self) -> Self:
        """Return the sources that have not been merged into another."""
        return self.filter(merged_into=None)

    def public(self) -> Self:
        """
        Return the sources that everybody may see: those with a public call, words or article of their
        own, and those that such a source was merged into.
        """
        forecasts, statements, documents = (
            apps.get_model("forecasts", name)._default_manager.public()
            for name in ("Forecast", "Statement", "Document")
        )
        seen = (
            Exists(forecasts.filter(source=OuterRef("pk")))
            | Exists(statements.filter(speaker=OuterRef("pk")))
            | Exists(documents.filter(outlet=OuterRef("pk")))
        )
        merged = Source.objects.filter(seen, merged_into=OuterRef("pk"))
        return self.filter(seen | Exists(merged))


class Source(models.Model):
    """A person, organisation, outlet, model or crowd."""

    slug = models.SlugField(_("slug"), max_length=most("slug"), unique=True)
    name = models.CharField(_("name"), max_length=most("name"), validators=[check_plain])
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind)
    description = LimitedText(_("description"), max_length=most("note"), blank=True)
    external_ids = LimitedJson(
        _("external ids"),
        max_length=most("value"),
        default=dict,
        blank=True,
        help_text=_('For example {"wikidata": "Q42"}.'),
    )
    shows_whole_text = models.BooleanField(
        _("show whole articles"),
        default=False,
        help_text=_("Of an outlet. Off: readers see the marked sentences and those beside them."),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_sources",
        verbose_name=_("merged into"),
    )
    created_at = models.DateTimeField(_("created at"))

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("name",)
        constraints = (
            name_is_plain("source"),
            models.CheckConstraint(name="source_kind_is_known", condition=Q(kind__in=SourceKind.values)),
            models.CheckConstraint(name="source_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="source_is_not_merged_into_itself", condition=~Q(merged_into=F("id"))
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def standing(self) -> Source:
        """The source that this one counts as, after merges."""
        return self.merged_into.standing if self.merged_into else self

    def affiliation_on(self, day: date) -> Affiliation | None:
        """Return the affiliation held on that day (the latest begun, where several were held)."""
        held = [each for each in self.affiliations.all() if each.held_on(day)]
        return max(held, key=lambda each: (each.starts or date.min, each.pk), default=None)


class Alias(models.Model):
    """Another name that the source goes by."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="aliases", verbose_name=_("source"))
    name = models.CharField(_("name"), max_length=most("name"), validators=[check_plain])
    language = models.CharField(_("language"), max_length=most("language"), blank=True)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ("name",)
        constraints = (
            name_is_plain("alias"),
            models.UniqueConstraint(name="source_has_an_alias_once", fields=("source", "name", "language")),
            models.CheckConstraint(name="alias_has_a_name", condition=~Q(name="")),
        )

    def __str__(self) -> str:
        return self.name


class Affiliation(models.Model):
    """A role that the source held, on the half-open interval from `starts` to `ends`."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="affiliations", verbose_name=_("source"))
    role = models.CharField(_("role"), max_length=most("name"), blank=True)
    organisation = models.CharField(_("organisation"), max_length=most("name"), blank=True)
    starts = models.DateField(_("from"), null=True, blank=True)
    ends = models.DateField(_("until"), null=True, blank=True)
    as_stated_in = models.ForeignKey(
        "forecasts.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("as stated in"),
    )

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ("starts", "pk")
        constraints = (
            models.CheckConstraint(
                name="affiliation_ends_after_it_starts",
                condition=Q(starts=None) | Q(ends=None) | Q(ends__gt=F("starts")),
            ),
            models.CheckConstraint(
                name="affiliation_has_a_role_or_an_organisation",
                condition=~Q(role="") | ~Q(organisation=""),
            ),
        )

    def __str__(self) -> str:
        return ", ".join(part for part in (self.role, self.organisation) if part)

    def held_on(self, day: date) -> bool:
        begun = self.starts is None or self.starts <= day
        return begun and (self.ends is None or day < self.ends)


class Merge(Fact):
    """Two sources were found to be one."""

    LEDGER_KIND = "merge"

    source = models.ForeignKey(Source, models.PROTECT, related_name="merges", verbose_name=_("source"))
    into = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name=_("merged into"))
    reason = LimitedText(_("reason"), max_length=most("note"))

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = (
            models.CheckConstraint(name="merge_joins_two_sources", condition=~Q(source=F("into"))),
            models.CheckConstraint(name="merge_has_a_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.source} → {self.into}"

    def as_fact(self) -> dict[str, Any]:
        return {
            "source": self.source_id,
            "into": self.into_id,
            "reason": self.reason,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }
