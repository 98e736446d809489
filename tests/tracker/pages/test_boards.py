"""The page of a board: places with their intervals, what moves them, and charts to take along."""

import json
import re
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache import cache
from django.db import OperationalError
from django.utils import timezone

from forecasts.queries.live import refresh
from tests.records import NOW, make_board, make_question, make_source, resolve, say
from tests.tracker.pages.conftest import text_of
from tracker import tasks

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def rivals(db, own_cache):
    """A board of two sources over three months, one of them better, and a third with one question."""
    board = make_board(estimator="adjusted_shrunk", minimum_n=2)
    sure, unsure, late = (make_source(name) for name in ("Sure & <Co>", "Unsure", "Late"))
    for number in range(24):
        question = make_question(f"Question {number}?", opens_at=NOW - 20 * WEEK)
        happened = number % 3 != 0
        say(question, sure, 0.9 if happened else 0.1, days=-100)
        say(question, unsure, 0.6 if happened or number % 2 else 0.4, days=-100)
        if number == 0:
            say(question, late, 0.5, days=-100)
        resolve(question, outcome=int(happened), at=NOW - (number % 12) * WEEK)
    return board


def test_the_board_ranks_the_seed_s_sources_with_their_exact_scores(client, seed):
    page = client.get("/boards/all/")
    rows = re.findall(r'<tr role="row" class="counted">(.*?)</tr>', page.content.decode(), re.DOTALL)
    said = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert said[0].startswith("1 1–3 Fabrice Balanche")
    assert said[1].startswith("1 1–3 Ludovico Carlino")  # They tie, so they share the rank.
    assert "0.003 Score 0.0025" in said[0]
    assert said[-1].startswith("not ranked")


def test_a_score_is_printed_with_the_language_s_decimal_sign(client, seed):
    client.cookies["django_language"] = "sv"
    page = client.get("/boards/all/").content.decode()
    assert "0,003" in page
    assert "0.003" not in page
    assert 'cx="0,' not in page


def test_the_board_as_known_before_anything_was_recorded_is_empty_and_says_so(client, seed):
    assert "Nothing had been recorded by" in text_of(client.get("/boards/all/?as_of=2018-05-03"))


def test_the_board_as_known_on_a_date_leaves_out_what_came_later(client, many):
    """NOW is 1 January 2020; a synthetic source speaks, on the record, only after it."""
    later = NOW.replace(month=3)
    say(many.question, make_source("Synthetic Latecomer"), 0.9, now=later)
    assert "Synthetic Latecomer" in text_of(client.get("/boards/all/"))
    assert "Synthetic Latecomer" not in text_of(client.get("/boards/all/?as_of=2020-02-01"))


def test_a_date_that_cannot_be_read_is_said_and_the_board_shown_all_the_same(client, seed):
    response = client.get("/boards/all/?as_of=yesterday")
    assert response.status_code == 400
    assert "That is not a date we can read" in text_of(response)
    assert "Fabrice Balanche" in text_of(response)


def test_a_long_board_shows_its_first_hundred_and_all_when_asked(client, many):
    many(103)
    first, whole = client.get("/boards/all/"), client.get("/boards/all/?rows=all")
    counted = [page.content.decode().count('class="counted"') for page in (first, whole)]
    assert counted == [100, 105]  # Two were there already.
    assert '<a href="?rows=all">5 more sources</a>' in first.content.decode()
    assert "more sources</a>" not in whole.content.decode()


def test_a_board_that_is_not_public_is_not_there(client, db):
    make_board(slug="inner", public=False)
    assert client.get("/boards/inner/").status_code == 404


def test_a_row_says_its_rank_with_its_interval_its_score_and_the_mean_beside(client, rivals):
    page = client.get("/boards/all/")
    rows = re.findall(r'<tr role="row" class="counted">(.*?)</tr>', page.content.decode(), re.DOTALL)
    first = " ".join(re.sub(r"<[^>]+>", " ", rows[0]).split())
    assert first.startswith("1 Sure &amp; &lt;Co&gt; person")
    assert "Brier score, adjusted for difficulty and shrunk. Lower is better. 95 % interval" in first
    assert "Plain mean 0.01 over 24 questions." in first
    assert "better than “always 50 %” on the same questions." in first
    assert "mean 0.010 24" in first


