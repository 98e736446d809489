"""Write documents: capture an article exactly as it is."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from forecasts.limits import most
from forecasts.models import Desk, Document, Source
from forecasts.models.articles.document import text_sha256
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.people.writes.home_desk import home_desk
from forecasts.record.refusal import RefusedError, refuse_address
from forecasts.record.writes.ledger import append_fact


class EmptyDocumentError(RefusedError):
    field = "text"


class UntitledDocumentError(RefusedError):
    field = "title"


class PublishedLaterError(RefusedError):
    field = "published_at"


@transaction.atomic
def capture_document(
    *,
    text: str,
    title: str,
    language: str,
    published_at: datetime,
    captured_at: datetime,
    now: datetime,
    url: str = "",
    outlet: Source | None = None,
    published_to_the_day: bool = False,
    provenance: str = "",
    desk: Desk | None = None,
    by: User | None = None,
) -> Document:
    """
    Keep an article's text, unchanged to the last code point, and return the document.

    A desk captures the same text from the same address once: the document that it has is returned.
    Without a desk, it is that of whoever captures.
    Raises NotAllowedError, EmptyDocumentError, UntitledDocumentError, PublishedLaterError or
    NotOfTheWebError.
    """
    desk = desk or home_desk(by=by)
    refuse_unless_may(by=by, verb=Verb.CAPTURE_DOCUMENT, of=desk)
    _check(text=text, title=title, published_at=published_at, now=now)
    refuse_address(url)
    sha256 = text_sha256(text)
    known = Document.objects.filter(desk=desk, url=url, sha256=sha256).first()
    if known:
        return known
    document = Document(
        desk=desk,
        url=url,
        outlet=outlet,
        title=title.strip(),
        language=language,
        published_at=published_at,
        published_to_the_day=published_to_the_day,
        captured_at=captured_at,
        provenance=provenance,
        text=text,
        sha256=sha256,
        recorded_at=now,
        recorded_by=by,
    )
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError:
        # Somebody captured the same in this very moment: then we have it.
        return Document.objects.get(desk=desk, url=url, sha256=sha256)
    append_fact(fact=document, now=now)
    return document


def _check(*, text: str, title: str, published_at: datetime, now: datetime) -> None:
    if not text.strip():
        raise EmptyDocumentError(_("The document has no text. Paste the article’s text."))
    if len(text) > most("article"):
        raise EmptyDocumentError(
            _("The text has %(characters)s characters; %(most)s is the most. Split it.")
            % {"characters": _grouped(len(text)), "most": _grouped(most("article"))}
        )
    if "\x00" in text:
        raise EmptyDocumentError(_("The text holds a NUL character, so it is not text. Remove it."))
    if not title.strip():
        raise UntitledDocumentError(_("The document has no title. Write its headline."))
    if published_at > now:
        raise PublishedLaterError(_("The document is dated in the future. Check the date."))


def _grouped(number: int) -> str:
    """Return the number with its thousands set apart, as the reader's language does."""
    return number_format(number, force_grouping=True)
