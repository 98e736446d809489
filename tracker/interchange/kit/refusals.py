"""What can't be read: a row, or a file as a whole."""

from __future__ import annotations

from dataclasses import dataclass


class UnreadableFileError(ValueError):
    """The file as a whole can't be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row was left out."""

    file: str
    line: int
    field: str
    reason: str
