"""`./run test`: every check and every test, the same here as in continuous integration."""

import os
import subprocess
import time
from collections.abc import Sequence

from config.embedded.places import PYTHON, ROOT

TOOLS = PYTHON.parent
CHECKS = {
    "ruff check": [f"{TOOLS}/ruff", "check", "."],
    "ruff format": [f"{TOOLS}/ruff", "format", "--check", "."],
    "import-linter": [f"{TOOLS}/lint-imports", "--no-cache"],
    "mypy": [f"{TOOLS}/mypy"],
}
BROWSER = [str(PYTHON), "-m", "tests.chromium"]
PYTEST = [str(PYTHON), "-m", "pytest"]
# Two at a time: each has a database and a Redis of its own, and waits for browsers and workers a lot.
TOGETHER = ["--numprocesses=2", "--dist=worksteal"]
COVERAGE = ["--durations=25", "--cov", "--cov-report=term:skip-covered", "--cov-fail-under=88"]


def run_tests(arguments: Sequence[str]) -> int:
    """Return 0 when all is well. With arguments, only pytest runs, with these."""
    env = {**os.environ, "FAILED_CHECKS": ""}
    if arguments:
        return _call([*PYTEST, *arguments], env)
    failed = [name for name, command in CHECKS.items() if not _passes(name, command, env)]
    if not _passes("browser", BROWSER, env):
        failed.append("browser")
    # pytest's closing line comes last, so it repeats there what failed before it.
    env["FAILED_CHECKS"] = ", ".join(failed)
    status = _call([*PYTEST, *TOGETHER, *COVERAGE], env)
    return status or (1 if failed else 0)


def _passes(name: str, command: Sequence[str], env: dict[str, str]) -> bool:
    began = time.monotonic()
    print(f"== {name}", flush=True)
    passed = _call(command, env) == 0
    print(f"== {name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.1f} s", flush=True)
    return passed


def _call(command: Sequence[str], env: dict[str, str]) -> int:
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