def test_whoever_has_too_few_stands_under_a_rule_without_a_rank(client, rivals):
    page = client.get("/boards/all/").content.decode()
    ranked, apart = page.split("Too few to rank: fewer than 2 questions with an outcome.")
    assert "Late" not in ranked.split("<table")[1]
    assert "not ranked" in apart.split("</table>")[0]


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
    told = text.split("What moved whom")[1]
    assert "One more? happened" in told
    assert "Newcomer rank –" in told
    assert "score 0.250 (new)" not in told


def test_a_board_of_which_a_task_still_computes_something_says_so_and_asks_once(client, rivals, monkeypatch):
    asked = []
    monkeypatch.setattr("forecasts.queries.live.HISTORY_AT_ONCE", 1)
    monkeypatch.setattr("forecasts.queries.live.CHANGES_AT_ONCE", 1)
    monkeypatch.setattr(
        "tracker.notify.asking.current_app.send_task",
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


@pytest.fixture
def large(rivals, monkeypatch):
    """The same board, as if it were too large for a page; what is asked of a worker is listed."""
    asked = []
    for name in ("live.HISTORY_AT_ONCE", "live.CHANGES_AT_ONCE", "figures.ROWS_AT_ONCE"):
        monkeypatch.setattr(f"forecasts.queries.{name}", 1)
    monkeypatch.setattr("tracker.pages.calibrations.AT_ONCE", 1)
    monkeypatch.setattr(
        "tracker.notify.asking.current_app.send_task",
        lambda name, kwargs, **_rest: asked.append((name, kwargs)),
    )
    return asked


def test_a_large_board_of_a_past_date_is_whole_once_a_worker_has_computed_it(client, large):
    past = "/boards/all/?as_of=2020-02-01"
    for _reader in range(3):
        page = text_of(client.get(past))
        assert "What is missing here is being computed from what was known then" in page
        assert "The history is being computed." in page
        assert "The calibration is being computed." in page
        assert "The log is being computed." in page
        assert "Sure & <Co>" in page
    [(task, given)] = large
    assert task == "tracker.tasks.refresh_past"
    tasks.refresh_past(**given)
    found = client.get(past)
    page = found.content.decode()
    assert "being computed" not in page
    assert "95 % interval" in page
    assert "/boards/all/history.svg?as_of=2020-02-01" in page
    assert "Question 0?" in page.split("What moved whom")[1]
    tasks.refresh_past(**given)
    assert text_of(client.get(past)) == text_of(found)


# By then too few questions were answered to draw a calibration.
@pytest.mark.parametrize(("chart", "then"), [("history", 200), ("calibration", 404)])
def test_a_chart_that_is_still_being_computed_says_when_to_ask_again(client, large, chart, then):
    address = f"/boards/all/{chart}.svg?as_of=2020-02-01"
    early = client.get(address)
    assert (early.status_code, early["Cache-Control"]) == (503, "no-store")
    assert f"Ask again in {early['Retry-After']} seconds." in early.content.decode()
    tasks.refresh_past(**large[0][1])
    assert client.get(address).status_code == then


def test_a_chart_drawn_before_its_intervals_were_there_is_drawn_anew(client, large):
    before = client.get("/boards/all/standings.svg?as_of=2020-02-01").content
    client.get("/boards/all/?as_of=2020-02-01")
    tasks.refresh_past(**large[0][1])
    assert client.get("/boards/all/standings.svg?as_of=2020-02-01").content != before


def test_what_a_worker_computed_of_a_past_date_is_what_a_small_board_shows_at_once(
    client, rivals, large, monkeypatch
):
    tasks.refresh_past(board_id=rivals.pk, at="2020-02-01T22:59:59.999999+00:00")
    by_worker = text_of(client.get("/boards/all/?as_of=2020-02-01"))
    assert "being computed" not in by_worker
    cache.clear()
    for name in ("live.HISTORY_AT_ONCE", "live.CHANGES_AT_ONCE", "figures.ROWS_AT_ONCE"):
        monkeypatch.setattr(f"forecasts.queries.{name}", 10_000)
    monkeypatch.setattr("tracker.pages.calibrations.AT_ONCE", 10_000)
    assert text_of(client.get("/boards/all/?as_of=2020-02-01")) == by_worker


def test_dates_between_which_nothing_was_recorded_are_computed_once(client, large):
    for day in range(1, 29):
        client.get(f"/boards/all/?as_of=2020-03-{day:02}")
    assert len(large) == 1
    tasks.refresh_past(**large[0][1])
    assert b"data-waiting" not in client.get("/boards/all/?as_of=2020-05-05").content


def test_one_past_date_is_computed_at_a_time_however_many_are_asked_for(client, large):
    """A stranger with ten thousand dates keeps one worker busy with one task, and the others wait."""
    source = make_source("Chronicler")
    for month in range(2, 12):
        say(make_question(f"In month {month}?"), source, 0.5, now=NOW.replace(month=month))
    dates = [f"/boards/all/?as_of=2020-{month:02}-20" for month in range(2, 12)]
    pages = [text_of(client.get(date)) for date in dates]
    assert len(large) == 1
    assert all("Another past date is being computed; this one is next" in page for page in pages[1:])
    tasks.refresh_past(**large[0][1])
    assert "being computed" in text_of(client.get(dates[1]))
    assert len(large) == 2


def test_who_asks_for_many_past_dates_is_told_when_to_ask_again(client, large, monkeypatch):
    monkeypatch.setattr("tracker.notify.asking.PastThrottle.rate", "1/hour", raising=False)
    source = make_source("Chronicler")
    for month in (2, 3):
        say(make_question(f"In month {month}?"), source, 0.5, now=NOW.replace(month=month))
    client.get("/boards/all/?as_of=2020-02-20")
    tasks.refresh_past(**large.pop()[1])
    refused = client.get("/boards/all/?as_of=2020-03-20")
    assert "What is missing here can be asked for in 60 minutes." in text_of(refused)
    assert large == []
    # What has been computed is free, and so is the board as known now.
    assert b"data-waiting" not in client.get("/boards/all/?as_of=2020-02-20").content
    client.get("/boards/all/")
    assert [task for task, _given in large] == ["tracker.tasks.refresh_board"]


def test_the_page_says_which_step_a_worker_is_at(client, rivals, large):
    at = NOW.replace(month=2, hour=22, minute=59, second=59, microsecond=999999)
    client.get("/boards/all/?as_of=2020-02-01")
    steps = refresh(board=rivals, now=timezone.now(), at=at)
    for step in steps:
        if step.name == "calibration":
            assert "Step 4 of 5: calibration." in text_of(client.get("/boards/all/?as_of=2020-02-01"))
    assert "Step" not in text_of(client.get("/boards/all/?as_of=2020-02-01"))


def _cut_off(**_given):
    raise SoftTimeLimitExceeded


def _cut_off_within_a_query(**_given):
    try:
        raise SoftTimeLimitExceeded
    finally:
        raise OperationalError("another command is already in progress")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("out_of_time", [_cut_off, _cut_off_within_a_query])
def test_a_board_that_takes_longer_than_a_task_may_says_so_and_is_not_asked_for_again(
    client, rivals, large, monkeypatch, out_of_time
):
    client.get("/boards/all/?as_of=2020-02-01")
    monkeypatch.setattr("forecasts.queries.live.board_history", out_of_time)
    for _again in range(3):
        with pytest.raises((SoftTimeLimitExceeded, OperationalError)):
            tasks.refresh_past(**large[0][1])
    page = client.get("/boards/all/?as_of=2020-02-01").content.decode()
    assert "takes longer than a task may" in page
    assert "data-waiting" not in page
    assert len(large) == 1
    # The steps before are kept.
    assert "95 % interval" in page


def test_a_change_shows_its_question_in_the_language_of_the_page(client, db, own_cache):
    question = make_question("Faller snö?", language="sv", translation="Will it snow?")
    say(question, make_source(), 0.9)
    make_board()
    resolve(question)
    told = client.get("/boards/all/").content.decode().split("What moved whom")[1]
    assert 'lang="en">Will it snow?</a>' in told
    client.cookies["django_language"] = "sv"
    assert 'lang="sv">Faller snö?</a>' in client.get("/boards/all/").content.decode()


def test_nothing_computed_before_a_new_answer_is_shown_after_it(client, rivals, monkeypatch):
    tasks.refresh_board(board_id=rivals.pk)
    monkeypatch.setattr("forecasts.queries.live.HISTORY_AT_ONCE", 1)
    monkeypatch.setattr("tracker.notify.asking.current_app.send_task", lambda *_given, **_named: None)
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


def test_a_chart_without_data_is_not_there(client, db, own_cache):
    make_board()
    assert client.get("/boards/all/history.svg").status_code == 404


def test_an_old_chart_is_not_shown_for_another_definition(client, rivals, monkeypatch):
    before = client.get("/boards/all/standings.json").content
    monkeypatch.setattr("tracker.pages.drawings.DEFINITIONS", "another")
    monkeypatch.setattr("tracker.pages.plots.SANS", "Comic Sans")
    assert client.get("/boards/all/standings.json").content != before
    cache.clear()
