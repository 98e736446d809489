"""The chart of two sources side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
from django.utils.translation import gettext as _

from tracker.pages.kit.plots import Look, Row, data_of, finished


def paired(rows: Sequence[Row], look: Look) -> Any:
    """
    Return two sources' scores on each question that they share, joined by a line.

    rows: asked (the question, once each), a, b (the scores), in order.
    """
    palette = look.palette
    asked = 130 if look.narrow else 330
    data = alt.Chart(data_of(rows))
    y = alt.Y(
        "asked:N",
        title=None,
        sort=[row["asked"] for row in rows],
        axis=alt.Axis(
            labelLimit=asked - 14,
            labelPadding=11,
            labelColor=palette.ink,
            domain=False,
            ticks=False,
            grid=False,
        ),
    )
    title = _("Score, lower is better")
    top = max(max(row["a"], row["b"]) for row in rows)
    scale = alt.Scale(domain=[0, max(top, 0.3)], nice=False)
    axis = alt.Axis(tickCount=5, gridOpacity=0.6, domain=False, ticks=False)
    join = data.mark_rule(color=palette.band, strokeWidth=3).encode(
        x=alt.X("a:Q", title=title, scale=scale, axis=axis), x2="b:Q", y=y
    )
    one = data.mark_circle(color=palette.accent, size=95, opacity=1).encode(x=alt.X("a:Q", title=title), y=y)
    other = data.mark_point(color=palette.ink, size=70, strokeWidth=2, fill=palette.paper or "var(--paper)")
    chart = alt.layer(join, one, other.encode(x=alt.X("b:Q", title=title), y=y))
    return finished(chart.properties(width=look.width - asked, height=max(24 * len(rows), 60)), look)
