"""The worked examples on the page that explains the scores, computed by the rule itself."""

from __future__ import annotations

from dataclasses import dataclass

from forecasts.scoring import brier_score
from tracker.pages import formats

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
        Example(said=formats.percent(said), happened=formats.brier(yes), did_not=formats.brier(no))
        for said, yes, no in zip(SAID, happened.tolist(), did_not.tolist(), strict=True)
    ]
