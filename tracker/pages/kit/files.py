"""A chart as a file to take along: it says itself what it shows, of when, and whence."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _

from tracker.pages.kit.drawings import Draw, picture
from tracker.pages.kit.palettes import THEMES
from tracker.wording import dates

TYPES = {"svg": "image/svg+xml", "png": "image/png", "json": "application/vnd.vegalite.v6+json"}


def chart_file(
    request: HttpRequest,
    draw: Draw,
    *,
    form: str,
    name: str,
    title: str,
    what: str,
    at: datetime,
    version: str,
) -> HttpResponse:
    """Answer with the chart in the form asked for, or 304 where the asker has it; `what` it shows is told."""
    theme = request.GET.get("theme", "light")
    theme = theme if theme in THEMES else "light"
    subtitle = _("%(what)s As of %(day)s. Source: Forecast Tracker, %(address)s") % {
        "what": what,
        "day": dates.day(at),
        "address": request.get_host(),
    }
    body = picture(draw, form=form, theme=theme, title=title, subtitle=subtitle, version=version)
    response = HttpResponse(body, content_type=TYPES[form])
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["Content-Disposition"] = f'inline; filename="{name}.{"vl.json" if form == "json" else form}"'
    patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    unchanged = get_conditional_response(request, etag=response["ETag"], response=response)
    return unchanged or response


def chart_address(name: str, *args: str) -> str:
    """Return a chart's address without the ending that names its form."""
    return reverse(f"pages:{name}", args=[*args, "svg"]).removesuffix(".svg")
