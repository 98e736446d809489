"""
CSV as columns of text, many rows at once, with the line that each row starts on.

Where quotes are as RFC 4180 has them, around whole cells, whole pieces of the
file are read at once; any other file is read row by row, with the same result.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from tracker.interchange.kit.cells import Cells, Ints

MARK = b"\xef\xbb\xbf"
LINE_FEED, RETURN, QUOTE = b'\n\r"'
OPENS = np.frombuffer(b',\n"', dtype=np.uint8)
CLOSES = np.frombuffer(b',\r\n"', dtype=np.uint8)
BYTES_AT_ONCE = 2**24
ROWS_AT_ONCE = 8_000
DICTIONARY = pa.dictionary(pa.int32(), pa.string())

Columns = tuple[Ints, Mapping[str, Cells]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    choose: from the titles in the header to the place of each wanted column.

    refuse: called with the line of a row, its number of cells and the header's.
    """

    choose: Callable[[list[str]], Mapping[str, int]]
    refuse: Callable[[int, int, int], None]


@dataclass(frozen=True, slots=True)
class Header:
    width: int
    places: Mapping[str, int]


def csv_columns(data: bytes, wanted: Wanted) -> Iterator[Columns]:
    """
    Yield the line of each row, (n,), and the wanted columns, some thousand rows at a time.

    Rows without a cell for each column are refused; blank lines are no rows.
    Raises UnicodeDecodeError, csv.Error and what `wanted.choose` raises.
    """
    data = data.removeprefix(MARK)
    rows = plain_rows(data)
    return _by_row(data, wanted) if rows is None else _by_piece(data, rows, wanted)


@dataclass(frozen=True, slots=True)
class Rows:
    """Of each row, (r,): its first byte, the byte after its last, the line it starts on; blank or not."""

    start: Ints
    stop: Ints
    line: Ints
    filled: Ints


def plain_rows(data: bytes) -> Rows | None:
    r"""
    Return where the rows are, or None where quotes or the ends of lines are not plain.

    When every quote opens or closes a whole cell, a line outside quotes ends a row.

    >>> plain_rows(b'a,b\n"1\n2",3\n').line
    array([1, 2])
    >>> plain_rows(b'a,b\n5" pipe,3\n') is None
    True
    """
    if b"\r" in data and data.count(b"\r", 0, -1) != data.count(b"\r\n"):
        return None
    letters = np.frombuffer(data, dtype=np.uint8)
    lines = np.flatnonzero(letters == LINE_FEED)
    quotes = np.flatnonzero(letters == QUOTE) if b'"' in data else np.zeros(0, dtype=np.int64)
    if not _around_cells(letters, quotes):
        return None
    ends = np.flatnonzero(np.searchsorted(quotes, lines) % 2 == 0) if len(quotes) else np.arange(len(lines))
    stop, line = lines[ends] + 1, np.append(0, ends + 1) + 1
    if data and not data.endswith(b"\n"):
        stop = np.append(stop, len(data))
    start = np.append(0, stop)[: len(stop)]
    content = stop - start - (letters[stop - 1] == LINE_FEED)
    content -= (content > 0) & (letters[start + content - 1] == RETURN)
    return Rows(start, stop, line[: len(stop)], content > 0)


def _around_cells(letters: np.ndarray, quotes: Ints) -> bool:
    """Return whether quotes come in pairs, each around a whole cell or doubled within one."""
    opening, closing = quotes[::2], quotes[1::2]
    opens = (opening == 0) | np.isin(letters[opening - 1], OPENS)
    closes = np.isin(letters[np.minimum(closing + 1, len(letters) - 1)], CLOSES)
    return len(opening) == len(closing) and bool(opens.all() and closes.all())


def _by_piece(data: bytes, rows: Rows, wanted: Wanted) -> Iterator[Columns]:
    if not len(rows.start):
        wanted.choose([])
        return
    header = _header(next(csv.reader(io.StringIO(data[: rows.stop[0]].decode(), newline=""))), wanted)
    if not header.width:
        # Arrow reads no table without a column.
        yield from _by_row(data, wanted)
        return
    at = 1
    while at < len(rows.start):
        # At least one row, however long.
        to = max(at + 1, int(np.searchsorted(rows.stop, rows.start[at] + BYTES_AT_ONCE)))
        piece = data[rows.start[at] : rows.stop[to - 1]]
        line = rows.line[at:to][rows.filled[at:to]]
        at = to
        if len(line):
            yield _piece(piece, line, header, wanted)


def _piece(piece: bytes, line: Ints, header: Header, wanted: Wanted) -> Columns:
    if not piece.isascii():
        piece.decode()  # Columns that nobody asked for must be UTF-8 as well.
    short: list[int] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        short.append(row.number - 1)
        wanted.refuse(int(line[row.number - 1]), row.actual_columns, header.width)
        return "skip"

    names = [str(at) for at in range(header.width)]
    chosen = [names[at] for at in header.places.values()]
    table = arrow_csv.read_csv(
        pa.py_buffer(piece),
        # Rows that are skipped have a number only where one thread reads.
        read_options=arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(piece) + 1),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
        convert_options=arrow_csv.ConvertOptions(
            include_columns=chosen, column_types=dict.fromkeys(chosen, DICTIONARY), strings_can_be_null=False
        ),
    )
    columns = zip(header.places, table.itercolumns(), strict=True)
    return np.delete(line, short), {
        title: Cells.of(column.unify_dictionaries().combine_chunks()) for title, column in columns
    }


def _header(titles: list[str], wanted: Wanted) -> Header:
    return Header(len(titles), wanted.choose(titles))


def _by_row(data: bytes, wanted: Wanted) -> Iterator[Columns]:
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline=""))
    header = _header(next(reader, []), wanted)
    before = reader.line_num
    while rows := list(islice(reader, ROWS_AT_ONCE)):
        line = _lines(rows, before, reader.line_num)
        before = reader.line_num
        for row, at in zip(rows, line.tolist(), strict=True):
            if row and len(row) != header.width:
                wanted.refuse(at, len(row), header.width)
        whole = [row for row in rows if len(row) == header.width]
        columns = list(zip(*whole, strict=True)) or [()] * header.width
        yield (
            line[[len(row) == header.width for row in rows]],
            {title: Cells.of_texts(columns[at]) for title, at in header.places.items()},
        )


def _lines(rows: list[list[str]], before: int, after: int) -> Ints:
    """Return the line each row starts on; quoted cells may span several."""
    if after - before == len(rows):
        return np.arange(before + 1, after + 1)
    height = [1 + sum(map(_breaks, row)) for row in rows]
    return before + 1 + np.cumsum([0, *height[:-1]])


def _breaks(cell: str) -> int:
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")
