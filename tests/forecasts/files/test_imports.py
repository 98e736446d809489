"""A file of forecasts enters the record whole, once, and provably."""

from datetime import timedelta

import pytest

from forecasts.boards.reads.standings import standings
from forecasts.files.writes import imports
from forecasts.files.writes.forecasts import Incoming, copy_forecasts
from forecasts.files.writes.imports import FileContents, FileForecast
from forecasts.models import Entry, Forecast, Import, Question, Reminder, Resolution, Source
from forecasts.models.ledger import digest
from forecasts.questions.writes.lifecycle import assign_question
from forecasts.record.reads import ledger
from forecasts.reminders.writes import arm_unarmed
from tests.forecasts.files.taken_in import file_contents, file_question, take_file
from tests.records import NOW, make_board, make_question, make_source, make_term, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_what_the_file_says_is_on_the_record_and_in_the_ledger():
    board = make_board("rain", filter={"topics": ["rain"]})
    job = take_file(file_contents(), board=board)
    assert (job.state, job.new_questions, job.new_forecasts, job.new_resolutions) == ("done", 3, 12, 3)
    assert list(Entry.objects.values_list("kind", "facts")) == [
        ("question", 3),
        ("forecast", 12),
        ("publication", 3),
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


def test_the_same_file_twice_changes_nothing():
    first = take_file(file_contents())
    head, counts = ledger.head(), Forecast.objects.count()
    assert take_file(file_contents()).pk == first.pk
    # Nor does another file that says the same.
    again = take_file(file_contents(), sha="b" * 64)
    assert (again.new_questions, again.new_forecasts, again.new_resolutions) == (0, 0, 0)
    assert (ledger.head(), Forecast.objects.count()) == (head, counts)


def test_repeated_rows_count_once():
    contents = file_contents(1, 1)
    doubled = FileContents(
        sources=contents.sources, questions=contents.questions, forecasts=[*contents.forecasts] * 3
    )
    assert take_file(doubled).new_forecasts == 1


def test_an_import_that_was_cut_off_goes_on_from_its_last_block(monkeypatch):
    monkeypatch.setattr(imports, "FORECASTS_AT_ONCE", 5)
    seen = []

    def stop_after_two(done, rows):
        seen.append(done)
        if done == 10:
            raise KeyboardInterrupt

    contents = file_contents()
    with pytest.raises(KeyboardInterrupt):
        take_file(contents, progress=stop_after_two)
    assert Import.objects.get().done == 10
    resumed = []
    take_file(contents, now=NOW + DAY, progress=lambda done, rows: resumed.append(done))
    assert (seen, resumed) == ([0, 5, 10], [10, 12])
    assert Forecast.objects.count() == 12
    assert ledger.verify() is None


def test_another_question_under_the_same_key_is_refused_with_its_line():
    take_file(file_contents(1, 1))
    other = file_contents(1, 1)
    changed = FileContents(
        sources=other.sources,
        questions=[file_question("rain:0", proposition="Does it snow?", line=7)],
        forecasts=other.forecasts,
    )
    job = take_file(changed, sha="b" * 64)
    assert job.refused == [
        {"line": 7, "field": "question_id", "reason": "'rain:0' is another question on the record"}
    ]
    assert Forecast.objects.count() == 1


def test_an_outcome_that_contradicts_the_record_is_refused_and_the_record_stays():
    take_file(file_contents(1, 1))
    other = FileContents(sources=[], questions=[file_question("rain:0", outcome=1.0, line=2)], forecasts=[])
    job = take_file(other, sha="b" * 64)
    assert [row["field"] for row in job.refused] == ["resolution"]
    assert Resolution.objects.get().outcome == 0


def test_open_and_void_questions_stay_open_and_void_and_remind_nobody():
    contents = FileContents(
        sources=["A"],
        questions=[
            file_question("open", outcome=None, known_at=None),
            file_question("void", outcome=None, void=True, known_at=None),
        ],
        forecasts=[
            FileForecast(question=place, source=0, stated_at=NOW - DAY, probability=0.0) for place in (0, 1)
        ],
    )
    take_file(contents)
    assert Resolution.objects.get().answer == "void"
    assert (Reminder.objects.exists(), arm_unarmed(now=NOW)) == (False, 0)
    row = standings(board=make_board(), at=NOW)[0]
    assert (row.n, row.n_open, row.n_void) == (0, 1, 1)


def test_an_imported_question_is_asked_about_once_somebody_has_it():
    take_file(
        FileContents(sources=[], questions=[file_question("open", outcome=None, known_at=None)], forecasts=[])
    )
    question = Question.objects.get()
    erin = make_user()
    assign_question(by=None, question=question, assignee=erin, now=NOW)
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
    take_file(file_contents(1, 4))
    by = dict(Forecast.objects.order_by("pk").values_list("probability", "source__name"))
    assert by == {0.1: named.name, 0.2: "Main", 0.3: "Main", 0.4: "Source 3"}
    assert Source.objects.count() == 4


def test_a_key_that_is_an_address_stays_one_and_others_stay_apart():
    take_file(
        FileContents(
            sources=[],
            questions=[
                file_question("plain-key"),
                file_question("a b"),
                file_question("a:b"),
                file_question("å?"),
            ],
            forecasts=[],
        )
    )
    slugs = set(Question.objects.values_list("slug", flat=True))
    assert "plain-key" in slugs
    assert len(slugs) == 4
