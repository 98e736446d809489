"""The charts that are drawn by one definition, as readers see them."""

from collections import Counter

import pytest
import vl_convert

from tracker.pages.kit import plots
from tracker.pages.kit.palettes import LIGHT


def _months(first_year: int, last_year: int) -> list[dict]:
    return [
        {"month": f"{year}-{month:02}-01", "kind": 0, "score": 0.2, "end": ""}
        for year in range(first_year, last_year + 1)
        for month in (1, 4, 7, 10)
    ]


@pytest.mark.parametrize(("first", "last"), [(2020, 2022), (2014, 2025), (1999, 2026)])
def test_each_year_is_named_once_on_an_axis_of_years(first, last):
    rows = _months(first, last)
    rows[-1]["end"] = "all so far"
    chart = plots.running(rows, plots.Look(palette=LIGHT), reference=None, reference_words="")
    drawn = vl_convert.vegalite_to_svg(chart.to_dict())
    named = Counter(year for year in range(1990, 2030) for _ in range(drawn.count(f">{year}<")))
    assert set(named.values()) == {1}
    assert 3 <= len(named) <= 7
