"""`./run test`: every check and every test, the same here as in continuous integration."""

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

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
# Two at a time: each has a database and a Redis of its own, and waits for browsers and workers a lot. With
# three on two processors a browser may wait for a page longer than a test does.
TOGETHER = ["--numprocesses=2", "--dist=worksteal"]
COVERAGE = ["--durations=25", "--cov", "--cov-report=term:skip-covered", "--cov-fail-under=94"]
FAST = ["--fast", "--numprocesses=2", "--dist=worksteal"]


def run_tests(arguments: Sequence[str]) -> int:
    """Return 0 when all is well. With arguments, only pytest runs: with these, or fast."""
    match arguments:
        case []:
            return _run_all()
        case ["fast", *rest]:
            return _call([*PYTEST, *FAST, *rest])
        case _:
            return _call([*PYTEST, *arguments])


def _run_all() -> int:
    """
    Run the checks beside the tests.

    pytest's closing lines come last. They name what else failed, so pytest is handed a pipe from which
    it can read the names of those checks once all have ended.
    """
    failed = [] if _passes("browser", BROWSER) else ["browser"]
    read, write = os.pipe()
    with ThreadPoolExecutor(1) as beside:
        checks = beside.submit(_run_checks, failed, write)
        command = [*PYTEST, *TOGETHER, *COVERAGE]
        status = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "FAILED_CHECKS": str(read)}, pass_fds=[read], check=False
        ).returncode
        failed = checks.result()
    os.close(read)
    return status or (1 if failed else 0)


def _run_checks(failed: list[str], write: int) -> list[str]:
    failed = failed + [name for name, command in CHECKS.items() if not _passes(name, command)]
    with os.fdopen(write, "w") as told:
        told.write(", ".join(failed))
    return failed


def _passes(name: str, command: Sequence[str]) -> bool:
    """Say in one piece what it said and whether it passed: the tests speak meanwhile."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        passed = subprocess.run(command, cwd=ROOT, stdout=output, stderr=output, check=False).returncode == 0
        output.seek(0)
        said = output.read().decode(errors="replace")
    how = "passed" if passed else "FAILED"
    print(f"\n== {name}\n{said}== {name}: {how} in {time.monotonic() - began:.1f} s", flush=True)
    return passed


def _call(command: Sequence[str]) -> int:
    return subprocess.run(command, cwd=ROOT, check=False).returncode
