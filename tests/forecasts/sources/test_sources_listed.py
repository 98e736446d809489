"""What pages, API and admin read of sources."""

import pytest

from forecasts.questions.reads.listing import forecasts_by
from forecasts.questions.values.readings import Reading
from forecasts.questions.writes.forecasts import correct_forecast
from forecasts.sources import reads as queries
from forecasts.sources.writes import merge_sources
from forecasts.verdicts.writes.resolutions import void_question
from tests.records import NOW, exhibit, make_question, make_source, resolve, say

pytestmark = pytest.mark.django_db


def test_questions_and_outcomes_are_counted_once_for_each_question():
    source = make_source()
    answered, void, still_open = make_question("A?"), make_question("V?"), make_question("O?")
    for days in (-20, -10):
        say(answered, source, 0.5, days=days)
    say(void, source, 0.5)
    say(still_open, source, 0.5, days=-3)
    resolve(answered)
    void_question(question=void, reason="ambiguous", note="", evidence=[exhibit()], by=None, now=NOW)
    row = queries.sources().get()
    assert (row.question_count, row.answered_count) == (3, 1)
    assert row.last_said_at == still_open.forecasts.get().stated_at


def test_a_corrected_forecast_does_not_count():
    source, other = make_source("A"), make_source("B")
    wrong = say(make_question(), source, 0.5)
    correct_forecast(forecast=wrong, reading=Reading.stated(0.5), source=other, note="Synthetic.", now=NOW)
    assert {row.name: row.question_count for row in queries.sources()} == {"A": 0, "B": 1}


def test_those_with_the_most_to_judge_them_by_stand_first_and_the_silent_are_left_out():
    silent, few, many = make_source("Silent"), make_source("Few"), make_source("Many")
    question = make_question()
    say(question, many, 0.5)
    resolve(question)
    say(make_question("Open?"), few, 0.5)
    assert [row.name for row in queries.sources_with_forecasts()] == ["Many", "Few"]
    # Of whom nothing is public, the public hears nothing.
    assert silent.name not in {row.name for row in queries.sources()}


def test_a_merged_source_is_listed_once_and_keeps_its_words():
    one, two, three = make_source("One"), make_source("Two"), make_source("Three")
    forecasts = [say(make_question(f"{each}?"), each, 0.5) for each in (one, two, three)]
    merge_sources(source=three, into=two, reason="Synthetic.", by=None, now=NOW)
    merge_sources(source=two, into=one, reason="Synthetic.", by=None, now=NOW)
    assert [row.name for row in queries.sources()] == ["One"]
    assert queries.ids_with_merged(one) == {one.pk, two.pk, three.pk}
    assert set(forecasts_by(one)) == set(forecasts)


def test_the_latest_words_stand_first():
    source = make_source()
    early = say(make_question("A?"), source, 0.5, days=-20)
    late = say(make_question("B?"), source, 0.5, days=-2)
    assert list(forecasts_by(source)) == [late, early]


def test_rows_bring_their_names_and_roles_along(django_assert_num_queries):
    for number in range(4):
        say(make_question(f"{number}?"), make_source(f"Synthetic {number}"), 0.5)
    with django_assert_num_queries(3):
        for row in queries.sources_with_forecasts():
            assert [*row.aliases.all(), *row.affiliations.all()] == []
