"""The law of imports sees every module: what it does not see, it cannot forbid."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from config.embedded.places import PYTHON, ROOT

ROOMS = ("config", "forecasts", "tracker")
SKIPPED = {"__pycache__", "migrations", "node_modules"}


def folders() -> list[Path]:
    """Return every folder of ours that holds Python."""
    found = [ROOT / room for room in ROOMS]
    for room in ROOMS:
        found += [each for each in (ROOT / room).rglob("*") if each.is_dir()]
    holding = [each for each in found if any(each.glob("*.py"))]
    return [each for each in holding if not SKIPPED & set(each.relative_to(ROOT).parts)]


def test_every_folder_with_python_is_a_package():
    """Without this file a folder is no package to import-linter, which then looks at nothing in it."""
    assert [str(each.relative_to(ROOT)) for each in folders() if not (each / "__init__.py").exists()] == []


def test_no_layer_is_optional_and_each_room_says_all_of_its_layers():
    """A layer in brackets may be missing: it would vanish with its `__init__.py`, and no check would fail."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layered = [each for each in told["contracts"] if each["type"] == "layers"]
    assert [layer for each in layered for layer in each["layers"] if "(" in layer] == []
    assert set(told["root_packages"]) == set(ROOMS)
    nouns = {f"forecasts.{each.parent.name}" for each in (ROOT / "forecasts").glob("*/reads*")}
    assert len(nouns) > 10
    said = [room for each in layered if each.get("exhaustive") for room in each["containers"]]
    rooms = {f"tracker.{each.parent.name}" for each in (ROOT / "tracker").glob("*/kit")}
    assert len(rooms) == 5
    assert sorted(said) == sorted({"forecasts", "forecasts.models", "tracker", *nouns, *rooms})


@pytest.mark.slow
def test_a_forbidden_import_in_any_room_fails_the_check(tmp_path: Path):
    """From each layer of the rooms, one import upward; from the domain, a protocol."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = {
        "tracker/interchange/kit/tables.py": "tracker.admin",
        "tracker/wording/basis.py": "tracker.pages",
        "tracker/api/kit/fields.py": "tracker.api.boards.views",
        "tracker/notify/chat/send.py": "tracker.notify.delivery.sweep",
        "forecasts/people/reads/roles.py": "forecasts.people.writes.ties",
        "forecasts/questions/reads/listing.py": "forecasts.articles.writes.documents",
        "forecasts/record/writes/ledger.py": "forecasts.boards.reads.standings",
        "forecasts/models/desk.py": "rest_framework",
        "forecasts/scoring/rules.py": "django",
    }
    for place in planted:
        assert (tmp_path / place).exists(), place
    for place, imported in planted.items():
        with (tmp_path / place).open("a", encoding="utf-8") as module:
            module.write(f"\nimport {imported}\n")
    checked = subprocess.run(
        [PYTHON.parent / "lint-imports", "--no-cache"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert checked.returncode == 1
    for place, imported in planted.items():
        module = place.removesuffix(".py").replace("/", ".")
        assert f"{module} -> {imported}" in checked.stdout, checked.stdout
