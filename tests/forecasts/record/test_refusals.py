"""What services say when they refuse comes in the language of whoever asks: all of it is marked."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import forecasts
from forecasts.questions.values.readings import NotAProbabilityError, Reading
from forecasts.record.refusal import RefusedError

FOLDER = Path(forecasts.__file__).parent
MARKS = {"_", "gettext", "ngettext", "pgettext"}


def _refusals(kind: type[RefusedError] = RefusedError) -> Iterator[str]:
    """Yield the name of each way to refuse that services have."""
    yield kind.__name__
    for narrower in kind.__subclasses__():
        yield from _refusals(narrower)


def _is_unmarked(words: ast.expr) -> bool:
    """Return whether a text stands here as it is, put together in whichever way."""
    match words:
        case ast.Constant(value=str()) | ast.JoinedStr():
            found = True
        case ast.BinOp(left=left, op=ast.Mod()):
            found = _is_unmarked(left)
        case ast.BinOp(left=one, right=other) | ast.IfExp(body=one, orelse=other):
            found = _is_unmarked(one) or _is_unmarked(other)
        case ast.Call(func=ast.Attribute(value=text, attr="format")):
            found = _is_unmarked(text)
        case ast.Call(func=ast.Name(id=mark), args=[first, *_rest]) if mark in MARKS:
            # A text that is filled in before it is looked up is never found.
            found = not isinstance(first, ast.Constant)
        case _:
            found = False
    return found


def _unmarked(code: str, names: set[str]) -> list[int]:
    """Return the lines on which something is refused with words that nobody could translate."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
        for words in [*node.args[:1], *(each.value for each in node.keywords if each.arg == "message")]
        if _is_unmarked(words)
    ]


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ('"No."', [1]),
        ('f"No, {name}."', [1]),
        ('"No, %s." % name', [1]),
        ('"No, {}.".format(name)', [1]),
        ('"No" + why', [1]),
        ('_("No.") if late else "Not yet."', [1]),
        ('_(f"No, {name}.")', [1]),
        ('message="No."', [1]),
        ('_("No.")', []),
        ('_("No, %(name)s.") % {"name": name}, field="name"', []),
        ('ngettext("No.", "No, all of you.", number)', []),
        ("str(NO)", []),
    ],
)
def test_words_that_are_not_marked_are_found(words: str, lines: list[int]):
    assert _unmarked(f"raise RefusedError({words})", {"RefusedError"}) == lines


def test_whatever_a_service_refuses_with_is_marked_for_translation():
    for module in pkgutil.walk_packages([str(FOLDER)], "forecasts."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    names = set(_refusals())
    assert len(names) > 40
    modules = [each for each in sorted(FOLDER.rglob("*.py")) if "migrations" not in each.parts]
    unmarked = {str(path.relative_to(FOLDER)): _unmarked(path.read_text(), names) for path in modules}
    assert {name: lines for name, lines in unmarked.items() if lines} == {}


@pytest.mark.parametrize(("language", "word"), [("en", "probability"), ("sv", "sannolikhet")])
def test_a_refusal_comes_in_the_language_of_whoever_asks(language: str, word: str):
    with translation.override(language), pytest.raises(NotAProbabilityError) as refused:
        Reading.stated(90)
    assert word in refused.value.message
