"""Objections to an answer, what became of them, and what the sources say for themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.limited import LimitedText
from forecasts.models.names import address_is_of_the_web, check_of_the_web
from forecasts.models.questions.question import Question
from forecasts.models.record.fact import Fact, FactQuerySet
from forecasts.models.record.key import WithKey
from forecasts.models.record.public import OfQuestionQuerySet
from forecasts.models.sources.source import Source
from forecasts.models.verdicts.resolution import Resolution


class DisputeQuerySet(OfQuestionQuerySet["Dispute"]):
    def open(self) -> Self:
        """Return the disputes that wait: not upheld, and the answer that they dispute still stands."""
        return self.filter(upholding=None, resolution__superseded_by=None)

    def open_at(self, at: datetime) -> Self:
        """Return the disputes that waited at that instant."""
        ruled = Q(upholding__recorded_at__lte=at) | Q(resolution__superseded_by__recorded_at__lte=at)
        return self.as_known_on(at).exclude(ruled)


class Dispute(WithKey, Fact):
    """
    Somebody says that an answer is wrong, and why.

    The answer stays in force until a lead has looked at it again. `raised_by` names somebody
    outside the house; `contact` is how to reach them, is shown to the desk only, and may be erased.
    """

    LEDGER_KIND = "dispute"

    question = models.ForeignKey(
        Question, models.PROTECT, related_name="disputes", verbose_name=_("question")
    )
    resolution = models.ForeignKey(
        Resolution, models.PROTECT, related_name="disputes", verbose_name=_("answer")
    )
    raised_by = models.CharField(_("raised by"), max_length=most("name"), blank=True)
    contact = models.CharField(_("contact, not published"), max_length=most("label"), blank=True)
    reason = LimitedText(_("reason"), max_length=most("note"))
    url = models.URLField(
        _("address of the evidence"), max_length=most("address"), blank=True, validators=[check_of_the_web]
    )
    quote = LimitedText(_("words of the evidence"), max_length=most("words"), blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ("pk",)
        constraints = (
            address_is_of_the_web("dispute"),
            models.CheckConstraint(name="dispute_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="dispute_is_raised_by_somebody",
                condition=Q(recorded_by__isnull=False) | ~Q(raised_by=""),
            ),
        )

    def __str__(self) -> str:
        return self.reason

    def as_fact(self) -> dict[str, Any]:
        """The contact is left out: a hash over a few known words could be guessed back."""
        return {
            "question": self.question_id,
            "resolution": self.resolution_id,
            "raised_by": self.raised_by,
            "reason": self.reason,
            "url": self.url,
            "quote": self.quote,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }


class Upholding(Fact):
    """A lead looked at a disputed answer again, and it stands."""

    LEDGER_KIND = "upholding"

    dispute = models.OneToOneField(
        Dispute, models.PROTECT, related_name="upholding", verbose_name=_("dispute")
    )
    reason = LimitedText(_("reason"), max_length=most("note"))

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("upheld answer")
        verbose_name_plural = _("upheld answers")
        ordering = ("pk",)
        constraints = (models.CheckConstraint(name="upholding_has_a_reason", condition=~Q(reason="")),)

    def __str__(self) -> str:
        return self.reason

    def as_fact(self) -> dict[str, Any]:
        return {
            "dispute": self.dispute_id,
            "reason": self.reason,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }


class Reply(WithKey, Fact):
    """What a source says for itself, in its own words, about a question that it spoke on."""

    LEDGER_KIND = "reply"

    question = models.ForeignKey(Question, models.PROTECT, related_name="replies", verbose_name=_("question"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="replies", verbose_name=_("source"))
    text = LimitedText(_("their words"), max_length=most("words"))
    language = models.CharField(_("language"), max_length=most("language"), default="en")
    replied_on = models.DateField(_("replied on"))
    url = models.URLField(_("address"), max_length=most("address"), blank=True, validators=[check_of_the_web])

    objects = OfQuestionQuerySet["Reply"].as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ("replied_on", "pk")
        constraints = (
            address_is_of_the_web("reply"),
            models.CheckConstraint(name="reply_says_something", condition=~Q(text="")),
        )

    def __str__(self) -> str:
        return self.text

    def as_fact(self) -> dict[str, Any]:
        return {
            "question": self.question_id,
            "source": self.source_id,
            "text": self.text,
            "language": self.language,
            "replied_on": self.replied_on,
            "url": self.url,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }
