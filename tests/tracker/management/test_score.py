"""manage.py score and simulate: files in, figures out, no database."""

import csv
import gzip
import io
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.tracker.management.scored_files import HEADER, ROWS, scored


def test_the_figures_of_a_file(file_of):
    figures, err = scored(file_of(*ROWS))
    counts = [figures[name] for name in ("n_rows", "n_scored", "n_questions", "n_sources")]
    assert counts == [6, 4, 2, 2]
    assert figures["not_scored"] == {"open": 1, "void": 1, "late": 0, "duplicate": 0, "withdrawal": 0}
    assert figures["brier"] == pytest.approx((0.01 + 0.16 + 0.04 + 0.25) / 4)
    assert figures["log_clip"] == 1e-6
    assert [row["source"] for row in figures["sources"]] == ["Ada", "Bo"]
    assert figures["sources"][0]["brier_time_weighted"] == pytest.approx(0.025)
    assert figures["refused"] == []
    assert err == ""


def test_every_key_of_the_contract_is_there(file_of):
    figures, _ = scored(file_of(*ROWS))
    of_all = {"n_rows", "n_scored", "n_questions", "n_sources", "refused", "brier", "brier_time_weighted"}
    of_all |= {"brier_last", "brier_first", "log", "base_rate", "skill_base_rate", "auc", "corp", "murphy"}
    assert of_all | {"bins", "sources"} <= set(figures)
    of_source = {"source", "n_forecasts", "n_questions", "brier", "brier_time_weighted", "brier_last"}
    of_source |= {"peer_spot", "relative_brier", "adjusted_fixed", "adjusted_shrunk", "shrunk", "ci_low"}
    assert of_source | {"ci_high", "rank", "rank_low", "rank_high", "p_first"} <= set(figures["sources"][0])
    assert set(figures["bins"][0]) == {"low", "high", "n", "mean_p", "freq", "wilson_low", "wilson_high"}


@pytest.mark.parametrize(
    "how",
    [
        {"encoding": "utf-8-sig"},
        {"end": "\r\n"},
        {"name": "forecasts.csv.gz"},
        {"header": HEADER.replace("source", " Source ")},
    ],
)
def test_the_same_figures_however_it_is_written(file_of, how):
    plain, _ = scored(file_of(*ROWS))
    other, _ = scored(file_of(*ROWS, **how))
    assert other == plain


def test_row_order_changes_nothing(file_of):
    assert scored(file_of(*ROWS))[0] == scored(file_of(*ROWS[::-1], name="turned.csv"))[0]


def test_several_files_are_one_set(file_of):
    whole, _ = scored(file_of(*ROWS))
    parts, _ = scored(file_of(*ROWS[:2], name="a.csv"), file_of(*ROWS[2:], name="b.csv.gz"))
    assert parts == whole


