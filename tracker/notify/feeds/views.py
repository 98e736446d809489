"""Feeds and calendars over HTTP. Each view parses, calls and presents; the clock is read here only."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from forecasts.boards.reads.feeds import board_version, latest_resolutions, record_version
from forecasts.boards.reads.live import live_changes
from forecasts.delivery.reads.routing import language_of, wishes_of, zone_of
from forecasts.desk.reads.inbox import SOON
from forecasts.desk.reads.links import Owner, watched_questions
from forecasts.models import Board, Desk
from forecasts.people.reads.ownership import HOUSE
from forecasts.people.reads.roles import Verb, may
from tracker.computing.asking import ask
from tracker.guessing import guessed_wrong
from tracker.notify.feeds.calendar import AT_MOST, calendar_of
from tracker.notify.feeds.conditional import NOT_YET, answered, hash_tag, private
from tracker.notify.feeds.feeds import BoardChanges, ChangeFeed, Due, DueFeed, ResolutionFeed
from tracker.notify.kit.limits import too_many
from tracker.notify.kit.secret_links import NoSuchLinkError, owner_of
from tracker.wording.names import name_of

ENTRIES = 50
DAY = 24 * 60 * 60


@require_safe
def resolutions(request: HttpRequest, kind: str) -> HttpResponseBase:
    version = record_version()
    return answered(
        request,
        etag=f'W/"{kind}-{get_language()}-{version.name}"',
        write=lambda: ResolutionFeed(kind, latest_resolutions(ENTRIES))(request),
        changed_at=version.recorded_at,
        public=True,
        now=timezone.now(),
    )


@require_safe
def changes(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """What moved a board is the same until the record or the board changes, so it is worked out once."""
    now = timezone.now()
    board = get_object_or_404(Board.objects.public(), slug=slug)
    name = f"{kind}-{get_language()}-{record_version().name}-{board_version(board)}"

    def write() -> HttpResponse:
        log = live_changes(board=board, now=now)
        if log.changes is None and log.kept:
            return _not_yet(ask(request, board, at=None).seconds)
        response: HttpResponse = ChangeFeed(kind, BoardChanges(board=board, changes=log.changes or []))(
            request
        )
        return response

    return answered(
        request,
        etag=f'W/"{name}"',
        write=lambda: _kept(f"feed:{board.pk}:{name}", write),
        public=True,
        now=now,
    )


def _not_yet(seconds: int) -> HttpResponse:
    """Tell a reader of feeds to come back, when a worker has computed what moved a large board."""
    return HttpResponse(
        _("This feed is being computed. Ask again in %(seconds)d seconds.") % {"seconds": seconds},
        status=NOT_YET,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(seconds), "Cache-Control": "no-store"},
    )


def _kept(key: str, write: Callable[[], HttpResponse]) -> HttpResponse:
    """Return the answer kept under that key, or write it and keep it."""
    kept = cache.get(key)
    if kept is None:
        written = write()
        if written.status_code == NOT_YET:
            return written
        kept = (written.content, written.headers["Content-Type"])
        cache.set(key, kept, DAY)
    return HttpResponse(kept[0], content_type=kept[1])


@require_safe
def due_of_desk(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """For somebody who is signed in and on a desk."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not may(user=request.user, verb=Verb.READ_DRAFTS, of=HOUSE):
        raise PermissionDenied
    return _due(request, get_object_or_404(Desk, slug=slug), kind)


@require_safe
def due_by_link(request: HttpRequest, secret: str, kind: str) -> HttpResponseBase:
    return _by_link(request, secret, lambda owner: _due(request, owner, kind))


@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponseBase:
    return _by_link(request, secret, lambda owner: _calendar(request, owner))


def _by_link(
    request: HttpRequest, secret: str, answer: Callable[[Owner], HttpResponseBase]
) -> HttpResponseBase:
    """Answer whoever holds the secret, so many times a minute; for anybody else there is nothing here."""
    refused = too_many(request)
    if refused is not None:
        return refused
    try:
        owner = owner_of(secret, now=timezone.now())
    except NoSuchLinkError as error:
        if not error.ours:
            guessed_wrong(request)
        raise Http404 from error
    language = _language(owner)
    with translation.override(language):
        response = private(answer(owner))
    response.headers["Content-Language"] = language
    return response


def _due(request: HttpRequest, owner: Owner, kind: str) -> HttpResponseBase:
    now = timezone.now()
    due = Due(
        name=_name(owner),
        path=request.path,
        rows=list(watched_questions(owner=owner).filter(deadline_at__lte=now + SOON)[:AT_MOST]),
        now=now,
    )
    response = DueFeed(kind, due)(request)
    return answered(request, etag=hash_tag(response.content), write=lambda: response, public=False, now=now)


def _calendar(request: HttpRequest, owner: Owner) -> HttpResponseBase:
    rows = watched_questions(owner=owner)
    shown = list(rows[: AT_MOST + 1])
    more = rows.count() - AT_MOST if len(shown) > AT_MOST else 0
    content = calendar_of(
        name=_("%(name)s: deadlines") % {"name": _name(owner)},
        questions=shown[:AT_MOST],
        zone=_zone(owner),
        more=more,
    )

    def write() -> HttpResponse:
        headers = {"Content-Disposition": 'inline; filename="deadlines.ics"'}
        return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)

    return answered(request, etag=hash_tag(content), write=write, public=False, now=timezone.now())


def _name(owner: Owner) -> str:
    return owner.name if isinstance(owner, Desk) else name_of(owner)


def _language(owner: Owner) -> str:
    """A program that fetches a calendar has no language: its owner's counts."""
    return language_of(None, owner) if isinstance(owner, Desk) else language_of(wishes_of(owner), None)


def _zone(owner: Owner) -> str:
    return zone_of(None, owner) if isinstance(owner, Desk) else zone_of(wishes_of(owner), None)
