"""An article as captured, the words in it that speak of the future, and what we decided on them."""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.desk import Desk
from forecasts.models.limited import LimitedList, LimitedText
from forecasts.models.names import address_is_of_the_web, check_of_the_web
from forecasts.models.record.fact import Fact, FactQuerySet
from forecasts.models.record.key import WithKey
from forecasts.models.record.public import PublishedQuerySet, WithPublicSince
from forecasts.models.sources.source import Source


class Document(WithKey, WithPublicSince, Fact):
    """
    An article as captured. The text is never normalised: offsets count code points in it.

    `published_at` is the instant, or the start of the day where only the day is known
    (`published_to_the_day`). It is public, as far as its marked words go, with the first of them.
    """

    LEDGER_KIND = "document"
    LEDGER_SINCE = MappingProxyType({"desk": 2})

    desk = models.ForeignKey(Desk, models.PROTECT, related_name="documents", verbose_name=_("desk"))
    url = models.URLField(_("address"), max_length=most("address"), blank=True, validators=[check_of_the_web])
    outlet = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="published_documents",
        verbose_name=_("outlet"),
    )
    title = models.CharField(_("title"), max_length=most("line"))
    language = models.CharField(_("language"), max_length=most("language"))
    published_at = models.DateTimeField(_("published at"))
    published_to_the_day = models.BooleanField(_("only the day is known"), default=False)
    captured_at = models.DateTimeField(_("saved at"))
    provenance = LimitedText(_("provenance"), max_length=most("note"), blank=True)
    text = LimitedText(_("text"), max_length=most("article"))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)

    objects = PublishedQuerySet["Document"].as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-published_at", "pk")
        constraints = (
            address_is_of_the_web("document"),
            models.UniqueConstraint(
                name="desk_captures_a_text_once_for_each_address", fields=("desk", "url", "sha256")
            ),
            models.CheckConstraint(name="document_has_text", condition=~Q(text="")),
            models.CheckConstraint(name="document_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="document_sha256_is_hexadecimal", condition=Q(sha256__regex="^[0-9a-f]{64}$")
            ),
        )

    def __str__(self) -> str:
        return self.title

    def as_fact(self) -> dict[str, Any]:
        return {
            "desk": self.desk_id,
            "url": self.url,
            "outlet": self.outlet_id,
            "title": self.title,
            "language": self.language,
            "published_at": self.published_at,
            "published_to_the_day": self.published_to_the_day,
            "captured_at": self.captured_at,
            "provenance": self.provenance,
            # Hashed anew, not read from its column: a changed text must not hide behind it.
            "text_sha256": text_sha256(self.text),
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }


def text_sha256(text: str) -> str:
    """
    Return the SHA-256 of the text's UTF-8 bytes, in hexadecimal.

    >>> text_sha256("Förlusten av Raqqa är på väg.")[:12]
    '6c2ccea8816a'
    """
    return hashlib.sha256(text.encode()).hexdigest()


class Directness(models.TextChoices):
    DIRECT = "direct", _("direct quotation")
    INDIRECT = "indirect", _("paraphrase")
    AUTHORIAL = "authorial", _("the author’s own voice")


class StatementStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class StatementQuerySet(PublishedQuerySet["Statement"]):
    def drafts(self) -> Self:
        return self.filter(status=StatementStatus.DRAFT)

    def accepted(self) -> Self:
        return self.filter(status=StatementStatus.ACCEPTED)


class Statement(WithKey, WithPublicSince):
    """
    Words in a document that speak, or seem to speak, of the future.

    `start` and `end` count code points in the document's text; `end` is exclusive. The words never
    change. How we read them (speaker, claim, translation) is open while the statement is a draft,
    and fixed once it was accepted. Each change of `status` is a Decision, which the ledger covers.
    Rejected ones are kept: they are the denominator.
    """

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="statements", verbose_name=_("document")
    )
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    quote = LimitedText(_("verbatim words"), max_length=most("words"))
    translation = LimitedText(_("translation"), max_length=most("words"), blank=True)
    claim = LimitedText(_("claim in our words"), max_length=most("note"), blank=True)
    speaker = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="statements", verbose_name=_("speaker")
    )
    speaker_as_written = models.CharField(_("speaker as written"), max_length=most("label"), blank=True)
    speaker_note = LimitedText(_("note on the speaker"), max_length=most("note"), blank=True)
    directness = models.CharField(_("directness"), max_length=20, choices=Directness)
    cues = LimitedList(
        models.CharField(max_length=most("name")),
        size=most("cues"),
        verbose_name=_("cues"),
        default=list,
        blank=True,
    )
    stated_at = models.DateTimeField(_("stated at"))
    status = models.CharField(
        _("status"), max_length=20, choices=StatementStatus, default=StatementStatus.DRAFT
    )

    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ("document", "start", "pk")
        indexes = (
            models.Index(name="statement_drafts", fields=("recorded_at",), condition=Q(status="draft")),
        )
        constraints = (
            models.CheckConstraint(name="statement_span_is_half_open", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(name="statement_has_a_quote", condition=~Q(quote="")),
            models.CheckConstraint(
                name="statement_status_is_known", condition=Q(status__in=StatementStatus.values)
            ),
            models.CheckConstraint(
                name="statement_directness_is_known", condition=Q(directness__in=Directness.values)
            ),
            models.UniqueConstraint(
                name="statement_span_is_marked_once", fields=("document", "start", "end")
            ),
        )

    def __str__(self) -> str:
        return self.quote


class Decision(Fact):
    """An editor's word on a statement: it is a forecast, or it is not, and why."""

    LEDGER_KIND = "statement decision"
    LEDGER_READS = ("statement",)

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="decisions", verbose_name=_("statement")
    )
    status = models.CharField(
        _("decision"),
        max_length=20,
        choices=[each for each in StatementStatus.choices if each[0] != StatementStatus.DRAFT],
    )
    reason = LimitedText(_("reason"), max_length=most("note"))

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement decision")
        verbose_name_plural = _("statement decisions")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="decision_accepts_or_rejects", condition=Q(status__in=["accepted", "rejected"])
            ),
            models.CheckConstraint(name="decision_has_a_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.reason}"

    def as_fact(self) -> dict[str, Any]:
        return {
            "statement": self.statement_id,
            **self._words(),
            **(self._reading() if self.status == StatementStatus.ACCEPTED else {}),
            "status": self.status,
            "reason": self.reason,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }

    def _words(self) -> dict[str, Any]:
        statement = self.statement
        return {
            "document": statement.document_id,
            "start": statement.start,
            "end": statement.end,
            "quote": statement.quote,
        }

    def _reading(self) -> dict[str, Any]:
        """Return how the words were read: fixed from the moment that they were accepted."""
        statement = self.statement
        return {
            "translation": statement.translation,
            "claim": statement.claim,
            "speaker": statement.speaker_id,
            "speaker_as_written": statement.speaker_as_written,
            "directness": statement.directness,
            "cues": list(statement.cues),
            "stated_at": statement.stated_at,
        }
