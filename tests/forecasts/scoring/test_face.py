"""The public face: each name is documented as a scientist expects, typed, and in the README."""

import doctest
import inspect
import re
from pathlib import Path

import pytest

from forecasts import scoring

FOLDER = Path(scoring.__file__).parent
FUNCTIONS = [name for name in scoring.__all__ if inspect.isfunction(getattr(scoring, name))]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_says_what_goes_in_and_what_comes_out(name):
    function = getattr(scoring, name)
    text = inspect.getdoc(function)
    for section in ("Parameters", "Returns", "Examples"):
        assert f"\n{section}\n{'-' * len(section)}\n" in text
    said = re.search(r"\nParameters\n-+\n(.*?)\n\n[A-Z]", text, re.DOTALL).group(1)
    named = [each for line in re.findall(r"^(\w.*?) : ", said, re.MULTILINE) for each in line.split(", ")]
    assert named == sorted(named, key=[*inspect.signature(function).parameters].index)
    assert set(named) == set(inspect.signature(function).parameters)
    assert ">>> " in text


@pytest.mark.parametrize("name", FUNCTIONS)
def test_all_arguments_are_named(name):
    kinds = {each.kind for each in inspect.signature(getattr(scoring, name)).parameters.values()}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}


def test_the_readme_has_every_name():
    readme = (FOLDER / "README.md").read_text()
    assert [name for name in scoring.__all__ if f"`{name}`" not in readme] == []


def test_the_readme_runs():
    found = doctest.testfile(str(FOLDER / "README.md"), module_relative=False)
    assert found.attempted > 0
    assert found.failed == 0


def test_the_types_are_for_others_too():
    assert (FOLDER / "py.typed").exists()
