"""One chain over all facts: what was recorded can be proved, and what was changed is found."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, transaction

from forecasts.models import Entry, Forecast, Source
from forecasts.models.ledger import GENESIS, digest, merkle_root
from forecasts.record.reads import ledger
from forecasts.record.writes.ledger import (
    OutsideTransactionError,
    UnfinishedBlockError,
    append_block,
    append_fact,
    open_block,
)
from tests.records import (
    NOW,
    accepted_statement,
    make_desk,
    make_document,
    make_question,
    make_source,
    resolve,
    say,
)

pytestmark = pytest.mark.django_db


def _change(sql, *values):
    """Change a row as a superuser can who has switched the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def _record():
    make_desk("first", pk=1), make_desk("second", pk=2)
    statement = accepted_statement()
    forecast = say(make_question(), statement.speaker, 0.8, statement=statement)
    resolution = resolve(forecast.question)
    return forecast, resolution


def test_every_fact_has_its_entry_in_order():
    _record()
    kinds = list(Entry.objects.order_by("sequence").values_list("kind", flat=True))
    assert kinds == [
        *("document", "statement decision", "question", "forecast"),
        # The first forecast makes the question public, and with it the words that it was read from.
        *("publication", "publication", "verdict", "resolution"),
    ]
    assert Entry.objects.get(sequence=1).previous_sha256 == GENESIS
    assert ledger.version() == 8
    assert ledger.verify() is None


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("UPDATE forecasts_document SET text = text || '.'", "document"),
        ("UPDATE forecasts_document SET desk_id = 2", "document"),
        ("UPDATE forecasts_statement SET speaker_as_written = 'x'", "statement decision"),
        ("UPDATE forecasts_decision SET reason = 'x'", "statement decision"),
        ("UPDATE forecasts_question SET criteria = 'x'", "question"),
        ("UPDATE forecasts_question SET deadline_on = '2021-01-01'", "question"),
        ("UPDATE forecasts_forecast SET probability = 0.81", "forecast"),
        ("UPDATE forecasts_forecast SET deadline_at = deadline_at + interval '1 second'", "forecast"),
        ("UPDATE forecasts_forecast SET stated_at = stated_at - interval '1 microsecond'", "forecast"),
        ("UPDATE forecasts_verdict SET note = 'x'", "verdict"),
        ("UPDATE forecasts_evidence SET quote = 'x'", "verdict"),
        ("UPDATE forecasts_resolution SET outcome = 0", "resolution"),
        ("DELETE FROM forecasts_resolution_verdicts", "resolution"),
    ],
)
def test_a_changed_fact_is_found_even_with_the_triggers_off(sql, kind):
    _record()
    _change(sql)
    broken = ledger.verify()
    assert (broken.kind, broken.reason) == (kind, "its fact was changed")


def test_the_first_break_is_named():
    forecast, _ = _record()
    _change("UPDATE forecasts_resolution SET outcome = 0")
    _change("UPDATE forecasts_forecast SET probability = 0.1")
    broken = ledger.verify()
    assert (broken.kind, broken.fact_id) == ("forecast", forecast.pk)
    assert broken.sequence == 4


def test_a_removed_fact_a_removed_entry_and_a_stray_fact_are_found():
    with transaction.atomic():
        _forecast, _ = _record()
        _change("DELETE FROM forecasts_forecast")
        assert ledger.verify().reason == "its fact is missing"
        transaction.set_rollback(True)


def test_a_removed_entry_is_found():
    _record()
    _change("DELETE FROM forecasts_entry WHERE sequence = 4")
    assert ledger.verify().reason == "entry 4 is missing"


def test_the_last_entry_removed_leaves_a_fact_without_one():
    _record()
    _change("DELETE FROM forecasts_entry WHERE sequence = 8")
    broken = ledger.verify()
    assert (broken.kind, broken.reason) == ("resolution", "this fact has no ledger entry")


def test_an_entry_rewritten_with_its_fact_is_found_by_the_next_one():
    _forecast, _ = _record()
    _change("UPDATE forecasts_forecast SET probability = 0.1")
    entry = Entry.objects.get(kind="forecast")
    entry.fact_sha256 = digest(Forecast.objects.get().as_fact())
    _change(
        "UPDATE forecasts_entry SET fact_sha256 = %s, sha256 = %s WHERE sequence = 4",
        entry.fact_sha256,
        entry.expected_sha256(),
    )
    broken = ledger.verify()
    assert (broken.sequence, broken.reason) == (5, "it does not follow from the entry before")


def test_a_block_has_one_entry_with_its_merkle_root():
    forecast = say(make_question(), make_source(), 0.5)
    with transaction.atomic():
        sequence = open_block()
        rows = Forecast.objects.bulk_create(_copies(forecast, sequence, 5))
        entry = append_block(sequence=sequence, facts=Forecast.objects.filter(block=sequence), now=NOW)
    assert (entry.facts, entry.fact_id) == (5, None)
    assert entry.fact_sha256 == merkle_root(
        [digest(row.as_fact()) for row in Forecast.objects.filter(block=sequence).order_by("pk")]
    )
    assert ledger.verify() is None
    _change("UPDATE forecasts_forecast SET probability = 0.4 WHERE id = %s", rows[2].pk)
    assert ledger.verify().reason == "its fact was changed"


def _copies(forecast, sequence, count):
    copies = []
    for _ in range(count):
        copy = Forecast.objects.get(pk=forecast.pk)
        copy.pk, copy.block, copy.key = None, sequence, uuid4()
        copies.append(copy)
    return copies


def test_a_block_whose_facts_belong_elsewhere_is_refused():
    forecast = say(make_question(), make_source(), 0.5)
    with transaction.atomic(), pytest.raises(UnfinishedBlockError):
        append_block(sequence=open_block(), facts=[forecast], now=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_fact_is_recorded_with_its_entry_or_not_at_all():
    forecast = say(make_question(), make_source(), 0.5)
    with pytest.raises(OutsideTransactionError):
        append_fact(fact=forecast, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_ten_writers_at_once_make_one_chain():
    questions = [make_question(f"Will it snow on day {day}?") for day in range(10)]
    sources = [make_source(f"Test source {number}") for number in range(10)]

    def write(number):
        try:
            say(questions[number], Source.objects.get(pk=sources[number].pk), 0.5)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(write, range(10)))
    assert list(Entry.objects.values_list("sequence", flat=True)) == list(
        range(1, 31)
    )  # and each question is published once
    assert ledger.verify() is None


def test_verification_takes_the_same_number_of_queries_for_more_facts(django_assert_max_num_queries):
    question = make_question()
    for number in range(20):
        say(question, make_source(f"Test source {number}"), 0.5)
    with django_assert_max_num_queries(70):
        assert ledger.verify() is None


def test_an_entry_of_the_first_form_hashes_what_a_fact_had_then():
    document = make_document()
    entry = Entry.objects.get()
    earlier = {key: told for key, told in document.as_fact().items() if key != "desk"}
    assert document.hashed_as(1) == earlier
    assert document.hashed_as(2) == document.as_fact()
    entry.form, entry.fact_sha256 = 1, digest(earlier)
    entry.sha256 = entry.expected_sha256()
    _change(
        "UPDATE forecasts_entry SET form = 1, fact_sha256 = %s, sha256 = %s", entry.fact_sha256, entry.sha256
    )
    assert ledger.verify() is None
    # To call an entry of the second form one of the first, so that less is hashed, does not go unseen.
    _change("UPDATE forecasts_entry SET form = 2")
    assert ledger.verify().reason == "the entry itself was changed"
