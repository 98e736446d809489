"""Whatever a file holds, a reader says so in words: no exception of another kind, no path of ours."""

import gzip
import io
import json
import re
import zipfile

import pyarrow as pa
import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from forecasts import limits
from forecasts.models import Import, Question
from tests.tracker.interchange.files import HEADER, as_csv, row, write
from tracker.interchange.formats.fatebook import NEEDED as FATEBOOK
from tracker.interchange.formats.metaculus import NEEDED as METACULUS
from tracker.interchange.formats.registry import READERS, read_as
from tracker.interchange.kit.refusals import UnreadableFileError

# What each reader is given that is almost right; a format without a row here fails the first test.
ALMOST = {
    "common": as_csv([row()] * 3).encode(),
    "fatebook": (",".join(f'"{each}"' for each in FATEBOOK) + "\n" + "x," * len(FATEBOOK)).encode(),
    "forecastbench": json.dumps(
        {"questions": [{"id": "a", "source": "b", "question": 1}], "forecasts": [{"id": "a", "source": "b"}]}
    ).encode(),
    "manifold": b'[{"outcomeType": "BINARY", "id": "a", "question": "b", "createdTime": 1e99}]',
    "metaculus": ",".join(METACULUS["question_data.csv"]).encode(),
    "predictionbook": json.dumps(
        [{"id": 1, "description": None, "deadline": [], "responses": [{"confidence": {}, "user": 3}]}]
    ).encode(),
}
# Paths of ours, and what only a traceback says.
OURS = re.compile(r"/[a-z]+/|Traceback|\.py\b|0x[0-9a-f]{6}")


def _zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _parquet(**columns):
    out = io.BytesIO()
    parquet.write_table(pa.table(columns), out)
    return out.getvalue()


def _read(folder, format, content, name="given.csv"):
    """Return what was read, or the words of the refusal; anything else is raised."""
    path = folder / name
    path.write_bytes(content)
    try:
        found = read_as(format, paths=[path], name=name)
        told = " ".join(f"{each.file} {each.reason}" for each in found.refused)
    except UnreadableFileError as error:
        found = told = str(error)
    assert not OURS.search(told), told
    assert not isinstance(found, str) or len(found) > 15
    return found


def test_each_format_has_a_file_that_is_almost_right():
    assert ALMOST.keys() == READERS.keys()


@pytest.mark.parametrize("format", READERS)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\0" * 100,
        b"\xff\xfe\x00a",
        b"[" * 100_000,
        b"{}",
        b"[1]",
        b"null",
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b"PAR1 and no more",
        b"\x1f\x8b and no more",
        b"PK\x03\x04 and no more",
        b'a,b\n"',
        b"1e999",
        _zipped(**{"a.csv": b"a,b\n1,2\n"}),
    ],
    ids=range(15),
)
def test_no_table_at_all(tmp_path, format, content):
    assert isinstance(_read(tmp_path, format, content), str)


