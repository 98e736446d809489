"""Forecasts of every kind enter the record by the block, once, with the hash of their fact."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forecasts.files.writes import imports
from forecasts.files.writes.imports import FileContents, FileForecast
from forecasts.models import Entry, Forecast, Question
from forecasts.models.ledger import digest, merkle_root
from forecasts.questions.values.readings import Odds, Quantiles
from forecasts.record.reads import ledger
from forecasts.record.refusal import RefusedError
from tests.forecasts.files.taken_in import file_question, take_file
from tests.records import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


KINDS = (
    file_question("colour", kind="options", options=["Red", "Green"], outcome=1.0),
    file_question("rate", kind="ordered", options=["low", "mid", "high"], outcome=2.0),
    file_question("share", kind="number", unit="%", lower_bound=0.0, upper_bound=100.0, outcome=4.5),
    file_question("day", kind="date", outcome=18_000.0),
)
VALUES = (
    Odds([0.1, 0.9]),
    Odds([1 / 3, 1 / 3, 1 / 3]),
    Quantiles.interval(low=3, high=5, level=0.8),
    Quantiles.point(18_000),
)


def _of_every_kind():
    """Return a file with two values and a withdrawal on a question of each kind, and a yes-or-no one."""
    places = [(place, value) for place in range(len(KINDS)) for value in (place, place + len(KINDS), None)]
    others = [
        FileForecast(question=place, source=0, stated_at=NOW - (9 - at % 3) * DAY / 7, value=value)
        for at, (place, value) in enumerate(places)
    ]
    rain = FileForecast(question=len(KINDS), source=0, stated_at=NOW - DAY, probability=0.5)
    return FileContents(
        sources=["Source 0"],
        questions=[*KINDS, file_question()],
        forecasts=[rain, *others],
        values=[*VALUES, Odds([0.5, 0.5]), Odds([0, 0, 1]), Quantiles.point(5), Quantiles.point(18_000.5)],
    )


def test_every_kind_of_forecast_is_hashed_as_the_fact_that_the_database_holds():
    job = take_file(_of_every_kind())
    assert (job.new_questions, job.new_forecasts, job.new_resolutions) == (5, 13, 5)
    assert list(Entry.objects.values_list("kind", "facts")) == [
        ("question", 5),
        ("forecast", 1),
        ("forecast", 12),
        ("publication", 5),
        ("resolution", 5),
    ]
    assert ledger.verify() is None
    entry = Entry.objects.get(kind="forecast", facts=12)
    rows = Forecast.objects.filter(block=entry.sequence).order_by("pk")
    assert entry.fact_sha256 == merkle_root([digest(each.as_fact()) for each in rows])
    assert rows.filter(withdrawn=True).count() == 4
    share = rows.filter(question__slug="share").first()
    assert (share.quantile_levels, share.quantile_values) == ([0.1, 0.9], [3.0, 5.0])
    assert share.deadline_at == share.question.deadline_at


def test_every_kind_of_forecast_comes_in_once_however_often_it_is_said_and_cut_off(monkeypatch):
    contents = _of_every_kind()
    doubled = replace(contents, forecasts=[*contents.forecasts] * 2, values=[*contents.values])
    monkeypatch.setattr(imports, "FORECASTS_AT_ONCE", 5)

    def stop(done, rows):
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_file(doubled, progress=stop)
    assert Forecast.objects.count() == 5
    job = take_file(doubled, now=NOW + DAY)
    assert (job.new_forecasts, job.repeated, Forecast.objects.count()) == (13, 13, 13)
    again = take_file(contents, sha="b" * 64)
    assert (again.new_forecasts, again.known, again.new_resolutions) == (0, 13, 0)
    assert ledger.verify() is None


def test_many_forecasts_of_other_kinds_take_no_query_each(django_assert_max_num_queries):
    def contents(n):
        said = [FileForecast(question=0, source=0, stated_at=NOW - at * DAY, value=0) for at in range(n)]
        return FileContents(sources=["A"], questions=[KINDS[0]], forecasts=said, values=[VALUES[0]])

    with CaptureQueriesContext(connection) as few:
        take_file(contents(2))
    with django_assert_max_num_queries(len(few)):
        take_file(contents(500), sha="b" * 64)
    assert Forecast.objects.count() == 500


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (KINDS[0], {"probability": 0.5}),
        (file_question(), {"value": 0}),
        (KINDS[1], {"value": 0}),
        (KINDS[2], {"value": 1}),
    ],
)
def test_a_value_of_another_kind_than_its_question_stops_the_import_before_it_begins(question, said):
    contents = FileContents(
        sources=["A"],
        questions=[question],
        forecasts=[FileForecast(question=0, source=0, stated_at=NOW, **said)],
        values=[Odds([0.1, 0.9]), Quantiles.point(101)],
    )
    with pytest.raises(RefusedError):
        take_file(contents)
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("place", "changed", "field"),
    [
        (0, {"options": ["Green", "Red"]}, "options"),
        (0, {"kind": "ordered"}, "kind"),
        (2, {"unit": "people"}, "unit"),
        (2, {"upper_bound": None}, "upper_bound"),
        (2, {"outcome": 4.0}, "resolution"),
    ],
)
def test_a_question_that_the_record_has_with_another_kind_options_or_bounds_is_refused(place, changed, field):
    take_file(_of_every_kind())
    head = ledger.head()
    other = replace(KINDS[place], line=7, **changed)
    job = take_file(FileContents(sources=[], questions=[other], forecasts=[]), sha="b" * 64)
    assert [(row["line"], row["field"]) for row in job.refused] == [(7, field)]
    assert ledger.head() == head
