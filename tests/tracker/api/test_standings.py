"""Boards through the API: the seed's ranking, as known on dates, as a spreadsheet."""

import csv
import io
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from forecasts.models import Board, Source, Standing
from tests.records import make_question, make_source, resolve, say
from tests.tracker.api.conftest import LOADED
from tracker import tasks
from tracker.api.kit.renderers import StandingsCSVRenderer, cell

STANDINGS = "/api/v1/boards/all/standings/"


def test_the_seed_ranks_balanche_and_carlino_first(public: APIClient) -> None:
    told = public.get(STANDINGS).json()
    first = {row["slug"]: row for row in told["rows"] if row["rank"] == 1}
    assert set(first) == {"fabrice-balanche", "ludovico-carlino"}
    for row in first.values():
        assert row["brier"] == 0.0025
        assert row["brier_low"] < row["brier"] < row["brier_high"]
        assert (row["n"], row["imputed_share"], row["provisional"]) == (1, 1.0, False)
    assert told["board"] == "all"
    assert told["ledger_sequence"] == public.get("/api/v1/ledger/").json()["sequence"]
    assert set(told["rows"][0]) == set(StandingsCSVRenderer.columns)


def test_sources_without_a_score_have_no_rank(public: APIClient) -> None:
    rows = {row["slug"]: row for row in public.get(STANDINGS).json()["rows"]}
    waiting = rows["us-military"]
    assert (waiting["rank"], waiting["n"], waiting["n_open"], waiting["brier"]) == (None, 0, 1, None)
    assert waiting["void_share"] is None


@pytest.mark.parametrize(
    ("as_of", "instant", "sequence", "rows"),
    [
        ("2026-01-04", "2026-01-04T22:59:59.999999Z", 0, 0),
        ("2026-01-05T08:59:59Z", "2026-01-05T08:59:59Z", 0, 0),
        ("2026-01-05T10:00:00+01:00", "2026-01-05T09:00:00Z", 59, 5),
        ("2026-01-05", "2026-01-05T22:59:59.999999Z", 59, 5),
    ],
)
def test_as_of_counts_only_what_was_recorded_by_then(
    as_of: str, instant: str, sequence: int, rows: int, public: APIClient
) -> None:
    told = public.get(STANDINGS, {"as_of": as_of}).json()
    assert (told["as_of"], told["ledger_sequence"], len(told["rows"])) == (instant, sequence, rows)


def test_an_offset_may_come_as_people_type_it(public: APIClient) -> None:
    """In a query string, + means a space; typed as it is, the instant is still read."""
    told = public.get(f"{STANDINGS}?as_of=2026-01-05T10:00:00+01:00").json()
    assert told["as_of"] == "2026-01-05T09:00:00Z"


def test_a_reopened_question_leaves_earlier_standings_alone(public: APIClient, lead: APIClient) -> None:
    earlier = public.get(STANDINGS, {"as_of": "2026-01-06"}).json()
    lead.post("/api/v1/questions/raqqa-falls-2017/reopen/", {"reason": "Disputed."}, format="json")
    assert public.get(STANDINGS, {"as_of": "2026-01-06"}).json() == earlier
    now = {row["slug"]: row for row in public.get(STANDINGS).json()["rows"]}
    assert (now["fabrice-balanche"]["rank"], now["ludovico-carlino"]["rank"]) == (None, 1)


