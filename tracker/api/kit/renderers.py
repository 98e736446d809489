"""Standings as a spreadsheet reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from rest_framework.renderers import BaseRenderer

from forecasts.boards.reads.history import HistoryPoint
from forecasts.boards.reads.standings import StandingRow


class StandingsCSVRenderer(BaseRenderer):
    """
    The rows, with a header, in UTF-8. What began as a formula is text.

    Each row says when the table is of, and whether it is whole: `complete` is false while a worker
    computes what is empty.
    """

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"
    columns = tuple(each.name for each in fields(StandingRow))
    rows = "rows"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> str:
        out = io.StringIO()
        writer = csv.DictWriter(out, (*self.columns, "complete", "as_of"), lineterminator="\r\n")
        writer.writeheader()
        about = {"complete": "false" if data["pending"] else "true", "as_of": data["as_of"]}
        writer.writerows({name: cell(row[name]) for name in self.columns} | about for row in data[self.rows])
        return out.getvalue()


class HistoryCSVRenderer(StandingsCSVRenderer):
    """The points of a history, as standings are written."""

    columns = tuple(each.name for each in fields(HistoryPoint))
    rows = "points"


def cell(value: Any) -> Any:
    """
    Return the value as a cell that no spreadsheet runs.

    >>> cell("=HYPERLINK(1)"), cell(-0.5), cell("Aftonbladet")
    ("'=HYPERLINK(1)", -0.5, 'Aftonbladet')
    """
    risky = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    return f"'{value}" if risky else value
