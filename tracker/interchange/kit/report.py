"""What was refused, as a table for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

REPORT = ("file", "line", "field", "reason")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def spreadsheet_rows(refused: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """
    Return the rows with no cell that a spreadsheet would run.

    >>> spreadsheet_rows([{"file": "=1+1.csv", "line": 2, "field": "source", "reason": "is empty"}])
    [{'file': "'=1+1.csv", 'line': 2, 'field': 'source', 'reason': 'is empty'}]
    """
    return [{name: _cell(value) for name, value in row.items()} for row in refused]


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
