"""The table of known answers: what counts as holding, and what to do without answers."""

import math
import os
import subprocess
import sys

import pytest

from forecasts.models import QuestionKind
from tests.verification.lines import compare, show
from tests.verification.published import main
from tracker.interchange.house.common_cells import YES_OR_NO


def test_a_figure_holds_within_its_tolerance():
    assert compare("f", "x", 0.5, 0.5 + 9e-10, 1e-9)[0].holds
    assert not compare("f", "x", 0.5, 0.5 + 2e-9, 1e-9)[0].holds


def test_the_worst_of_a_list_is_shown():
    (line,) = compare("f", "x", [1.0, 2.0, 3.0], [1.0, 2.5, 3.1], 1e-9)
    assert (line.expected, line.ours, line.holds) == (2.0, 2.5, False)


@pytest.mark.parametrize("ours", [[math.nan, 1.0], [1.0, math.nan], [1.0], []])
def test_a_missing_figure_never_holds(ours):
    assert not compare("f", "x", [1.0, 1.0], ours, 1e9)[0].holds


def test_infinity_is_itself_only():
    assert compare("f", "x", math.inf, math.inf, 0.0)[0].holds
    assert not compare("f", "x", math.inf, 7.0, 1e9)[0].holds


def test_failures_are_counted(capsys):
    lines = [*compare("f", "right", 1.0, 1.0, 0.0), *compare("f", "wrong", 1.0, 2.0, 0.0)]
    assert show(lines) == 1
    assert "2 lines, 1 hold, 1 fail" in capsys.readouterr().out


def test_without_answers_there_is_nothing_to_fail(tmp_path, capsys):
    assert main([str(tmp_path / "nowhere")]) == 0
    assert "nothing to verify against" in capsys.readouterr().out


def test_known_answers_are_compared_without_a_configured_django(tmp_path):
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "tests.verification.published", str(tmp_path / "nowhere")]
    subprocess.run(command, check=True, env=bare, timeout=60)
    assert QuestionKind.BINARY.value == YES_OR_NO
