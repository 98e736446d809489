"""What is published, by whom and when; what goes with it, and what does not come back by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from forecasts.articles.writes.statements import DecidedAlreadyError, reject_statement
from forecasts.models import (
    Document,
    Event,
    Forecast,
    Publication,
    Published,
    Question,
    Reply,
    Resolution,
    Source,
    Statement,
    Topic,
)
from forecasts.questions.writes.publishing import (
    NothingToPublishError,
    NotPublicError,
    PublicAlreadyError,
    publish_document,
    publish_question,
    publish_statement,
    take_back_document,
    take_back_question,
    take_back_statement,
)
from forecasts.record.reads import ledger
from forecasts.record.refusal import RefusedError
from tests.records import (
    NOW,
    accepted_statement,
    make_desk,
    make_document,
    make_question,
    make_source,
    make_statement,
    make_user,
    resolve,
    say,
)

pytestmark = pytest.mark.django_db
WHY = "Embargoed until noon."
LATER = NOW + timedelta(hours=1)


def public(model: type) -> int:
    return model.objects.public().count()


def test_a_question_is_public_with_its_first_forecast_and_the_words_it_was_read_from():
    question, words = make_question(), accepted_statement()
    other = accepted_statement(document=words.document, quote="I går föll regn", speaker=words.speaker)
    assert (public(Question), public(Statement), public(Document)) == (0, 0, 0)
    say(question, words.speaker, 0.9, statement=words)
    assert set(Question.objects.public()) == {question}
    assert set(Statement.objects.public()) == {words}, "other words of the article wait for their own"
    assert set(Document.objects.public()) == {words.document}
    assert {each.how for each in Publication.objects.all()} == {Published.WITH_FORECAST}
    assert other.public_since is None
    assert ledger.verify() is None


def test_all_that_hangs_on_a_question_is_public_with_it(topic):
    question = make_question(topics=[topic], event=Event.objects.create(slug="snow", name="Snow"))
    source = make_source()
    nouns = (Question, Forecast, Resolution, Source, Topic, Event)
    make_source("Nobody's source")
    assert [public(each) for each in nouns] == [0] * len(nouns)
    say(question, source, 0.9)
    resolve(question)
    assert [public(each) for each in nouns] == [1] * len(nouns)
    take_back_question(question=question, reason=WHY, by=None, now=LATER)
    assert [public(each) for each in (*nouns, Reply)] == [0] * (len(nouns) + 1)


@pytest.fixture
def topic():
    return Topic.objects.create(slug="weather", name="Weather")


def test_a_desk_can_demand_that_somebody_publishes():
    desk = make_desk(publishes_with_forecast=False)
    question, document = make_question(desk=desk), make_document(desk=desk)
    words = accepted_statement(document=document)
    say(question, words.speaker, 0.9, statement=words)
    assert (public(Question), public(Statement)) == (0, 0)
    erin = make_user(desk=desk)
    row = publish_question(question=question, by=erin, now=LATER)
    assert (row.recorded_by, row.since, row.how) == (erin, LATER, Published.BY_HAND)
    assert question.public_since == LATER
    assert set(Statement.objects.public()) == {words}
    assert ledger.verify() is None


def test_another_desk_s_forecast_does_not_publish_the_words_of_a_desk_that_wants_to_be_asked():
    words = accepted_statement(document=make_document(desk=make_desk(publishes_with_forecast=False)))
    question = make_question(desk=make_desk("sports"))
    forecast = say(question, words.speaker, 0.9, statement=words)
    assert set(Forecast.objects.public()) == {forecast}
    assert (public(Statement), public(Document)) == (0, 0)


def test_what_was_taken_back_does_not_come_back_by_itself():
    question, words = make_question(), accepted_statement()
    say(question, words.speaker, 0.9, statement=words)
    taken = take_back_question(question=question, reason=WHY, by=None, now=LATER)
    assert (taken.public, taken.reason, question.public_since) == (False, WHY, None)
    assert (public(Question), public(Statement), public(Document)) == (0, 0, 0)
    say(question, words.speaker, 0.8, days=-5, statement=words)
    assert (public(Question), public(Statement)) == (0, 0)
    publish_question(question=question, by=None, now=LATER)
    assert (public(Question), public(Statement), public(Document)) == (1, 1, 1)
    assert Publication.objects.count() == 6
    assert ledger.verify() is None


def test_words_of_another_public_question_stay_when_one_is_taken_back():
    one, other, words = make_question(), make_question("Will it rain?"), accepted_statement()
    for each in (one, other):
        say(each, words.speaker, 0.9, statement=words)
    take_back_question(question=one, reason=WHY, by=None, now=LATER)
    assert set(Statement.objects.public()) == {words}
    take_back_question(question=other, reason=WHY, by=None, now=LATER)
    assert public(Statement) == 0


def test_an_article_is_published_and_taken_back_with_all_its_accepted_words():
    words = accepted_statement()
    document = words.document
    draft = make_statement(document=document, quote="I går föll regn")
    rows = publish_document(document=document, by=None, now=NOW)
    assert [each.statement for each in rows] == [words]
    assert document.public_since == NOW
    assert draft not in Statement.objects.public()
    take_back_document(document=document, reason=WHY, by=None, now=LATER)
    assert (document.public_since, public(Statement), public(Document)) == (None, 0, 0)


def test_words_are_taken_back_without_the_forecast_that_was_read_from_them():
    question, words = make_question(), accepted_statement()
    forecast = say(question, words.speaker, 0.9, statement=words)
    take_back_statement(statement=words, reason=WHY, by=None, now=LATER)
    assert set(Forecast.objects.public()) == {forecast}
    assert public(Document) == 0


def test_published_words_are_taken_back_before_they_are_rejected():
    words = accepted_statement()
    publish_statement(statement=words, by=None, now=NOW)
    with pytest.raises(DecidedAlreadyError, match="Take it back first"):
        reject_statement(statement=words, reason="No forecast.", by=None, now=LATER)


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda it: publish_question(question=it.question, by=None, now=NOW), PublicAlreadyError),
        (lambda it: publish_statement(statement=it.statement, by=None, now=NOW), PublicAlreadyError),
        (lambda it: publish_document(document=it.statement.document, by=None, now=NOW), PublicAlreadyError),
        (lambda it: take_back_question(question=it.question, reason=" ", by=None, now=NOW), RefusedError),
        (
            lambda it: take_back_question(question=make_question("Rain?"), reason=WHY, by=None, now=NOW),
            NotPublicError,
        ),
        (
            lambda it: publish_statement(
                statement=make_statement(document=it.statement.document, quote="I går föll regn"),
                by=None,
                now=NOW,
            ),
            NothingToPublishError,
        ),
        (
            lambda it: publish_document(
                document=make_document("Bare words.", url="https://example.org/x"), by=None, now=NOW
            ),
            NothingToPublishError,
        ),
    ],
)
def test_what_can_t_be_is_refused_and_changes_nothing(act, refusal):
    words = accepted_statement()
    forecast = say(make_question(), words.speaker, 0.9, statement=words)
    before = Publication.objects.count()
    with pytest.raises(refusal):
        act(forecast)
    assert Publication.objects.count() == before


@pytest.mark.parametrize("model", [Question, Statement, Document])
def test_nothing_is_made_public_but_by_a_publication(model):
    words = accepted_statement()
    say(make_question(), words.speaker, 0.9, statement=words)
    for instant in (None, LATER):
        with pytest.raises(IntegrityError, match="by a publication alone"), transaction.atomic():
            model.objects.update(public_since=instant)


def test_a_key_is_drawn_by_the_database_and_stays():
    question = make_question()
    assert question.key.version == 4
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(key=make_question("Rain?").key)


@pytest.mark.parametrize("model", [Question, Statement, Document])
@pytest.mark.parametrize("instant", [None, LATER])
def test_the_ledger_sees_what_was_made_public_or_hidden_behind_its_back(model, instant):
    words = accepted_statement()
    say(make_question(), words.speaker, 0.9, statement=words)
    make_question("Not published?")
    make_document("Nothing is marked here.")
    assert ledger.verify() is None
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        model.objects.update(public_since=instant)
        cursor.execute("SET LOCAL session_replication_role = origin")
    found = ledger.verify()
    assert found
    assert "publications" in found.reason
