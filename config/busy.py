"""A database that does not answer in time is no fault of the page: 503, and when to ask again."""

import logging
import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error

from tracker.api.kit.errors import problem, read_exception

logger = logging.getLogger(__name__)
BUSY = 503


class AskAgain:
    """
    Answer for every view, page, desk or API, that was kept waiting by the database, or found none.

    REST framework asks the same rule itself for the views that it serves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return ask_again(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer what failed outside of a view too, as when a session is saved; Django calls it for each 500."""
    return ask_again(request, sys.exc_info()[1]) or server_error(request)


def ask_again(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Return the answer where another try may help, and None where the fault is ours."""
    found = read_exception(error) if isinstance(error, Exception) else None
    if found is None or found.status != BUSY:
        return None
    logger.warning("%s %s: the database did not answer: %s", request.method, request.path, error)
    if request.path_info.startswith("/api/"):
        return problem(request, status=BUSY, detail=found.detail, headers=found.headers)
    response = render(request, "503.html", {"detail": found.detail}, status=BUSY)
    for name, value in {**found.headers, "Cache-Control": "no-store"}.items():
        response.headers[name] = value
    return response
