"""The worked examples on the page that explains the scores, computed by the rule itself."""

from __future__ import annotations

from dataclasses import dataclass

from forecasts.scoring import brier_score
from tracker.wording import numbers

SAID = (0.99, 0.9, 0.7, 0.5, 0.3, 0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    said: str
    happened: str
    did_not: str


def examples() -> list[Example]:
    happened = brier_score(probability=SAID, outcome=[1] * len(SAID))
    did_not = brier_score(probability=SAID, outcome=[0] * len(SAID))
    return [
        Example(said=numbers.percent(said), happened=numbers.score(yes), did_not=numbers.score(no))
        for said, yes, no in zip(SAID, happened.tolist(), did_not.tolist(), strict=True)
    ]
