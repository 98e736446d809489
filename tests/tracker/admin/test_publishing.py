"""Each page of an article, statement, question and forecast says who can see it, and changes that."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from forecasts.models import Desk, Publication, PublishingRule, Question, Role, Source, Statement
from forecasts.questions.writes.publishing import take_back_question
from tests.records import NOW, accepted_statement, make_document, make_question, say
from tests.tracker.admin.test_permissions import address
from tests.tracker.pages.conftest import text_of

SignIn = Callable[..., Client]
NOUNS = ("document", "statement", "question", "forecast")


@pytest.fixture
def rows(desk: Desk) -> dict[str, Any]:
    """A question of a desk that publishes by hand, with the words that its forecast was read from."""
    Desk.objects.update(publishes_with_forecast=False)
    desk.refresh_from_db()
    words = accepted_statement(document=make_document(desk=desk))
    question = make_question(desk=desk)
    forecast = say(question, words.speaker, 0.9, statement=words)
    return {"document": words.document, "statement": words, "question": question, "forecast": forecast}


@pytest.mark.parametrize("noun", NOUNS)
def test_the_page_says_who_can_see_it_and_an_editor_publishes_it(
    sign_in: SignIn, rows: dict[str, Any], noun: str
) -> None:
    client = sign_in(Role.EDITOR)
    page = client.get(address(rows[noun]))
    assert re.search(r"Only the desks\s?\. (Readers see|With a question)", text_of(page))
    assert 'name="_publish"' in page.content.decode()
    page = client.post(address(rows[noun]), {"_publish": ""}, follow=True)
    told = text_of(page)
    assert "Published. Everybody can see it." in told
    assert "Everybody, since" in told
    assert 'name="_take_back"' not in page.content.decode(), "that is for the head of desk"
    assert Publication.objects.latest("pk").recorded_by == User.objects.get(username=Role.EDITOR)
    assert client.get(told_address(page)).status_code == 200


def told_address(page: Any) -> str:
    """Return the address of the public page that the desk's page leads to."""
    found = page.content.decode().split('class="seen-by')[1].split('href="')[1].split('"')[0]
    return str(found)


@pytest.mark.parametrize("noun", NOUNS)
def test_the_head_of_desk_takes_back_what_is_public_with_a_reason(
    sign_in: SignIn, rows: dict[str, Any], noun: str
) -> None:
    client = sign_in(Role.LEAD)
    client.post(address(rows[noun]), {"_publish": ""})
    public = told_address(client.get(address(rows[noun])))
    refused = client.post(address(rows[noun]), {"_take_back": "", "taken_back_because": " "}, follow=True)
    assert "Say why it is taken back." in text_of(refused)
    assert Client().get(public).status_code == 200
    done = client.post(address(rows[noun]), {"_take_back": "", "taken_back_because": "Embargo."}, follow=True)
    assert "Taken back. Only the desks can see it." in text_of(done)
    assert Client().get(public).status_code == 404
    assert Publication.objects.latest("pk").reason == "Embargo."


def test_a_question_that_is_public_offers_the_words_that_still_wait(
    sign_in: SignIn, rows: dict[str, Any]
) -> None:
    client = sign_in(Role.EDITOR)
    client.post(address(rows["question"]), {"_publish": ""})
    assert 'name="_publish"' not in client.get(address(rows["question"])).content.decode()
    other = accepted_statement(
        document=rows["document"], quote="I går föll regn", speaker=rows["statement"].speaker
    )
    say(rows["question"], other.speaker, 0.5, days=-3, statement=other)
    assert other not in Statement.objects.public()
    client.post(address(rows["question"]), {"_publish": ""})
    assert other in Statement.objects.public()


def test_an_outlet_s_rule_is_recorded_and_is_for_the_head_of_desk(
    sign_in: SignIn, rows: dict[str, Any]
) -> None:
    outlet = Source.objects.create(slug="post", name="Post", kind="outlet", created_at=NOW)
    assert 'name="shows_whole_text"' not in sign_in(Role.EDITOR).get(address(outlet)).content.decode()
    client = sign_in(Role.LEAD)
    kept = {
        **{f"{each}-TOTAL_FORMS": "0" for each in ("aliases", "affiliations")},
        **{f"{each}-INITIAL_FORMS": "0" for each in ("aliases", "affiliations")},
        **{"name": "Post", "kind": "outlet", "external_ids": "{}", "slug": "post", "shows_whole_text": "on"},
    }
    assert client.post(address(outlet), kept).status_code == 302
    outlet.refresh_from_db()
    rule = PublishingRule.objects.get()
    assert (outlet.shows_whole_text, rule.outlet, rule.shows_whole_text) == (True, outlet, True)


def test_taking_back_leaves_a_question_private_when_its_desk_is_switched_to_publish(
    rows: dict[str, Any],
) -> None:
    question = rows["question"]
    Desk.objects.update(publishes_with_forecast=True)
    say(question, rows["statement"].speaker, 0.8, days=-4)
    assert set(Question.objects.public()) == {question}
    take_back_question(question=question, reason="Embargo.", by=None, now=NOW)
    say(question, rows["statement"].speaker, 0.7, days=-2)
    assert set(Question.objects.public()) == set()
