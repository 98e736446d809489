"""`./run test` and its list of slow tests."""

import ast
from functools import cache
from pathlib import Path

from config.embedded.places import ROOT
from tests.plugin_fast import listed


@cache
def _functions(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }


def test_the_list_of_slow_tests_names_tests_that_are_there() -> None:
    """Run `./run test --write-slow` after tests were renamed."""
    gone = [each for each in listed() if not _is_there(each)]
    assert not gone


def _is_there(name: str) -> bool:
    file, _, function = name.partition("::")
    if not (ROOT / file).exists():
        return False
    # A doctest has no function of its own.
    return not file.startswith("tests/") or function.rpartition("::")[2] in _functions(ROOT / file)
