"""manage.py import_forecasts: a file of forecasts becomes the record, whatever it looks like."""

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config.embedded.places import ROOT
from forecasts.models import Board, Entry, Forecast, Import, Question, Resolution, Source, Term
from forecasts.record.reads import ledger
from tests.processes import database_url, wait_until
from tests.tracker.interchange.files import as_csv, messy, row, write

pytestmark = pytest.mark.django_db


def _import(*arguments):
    """Return the summary, what was said on standard error, and the exit code."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_forecasts", *arguments, "--format", "json", stdout=out, stderr=err)
        code = 0
    except CommandError as error:
        code = error.returncode
    return json.loads(out.getvalue()), err.getvalue(), code


def _standings(board):
    out = io.StringIO()
    call_command("standings", "--board", board, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def test_a_file_becomes_a_board(tmp_path):
    path = write(tmp_path / "rain.csv", [row(), row(source="Nils", probability=0.4)])
    figures, said, code = _import(path, "--board", "Rain or not")
    assert (figures["rows"], figures["new_questions"], figures["new_forecasts"]) == (2, 1, 2)
    assert (figures["new_resolutions"], figures["refused"], code, said) == (1, 0, 0, "")
    board = Board.objects.get()
    assert (board.slug, board.name, board.filter) == (
        "rain-or-not",
        "Rain or not",
        {"topics": ["rain-or-not"]},
    )
    briers = {each["source"]: each["brier"] for each in _standings("rain-or-not")}
    assert briers == {"Testa Testsson": pytest.approx(0.09), "Nils": pytest.approx(0.36)}
    question = Question.objects.get()
    assert question.proposition == "Does it rain, rain:1?"
    assert question.criteria == "As resolved in the file rain.csv."
    assert question.opens_at.isoformat() == "2019-03-01T12:00:00+00:00"
    assert question.deadline_at.isoformat() == "2019-04-02T00:00:00+00:00"
    assert not question.deadline_imputed
    assert {each.slug for each in question.topics.all()} == {"weather", "rain-or-not"}
    assert ledger.verify() is None


def test_the_same_file_twice_changes_nothing_and_says_so(tmp_path):
    path = write(tmp_path / "rain.csv", [row(), row(source="Nils")])
    _import(path)
    head = ledger.head()
    out = io.StringIO()
    call_command("import_forecasts", path, stdout=out)
    assert "taken in before: nothing changed" in out.getvalue()
    figures, _, _ = _import(path)
    assert (figures["known_before"], figures["new_forecasts"], figures["new_questions"]) == (True, 0, 0)
    # Another board ranks the questions that are there, and still no fact is added.
    figures, _, _ = _import(path, "--board", "Second")
    assert (figures["new_forecasts"], figures["new_resolutions"]) == (0, 0)
    assert [each["n"] for each in _standings("second")] == [1, 1]
    assert ledger.head() == head


def test_the_bytes_may_be_gzipped_with_a_mark_and_crlf(tmp_path):
    path = tmp_path / "rain.csv.gz"
    text = "\ufeff" + as_csv([row(source="Åsa"), row(source="Nils")], newline="\r\n")
    path.write_bytes(gzip.compress(text.encode()))
    figures, _, code = _import(str(path))
    assert (figures["new_forecasts"], code) == (2, 0)
    assert set(Source.objects.values_list("name", flat=True)) == {"Åsa", "Nils"}


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(as_csv([row()]).encode())))
    figures, _, _ = _import("-")
    assert figures["new_forecasts"] == 1
    assert Question.objects.get().criteria == "As resolved in the file standard input."


@pytest.mark.parametrize(
    ("cells", "field", "remedy"),
    [
        ({"probability": "nan"}, "probability", "not a number from 0 to 1"),
        ({"probability": "-0.1"}, "probability", "not a number from 0 to 1"),
        ({"probability": "70"}, "probability", "write 0.25 for 25 %"),
        ({"probability": "70%"}, "probability", "write 0.25 for 25 %"),
        ({"probability": ""}, "probability", "is empty"),
        ({"forecast_time": "yesterday"}, "forecast_time", "write it as 2018-01-31T12:00:00Z"),
        ({"forecast_time": "0001-01-01T00:00:00Z"}, "forecast_time", "outside the years"),
        ({"resolution": "maybe"}, "resolution", "write yes, no, annulled"),
        ({"source": ""}, "source", "is empty"),
        ({"source": "x" * 201}, "source", "at most 200"),
        ({"question": "Rain\0?"}, "question", "NUL"),
        ({"category": "x" * 201}, "category", "at most 200"),
        ({"deadline_on": "May"}, "deadline_on", "write it as 2018-01-31"),
        ({"deadline_zone": "Europe/Raqqa"}, "deadline_zone", "Use an IANA name"),
        ({"deadline_rule": "after"}, "deadline_rule", "write one of through, before"),
        ({"topics": "[1]"}, "topics", "write"),
        ({"source_kind": "oracle"}, "source_kind", "write one of person"),
        ({"low": "0.5"}, "high", "is empty, and low is not"),
        ({"low": "0.8", "high": "0.9"}, "low", "wrong side"),
        ({"withdrawn": "yes"}, "probability", "not empty in a withdrawal"),
        ({"term": "likely", "low": "0.6", "high": "0.8"}, "scale", "needs the scale"),
        ({"term": "likely", "scale": "house"}, "term", "needs a probability, low and high"),
    ],
)
def test_a_bad_cell_is_refused_with_its_line_and_a_remedy(tmp_path, cells, field, remedy):
    path = write(tmp_path / "rain.csv", [row("good"), {**row("bad"), **cells}])
    figures, said, code = _import(path)
    assert (figures["new_forecasts"], figures["refused"], code) == (1, 1, 3)
    assert said.startswith(f"line 3: {field} ")
    assert remedy in said


def test_the_report_is_a_csv_file(tmp_path):
    first = write(tmp_path / "a.csv", [row(probability=2)])
    second = write(tmp_path / "b.csv", [row("rain:2"), row("rain:3", probability="x")])
    _, said, code = _import(first, second, "--report", str(tmp_path / "refused.csv"))
    rows = list(csv.DictReader((tmp_path / "refused.csv").open()))
    assert [(each["file"], each["line"], each["field"]) for each in rows] == [
        ("a.csv", "2", "probability"),
        ("b.csv", "3", "probability"),
    ]
    assert (said, code) == ("", 3)


def test_nothing_is_read_from_a_file_that_is_not_one(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    for name, remedy in (("x.csv", "lacks question_id"), ("none.csv", "No such file")):
        with pytest.raises(CommandError, match=remedy):
            call_command("import_forecasts", str(tmp_path / name))
    assert not Import.objects.exists()


def test_open_void_late_and_certain_forecasts(tmp_path):
    rows = [
        row("void", resolution="annulled", resolved_time=""),
        row("open", resolution="", resolved_time=""),
        row("sure", probability=1),
        row("never", probability=0, resolution="no"),
        row("late", probability=0.9),
        row("late", probability=0.1, forecast_time="2019-06-01T00:00:00Z"),
        row("late", probability=0.9),
    ]
    figures, _, code = _import(write(tmp_path / "rain.csv", rows), "--board", "All")
    assert (figures["new_forecasts"], code) == (6, 0)  # The last row repeats another.
    ranked = _standings("all")[0]
    assert (ranked["n"], ranked["n_open"], ranked["n_void"]) == (3, 1, 1)
    assert ranked["brier"] == pytest.approx(0.01 / 3)
    asked = Question.objects.get(slug="open")
    assert (asked.deadline_on.isoformat(), asked.deadline_imputed) == ("2020-02-29", True)
    assert "year after the last forecast" in asked.deadline_reason
    assert Resolution.objects.get(question__slug="void").answer == "void"


def test_a_question_about_which_its_rows_disagree_is_refused_whole(tmp_path):
    rows = [row(), row(source="Nils", criteria="Rain in Teststad."), row("rain:2")]
    figures, said, _ = _import(write(tmp_path / "rain.csv", rows))
    assert (figures["new_questions"], figures["refused"]) == (1, 2)
    assert "criteria another row of the same question says something else" in said


def test_our_own_columns_are_kept(tmp_path):
    rows = [
        {
            **row(probability=0.95, source_kind="outlet", language="sv", translation="Will it rain?"),
            **{"criteria": "Rain at noon.", "condition": "If there is weather.", "event": "spring"},
            **{"event_name": "Spring", "topics": '{"vader": "Väder"}', "deadline_on": "2019-06-15"},
            **{
                "deadline_granularity": "month",
                "deadline_zone": "Europe/Stockholm",
                "deadline_rule": "before",
            },
            **{"low": "0.9", "high": "0.99", "term": "kommer att", "term_language": "sv", "scale": "test"},
        },
    ]
    withdrawal = {**rows[0], "probability": "", "low": "", "high": "", "term": "", "scale": ""}
    withdrawal |= {"term_language": "", "withdrawn": "yes", "forecast_time": "2019-03-02T00:00:00.000001Z"}
    figures, said, _ = _import(write(tmp_path / "rain.csv", [*rows, withdrawal]))
    assert (figures["new_forecasts"], said) == (2, "")
    question = Question.objects.get()
    assert (question.deadline_at.isoformat(), question.event.name) == ("2019-05-31T22:00:00+00:00", "Spring")
    assert (question.language, question.condition) == ("sv", "If there is weather.")
    assert [(each.slug, each.name) for each in question.topics.all()] == [("vader", "Väder")]
    assert Source.objects.get().kind == "outlet"
    said, taken_back = Forecast.objects.order_by("stated_at")
    assert (said.term, said.probability_imputed) == (Term.objects.get(phrase="kommer att"), True)
    assert (taken_back.withdrawn, taken_back.stated_at.microsecond) == (True, 1)
    assert ledger.verify() is None


def test_a_messy_dump_comes_in_with_a_full_report(tmp_path):
    """The benchmark times 60,000 of these: p of 0 and 1, repeats, late, void, open and bad rows."""
    rows = messy(6_000)
    figures, said, code = _import(write(tmp_path / "messy.csv", rows), "--board", "Messy")
    bad = sum(1 for at in range(6_000) if at % 100 == 1)
    assert (figures["read"], figures["rows"], figures["refused"], code) == (6_000, 6_000 - bad, bad, 3)
    assert len(said.splitlines()) == bad
    kept = {
        (each["question_id"], each["source"], each["forecast_time"], each["probability"])
        for at, each in enumerate(rows)
        if at % 100 != 1
    }
    assert figures["new_forecasts"] == Forecast.objects.count() == len(kept)
    assert figures["repeated"] == 6_000 - bad - len(kept)
    assert (figures["new_questions"], figures["new_resolutions"], figures["already_there"]) == (200, 180, 0)
    assert Resolution.objects.filter(answer="void").count() == 20
    # Another file with some of the same rows: each is found, and only what is new is added.
    figures, _, _ = _import(write(tmp_path / "part.csv", [*rows[200:300], row("new", "New")]))
    assert (figures["new_forecasts"], figures["new_questions"]) == (1, 1)
    assert figures["read"] == figures["refused"] + figures["repeated"] + figures["already_there"] + 1


def test_the_summary_says_what_became_of_each_row(tmp_path):
    out = io.StringIO()
    path = write(tmp_path / "rain.csv", [row(), row(), row(source="Nils"), row("bad", probability=2)])
    with pytest.raises(CommandError, match="1 rows were refused"):
        call_command("import_forecasts", path, stdout=out, stderr=io.StringIO())
    assert out.getvalue().strip() == (
        "4 rows read, 3 of them usable, 1 refused: 1 new questions, 2 new forecasts, 1 new resolutions; "
        "0 forecasts were there already, 1 rows repeat another."
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_import_that_was_killed_goes_on_and_ends_the_same(tmp_path):
    path = write(tmp_path / "rain.csv", [row(f"rain:{at % 50}", f"Source {at}") for at in range(600)])
    command = [sys.executable, "manage.py", "import_forecasts", path, "--rows-at-once", "20"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        # Whoever goes on waits until the lease of the one that was killed has run out.
        env={**os.environ, "DATABASE_URL": database_url(), "JOB_LEASE_SECONDS": "3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    wait_until(lambda: Import.objects.filter(done__gt=0).exists(), seconds=60, what="the first block")
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    cut_off = Import.objects.get()
    assert 0 < cut_off.done < 600
    assert Forecast.objects.count() == cut_off.done
    connection.close()
    figures, _, code = _import(path)
    assert (figures["import"], figures["state"], code) == (cut_off.pk, "done", 0)
    assert (figures["new_forecasts"], figures["new_questions"]) == (600, 50)
    assert Forecast.objects.values("source", "question").distinct().count() == 600
    assert Entry.objects.filter(kind="forecast").count() == cut_off.done // 20 + 1
    assert ledger.verify() is None
