"""An export is a stream: rows go out as they come, and what was cut off says so."""

import tracemalloc
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from forecasts.files import reads as record
from tests.processes import database_url
from tests.records import make_question, make_source, say
from tracker.management.commands.export_forecasts import WRITERS

FORMS = sorted(WRITERS)


def _record(folder, rows):
    path = folder / f"{rows}.csv"
    head = "question_id,source,forecast_time,probability,resolution,resolved_time\n"
    lines = (
        f"q{n // 50},Source {n % 50},2020-01-01T00:00:{n % 60:02}Z,0.5,yes,2020-02-01T00:00:00Z\n"
        for n in range(rows)
    )
    path.write_text(head + "".join(lines), encoding="utf-8")
    call_command("import_forecasts", str(path), board=f"b{rows}", stdout=StringIO())
    return f"b{rows}"


def _export(**options):
    call_command("export_forecasts", **options, stdout=StringIO(), stderr=StringIO())


def _peak(form, board, path):
    tracemalloc.start()
    call_command(
        "export_forecasts", to=form, board=board, output=str(path), stdout=StringIO(), stderr=StringIO()
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.django_db
@pytest.mark.slow
def test_memory_does_not_grow_with_the_record(tmp_path, monkeypatch):
    # Two blocks are in memory at a time, the one that goes out and the one that comes.
    monkeypatch.setattr(record, "ROWS_AT_ONCE", 100)
    few, many = (_record(tmp_path, rows) for rows in (300, 1_200))
    path = tmp_path / "out.csv"
    _peak("common", few, path)  # What is imported and compiled once is not of the rows.
    for form in FORMS:
        assert _peak(form, many, path) < 1.5 * _peak(form, few, path), form
    assert [each.name for each in tmp_path.glob("out*")] == ["out.csv"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("form", FORMS)
def test_what_the_database_cuts_off_is_said_and_leaves_the_file_before(tmp_path, form):
    say(make_question(), make_source(), 0.5)
    path = tmp_path / "out.csv"
    path.write_text("as before", encoding="utf-8")
    with psycopg.connect(database_url()) as holder, connection.cursor() as cursor:
        holder.execute("LOCK TABLE forecasts_forecast IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SET statement_timeout = 100")
        try:
            with pytest.raises(CommandError, match=r"cut it off, and nothing was written: .*timeout"):
                call_command("export_forecasts", to=form, output=str(path))
            with pytest.raises(CommandError, match="what came out is not whole"):
                call_command("export_forecasts", to=form, stdout=StringIO())
        finally:
            cursor.execute("RESET statement_timeout")
        holder.rollback()
    assert {each.name: each.read_text(encoding="utf-8") for each in tmp_path.iterdir()} == {
        "out.csv": "as before"
    }
    _export(to=form, output=str(path))
    assert path.read_text(encoding="utf-8") != "as before"


@pytest.mark.django_db
def test_a_device_is_written_to_and_not_replaced():
    call_command("export_forecasts", output="/dev/null", stdout=StringIO())
    with open("/dev/null", "rb") as device:
        assert not device.seekable() or device.read() == b""
