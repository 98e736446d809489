"""
Conditional GET for what readers ask for again and again: feeds and calendars.

Nothing is served stale: a caller keeps the answer and asks each time whether it still holds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import http_date

# A date has whole seconds, and what is recorded in one may be committed in the next. So a moment is
# told as a date only when nothing more can come of it.
SETTLED = timedelta(minutes=1)
NOT_YET = 503


def answered(
    request: HttpRequest,
    *,
    etag: str,
    write: Callable[[], HttpResponse],
    public: bool,
    changed_at: datetime | None = None,
    now: datetime,
) -> HttpResponseBase:
    """
    Return 304 where the asker has the answer by that ETag (or that date); otherwise write it.

    An answer that can't be written yet (503) stays as it is, and nobody keeps it. `changed_at` is when
    the content last changed, where that is known.
    """
    settled = changed_at is not None and now - changed_at > SETTLED
    stamp = int(changed_at.timestamp()) if changed_at and settled else None
    response = get_conditional_response(request, etag=etag, last_modified=stamp) or write()
    if response.status_code == NOT_YET:
        return response
    response.headers["ETag"] = etag
    response.headers.pop("Last-Modified", None)
    if stamp is not None:
        response.headers["Last-Modified"] = http_date(stamp)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    patch_cache_control(response, public=public, private=not public, no_cache=True)
    return response


def hash_tag(content: bytes) -> str:
    """Return the ETag of an answer whose content names it best."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'


def private(response: HttpResponseBase) -> HttpResponseBase:
    """Keep a secret address out of search engines, and out of what other sites are told."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
