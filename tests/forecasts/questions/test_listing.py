"""What pages, API and admin read of questions: the right rows, in the right order, for few queries."""

from datetime import date, timedelta

import pytest

from forecasts.articles.writes.statements import reject_statement
from forecasts.models import Question, Scale
from forecasts.questions.reads import listing as queries
from forecasts.questions.values.readings import Reading
from forecasts.questions.writes.forecasts import correct_forecast
from forecasts.questions.writes.publishing import publish_document, publish_question
from forecasts.verdicts.writes.resolutions import reopen_question, void_question
from tests.records import (
    NOW,
    accepted_statement,
    exhibit,
    make_document,
    make_question,
    make_source,
    make_statement,
    make_term,
    resolve,
    say,
)

pytestmark = pytest.mark.django_db


def _asked(*words, **rest):
    """Return a question that everybody may read."""
    question = make_question(*words, **rest)
    publish_question(question=question, by=None, now=NOW)
    return question


def _words(rows):
    return [row.proposition for row in rows]


def test_questions_stand_in_the_order_of_their_deadlines():
    _asked("Later?", on=date(2020, 9, 1))
    _asked("Sooner?", on=date(2020, 3, 1))
    assert _words(queries.questions()) == ["Sooner?", "Later?"]


def test_sources_are_counted_once_and_a_corrected_forecast_not_at_all():
    question, one, other = make_question(), make_source("A"), make_source("B")
    say(question, one, 0.2)
    say(question, one, 0.4, days=-10)
    wrong = say(question, other, 0.6)
    correct_forecast(forecast=wrong, reading=Reading.stated(0.7), source=one, note="Synthetic.", now=NOW)
    assert queries.questions().get().source_count == 1


def test_every_question_is_answered_or_open_or_due_and_one_of_these_alone():
    make_question("Open?")
    make_question("Due?", on=date(2019, 12, 20))
    resolve(make_question("Known early?"))
    resolve(make_question("Known?", on=date(2019, 12, 20)), at=NOW - timedelta(days=13))
    void_question(
        question=make_question("Void?"),
        reason="ambiguous",
        note="Two offices disagree.",
        evidence=[exhibit()],
        by=None,
        now=NOW,
    )
    for words, on in (("Reopened, open?", date(2020, 6, 30)), ("Reopened, due?", date(2019, 12, 20))):
        reopened = make_question(words, on=on)
        resolve(reopened, at=NOW - timedelta(days=13))
        reopen_question(question=reopened, reason="Retracted.", by=None, now=NOW)
    rows = Question.objects.order_by("pk")
    assert _words(rows.open(NOW)) == ["Open?", "Reopened, open?"]
    assert _words(rows.due(NOW)) == ["Due?", "Reopened, due?"]
    assert _words(rows.answered()) == ["Known early?", "Known?", "Void?"]
    assert set(rows.unanswered()) == {*rows.open(NOW), *rows.due(NOW)}
    # At its deadline, and not a moment before, a question is due.
    deadline = rows.get(proposition="Open?").deadline_at
    assert _words(rows.open(deadline - timedelta(microseconds=1))) == ["Open?", "Reopened, open?"]
    assert _words(rows.open(deadline)) == []


def test_an_answered_question_is_neither_open_nor_awaiting():
    _asked("Open?")
    _asked("Awaiting?", on=date(2019, 12, 20))
    resolve(_asked("Answered?"))
    void_question(
        question=_asked("Void?"), reason="ambiguous", note="", evidence=[exhibit()], by=None, now=NOW
    )
    assert _words(queries.open_questions(now=NOW)) == ["Open?"]
    assert _words(queries.questions_awaiting_an_answer(now=NOW)) == ["Awaiting?"]
    assert set(_words(queries.answered_questions())) == {"Answered?", "Void?"}


def test_a_reopened_question_waits_for_an_answer_again():
    question = _asked()
    resolve(question)
    reopen_question(question=question, reason="Synthetic doubt.", by=None, now=NOW)
    assert _words(queries.open_questions(now=NOW)) == [question.proposition]
    assert list(queries.answered_questions()) == []


def test_the_deadline_itself_is_too_late():
    question = _asked()
    at = question.deadline_at
    assert list(queries.open_questions(now=at)) == []
    assert list(queries.open_questions(now=at - timedelta(seconds=1))) == [question]


