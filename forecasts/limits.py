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
        # Columns of text, from the shortest.
        "language": Limit(12, "characters", "of the code of a language"),
        "unit": Limit(60, "characters", "of a unit, or of a scale’s short name"),
        "zone": Limit(64, "characters", "of a time zone"),
        "slug": Limit(100, "characters", "of a short name in addresses, or of a token’s name"),
        "phrase": Limit(120, "characters", "of a term of a scale"),
        "person": Limit(150, "characters", "of a person’s name"),
        "name": Limit(200, "characters", "of a name, a role, an option, or a question’s short name"),
        "mail": Limit(254, "characters", "of a mail address"),
        "key": Limit(255, "characters", "of the key of a request"),
        "label": Limit(300, "characters", "of an event, a speaker as written, or how to reach somebody"),
        "line": Limit(500, "characters", "of a headline, a channel’s address, or a remark"),
        "address": Limit(2_000, "characters", "of an address of the web"),
        "sentence": Limit(2_000, "characters", "of a question, or of the words of a value"),
        "note": Limit(5_000, "characters", "of a note or a reason"),
        "value": Limit(20_000, "characters", "of a value of JSON"),
        "words": Limit(100_000, "characters", "of a quotation, its translation, or criteria"),
        "evidence": Limit(200_000, "characters", "of the text of a piece of evidence"),
        "password": Limit(4_096, "characters", "of a password"),
        "article": Limit(2_000_000, "characters", "of the text of an article"),
        "cues": Limit(50, "entries", "of the cues of a statement"),
        "options": Limit(50, "entries", "of the options of a question"),
        "channels": Limit(20, "entries", "of the kinds of message that a person has left"),
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
