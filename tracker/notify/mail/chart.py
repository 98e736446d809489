"""The small chart of a mail: who says how likely, on one axis, as a PNG that the mail carries along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import vl_convert
from django.utils.html import escape
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from forecasts.models import Forecast
from tracker.wording.numbers import percent, plain_spaces
from tracker.wording.values import said_words

WIDTH, ROW, TOP, BOTTOM = 400, 30, 10, 30
LEFT, RIGHT = 150, 340
ROWS = 8
PAPER, INK, MUTED, LINE, ACCENT = "#fcfbf8", "#1b1a18", "#55524b", "#d9d5ca", "#86203a"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChart:
    """The picture, its size in CSS pixels, and the same in words for whoever does not see it."""

    png: bytes
    width: int
    height: int
    words: str


def chart_of(forecasts: Sequence[Forecast]) -> MailChart | None:
    """Return the chart of what is said now, the likeliest first; none for fewer than two."""
    said = sorted(
        (each for each in forecasts if each.probability is not None),
        key=lambda each: -(each.probability or 0),
    )
    if len(said) < 2:
        return None
    shown = said[:ROWS]
    height = TOP + ROW * len(shown) + BOTTOM
    words = "; ".join(f"{_name(each)}: {_value(each)}" for each in shown)
    if len(said) > len(shown):
        words += "; " + _("and %(count)d more") % {"count": len(said) - len(shown)}
    return MailChart(png=_png(_svg(shown, height)), width=WIDTH, height=height, words=words)


@lru_cache(maxsize=200)
def _png(svg: str) -> bytes:
    """Return the drawing at twice its size, for the screens of telephones. Equal figures are drawn once."""
    return bytes(vl_convert.svg_to_png(svg, scale=2))


def _svg(shown: Sequence[Forecast], height: int) -> str:
    bottom = height - BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        'font-family="Liberation Sans, Helvetica, Arial, sans-serif" font-size="14">',
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
    ]
    for share in (0.0, 0.5, 1.0):
        x = _x(share)
        parts.append(f'<path d="M{x} {TOP}V{bottom}" stroke="{LINE}"/>')
        label = f'<text x="{x}" y="{bottom + 19}" text-anchor="middle" fill="{MUTED}" font-size="12">'
        parts.append(f"{label}{percent(share)}</text>")
    for index, each in enumerate(shown):
        parts += _row(each, TOP + ROW * index + ROW / 2)
    return "".join([*parts, "</svg>"])


def _row(forecast: Forecast, y: float) -> list[str]:
    low, high, best = _ends(forecast)
    parts = [f'<text x="10" y="{y + 5}" fill="{INK}">{escape(Truncator(_name(forecast)).chars(17))}</text>']
    if high > low:
        band = f'<path d="M{_x(low)} {y}H{_x(high)}" stroke="{ACCENT}" stroke-opacity="0.35"'
        parts.append(f'{band} stroke-width="7" stroke-linecap="round"/>')
    parts.append(f'<circle cx="{_x(best)}" cy="{y}" r="5" fill="{ACCENT}"/>')
    parts.append(f'<text x="{WIDTH - 8}" y="{y + 5}" text-anchor="end" fill="{INK}">{percent(best)}</text>')
    return parts


def _ends(forecast: Forecast) -> tuple[float, float, float]:
    best = forecast.probability or 0.0
    low, high = forecast.probability_low, forecast.probability_high
    return best if low is None else low, best if high is None else high, best


def _x(share: float) -> float:
    return LEFT + share * (RIGHT - LEFT)


def _name(forecast: Forecast) -> str:
    source = forecast.source
    return source.merged_into.name if source.merged_into else source.name


def _value(forecast: Forecast) -> str:
    return plain_spaces(said_words(forecast))
