"""What every command of the record shares."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError

# PostgreSQL's codes for a table and a column that are not there.
NOT_THERE = {"42P01", "42703"}


class RecordCommand(BaseCommand):
    """A command that says what to do where the database lacks what this version needs."""

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except ProgrammingError as error:
            if getattr(error.__cause__, "sqlstate", None) not in NOT_THERE:
                raise
            raise CommandError(
                "The database lacks tables that this version needs. Nothing was changed. "
                "Run `./run manage.py migrate` first."
            ) from error
