"""Lines of the verification table: what was expected, what we get, does it hold."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Case = dict[str, Any]
Figures = Iterator[tuple[str, Any, Any, float]]
"""For each figure its name, what was expected, what we get, and the tolerance."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of one file."""

    file: str
    figure: str
    expected: float
    ours: float
    tolerance: float

    @property
    def difference(self) -> float:
        if math.isinf(self.expected) or math.isinf(self.ours):
            return 0.0 if self.expected == self.ours else math.inf
        return abs(self.expected - self.ours)

    @property
    def holds(self) -> bool:
        return self.difference <= self.tolerance

    def __str__(self) -> str:
        numbers = (
            f"{self.expected:>20.12g} {self.ours:>20.12g} {self.difference:>9.1e} {self.tolerance:>8.1e}"
        )
        return f"{self.file:<28} {self.figure:<44} {numbers}  {'yes' if self.holds else 'NO'}"


HEADER = f"{'file':<28} {'figure':<44} {'expected':>20} {'ours':>20} {'diff':>9} {'tol':>8}  holds"


def compare(file: str, figure: str, expected: Any, ours: Any, tolerance: float) -> list[Line]:
    """Return a line for each number; a list of numbers is told by its largest difference."""
    wanted = np.atleast_1d(np.asarray(expected, dtype=np.float64)).ravel()
    found = np.atleast_1d(np.asarray(ours, dtype=np.float64)).ravel()
    if wanted.shape != found.shape:
        return [Line(file, f"{figure}: how many", float(len(wanted)), float(len(found)), 0.0)]
    if len(wanted) == 0:
        return [Line(file, f"{figure}: how many", 0.0, 0.0, 0.0)]
    lines = [Line(file, figure, float(a), float(b), tolerance) for a, b in zip(wanted, found, strict=True)]
    # NaN is unlike anything, so a missing number counts as the worst.
    worst = max(lines, key=lambda line: math.inf if math.isnan(line.difference) else line.difference)
    several = f" (worst of {len(lines)})" if len(lines) > 1 else ""
    return [Line(file, f"{figure}{several}", worst.expected, worst.ours, worst.tolerance)]


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def show(lines: Iterable[Line]) -> int:
    """Print the table; return how many lines fail."""
    print(HEADER)
    failed = total = 0
    for line in lines:
        print(line)
        total += 1
        failed += not line.holds
    print(f"{total} lines, {total - failed} hold, {failed} fail")
    return failed
