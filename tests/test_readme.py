"""What the README says is so."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from tests.records import NOW
from tests.shared_record import shared
from tracker.intake.seed import load_seed

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TESTED = re.findall(r"^\s*\./run test (\S+)$", README, flags=re.MULTILINE)
COMMANDS = re.findall(r"^\s*\./run manage\.py (.+)$", README, flags=re.MULTILINE)


def test_every_variable_that_is_read_is_documented_and_the_other_way_round():
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    production = README.split("## Running it in production")[1]
    named = re.findall(r"^\| (`[A-Z].*?) \|", production, flags=re.MULTILINE)
    documented = set(re.findall(r"`([A-Z_]+)`", " ".join(named)))
    assert read == documented


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[\[><=]", each)[0].lower() for each in project["dependencies"]}
    table = README.split("## Dependencies, and why")[1].split("## Running")[0].lower()
    named = {
        name.split()[0].strip()
        for row in re.findall(r"^\| ([^|]+) \|", table, flags=re.MULTILINE)
        for name in row.split(",")
    }
    assert names <= named


@pytest.mark.parametrize("what", TESTED)
def test_what_is_given_to_the_tests_is_there(what):
    """Each is the short run, or a folder. The short run leaves out, and counts, what its list names."""
    if what != "fast":
        assert (ROOT / what).exists()
        return
    some = ["tests/config/test_browser.py", "tests/config/test_threads.py", "tests/forecasts/test_names.py"]
    command = [sys.executable, "-m", "config.embedded", "test", what, *some, "--numprocesses=1"]
    ran = subprocess.run(command, cwd=ROOT, env=alone(), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert "2 slow, 2 browser" in ran.stdout or "2 browser, 2 slow" in ran.stdout, ran.stdout


def alone():
    """Return an environment in which a pytest starts servers of its own, and counts nothing for another."""
    ours = ("TEST_SERVERS", "PYTEST_", "COVERAGE_", "DATABASE_URL", "REDIS_URL", "STATE_DIR", "FAILED_CHECKS")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@pytest.fixture(scope="module")
def seed(django_db_setup, django_db_blocker):
    yield from shared(django_db_blocker, lambda: load_seed(folder=ROOT / "seeds", now=NOW))


def test_the_tour_has_commands():
    assert len(COMMANDS) >= 5


@pytest.mark.django_db
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_tour_runs(seed, command, capsys):
    call_command(*shlex.split(command))
    assert capsys.readouterr().out.strip()


@pytest.mark.django_db
@pytest.mark.parametrize("address", sorted(set(re.findall(r"`(/[a-z0-9/]+/?)`", README))))
def test_every_address_answers(seed, address):
    # /readyz may say that no worker answers here; it exists all the same.
    assert Client().get(address).status_code in {200, 302, 503}


def test_every_file_that_the_readme_names_exists():
    for name in re.findall(r"\]\((?!http)([^)]+)\)|`((?:seeds|tracker|config)/[\w./]+)`", README):
        path = next(part for part in name if part)
        assert (ROOT / path).exists(), path