@pytest.mark.parametrize("format", READERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_and_truncated_bytes(tmp_path, format, data):
    whole = ALMOST[format]
    cut = data.draw(st.integers(0, len(whole)))
    at = data.draw(st.integers(0, len(whole)))
    content = data.draw(
        st.one_of(
            st.binary(max_size=300),
            st.just(whole[:cut]),
            st.binary(max_size=8).map(lambda junk: whole[:at] + junk + whole[at:]),
            st.just(gzip.compress(whole)[:cut]),
        )
    )
    _read(tmp_path, format, content)


# Each limit of a file: what is over it, by which reader, and what the words name.
@pytest.fixture
def small(monkeypatch):
    """Limits that a test can be over without megabytes."""
    changed = {
        "unpacked": limits.Limit(50_000, "bytes", "of a file once it is unpacked"),
        "rows": limits.Limit(50, "rows", "of a file"),
        "cell": limits.Limit(500, "characters", "of a cell"),
    }
    monkeypatch.setattr(limits, "LIMITS", {**limits.LIMITS, **changed})
    monkeypatch.setattr("tracker.interchange.kit.unpacking.FREE_OF_RATIO", 1_000)


MANY = as_csv([row(question=f"rain:{at}") for at in range(60)]).encode()
COLUMNS = {name: ["x"] for name in HEADER}
OVER = [
    ("rows", "common", MANY, "at most 50 are read"),
    ("rows", "common", _parquet(**{name: ["x"] * 60 for name in HEADER}), "at most 50 are read"),
    ("rows", "fatebook", (",".join(FATEBOOK) + "\n" * 60).encode(), "at most 50 are read"),
    ("unpacked", "common", gzip.compress(MANY * 20, 1), "once it is unpacked"),
    ("unpacked", "common", _parquet(**COLUMNS, other=["y" * 60_000]), "once it is unpacked"),
    ("unpacked", "metaculus", _zipped(**{"question_data.csv": MANY * 20}), "once it is unpacked"),
    ("ratio", "common", gzip.compress(b"," * 40_000), "times its size"),
    ("ratio", "common", _zipped(**{"a.csv": b"," * 40_000}), "times its size"),
    ("ratio", "forecastbench", gzip.compress(b"[" + b" " * 40_000), "times its size"),
    ("cell", "common", as_csv([row(), row(source="S" * 501)]).encode(), "line 3: source has 501 characters"),
    ("cell", "common", as_csv([row(question='a"b\n' + "q" * 501)]).encode(), "characters"),
    ("columns", "common", ("a," * 501 + "\n").encode(), "columns: at most 500"),
    ("depth", "manifold", b"[" * 101 + b"]" * 101, "more than 100 levels"),
    ("depth", "predictionbook", b"[" * 9_000 + b"]" * 9_000, "more than 100 levels"),
]


@pytest.mark.parametrize(
    ("limit", "format", "content", "words"), OVER, ids=[f"{each[0]}-{each[1]}" for each in OVER]
)
@pytest.mark.usefixtures("small")
def test_what_is_over_a_limit_is_refused_in_words_that_name_it(tmp_path, limit, format, content, words):
    told = _read(tmp_path, format, content)
    assert isinstance(told, str), told.rows
    assert words in told


def test_every_limit_is_among_them():
    # What an upload is refused for before it is read is tried at the desk and by the API.
    assert {limit for limit, *_ in OVER} | {"files", "file_name"} == limits.OF_FILES.keys()


def test_an_archive_within_an_archive_and_one_of_many_files(tmp_path):
    inner = gzip.compress(MANY)
    assert "another archive" in _read(tmp_path, "common", _zipped(**{"a.csv.gz": inner}))
    assert "one by one" in _read(tmp_path, "common", _zipped(**{"a.csv": MANY, "b.csv": MANY}))
    assert _read(tmp_path, "common", _zipped(**{"a.csv": MANY})).rows == 60
    assert _read(tmp_path, "common", gzip.compress(MANY) + gzip.compress(b"")).rows == 60


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["topics", "options", "probabilities", "quantiles"])
@pytest.mark.parametrize("cell", ["[" * 40_000 + "]" * 40_000, '{"a":' * 9_000, "9" * 9_000], ids=range(3))
def test_a_cell_of_json_that_no_reader_holds_costs_its_row_alone(tmp_path, column, cell):
    kind = {
        "kind": "options",
        "options": '["Red", "Blue"]',
        "probabilities": '{"Red": 0.5}',
        "resolution": "",
    }
    bad = row(question="bad:1", probability="", resolution="", resolved_time="") | kind | {column: cell}
    path = write(tmp_path / "given.csv", [bad, row(question="good:1")])
    with pytest.raises(CommandError, match="1 rows were refused"):
        call_command("import_forecasts", path, board="all")
    [refused] = Import.objects.get().refused
    assert refused["line"] == 2
    assert not OURS.search(refused["reason"]), refused
    assert [each.proposition for each in Question.objects.all()] == ["Does it rain, good:1?"]