def test_csv_holds_the_same_rows(public: APIClient) -> None:
    response = public.get(f"{STANDINGS}?format=csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    table = list(csv.DictReader(io.StringIO(response.content.decode())))
    rows = public.get(STANDINGS).json()["rows"]
    assert [each["slug"] for each in table] == [row["slug"] for row in rows]
    assert float(table[0]["brier"]) == 0.0025
    assert table[-1]["rank"] == ""
    assert {each["complete"] for each in table} == {"true"}
    again = public.get(STANDINGS, headers={"Accept": "text/csv"}).content.decode()
    # The board as known now is of this moment, so the two differ in that and in nothing else.
    same = [{**row, "as_of": ""} for row in table]
    assert [{**row, "as_of": ""} for row in csv.DictReader(io.StringIO(again))] == same


def test_a_csv_taken_while_a_worker_computes_says_so() -> None:
    told = {"pending": ["intervals"], "as_of": "2026-01-05T09:00:00Z"}
    row = dict.fromkeys(StandingsCSVRenderer.columns, 1)
    table = StandingsCSVRenderer().render({**told, "rows": [row]})
    assert [(each["complete"], each["as_of"]) for each in csv.DictReader(io.StringIO(table))] == [
        ("false", "2026-01-05T09:00:00Z")
    ]


def test_no_spreadsheet_runs_a_name(public: APIClient) -> None:
    Source.objects.filter(slug="ludovico-carlino").update(name='=HYPERLINK("//x","win")')
    table = public.get(f"{STANDINGS}?format=csv").content.decode()
    names = [row["source"] for row in csv.DictReader(io.StringIO(table))]
    assert '\'=HYPERLINK("//x","win")' in names


@pytest.mark.parametrize("value", ["+1", "-1", "@sum", "\tx", "\rx", "\nx"])
def test_a_cell_that_could_run_is_text(value: str) -> None:
    assert cell(value) == f"'{value}"


@pytest.mark.parametrize("value", [-0.5, None, 3, "Reuters", True])
def test_other_cells_stay(value: object) -> None:
    assert cell(value) is value


def test_an_error_is_a_problem_in_csv_too(public: APIClient) -> None:
    response = public.get(f"{STANDINGS}?format=csv&as_of=never")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_a_board_that_is_not_public_is_for_the_desk(public: APIClient, viewer: APIClient) -> None:
    Board.objects.filter(slug="syria").update(public=False)
    Standing.objects.create(
        board=Board.objects.get(slug="syria"), as_of=LOADED, ledger_sequence=45, rows=[], recorded_at=LOADED
    )
    for path in ("boards/syria/", "boards/syria/standings/"):
        assert public.get(f"/api/v1/{path}").status_code == 404
        assert viewer.get(f"/api/v1/{path}").status_code == 200
    assert public.get("/api/v1/standings/").json()["count"] == 0
    assert viewer.get("/api/v1/standings/?board=syria").json()["count"] == 1


def test_kept_standings_are_read_as_they_were_kept(public: APIClient) -> None:
    rows = public.get(STANDINGS).json()["rows"]
    kept = Standing.objects.create(
        board=Board.objects.get(slug="all"), as_of=LOADED, ledger_sequence=45, rows=rows, recorded_at=LOADED
    )
    told = public.get(f"/api/v1/standings/{kept.key}/").json()
    assert (told["board"], told["rows"], told["as_of"]) == ("all", rows, "2026-01-05T09:00:00Z")


def test_a_board_is_made_changed_and_removed(administrator: APIClient, public: APIClient) -> None:
    given = {"slug": "people", "name": "People", "filter": {"source_kinds": ["person"]}, "minimum_n": 2}
    given["estimator"] = "raw"
    made = administrator.post("/api/v1/boards/", given, format="json")
    assert made.status_code == 201, made.content
    rows = public.get("/api/v1/boards/people/standings/").json()["rows"]
    assert {row["kind"] for row in rows} == {"person"}
    assert {row["rank"] for row in rows} == {None}
    changed = administrator.patch("/api/v1/boards/people/", {"minimum_n": 1}, format="json")
    assert changed.json() == {**made.json(), "minimum_n": 1}
    rows = public.get("/api/v1/boards/people/standings/").json()["rows"]
    assert {row["rank"] for row in rows} == {1, None}
    assert administrator.delete("/api/v1/boards/people/").status_code == 204
    assert public.get("/api/v1/boards/people/").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": "all"}, "slug"),
        ({"rule": "accuracy"}, "rule"),
        ({"minimum_n": 0}, ""),
        ({"filter": {"colours": ["red"]}}, "filter.colours"),
        ({"filter": {"source_kinds": ["oracle"]}}, "filter.source_kinds.0"),
        ({"window": "rolling"}, ""),
        ({"window": "between", "window_from": "2018-01-01", "window_to": "2017-01-01"}, ""),
    ],
)
def test_a_board_that_makes_no_sense_is_refused(
    change: dict[str, object], field: str, administrator: APIClient
) -> None:
    given = {"slug": "new", "name": "New", **change}
    response = administrator.post("/api/v1/boards/", given, format="json")
    assert response.status_code == 400
    assert field in {each["field"] for each in response.json()["errors"]}


