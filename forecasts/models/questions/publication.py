"""What the public may see: each question and each marked stretch of words is published, and taken back."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.articles.document import Statement
from forecasts.models.desk import Desk
from forecasts.models.limited import LimitedText
from forecasts.models.questions.question import Question
from forecasts.models.record.fact import Fact, FactQuerySet
from forecasts.models.sources.source import Source


class Published(models.TextChoices):
    BY_HAND = "by_hand", _("by somebody")
    WITH_FORECAST = "with_forecast", _("with its first forecast")
    BEFORE = "before", _("public before publishing was recorded")


class Publication(Fact):
    """
    A question, or words marked in an article, became public on `since`, or were taken back.

    With a question goes all that was said and answered on it. The last row counts: a trigger keeps
    `public_since` of the question or the statement, and of the statement's document, in step with it.
    """

    LEDGER_KIND = "publication"

    question = models.ForeignKey(
        Question,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("question"),
    )
    statement = models.ForeignKey(
        Statement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("statement"),
    )
    public = models.BooleanField(_("public"))
    since = models.DateTimeField(_("since"))
    how = models.CharField(_("how"), max_length=20, choices=Published, default=Published.BY_HAND)
    reason = LimitedText(_("reason"), max_length=most("note"), blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="publication_is_of_a_question_or_of_words",
                condition=Q(question__isnull=False, statement=None)
                | Q(question=None, statement__isnull=False),
            ),
            models.CheckConstraint(name="publication_how_is_known", condition=Q(how__in=Published.values)),
            models.CheckConstraint(
                name="publication_is_taken_back_by_hand_with_a_reason",
                condition=Q(public=True) | (Q(how="by_hand") & ~Q(reason="")),
            ),
        )

    def __str__(self) -> str:
        return str(_("published") if self.public else _("taken back"))

    def as_fact(self) -> dict[str, Any]:
        return {
            "question": self.question_id,
            "statement": self.statement_id,
            "public": self.public,
            "since": self.since,
            "how": self.how,
            "reason": self.reason,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }


class PublishingRule(Fact):
    """
    From now on what a desk records, or an outlet printed, is published so.

    `Desk.publishes_with_forecast` and both `shows_whole_text` are what the last of these says; a desk or
    an outlet without one is as it was opened.
    """

    LEDGER_KIND = "publishing_rule"

    desk = models.ForeignKey(
        Desk,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publishing_rules",
        verbose_name=_("desk"),
    )
    outlet = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publishing_rules",
        verbose_name=_("outlet"),
    )
    publishes_with_forecast = models.BooleanField(_("publish with the first forecast"), default=True)
    shows_whole_text = models.BooleanField(_("show whole articles"))

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("publishing rule")
        verbose_name_plural = _("publishing rules")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="publishing_rule_is_of_a_desk_or_an_outlet",
                condition=Q(desk__isnull=False, outlet=None) | Q(desk=None, outlet__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.desk or self.outlet)

    def as_fact(self) -> dict[str, Any]:
        return {
            "desk": self.desk_id,
            "outlet": self.outlet_id,
            "publishes_with_forecast": self.publishes_with_forecast,
            "shows_whole_text": self.shows_whole_text,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }
