"""manage.py web_role"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError, connection, transaction
from psycopg import sql

LIMITS = {
    "lock_timeout": "4s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "30s",
}
"""How long a reader is kept waiting. Workers, migrations and backups use the owner's role, which has none."""


class Command(BaseCommand):
    help = (
        "Make the database role that the web processes sign in with, a member of the one that runs this, and "
        "set its time-outs: a lock that somebody holds then costs a page seconds, and stops nothing. Safe to "
        "run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="Its name, such as forecasts_web.")
        parser.add_argument("--show", action="store_true", help="Print the SQL, and change nothing.")

    def handle(self, *args: Any, role: str, show: bool, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
            owner, exists = cursor.fetchone()
        if role == owner:
            raise CommandError(
                f"{role} is the role that runs this, and migrations, workers and backups with it: they must "
                "not be cut off. Choose another name."
            )
        commands = list(_commands(role, owner, exists=exists))
        if show:
            self.stdout.write("\n".join(f"{each.as_string()};" for each in commands))
            return
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for each in commands:
                    cursor.execute(each)
        except ProgrammingError as error:
            wanted = "\n".join(f"{each.as_string()};" for each in commands)
            raise CommandError(
                f"{owner} may not make roles ({str(error).strip()}). Have an administrator run:\n{wanted}"
            ) from error
        if not exists and options["verbosity"]:
            self.stdout.write(f"Made {role}. Give it a password, and name it in the web's DATABASE_URL.")


def _commands(role: str, owner: str, *, exists: bool) -> list[sql.Composed]:
    name, member_of = sql.Identifier(role), sql.Identifier(owner)
    made = [] if exists else [sql.SQL("CREATE ROLE {} LOGIN").format(name)]
    limits = [
        sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(setting), sql.Literal(value))
        for setting, value in LIMITS.items()
    ]
    return [*made, sql.SQL("GRANT {} TO {}").format(member_of, name), *limits]
