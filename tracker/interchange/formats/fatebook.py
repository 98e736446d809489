"""
Fatebook's CSV: one forecast a row, times without a zone (read as UTC), resolutions YES, NO, AMBIGUOUS.

A question has no id there: its title and the time of its making stand for one. Each option of a
multiple choice is a yes-or-no question of its own, and all of them are one event.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from tracker.interchange.formats.convert import read_converted
from tracker.interchange.house.common_csv import UnreadableFileError
from tracker.interchange.house.take_in import Reading
from tracker.interchange.kit.unpacking import check_rows, text_of

TITLE, OPTION, MADE = "Question title", "Multiple choice option", "Question created at"
NEEDED = (TITLE, "Forecast created by", "Forecast (scale = 0-1)", "Forecast created at", "Resolution", MADE)


def read_fatebook(*, paths: Sequence[Path], name: str) -> Reading:
    """Read the export. Raises UnreadableFileError."""
    return read_converted(rows=[row for path in paths for row in _rows(path)], name=name)


def _rows(path: Path) -> list[tuple[int, Mapping[str, str]]]:
    text = text_of(path)
    check_rows(text.count("\n"), path.name)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
        missing = [each for each in NEEDED if each not in (reader.fieldnames or ())]
        if missing:
            raise UnreadableFileError(f"{path.name} lacks {', '.join(missing)}")
        return [(reader.line_num, _row(given)) for given in reader]
    except csv.Error as error:
        raise UnreadableFileError(f"{path.name} can't be read: {error}") from error


def _row(given: Mapping[str, str]) -> Mapping[str, str]:
    title, option = given[TITLE].strip(), given.get(OPTION, "").strip()
    key = f"fatebook:{given[MADE]}:{title}"
    return {
        "question_id": f"{key}:{option}" if option else key,
        "question": f"{title} [{option}]" if option else title,
        "event": key[:200] if option else "",
        "event_name": title[:300] if option else "",
        "source": given["Forecast created by"],
        "forecast_time": given["Forecast created at"],
        "probability": given["Forecast (scale = 0-1)"],
        "resolution": given["Resolution"],
        "resolved_time": given.get("Resolved at", "") if given["Resolution"] else "",
        "open_time": given[MADE],
        "criteria": given.get("Question notes", ""),
        "deadline_on": given.get("Question resolve by", "")[:10],
    }
