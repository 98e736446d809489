"""What the public reads of disputes, corrections and replies; and what it doesn't."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from forecasts.models import Question
from forecasts.verdicts.writes.disputes import dispute_answer, overturn_answer, record_reply, uphold_answer
from forecasts.verdicts.writes.findings import Finding
from tests.records import exhibit, make_question, make_source, resolve, say

pytestmark = pytest.mark.django_db
NOW = datetime(2020, 7, 15, 12, tzinfo=UTC)
NO = Finding(answer="outcome", outcome=0, occurred_at=datetime(2020, 6, 30, tzinfo=UTC))


@pytest.fixture
def question() -> Question:
    question = make_question()
    say(question, make_source(), 0.7)
    resolve(question, now=NOW)
    return question


def dispute(question: Question, **rest: str) -> object:
    given = {"reason": "The report was retracted.", "raised_by": "Testa Testsson", **rest}
    return dispute_answer(question=question, by=None, now=NOW + timedelta(days=1), **given)


def page(client: Client, question: Question) -> str:
    return client.get(reverse("pages:question", args=[question.slug])).content.decode()


def test_a_disputed_answer_says_so_stands_and_names_nobodys_contact(
    client: Client, question: Question
) -> None:
    dispute(question, contact="testa@example.org")
    html = page(client, question)
    assert "stamp-disputed" in html
    assert "The answer stands until it has been looked at again" in html
    assert "It happened. Known on" in html
    assert "testa@example.org" not in html
    assert "stamp-disputed" in client.get(reverse("pages:questions")).content.decode()


def test_an_upheld_answer_says_why(client: Client, question: Question) -> None:
    uphold_answer(dispute=dispute(question), reason="It was another report.", by=None, now=NOW)
    html = page(client, question)
    assert "stamp-disputed" not in html
    assert "It was another report." in html


def test_a_correction_says_what_stood_until_when_and_why(client: Client, question: Question) -> None:
    assert "Correction" not in page(client, question)
    dispute(question)
    overturn_answer(
        question=question,
        finding=NO,
        evidence=[exhibit("No snow fell.")],
        reason="The office withdrew its report.",
        by=None,
        now=NOW + timedelta(days=3),
    )
    html = " ".join(page(client, question).replace("\N{NO-BREAK SPACE}", " ").split())
    assert "From 15 July 2020 until 18 July 2020 another answer stood here:" in html
    note = html[html.index("another answer stood here") :]
    assert "Happened" in note[:1000]
    assert "The office withdrew its report." in note[:1000]


def test_a_reply_stands_on_the_question_and_with_its_source(client: Client, question: Question) -> None:
    source = question.forecasts.get().source
    record_reply(
        question=question,
        source=source,
        text="I meant the north.",
        replied_on=date(2020, 7, 2),
        url="https://example.org/reply",
        by=None,
        now=NOW,
    )
    for address in (
        reverse("pages:question", args=[question.slug]),
        reverse("pages:source", args=[source.slug]),
    ):
        html = client.get(address).content.decode()
        assert "I meant the north." in html
        assert "https://example.org/reply" in html
