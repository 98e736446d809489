"""The page of a board: places with their intervals, what moves them, and charts to take along."""

import re

import pytest

from tests.records import NOW, make_board, make_question, make_source, resolve, say
from tests.tracker.pages.conftest import text_of

pytestmark = pytest.mark.django_db


def test_the_board_ranks_the_seed_s_sources_with_their_exact_scores(client, seed):
    page = client.get("/boards/all/")
    rows = re.findall(r'<tr role="row" class="counted">(.*?)</tr>', page.content.decode(), re.DOTALL)
    said = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert said[0].startswith("1 1–3 Fabrice Balanche")
    assert said[1].startswith("1 1–3 Ludovico Carlino")  # They tie, so they share the rank.
    assert "0.003 Score 0.003" in said[0]
    assert said[-1].startswith("no rank yet")


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


def test_a_change_shows_its_question_in_the_language_of_the_page(client, db, own_cache):
    question = make_question("Faller snö?", language="sv", translation="Will it snow?")
    say(question, make_source(), 0.9)
    make_board()
    resolve(question)
    told = client.get("/boards/all/").content.decode().split("Changes in the ranking")[1]
    assert 'lang="en">Will it snow?</a>' in told
    client.cookies["django_language"] = "sv"
    assert 'lang="sv">Faller snö?</a>' in client.get("/boards/all/").content.decode()


def test_a_chart_without_data_is_not_there(client, db, own_cache):
    make_board()
    assert client.get("/boards/all/history.svg").status_code == 404
