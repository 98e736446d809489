"""The tokens that charts take: the stylesheet's own on a page, their values in a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours by their names in the stylesheet; `paper` is empty where the page shows through."""

    paper: str
    ink: str
    muted: str
    line: str
    accent: str
    band: str


# On a page the browser puts in the values, so one drawing serves both themes.
PAGE = Palette(
    paper="",
    ink="var(--ink)",
    muted="var(--muted)",
    line="var(--line)",
    accent="var(--accent)",
    band="var(--band)",
)
LIGHT = Palette(
    paper="#fcfbf8", ink="#1b1a18", muted="#55524b", line="#d9d5ca", accent="#86203a", band="#c9c4b7"
)
DARK = Palette(
    paper="#161513", ink="#efece4", muted="#b8b3a8", line="#3c3934", accent="#f0a0ae", band="#57534b"
)
THEMES = {"light": LIGHT, "dark": DARK}
