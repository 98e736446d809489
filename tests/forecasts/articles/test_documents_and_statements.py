"""Words enter the record exactly as they stand, and each decision on them is kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from forecasts.articles.writes.documents import (
    EmptyDocumentError,
    PublishedLaterError,
    UntitledDocumentError,
    capture_document,
)
from forecasts.articles.writes.statements import (
    DecidedAlreadyError,
    FixedReadingError,
    NoReasonError,
    NoSpeakerError,
    SpanDoesNotMatchError,
    SpanMarkedAlreadyError,
    accept_statement,
    amend_draft,
    draft_statement,
    reject_statement,
)
from forecasts.models import Decision, Document, Entry, Statement
from forecasts.questions.writes.publishing import take_back_statement
from forecasts.record.refusal import RefusedError
from tests.records import (
    NOW,
    QUOTE,
    accepted_statement,
    make_document,
    make_question,
    make_source,
    make_statement,
    say,
)

pytestmark = pytest.mark.django_db


def test_text_is_kept_to_the_last_code_point():
    text = "\ufeffA\u0301 e\u0301 \r\n\r\n”quote” – 🌨️ \u00a0end  "
    document = make_document(text)
    document.refresh_from_db()
    assert document.text == text


def test_the_same_text_from_the_same_address_is_captured_once():
    first = make_document(url="https://example.org/a")
    assert make_document(url="https://example.org/a") == first
    assert make_document(url="https://example.org/b") != first
    assert Entry.objects.filter(kind="document").count() == 2


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"text": " \n"}, EmptyDocumentError, "text"),
        ({"text": "a\x00b"}, EmptyDocumentError, "text"),
        ({"text": "a" * 2_000_001}, EmptyDocumentError, "text"),
        ({"title": " "}, UntitledDocumentError, "title"),
        ({"published_at": NOW + timedelta(days=1)}, PublishedLaterError, "published_at"),
    ],
)
def test_a_bad_document_is_refused_and_nothing_is_recorded(change, error, field):
    given = {"text": "a", "title": "t", "language": "sv", "published_at": NOW, "captured_at": NOW}
    with pytest.raises(error) as caught:
        capture_document(**{**given, **change}, now=NOW)
    assert caught.value.field == field
    assert not Document.objects.exists()
    assert not Entry.objects.exists()


def test_a_quote_that_is_not_what_stands_there_is_refused():
    document = make_document()
    with pytest.raises(SpanDoesNotMatchError, match="the text says “Snön”, not “Regn”"):
        _mark(document, 0, 4, "Regn")
    with pytest.raises(SpanDoesNotMatchError, match="not inside the text"):
        _mark(document, 5, 5_000, "x")
    assert not Statement.objects.exists()


def _mark(document, start, end, quote):
    return draft_statement(
        document=document, start=start, end=end, quote=quote, directness="direct", stated_at=NOW, now=NOW
    )


def test_a_span_is_marked_once():
    statement = make_statement()
    with pytest.raises(SpanMarkedAlreadyError):
        make_statement(statement.document)


def test_a_statement_without_a_speaker_is_not_accepted():
    statement = make_statement()
    with pytest.raises(NoSpeakerError, match="Say who made it"):
        accept_statement(statement=statement, reason="A forecast.", by=None, now=NOW)
    statement.refresh_from_db()
    assert statement.status == "draft"


def test_a_decision_needs_a_reason_and_is_made_once():
    statement = make_statement(speaker=make_source())
    with pytest.raises(NoReasonError):
        reject_statement(statement=statement, reason=" ", by=None, now=NOW)
    reject_statement(statement=statement, reason="Past tense.", by=None, now=NOW)
    with pytest.raises(DecidedAlreadyError):
        reject_statement(statement=statement, reason="Past tense.", by=None, now=NOW)
    assert list(Decision.objects.values_list("status", "reason")) == [("rejected", "Past tense.")]


def test_an_editor_may_change_their_mind_and_both_decisions_are_kept():
    statement = make_statement(speaker=make_source())
    reject_statement(statement=statement, reason="Past tense.", by=None, now=NOW)
    accept_statement(statement=statement, reason="No: future.", by=None, now=NOW)
    statement.refresh_from_db()
    assert statement.status == "accepted"
    assert Decision.objects.count() == 2


def test_a_statement_that_carries_a_forecast_is_not_rejected():
    statement = accepted_statement()
    say(make_question(), statement.speaker, 0.9, statement=statement)
    take_back_statement(statement=statement, reason="Not ours to print.", by=None, now=NOW)
    with pytest.raises(DecidedAlreadyError, match="Withdraw or correct the forecast first"):
        reject_statement(statement=statement, reason="No.", by=None, now=NOW)


def test_a_drafts_reading_is_open_and_an_accepted_one_is_fixed():
    statement = make_statement()
    amend_draft(by=None, statement=statement, speaker=make_source(), claim="It will snow.")
    accept_statement(statement=statement, reason="A forecast.", by=None, now=NOW)
    with pytest.raises(FixedReadingError):
        amend_draft(by=None, statement=statement, claim="It may snow.")
    with pytest.raises(TypeError, match="quote"):
        amend_draft(by=None, statement=statement, quote="Other words")


def test_the_database_keeps_the_words_and_an_accepted_reading():
    draft, accepted = (
        make_statement(quote="I går föll regn."),
        accepted_statement(document=make_document("X " + QUOTE)),
    )
    for sql in (
        "UPDATE forecasts_statement SET quote = 'x' WHERE id = %s",
        'UPDATE forecasts_statement SET "start" = 1 WHERE id = %s',
        "DELETE FROM forecasts_statement WHERE id = %s",
    ):
        _refused(sql, draft.pk)
    _refused("UPDATE forecasts_statement SET claim = 'x' WHERE id = %s", accepted.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE forecasts_statement SET claim = 'x' WHERE id = %s", [draft.pk])


def _refused(sql, key):
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [key])


def test_an_unknown_directness_is_refused():
    with pytest.raises(RefusedError, match="direct, indirect, authorial"):
        make_statement(directness="loud")


@pytest.mark.django_db(transaction=True)
def test_ten_captures_at_once_keep_one_document():
    def capture(_):
        try:
            return make_document(url="https://example.org/a").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(capture, range(10)))) == 1
    assert Entry.objects.count() == 1
