"""Charts as SVG and PNG, drawn here and kept: no reader's browser needs a script or another host."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import vl_convert
from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tracker.pages.kit.palettes import PAGE, THEMES
from tracker.pages.kit.plots import Look

FONTS = Path(__file__).resolve().parents[2] / "static" / "fonts"
KEEP_SECONDS = 24 * 3600
LOCALES = {"sv": "sv-SE"}
NUMBERS = {
    "sv": {"decimal": ",", "thousands": "\N{NO-BREAK SPACE}", "grouping": [3], "currency": ["", " kr"]}
}

# What another definition drew must not be shown.
DEFINITIONS = hashlib.sha256(
    b"".join((Path(__file__).parent / name).read_bytes() for name in ("plots.py", "palettes.py"))
).hexdigest()[:16]

# The page tells the chart as one picture with its words; Vega would name each line by its type.
ROLES = re.compile(r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*")')

vl_convert.register_font_directory(str(FONTS))

Draw = Callable[[Look], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A chart for a page: one for wide screens, one for narrow ones; the stylesheet shows one of them."""

    wide: SafeString
    narrow: SafeString


def drawing(draw: Draw, *, version: str) -> Drawing:
    """Return the chart for the page. `version` names the data: the same name gives what was kept."""
    wide, narrow = (
        ROLES.sub("", _kept(draw, Look(palette=PAGE, narrow=narrow), form="svg", version=version).decode())
        for narrow in (False, True)
    )
    # Vega escapes the words that it puts into the drawing.
    return Drawing(wide=mark_safe(wide), narrow=mark_safe(narrow))  # noqa: S308


def picture(draw: Draw, *, form: str, theme: str, title: str, subtitle: str, version: str) -> bytes:
    """Return the chart as a file: "svg", "png" or "json" (Vega-Lite), in one of `THEMES`."""
    look = Look(palette=THEMES[theme], title=title, subtitle=subtitle)
    return _kept(draw, look, form=form, version=f"{version}:{theme}:{title}:{subtitle}")


def _kept(draw: Draw, look: Look, *, form: str, version: str) -> bytes:
    named = f"{DEFINITIONS}:{version}:{form}:{look.narrow}:{get_language()}"
    key = f"chart:{hashlib.sha256(named.encode()).hexdigest()[:40]}"
    found: bytes | None = cache.get(key)
    if found is None:
        found = _drawn(draw(look).to_dict(), form)
        cache.set(key, found, KEEP_SECONDS)
    return found


def _drawn(definition: dict[str, Any], form: str) -> bytes:
    if form == "json":
        return json.dumps(definition, ensure_ascii=False).encode()
    language = (get_language() or "en").partition("-")[0]
    options: dict[str, Any] = {
        "time_format_locale": LOCALES.get(language),
        "format_locale": NUMBERS.get(language),
        # The data are in the definition; nothing is fetched.
        "allowed_base_urls": [],
    }
    if form == "png":
        return bytes(vl_convert.vegalite_to_png(definition, scale=2, **options))
    return str(vl_convert.vegalite_to_svg(definition, **options)).encode()
