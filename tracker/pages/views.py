"""The public pages. Each view parses, calls and presents; the clock is read here only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from forecasts.boards.reads.crowd import crowd_over_time
from forecasts.boards.reads.live import board_live
from forecasts.models import Board, Entry, Question
from forecasts.questions.reads import listing as question_queries
from forecasts.record.reads import ledger as ledger_queries
from forecasts.verdicts.reads import disputes as dispute_queries
from tracker.pages.article.article import document_shown, scales_shown
from tracker.pages.board.table import BoardShown, board_shown
from tracker.pages.house.entries import entry_rows
from tracker.pages.house.examples import examples
from tracker.pages.kit import blind
from tracker.pages.kit.quotes import quote_cards
from tracker.pages.question import review
from tracker.pages.question.crowd import crowd_shown
from tracker.pages.question.page import question_rows, question_shown
from tracker.wording import numbers
from tracker.wording.house_rules import rules_shown

ROWS_AT_HOME = 10
OUTCOMES_AT_HOME, DUE_AT_HOME = 3, 6
DUE_WITHIN = timedelta(days=30)
PER_PAGE = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    boards = list(Board.objects.public())
    outcomes = question_queries.forecasts_with_newest_outcomes()[:OUTCOMES_AT_HOME]
    due = question_queries.questions_due_soon(now=now, within=DUE_WITHIN)[:DUE_AT_HOME]
    context = {
        "board": _board_at_home(request, boards, now=now),
        "others": [{"slug": each.slug, "name": _(each.name)} for each in boards[1:]],
        "outcomes": quote_cards(outcomes, now=now),
        "due": question_rows(due, now=now),
    }
    return render(request, "pages/home.html", context)


def _board_at_home(request: HttpRequest, boards: Sequence[Board], *, now: datetime) -> BoardShown | None:
    if not boards:
        return None
    live = board_live(board=boards[0], now=now)
    rows = blind.board_rows(request, live.rows, board=boards[0])
    return board_shown(boards[0], rows, at=now, history=live.history, limit=ROWS_AT_HOME)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    state = request.GET.get("state", "")
    chosen = {
        "open": question_queries.open_questions(now=now),
        "due": question_queries.questions_awaiting_an_answer(now=now),
        "answered": question_queries.answered_questions(),
    }
    page = _page(request, chosen.get(state, question_queries.questions()), PER_PAGE)
    context = {
        "page": page,
        "questions": question_rows(page, now=now),
        "state": state if state in chosen else "",
        "states": [
            ("", _("All")),
            ("open", pgettext("tab", "Open")),
            ("due", _("Awaiting answer")),
            ("answered", _("Answered")),
        ],
    }
    return render(request, "pages/questions.html", context)


@require_safe
def question(request: HttpRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    found = get_object_or_404(question_queries.question_with_history(), slug=slug)
    hidden = blind.hidden_from(request, [found.pk], now=now)
    forecasts = [] if hidden else list(question_queries.forecasts_shown().filter(question=found))
    context = {
        "question": question_shown(
            found,
            forecasts,
            entries=_ledger_entries(found),
            superseded=question_queries.superseded_by_this(found).public(),
            now=now,
        ),
        "crowd": crowd_shown(found, crowd_over_time(question=found, forecasts=forecasts)),
        "corrections": review.corrections(found),
        "disputes": review.disputes(dispute_queries.disputes_shown().filter(question=found)),
        "replies": [] if hidden else review.replies(dispute_queries.replies_shown().filter(question=found)),
        "hidden": [{"slug": found.slug}] if hidden else [],
    }
    return render(request, "pages/question.html", context)


def _ledger_entries(found: Question) -> dict[str, Entry]:
    """Return the ledger's entries of the question and of its answer in force, with their words."""
    answer = question_queries.answer_in_force(found)
    named = {_("This question"): found} | ({_("Its answer"): answer} if answer else {})
    entries = question_queries.ledger_entries(facts=list(named.values()))
    return {words: entries[fact] for words, fact in named.items() if fact in entries}


@require_safe
def document(request: HttpRequest, key: UUID) -> HttpResponse:
    found = get_object_or_404(question_queries.document_with_statements(), key=key)
    spoken_on = {
        said.question_id for statement in found.statements.all() for said in statement.forecasts.all()
    }
    hidden = blind.hidden_from(request, spoken_on, now=timezone.now())
    if hidden:
        return blind.warning(request, hidden, title=found.title, language=found.language)
    return render(request, "pages/document.html", {"document": document_shown(found)})


@require_safe
def how_we_score(request: HttpRequest) -> HttpResponse:
    shown = scales_shown(question_queries.scales())
    return render(request, "pages/how_we_score.html", {"examples": examples(), "scales": shown})


@require_safe
def scales(request: HttpRequest) -> HttpResponse:
    shown = scales_shown(question_queries.scales())
    return render(request, "pages/scales.html", {"scales": shown, "rules": rules_shown()})


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    kinds = Entry.objects.values("kind").annotate(entries=Count("pk")).order_by("kind")
    latest = Entry.objects.order_by("-sequence")[:10]
    context = {
        "head": ledger_queries.head(),
        "kinds": [(_(each["kind"]), numbers.count(each["entries"])) for each in kinds],
        "latest": entry_rows(latest),
    }
    return render(request, "pages/ledger.html", context)


def _page(request: HttpRequest, rows: QuerySet[Any], per_page: int) -> Page[Any]:
    return Paginator(rows, per_page).get_page(request.GET.get("page"))
