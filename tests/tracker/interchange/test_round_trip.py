"""What is exported imports back to the same record."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from forecasts.models import Board, Event, Forecast, Question, Topic
from forecasts.queries import ledger
from forecasts.services.findings import Finding
from forecasts.services.forecasts import withdraw_forecast
from forecasts.services.readings import Odds, Reading
from forecasts.services.resolutions import answer_question
from forecasts.services.sources import merge_sources
from tests.records import NOW, exhibit, make_board, make_question, make_source, make_term, resolve, say
from tests.tracker.interchange.files import messy, write
from tests.tracker.interchange.files import row as file_row

pytestmark = pytest.mark.django_db


def _run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def _standings(slug):
    """Return the figures by source; namesakes go by the name that a file gives them."""
    found = {}
    for row in json.loads(_run("standings", "--board", slug, "--format", "json")):
        name = f"Nils ({row['slug']})" if row["source"] == "Nils" else row["source"]
        found[name] = [row[each] for each in ("n", "brier", "n_open", "n_void", "n_forecasts")]
    return found


def _empty():
    """Empty the tables as between two tests; triggers guard the facts against everybody else."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'forecasts_%'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _record(spring):
    """Make a record with something of everything that the format holds."""
    rain = make_question(
        "Regnar det, =1+1?\nSäg ”ja”, eller “nej”", event=Event.objects.create(slug="spring", name="Spring")
    )
    rain.topics.add(Topic.objects.create(slug="sv", name="Väder, hemma"), spring)
    void, asked = make_question("Void?"), make_question("Open?")
    for each in (void, asked):
        each.topics.add(spring)
    namesakes = make_source("Nils", "crowd"), make_source("Nils", "model")
    first, merged = make_source("Åsa", "outlet"), make_source("Åsa A.")
    for number, source in enumerate([first, make_source("Nils !"), *namesakes]):
        say(rain, source, 0.1 + number / 7)
        say(void, source, 1.0)
        say(asked, source, 0.0, days=-3.00001)
    say(rain, merged, 0.4, days=-25)
    say(rain, first, 0.95, days=-2, reading=Reading.from_term(make_term()))
    withdraw_forecast(
        question=asked, source=first, stated_at=NOW - timedelta(days=1), note="In print.", now=NOW
    )
    merge_sources(source=merged, into=first, reason="One person.", by=None, now=NOW)
    resolve(rain)
    answer_question(
        question=void,
        finding=Finding(answer="void", void_reason="source_retracted"),
        evidence=[exhibit()],
        by=None,
        now=NOW,
    )


def test_out_in_and_out_again_is_the_same_file_with_the_same_standings(tmp_path):
    spring = Topic.objects.create(slug="spring", name="Spring")
    _record(spring)
    board = {"slug": "spring", "filter": {"topics": ["spring"]}}
    make_board(**board)
    first, standings, forecasts = _run("export_forecasts"), _standings("spring"), Forecast.objects.count()
    (tmp_path / "record.csv").write_text(first, encoding="utf-8")
    _empty()
    assert not Question.objects.exists()

    make_board(**board)
    _run("import_forecasts", str(tmp_path / "record.csv"))
    assert _run("export_forecasts") == first
    assert _standings("spring") == standings
    assert Forecast.objects.count() == forecasts
    assert ledger.verify() is None


def test_a_messy_file_is_clean_after_one_round(tmp_path):
    path = write(tmp_path / "messy.csv", messy(3_000))
    with pytest.raises(CommandError, match="30 rows were refused"):
        _run("import_forecasts", path, "--board", "Messy")
    first, standings = _run("export_forecasts"), _standings("messy")
    (tmp_path / "clean.csv").write_text(first, encoding="utf-8")
    _empty()
    _run("import_forecasts", str(tmp_path / "clean.csv"), "--board", "Messy")
    assert _run("export_forecasts") == first
    assert _standings("messy") == standings


def test_only_a_board_and_into_a_file(tmp_path):
    path = tmp_path / "all.csv"
    _run("import_forecasts", write(tmp_path / "a.csv", messy(60)[:1]), "--board", "A")
    say(make_question(), make_source(), 0.5)
    assert _run("export_forecasts", "--board", "a", "--output", str(path)) == "1 rows.\n"
    assert path.read_text().count("\n") == 2
    assert _run("export_forecasts").count("\n") == 3
    with pytest.raises(CommandError, match="no board 'none'"):
        _run("export_forecasts", "--board", "none")
    assert Board.objects.count() == 1


def test_questions_of_other_kinds_are_left_out_and_said_and_no_file_adds_to_them(tmp_path):
    asked = make_question("Which?", kind="options", options=["Red", "Green"], slug="rain-1")
    say(asked, make_source(), 0, reading=Odds([0.3, 0.7]))
    say(make_question(), make_source("Bo"), 0.5)
    out, err = io.StringIO(), io.StringIO()
    call_command("export_forecasts", stdout=out, stderr=err)
    assert out.getvalue().count("\n") == 2
    assert err.getvalue().startswith("Left out: 1 forecasts on 1 questions of kind 'options'.")

    path = write(tmp_path / "a.csv", [file_row(question="rain-1")])
    with pytest.raises(CommandError, match="1 row"):
        _run("import_forecasts", path)
    assert asked.forecasts.count() == 1
