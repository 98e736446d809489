"""The public pages: what they say, to whom, and at what cost."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forecasts.desk.writes.desks import set_desk
from forecasts.desk.writes.publishing_rules import set_outlet
from forecasts.models import Document, Question, Source
from forecasts.questions.writes.forecasts import withdraw_forecast
from forecasts.questions.writes.publishing import publish_document
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.resolutions import give_verdict, reopen_question, void_question
from tests.records import (
    NOW,
    accepted_statement,
    exhibit,
    make_document,
    make_question,
    make_source,
    resolve,
    say,
)
from tests.tracker.pages.conftest import LOADED_AT, text_of

pytestmark = pytest.mark.django_db
SEED_PAGES = [
    "/",
    "/boards/all/",
    "/sources/",
    "/sources/fabrice-balanche/",
    "/questions/",
    "/questions/?state=answered",
    "/questions/raqqa-falls-2017/",
    "/how-we-score/",
    "/scales/",
    "/ledger/",
    "/compare/",
    "/compare/?a=fabrice-balanche&b=ludovico-carlino",
]
MISSING = ["/nope/", "/questions/nope/", "/sources/nope/", "/boards/nope/", "/documents/999/"]
EMPTY_PAGES = ["/", "/compare/", "/sources/", "/questions/", "/questions/?state=open", "/scales/", "/ledger/"]


@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_page_of_the_seed_answers_in_both_languages(client, seed, language):
    client.cookies["django_language"] = language
    for path in SEED_PAGES:
        response = client.get(path)
        assert response.status_code == 200, path
        assert f'<html lang="{language}">' in response.content.decode()
        assert response.content.decode().count("<h1") == 1, path


@pytest.mark.parametrize("path", EMPTY_PAGES)
def test_an_empty_page_says_what_will_be_here(client, db, own_cache, path):
    response = client.get(path)
    assert response.status_code == 200
    assert 'class="empty"' in response.content.decode()


def test_a_quote_keeps_its_language_and_its_words(client, seed):
    page = client.get("/sources/fabrice-balanche/").content.decode()
    assert '<blockquote class="hung" lang="sv"' in page
    assert "”Förlusten av Raqqa är på väg.”" in page
    assert '<p class="translation" lang="en">The loss of Raqqa is on its way.</p>' in page


def test_a_reader_of_the_original_s_language_gets_no_translation(client, seed):
    client.cookies["django_language"] = "sv"
    page = client.get("/sources/fabrice-balanche/").content.decode()
    assert "”Förlusten av Raqqa är på väg.”" in page
    assert "The loss of Raqqa" not in page


def article_of(client, document):
    page = client.get(reverse("pages:document", args=[document.key])).content.decode()
    return re.search(r'<div class="article"[^>]*>(.*?)</div>', page, re.DOTALL)[1]


def words_of(article):
    """Return what stands in the article's element, without its marks and their numbers."""
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<sup.*?</sup>", "", article)))


def test_a_whole_document_keeps_every_character_and_marks_the_published_words(client, seed):
    document = Document.objects.get()
    set_desk(desk=document.desk, rules={"shows_whole_text": True}, by=None, now=NOW)
    article = article_of(client, document)
    assert article.count("<mark") == 8
    assert words_of(article) == document.text


def test_an_outlet_can_have_its_articles_shown_whole(client, published):
    document = published("Ett. Två. Tre kommer. Fyra. Fem.", "Tre kommer", outlet=make_source("Bladet"))
    assert words_of(article_of(client, document)) == "Två. Tre kommer. Fyra."
    set_outlet(outlet=document.outlet, shows_whole_text=True, by=None, now=NOW)
    assert words_of(article_of(client, document)) == document.text


def test_the_public_reads_the_marked_sentences_with_those_beside_them(client, published):
    text = "Ett. Två. Tre kommer. Fyra. Fem. Sex. Sju kommer. Åtta."
    document = published(text, "Tre kommer", "Sju kommer")
    shown = words_of(article_of(client, document))
    assert " ".join(shown.split()) == "Två. Tre kommer. Fyra. […] Sex. Sju kommer. Åtta."
    assert shown.count("kommer") == 2


def test_a_text_without_a_full_stop_is_not_shown_whole(client, published):
    document = published("ord " * 2000 + "det kommer att snöa" + " ord" * 2000, "det kommer att snöa")
    assert len(words_of(article_of(client, document))) <= 2 * 800 + len("det kommer att snöa")


@pytest.fixture
def published(db):
    """Return a function that captures a text, and publishes these words in it."""

    def publish(text, *quotes, **rest):
        document = make_document(text=text, **rest)
        speaker = Source.objects.filter(name="Testa Testsson").first() or make_source()
        for quote in quotes:
            accepted_statement(document=document, quote=quote, speaker=speaker)
        publish_document(document=document, by=None, now=NOW)
        return document

    return publish


