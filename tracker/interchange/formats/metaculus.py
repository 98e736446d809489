"""
Metaculus's data download: question_data.csv and forecast_data.csv, in the zip or beside each other.

A forecast holds from its start to its end. Where it ends before the question closes and no other one
by the same forecaster begins then, it was withdrawn or ran out. Rows of an aggregation method are a
crowd's. Questions of every kind are taken in; "ambiguous" and "annulled" are void.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from forecasts.files.writes.contents import RefusedRow
from tracker.interchange.formats.convert import read_converted
from tracker.interchange.formats.metaculus_kinds import CHANCE, Asked, asked_in, said_in
from tracker.interchange.house.common_csv import UnreadableFileError
from tracker.interchange.house.kind_cells import UnreadableCellError
from tracker.interchange.house.take_in import Reading
from tracker.interchange.kit.unpacking import DAMAGED, member_of, text_of

QUESTIONS, FORECASTS = "question_data.csv", "forecast_data.csv"
NEEDED = {
    QUESTIONS: ("Question ID", "Question Title", "Question Type", "Open Time", "Resolution"),
    FORECASTS: ("Question ID", "Start Time", "End Time", CHANCE),
}
FIRST, LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)

Cells = Mapping[str, str]
Numbered = tuple[int, Cells]


def read_metaculus(*, paths: Sequence[Path], name: str) -> Reading:
    """Read the zip, or the two files. Raises UnreadableFileError."""
    found = {title: rows for path in paths for title, rows in _tables(path)}
    missing = [title for title in NEEDED if title not in found]
    if missing:
        raise UnreadableFileError(f"{name} lacks {' and '.join(missing)}: give the zip, or both files")
    refused: list[RefusedRow] = []
    questions = dict(_questions(found[QUESTIONS], refused))
    rows = list(_forecasts(found[FORECASTS], questions, refused))
    reading = read_converted(rows=rows, name=name)
    told = [replace(each, file=FORECASTS) for each in reading.refused]
    return replace(reading, refused=refused + told, rows=reading.rows + len(refused))


def _tables(path: Path) -> Iterator[tuple[str, list[Numbered]]]:
    for title in NEEDED:
        with _opened(path, title) as stream:
            if stream is not None:
                yield title, _rows(stream, title)


@contextmanager
def _opened(path: Path, title: str) -> Iterator[IO[str] | None]:
    """Yield the table of that title, where the path leads to it or to a zip that holds it."""
    try:
        if not zipfile.is_zipfile(path):
            if path.name != title and not (path.suffix == ".csv" and _is_table(path, title)):
                yield None
                return
            yield io.StringIO(text_of(path), newline="")
            return
        with zipfile.ZipFile(path) as archive:
            held = next((each for each in archive.infolist() if Path(each.filename).name == title), None)
            if held is None:
                yield None
                return
            yield io.TextIOWrapper(member_of(archive, held), encoding="utf-8-sig", newline="")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"{path.name} is not UTF-8: save it as UTF-8 and try again") from error
    except csv.Error as error:
        raise UnreadableFileError(f"{path.name} can't be read: {error}") from error
    except DAMAGED as error:
        raise UnreadableFileError(f"{path.name} can't be read: it is cut short or damaged") from error


def _is_table(path: Path, title: str) -> bool:
    """Return whether the file's header is that table's, whatever the file is called."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return set(NEEDED[title]) <= set(next(csv.reader(file), []))


def _rows(stream: IO[str], title: str) -> list[Numbered]:
    reader = csv.DictReader(stream, restval="")
    missing = [each for each in NEEDED[title] if each not in (reader.fieldnames or ())]
    if missing:
        raise UnreadableFileError(f"{title} lacks {', '.join(missing)}")
    return [(reader.line_num, row) for row in reader]


@dataclass(frozen=True, slots=True)
class Found:
    """A question: what it asks, its cells in the common format, and when it closed."""

    asked: Asked
    cells: Cells
    closes: str


def _questions(rows: Sequence[Numbered], refused: list[RefusedRow]) -> Iterator[tuple[str, Found]]:
    """Yield each question by its id; refuse those that can't be used."""
    for line, row in rows:
        try:
            asked = asked_in(row)
        except UnreadableCellError as error:
            refused.append(RefusedRow(line, error.field, error.message, QUESTIONS))
        else:
            closes = row.get("Scheduled Close Time", "") or row.get("Actual Close Time", "")
            cells = {"deadline_on": closes[:10], **_cells(row), **asked.cells}
            known = row.get("Resolution Known Time", "") if cells["resolution"] else ""
            yield (
                row["Question ID"],
                Found(asked, cells | {"resolved_time": known}, row.get("Actual Close Time", "") or closes),
            )


def _cells(row: Cells) -> Cells:
    title, label = row["Question Title"].strip(), row.get("Label", "").strip()
    return {
        "question_id": f"metaculus-{row['Question ID']}",
        "question": f"{title} [{label}]" if label and label not in title else title,
        "event": f"metaculus-post-{row['Post ID']}" if label and row.get("Post ID") else "",
        "open_time": row["Open Time"],
        "criteria": f"As resolved at {row['Question URL']}." if row.get("Question URL") else "",
    }


def _forecasts(
    rows: Sequence[Numbered], questions: Mapping[str, Found], refused: list[RefusedRow]
) -> Iterator[Numbered]:
    begun = {(row["Question ID"], _who(row), row["Start Time"]) for _, row in rows}
    latest = max((_instant(row["Start Time"]) for _, row in rows), default=FIRST)
    for line, row in rows:
        question = questions.get(row["Question ID"])
        if question is None:
            continue
        try:
            value = said_in(row, question.asked)
        except UnreadableCellError as error:
            refused.append(RefusedRow(line, error.field, error.message, FORECASTS))
            continue
        source, kind = _who(row)
        said = {**question.cells, "source": source, "source_kind": kind}
        yield line, said | {"forecast_time": row["Start Time"], **value}
        ends = row["End Time"].strip()
        replaced = (row["Question ID"], (source, kind), ends) in begun
        # An end that lies ahead of everything in the file has not come yet.
        if ends and not replaced and _instant(ends) < min(_instant(question.closes, late=True), latest):
            yield line, said | {"forecast_time": ends, "withdrawn": "yes"}


def _who(row: Cells) -> tuple[str, str]:
    """Return the forecaster's name and kind of source."""
    name = row.get("Forecaster Username", "").strip()
    key = row.get("Forecaster ID", "").strip() or row.get("Forecaster (Anonymized)", "").strip()
    if not key and name:
        return f"Metaculus: {name}", "crowd"
    return name or key, "model" if row.get("Is Bot", "").strip().lower() == "true" else "person"


def _instant(cell: str, *, late: bool = False) -> datetime:
    """Return the instant; what is none lies before everything or, if `late`, after it."""
    try:
        at = datetime.fromisoformat(cell.strip())
    except ValueError:
        return LAST if late else FIRST
    return at if at.tzinfo else at.replace(tzinfo=UTC)
