"""A database of each earlier version comes over whole: its rows, its ledger, its rankings."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

RELEASES = sorted((Path(__file__).parent / "releases").glob("*.sql"))
# What the record of each held: the seed, a file of two invented forecasts, and one desk's drafts.
HELD = {"0.1.0": {"document": 2, "statement": 21, "question": 8, "forecast": 10, "resolution": 6}}


@pytest.fixture(scope="module", params=RELEASES, ids=lambda path: path.stem)
def upgraded(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Yield the version and the address of a database of that version that was migrated."""
    path: Path = request.param
    base = settings.DATABASES["default"]
    place = {"host": base["HOST"], "user": base["USER"], "port": base["PORT"] or None}
    place = {key: told for key, told in place.items() if told}
    name = f"upgrade_{path.stem.replace('.', '_')}_{os.getpid()}"
    with psycopg.connect(**place, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            with psycopg.connect(**place, dbname=name, autocommit=True) as database:
                database.execute(path.read_text(encoding="utf-8"))
            address = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
            manage(address, "migrate", "--verbosity", "0")
            yield path.stem, address
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(address: str, *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    environment = {**os.environ, "DATABASE_URL": address}
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


SHAPES = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, character_maximum_length, "
    "collation_name FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger "
    "WHERE NOT tgisinternal",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}
# How PostgreSQL prints a rule that was made before its column's type, or not tried on the rows there were.
PRINTED = re.compile(r"::[a-z ]+(\(\d+\))?(\[\])?| NOT VALID|[()\s]")


def test_an_old_database_comes_to_the_shape_of_a_new_one(upgraded, db):
    """The squashed migration makes a new database; each step that it replaces brought this one here."""
    _, address = upgraded
    with psycopg.connect(address) as database:
        applied = {
            name for (name,) in database.execute("SELECT name FROM django_migrations WHERE app = 'forecasts'")
        }
        for what, query in SHAPES.items():
            old = [_printed(row) for row in database.execute(query).fetchall()]
            assert len(old) > 5, what
            with connection.cursor() as new:
                new.execute(query)
                assert sorted(old) == sorted(map(_printed, new.fetchall())), what
    assert "0001_squashed_0026_columns_have_limits" in applied


def _printed(row):
    """Return the row with the names that a guard lets change in their order, for these are a set."""
    bare = PRINTED.sub("", "|".join(map(str, row)))
    return re.sub(r"but_for(.*)", lambda found: "but_for" + "".join(sorted(found[1].split(","))), bare)


def test_the_record_the_ledger_and_the_rankings_come_over_whole(upgraded):
    version, address = upgraded
    with psycopg.connect(address) as database:
        held = {}
        for table in HELD[version]:
            counted = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(f"forecasts_{table}"))
            held[table] = database.execute(counted).fetchone()[0]
    assert held == HELD[version]
    assert manage(address, "verify_ledger").startswith("All ")
    rows = json.loads(manage(address, "standings", "--format", "json"))
    # What that version itself printed: (1 - 0.95)² twice, (1 - 0.8)², the mean of two, (1 - 0.3)².
    scores = sorted(round(row["brier"], 6) for row in rows if row["n"])
    assert scores == [0.0025, 0.0025, 0.04, 0.183125, 0.49]


def test_what_was_imputed_says_by_what_and_how_far_it_is_open(upgraded):
    version, address = upgraded
    with psycopg.connect(address) as database:
        values = database.execute(
            "SELECT basis, count(*), count(probability_low), count(term_id) FROM forecasts_forecast "
            "GROUP BY basis ORDER BY basis"
        ).fetchall()
        deadlines = database.execute(
            "SELECT slug, deadline_earliest::text, deadline_latest::text FROM forecasts_question "
            "WHERE deadline_basis = 'rule' AND deadline_house_rule = 'deadline-set-by-us' "
            "AND deadline_reason <> '' ORDER BY deadline_earliest, slug"
        ).fetchall()
    assert values == [("read", 8, 8, 8), ("stated", 2, 0, 0)], version
    assert len(deadlines) > 0
    # From 5 September to the end of 2017 are 117 days: half of them on, and twice as far.
    assert ("2017-11-02", "2018-04-27") in {each[1:] for each in deadlines}