def test_a_document_s_text_is_escaped(client, published):
    text = "Snart <script>alert(1)</script> & regn."
    document = published(text, "& regn", title="<b>Rubrik</b>")
    page = client.get(reverse("pages:document", args=[document.key])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark" in page
    assert "<b>Rubrik" not in page


def test_statements_that_overlap_lose_no_character(client, published):
    quotes = "Det kommer att snöa, och", "snöa, och det blir kallt"
    document = published("Det kommer att snöa, och det blir kallt.", *quotes)
    assert words_of(article_of(client, document)) == document.text


def test_the_question_page_shows_the_answer_with_its_evidence_and_the_ledger(client, seed):
    text = text_of(client.get("/questions/raqqa-falls-2017/"))
    assert "It happened. Known on 17 October 2017." in text
    assert "Wilson Center" in text
    assert re.search(r"entry \d+ in the ledger, [0-9a-f]{64}", text)


def test_a_reopened_answer_stays_readable_and_the_question_is_disputed(client, seed):
    question = Question.objects.get(slug="raqqa-falls-2017")
    reopen_question(question=question, reason="Synthetic doubt.", by=None, now=LOADED_AT)
    text = text_of(client.get("/questions/raqqa-falls-2017/"))
    assert "Reopened" in text
    assert "replaced" in text
    assert "Wilson Center" in text


def test_a_verdict_that_no_answer_rests_on_is_not_shown(client, db):
    """A second editor must not read the first one's verdict here."""
    question = make_question()
    give_verdict(
        question=question,
        finding=Finding(answer="outcome", outcome=1, occurred_at=NOW),
        evidence=[exhibit("A synthetic secret.")],
        by=None,
        now=NOW,
    )
    assert "A synthetic secret." not in text_of(client.get(reverse("pages:question", args=[question.slug])))


def test_a_void_question_says_why_and_scores_nobody(client, db):
    question, source = make_question(), make_source()
    say(question, source, 0.2)
    void_question(question=question, reason="ambiguous", note="", evidence=[exhibit()], by=None, now=NOW)
    text = text_of(client.get(reverse("pages:question", args=[question.slug])))
    assert "Void: ambiguous as worded. Nobody is scored on it." in text
    assert "A void question is not scored." in text


def test_a_forecast_said_after_the_outcome_is_kept_and_not_scored(client, db):
    question = make_question()
    say(question, make_source(), 0.99, days=-1)
    resolve(question, at=NOW.replace(year=2019, month=12, day=20))
    text = text_of(client.get(reverse("pages:question", args=[question.slug])))
    assert "Said after the outcome was known: not scored." in text


def test_a_withdrawal_is_shown_and_not_scored(client, db):
    question, source = make_question(), make_source()
    say(question, source, 0.7)
    withdraw_forecast(question=question, source=source, stated_at=NOW, note="Synthetic.", now=NOW)
    text = text_of(client.get(reverse("pages:question", args=[question.slug])))
    assert "The forecast was withdrawn." in text
    assert "Withdrawn: not scored from here on." in text


def test_the_language_is_chosen_by_the_reader_and_kept(client, db, own_cache):
    client.post(reverse("set_language"), {"language": "sv", "next": "/questions/"})
    assert client.cookies["django_language"].value == "sv"
    assert '<html lang="sv">' in client.get("/questions/").content.decode()


@pytest.mark.parametrize("path", MISSING)
def test_a_missing_page_keeps_the_look_and_the_way_back(client, db, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "There is no such page" in text_of(response)
    assert "Skip to the content" in text_of(response)


def test_a_failure_of_ours_is_said_without_a_request(client, db, monkeypatch):
    monkeypatch.setattr("tracker.pages.views.examples", lambda: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/how-we-score/")
    assert response.status_code == 500
    assert "Something went wrong here" in text_of(response)


def test_an_expired_form_says_what_to_do(db):
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("pages:show_anyway"))
    assert response.status_code == 403
    assert "The form had expired" in text_of(response)


@pytest.mark.parametrize("path", SEED_PAGES)
def test_pages_are_read_not_written(client, path):
    assert client.post(path).status_code == 405


def _cost(client, path) -> int:
    client.get(path)  # Fills the cache of standings.
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 20),
        ("/boards/all/", 10),
        ("/sources/", 6),
        ("/compare/?a=synthetic-0000&b=synthetic-0001", 12),
        ("/sources/synthetic-0000/", 22),
        ("/questions/", 6),
        ("/questions/?state=open", 6),
        ("/questions/?state=answered", 6),
        ("/questions/will-it-snow-in-teststad/", 20),
        ("/how-we-score/", 3),
        ("/scales/", 3),
        ("/ledger/", 4),
    ],
)
def test_a_page_s_queries_do_not_grow_with_its_rows(client, many, path, most):
    few = _cost(client, path)
    many(10)
    assert _cost(client, path) == few
    assert few <= most


def test_a_document_s_queries_do_not_grow_with_its_statements(client, many):
    document = make_document(text="Ett kommer. Två kommer. Tre kommer.", title="Synthetic")
    speaker = make_source("Synthetic speaker")
    path = reverse("pages:document", args=[document.key])

    def mark(words: str) -> None:
        statement = accepted_statement(document=document, quote=words, speaker=speaker)
        say(make_question(f"Synthetic {words}?"), speaker, 0.4, statement=statement)

    mark("Ett kommer")
    few = _cost(client, path)
    mark("Två kommer")
    mark("Tre kommer")
    assert _cost(client, path) == few <= 5


def test_a_question_shows_all_its_sources_combined(client, db, own_cache):
    question = make_question()
    path = reverse("pages:question", args=[question.slug])
    say(question, make_source("A"), 0.2)
    assert "All sources combined" not in text_of(client.get(path))
    say(question, make_source("B"), 0.4, days=-10)
    page = text_of(client.get(path))
    assert "All sources combined" in page
    assert "2 30% 30% 29% 30%" in page
    client.cookies["django_language"] = "sv"
    assert "Alla källor sammanvägda" in text_of(client.get(path))