def test_a_board_with_kept_standings_stays(administrator: APIClient) -> None:
    board = Board.objects.get(slug="all")
    Standing.objects.create(board=board, as_of=LOADED, ledger_sequence=45, rows=[], recorded_at=LOADED)
    response = administrator.delete("/api/v1/boards/all/")
    assert response.status_code == 409
    assert Board.objects.filter(slug="all").exists()


def test_calibration_history_and_changes_of_a_board(public: APIClient) -> None:
    told = {
        name: public.get(f"/api/v1/boards/all/{name}/").json()
        for name in ("calibration", "history", "changes")
    }
    assert {each["board"] for each in told.values()} == {"all"}
    assert (told["calibration"]["n"], len(told["calibration"]["bins"])) == (
        sum(each["n"] for each in told["calibration"]["curve"]),
        10,
    )
    last = {each["slug"]: each for each in told["history"]["points"]}
    assert (last["ludovico-carlino"]["rank"], last["ludovico-carlino"]["brier"]) == (1, 0.0025)
    moved = [move["slug"] for change in told["changes"]["changes"] for move in change["moves"]]
    assert "fabrice-balanche" in moved
    assert told["changes"]["changes"][0]["n_moved"] >= 1


def test_the_figures_of_one_source_and_as_known_on_a_date(public: APIClient) -> None:
    found = public.get("/api/v1/boards/all/history/", {"source": "fabrice-balanche"}).json()["points"]
    assert {each["slug"] for each in found} == {"fabrice-balanche"}
    assert public.get("/api/v1/boards/all/history/", {"as_of": "2026-01-04"}).json()["points"] == []
    refused = public.get("/api/v1/boards/all/calibration/", {"source": "nobody"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "source")
    first = public.get("/api/v1/boards/all/changes/")
    assert public.get("/api/v1/boards/all/changes/", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


def test_a_history_for_a_spreadsheet(public: APIClient) -> None:
    response = public.get("/api/v1/boards/all/history/", {"format": "csv"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    points = public.get("/api/v1/boards/all/history/").json()["points"]
    assert [(row["month"], row["slug"]) for row in rows] == [(each["month"], each["slug"]) for each in points]


def test_two_sources_on_what_they_share(public: APIClient) -> None:
    question, lonely = make_question(), make_question("Will it hail in Teststad?")
    one, other = make_source("Ada"), make_source("Bo")
    say(question, one, 0.9)
    say(question, other, 0.5)
    say(lonely, one, 0.9)
    resolve(question)
    resolve(lonely)
    asked = {"a": "ada", "b": "bo"}
    told = public.get("/api/v1/comparison/", asked).json()
    assert (told["n"], told["n_a"], told["n_b"]) == (1, 2, 1)
    assert (told["score_a"], told["score_b"], told["difference"]) == (0.01, 0.25, -0.24)
    assert (told["ci_low"], told["p_a_better"]) == (None, None)  # One event has no spread.
    assert [each["slug"] for each in told["questions"]] == [question.slug]
    on_board = public.get("/api/v1/comparison/", {**asked, "board": "all"}).json()
    assert (on_board["board"], on_board["questions"]) == ("all", told["questions"])
    earlier = public.get("/api/v1/comparison/", {**asked, "as_of": "2019-12-31"}).json()
    assert (earlier["n"], earlier["score_a"], earlier["questions"]) == (0, None, [])


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "a"),
        ({"a": "fabrice-balanche"}, "b"),
        ({"a": "fabrice-balanche", "b": "nobody"}, "b"),
        ({"a": "fabrice-balanche", "b": "fabrice-balanche"}, "b"),
        ({"a": "fabrice-balanche", "b": "ludovico-carlino", "board": "none"}, "board"),
        ({"a": "fabrice-balanche", "b": "ludovico-carlino", "as_of": "soon"}, "as_of"),
    ],
)
def test_a_comparison_that_cannot_be_made_names_the_field(
    asked: dict[str, str], field: str, public: APIClient
) -> None:
    refused = public.get("/api/v1/comparison/", asked)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """The seed's boards, as if they were too large for a request; what is asked of a worker is listed."""
    cache.clear()
    asked: list[tuple[str, dict[str, Any]]] = []
    for name in ("live.HISTORY_AT_ONCE", "live.CHANGES_AT_ONCE", "figures.table.ROWS_AT_ONCE"):
        monkeypatch.setattr(f"forecasts.boards.reads.{name}", 1)
    monkeypatch.setattr(
        "tracker.computing.handing.current_app.send_task",
        lambda name, kwargs, **_rest: asked.append((name, kwargs)),
    )
    return asked


@pytest.mark.parametrize(
    ("as_of", "task"),
    [({}, "tracker.tasks.refresh_board"), ({"as_of": "2026-01-06"}, "tracker.tasks.refresh_past")],
)
def test_what_a_worker_still_computes_is_named_and_is_there_when_it_is_done(
    as_of: dict[str, str], task: str, public: APIClient, large: list[tuple[str, dict[str, Any]]]
) -> None:
    path = "/api/v1/boards/all"
    answers = [public.get(f"{path}/{name}/", as_of) for name in ("standings", "history", "changes")]
    assert [each.json()["pending"] for each in answers] == [["intervals"], ["history"], ["changes"]]
    assert [each["Retry-After"] for each in answers] == ["5", "5", "5"]
    standings, history, changes = (each.json() for each in answers)
    assert {row["ci_low"] for row in standings["rows"]} == {None}
    assert (history["points"], changes["changes"]) == (None, None)
    table = public.get(f"{path}/history/", {**as_of, "format": "csv"})
    assert (table.status_code, table["Content-Type"]) == (503, "application/problem+json")
    assert int(table["Retry-After"]) >= 5
    [(name, given)] = large
    assert name == task
    getattr(tasks, name.rpartition(".")[2])(**given)
    answers = [public.get(f"{path}/{name}/", as_of) for name in ("standings", "history", "changes")]
    assert [each.json()["pending"] for each in answers] == [[], [], []]
    assert not any("Retry-After" in each for each in answers)
    standings, history, changes = (each.json() for each in answers)
    assert all(row["rank_band"] for row in standings["rows"] if row["rank"])
    assert {each["slug"] for each in history["points"]} == {
        row["slug"] for row in standings["rows"] if row["n"]
    }
    assert changes["changes"][0]["n_moved"] == 3
    only = public.get(f"{path}/history/", {**as_of, "source": "fabrice-balanche"}).json()["points"]
    assert {each["slug"] for each in only} == {"fabrice-balanche"}
    assert len(large) == 1


def test_instants_between_two_facts_are_one_past_board(
    public: APIClient, large: list[tuple[str, dict[str, Any]]]
) -> None:
    for minute in range(10):
        told = public.get(STANDINGS, {"as_of": f"2026-01-06T10:{minute:02}:00Z"})
        assert (told.status_code, told["Retry-After"]) == (200, "5")
    assert len(large) == 1
