"""manage.py import_forecasts"""

from __future__ import annotations

import csv
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from forecasts.models import Desk, Import
from tracker.interchange.formats.registry import READERS
from tracker.interchange.house.common_csv import UnreadableFileError
from tracker.interchange.kit.report import REPORT
from tracker.interchange.taking_in.files import board_named, import_files
from tracker.management.progress import bar
from tracker.management.record_command import RecordCommand
from tracker.management.tables import as_json

REFUSED_EXIT = 3


class Command(RecordCommand):
    help = (
        "Take files of forecasts into the record. All files of one call are one set. A file that was "
        "taken in before changes nothing; one that was cut off goes on from its last block. Exit code 0: "
        "every row was taken in; 3: some rows were refused, each with its line, field and reason on "
        "standard error or in --report, and the others were taken in; 1: nothing could be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            nargs="+",
            metavar="FILE",
            help=(
                'CSV, gzipped or not, or Parquet; "-" is standard input. One forecast a row, on questions of '
                "every kind: the README names the columns."
            ),
        )
        parser.add_argument(
            "--board", metavar="NAME", help="The board that ranks them; made where there is none."
        )
        parser.add_argument(
            "--desk",
            metavar="SLUG",
            help="The desk that the questions are of; the first where none is named.",
        )
        parser.add_argument("--from", dest="origin", choices=sorted(READERS), default="common")
        parser.add_argument("--report", metavar="FILE", help="Where to write the refused rows, as CSV.")
        parser.add_argument("--rows-at-once", type=int, metavar="N", help="Rows in a block; default 50000.")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        desk = _desk(options["desk"]) if options["desk"] else None
        try:
            with _on_disk(files) as paths, bar("Forecasts") as progress:
                job, before = import_files(
                    paths=paths,
                    format=options["origin"],
                    name=", ".join("standard input" if each == "-" else Path(each).name for each in files),
                    board=board_named(options["board"]) if options["board"] else None,
                    desk=desk,
                    now=timezone.now(),
                    progress=progress,
                    rows_at_once=options["rows_at_once"],
                )
        except (UnreadableFileError, OSError) as error:
            raise CommandError(str(error)) from error
        figures = _figures(job, before)
        self.stdout.write(as_json(figures) if options["format"] == "json" else _in_words(figures))
        self._report(job, options["report"])
        if job.refused:
            raise CommandError(f"{len(job.refused)} rows were refused.", returncode=REFUSED_EXIT)

    def _report(self, job: Import, path: str | None) -> None:
        if path:
            write_report(Path(path), job.refused)
            return
        for each in job.refused:
            file = f"{each['file']}, " if "file" in each else ""
            self.stderr.write(f"{file}line {each['line']}: {each['field']} {each['reason']}")


def _desk(slug: str) -> Desk:
    known = Desk.objects.filter(slug=slug).first()
    if known is None:
        there = ", ".join(Desk.objects.values_list("slug", flat=True)) or "none"
        raise CommandError(f"There is no desk '{slug}'. There are: {there}.")
    return known


def write_report(path: Path, refused: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, REPORT, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(refused)


@contextmanager
def _on_disk(files: Sequence[str]) -> Iterator[list[Path]]:
    """Yield the files' paths; standard input is put on disk, because it is read twice."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "standard input"
        if "-" in files:
            with copy.open("wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file)
        yield [copy if each == "-" else Path(each) for each in files]


def _figures(job: Import, before: bool) -> dict[str, Any]:
    """Return what this call did: nothing, where the file was taken in before."""
    return {
        "import": job.pk,
        "sha256": job.sha256,
        "desk": job.desk.slug,
        "board": job.board.slug if job.board else None,
        "state": job.state,
        "known_before": before,
        "read": job.read,
        "rows": job.rows,
        "new_questions": 0 if before else job.new_questions,
        "new_forecasts": 0 if before else job.new_forecasts,
        "new_resolutions": 0 if before else job.new_resolutions,
        "already_there": job.rows - job.repeated if before else job.known,
        "repeated": job.repeated,
        "refused": len(job.refused),
    }


def _in_words(figures: Mapping[str, Any]) -> str:
    if figures["known_before"]:
        return "This file was taken in before: nothing changed."
    return (
        f"{figures['read']} rows read, {figures['rows']} of them usable, {figures['refused']} refused: "
        f"{figures['new_questions']} new questions, {figures['new_forecasts']} new forecasts, "
        f"{figures['new_resolutions']} new resolutions; {figures['already_there']} forecasts were there "
        f"already, {figures['repeated']} rows repeat another."
    )
