"""The page of a source of which little is known."""

import pytest
from django.urls import reverse

from forecasts.sources.writes import merge_sources
from tests.records import NOW, make_question, make_source, say
from tests.tracker.pages.conftest import text_of

pytestmark = pytest.mark.django_db


def test_a_source_merged_into_another_leads_there_with_its_words(client, db, own_cache):
    one, other = make_source("Testa Testsson"), make_source("T. Testsson")
    say(make_question(), other, 0.7)
    address = reverse("pages:source", args=[other.slug])
    merge_sources(source=other, into=one, reason="Synthetic: the same person.", by=None, now=NOW)
    response = client.get(address)
    assert response.status_code == 301
    assert "Will it snow in Teststad?" in text_of(client.get(response["Location"]))


def test_too_few_questions_are_said_in_plain_words(client, seed):
    text = text_of(client.get("/sources/fabrice-balanche/"))
    assert "that takes at least 20 questions with an outcome, and there is 1." in text


def test_a_source_with_few_answers_has_no_best_and_worst_of_its_own(client, seed):
    assert "Best forecasts" not in text_of(client.get("/sources/fabrice-balanche/"))
