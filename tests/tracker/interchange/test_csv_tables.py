"""Tables of text: whole pieces of a file at once give what reading it row by row gives."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.interchange.kit import csv_tables
from tracker.interchange.kit.csv_tables import Wanted, csv_columns, plain_rows

CELLS = st.text(alphabet='ab ,"\n\r\t;1.é\u2028', max_size=5)


def read(data: bytes, columns: int = 2):
    """Return each row's line and cells, and the rows that were refused."""
    refused = []
    wanted = Wanted(
        choose=lambda titles: {str(at): at for at in range(min(columns, len(titles)))},
        refuse=lambda *each: refused.append(each),
    )
    found = []
    for line, cells in csv_columns(data, wanted):
        found += [(at, *(column[row] for column in cells.values())) for row, at in enumerate(line.tolist())]
    return found, refused


def by_row(data: bytes, monkeypatch) -> object:
    with monkeypatch.context() as patched:
        patched.setattr(csv_tables, "plain_rows", lambda _: None)
        return read(data)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.booleans(),
    st.integers(1, 40),
)
def test_pieces_of_any_size_say_what_the_rows_say(rows, end, quoting, cut, at_once):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end, quoting=quoting).writerows(rows)
    data = out.getvalue().encode()
    data = data.removesuffix(end.encode()) if cut else data
    with pytest.MonkeyPatch.context() as patch:
        expected = by_row(data, patch)
        patch.setattr(csv_tables, "BYTES_AT_ONCE", at_once)
        assert read(data) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='ab,"\n\r ', max_size=40))
def test_any_bytes_are_read_the_same_way(text):
    data = b"a,b\n" + text.encode()
    with pytest.MonkeyPatch.context() as patch:
        assert read(data) == by_row(data, patch)


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b'a,b\n"1\n\n2",3\n4,5\n', [2, 5]),
        (b"a,b\r\n\r\n1,2\r\n\r\n3,4", [3, 5]),
        (b'"a\nb",c\n1,2\n', [3]),
        (b"\xef\xbb\xbfa,b\n1,2\n", [2]),
        (b"a,b\r1,2\r3,4\r", [2, 3]),
    ],
)
def test_a_row_is_on_the_line_it_starts_on(data, lines):
    found, refused = read(data)
    assert [row[0] for row in found] == lines
    assert refused == []


def test_rows_too_short_or_too_long_are_told_with_their_line():
    found, refused = read(b'a,b\n1,2\n\n3\n"4\n",5\n6,7,8\n9,10\n')
    assert found == [(2, "1", "2"), (5, "4", "5"), (8, "9", "10")]
    assert refused == [(4, 1, 2), (7, 3, 2)]


@pytest.mark.parametrize(
    "data", [b'a,5" pipe\n', b'a, "b"\n', b'"a"b,c\n', b'a,"b\n', b"a\rb\n", b'a"",b\n'], ids=str
)
def test_only_quotes_around_whole_cells_are_plain(data):
    assert plain_rows(data) is None


def test_columns_that_nobody_asked_for_are_utf_8_as_well():
    with pytest.raises(UnicodeDecodeError):
        read(b"a,b,c\n1,2,\xff\n")
