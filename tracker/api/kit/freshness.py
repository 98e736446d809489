"""
Conditional GET: what has not changed is answered with 304, and nothing is ever served stale.

Every answer carries an ETag of its content. Where a view shows ledger facts and nothing else, the
ETag for the public is the ledger's head, and 304 costs one query.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from forecasts.record.reads import ledger


class FreshView(APIView):
    """
    A view whose answers can be asked for again at little cost.

    A view that knows a better name for what it answers than the hash of it sets `etag`.
    """

    ledger_only = False
    etag = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.ledger_only and request.method in {"GET", "HEAD"} and is_public(request):
            head = ledger.head()
            self.etag = f'W/"ledger-{head.sequence}-{head.sha256[:16]}"'
            unchanged = get_conditional_response(request, etag=self.etag)
            if unchanged is not None:
                unchanged.headers["ETag"] = self.etag
                for_caches(request, unchanged)
                return unchanged
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        twice = [name for name, given in request.query_params.lists() if len(given) > 1]
        if twice:
            # Which of the two is meant, nobody can know.
            raise ValidationError({name: _("It is given more than once. Give it once.") for name in twice})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if request.method not in {"GET", "HEAD"} or response.status_code != 200:
            patch_cache_control(response, no_store=True)
            return response
        for_caches(request._request, response)
        response.add_post_render_callback(lambda done: tagged(request._request, done, self.etag))
        return response


def is_public(request: HttpRequest) -> bool:
    """Return whether nothing in the request could say who asks."""
    return "Authorization" not in request.headers and settings.SESSION_COOKIE_NAME not in request.COOKIES


def for_caches(request: HttpRequest, response: HttpResponseBase) -> None:
    """Say who may keep the answer, and that it must be asked for again each time."""
    patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
    if is_public(request):
        patch_cache_control(response, public=True, no_cache=True)
    else:
        patch_cache_control(response, private=True, no_store=True)


def tagged(request: HttpRequest, response: Response, etag: str) -> HttpResponseBase | None:
    """Set the ETag, and return 304 in the place of an answer that the asker has."""
    response["ETag"] = etag or f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=response["ETag"], response=response)
