"""One source's probability on one question at one time."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from forecasts.house_rules import READING, SETTING
from forecasts.limits import most
from forecasts.models.articles.document import Statement
from forecasts.models.articles.lexicon import Term
from forecasts.models.limited import LimitedText
from forecasts.models.questions.basis import Basis
from forecasts.models.questions.deadline import WithDeadline, deadline_constraints
from forecasts.models.questions.question import Question
from forecasts.models.record.fact import Fact
from forecasts.models.record.key import WithKey
from forecasts.models.record.public import OfQuestionQuerySet
from forecasts.models.sources.source import Source

HAS_RANGE = Q(probability_low__isnull=False) | Q(range_low__isnull=False)


class ForecastQuerySet(OfQuestionQuerySet["Forecast"]):
    def as_known_on(self, at: datetime) -> Self:
        """Return the rows recorded by then, less those whose correction was recorded by then."""
        known = super().as_known_on(at)
        corrections = Forecast.objects.filter(correction_of=OuterRef("pk"), recorded_at__lte=at)
        return known.filter(~Exists(corrections))

    def current(self) -> Self:
        """Return the rows that no later row corrects."""
        # Few rows are corrections; saying so twice lets PostgreSQL look at these only.
        corrections = Forecast.objects.filter(correction_of=OuterRef("pk"), correction_of__isnull=False)
        return self.filter(~Exists(corrections))


class Forecast(WithKey, WithDeadline, Fact):
    """
    One source's probability (or distribution) on one question, from `stated_at` on.

    A revision is a later row. A withdrawal is a row without a value. A correction is a row that
    names the one it replaces, because we had recorded it wrongly. The deadline is the one that the
    words name. For dates, quantiles are days since 1970-01-01 UTC.

    `basis` says where the value is from, `said` in which words. A value read from words names its term
    or the house rule that read them, one set by us its rule; both keep the numbers that were used. Of a
    probability that range is `probability_low` to `probability_high`, which are there too where the
    source itself gave a range. Else it is `range_low` to `range_high` about `range_best`: of the level
    of a range, of the number or date, of the probability of the one option that a word was said of, or
    of the share of what was left that one option gets. `shared` are the places of the options that
    share what was left.
    """

    LEDGER_KIND = "forecast"
    LEDGER_READS = ("term__scale",)
    LEDGER_SINCE = {
        **dict.fromkeys(("basis", "said", "house_rule", "shared", "deadline_given"), 2),
        **dict.fromkeys(("range_low", "range_best", "range_high"), 2),
    }

    # The index `forecast_in_time` begins with the question.
    question = models.ForeignKey(
        Question, models.PROTECT, related_name="forecasts", db_index=False, verbose_name=_("question")
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="forecasts", verbose_name=_("source"))
    statement = models.ForeignKey(
        Statement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forecasts",
        db_index=False,
        verbose_name=_("statement"),
    )
    probability = models.FloatField(_("probability"), null=True, blank=True)
    probability_low = models.FloatField(_("lowest reading"), null=True, blank=True)
    probability_high = models.FloatField(_("highest reading"), null=True, blank=True)
    probabilities = ArrayField(
        models.FloatField(), verbose_name=_("probability of each option"), null=True, blank=True
    )
    quantile_levels = ArrayField(
        models.FloatField(), verbose_name=_("quantile levels"), null=True, blank=True
    )
    quantile_values = ArrayField(
        models.FloatField(), verbose_name=_("quantile values"), null=True, blank=True
    )
    basis = models.CharField(_("where it is from"), max_length=10, choices=Basis, default=Basis.STATED)
    said = LimitedText(_("what was said of it"), max_length=most("sentence"), blank=True)
    house_rule = models.CharField(_("house rule"), max_length=40, blank=True)
    range_low = models.FloatField(_("low end of what was left open"), null=True, blank=True)
    range_best = models.FloatField(_("what it was read as"), null=True, blank=True)
    range_high = models.FloatField(_("high end of what was left open"), null=True, blank=True)
    shared = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("options that share the rest"),
        null=True,
        blank=True,
    )
    term = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forecasts",
        verbose_name=_("term"),
        db_index=False,
    )
    stated_at = models.DateTimeField(_("stated at"))
    withdrawn = models.BooleanField(_("withdrawal"), default=False)
    correction_of = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name=_("correction of"),
    )
    note = LimitedText(_("note"), max_length=most("note"), blank=True)

    objects = ForecastQuerySet.as_manager()

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        ordering = ("stated_at", "pk")
        # Most imported rows have neither statement nor term: they need no place in these indexes.
        indexes = (
            models.Index(name="forecast_in_time", fields=("question", "source", "stated_at")),
            models.Index(
                name="forecast_statement", fields=("statement",), condition=Q(statement__isnull=False)
            ),
            models.Index(name="forecast_term", fields=("term",), condition=Q(term__isnull=False)),
        )
        # A check passes on NULL, so each names the columns that must not be NULL.
        constraints = (
            *deadline_constraints("forecast"),
            models.CheckConstraint(
                name="forecast_range_is_ordered",
                condition=Q(probability_low=None, probability_high=None)
                | Q(
                    probability__isnull=False,
                    probability_low__isnull=False,
                    probability_high__isnull=False,
                    probability_low__gte=0,
                    probability_low__lte=F("probability"),
                    probability__lte=F("probability_high"),
                    probability_high__lte=1,
                ),
            ),
            models.CheckConstraint(
                name="forecast_probability_is_between_0_and_1",
                condition=Q(probability=None) | Q(probability__gte=0, probability__lte=1),
            ),
            models.CheckConstraint(
                name="forecast_has_one_value_or_is_withdrawn",
                condition=Q(
                    withdrawn=True,
                    probability=None,
                    probabilities=None,
                    quantile_levels=None,
                    quantile_values=None,
                )
                | Q(
                    withdrawn=False,
                    probability__isnull=False,
                    probabilities=None,
                    quantile_levels=None,
                    quantile_values=None,
                )
                | Q(
                    withdrawn=False,
                    probability=None,
                    probabilities__isnull=False,
                    probabilities__len__gte=2,
                    quantile_levels=None,
                    quantile_values=None,
                )
                | Q(
                    withdrawn=False,
                    probability=None,
                    probabilities=None,
                    quantile_levels__isnull=False,
                    quantile_values__isnull=False,
                    quantile_levels__len__gte=1,
                    quantile_values__len=F("quantile_levels__len"),
                ),
            ),
            models.CheckConstraint(name="forecast_basis_is_known", condition=Q(basis__in=Basis.values)),
            models.CheckConstraint(
                name="forecast_stated_names_no_term_rule_or_range",
                condition=~Q(basis=Basis.STATED)
                | Q(term=None, house_rule="", range_low=None, range_best=None, range_high=None, shared=None),
            ),
            models.CheckConstraint(
                name="forecast_read_from_words_names_its_term_or_rule_and_its_range",
                condition=~Q(basis=Basis.READ)
                | (Q(term__isnull=False, house_rule__in=("", *SETTING)) | Q(house_rule__in=READING))
                & HAS_RANGE,
            ),
            models.CheckConstraint(
                name="forecast_by_rule_names_its_rule_and_has_its_range",
                condition=~Q(basis=Basis.RULE) | Q(term=None, house_rule__in=SETTING) & HAS_RANGE,
            ),
            models.CheckConstraint(
                name="forecast_range_holds_what_it_was_read_as",
                condition=Q(range_low=None, range_best=None, range_high=None)
                | Q(
                    withdrawn=False,
                    probability=None,
                    range_low__isnull=False,
                    range_high__isnull=False,
                    range_best__gte=F("range_low"),
                    range_best__lte=F("range_high"),
                ),
            ),
            models.CheckConstraint(
                name="forecast_shares_the_rest_among_options",
                condition=Q(shared=None) | Q(probabilities__isnull=False, shared__len__gte=1),
            ),
            models.CheckConstraint(
                name="forecast_is_not_its_own_correction", condition=~Q(correction_of=F("id"))
            ),
        )

    def __str__(self) -> str:
        if self.withdrawn:
            return f"{self.source}: {_('withdrawn')}"
        if self.probability is None:
            # Odds and quantiles need their question to be read.
            return f"{self.source}, {self.stated_at:%Y-%m-%d}"
        return f"{self.source}: {self.probability}"

    @property
    def probability_imputed(self) -> bool:
        """Whether the source itself did not say all of the value."""
        return self.basis != Basis.STATED

    def as_fact(self) -> dict[str, Any]:
        return {
            "question": self.question_id,
            "source": self.source_id,
            "statement": self.statement_id,
            "probability": self.probability,
            "probability_low": self.probability_low,
            "probability_high": self.probability_high,
            "probabilities": self.probabilities,
            "quantile_levels": self.quantile_levels,
            "quantile_values": self.quantile_values,
            "probability_imputed": self.probability_imputed,
            "term": self.term.phrase if self.term else None,
            "scale": self.term.scale.slug if self.term else None,
            "basis": self.basis,
            "said": self.said,
            "house_rule": self.house_rule,
            "range_low": self.range_low,
            "range_best": self.range_best,
            "range_high": self.range_high,
            "shared": self.shared,
            "deadline": self.deadline_as_fact(),
            "deadline_given": self.deadline_given_as_fact(),
            "stated_at": self.stated_at,
            "withdrawn": self.withdrawn,
            "correction_of": self.correction_of_id,
            "note": self.note,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }
