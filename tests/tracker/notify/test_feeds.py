"""The feeds as a reader of feeds sees them."""

from datetime import date, timedelta

import feedparser
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from forecasts.desk.writes.links import replace_link
from forecasts.models import Role
from forecasts.questions.writes.publishing import publish_question
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.resolutions import answer_question, reopen_question
from tests.records import (
    NOW,
    addresses_of,
    exhibit,
    make_board,
    make_desk,
    make_question,
    make_source,
    make_user,
    resolve,
    say,
)
from tests.told import tells
from tracker import tasks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk", "unhurried")]
PUBLIC = [
    "/feeds/resolutions.atom",
    "/feeds/resolutions.rss",
    "/boards/all/changes.atom",
    "/boards/all/changes.rss",
]


def read(client, path, **headers):
    response = client.get(path, headers=headers)
    assert response.status_code == 200, (path, response.status_code)
    found = feedparser.parse(response.content)
    assert not found.bozo, found.get("bozo_exception")
    return found


@pytest.fixture
def moved_board():
    """A board on which one answer moved two sources."""
    question = make_question("Will it snow <b>& hail</b> in Teststad?")
    say(question, make_source("Ada Andersson"), 0.9)
    say(question, make_source("Bo Bengtsson"), 0.2)
    board = make_board()
    resolve(question, outcome=1, at=NOW, now=NOW)
    return board


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_an_answer_comes_with_its_evidence(client, moved_board, kind):
    found = read(client, f"/feeds/resolutions.{kind}")
    assert found.version == {"atom": "atom10", "rss": "rss20"}[kind]
    [entry] = found.entries
    title = "Happened: Will it snow <b>& hail</b> in Teststad?"
    assert entry.title == (
        title if kind == "atom" else title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )
    assert entry.link.startswith("http://127.0.0.1")
    assert "/questions/will-it-snow" in entry.link
    assert "Snow fell." in entry.summary
    assert "Known on 1\xa0January\xa02020." in entry.summary
    assert "&lt;b&gt;" in entry.summary
    assert entry.published_parsed[:3] == (2020, 1, 1)


def test_an_entry_keeps_its_id_and_says_that_it_was_superseded(client, moved_board):
    before = read(client, "/feeds/resolutions.atom").entries[0]
    question = moved_board and make_question("Another?")
    publish_question(question=question, by=None, now=NOW)
    resolve(question, outcome=0, at=NOW, now=NOW)
    reopen_question(
        question=question, reason="The report was withdrawn.", by=None, now=NOW + timedelta(days=1)
    )
    newest, overturned, first = read(client, "/feeds/resolutions.atom").entries
    assert first.id == before.id
    assert newest.title == "Reopened: Another?"
    assert "The report was withdrawn." in newest.summary
    assert "Replaced" in overturned.summary
    assert overturned.updated_parsed[:3] == (2020, 1, 2)
    assert len({newest.id, overturned.id, first.id}) == 3


def test_an_answer_of_another_kind_is_told_as_it_is(client):
    question = make_question("How many?", kind="number", unit="reports")
    publish_question(question=question, by=None, now=NOW)
    answer_question(
        question=question,
        finding=Finding(answer="outcome", outcome=1234.5, occurred_at=NOW),
        evidence=[exhibit()],
        by=None,
        now=NOW,
    )
    assert read(client, "/feeds/resolutions.atom").entries[0].title == "1,234.5 reports: How many?"


def test_a_board_tells_which_answer_moved_whom(client, moved_board):
    [entry] = read(client, "/boards/all/changes.atom").entries
    assert entry.title == "2 sources moved: Will it snow <b>& hail</b> in Teststad?"
    assert "Ada Andersson" in entry.summary
    assert "– → 1" in entry.summary
    assert "– → 0.010" in entry.summary
    assert "0 → 1" in entry.summary


def test_a_board_that_is_not_public_has_no_feed(client):
    make_board("hidden", public=False)
    assert client.get("/boards/hidden/changes.atom").status_code == 404


@pytest.mark.parametrize("path", PUBLIC)
def test_what_has_not_changed_costs_one_look_and_no_body(client, moved_board, path):
    first = client.get(path)
    assert first["ETag"]
    assert "no-cache" in first["Cache-Control"]
    with CaptureQueriesContext(connection) as queries:
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert len(queries) <= (2 if "boards" in path else 1)
    question = make_question("Another?")
    say(question, make_source("Cilla Carlsson"), 0.5)
    resolve(question, outcome=0, at=NOW, now=NOW + timedelta(days=1))
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_reader_that_knows_dates_only_is_spared_as_well(client, moved_board):
    first = client.get("/feeds/resolutions.atom")
    assert first["Last-Modified"] == "Wed, 01 Jan 2020 12:00:00 GMT"
    unchanged = client.get("/feeds/resolutions.atom", headers={"If-Modified-Since": first["Last-Modified"]})
    assert unchanged.status_code == 304
    # Until a minute has passed another fact may bear the same second, so no date is told.
    resolve(make_question("Another?"), now=timezone.now())
    fresh = client.get("/feeds/resolutions.atom", headers={"If-Modified-Since": first["Last-Modified"]})
    assert fresh.status_code == 200
    assert "Last-Modified" not in fresh


def test_twenty_answers_cost_as_many_queries_as_one(client):
    def cost():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            read(client, "/feeds/resolutions.atom")
        return len(queries)

    resolve(make_question("First?"))
    one = cost()
    for number in range(20):
        resolve(make_question(f"Question {number}?"))
    assert cost() == one <= 4


def test_a_swedish_reader_is_answered_in_swedish(client, moved_board):
    response = client.get("/feeds/resolutions.atom", headers={"Accept-Language": "sv"})
    assert b'xml:lang="sv"' in response.content
    assert "Accept-Language" in response["Vary"]
    assert response["ETag"] != client.get("/feeds/resolutions.atom")["ETag"]


def test_the_pages_say_where_the_feeds_are(client, moved_board):
    assert b'type="application/atom+xml" href="/feeds/resolutions.atom"' in client.get("/").content
    assert b'type="application/rss+xml" href="/boards/all/changes.rss"' in client.get("/boards/all/").content


def test_what_is_due_is_read_by_the_desk_s_secret_address(client, desk):
    now = timezone.now()
    desk.blind = True
    desk.save()
    late = make_question("Did it snow?", on=now.date() - timedelta(days=3), desk=desk)
    say(late, make_source("Ada Andersson"), 0.37)
    make_question("Will it thaw?", on=now.date() + timedelta(days=3), desk=desk)
    make_question("Will it flood?", on=now.date() + timedelta(days=90), desk=desk)
    make_question("Elsewhere?", on=now.date(), desk=make_desk("sports"))
    response = client.get(addresses_of(desk)["feed"])
    found = feedparser.parse(response.content)
    assert [each.title for each in found.entries] == ["Answer due: Did it snow?", "Due soon: Will it thaw?"]
    assert b"Andersson" not in response.content
    assert not tells(response.content, 37)
    assert "private" in response["Cache-Control"]
    assert response["X-Robots-Tag"].startswith("noindex")
    again = client.get(addresses_of(desk)["feed"], headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_a_replaced_address_is_gone(client, desk):
    old = addresses_of(desk)["feed"]
    replace_link(by=None, owner=desk, now=timezone.now())
    assert client.get(old).status_code == 404
    assert client.get(addresses_of(desk)["feed"]).status_code == 200
    assert client.get(old.replace("/d", "/p")).status_code == 404


def test_somebody_on_a_desk_reads_it_signed_in_and_others_do_not(client, desk):
    assert client.get("/feeds/desks/weather.atom").status_code == 302
    client.force_login(make_user("gun", role=None))
    assert client.get("/feeds/desks/weather.atom").status_code == 403
    client.force_login(make_user("vera", role=Role.VIEWER, desk=desk))
    make_question("Did it snow?", on=date(2020, 3, 1), desk=desk)
    assert len(read(client, "/feeds/desks/weather.atom").entries) == 1


def test_the_desk_s_feed_costs_the_same_for_one_question_and_for_twenty(client, desk):
    address = addresses_of(desk)["feed"]

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    make_question("Did it snow?", on=date(2020, 3, 1), desk=desk)
    cost()  # The first use in a minute is noted.
    one = cost()
    for number in range(20):
        make_question(f"Did it snow on day {number}?", on=date(2020, 3, 1), desk=desk)
    assert cost() == one <= 4


def test_a_large_board_s_feed_comes_from_what_a_worker_computed(client, moved_board, monkeypatch):
    asked = []
    monkeypatch.setattr("forecasts.boards.reads.live.CHANGES_AT_ONCE", 1)
    monkeypatch.setattr(
        "tracker.computing.handing.current_app.send_task", lambda _name, kwargs, **_rest: asked.append(kwargs)
    )
    for _reader in range(2):
        response = client.get("/boards/all/changes.atom")
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert "ETag" not in response
    assert asked == [{"board_id": moved_board.pk}]
    tasks.refresh_board(**asked[0])
    [entry] = read(client, "/boards/all/changes.atom").entries
    # The pages and the feeds rest on the same: nothing is computed twice.
    monkeypatch.setattr("forecasts.boards.reads.live.board_changes", lambda **_given: pytest.fail("again"))
    [again] = read(client, "/boards/all/changes.rss").entries
    assert again.id == entry.id


def test_a_change_is_told_in_the_reader_s_language_where_there_is_a_translation(client):
    question = make_question("Faller snö?", language="sv", translation="Will it snow?")
    say(question, make_source(), 0.9)
    make_board()
    resolve(question)
    assert read(client, "/boards/all/changes.atom").entries[0].title.endswith("Will it snow?")
    swedish = read(client, "/boards/all/changes.atom", **{"Accept-Language": "sv"})
    assert swedish.entries[0].title.endswith("Faller snö?")
