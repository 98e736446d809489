"""Who can see a row: said on its page at the desk, with the buttons that publish it and take it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.models import Document, Forecast, Publication, PublishingRule, Question, Statement
from forecasts.people.reads.roles import Verb
from forecasts.questions.reads.publishing import waits_to_be_published
from forecasts.questions.writes.publishing import (
    publish_document,
    publish_question,
    publish_statement,
    take_back_document,
    take_back_question,
    take_back_statement,
)
from forecasts.record.refusal import RefusedError
from tracker.admin.kit.access import editor
from tracker.admin.kit.blind import BlindList
from tracker.admin.kit.columns import column
from tracker.admin.kit.facts import FactAdmin
from tracker.admin.kit.pages import PageAdmin
from tracker.wording.dates import day

PUBLISHING = {"_publish": Verb.PUBLISH, "_take_back": Verb.UNPUBLISH}

Service = Callable[..., object]
# How a row is published and taken back, and what the services call it.
SERVICES: Mapping[type[Model], tuple[str, Service, Service]] = MappingProxyType(
    {
        Question: ("question", publish_question, take_back_question),
        Statement: ("statement", publish_statement, take_back_statement),
        Document: ("document", publish_document, take_back_document),
    }
)


class PublishingPage(PageAdmin):
    """Pages of a row that is public or not. A forecast is public with its question."""

    def render(
        self, request: HttpRequest, template: str, *, shown: Model | None = None, **context: Any
    ) -> TemplateResponse:
        seen_by = _seen_by(_published_with(shown)) if shown is not None else None
        return super().render(request, template, shown=shown, **{"seen_by": seen_by, **context})

    def do_publish(self, request: HttpRequest, shown: Model) -> HttpResponse:
        row = _published_with(shown)
        name, publish, _take_back = SERVICES[type(row)]
        return self._tried(
            request,
            shown,
            lambda now: publish(**{name: row}, by=editor(request), now=now),
            _("Published. Everybody can see it."),
        )

    def do_take_back(self, request: HttpRequest, shown: Model) -> HttpResponse:
        row = _published_with(shown)
        name, _publish, take_back = SERVICES[type(row)]
        reason = request.POST.get("taken_back_because", "")
        return self._tried(
            request,
            shown,
            lambda now: take_back(**{name: row}, reason=reason, by=editor(request), now=now),
            _("Taken back. Only the desks can see it."),
        )

    def _tried(
        self, request: HttpRequest, shown: Model, act: Callable[[datetime], object], done: str
    ) -> HttpResponse:
        try:
            act(timezone.now())
        except RefusedError as error:
            messages.error(request, error.message)
            return self.show(request, shown)
        return self.done(request, done, shown)


@admin.register(Publication)
class PublicationAdmin(BlindList, FactAdmin):
    hidden_by = "statement__forecasts__question"
    list_display = ("about", "public", "since", "how", "recorded_by", "ledger_place")
    list_filter = ("public", "how")
    list_select_related = ("question", "statement", "recorded_by")
    search_fields = ("question__proposition", "statement__quote", "reason")

    @column(description=gettext_lazy("Of"))
    def about(self, row: Publication) -> str:
        return Truncator(str(row.question or row.statement)).chars(110)


@admin.register(PublishingRule)
class PublishingRuleAdmin(FactAdmin):
    list_display = (
        *("desk", "outlet", "publishes_with_forecast", "shows_whole_text"),
        *("recorded_at", "recorded_by", "ledger_place"),
    )
    list_select_related = ("desk", "outlet", "recorded_by")


def _published_with(shown: Any) -> Question | Statement | Document:
    """Return the row whose publications say whether this one is public."""
    found: Question | Statement | Document = shown.question if isinstance(shown, Forecast) else shown
    return found


def _seen_by(row: Question | Statement | Document) -> dict[str, Any]:
    since = row.public_since
    return {
        "noun": SERVICES[type(row)][0],
        "since": day(since) if since else "",
        "address": _address(row) if since else "",
        "waits": waits_to_be_published(row),
    }


def _address(row: Question | Statement | Document) -> str:
    if isinstance(row, Question):
        return reverse("pages:question", args=[row.slug])
    document = row.document if isinstance(row, Statement) else row
    return reverse("pages:document", args=[document.key])
