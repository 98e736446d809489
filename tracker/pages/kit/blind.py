"""
Pages for whoever is signed in and has still to answer a question without seeing who said what.

A page is for everybody alike, and nothing in it asks who reads, unless the request carries a session:
then it is private, and hides what its reader has still to answer unseeing. They may look all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from forecasts.boards.reads.blind import rows_unseeing
from forecasts.boards.reads.standings import StandingRow
from forecasts.models import Board, Forecast, Place, Question
from forecasts.questions.reads import blind as queries
from forecasts.questions.writes import blind as services
from tracker.pages.kit.quotes import asked


class PrivateForSessions:
    """Answers to a request that says who asks are kept by no cache, and the rest is told apart from them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        if says_who(request) and "no-store" not in response.headers.get("Cache-Control", ""):
            response.headers["Cache-Control"] = "private, no-store"
        return response


def says_who(request: HttpRequest) -> bool:
    """Return whether anything in the request could say who asks."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers


def hidden_from(request: HttpRequest, questions: Collection[int], *, now: datetime) -> frozenset[int]:
    """Return those of these questions whose forecasts the reader may not see; the rest is noted as shown."""
    if not says_who(request):
        return frozenset()
    return services.tell(user=request.user, questions=questions, place=Place.PAGE, now=now)


def hidden_questions(request: HttpRequest) -> QuerySet[Question]:
    """Return the questions that the reader has still to answer unseeing."""
    if not says_who(request):
        return Question.objects.none()
    return queries.hidden_questions(user=request.user)


def without_hidden(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Leave out the rows on questions whose forecasts the reader may not see."""
    return queries.without_hidden(rows, user=request.user) if says_who(request) else rows


def board_rows(
    request: HttpRequest, rows: list[StandingRow], *, board: Board, at: datetime | None = None
) -> list[StandingRow]:
    """Return the board's rows without what was said on questions that are hidden from the reader."""
    return rows_unseeing(rows, board=board, user=request.user, at=at) if says_who(request) else rows


def note_shown(request: HttpRequest, forecasts: Iterable[Forecast], *, now: datetime) -> None:
    """Note that the reader is shown these forecasts."""
    hidden_from(request, {each.question_id for each in forecasts}, now=now)


def warning(request: HttpRequest, hidden: Collection[int], *, title: str, language: str) -> HttpResponse:
    """Return a page in the place of one that tells who said what on questions hidden from the reader."""
    rows = Question.objects.filter(pk__in=hidden).order_by("deadline_at", "pk")
    context = {
        "title": title,
        "language": language,
        "hidden": [{"slug": each.slug, "asked": asked(each)} for each in rows],
    }
    return render(request, "pages/hidden.html", context)


@require_POST
def show_anyway(request: HttpRequest) -> HttpResponse:
    """Note that whoever asks is shown who said what on these questions, and go back to where they were."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    asked_for = Question.objects.filter(slug__in=request.POST.getlist("question"))
    shown = services.show_all_the_same(
        user=request.user, questions=list(asked_for.values_list("pk", flat=True)), now=timezone.now()
    )
    if shown:
        noted = ngettext(
            "It is noted that you saw the forecasts. Your verdict on this question is not blind.",
            "It is noted that you saw the forecasts. Your verdicts on these %(n)d questions are not blind.",
            shown,
        )
        messages.info(request, noted % {"n": shown})
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if safe else "/")
