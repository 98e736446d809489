"""
How much of anything we take: one table, for the API, the desk, the importer and the database alike.

Standard library only. What is over a limit is refused in words that name the limit; nothing is cut
short in silence. A limit of a column is also a constraint of the database, by `forecasts.models`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many of a unit, and what is counted."""

    most: int
    unit: str
    what: str


LIMITS = MappingProxyType(
    {
        "files": Limit(20, "files", "uploaded together"),
        "file_name": Limit(150, "characters", "of a file’s name"),
        "unpacked": Limit(512 << 20, "bytes", "of a file once it is unpacked"),
        "ratio": Limit(100, "times", "as large unpacked as packed, beyond the first 16 MB"),
        "rows": Limit(10_000_000, "rows", "of a file"),
        "columns": Limit(500, "columns", "of a file"),
        "cell": Limit(100_000, "characters", "of a cell"),
        "depth": Limit(100, "levels", "of JSON within JSON"),
    }
)
FREE_OF_RATIO = 16 << 20
"""Bytes that may be unpacked whatever the ratio: small files of blank cells pack very well."""


def most(name: str) -> int:
    """
    Return the limit of that name.

    >>> most("files")
    20
    """
    return LIMITS[name].most
