"""The page of a board on which two sources stand against each other: places, what moves them, charts."""

import json
import re

import pytest
from django.core.cache import cache

from tests.records import NOW, make_question, make_source, resolve, say
from tests.tracker.pages.conftest import WEEK, text_of
from tracker import tasks

pytestmark = pytest.mark.django_db


def test_a_row_says_its_rank_with_its_interval_its_score_and_the_mean_beside(client, rivals):
    page = client.get("/boards/all/")
    rows = re.findall(r'<tr role="row" class="counted">(.*?)</tr>', page.content.decode(), re.DOTALL)
    first = " ".join(re.sub(r"<[^>]+>", " ", rows[0]).split())
    assert first.startswith("1 Sure &amp; &lt;Co&gt; person")
    assert "Brier score, allowing for difficulty and few questions. Lower is better. 95% interval" in first
    assert "Plain mean 0.010 over 24 questions." in first
    assert "better than “always 50%” on the same questions." in first
    assert "mean 0.010 24" in first


def test_whoever_has_too_few_stands_under_a_rule_without_a_rank(client, rivals):
    page = client.get("/boards/all/").content.decode()
    ranked, apart = page.split("Too few to rank: fewer than 2 questions with an outcome.")
    assert "Late" not in ranked.split("<table")[1]
    assert "no rank yet" in apart.split("</table>")[0]


def test_sources_that_share_no_question_say_that_they_are_not_comparable(client, rivals):
    stranger, friend = make_source("Stranger"), make_source("Friend")
    for number in range(3):
        question = make_question(f"Elsewhere {number}?")
        say(question, stranger, 0.9)
        say(question, friend, 0.7)
        resolve(question)
    page = client.get("/boards/all/").content.decode()
    apart = page.split("Not comparable: no chain of shared questions")[1].split("</tbody>")[0]
    assert "Stranger" in apart
    assert "Friend" in apart


def test_every_column_explains_itself_and_leads_to_how_we_score(client, rivals):
    head = client.get("/boards/all/").content.decode().split("<thead")[1].split("</thead>")[0]
    tips = re.findall(
        r'aria-describedby="([^"]+)".*?id="([^"]+)" role="note">(.*?)</span></span>', head, re.DOTALL
    )
    assert len(tips) == 10
    assert all(named == shown and "/how-we-score/#" in words for named, shown, words in tips)
    parts = set(re.findall(r"/how-we-score/#([a-z]+)", head))
    explained = client.get("/how-we-score/").content.decode()
    assert all(f'id="{part}"' in explained for part in parts)


def test_what_moved_whom_is_told_with_the_answer_before_and_after(client, rivals):
    question = make_question("One more?")
    say(question, make_source("Newcomer"), 0.9)
    resolve(question, now=NOW + WEEK)
    text = text_of(client.get("/boards/all/"))
    told = text.split("Changes in the ranking")[1]
    assert "One more? happened" in told
    assert "Newcomer rank –" in told
    assert "score 0.250 (new)" not in told


def test_a_board_of_which_a_task_still_computes_something_says_so_and_asks_once(client, rivals, monkeypatch):
    asked = []
    monkeypatch.setattr("forecasts.boards.reads.live.HISTORY_AT_ONCE", 1)
    monkeypatch.setattr("forecasts.boards.reads.live.CHANGES_AT_ONCE", 1)
    monkeypatch.setattr(
        "tracker.computing.handing.current_app.send_task",
        lambda name, kwargs, **_rest: asked.append((name, kwargs)),
    )
    for _reader in range(2):
        page = client.get("/boards/all/").content.decode()
        assert "data-waiting" in page
        assert "js/waiting" in page
        assert "The history is being computed." in page
    assert asked == [("tracker.tasks.refresh_board", {"board_id": rivals.pk})]
    tasks.refresh_board(**asked[0][1])
    page = client.get("/boards/all/").content.decode()
    assert "data-waiting" not in page
    assert "/boards/all/history.svg" in page


def test_nothing_computed_before_a_new_answer_is_shown_after_it(client, rivals, monkeypatch):
    tasks.ask_for_board(rivals.pk)
    tasks.refresh_board(board_id=rivals.pk)
    monkeypatch.setattr("forecasts.boards.reads.live.HISTORY_AT_ONCE", 1)
    monkeypatch.setattr("tracker.computing.handing.current_app.send_task", lambda *_given, **_named: None)
    assert "data-waiting" not in client.get("/boards/all/").content.decode()
    question = make_question("One more?")
    say(question, make_source("Newcomer"), 0.9)
    resolve(question)
    assert "data-waiting" in client.get("/boards/all/").content.decode()


@pytest.mark.parametrize("chart", ["standings", "history", "calibration"])
def test_a_chart_comes_as_svg_as_png_and_as_its_definition(client, rivals, chart):
    svg, png, definition = (client.get(f"/boards/all/{chart}.{form}") for form in ("svg", "png", "json"))
    assert svg["Content-Type"] == "image/svg+xml"
    assert svg.content.startswith(b"<svg")
    assert b"Source: Forecast Tracker" in svg.content
    assert png.content.startswith(b"\x89PNG")
    assert json.loads(definition.content)["$schema"].startswith("https://vega.github.io/schema/vega-lite")
    again = client.get(f"/boards/all/{chart}.svg", headers={"If-None-Match": svg["ETag"]})
    assert again.status_code == 304
    dark = client.get(f"/boards/all/{chart}.svg?theme=dark").content
    assert b"#161513" in dark
    assert b"#161513" not in svg.content


def test_a_chart_escapes_the_names_in_it(client, rivals):
    for address in ("/boards/all/standings.svg", "/boards/all/history.svg", "/boards/all/"):
        drawn = client.get(address).content.decode()
        assert "<Co>" not in drawn
        assert "&lt;Co&gt;" in drawn


def test_a_chart_on_the_page_takes_its_colours_from_the_stylesheet(client, rivals):
    page = client.get("/boards/all/").content.decode()
    chart = page.split('<div class="wide"')[1].split("</div>")[0]
    assert 'stroke="var(--ink)"' in chart
    assert "id=" not in chart.split(">", 1)[1]  # It stands twice, for wide screens and for narrow ones.


@pytest.mark.parametrize(
    "address", ["/boards/all/nope.svg", "/boards/all/history.gif", "/boards/nope/history.svg"]
)
def test_a_chart_that_is_not_there_is_not_there(client, rivals, address):
    assert client.get(address).status_code == 404


def test_an_old_chart_is_not_shown_for_another_definition(client, rivals, monkeypatch):
    before = client.get("/boards/all/standings.json").content
    monkeypatch.setattr("tracker.pages.kit.drawings.DEFINITIONS", "another")
    monkeypatch.setattr("tracker.pages.kit.plots.SANS", "Comic Sans")
    assert client.get("/boards/all/standings.json").content != before
    cache.clear()
