"""
The faults that tests inject, and what came of each, as one table after the tests.

A test says what should be there once, and hands over what is there: rows of the database, messages that
a mail server accepted. What is lost and what is doubled is counted from these, and shown whether the test
passes or not. Rows travel with the reports, so that they arrive from processes of pytest-xdist too.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields

import pytest

FAULT = "fault"
WIDTHS = {"place": 10, "what": 64, "count": 6, "due": 7, "lost": 6, "doubled": 8}


@dataclass(frozen=True)
class Fault:
    """What was broken where, how often; of how many things due, how many are missing or there twice."""

    place: str
    what: str
    count: int
    due: int
    lost: int
    doubled: int


@dataclass
class Faults:
    """Takes down what a test injected."""

    node: pytest.Item

    def note(self, place: str, what: str, *, due: int, found: Iterable[Hashable], count: int = 1) -> Fault:
        """Note a fault that was injected `count` times, by the `due` things that `found` should hold once."""
        there = Counter(found)
        fault = Fault(place, what, count, due, lost=due - len(there), doubled=there.total() - len(there))
        self.node.user_properties.append((FAULT, asdict(fault)))
        return fault


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> Faults:
    """Call `.note()` with what was broken and what came of it."""
    return Faults(request.node)


def rows(terminalreporter: pytest.TerminalReporter) -> Iterator[Fault]:
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                yield from (Fault(**told) for name, told in report.user_properties if name == FAULT)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not (table := sorted(rows(terminalreporter), key=lambda fault: (fault.place, fault.what))):
        return
    terminalreporter.section("faults injected")
    for row in [{each.name: each.name for each in fields(Fault)}, *map(asdict, table)]:
        terminalreporter.line(
            "  ".join(
                f"{told:<{WIDTHS[name]}}" if name in {"place", "what"} else f"{told:>{WIDTHS[name]}}"
                for name, told in row.items()
            )
        )
    terminalreporter.line(
        f"{sum(fault.count for fault in table)} faults, {sum(fault.lost for fault in table)} lost, "
        f"{sum(fault.doubled for fault in table)} doubled"
    )
