"""The charts, each defined once: Vega-Lite by Altair, for the page, for SVG and for PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
from django.utils.translation import gettext as _

from tracker.pages.kit.palettes import Palette

SANS, SERIF = "Public Sans, sans-serif", "Newsreader, serif"
Row = Mapping[str, Any]
TENTHS: dict[str, Any] = {"format": ".0%", "values": [0, 0.2, 0.4, 0.6, 0.8, 1]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The colours, the width, and what a file says of itself: on a page the page says it."""

    palette: Palette
    narrow: bool = False
    title: str = ""
    subtitle: str = ""

    @property
    def width(self) -> int:
        return 340 if self.narrow else 860


def data_of(rows: Sequence[Row]) -> alt.InlineData:
    return alt.InlineData(values=[dict(row) for row in rows])


def finished(chart: Any, look: Look) -> Any:
    """Return the chart in the house's look: hairlines, our type, nothing that is not data."""
    palette = look.palette
    if look.title:
        chart = chart.properties(
            title=alt.TitleParams(
                text=look.title,
                subtitle=look.subtitle,
                anchor="start",
                offset=14,
                font=SERIF,
                fontSize=20,
                fontWeight=600,
                color=palette.ink,
                subtitleFont=SANS,
                subtitleColor=palette.muted,
                subtitleFontSize=13,
                subtitlePadding=6,
            )
        )
    axis = {"domainColor": palette.line, "tickColor": palette.line, "gridColor": palette.line}
    words = {"labelColor": palette.muted, "titleColor": palette.muted, "labelFont": SANS, "titleFont": SANS}
    return (
        chart.configure(
            background=palette.paper or "transparent", padding=20 if look.title else 2, font=SANS, aria=False
        )
        .configure_view(stroke=None)
        .configure_axis(
            **axis, **words, labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelPadding=5
        )
        .configure_concat(spacing=6)
    )


