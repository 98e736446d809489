"""
`./run test fast`: what can be tried between two thoughts, and how much was left out.

Left out is what drives a browser, starts a worker, is marked as slow, or stands in `slow_tests.txt`.
`./run test --write-slow` runs the tests and writes that list anew, by the seconds that each took.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

LIST = Path(__file__).with_name("slow_tests.txt")
SLOW_SECONDS = 0.2
"""For each case of a test, with the making of what it needs."""
HEAD = f"# Tests that take more than {SLOW_SECONDS} s. Written by `./run test --write-slow`.\n"
MARKS = ("browser", "worker", "slow")
left_out: Counter[str] = Counter()
seconds: defaultdict[str, float] = defaultdict(float)
cases: Counter[str] = Counter()


def listed() -> set[str]:
    return {line for line in LIST.read_text(encoding="utf-8").splitlines() if not line.startswith("#")}


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("fast")
    group.addoption("--fast", action="store_true", help="leave out browsers, workers and slow tests")
    group.addoption("--write-slow", action="store_true", help=f"write {LIST.name} anew")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("fast"):
        return
    slow = listed()
    why = {item: next(_reasons(item, slow), "") for item in items}
    left_out.update(filter(None, why.values()))
    config.hook.pytest_deselected(items=[item for item in items if why[item]])
    items[:] = [item for item in items if not why[item]]


def _reasons(item: pytest.Item, slow: set[str]) -> Iterator[str]:
    yield from (mark for mark in MARKS if item.get_closest_marker(mark))
    if function_of(item.nodeid) in slow:
        yield "slow"


def function_of(nodeid: str) -> str:
    return nodeid.partition("[")[0]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that started this one; each collects them all, so one's count will do."""
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["left_out"] = dict(left_out)


class Told:
    """What only the process that started the others hears; without pytest-xdist, nobody."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        left_out.update(Counter(getattr(node, "workeroutput", {}).get("left_out", {})) - left_out)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Told())


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    seconds[function_of(report.nodeid)] += report.duration
    cases[function_of(report.nodeid)] += report.when == "call"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("fast"):
        told = ", ".join(f"{count} {reason}" for reason, count in left_out.most_common())
        terminalreporter.section("left out, and run by ./run test")
        terminalreporter.line(told or "nothing")
    if config.getoption("write_slow"):
        slow = [each for each in seconds if cases[each] and seconds[each] / cases[each] > SLOW_SECONDS]
        LIST.write_text(HEAD + "".join(f"{each}\n" for each in sorted(slow)), encoding="utf-8")
