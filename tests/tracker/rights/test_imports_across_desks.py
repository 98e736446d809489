"""A file of one desk that names a question of another: the row is told why, and nothing is recorded there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from forecasts.models import Desk, Entry, Forecast, Import, Question, Role
from forecasts.people.reads.rights import NotAllowedError
from tests.tracker.interchange.files import as_csv, row, write
from tests.tracker.rights.conftest import World
from tests.tracker.rights.record import ELSEWHERE, HOME
from tracker import tasks
from tracker.interchange.taking_in.files import import_files

STRANGER = f"{Role.LEAD} of {ELSEWHERE}"
THEIRS, OURS = "rain:home", "rain:ours"
OPEN = {"resolution": "", "resolved_time": ""}
REASON = "is a question of another desk"


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.refresh_boards, "apply_async", lambda *_given, **_options: None)
    monkeypatch.setattr("tracker.computing.handing.current_app.send_task", lambda *_given, **_how: None)


@pytest.fixture
def theirs(world: World, tmp_path: Path) -> Question:
    """A question of the home desk that a file opened, and that waits for its answer."""
    home = Desk.objects.get(slug=HOME)
    path = write(tmp_path / "theirs.csv", [row(THEIRS, **OPEN)])
    import_files(
        **{"paths": [Path(path)], "format": "common", "name": "theirs.csv", "board": None},
        **{"desk": home, "by": world.people[f"{Role.LEAD} of {HOME}"], "now": timezone.now()},
    )
    return Question.objects.get(desk=home, slug__startswith="rainhome")


def by_service(world: World, rows: list[dict[str, str]], folder: Path) -> Import:
    path = Path(write(folder / "mine.csv", rows))
    given = {"paths": [path], "format": "common", "name": "mine.csv", "board": None}
    return import_files(**given, by=world.people[STRANGER], now=timezone.now())[0]


def by_api(world: World, rows: list[dict[str, str]], _folder: Path) -> Import:
    files = [SimpleUploadedFile("mine.csv", as_csv(rows).encode())]
    sent = world.api_client(STRANGER).post("/api/v1/imports/", {"files": files}, format="multipart")
    assert sent.status_code == 202, sent.content
    tasks.import_upload(import_id=sent.json()["id"])
    told = world.api_client(STRANGER).get(f"/api/v1/imports/{sent.json()['id']}/").json()
    assert (told["desk"], told["state"], told["n_refused"]) == (ELSEWHERE, "done", len(told["refused"]))
    return Import.objects.get(pk=told["id"])


@pytest.mark.parametrize("send", [by_service, by_api])
@pytest.mark.parametrize(
    ("rows", "line"),
    [
        # Somebody else's forecast on their question.
        ([row(THEIRS, source="Nils", **OPEN)], 2),
        # An answer to it.
        ([row(THEIRS, resolution="no")], 2),
        # Their forecast taken back, or another number in its place.
        ([row(THEIRS, probability="", withdrawn="yes", forecast_time="2019-03-09T12:00:00Z", **OPEN)], 2),
        ([row(THEIRS, probability="0.1", forecast_time="2019-03-09T12:00:00Z", **OPEN)], 2),
        # One among our own, which go in.
        ([row(OURS), row(THEIRS, source="Nils")], 3),
    ],
    ids=["forecast", "answer", "withdrawal", "revision", "among ours"],
)
def test_a_file_records_nothing_on_another_desks_question_and_says_why(
    world: World,
    theirs: Question,
    *,
    tmp_path: Path,
    send: Callable[..., Import],
    rows: list[dict[str, str]],
    line: int,
) -> None:
    def on_record() -> Any:
        forecasts, answers = Forecast.objects.filter(question=theirs), theirs.resolutions.all()
        return list(forecasts), list(answers), list(theirs.topics.all())

    before = on_record()
    job = send(world, rows, tmp_path)
    assert on_record() == before
    assert [(each["line"], each["field"]) for each in job.refused] == [(line, "question_id")]
    assert REASON in job.refused[0]["reason"]
    ours = len(rows) - 1
    assert (job.state, job.new_questions, job.new_forecasts, job.new_resolutions) == ("done", *[ours] * 3)
    assert not Question.objects.filter(desk__slug=ELSEWHERE).exclude(slug__startswith="rainours").exists()


def test_nobody_imports_for_a_desk_that_they_do_not_head(world: World, theirs: Question) -> None:
    entries, jobs = Entry.objects.count(), Import.objects.count()
    files = [SimpleUploadedFile("theirs.csv", as_csv([row(THEIRS, resolution="no")]).encode())]
    body = {"files": files, "desk": HOME}
    sent = world.api_client(STRANGER).post("/api/v1/imports/", body, format="multipart")
    assert (sent.status_code, sent.json()["type"].rpartition("#")[2]) == (403, "not-allowed")
    with pytest.raises(NotAllowedError):
        import_files(
            **{"paths": [], "format": "common", "name": "x.csv", "board": None, "now": timezone.now()},
            **{"desk": theirs.desk, "by": world.people[STRANGER]},
        )
    assert (Entry.objects.count(), Import.objects.count()) == (entries, jobs)
