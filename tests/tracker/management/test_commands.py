"""The commands print what they found, as a table, JSON or CSV."""

import csv
import io
import json
from collections import Counter
from dataclasses import fields
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from forecasts.models import Message, Role
from tests.records import NOW, make_board, make_desk, make_question, make_source, make_user, resolve, say
from tracker.notify.delivery.sweep import Swept

pytestmark = pytest.mark.django_db


def _run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def ranked():
    question = make_question()
    say(question, make_source("=Cmd"), 0.9)
    say(question, make_source("Nils"), 0.8)
    resolve(question)
    return make_board()


def test_standings_as_json_rows(ranked):
    rows = json.loads(_run("standings", "--format", "json"))
    assert [(row["rank"], row["source"], row["n"]) for row in rows] == [(1, "=Cmd", 1), (2, "Nils", 1)]
    assert {"brier", "brier_low", "brier_high", "imputed_share", "board", "as_of"} <= set(rows[0])


def test_standings_as_csv_cannot_run_a_formula(ranked):
    rows = list(csv.DictReader(io.StringIO(_run("standings", "--format", "csv"))))
    assert rows[0]["source"] == "'=Cmd"
    assert float(rows[1]["brier"]) == pytest.approx(0.04)


def test_standings_as_a_table(ranked):
    table = _run("standings")
    assert "Nils" in table
    assert "0.0400" in table


def test_standings_as_they_stood_go_by_what_was_said_and_happened(ranked):
    """Recorded at NOW, said 20 days before, and happened at NOW: open on the eve, answered on the day."""
    eve, day = (NOW - timedelta(days=1)).date().isoformat(), NOW.date().isoformat()
    before = (NOW - timedelta(days=21)).date().isoformat()
    stood = json.loads(_run("standings", "--as-it-stood", eve, "--format", "json"))
    assert [(row["source"], row["n"], row["n_open"], row["brier"]) for row in stood] == [
        ("=Cmd", 0, 1, None),
        ("Nils", 0, 1, None),
    ]
    stood = json.loads(_run("standings", "--as-it-stood", day, "--format", "json"))
    assert [(row["rank"], row["source"], row["n"]) for row in stood] == [(1, "=Cmd", 1), (2, "Nils", 1)]
    assert stood[0]["as_it_stood"].startswith(day)
    assert json.loads(_run("standings", "--as-it-stood", before, "--format", "json")) == []


def test_standings_as_of_a_date_know_nothing_later(ranked):
    earlier = (NOW - timedelta(days=1)).date().isoformat()
    assert json.loads(_run("standings", "--as-of", earlier, "--format", "json")) == []
    assert "No forecast was on the record then." in _run("standings", "--as-of", earlier)
    same_day = json.loads(_run("standings", "--as-of", NOW.date().isoformat(), "--format", "json"))
    assert [row["source"] for row in same_day] == ["=Cmd", "Nils"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["standings", "--board", "none"], "There is no ranking “none”. Rankings: all."),
        (["standings", "--as-of", "May"], "takes a date such as 2018-05-03"),
        (["sweep", "--now", "2018-01-01T00:00:00"], "needs an offset"),
        (["sweep", "--now", "soon"], "takes an ISO date-time"),
        (["verify_ledger", "--expect", "7"], "takes SEQUENCE:SHA256"),
        (["verify_ledger", "--expect", "1:abc"], "the chain was rewritten"),
    ],
)
def test_a_bad_option_says_what_to_write(ranked, arguments, message):
    with pytest.raises(CommandError, match=message.replace(".", r"\.")):
        _run(*arguments)


def test_a_sweep_after_an_outage_counts_what_went_to_the_lead_and_into_digests_and_sends_it_once():
    desk = make_desk()
    erin = make_user(desk=desk)
    make_user("lena", role=Role.LEAD, desk=desk)
    questions = [make_question(f"Will it snow on day {day}?", desk=desk, assignee=erin) for day in range(12)]
    late = questions[0].deadline_at + timedelta(weeks=5)
    told = Counter()
    for now in (late, late + timedelta(hours=36)):
        sweep = ["sweep", "--now", now.isoformat(), "--format", "json"]
        told.update(json.loads(_run(*sweep)))
        again = json.loads(_run(*sweep))
        assert (again["due"], again["claimed"], again["sent"]) == (0, 0, 0)
    # Ten to the editor, two in a mail of the next morning, and each of the twelve to the lead.
    assert (told["escalated"], told["capped"], told["digests"]) == (12, 2, 1)
    assert told["sent"] == len(mail.outbox) == 23


def test_a_sweep_counts_and_the_same_moment_again_sends_nothing():
    desk = make_desk()
    make_user(desk=desk)
    deadline = make_question(desk=desk).deadline_at.isoformat()
    sweep = ["sweep", "--now", deadline, "--format", "json"]
    nothing = dict.fromkeys((each.name for each in fields(Swept)), 0)
    assert {"due", "claimed", "sent", "failed", "escalated", "capped", "digests"} <= set(nothing)
    for _ in range(2):
        assert json.loads(_run(*sweep, "--dry-run")) == {**nothing, "due": 1, "claimed": 1}
    assert Message.objects.count() == 0
    assert json.loads(_run(*sweep)) == {**nothing, "due": 1, "claimed": 1, "sent": 1}
    assert json.loads(_run(*sweep)) == nothing
    assert _run("sweep", "--now", deadline).startswith("0 due")


def test_due_lists_the_unanswered_the_longest_overdue_first():
    late, later = make_question("Late?"), make_question("Later?", on=NOW.date() + timedelta(days=400))
    now = later.deadline_at + timedelta(days=2)
    rows = json.loads(_run("due", "--now", now.isoformat(), "--format", "json"))
    assert [(row["slug"], row["days_overdue"]) for row in rows] == [("late", 221), ("later", 2)]
    assert "Nothing is due." in _run("due", "--now", NOW.isoformat())
    resolve(late)
    assert len(json.loads(_run("due", "--now", now.isoformat(), "--format", "json"))) == 1


def test_verify_ledger_names_the_entry_that_does_not_hold(ranked):
    said = _run("verify_ledger")
    assert said.startswith("All 6 entries hold.")
    head = said.split()[-1]
    assert _run("verify_ledger", "--expect", head) == said
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE forecasts_forecast SET probability = 0.99")
        cursor.execute("SET session_replication_role = DEFAULT")
    with pytest.raises(CommandError, match=r"Entry 2 does not hold: its fact was changed \(forecast"):
        _run("verify_ledger")


def test_calibration_and_history_as_json_and_as_tables(ranked):
    found = json.loads(_run("calibration", "--as-of", "2020-07-01", "--format", "json"))
    assert (found["n"], found["n_questions"], len(found["bins"])) == (2, 1, 10)
    assert {"miscalibration", "discrimination", "uncertainty", "slope", "auc", "curve"} <= set(found)
    assert "2 forecasts on 1 questions" in _run("calibration", "--as-of", "2020-07-01")
    rows = json.loads(_run("history", "--source", "nils", "--format", "json"))
    assert [(row["month"], row["rank"], row["source"], row["n"]) for row in rows] == [
        ("2020-01", 2, "Nils", 1)
    ]
    assert "Nils" in _run("history")
    assert "No outcome was known then." in _run("history", "--as-of", "2019-12-01")
    with pytest.raises(CommandError, match="There is no source “none”"):
        _run("history", "--source", "none")
