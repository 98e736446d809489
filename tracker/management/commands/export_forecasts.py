"""
manage.py export_forecasts

A stream that somebody holds open, and so no job under a lease: rows come a few thousand at a time from a
cursor of the database and go out as they come, whatever the size of the record. What is cut off says so,
and a file has its name only once it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError, CommandParser
from django.db import InterfaceError, OperationalError

from forecasts.boards.reads.columns.columns import UnknownFilterError
from forecasts.files.reads import has_other_kinds, not_in_record, questions_not_public, record_rows
from forecasts.models import Board
from tracker.interchange.giving_out.common import write_record
from tracker.interchange.giving_out.hubverse import write_model_output, write_oracle_output
from tracker.management.record_command import RecordCommand

WRITERS: Mapping[str, Callable[..., int]] = {
    "common": write_record,
    "hubverse-model": write_model_output,
    "hubverse-oracle": write_oracle_output,
}

LEFT_OUT = {
    "notes": "notes on forecasts",
    "quotes": "quotes that forecasts rest on",
    "own_deadlines": "deadlines of forecasts that are not their question's",
    "corrected": "forecasts that others correct",
    "unforecast": "questions that nobody forecast",
    "base_rates": "base rates of questions",
    "superseded": "links from superseded questions to those in their place",
}


class Command(RecordCommand):
    help = (
        "Write the record as CSV that import_forecasts takes in again: the same file, the same standings. "
        "Questions of every kind that somebody forecast, with the answers in force, and on standard error "
        "what is left out; not their history, the quotes, the evidence or the notes. Cells are written as "
        "they are, also those that a spreadsheet would run as a formula: do not open the file in one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--board", metavar="SLUG", help="Only what this board counts.")
        parser.add_argument(
            "--to",
            dest="form",
            choices=sorted(WRITERS),
            default="common",
            help="hubverse-model, hubverse-oracle: its model and oracle output.",
        )
        parser.add_argument(
            "--audience",
            choices=("desk", "public"),
            default="desk",
            help="desk: all of the record (the default); public: what everybody may see.",
        )
        parser.add_argument("--output", metavar="FILE", help="Default: standard output.")

    def handle(
        self,
        *args: Any,
        board: str | None,
        output: str | None,
        form: str,
        audience: str = "desk",
        **options: Any,
    ) -> None:
        chosen, public = _board(board) if board else None, audience == "public"
        rows = record_rows(board=chosen, public=public)
        try:
            # A record of yes-or-no questions alone is written without the columns of the others.
            how = {"every_kind": has_other_kinds(board=chosen, public=public)} if form == "common" else {}
            write = partial(WRITERS[form], **how)
            if output is None:
                write(rows=rows, file=self.stdout)
                self._say(chosen, form, public=public)
                return
            with _whole(Path(output)) as file:
                written = write(rows=rows, file=file)
        except (UnknownFilterError, OSError) as error:
            raise CommandError(str(error)) from error
        except (OperationalError, InterfaceError) as error:
            left = "nothing was written" if output else "what came out is not whole"
            raise CommandError(f"The database cut it off, and {left}: {error} Run it again.") from error
        self.stdout.write(f"{written} rows.")
        self._say(chosen, form, public=public)

    def _say(self, board: Board | None, form: str, *, public: bool) -> None:
        """Say on standard error for whom the file is, and what the format has no place for."""
        kept = 0 if public else questions_not_public(board=board)
        if kept:
            noun = "1 question that is not public" if kept == 1 else f"{kept} questions that are not public"
            self.stderr.write(f"For the desk: {noun} among the rows. --audience public leaves them out.")
        if form != "common":
            return
        left_out = not_in_record(board=board, public=public)
        said = [f"{number} {LEFT_OUT[name]}" for name, number in left_out.items() if number]
        if said:
            self.stderr.write(f"Left out: {'; '.join(said)}. The API gives them.")


@contextmanager
def _whole(path: Path) -> Iterator[TextIO]:
    """Yield a file beside that of the name, which takes its place once it is whole."""
    place = path.resolve()
    # A pipe or a device has no place to take.
    draft = place if place.exists() and not place.is_file() else place.with_name(f"{place.name}.part")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield file
        if draft != place:
            draft.replace(place)
    except BaseException:
        if draft != place:
            draft.unlink(missing_ok=True)
        raise


def _board(slug: str) -> Board:
    try:
        return Board.objects.get(slug=slug)
    except Board.DoesNotExist as error:
        raise CommandError(f"There is no ranking “{slug}”.") from error
