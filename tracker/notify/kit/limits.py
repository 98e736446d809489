"""How often an address that needs no login may be asked for."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.throttling import SimpleRateThrottle

from tracker.guessing import paused


class LinkThrottle(SimpleRateThrottle):
    """Counts requests for secret and signed addresses by where they come from."""

    scope = "links"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def too_many(request: HttpRequest) -> HttpResponse | None:
    """
    Count the request, and return the answer to one too many; None while there is room.

    Whoever guessed at secrets waits as PostgreSQL has it, whatever the cache says.
    """
    if (waits := paused(request)) is not None:
        return waits
    throttle = LinkThrottle()
    if throttle.allow_request(request, None):  # type: ignore[arg-type]
        return None
    wait = math.ceil(throttle.wait() or 60)
    return HttpResponse(
        _("Too many requests. Ask again in %(seconds)d seconds.") % {"seconds": wait},
        status=429,
        content_type="text/plain; charset=utf-8",
        headers={"Retry-After": str(wait), "Cache-Control": "no-store"},
    )