def test_standard_input(file_of, monkeypatch):
    with open(file_of(*ROWS, name="forecasts.csv.gz"), "rb") as stream:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stream.read())))
    assert scored("-")[0]["n_scored"] == 4


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("0.9", "90%", "probability", "write 0.25 for 25 %"),
        ("0.9", "90", "probability", "write 0.25 for 25 %"),
        ("0.9", '"0,9"', "probability", "point"),
        ("0.9", "nan", "probability", "not a number from 0 to 1"),
        ("0.9", "-0.1", "probability", "not a number from 0 to 1"),
        ("0.9", "", "probability", "empty"),
        ("0.9", "0_1", "probability", "not a number"),
        ("2018-01-01T00:00:00Z", "1 January", "forecast_time", "write it as 2018-01-31T12:00:00Z"),
        ("2018-01-01T00:00:00Z", "2018-13-01T00:00:00Z", "forecast_time", "not a time"),
        ("2018-01-01T00:00:00Z", "", "forecast_time", "empty"),
        ("yes", "maybe", "resolution", "write yes, no, annulled"),
        ("2018-01-11T00:00:00Z", "", "resolved_time", "empty"),
        ("Ada", " ", "source", "empty"),
        ("q1", "", "question_id", "empty"),
        (",weather", "", "row", "7 cells, the header has 8"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_remedy(file_of, old, new, field, words):
    # The row after a quoted cell of two lines: its line is told all the same.
    lead = 'q9,"Two\nlines",Cy,2018-01-01T00:00:00Z,0.5,no,2018-01-11T00:00:00Z,weather'
    bad = "q1,Rain?,Ada,2018-01-01T00:00:00Z,0.9,yes,2018-01-11T00:00:00Z,weather".replace(old, new, 1)
    figures, err = scored(file_of(lead, bad, *ROWS[2:]))
    refused = [row for row in figures["refused"] if row["field"] == field]
    assert [row["line"] for row in refused] == [4]
    assert words in refused[0]["reason"]
    assert "line 4" in err
    assert figures["n_rows"] == 6
    assert figures["n_scored"] == 3


def test_rows_that_disagree_about_a_question_are_all_refused(file_of):
    figures, _ = scored(file_of(*ROWS[:1], ROWS[1].replace("yes", "no"), *ROWS[2:]))
    assert [(row["line"], row["field"]) for row in figures["refused"]] == [
        (2, "resolution"),
        (3, "resolution"),
    ]
    assert figures["n_scored"] == 2


def test_a_time_without_a_zone_is_utc_and_counted(file_of):
    plain, _ = scored(file_of(*ROWS))
    naive, err = scored(file_of(*(row.replace("T00:00:00Z,0.9", ",0.9") for row in ROWS)))
    assert naive["naive_times"] == 1
    assert "UTC" in err
    assert naive["brier_time_weighted"] == plain["brier_time_weighted"]


def test_offsets_are_understood(file_of):
    moved = [row.replace("2018-01-06T00:00:00Z", "2018-01-06T02:00:00+02:00") for row in ROWS]
    assert scored(file_of(*moved))[0] == scored(file_of(*ROWS))[0]


def test_a_file_without_rows_has_no_numbers(file_of):
    figures, _ = scored(file_of())
    assert (figures["n_rows"], figures["brier"], figures["sources"]) == (0, None, [])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"a;b;c\n", "separated by commas"),
        (b"source\n", "lacks"),
        (f"{HEADER},source\n".encode(), "more than one column source"),
        (b"\xff\xfe", "UTF-8"),
        (f"{HEADER}\n".encode("utf-16"), "UTF-8"),
        (gzip.compress(HEADER.encode(), mtime=0)[:-9], "can't be read"),
        (gzip.compress(HEADER.encode(), mtime=0)[:20] + bytes(40), "can't be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, content, words):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words) as refused:
        scored(str(path))
    assert refused.value.returncode == 1


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        scored(str(tmp_path / "nowhere.csv"))


def test_strict_exits_with_three(file_of):
    bad = file_of(*ROWS, ROWS[0].replace("0.9", "9"))
    assert len(scored(bad)[0]["refused"]) == 1
    with pytest.raises(CommandError) as refused:
        scored(bad, strict=True)
    assert refused.value.returncode == 3


def test_a_cluster_is_one_event(file_of):
    figures, _ = scored(file_of(*ROWS), cluster="category")
    assert [row["n_events"] for row in figures["sources"]] == [1, 1]
    with pytest.raises(CommandError, match="lacks colour"):
        scored(file_of(*ROWS), cluster="colour")


def test_options_reach_the_scoring(file_of):
    figures, _ = scored(file_of(*ROWS), rule="log", log_clip=0.01, bins=4, min_n=5, seed=3)
    assert (figures["rule"], figures["log_clip"], figures["seed"], len(figures["bins"])) == (
        "log",
        0.01,
        3,
        4,
    )
    assert all(row["provisional"] for row in figures["sources"])
    in_time, _ = scored(file_of(*ROWS), compared_by="time_weighted")
    assert in_time["compared_by"] == "time_weighted"


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--bins", "0", "--bins: 0 is not a whole number, at least 1 and at most 10000"),
        ("--bins", "1000000000", "at most 10000"),
        ("--bootstrap", "-3", "--bootstrap: -3 is not"),
        ("--seed", "-1", "--seed: -1 is not"),
        ("--min-n", "two", "--min-n: 'two' is not"),
        ("--log-clip", "0.7", "--log-clip: '0.7' is not a number from 0 to below 0.5"),
        ("--log-clip", "nan", "--log-clip: 'nan' is not"),
    ],
)
def test_an_option_out_of_range_is_named_with_what_it_can_be(file_of, option, value, words):
    with pytest.raises(CommandError, match=words):
        call_command("score", file_of(*ROWS), f"{option}={value}", stdout=io.StringIO())


def test_an_infinite_score_is_refused_by_file_and_line(file_of):
    good = file_of(*ROWS[:2])
    hopeless = ROWS[2].replace("0.2", "1").replace("q2", "q7")
    bad = file_of(*ROWS[3:], hopeless, name="more.csv")
    with pytest.raises(CommandError, match=r"more\.csv, line 5: score is inf.* log_clip above 0"):
        scored(good, bad, rule="log", log_clip=0.0)
    # The rule of the board is finite all the same; what is not is missing.
    figures, _ = scored(good, bad, log_clip=0.0)
    assert figures["log"] is None
    assert figures["brier"] == pytest.approx((0.01 + 0.16 + 0.25 + 1.0) / 4)


def test_a_table_and_csv_to_read(file_of):
    table, _ = scored(file_of(*ROWS), format="table")
    assert "Ada" in table
    assert "0.0250" in table
    rows = list(csv.DictReader(io.StringIO(scored(file_of(*ROWS), format="csv")[0])))
    assert [row["source"] for row in rows] == ["Ada", "Bo"]


def test_a_simulated_world_is_scored_as_written(tmp_path):
    path = tmp_path / "world.csv"
    options = {"sources": 6, "questions": 40, "seed": 2}
    call_command("simulate", **options, out=str(path), stderr=io.StringIO())
    printed = io.StringIO()
    call_command("simulate", **options, stdout=printed)
    assert printed.getvalue() == path.read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(printed.getvalue())))
    assert all("synthetic" in row["source"] and row["category"] == "synthetic" for row in rows)
    figures, _ = scored(str(path), cluster="event")
    assert (figures["n_rows"], figures["refused"]) == (len(rows), [])
    assert figures["n_sources"] == 6


def test_a_world_of_nobody_is_refused():
    with pytest.raises(CommandError, match="a world has"):
        call_command("simulate", sources=0, questions=1, seed=1)
