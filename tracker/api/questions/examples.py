"""Requests as they may look, one for each kind of question, for the description of the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from tracker.api.kit.values import NOT_BY_DEADLINE

_ASKED = {"criteria": "The statistical office reports it.", "opens_at": "2018-01-01T00:00:00Z"}
_BY = {"deadline": {"on": "2018-12-31", "zone": "Europe/Stockholm"}}
_SAID = {"question": "the-question", "source": "a-source", "stated_at": "2018-02-01T00:00:00Z"}
_FOUND = {
    "answer": "outcome",
    "evidence": [{"url": "https://example.org/report", "quote": "The report gives it."}],
}


def _examples(common: dict[str, Any], each: dict[str, dict[str, Any]]) -> list[OpenApiExample]:
    return [
        OpenApiExample(name, value={**common, **given}, request_only=True) for name, given in each.items()
    ]


QUESTION_EXAMPLES = _examples(
    {**_ASKED, **_BY},
    {
        "Yes or no": {"proposition": "Will prices rise in 2018?"},
        "One of several options": {
            "proposition": "Who wins the election of 2018?",
            "kind": "options",
            "options": ["Red", "Green", "Blue"],
        },
        "One of several ordered options": {
            "proposition": "How much do prices rise in 2018?",
            "kind": "ordered",
            "options": ["under 2 %", "2 to 3 %", "over 3 %"],
        },
        "A number": {
            "proposition": "Which share votes in 2018?",
            "kind": "number",
            "unit": "%",
            "lower_bound": 0,
            "upper_bound": 100,
        },
        "A date": {"proposition": "When in 2018 is the treaty signed?", "kind": "date"},
    },
)
FORECAST_EXAMPLES = _examples(
    _SAID,
    {
        "A probability": {"probability": 0.9},
        "Words of probability": {"term": {"scale": "house", "phrase": "är på väg", "language": "sv"}},
        "A probability for each option": {"probabilities": [0.5, 0.3, 0.2]},
        "Some options; the rest is shared by our rule": {"probabilities": [0.5, None, None]},
        "Words that we read": {"said": "about 70 %"},
        "One value": {"point": 3.4},
        "A range": {"interval": {"low": 3, "high": 5, "level": 0.8}},
        "Quantiles of a date": {
            "quantiles": [{"level": 0.1, "value": "2018-03-01"}, {"level": 0.9, "value": "2018-10-31"}]
        },
    },
)
VERDICT_EXAMPLES = _examples(
    _FOUND,
    {
        "Yes": {"outcome": 1, "occurred_at": "2018-05-12T00:00:00Z"},
        "An option": {"outcome": "Green", "occurred_at": "2018-09-10T00:00:00Z"},
        "A number": {"outcome": 3.4, "occurred_at": "2018-12-12T00:00:00Z"},
        "A date": {"outcome": "2018-05-12"},
        "Not by the deadline": {"outcome": NOT_BY_DEADLINE},
    },
)
