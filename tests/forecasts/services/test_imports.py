"""A file of forecasts enters the record whole, once, and provably."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from forecasts.models import Entry, Forecast, Import, Question, Reminder, Resolution, Source
from forecasts.models.ledger import digest, merkle_root
from forecasts.queries import ledger
from forecasts.queries.standings import standings
from forecasts.schedule import Deadline
from forecasts.services import imports
from forecasts.services.copying import Incoming, copy_forecasts
from forecasts.services.imports import FileContents, FileForecast, FileQuestion, begin_import, take_in
from forecasts.services.questions import assign_question
from forecasts.services.readings import NotAProbabilityError, Odds, Quantiles, Reading
from forecasts.services.refusal import RefusedError
from forecasts.services.reminders import arm_unarmed
from tests.records import NOW, make_board, make_question, make_source, make_term, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def _question(key="rain:1", **rest):
    given = {
        "key": key,
        "proposition": f"Does it rain, {key}?",
        "criteria": "As the file says.",
        "opens_at": NOW - 30 * DAY,
        "deadline": Deadline(on=date(2020, 1, 1), zone="UTC"),
        "outcome": 1.0,
        "known_at": NOW,
    }
    return FileQuestion(**{**given, **rest})


def _contents(questions=3, sources=4):
    return FileContents(
        sources=[f"Source {number}" for number in range(sources)],
        questions=[_question(f"rain:{number}", outcome=float(number % 2)) for number in range(questions)],
        forecasts=[
            FileForecast(
                question=question,
                source=source,
                stated_at=NOW - (source + 1) * DAY,
                probability=(source + 1) / 10,
            )
            for question in range(questions)
            for source in range(sources)
        ],
    )


def _take(contents, sha="a" * 64, board=None, refused=()):
    job = begin_import(name="rain.csv", sha256=sha, board=board, rows=len(contents.forecasts), now=NOW)
    return take_in(job=job, contents=contents, refused=refused, now=NOW)


def test_what_the_file_says_is_on_the_record_and_in_the_ledger():
    board = make_board("rain", filter={"topics": ["rain"]})
    job = _take(_contents(), board=board)
    assert (job.state, job.new_questions, job.new_forecasts, job.new_resolutions) == ("done", 3, 12, 3)
    assert list(Entry.objects.values_list("kind", "facts")) == [
        ("question", 3),
        ("forecast", 12),
        ("resolution", 3),
    ]
    assert ledger.verify() is None
    best = standings(board=board, at=NOW)[0]
    assert (best.source, best.n) == ("Source 2", 3)
    assert best.brier == pytest.approx((0.09 + 0.49 + 0.09) / 3)


def test_the_hand_written_hash_is_the_hash_of_the_fact():
    question, term = make_question("Regnar det på “måndag”?"), make_term("kommer \\ att\u2028 ”")
    source = make_source()
    copy_forecasts(
        forecasts=[
            Incoming(question.pk, source.pk, NOW - DAY, 0.1 + 0.2),
            Incoming(question.pk, source.pk, NOW - DAY / 7, 1.0, 0.5, 1.0, term.pk),
            Incoming(question.pk, source.pk, NOW, None),
            Incoming(question.pk, source.pk, NOW - 2 * DAY, 1e-7),
        ],
        now=NOW,
    )
    assert ledger.verify() is None
    assert len({digest(each.as_fact()) for each in Forecast.objects.all()}) == 4


KINDS = (
    _question("colour", kind="options", options=["Red", "Green"], outcome=1.0),
    _question("rate", kind="ordered", options=["low", "mid", "high"], outcome=2.0),
    _question("share", kind="number", unit="%", lower_bound=0.0, upper_bound=100.0, outcome=4.5),
    _question("day", kind="date", outcome=18_000.0),
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
        questions=[*KINDS, _question()],
        forecasts=[rain, *others],
        values=[*VALUES, Odds([0.5, 0.5]), Odds([0, 0, 1]), Quantiles.point(5), Quantiles.point(18_000.5)],
    )


def test_every_kind_of_forecast_is_hashed_as_the_fact_that_the_database_holds():
    job = _take(_of_every_kind())
    assert (job.new_questions, job.new_forecasts, job.new_resolutions) == (5, 13, 5)
    assert list(Entry.objects.values_list("kind", "facts")) == [
        ("question", 5),
        ("forecast", 1),
        ("forecast", 12),
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

    job = begin_import(name="kinds.csv", sha256="a" * 64, board=None, rows=26, now=NOW)
    with pytest.raises(KeyboardInterrupt):
        take_in(job=job, contents=doubled, refused=[], now=NOW, progress=stop)
    assert Forecast.objects.count() == 5
    job = _take(doubled)
    assert (job.new_forecasts, job.repeated, Forecast.objects.count()) == (13, 13, 13)
    again = _take(contents, sha="b" * 64)
    assert (again.new_forecasts, again.known, again.new_resolutions) == (0, 13, 0)
    assert ledger.verify() is None


def test_many_forecasts_of_other_kinds_take_no_query_each(django_assert_max_num_queries):
    def contents(n):
        said = [FileForecast(question=0, source=0, stated_at=NOW - at * DAY, value=0) for at in range(n)]
        return FileContents(sources=["A"], questions=[KINDS[0]], forecasts=said, values=[VALUES[0]])

    with CaptureQueriesContext(connection) as few:
        _take(contents(2))
    with django_assert_max_num_queries(len(few)):
        _take(contents(500), sha="b" * 64)
    assert Forecast.objects.count() == 500


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (KINDS[0], {"probability": 0.5}),
        (_question(), {"value": 0}),
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
        _take(contents)
    assert (Import.objects.get().state, Question.objects.exists()) == ("failed", False)


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
    _take(_of_every_kind())
    head = ledger.head()
    other = replace(KINDS[place], line=7, **changed)
    job = _take(FileContents(sources=[], questions=[other], forecasts=[]), sha="b" * 64)
    assert [(row["line"], row["field"]) for row in job.refused] == [(7, field)]
    assert ledger.head() == head


def test_the_same_file_twice_changes_nothing():
    first = _take(_contents())
    head, counts = ledger.head(), Forecast.objects.count()
    assert _take(_contents()).pk == first.pk
    # Nor does another file that says the same.
    again = _take(_contents(), sha="b" * 64)
    assert (again.new_questions, again.new_forecasts, again.new_resolutions) == (0, 0, 0)
    assert (ledger.head(), Forecast.objects.count()) == (head, counts)


def test_repeated_rows_count_once():
    contents = _contents(1, 1)
    doubled = FileContents(
        sources=contents.sources, questions=contents.questions, forecasts=[*contents.forecasts] * 3
    )
    assert _take(doubled).new_forecasts == 1


def test_an_import_that_was_cut_off_goes_on_from_its_last_block(monkeypatch):
    monkeypatch.setattr(imports, "FORECASTS_AT_ONCE", 5)
    seen = []

    def stop_after_two(done, rows):
        seen.append(done)
        if done == 10:
            raise KeyboardInterrupt

    contents = _contents()
    job = begin_import(name="rain.csv", sha256="a" * 64, board=None, rows=12, now=NOW)
    with pytest.raises(KeyboardInterrupt):
        take_in(job=job, contents=contents, refused=[], now=NOW, progress=stop_after_two)
    assert Import.objects.get().done == 10
    resumed = []
    job = begin_import(name="rain.csv", sha256="a" * 64, board=None, rows=12, now=NOW)
    take_in(
        job=job,
        contents=contents,
        refused=[],
        now=NOW,
        progress=lambda done, rows: resumed.append(done),
    )
    assert (seen, resumed) == ([0, 5, 10], [10, 12])
    assert Forecast.objects.count() == 12
    assert ledger.verify() is None


def test_what_stopped_an_import_is_kept_in_the_language_of_the_installation():
    contents = _contents()
    job = begin_import(name="rain.csv", sha256="a" * 64, board=None, rows=12, now=NOW)
    with translation.override("sv"), pytest.raises(NotAProbabilityError):
        take_in(
            job=job,
            contents=contents,
            refused=[],
            now=NOW,
            progress=lambda done, rows: Reading.stated(90),
        )
    assert Import.objects.get().error == "A probability is between 0 and 1: write 0.9 for 90 per cent."


def test_another_question_under_the_same_key_is_refused_with_its_line():
    _take(_contents(1, 1))
    other = _contents(1, 1)
    changed = FileContents(
        sources=other.sources,
        questions=[_question("rain:0", proposition="Does it snow?", line=7)],
        forecasts=other.forecasts,
    )
    job = _take(changed, sha="b" * 64)
    assert job.refused == [
        {"line": 7, "field": "question_id", "reason": "'rain:0' is another question on the record"}
    ]
    assert Forecast.objects.count() == 1


def test_an_outcome_that_contradicts_the_record_is_refused_and_the_record_stays():
    _take(_contents(1, 1))
    other = FileContents(sources=[], questions=[_question("rain:0", outcome=1.0, line=2)], forecasts=[])
    job = _take(other, sha="b" * 64)
    assert [row["field"] for row in job.refused] == ["resolution"]
    assert Resolution.objects.get().outcome == 0


def test_open_and_void_questions_stay_open_and_void_and_remind_nobody():
    contents = FileContents(
        sources=["A"],
        questions=[
            _question("open", outcome=None, known_at=None),
            _question("void", outcome=None, void=True, known_at=None),
        ],
        forecasts=[
            FileForecast(question=place, source=0, stated_at=NOW - DAY, probability=0.0) for place in (0, 1)
        ],
    )
    _take(contents)
    assert Resolution.objects.get().answer == "void"
    assert (Reminder.objects.exists(), arm_unarmed(now=NOW)) == (False, 0)
    row = standings(board=make_board(), at=NOW)[0]
    assert (row.n, row.n_open, row.n_void) == (0, 1, 1)


def test_an_imported_question_is_asked_about_once_somebody_has_it():
    _take(FileContents(sources=[], questions=[_question("open", outcome=None, known_at=None)], forecasts=[]))
    question = Question.objects.get()
    erin = make_user()
    assign_question(question=question, assignee=erin, now=NOW)
    assert Reminder.objects.armed().get().question == question
    # Given to somebody by hand, as in the database, it is found by the sweep.
    Reminder.objects.all().delete()
    assert arm_unarmed(now=NOW) == 1


def test_sources_are_found_by_name_alias_and_merge():
    named, main = make_source("Source 0"), make_source("Main")
    main.aliases.create(name="Source 1")
    merged = make_source("Source 2")
    merged.merged_into = main
    merged.save()
    _take(_contents(1, 4))
    by = dict(Forecast.objects.order_by("pk").values_list("probability", "source__name"))
    assert by == {0.1: named.name, 0.2: "Main", 0.3: "Main", 0.4: "Source 3"}
    assert Source.objects.count() == 4


def test_a_key_that_is_an_address_stays_one_and_others_stay_apart():
    _take(
        FileContents(
            sources=[],
            questions=[_question("plain-key"), _question("a b"), _question("a:b"), _question("å?")],
            forecasts=[],
        )
    )
    slugs = set(Question.objects.values_list("slug", flat=True))
    assert "plain-key" in slugs
    assert len(slugs) == 4
