"""Files at the desk: uploaded by a browser, taken in by a task, refused rows to read and to download."""

import gzip
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forecasts.files.writes import imports
from forecasts.jobs.writes import begin
from forecasts.models import Board, Forecast, Import, JobState, Role, Upload
from forecasts.record.reads import ledger
from tests.processes import wait_until
from tests.records import NOW, make_board
from tests.tracker.interchange.files import as_csv, row
from tracker import tasks
from tracker.interchange.taking_in.files import import_files

ADD = "admin:forecasts_import_add"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The imports that workers were told of."""
    sent: list[int] = []
    monkeypatch.setattr(
        "tracker.computing.handing.current_app.send_task",
        lambda _name, kwargs, **_how: sent.append(kwargs["import_id"]),
    )
    monkeypatch.setattr(tasks.refresh_boards, "apply_async", lambda **_given: None)
    return sent


@pytest.fixture
def lead(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Role.LEAD)


@pytest.fixture
def upload(lead: Client, django_capture_on_commit_callbacks: Any) -> Callable[..., Any]:
    def one(content: bytes | str, *, name: str = "rain.csv", client: Client = lead, **rest: str) -> Any:
        file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse(ADD), {"uploaded": file, "origin": "common", **rest})

    return one


def page(job: Import) -> str:
    return reverse("admin:forecasts_import_change", args=[job.pk])


def test_a_file_waits_until_a_worker_has_taken_it_in(
    lead: Client, upload: Callable[..., Any], asked: list[int]
) -> None:
    make_board("rain")
    rows = [row(), row(), row(source="Nils"), row("bad", probability="70 %", source="=1+1")]
    response = upload(gzip.compress(as_csv(rows).encode()), name="rain.csv.gz", board="rain")
    job = Import.objects.get()
    assert (response.status_code, response["Location"]) == (302, page(job))
    assert asked == [job.pk]
    assert (job.state, job.started_by.username, job.board.slug) == ("waiting", Role.LEAD, "rain")
    html = lead.get(page(job)).content.decode()
    assert 'http-equiv="refresh"' in html
    assert "<progress" in html

    tasks.import_upload(import_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.read, job.rows, job.new_forecasts, job.repeated) == ("done", 4, 3, 2, 1)
    assert not Upload.objects.exists()
    assert ledger.verify() is None
    html = lead.get(page(job)).content.decode()
    assert 'http-equiv="refresh"' not in html
    assert "write 0.25 for 25 %" in html
    report = lead.get(reverse("admin:forecasts_import_refused", args=[job.pk]))
    assert report["Content-Disposition"] == f'attachment; filename="refused-{job.pk}.csv"'
    assert report.content.decode().splitlines()[1].startswith(',5,probability,"is ')
    # A message that is delivered twice does no harm.
    tasks.import_upload(import_id=job.pk)
    assert Forecast.objects.count() == 2


def test_the_same_file_again_changes_nothing(upload: Callable[..., Any], asked: list[int]) -> None:
    upload(as_csv([row()]))
    tasks.import_upload(import_id=Import.objects.get().pk)
    upload(as_csv([row()]), name="copy.csv")
    assert Import.objects.get().state == "done"
    assert len(asked) == 1
    assert not Upload.objects.exists()


def test_what_can_not_be_read_fails_with_its_error_and_can_go_on(
    lead: Client,
    upload: Callable[..., Any],
    asked: list[int],
    django_capture_on_commit_callbacks: Any,
) -> None:
    upload("a,b\n1,2\n")
    job = Import.objects.get()
    tasks.import_upload(import_id=job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    html = lead.get(page(job)).content.decode()
    assert "lacks question_id" in html
    assert 'name="_again"' in html
    with django_capture_on_commit_callbacks(execute=True):
        lead.post(page(job), {"_again": ""})
    job.refresh_from_db()
    assert (job.state, job.error, job.failure, len(asked)) == ("waiting", "", "", 2)


def test_an_import_that_broke_goes_on_from_its_last_block(
    lead: Client, upload: Callable[..., Any], asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "FORECASTS_AT_ONCE", 2)
    copy = imports.copy_forecasts
    calls = iter([copy, None, copy, copy])

    def breaking(**given: Any) -> Any:
        if (chosen := next(calls)) is None:
            raise ConnectionError("the plug was pulled")
        return chosen(**given)

    monkeypatch.setattr(imports, "copy_forecasts", breaking)
    upload(as_csv([row(source=f"Source {at}") for at in range(5)]))
    job = Import.objects.get()
    tasks.import_upload(import_id=job.pk)
    job.refresh_from_db()
    # What a library says may hold a path or an address: the log has it, the page has its kind.
    assert (job.state, job.error, job.done) == ("waiting", "ConnectionError. The log has the rest.", 2)
    tasks.import_upload(import_id=job.pk)
    job.refresh_from_db()
    assert job.done == 2  # It pauses after a failure.
    lead.post(page(job), {"_again": ""})
    tasks.import_upload(import_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.new_forecasts, Forecast.objects.count()) == ("done", 5, 5)


@pytest.mark.parametrize(
    ("content", "remedy"),
    [(b"\x89PNG\r\n\x1a\n\0\0", "Save it as CSV"), (b"\xff\xfe\x00", "Save it as CSV"), (b"", "is empty")],
)
def test_what_is_no_table_is_not_kept(upload: Callable[..., Any], content: bytes, remedy: str) -> None:
    response = upload(content)
    assert response.status_code == 200
    assert remedy in response.content.decode()
    assert not Import.objects.exists()


def test_a_file_may_not_be_larger_than_the_settings_say(upload: Callable[..., Any], settings: Any) -> None:
    settings.IMPORT_MEGABYTES = 0
    assert "Compress the file with gzip" in upload(as_csv([row()])).content.decode()
    assert not Upload.objects.exists()


def test_a_lead_makes_no_board_and_an_administrator_does(
    upload: Callable[..., Any], sign_in: Callable[..., Client], asked: list[int]
) -> None:
    assert "an administrator makes new ones" in upload(as_csv([row()]), board="Rain").content.decode()
    assert not Board.objects.exists()
    upload(as_csv([row()]), board="Rain", client=sign_in(Role.ADMINISTRATOR))
    assert Board.objects.get().filter == {"topics": ["rain"]}


def test_one_import_waits_for_another_and_follows_it(upload: Callable[..., Any], asked: list[int]) -> None:
    upload(as_csv([row()]))
    upload(as_csv([row(source="Nils")]), name="other.csv")
    first, second = Import.objects.order_by("pk")
    Import.objects.filter(pk=first.pk).update(claim=None, claimed_at=None, lease_until=None)
    assert begin(kind=Import, pk=first.pk, now=timezone.now()) is not None
    asked.clear()
    tasks.import_upload(import_id=second.pk)
    tasks.sweep()
    assert asked == []
    second.refresh_from_db()
    assert (second.state, second.attempts) == ("waiting", 0)
    # Nobody gives a sign of life of the first one any more: both are handed on, one after the other.
    Import.objects.filter(pk=first.pk).update(lease_until=timezone.now())
    tasks.sweep()
    assert asked == [first.pk, second.pk]
    for job in (first, second):
        tasks.import_upload(import_id=job.pk)
    assert set(Import.objects.values_list("state", flat=True)) == {"done"}


def test_an_import_is_stopped_and_goes_on(lead: Client, upload: Callable[..., Any], asked: list[int]) -> None:
    upload(as_csv([row()]))
    job = Import.objects.get()
    assert 'name="_stop"' in lead.get(page(job)).content.decode()
    lead.post(page(job), {"_stop": ""})
    tasks.import_upload(import_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.ended_because) == ("stopped", f"stopped by {Role.LEAD}")
    html = lead.get(page(job)).content.decode()
    assert 'name="_stop"' not in html
    lead.post(page(job), {"_again": ""})
    tasks.import_upload(import_id=job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    # Pressed on an old page, nothing changes.
    assert "Nothing was changed" in lead.post(page(job), {"_stop": ""}, follow=True).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_new_file_at_once_end_well_for_both(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(tasks.refresh_boards, "apply_async", lambda **_given: None)
    path = tmp_path / "rain.csv"
    path.write_text(as_csv([row(f"rain:{at % 9}", f"Source {at}") for at in range(300)]))
    found: list[Import] = []

    def take() -> None:
        try:
            found.append(
                import_files(
                    paths=[path], format="common", name="rain.csv", board=None, now=NOW, rows_at_once=50
                )[0]
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    wait_until(lambda: not any(thread.is_alive() for thread in threads), what="the end of both")
    assert [job.state for job in found] == [JobState.DONE] * 2
    assert (Import.objects.count(), Forecast.objects.count()) == (1, 300)
    assert ledger.verify() is None
