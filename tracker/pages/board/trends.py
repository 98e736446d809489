"""The small line beside each source of a board: its mean score, month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from forecasts.boards.reads.history import HistoryPoint
from forecasts.boards.reads.standings import StandingRow
from tracker.pages.kit.geometry import spark


def trends(history: Sequence[HistoryPoint], *, ranked: Sequence[StandingRow]) -> dict[str, str]:
    """
    Return the points of each ranked source's line by its slug, on one scale for all.

    The scale holds nineteen of twenty values: one wild first month must not flatten everybody's line.
    """
    wanted = {row.slug for row in ranked}
    said: dict[str, list[float]] = defaultdict(list)
    for point in history:
        if point.slug in wanted and point.rank is not None and point.brier is not None:
            said[point.slug].append(point.brier)
    values = [value for line in said.values() for value in line]
    if not values:
        return {}
    low, high = np.quantile(values, [0.025, 0.975]).tolist()
    return {slug: spark(line, low=low, high=high) for slug, line in said.items()}
