"""The page of a board as known on a past date: whole at any size, once a worker has computed it."""

import pytest
from django.core.cache import cache
from django.utils import timezone

from forecasts.boards.writes.computations import done_with_board
from forecasts.jobs.writes import at_step, begin
from forecasts.models import Computation
from tests.records import NOW, make_question, make_source, say
from tests.tracker.pages.conftest import text_of
from tracker import tasks

pytestmark = pytest.mark.django_db


def test_a_large_board_of_a_past_date_is_whole_once_a_worker_has_computed_it(client, rivals, large):
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
    assert "95% interval" in page
    assert "/boards/all/history.svg?as_of=2020-02-01" in page
    assert "Question 0?" in page.split("Changes in the ranking")[1]
    tasks.refresh_past(**given)
    assert text_of(client.get(past)) == text_of(found)


# By then too few questions were answered to draw a calibration.
@pytest.mark.parametrize(("chart", "then"), [("history", 200), ("calibration", 404)])
def test_a_chart_that_is_still_being_computed_says_when_to_ask_again(client, rivals, large, chart, then):
    address = f"/boards/all/{chart}.svg?as_of=2020-02-01"
    early = client.get(address)
    assert (early.status_code, early["Cache-Control"]) == (503, "no-store")
    assert f"Ask again in {early['Retry-After']} seconds." in early.content.decode()
    tasks.refresh_past(**large[0][1])
    assert client.get(address).status_code == then


def test_a_chart_drawn_before_its_intervals_were_there_is_drawn_anew(client, rivals, large):
    before = client.get("/boards/all/standings.svg?as_of=2020-02-01").content
    client.get("/boards/all/?as_of=2020-02-01")
    tasks.refresh_past(**large[0][1])
    assert client.get("/boards/all/standings.svg?as_of=2020-02-01").content != before


def test_what_a_worker_computed_of_a_past_date_is_what_a_small_board_shows_at_once(
    client, rivals, large, monkeypatch
):
    client.get("/boards/all/?as_of=2020-02-01")
    tasks.refresh_past(**large[0][1])
    by_worker = text_of(client.get("/boards/all/?as_of=2020-02-01"))
    assert "being computed" not in by_worker
    cache.clear()
    for name in ("live.HISTORY_AT_ONCE", "live.CHANGES_AT_ONCE", "figures.table.ROWS_AT_ONCE"):
        monkeypatch.setattr(f"forecasts.boards.reads.{name}", 10_000)
    monkeypatch.setattr("tracker.pages.kit.calibrations.AT_ONCE", 10_000)
    assert text_of(client.get("/boards/all/?as_of=2020-02-01")) == by_worker


def test_dates_between_which_nothing_was_recorded_are_computed_once(client, rivals, large):
    for day in range(1, 29):
        client.get(f"/boards/all/?as_of=2020-03-{day:02}")
    assert len(large) == 1
    tasks.refresh_past(**large[0][1])
    assert b"data-waiting" not in client.get("/boards/all/?as_of=2020-05-05").content


def test_one_past_date_is_computed_at_a_time_however_many_are_asked_for(client, rivals, large):
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


def test_who_asks_for_many_past_dates_is_told_when_to_ask_again(client, rivals, large, monkeypatch):
    monkeypatch.setattr("tracker.computing.asking.PastThrottle.rate", "1/hour", raising=False)
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
    client.get("/boards/all/?as_of=2020-02-01")
    job = begin(kind=Computation, pk=Computation.objects.get().pk, now=timezone.now())
    at_step(job=job, step="calibration")
    assert "Step 4 of 5: calibration." in text_of(client.get("/boards/all/?as_of=2020-02-01"))
    done_with_board(job=job, now=timezone.now())
    assert "Step" not in text_of(client.get("/boards/all/?as_of=2020-02-01"))
