"""What the front door answers itself: below /api/ as the API does, and everywhere else in a line."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.utils import translation
from django.utils.functional import Promise

from config.bridge import Answer, environ
from tracker.api.kit.errors import problem


class RefusedRequestError(Exception):
    """A request that comes no further, with the reason in a sentence."""

    def __init__(self, status: int, sentence: str | Promise, *, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.retry_after = status, sentence, retry_after

    def answer(self, scope: Mapping[str, Any]) -> Answer:
        """Return what to send, in the reader's language."""
        request = WSGIRequest(environ(scope, io.BytesIO(), 0))
        headers = {"Cache-Control": "no-store", "Connection": "close"}
        if self.retry_after:
            headers["Retry-After"] = str(self.retry_after)
        with translation.override(translation.get_language_from_request(request)):
            return _said(self._response(request, headers))

    def _response(self, request: WSGIRequest, headers: Mapping[str, str]) -> HttpResponse:
        sentence = str(self.sentence)
        if request.path_info.startswith("/api/"):
            return problem(request, status=self.status, detail=sentence, headers=headers)
        kind = "text/plain; charset=utf-8"
        return HttpResponse(f"{sentence}\n", status=self.status, content_type=kind, headers=headers)


def _said(response: HttpResponse) -> Answer:
    answer = Answer(rest=[response.content])
    answer.start(str(response.status_code), list(response.items()))
    return answer
