"""Sources: the list, the page of one, and its charts as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forecasts.boards.reads.profile import Profile, profile
from forecasts.boards.reads.standings import StandingRow, standings
from forecasts.models import Board, Forecast, Source
from forecasts.questions.reads import listing as question_queries
from forecasts.record.reads import ledger
from forecasts.sources import reads as source_queries
from forecasts.verdicts.reads.disputes import replies_shown
from tracker.pages.kit import blind
from tracker.pages.kit.drawings import Draw, drawing
from tracker.pages.kit.files import chart_address, chart_file
from tracker.pages.kit.quotes import QuoteCard, quote_cards
from tracker.pages.question import review
from tracker.pages.source.page import source_rows, source_shown
from tracker.pages.source.profile import ProfileShown, profile_shown

PER_PAGE, CARDS_PER_PAGE = 50, 20
ENOUGH_FOR_CALLS = 7
"""With fewer questions, all that was said is on the page anyway."""


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    rows = source_queries.sources_with_forecasts(hidden=blind.hidden_questions(request))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "pages/sources.html", {"page": page, "sources": source_rows(page)})


@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponseBase:
    now = timezone.now()
    merged = get_object_or_404(Source.objects.public().select_related("merged_into"), slug=slug)
    if merged.merged_into_id:
        return redirect("pages:source", slug=merged.standing.slug, permanent=True)
    found = source_queries.sources().get(pk=merged.pk)
    said = profile(source=found, now=now)
    shown = profile_shown(said, name=found.name)
    calls = _calls(said)
    rows = blind.without_hidden(request, question_queries.forecasts_by(found))
    page = Paginator(rows, CARDS_PER_PAGE).get_page(request.GET.get("page"))
    blind.note_shown(request, page, now=now)
    replies = blind.without_hidden(request, replies_shown().public().filter(source=found))
    version = _version(found, said)
    context = {
        "source": source_shown(found, standings=_places_of(request, found.slug, now=now)),
        "profile": shown,
        "history_chart": drawing(shown.history.draw, version=f"{version}:history") if shown.history else None,
        "history_address": chart_address("source_chart", slug, "history"),
        "calibration_address": chart_address("source_chart", slug, "calibration"),
        "calibration_chart": _calibration_chart(shown, version),
        "best": _cards(said.best, calls, now=now) if said.n >= ENOUGH_FOR_CALLS else [],
        "worst": _cards(said.worst, calls, now=now) if said.n >= ENOUGH_FOR_CALLS else [],
        "page": page,
        "quotes": quote_cards(page, now=now),
        "replies": review.replies(replies),
        "hides": blind.hidden_questions(request).exists(),
    }
    return render(request, "pages/source.html", context)


def _calls(said: Profile) -> dict[int, Forecast]:
    wanted = [*said.best, *said.worst]
    return question_queries.forecasts_shown().in_bulk(wanted) if wanted else {}


def _cards(wanted: Sequence[int], calls: Mapping[int, Forecast], *, now: datetime) -> list[QuoteCard]:
    """Return the cards with keys of their own: the same call may stand further down, too."""
    cards = quote_cards([calls[pk] for pk in wanted], now=now)
    return [replace(card, key=f"call-{card.key}", deadline_key=f"call-{card.deadline_key}") for card in cards]


def _calibration_chart(shown: ProfileShown, version: str) -> object:
    draw = shown.calibrated.draw
    return drawing(draw, version=f"{version}:calibration") if draw else None


def _version(found: Source, said: Profile) -> str:
    """Return the name of the source's figures; calibration moves with the deadlines that pass."""
    return f"source:{found.pk}:{found.name}:{ledger.head().sha256}:{said.calibration.n}"


def _places_of(request: HttpRequest, slug: str, *, now: datetime) -> list[tuple[Board, StandingRow]]:
    boards = Board.objects.public()
    return [
        (each, row)
        for each in boards
        for row in blind.board_rows(request, standings(board=each, now=now), board=each)
        if row.slug == slug
    ]


@require_safe
def source_chart(request: HttpRequest, slug: str, chart: str, form: str) -> HttpResponse:
    """Answer with a chart of the source as a file: SVG, PNG or its definition."""
    now = timezone.now()
    found = get_object_or_404(Source.objects.standing().public(), slug=slug)
    said = profile(source=found, now=now)
    shown = profile_shown(said, name=found.name)
    drawn: dict[str, Draw | None] = {
        "history": shown.history.draw if shown.history else None,
        "calibration": shown.calibrated.draw,
    }
    draw = drawn[chart]
    if draw is None:
        raise Http404
    return chart_file(
        request,
        draw,
        form=form,
        name=f"{found.slug}-{chart}",
        title=found.name,
        what=_what(chart),
        at=now,
        version=f"{_version(found, said)}:{chart}",
    )


def _what(chart: str) -> str:
    if chart == "calibration":
        return _("What was said against how often it happened.")
    return _("Over time, by the mean of what was known.")