def _months(rows: Sequence[Row]) -> alt.X:
    years = len({row["month"][:4] for row in rows})
    several = years > 2
    # A year is named once: a tick that falls between two years would name one of them again.
    count = alt.TimeIntervalStep(interval="year", step=-(-years // 6)) if several else 4
    axis = alt.Axis(format="%Y" if several else "%b %Y", tickCount=count, grid=False, labelFlush=True)
    return alt.X("month:T", title=None, scale=alt.Scale(type="utc"), axis=axis)


def bump(rows: Sequence[Row], look: Look) -> Any:
    """
    Return the order of the leading sources, month by month.

    rows: month (ISO date), source, place (1 is best), tone (0 the leader, 1 the next, 2 the others), end
    (the name, in the last month only).
    """
    palette, names = look.palette, 130 if look.narrow else 200
    most = max((row["place"] for row in rows), default=1)
    tone = alt.Scale(domain=[0, 1, 2], range=[palette.accent, palette.ink, palette.muted])
    plain = alt.Chart(data_of(rows)).encode(
        x=_months(rows),
        y=alt.Y(
            "place:Q",
            title=None,
            scale=alt.Scale(domain=[0.6, most + 0.4], reverse=True, nice=False, zero=False),
            axis=alt.Axis(values=list(range(1, most + 1)), format="d", grid=False, domain=False, ticks=False),
        ),
        color=alt.Color("tone:O", scale=tone, legend=None),
        detail="source:N",
    )
    lines = plain.mark_line(interpolate="monotone", strokeWidth=2).encode(
        opacity=alt.condition("datum.tone == 2", alt.value(0.55), alt.value(1))
    )
    ends = plain.transform_filter("datum.end != ''")
    dots = ends.mark_circle(size=50, opacity=1)
    told = ends.mark_text(align="left", dx=9, fontSize=12, font=SANS, limit=names - 12).encode(text="end:N")
    chart = alt.layer(lines, dots, told).properties(width=look.width - names, height=26 * most + 30)
    return finished(chart, look)


def running(rows: Sequence[Row], look: Look, *, reference: float | None, reference_words: str) -> Any:
    """
    Return one source's mean so far and its mean over the latest months, month by month.

    rows: month, kind (0 so far, 1 latest months), score, end (the line's name, in its last month only).
    """
    palette, names = look.palette, 110 if look.narrow else 150
    scores = [row["score"] for row in rows] + ([] if reference is None else [reference])
    air = (max(scores) - min(scores)) * 0.12 or 0.02
    y = alt.Y(
        "score:Q",
        title=None,
        scale=alt.Scale(domain=[max(min(scores) - air, 0), max(scores) + air], nice=False, zero=False),
        axis=alt.Axis(tickCount=4, format=".2f", domain=False, ticks=False, gridOpacity=0.6),
    )
    plain = alt.Chart(data_of(rows)).encode(
        x=_months(rows),
        y=y,
        color=alt.Color(
            "kind:O", legend=None, scale=alt.Scale(domain=[0, 1], range=[palette.ink, palette.muted])
        ),
        detail="kind:N",
    )
    lines = plain.mark_line(interpolate="monotone").encode(
        strokeWidth=alt.condition("datum.kind == 0", alt.value(2.5), alt.value(1.2))
    )
    ends = plain.transform_filter("datum.end != ''")
    last = [row for row in rows if row["end"]]
    first_is_above = last[0]["score"] >= last[-1]["score"]
    told = [
        ends.transform_filter(f"datum.kind == {row['kind']}")
        .mark_text(align="left", dx=9, dy=-7 if (row is last[0]) == first_is_above else 7, fontSize=12)
        .encode(text="end:N")
        for row in last
    ]
    layers = [lines, ends.mark_circle(size=50, opacity=1), *told]
    if reference is not None:
        layers += _level(reference, reference_words, look)
    chart = alt.layer(*layers).properties(width=look.width - names, height=200)
    return finished(chart, look)


def _level(at: float, words: str, look: Look) -> list[Any]:
    """Return a dashed line across the chart with its name on it."""
    palette = look.palette
    plain = alt.Chart(data_of([{"at": at, "words": words}]))
    line = plain.mark_rule(color=palette.accent, strokeDash=[3, 3], strokeWidth=1.5).encode(y="at:Q")
    told = plain.mark_text(align="left", dy=-7, color=palette.accent, fontSize=12).encode(
        x=alt.value(4), y="at:Q", text="words:N"
    )
    return [line, told]


def calibration(curve: Sequence[Row], bins: Sequence[Row], look: Look) -> Any:
    """
    Return what was said against how often it happened, and beneath it how often it was said.

    curve: said, happened, low, high (of the consistency band, or None); bins: low, high, n. Shares 0 to 1.
    """
    palette, side = look.palette, 250 if look.narrow else 420
    share = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(**TENTHS, gridOpacity=0.6)
    x = alt.X("said:Q", title=None, scale=share, axis=alt.Axis(**TENTHS, labels=False, gridOpacity=0.6))
    y = alt.Y("happened:Q", title=_("It happened"), scale=share, axis=axis)
    base = alt.Chart(data_of(curve))
    band = base.mark_area(color=palette.band, opacity=0.55).encode(
        x=x, y=alt.Y("low:Q", title=_("It happened"), scale=share, axis=axis), y2="high:Q"
    )
    ends = [{"said": 0, "happened": 0}, {"said": 1, "happened": 1}]
    even = alt.Chart(data_of(ends)).mark_line(color=palette.accent, strokeDash=[3, 3], strokeWidth=1.5)
    step = base.mark_line(
        color=palette.ink, strokeWidth=2.5, interpolate="step", point=_points(curve, palette)
    ).encode(x=x, y=y)
    words = [
        alt.Chart(data_of([{"said": said, "happened": happened, "words": told}]))
        .mark_text(align="center", color=palette.muted, fontSize=12)
        .encode(x=x, y=y, text="words:N")
        for said, happened, told in (
            (0.32, 0.95, _("happened more often than said")),
            (0.68, 0.05, _("happened less often than said")),
        )
    ]
    drawn = alt.layer(band, even.encode(x=x, y=y), step, *words).properties(width=side, height=side)
    return finished(alt.vconcat(drawn, _counts(bins, look, side)), look)


def _points(curve: Sequence[Row], palette: Palette) -> Any:
    """Return the marks on the curve: dots where the forecasts took a few values, none on a dense curve."""
    return alt.OverlayMarkDef(color=palette.ink, size=28) if len(curve) <= 25 else False


def _counts(bins: Sequence[Row], look: Look, side: int) -> Any:
    palette = look.palette
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(**TENTHS, grid=False)
    rows = [{**row, "middle": (row["low"] + row["high"]) / 2} for row in bins if row["n"]]
    base = alt.Chart(data_of(rows))
    y = alt.Y("n:Q", title=_("Forecasts"), axis=alt.Axis(labels=False, ticks=False, grid=False, domain=False))
    bars = base.mark_rect(color=palette.band, stroke=palette.paper or "var(--paper)").encode(
        x=alt.X("low:Q", title=_("What was said"), scale=scale, axis=axis),
        x2="high:Q",
        y=y,
        y2=alt.datum(0),
    )
    told = base.mark_text(dy=-6, fontSize=10, color=palette.muted).encode(
        x=alt.X("middle:Q", scale=scale), y=y, text=alt.Text("n:Q", format="d")
    )
    return alt.layer(bars, told).properties(width=side, height=56)


def dots(rows: Sequence[Row], look: Look, *, end: float, reference: float | None) -> Any:
    """
    Return a board as dots with 95 % intervals, the best first.

    rows: name, told (what stands at the end of its line), score, mean, low and high (None without
    intervals), in order.
    """
    palette = look.palette
    names = 190
    data = alt.Chart(data_of(rows))
    x = alt.X(
        "score:Q",
        title=_("Score, lower is better"),
        scale=alt.Scale(domain=[0, end], nice=False),
        axis=alt.Axis(tickCount=5, gridOpacity=0.6, domain=False, ticks=False),
    )
    y = alt.Y(
        "name:N",
        title=None,
        sort=[row["name"] for row in rows],
        axis=alt.Axis(
            labelLimit=names, labelColor=palette.ink, labelFontSize=13, domain=False, ticks=False, grid=False
        ),
    )
    layers = [
        data.mark_rule(color=palette.ink, strokeWidth=2)
        .encode(x=x, x2="high:Q", y=y)
        .transform_calculate(score="datum.low"),
        data.mark_point(color=palette.ink, size=45, strokeWidth=1.5).encode(
            x=alt.X("mean:Q", title=_("Score, lower is better")), y=y
        ),
        data.mark_circle(color=palette.ink, size=110, opacity=1).encode(x=x, y=y),
        data.mark_text(align="left", color=palette.muted, fontSize=12).encode(
            x=alt.value(look.width - names + 8), y=y, text="told:N"
        ),
    ]
    if reference is not None:
        layers.insert(0, _mark(reference, look))
    chart = alt.layer(*layers).properties(width=look.width - names, height=max(26 * len(rows), 60))
    return finished(chart, look)


def _mark(at: float, look: Look) -> Any:
    rule = alt.Chart(data_of([{"at": at}])).mark_rule(
        color=look.palette.accent, strokeDash=[3, 3], strokeWidth=1.5
    )
    return rule.encode(x="at:Q")
