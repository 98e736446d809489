"""Files to score, written as a test asks."""

import gzip

import pytest

from tests.tracker.management.scored_files import HEADER


@pytest.fixture
def file_of(tmp_path):
    def write(*rows, header=HEADER, name="forecasts.csv", end="\n", encoding="utf-8"):
        path = tmp_path / name
        content = (end.join((header, *rows)) + end).encode(encoding)
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return str(path)

    return write