def test_what_is_due_soon_begins_with_what_comes_and_ends_with_what_is_late():
    for words, on in [
        ("Long late?", date(2019, 12, 10)),
        ("Late?", date(2019, 12, 30)),
        ("In a week?", date(2020, 1, 8)),
        ("Tomorrow?", date(2020, 1, 2)),
        ("In a year?", date(2021, 1, 1)),
    ]:
        _asked(words, on=on)
    due = queries.questions_due_soon(now=NOW, within=timedelta(days=30))
    assert _words(due) == ["Tomorrow?", "In a week?", "Late?", "Long late?"]


def test_the_answer_in_force_is_the_one_that_nothing_supersedes():
    question = _asked()
    first = resolve(question)
    assert queries.answer_in_force(queries.questions().get()) == first
    reopened = reopen_question(question=question, reason="Synthetic doubt.", by=None, now=NOW)
    assert queries.answer_in_force(queries.questions().get()) == reopened
    second = resolve(question, outcome=0)
    assert queries.answer_in_force(queries.questions().get()) == second


def test_rows_bring_their_answers_and_topics_along(django_assert_num_queries):
    for number in range(4):
        resolve(_asked(f"Synthetic {number}?"))
    with django_assert_num_queries(3):
        for row in queries.questions():
            assert queries.answer_in_force(row) is not None
            assert list(row.topics.all()) == []


def test_cards_bring_all_that_they_show_along(django_assert_num_queries):
    question, term = make_question(), make_term()
    for number in range(4):
        source = make_source(f"Synthetic {number}")
        document = make_document(
            text=f"{number}: Snön kommer att falla – före jul", title=f"Synthetic {number}"
        )
        statement = accepted_statement(document=document, speaker=source)
        say(question, source, 0, reading=Reading.from_term(term), statement=statement)
    resolve(question)
    # The forecasts, the affiliations, the public words and the answers, however many there are.
    with django_assert_num_queries(4):
        for forecast in queries.forecasts_shown():
            assert forecast.term.scale.name
            assert forecast.statement.document.title
            assert forecast.source.affiliation_on(NOW.date()) is None
            assert queries.answer_in_force(forecast.question) is not None


def test_a_corrected_forecast_is_not_shown():
    wrong = say(make_question(), make_source(), 0.6)
    right = correct_forecast(forecast=wrong, reading=Reading.stated(0.7), note="Synthetic.", now=NOW)
    assert list(queries.forecasts_shown()) == [right]


def test_the_newest_outcomes_are_quoted_and_the_latest_known_first():
    speaker = make_source()
    document = make_document(text="Ett kommer. Två kommer. Tre kommer.", title="Synthetic")
    for days, words in [(5, "Ett kommer"), (1, "Två kommer"), (3, "Tre kommer")]:
        question = make_question(f"{words}?")
        statement = accepted_statement(document=document, quote=words, speaker=speaker)
        say(question, speaker, 0.4, statement=statement)
        say(question, make_source(f"Without words {days}"), 0.4)
        resolve(question, at=NOW - timedelta(days=days))
    say(make_question("Open?"), speaker, 0.5)
    shown = queries.forecasts_with_newest_outcomes()
    assert [each.statement.quote for each in shown] == ["Två kommer", "Tre kommer", "Ett kommer"]


def test_a_document_brings_its_accepted_statements_only():
    document = make_document(text="Ett kommer. Två kommer. Tre kommer.")
    speaker = make_source()
    accepted_statement(document=document, quote="Tre kommer", speaker=speaker)
    accepted_statement(document=document, quote="Ett kommer", speaker=speaker)
    rejected = make_statement(document=document, quote="Två kommer", speaker=speaker)
    reject_statement(statement=rejected, reason="Synthetic.", by=None, now=NOW)
    publish_document(document=document, by=None, now=NOW)
    shown = queries.document_with_statements().get()
    assert [each.quote for each in shown.statements.all()] == ["Ett kommer", "Tre kommer"]


def test_our_own_scale_stands_last():
    for slug, name, kind in [("a", "A", "house"), ("z", "Z", "standard"), ("m", "M", "empirical")]:
        Scale.objects.create(slug=slug, name=name, kind=kind, source="Synthetic")
    assert [scale.slug for scale in queries.scales()] == ["m", "z", "a"]


def test_each_fact_finds_its_ledger_entry_in_one_query(django_assert_num_queries):
    question = make_question()
    answer = resolve(question)
    with django_assert_num_queries(1):
        entries = queries.ledger_entries(facts=[question, answer])
    assert {fact: entry.kind for fact, entry in entries.items()} == {
        question: "question",
        answer: "resolution",
    }
    assert entries[question].fact_id == question.pk
    assert queries.ledger_entries(facts=[]) == {}
