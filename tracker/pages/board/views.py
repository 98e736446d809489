"""A board's page, and its charts as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forecasts.boards.reads.left_out import left_out
from forecasts.boards.reads.live import Live, board_live
from forecasts.models import Board
from tracker.computing.asking import ask
from tracker.pages.board.changelog import changes_shown
from tracker.pages.board.rows import dot_rows
from tracker.pages.board.table import BoardShown, board_shown, fixed_reference
from tracker.pages.board.waiting import too_large_words, waiting_words
from tracker.pages.kit import blind, plots
from tracker.pages.kit.calibrations import Calibrated, board_calibration_shown
from tracker.pages.kit.drawings import Draw, drawing
from tracker.pages.kit.files import chart_address, chart_file
from tracker.pages.kit.histories import History, board_history_shown, months_back
from tracker.pages.kit.scores import printed

DOTS_MOST = 30
ROWS_AT_FIRST = 100
"""A board of thousands is read from the top; the rest comes when it is asked for."""


class AsOfForm(forms.Form):
    as_of = forms.DateField(required=False)

    def instant(self, *, now: datetime) -> datetime | None:
        """Return the last instant of the day asked for, in the desk's zone; None for now or later."""
        day: date | None = self.cleaned_data.get("as_of") if self.is_valid() else None
        at = timezone.make_aware(datetime.combine(day, time.max)) if day else None
        return at if at is not None and at < now else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A board, and the date for which it is asked."""

    board: Board
    form: AsOfForm
    now: datetime
    at: datetime | None


def asked_board(request: HttpRequest, slug: str) -> Asked:
    now = timezone.now()
    form = AsOfForm(request.GET)
    found = get_object_or_404(Board.objects.public(), slug=slug)
    return Asked(board=found, form=form, now=now, at=form.instant(now=now))


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    asked = asked_board(request, slug)
    live = board_live(board=asked.board, now=asked.now, at=asked.at)
    live = replace(live, rows=blind.board_rows(request, live.rows, board=asked.board, at=asked.at))
    calibrated = board_calibration_shown(board=asked.board, now=asked.now, at=asked.at, rows=live.rows)
    missing = bool(live.pending) or calibrated is None
    history = _history(asked, live)
    as_of = f"as_of={timezone.localdate(asked.at)}&" if asked.at else ""
    every = request.GET.get("rows") == "all"
    context = {
        "board": _shown(asked, live, most=None if every else ROWS_AT_FIRST),
        "every_address": f"?{as_of}rows=all",
        "history": history,
        "history_chart": drawing(history.draw, version=f"{live.version}:history") if history else None,
        "history_late": live.history is None,
        "history_address": chart_address("board_chart", slug, "history"),
        "history_data": f"/api/v1/boards/{slug}/history/?{as_of}",
        "calibration_address": chart_address("board_chart", slug, "calibration"),
        "changes": changes_shown(live.changes, show=printed(asked.board))
        if live.changes is not None
        else None,
        "changes_kept": live.changes_kept,
        "calibrated": calibrated,
        "calibration_chart": _drawn(calibrated, version=live.version),
        "form": asked.form,
        "asked_for": request.GET.get("as_of", "") if asked.at else "",
        "today": timezone.localdate(asked.now).isoformat(),
        "past": asked.at is not None,
        "hides": blind.hidden_questions(request).exists(),
        "query": f"?{as_of.rstrip('&')}" if as_of else "",
        "waiting": _waiting(request, asked, live) if missing and not live.too_large else "",
        "too_large": too_large_words() if missing and live.too_large else "",
    }
    status = 200 if asked.form.is_valid() else 400
    return render(request, "pages/board.html", context, status=status)


def _waiting(request: HttpRequest, asked: Asked, live: Live) -> str:
    """Ask a worker for what is missing, and return the words that say so."""
    answer = ask(request, asked.board, at=asked.at)
    return waiting_words(answer, live.progress, past=asked.at is not None)


def _drawn(calibrated: Calibrated | None, *, version: str) -> object:
    if calibrated is None or calibrated.draw is None:
        return None
    return drawing(calibrated.draw, version=f"{version}:calibration")


def _shown(asked: Asked, live: Live, *, most: int | None = None) -> BoardShown:
    return board_shown(
        asked.board,
        live.rows,
        at=asked.at or asked.now,
        limit=most,
        history=live.history,
        left_out=left_out(board=asked.board, at=asked.at),
    )


def _history(asked: Asked, live: Live) -> History | None:
    if not live.history:
        return None
    months = months_back(asked.board.window, asked.board.window_days)
    reference = fixed_reference(asked.board, live.rows)
    return board_history_shown(live.history, live.rows, months=months, reference=reference)


@require_safe
def board_chart(request: HttpRequest, slug: str, chart: str, form: str) -> HttpResponse:
    """Answer with a chart of the board as a file: SVG, PNG or its definition."""
    asked = asked_board(request, slug)
    live = board_live(board=asked.board, now=asked.now, at=asked.at)
    draw = CHARTS[chart](asked, live)
    if draw is None and chart in _late(asked, live):
        return _not_yet(request, asked)
    if draw is None:
        raise Http404
    return chart_file(
        request,
        draw,
        form=form,
        name=f"{asked.board.slug}-{chart}",
        title=_(asked.board.name),
        what=_what(chart),
        at=asked.at or asked.now,
        version=f"{live.version}:{chart}",
    )


def _late(asked: Asked, live: Live) -> set[str]:
    """Return the charts whose figures are not there yet."""
    late = {"history"} if live.history is None else set()
    found = board_calibration_shown(board=asked.board, now=asked.now, at=asked.at, rows=live.rows)
    return late if found else {*late, "calibration"}


def _not_yet(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Ask a worker for the figures, and answer when to ask again."""
    seconds = ask(request, asked.board, at=asked.at).seconds
    words = _("This chart is being computed. Ask again in %(seconds)d seconds.") % {"seconds": seconds}
    again = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8", headers=again)


def _standings_chart(asked: Asked, live: Live) -> Draw | None:
    ranked = [row for row in live.rows if row.rank is not None][:DOTS_MOST]
    reference = fixed_reference(asked.board, live.rows)
    shown = _shown(asked, live)
    rows = dot_rows(ranked, asked.board)
    return partial(plots.dots, rows, end=shown.axis.end, reference=reference) if rows else None


def _history_chart(asked: Asked, live: Live) -> Draw | None:
    history = _history(asked, live)
    return history.draw if history else None


def _calibration_chart(asked: Asked, live: Live) -> Draw | None:
    found = board_calibration_shown(board=asked.board, now=asked.now, at=asked.at, rows=live.rows)
    return found.draw if found else None


def _what(chart: str) -> str:
    return {
        "standings": _("Scores with 95% intervals."),
        "history": _("Over time, by the mean of what was known."),
        "calibration": _("What was said against how often it happened."),
    }[chart]


CHARTS: dict[str, Callable[[Asked, Live], Draw | None]] = {
    "standings": _standings_chart,
    "history": _history_chart,
    "calibration": _calibration_chart,
}
