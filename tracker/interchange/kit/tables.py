"""Files as columns of text: CSV, plain or gzipped, and Parquet, whatever their names."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from forecasts.limits import most
from tracker.interchange.kit.cells import Cells, Ints
from tracker.interchange.kit.csv_tables import Wanted, csv_columns
from tracker.interchange.kit.refusals import Refusal, UnreadableFileError
from tracker.interchange.kit.unpacking import PARQUET, bytes_of, check_rows, check_size, name_of


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a file: the line that each starts on, (n,), and their columns."""

    file: str
    line: Ints
    cells: Mapping[str, Cells]


@dataclass(frozen=True, slots=True)
class Titles:
    """The columns that are read, in lower case; those not required may be missing."""

    required: tuple[str, ...]
    optional: tuple[str, ...]


def tables_of(path: str, titles: Titles, refused: list[Refusal]) -> Iterator[Table]:
    """
    Yield the rows of a file, some thousand at a time; "-" is standard input.

    Rows that are too short or too long are added to `refused`.
    Raises UnreadableFileError when the file is missing, empty, not UTF-8, not in
    the format, or lacks a column.
    """
    name = name_of(path)
    data = bytes_of(path)
    try:
        if data.startswith(PARQUET):
            yield _small_cells(_from_parquet(data, name, titles))
            return
        check_rows(data.count(b"\n"), name)
        for line, cells in csv_columns(data, _wanted(name, titles, refused)):
            yield _small_cells(Table(name, line, cells))
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"{name} is not UTF-8: save it as UTF-8 and try again") from error
    except csv.Error as error:
        raise UnreadableFileError(f"{name} can't be read: {error}") from error
    except (OSError, pa.ArrowException) as error:
        raise UnreadableFileError(f"{name} can't be read: it is damaged, or no table") from error


def _small_cells(table: Table) -> Table:
    """Return the table. Raises UnreadableFileError where a cell is too long."""
    for title, cells in table.cells.items():
        longest = pc.max(pc.utf8_length(cells.distinct)).as_py() or 0
        if longest > most("cell"):
            lengths = pc.utf8_length(cells.distinct).to_numpy(zero_copy_only=False)
            at = int(np.flatnonzero(cells.taken(lengths) > most("cell"))[0])
            raise UnreadableFileError(
                f"{table.file}, line {table.line[at]}: {title} has {longest:,} characters; "
                f"at most {most('cell'):,} are read"
            )
    return table


def _wanted(name: str, titles: Titles, refused: list[Refusal]) -> Wanted:
    def refuse(line: int, cells: int, width: int) -> None:
        refused.append(Refusal(name, line, "row", f"has {cells} cells, the header has {width}"))

    return Wanted(choose=lambda header: _places(header, name, titles), refuse=refuse)


def _places(header: list[str], name: str, titles: Titles) -> Mapping[str, int]:
    """Return where the columns are. Raises UnreadableFileError."""
    if len(header) > most("columns"):
        raise UnreadableFileError(f"{name} has {len(header):,} columns: at most {most('columns')} are read")
    known = [title.strip().lower() for title in header]
    if not any(known):
        raise UnreadableFileError(f"{name} is empty: the first line must name the columns")
    missing = [title for title in titles.required if title not in known]
    if missing:
        hint = " (are the cells separated by commas?)" if len(known) == 1 else ""
        raise UnreadableFileError(f"{name} lacks {', '.join(missing)}; it has {', '.join(known)}{hint}")
    read = tuple(dict.fromkeys((*titles.required, *titles.optional)))
    twice = sorted({title for title in read if known.count(title) > 1})
    if twice:
        raise UnreadableFileError(f"{name} has more than one column {', '.join(twice)}")
    return {title: known.index(title) for title in read if title in known}


def _from_parquet(data: bytes, name: str, titles: Titles) -> Table:
    file = parquet.ParquetFile(pa.BufferReader(data))
    # What it says of itself is read before anything is unpacked.
    told = file.metadata
    check_rows(told.num_rows, name)
    check_size(sum(told.row_group(at).total_byte_size for at in range(told.num_row_groups)), name)
    known = file.schema_arrow.names
    places = _places(known, name, titles)
    table = file.read(columns=[known[at] for at in places.values()])
    cells = {title: _as_text(table.column(known[at]), name, title) for title, at in places.items()}
    return Table(name, np.arange(1, table.num_rows + 1), cells)


def _as_text(column: pa.ChunkedArray, name: str, title: str) -> Cells:
    """Return a column of any plain type as people would write it. Raises UnreadableFileError."""
    words = WORDS.get(column.type.id)
    try:
        text = words(column) if words else column.cast(pa.string())
    except pa.ArrowException as error:
        raise UnreadableFileError(f"{name}: column {title} holds {column.type}, not text") from error
    whole = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    return Cells.of(pc.fill_null(whole, ""))


WORDS: Mapping[int, Callable[[pa.ChunkedArray], pa.ChunkedArray]] = {
    pa.bool_().id: lambda column: pc.if_else(column, "yes", "no"),
    pa.timestamp("us").id: lambda column: column.cast(pa.timestamp("us", column.type.tz), safe=False).cast(
        pa.string()
    ),
}
