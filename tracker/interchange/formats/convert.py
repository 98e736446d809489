"""Rows of another format, put into the columns of the common one and checked like those."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tracker.interchange.house.common_csv import REQUIRED
from tracker.interchange.house.take_in import Reading, read_for_import
from tracker.interchange.house.text_cells import QUESTION_TEXTS, ROW_TEXTS

COLUMNS = (*REQUIRED, "open_time", *QUESTION_TEXTS, *ROW_TEXTS)


def read_converted(*, rows: Sequence[tuple[int, Mapping[str, str]]], name: str) -> Reading:
    """Read rows, each with its own line in the file that it comes from."""
    lines = [0, 0, *(line for line, _ in rows)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "converted.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            # One line for each row, so that the lines can be told back.
            writer.writerows({key: " ".join(cell.split()) for key, cell in row.items()} for _, row in rows)
        reading = read_for_import(paths=[str(path)], name=name)
    questions = [replace(each, line=lines[each.line]) for each in reading.contents.questions]
    return replace(
        reading,
        contents=replace(reading.contents, questions=questions),
        refused=[replace(each, line=lines[each.line]) for each in reading.refused],
    )
