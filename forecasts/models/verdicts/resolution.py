"""What happened: each editor's verdict with its evidence, and the answer in force."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.articles.document import Document
from forecasts.models.limited import LimitedText
from forecasts.models.names import address_is_of_the_web, check_of_the_web
from forecasts.models.questions.blind import Sighted
from forecasts.models.questions.question import Question
from forecasts.models.record.fact import Fact
from forecasts.models.record.key import WithKey
from forecasts.models.record.public import OfQuestionQuerySet
from forecasts.models.verdicts.answer import (
    VOID_REASONS_FOUND,
    Answer,
    VoidReason,
    WithAnswer,
    answer_constraints,
)


class Method(models.TextChoices):
    SINGLE = "single", _("one verdict")
    AGREED = "agreed", _("two verdicts agreed")
    ADJUDICATED = "adjudicated", _("decided by the head of desk")
    OVERTURNED = "overturned", _("overturned")
    IMPORTED = "imported", _("taken from a file")
    SUPERSEDED = "superseded", _("replaced by another question")


class Verdict(WithKey, WithAnswer, Fact):
    """
    One editor's answer, with evidence. Seen blind or not.

    `reviews` is the resolution that was in force when it was given: verdicts with the same one
    belong to one round. `follows` is the verdict on another date of the same ladder that this one
    was drawn from.
    """

    LEDGER_KIND = "verdict"
    LEDGER_LISTS = ("evidence",)

    question = models.ForeignKey(
        Question, models.PROTECT, related_name="verdicts", verbose_name=_("question")
    )
    seen_blind = models.BooleanField(_("given blind"), default=False)
    # Empty where it was, and where the desk does not answer blind.
    sighted_because = models.CharField(
        _("not blind because"), max_length=20, choices=Sighted, blank=True, default=""
    )
    check_again_on = models.DateField(_("check again on"), null=True, blank=True)
    reviews = models.ForeignKey(
        "Resolution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("looks again at"),
    )
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followers",
        verbose_name=_("follows from"),
    )

    objects = OfQuestionQuerySet["Verdict"].as_manager()

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ("pk",)
        constraints = (
            *answer_constraints("verdict", void_reasons=VOID_REASONS_FOUND),
            models.CheckConstraint(
                name="verdict_answers", condition=Q(answer__in=["outcome", "void", "too_early"])
            ),
            models.CheckConstraint(
                name="verdict_too_early_says_when_to_check_again",
                condition=Q(answer="too_early", check_again_on__isnull=False)
                | (~Q(answer="too_early") & Q(check_again_on=None)),
            ),
            models.CheckConstraint(
                name="verdict_given_blind_has_no_reason_against_it",
                condition=Q(seen_blind=False) | Q(sighted_because=""),
            ),
            models.CheckConstraint(
                name="verdict_sighted_because_is_known",
                condition=Q(sighted_because__in=["", *Sighted.values]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_answer_display()}"

    def as_fact(self) -> dict[str, Any]:
        return {
            "question": self.question_id,
            **self.answer_as_fact(),
            "seen_blind": self.seen_blind,
            "check_again_on": self.check_again_on,
            "evidence": [each.as_part() for each in sorted(self.evidence.all(), key=lambda each: each.pk)],
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
            **_said(
                reviews=self.reviews_id,
                follows=self.follows_id,
                sighted_because=self.sighted_because or None,
            ),
        }


def _said(**columns: int | str | None) -> dict[str, int | str]:
    """Return the columns that say something: a row from before there were such keeps its hash."""
    return {name: value for name, value in columns.items() if value is not None}


class Evidence(models.Model):
    """What a verdict rests on: an address or a document, and the words that settle it."""

    verdict = models.ForeignKey(Verdict, models.PROTECT, related_name="evidence", verbose_name=_("verdict"))
    url = models.URLField(_("address"), max_length=most("address"), blank=True, validators=[check_of_the_web])
    publisher = models.CharField(_("publisher"), max_length=most("name"), blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    quote = LimitedText(_("quote or finding"), max_length=most("words"))
    text = LimitedText(_("text of the evidence"), max_length=most("evidence"), blank=True)
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, blank=True)
    # The same piece under another verdict: its text is kept there, once.
    copy_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("copy of")
    )

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ("pk",)
        constraints = (
            address_is_of_the_web("evidence"),
            models.CheckConstraint(
                name="evidence_has_an_address_or_a_document",
                condition=~Q(url="") | Q(document__isnull=False),
            ),
            models.CheckConstraint(name="evidence_says_what_it_shows", condition=~Q(quote="")),
            models.CheckConstraint(
                name="evidence_text_has_its_hash",
                condition=Q(text="", sha256="") | (~Q(text="") & Q(sha256__regex="^[0-9a-f]{64}$")),
            ),
        )

    def __str__(self) -> str:
        return self.publisher or self.url

    def as_part(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "publisher": self.publisher,
            "published_on": self.published_on,
            "document": self.document_id,
            "quote": self.quote,
            "text": self.text,
            "sha256": self.sha256,
            **_said(copy_of=self.copy_of_id),
        }


class ResolutionQuerySet(OfQuestionQuerySet["Resolution"]):
    def as_known_on(self, at: datetime) -> Self:
        """Return the resolutions in force on that date, one for each question at most."""
        later = Resolution.objects.filter(supersedes=OuterRef("pk"), recorded_at__lte=at)
        return super().as_known_on(at).filter(~Exists(later))

    def in_force(self) -> Self:
        return self.filter(superseded_by=None)

    def answering(self) -> Self:
        """Return the resolutions in force that are an answer: an outcome or void, not a reopening."""
        return self.in_force().filter(answer__in=[Answer.OUTCOME, Answer.VOID])

    def superseding(self) -> Self:
        """Return the resolutions in force by which another question takes the place of theirs."""
        return self.in_force().filter(replaced_by__isnull=False)


class Resolution(WithKey, WithAnswer, Fact):
    """
    The answer in force, until a later one supersedes it. To reopen is a row too.

    A question that another one takes the place of, because it asks the same or was badly worded, is
    void with `replaced_by`: nothing on it is scored, and what was said on it stays there.
    """

    LEDGER_KIND = "resolution"
    LEDGER_LISTS = ("verdicts",)

    question = models.ForeignKey(
        Question, models.PROTECT, related_name="resolutions", verbose_name=_("question")
    )
    method = models.CharField(_("reached by"), max_length=20, choices=Method, default="single")
    verdicts = models.ManyToManyField(
        Verdict, blank=True, related_name="resolutions", verbose_name=_("verdicts")
    )
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("replaces"),
    )
    replaced_by = models.ForeignKey(
        Question,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="takes_the_place_of",
        verbose_name=_("question that takes its place"),
    )

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ("pk",)
        constraints = (
            *answer_constraints("resolution", void_reasons=tuple(VoidReason)),
            models.CheckConstraint(
                name="resolution_answers", condition=Q(answer__in=["outcome", "void", "reopened"])
            ),
            models.CheckConstraint(name="resolution_method_is_known", condition=Q(method__in=Method.values)),
            models.UniqueConstraint(
                name="question_has_one_first_resolution",
                fields=("question",),
                condition=Q(supersedes=None),
            ),
            models.CheckConstraint(
                name="resolution_does_not_supersede_itself", condition=~Q(supersedes=F("id"))
            ),
            models.CheckConstraint(
                name="resolution_reopens_an_earlier_one",
                condition=~Q(answer="reopened") | Q(supersedes__isnull=False),
            ),
            models.CheckConstraint(
                name="resolution_superseding_a_question_names_another",
                condition=(Q(void_reason="superseded", replaced_by__isnull=False))
                | (~Q(void_reason="superseded") & Q(replaced_by=None)),
            ),
            models.CheckConstraint(
                name="question_is_not_superseded_by_itself", condition=~Q(replaced_by=F("question"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_answer_display()}"

    def as_fact(self) -> dict[str, Any]:
        return {
            "question": self.question_id,
            **self.answer_as_fact(),
            "method": self.method,
            "verdicts": sorted(each.pk for each in self.verdicts.all()),
            "supersedes": self.supersedes_id,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
            **_said(replaced_by=self.replaced_by_id),
        }
