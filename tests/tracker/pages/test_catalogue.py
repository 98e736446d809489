"""The Swedish catalogue: complete, current, and true to its English."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "tracker/locale/sv/LC_MESSAGES"
CATALOGUE = read_po((FOLDER / "django.po").open("rb"), locale="sv")
MESSAGES = [message for message in CATALOGUE if message.id]
MARKS = {
    "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"
}  # fmt: skip
QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
IN_TEMPLATE = re.compile(
    rf"\b(?P<of>n?gettext|pgettext)\(u?(?P<first>{QUOTED})(?:,\s*u?(?P<second>{QUOTED}))?"
)
HOLES = re.compile(r"%\([a-z_]+\)[sd]")
BARE = re.compile(r"(?<!%)(?:%%)*%(?![%(])")


def _first(message_id: str | tuple[str, ...]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


KNOWN = {(message.context, _first(message.id)) for message in MESSAGES}


def _calls(code: str) -> Iterator[tuple[str | None, str]]:
    """Yield context and words of each marked string in Python code."""
    for node in ast.walk(ast.parse(code)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS):
            continue
        words = [each.value for each in node.args if isinstance(each, ast.Constant)]
        words = [each for each in words if isinstance(each, str)]
        if words:
            yield (words[0], words[1]) if node.func.id.startswith("pgettext") else (None, words[0])


def _marked_in_template(path: Path) -> Iterator[tuple[str | None, str]]:
    """Yield the strings that Django's own template reader finds."""
    code = templatize(path.read_text(), origin=str(path))
    for call in IN_TEMPLATE.finditer(code):
        words = [ast.literal_eval(each) for each in call.group("first", "second") if each]
        yield (words[0], words[1]) if call["of"] == "pgettext" else (None, words[0])


def _marked() -> Iterator[tuple[Path, tuple[str | None, str]]]:
    for room in ("forecasts", "tracker", "config"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from ((path, found) for found in _calls(path.read_text()))
        for path in sorted([*(ROOT / room).rglob("*.html"), *(ROOT / room).rglob("*.txt")]):
            if "templates" in path.parts:
                yield from ((path, found) for found in _marked_in_template(path))


def test_the_reader_of_marked_strings_finds_them_in_code_and_templates():
    found = {words for _path, (_context, words) in _marked()}
    assert {"Who was right?", "Happened", "before %(period)s", "Brier score"} <= found
    assert len(found) > 300


def test_every_marked_string_has_its_swedish():
    missing = {words for _path, (context, words) in _marked() if (context, words) not in KNOWN}
    assert missing == set()


def _modules() -> Iterator[tuple[Path, ast.Module]]:
    for room in ("forecasts", "tracker", "config"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT), ast.parse(path.read_text())


def _names_given(module: ast.Module) -> dict[str, str]:
    """Return by what names a module calls Django's translations."""
    return {
        each.asname or each.name: each.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for each in node.names
    }


def test_marks_have_the_names_by_which_strings_are_collected():
    unheard = [
        f"{path}: {name}"
        for path, module in _modules()
        for name, function in _names_given(module).items()
        if "gettext" in function and name not in MARKS
    ]
    assert unheard == []


def _run_on_import(node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls outside the bodies of functions: they run once, before anybody has a language."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(each, ast.Call):
            yield each
        yield from _run_on_import(each)


def test_nothing_is_translated_before_there_is_a_reader():
    eager = {"gettext", "ngettext", "pgettext", "npgettext"}
    early = [
        f"{path}:{call.lineno}"
        for path, module in _modules()
        for call in _run_on_import(module)
        if isinstance(call.func, ast.Name) and _names_given(module).get(call.func.id) in eager
    ]
    assert early == []


def test_nothing_is_untranslated_or_fuzzy():
    unfinished = [
        message.id
        for message in MESSAGES
        if message.fuzzy or not all([message.string] if isinstance(message.string, str) else message.string)
    ]
    assert unfinished == []


def _forms(message: Message) -> Iterator[tuple[str, str]]:
    if isinstance(message.id, str):
        yield message.id, message.string
    else:
        yield from zip(message.id, message.string, strict=True)


def test_a_translation_has_the_same_holes_and_tags():
    for english, swedish in (forms for message in MESSAGES for forms in _forms(message)):
        assert sorted(HOLES.findall(swedish)) == sorted(HOLES.findall(english))
        # A sign for per cent is doubled in a string that is filled in; Swedish may have a word for it.
        if HOLES.search(english) or "%%" in english:
            assert not BARE.search(swedish), swedish
        assert re.findall(r"</?\w+>", swedish) == re.findall(r"</?\w+>", english)


def test_the_compiled_catalogue_is_current():
    with (FOLDER / "django.mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    for message in MESSAGES:
        if isinstance(message.id, str):
            found = (
                catalogue.pgettext(message.context, message.id)
                if message.context
                else catalogue.gettext(message.id)
            )
            assert found == message.string
        else:
            assert (catalogue.ngettext(*message.id, 1), catalogue.ngettext(*message.id, 2)) == message.string
