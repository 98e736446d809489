"""Two sources on what they share, and one by itself: known answers and identities."""

from datetime import timedelta

import numpy as np
import pytest

from forecasts.boards.reads.comparison import SameSourceError, comparison
from forecasts.boards.reads.figures.means import means
from forecasts.boards.reads.profile import WHOLE_RECORD, profile
from forecasts.models import Forecast, Topic
from forecasts.sources.writes import merge_sources
from tests.records import NOW, make_board, make_question, make_source, resolve, say

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def _compared(a, b, **rest):
    return comparison(board=WHOLE_RECORD, a=a, b=b, now=NOW, **rest)


@pytest.fixture
def pair():
    """Ann and Bo on four questions, each with one more of their own; Ann is better by 0.2 on average."""
    ann, bo = make_source("Ann"), make_source("Bo")
    for number, (of_ann, of_bo) in enumerate([(0.9, 0.5), (0.8, 0.4), (0.7, 0.6), (0.5, 0.5)]):
        question = make_question(f"Shared {number}?")
        say(question, ann, of_ann)
        say(question, bo, of_bo)
        resolve(question)
    for source in (ann, bo):
        question = make_question(f"Only {source}?")
        say(question, source, 0.1)
        resolve(question)
    return ann, bo


def test_only_shared_questions_count(pair):
    found = _compared(*pair)
    assert (found.n, found.n_a, found.n_b, found.n_events) == (4, 5, 5, 4)
    assert found.score_a == pytest.approx((0.01 + 0.04 + 0.09 + 0.25) / 4)
    assert found.score_b == pytest.approx((0.25 + 0.36 + 0.16 + 0.25) / 4)
    assert found.difference == pytest.approx(found.score_a - found.score_b)
    assert found.ci_low < found.difference < found.ci_high
    assert [each.difference for each in found.questions] == sorted(
        each.difference for each in found.questions
    )


def test_to_compare_the_other_way_round_turns_every_sign(pair):
    one, other = _compared(*pair), _compared(*reversed(pair))
    assert other.difference == pytest.approx(-one.difference)
    assert (other.ci_low, other.ci_high) == (pytest.approx(-one.ci_high), pytest.approx(-one.ci_low))
    assert other.p_a_better == pytest.approx(1 - one.p_a_better)


def test_questions_that_hang_together_make_the_interval_wider():
    """Ten copies of each of two events say no more than the two."""
    score = np.repeat([0.0, 0.2], 10)
    group = np.zeros(20, dtype=np.int64)
    apart = means(group=group, event=np.arange(20), score=score, n_groups=1)
    together = means(group=group, event=np.repeat([0, 1], 10), score=score, n_groups=1)
    assert apart.mean == together.mean
    assert together.high[0] - together.low[0] > 3 * (apart.high[0] - apart.low[0])


def test_a_source_that_equals_the_other_beats_it_in_half_of_the_draws():
    one, other = make_source("One"), make_source("Other")
    for number in range(3):
        question = make_question(f"Question {number}?")
        say(question, one, 0.7)
        say(question, other, 0.7)
        resolve(question)
    found = _compared(one, other)
    assert (found.difference, found.ci_low, found.ci_high, found.p_a_better) == (0.0, 0.0, 0.0, 0.5)


def test_who_shares_nothing_has_no_scores_to_compare(pair):
    found = _compared(pair[0], make_source("Nobody"))
    assert (found.n, found.score_a, found.difference, found.ci_low, found.questions) == (
        0,
        None,
        None,
        None,
        [],
    )


def test_a_source_is_not_compared_with_itself_by_another_name(pair):
    alias = make_source("A. Nn")
    merge_sources(source=alias, into=pair[0], reason="The same.", by=None, now=NOW)
    alias.refresh_from_db()
    with pytest.raises(SameSourceError):
        _compared(pair[0], alias)


def test_what_is_recorded_later_changes_no_earlier_comparison(pair):
    before = _compared(*pair, at=NOW)
    question = make_question("Later?")
    for source in pair:
        say(question, source, 0.5)
    resolve(question, now=NOW + DAY)
    assert _compared(*pair, at=NOW) == before
    assert _compared(*pair).n == 5


def test_a_comparison_takes_the_same_queries_however_many_questions(pair, django_assert_num_queries):
    with django_assert_num_queries(7):
        assert _compared(*pair).n == 4
    for number in range(5):
        question = make_question(f"More {number}?")
        for source in pair:
            say(question, source, 0.5)
        resolve(question)
    with django_assert_num_queries(7):
        assert _compared(*pair).n == 9


def test_a_profile_s_parts_add_up_to_the_whole():
    source, wet, dry = make_source(), *(Topic.objects.create(slug=name, name=name) for name in ("wet", "dry"))
    for number in range(8):
        question = make_question(f"Question {number}?", topics=[wet if number < 3 else dry])
        say(question, source, 0.1 * (number + 1), days=-20 + number)
        resolve(question, outcome=number % 2)
    found = profile(source=source, now=NOW + 400 * DAY)
    total = sum(part.score * part.n for part in found.by_topic)
    assert [(part.name, part.n) for part in found.by_topic] == [("dry", 5), ("wet", 3)]
    assert found.score == pytest.approx(total / found.n)
    assert sum(part.n for part in found.by_lead) == found.calibration.n == 8
    assert found.history[-1].brier == pytest.approx(found.score)


def test_the_best_and_worst_calls_are_those_with_the_lowest_and_the_highest_scores():
    source = make_source()
    for number in range(9):
        question = make_question(f"Question {number}?")
        say(question, source, 0.1 * (number + 0.5))
        resolve(question)
    found = profile(source=source, now=NOW)
    said = Forecast.objects.in_bulk(found.best + found.worst)
    assert [round(said[pk].probability, 2) for pk in found.best] == [0.85, 0.75, 0.65]
    assert [round(said[pk].probability, 2) for pk in found.worst] == [0.05, 0.15, 0.25]


def test_a_profile_is_computed_anew_when_a_deadline_passes():
    """Calibration leaves out what was answered before its deadline, so the clock alone changes it."""
    question, source = make_question(), make_source()
    say(question, source, 0.9)
    resolve(question)
    assert profile(source=source, now=NOW).calibration.n == 0
    assert profile(source=source, now=question.deadline_at + DAY).calibration.n == 1


def test_a_source_that_said_nothing_has_an_empty_profile():
    found = profile(source=make_source(), now=NOW)
    assert (found.n, found.score, found.history, found.by_topic, found.by_lead, found.best) == (
        0, None, [], [], [], []
    )  # fmt: skip


def test_a_board_counts_only_what_it_filters_in_a_comparison_too(pair):
    board = make_board(filter={"stated_only": True, "topics": ["none"]})
    assert comparison(board=board, a=pair[0], b=pair[1], now=NOW).n == 0
