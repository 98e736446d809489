"""What is exported imports back to the same record."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from forecasts.files.reads import not_in_record
from forecasts.models import Board, Event, Forecast, Import, Question, Resolution, Topic, VoidReason
from forecasts.questions.values.readings import Odds, Quantiles, Reading
from forecasts.questions.writes.forecasts import correct_forecast, withdraw_forecast
from forecasts.record.reads import ledger
from forecasts.schedule import days_since_epoch
from forecasts.sources.writes import merge_sources
from forecasts.verdicts.writes.findings import Finding, days_too_late
from forecasts.verdicts.writes.resolutions import answer_question, reopen_question
from forecasts.verdicts.writes.supersede import supersede_question
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


def test_a_record_that_takes_its_own_file_in_again_stays_as_it_is(tmp_path):
    _record(Topic.objects.create(slug="spring", name="Spring"))
    number = make_question("How much?", kind="number", unit="m")
    one, other = make_source("Testa"), make_source("T. Testsson")
    for source in (one, other):
        say(number, source, 0, reading=Quantiles.point(3), days=-5 if source is one else -6)
    merge_sources(source=other, into=one, reason="One person.", by=None, now=NOW)
    head = ledger.head()
    (tmp_path / "record.csv").write_text(_run("export_forecasts"), encoding="utf-8")
    assert "0 new forecasts" in _run("import_forecasts", str(tmp_path / "record.csv"))
    assert ledger.head() == head


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
    with pytest.raises(CommandError, match="no ranking “none”"):
        _run("export_forecasts", "--board", "none")
    assert Board.objects.count() == 1


def _answer(question, outcome, **rest):
    given = {"occurred_at": NOW - timedelta(days=7)} if question.kind != "date" else {}
    finding = Finding(answer="outcome", outcome=outcome, **{**given, **rest})
    return answer_question(question=question, finding=finding, evidence=[exhibit()], by=None, now=NOW)


def _void(question, reason):
    finding = Finding(answer="void", void_reason=reason)
    answer_question(question=question, finding=finding, evidence=[exhibit()], by=None, now=NOW)


def _record_of_every_kind():
    """Make a record with every kind of question, value and answer, some of them spelled to mislead."""
    colours = ["Red", "annulled", "yes, “Green”", '"no"', "0.5"]
    days = [days_since_epoch(date(2020, 1, 1) + timedelta(days=each)) for each in (0, 30, 60)]
    asked = {
        make_question("Rain?"): Reading(best=0.7, low=0.5, high=0.8),
        make_question("Colour?", kind="options", options=colours): Odds([0.1, 0.2, 0.3, 0.4, 0.0]),
        make_question("Dull?", kind="options", options=colours): Odds([1 / 3, 1 / 3, 1 / 3, 0.0, 0.0]),
        make_question("Rate?", kind="ordered", options=["low", "high"]): Odds([0.25, 0.75]),
        make_question("Share?", kind="number", unit="%", lower_bound=-1e-9, upper_bound=100): (
            Quantiles.interval(low=3, high=5.5, level=0.8, middle=4)
        ),
        make_question("Dollars?", kind="number", unit="USD"): Quantiles.point(-1e22),
        make_question("When?", kind="date"): Quantiles([0.1, 0.5, 0.9], days),
        make_question("When else?", kind="date"): Quantiles.point(days[0] + 0.5),
        make_question("Nothing yet?", kind="number", unit="m"): Quantiles.point(0.1 + 0.2),
    }
    ann, bo = make_source("Ann"), make_source("Bo")
    for question, reading in asked.items():
        say(question, ann, 0, reading=reading)
        say(question, bo, 0, reading=reading, days=-10.00001)
        # At one and the same moment, in this order.
        moment = NOW - timedelta(days=9)
        say(question, bo, 0, reading=reading, days=-9)
        withdraw_forecast(question=question, source=bo, stated_at=moment, note="In print.", now=NOW)
    rain, colour, dull, rate, share, dollars, when, never, _ = asked
    wrong = say(share, ann, 0, reading=Quantiles.point(50), days=-3)
    correct_forecast(forecast=wrong, reading=Quantiles.point(5), note="A misprint.", now=NOW)
    resolve(rain)
    _answer(colour, 1)
    _answer(dull, 3)
    _answer(rate, 0)
    _answer(share, 4.25)
    _void(dollars, "source_retracted")
    _answer(when, days_since_epoch(date(2019, 12, 24)))
    _answer(never, days_too_late(never), occurred_at=NOW, note="It no longer can.")
    reopen_question(question=rate, reason="Looked again.", by=None, now=NOW)


def test_every_kind_of_question_comes_back_as_it_was(tmp_path):
    _record_of_every_kind()
    boards = [{"slug": rule, "rule": rule} for rule in ("brier", "ranked_probability")]
    boards.append({"slug": "crps", "rule": "crps", "filter": {"unit": "%"}})
    for each in boards:
        make_board(**each)
    first = _run("export_forecasts")
    standings = {each["slug"]: _run("standings", "--board", each["slug"]) for each in boards}
    forecasts, answers = Forecast.objects.current().count(), Resolution.objects.in_force().count()
    (tmp_path / "record.csv").write_text(first, encoding="utf-8")
    _empty()

    for each in boards:
        make_board(**each)
    _run("import_forecasts", str(tmp_path / "record.csv"))
    assert _run("export_forecasts") == first
    assert {each["slug"]: _run("standings", "--board", each["slug"]) for each in boards} == standings
    assert Forecast.objects.count() == forecasts
    # A reopening leaves a question without an answer, and that is what the file says.
    assert Resolution.objects.count() == answers - 1
    assert ledger.verify() is None

    # Whatever a file is called, what the record has already is not added again.
    (tmp_path / "again.csv").write_text(first + "\n", encoding="utf-8")
    _run("import_forecasts", str(tmp_path / "again.csv"))
    assert Forecast.objects.count() == forecasts
    assert Import.objects.latest("pk").new_questions == 0


def test_a_record_of_yes_or_no_alone_has_no_columns_of_the_others():
    say(make_question(), make_source(), 0.5)
    assert "kind" not in _run("export_forecasts").splitlines()[0].split(",")
    say(make_question("How much?", kind="number", unit="m"), make_source(), 0, reading=Quantiles.point(3))
    titles = _run("export_forecasts").splitlines()[0].split(",")
    assert titles[-9:] == [
        *("kind", "options", "unit", "lower_bound", "upper_bound", "probabilities", "quantiles"),
        *("range", "shared"),
    ]


def test_what_the_format_has_no_place_for_is_said(django_assert_num_queries):
    asked = make_question("Which?", kind="options", options=["Red", "Green"])
    say(asked, make_source(), 0, reading=Odds([0.3, 0.7]))
    make_question("Nobody knows?", base_rate=0.1, base_rate_basis="Ten years.")
    say(make_question("Said elsewhere?"), make_source("Bo"), 0.5, note="In print.")
    out, err = io.StringIO(), io.StringIO()
    call_command("export_forecasts", stdout=out, stderr=err)
    assert err.getvalue() == (
        "Left out: 1 notes on forecasts; 1 questions that nobody forecast; 1 base rates of questions. "
        "The API gives them.\n"
    )
    with django_assert_num_queries(2):
        not_in_record(board=None)


def test_a_superseded_question_comes_back_as_void_and_the_lost_link_is_said(tmp_path):
    badly, well = make_question("Will it be badly worded?"), make_question("Will it be well worded?")
    for each in (badly, well):
        say(each, make_source(), 0.5)
    supersede_question(question=badly, replacement=well, reason="It asks the same.", by=None, now=NOW)
    out, err = io.StringIO(), io.StringIO()
    call_command("export_forecasts", stdout=out, stderr=err)
    assert "Left out: 1 links from superseded questions to those in their place." in err.getvalue()
    (tmp_path / "record.csv").write_text(out.getvalue(), encoding="utf-8")
    _empty()
    _run("import_forecasts", str(tmp_path / "record.csv"))
    assert _run("export_forecasts") == out.getvalue()
    assert Resolution.objects.get().void_reason == VoidReason.UNANSWERABLE


def test_a_file_of_one_kind_adds_nothing_to_a_question_of_another(tmp_path):
    asked = make_question("Does it rain, rain-1?", kind="options", options=["Red", "Green"], slug="rain-1")
    path = write(tmp_path / "a.csv", [file_row(question="rain-1")])
    with pytest.raises(CommandError, match="1 row"):
        _run("import_forecasts", path)
    assert Import.objects.get().refused[0]["field"] == "kind"
    assert asked.forecasts.count() == 0
