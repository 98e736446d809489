"""manage.py score reads Parquet as it reads CSV."""

import csv
from datetime import datetime

import pyarrow
import pytest
from django.core.management import CommandError
from pyarrow import parquet

from tests.tracker.management.scored_files import HEADER, ROWS, scored


def in_parquet(path, rows, **columns):
    table = pyarrow.Table.from_pylist([dict(zip(HEADER.split(","), row, strict=True)) for row in rows])
    for name, column in columns.items():
        table = table.set_column(table.column_names.index(name), name.title(), column)
    parquet.write_table(table, path)
    return str(path)


def test_parquet_of_texts(file_of, tmp_path):
    path = in_parquet(tmp_path / "forecasts.parquet", csv.reader(ROWS))
    assert scored(path)[0] == scored(file_of(*ROWS))[0]


def test_parquet_of_numbers_and_instants(file_of, tmp_path):
    rows = list(csv.reader(ROWS))
    instants = [datetime.fromisoformat(row[3]) for row in rows]
    resolved = [datetime.fromisoformat(row[6]) if row[6] else None for row in rows]
    path = in_parquet(
        tmp_path / "named.anything",
        rows,
        forecast_time=pyarrow.array(instants, pyarrow.timestamp("ns", "Europe/Stockholm")),
        resolved_time=pyarrow.array(resolved, pyarrow.timestamp("us", "UTC")),
        probability=pyarrow.array([float(row[4]) for row in rows]),
        resolution=pyarrow.array([row[5] or None for row in rows]),
        source=pyarrow.array([row[2] for row in rows]).dictionary_encode(),
    )
    assert scored(path)[0] == scored(file_of(*ROWS))[0]


def test_parquet_of_yes_and_no(file_of, tmp_path):
    rows = list(csv.reader(ROWS[:4]))
    path = in_parquet(
        tmp_path / "forecasts.parquet", rows, resolution=pyarrow.array([row[5] == "yes" for row in rows])
    )
    assert scored(path)[0] == scored(file_of(*ROWS[:4]))[0]


def test_a_row_of_parquet_is_refused_by_its_number(tmp_path):
    rows = list(csv.reader(ROWS))
    path = in_parquet(
        tmp_path / "forecasts.parquet", rows, probability=pyarrow.array([0.9, 60.0, None, 0.5, 0.5, 0.5])
    )
    refused = scored(path)[0]["refused"]
    assert [(row["line"], row["field"]) for row in refused] == [(2, "probability"), (3, "probability")]
    assert "write 0.25 for 25 %" in refused[0]["reason"]
    assert "is empty" in refused[1]["reason"]


def test_parquet_that_cannot_be_read_says_why(tmp_path):
    rows = list(csv.reader(ROWS))
    nested = in_parquet(tmp_path / "nested", rows, source=pyarrow.array([[row[2]] for row in rows]))
    with pytest.raises(CommandError, match="column source holds list"):
        scored(nested)
    broken = tmp_path / "broken"
    broken.write_bytes(b"PAR1 and no more")
    with pytest.raises(CommandError, match="can't be read"):
        scored(str(broken))
