"""A database that was not migrated: every command says so in a sentence."""

import pkgutil
from importlib import import_module

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tracker.management import commands
from tracker.management.record_command import RecordCommand

# It makes a role, which is the server's; no table of ours is read.
OF_THE_SERVER = {"web_role"}
COMMANDS = [each.name for each in pkgutil.iter_modules(commands.__path__) if each.name not in OF_THE_SERVER]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_record_tells_it_alike(name: str) -> None:
    assert issubclass(import_module(f"tracker.management.commands.{name}").Command, RecordCommand)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "table"), [("sweep", "forecasts_reminder"), ("verify_ledger", "forecasts_entry")]
)
def test_a_missing_table_is_told_with_its_remedy(name: str, table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO not_yet_there")
    with pytest.raises(CommandError, match=r"Run `\./run manage\.py migrate` first"):
        call_command(name)
