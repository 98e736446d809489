"""The page of a source with many answers, and two of them compared."""

import re

import pytest

from forecasts.models import Topic
from forecasts.sources.writes import merge_sources
from tests.records import NOW, accepted_statement, make_document, make_question, make_source, resolve, say
from tests.shared_record import shared
from tests.tracker.pages.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    yield from shared(django_db_blocker, make_answered)


@pytest.fixture
def answered(made, db, own_cache):
    return made


def make_answered():
    """Return two sources on thirty questions: when Ada says 80 %, it happens 60 % of the time."""
    ada, bo, rain = make_source("Ada"), make_source("Bo"), Topic.objects.create(slug="rain", name="Rain")
    for number in range(30):
        question = make_question(f"Question {number}?", topics=[rain] if number < 10 else [])
        statement = None
        if number == 7:
            document = make_document(text="Ada: it will rain.", language="en")
            statement = accepted_statement(document=document, quote="it will rain", speaker=ada)
        say(question, ada, 0.8 if number < 20 else 0.2, days=-5, statement=statement)
        say(question, bo, 0.5, days=-5)
        resolve(question, outcome=int(number < 12), at=NOW)
    return ada, bo


def test_one_sentence_says_what_the_calibration_shows(client, answered):
    text = text_of(client.get("/sources/ada/"))
    assert "When Ada says about 80%, it happens 60% of the time (20 forecasts, 95% interval 39–78%)." in text
    assert "over 30 forecasts on 30 questions whose deadline has passed." in text
    assert "/sources/ada/calibration.svg" in client.get("/sources/ada/").content.decode()


def test_the_record_is_told_by_topic_and_by_lead_time(client, answered):
    for question_days in (-25, -1):
        question = make_question(f"More {question_days}?")
        say(question, answered[0], 0.7, days=question_days)
        resolve(question, at=NOW)
    text = text_of(client.get("/sources/ada/"))
    assert re.search(r"Rain 0\.\d{3} \(0\.\d{3}–0\.\d{3}\) 10", text)


def test_the_best_and_the_worst_calls_come_with_their_words_first(client, answered):
    page = client.get("/sources/ada/").content.decode()
    best = page.split('id="best"')[1].split('id="worst"')[0]
    worst = page.split('id="worst"')[1].split('id="said"')[0]
    assert "it will rain" in best
    assert best.index("it will rain") < best.index("a number without words")
    assert worst.count("<article") == 3
    assert page.count('id="brier-') == len(set(re.findall(r'id="(brier-[0-9a-f-]+)"', page)))


def test_a_source_s_charts_come_as_files(client, answered):
    assert client.get("/sources/ada/calibration.png").content.startswith(b"\x89PNG")
    assert client.get("/sources/ada/history.svg").status_code == 404  # All in one month: nothing over time.
    assert client.get("/sources/nobody/calibration.svg").status_code == 404


def test_two_sources_are_compared_on_what_they_share(client, answered):
    response = client.get("/compare/?a=ada&b=bo")
    text = text_of(response)
    assert "On the 30 questions that both answered, Ada does better than Bo by 0.050." in text
    assert "−0.050 (95% interval" in text
    assert "Question 29? 0.040 0.250 −0.210" in text
    assert client.get("/compare/questions.svg?a=ada&b=bo").content.startswith(b"<svg")


def test_the_better_one_is_named_whichever_comes_first(client, answered):
    one, other = (text_of(client.get(f"/compare/?{query}")) for query in ("a=ada&b=bo", "a=bo&b=ada"))
    headline = "Ada does better than Bo by 0.050."
    assert headline in one
    assert headline in other


def test_sources_that_share_nothing_are_not_compared_and_the_page_says_so(client, answered):
    lonely = make_source("Lonely")
    say(make_question("Alone?"), lonely, 0.9)
    text = text_of(client.get("/compare/?a=ada&b=lonely"))
    assert "Ada and Lonely share no question with an outcome, so they can’t be compared." in text
    assert client.get("/compare/questions.svg?a=ada&b=lonely").status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 200, "Two sources will appear here side by side"),
        ("?a=ada", 200, "Two sources will appear here side by side"),
        ("?a=ada&b=ada", 400, "That is the same source twice. Choose another one."),
        ("?a=ada&b=nobody", 400, "There is no such source. Choose one of the list."),
    ],
)
def test_a_comparison_asks_for_what_it_lacks(client, answered, query, status, words):
    response = client.get(f"/compare/{query}")
    assert response.status_code == status
    assert words in text_of(response)
    assert client.get(f"/compare/questions.svg{query}").status_code == 404


def test_a_source_merged_into_another_is_compared_as_that_one(client, answered):
    alias = make_source("A. Da")
    say(make_question("Once?"), alias, 0.9)
    merge_sources(source=alias, into=answered[0], reason="Synthetic: the same.", by=None, now=NOW)
    assert "Ada does better than Bo" in text_of(client.get("/compare/?a=a-da&b=bo"))
