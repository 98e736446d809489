"""Questions of every kind through the API: opened, forecast on, answered, read back, and refused."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from forecasts.models import Forecast, Resolution
from forecasts.record.reads import ledger
from tests.tracker.api.bodies import EVIDENCE, QUESTION
from tests.tracker.api.test_writing import Poster
from tracker.api.questions.examples import FORECAST_EXAMPLES, QUESTION_EXAMPLES, VERDICT_EXAMPLES

ASKED = {**QUESTION, "slug": "kind", "deadline": {"on": "2025-12-24", "zone": "Europe/Stockholm"}}
SAID = {"question": "kind", "source": "us-military", "stated_at": "2025-11-02T00:00:00Z"}
KINDS: dict[str, dict[str, Any]] = {
    "binary": {},
    "options": {"options": ["Red", "Green", "Blue"]},
    "ordered": {"options": ["low", "middle", "high"]},
    "number": {"unit": "%", "lower_bound": 0, "upper_bound": 100},
    "date": {},
}


@pytest.fixture
def post(editor: APIClient) -> Poster:
    return Poster(editor)


def ask(post: Poster, kind: str) -> None:
    post("questions/", **ASKED, kind=kind, **KINDS[kind])
    post("questions/kind/publish/", 200)


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_is_opened_and_read(post: Poster, public: APIClient, kind: str) -> None:
    ask(post, kind)
    told = public.get("/api/v1/questions/kind/").json()
    assert told["kind"] == kind
    assert {name: told[name] for name in KINDS[kind]} == KINDS[kind]
    listed = public.get(f"/api/v1/questions/?kind={kind}&topic=terrorism").json()["results"]
    assert "kind" in [each["slug"] for each in listed]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"kind": "options"}, 422, "options"),
        ({"kind": "options", "options": ["Red", "red"]}, 422, "options"),
        ({"kind": "ordered", "options": ["Red", ""]}, 400, "options.1"),
        ({"kind": "date", "unit": "days"}, 422, "unit"),
        ({"kind": "number", "unit": "%", "lower_bound": 2, "upper_bound": 1}, 422, "upper_bound"),
        ({"kind": "binary", "lower_bound": 2}, 422, "lower_bound"),
        ({"kind": "number", "unit": "%", "base_rate": 0.5}, 422, "base_rate"),
    ],
)
def test_what_does_not_go_with_the_kind_names_its_field(
    post: Poster, change: dict[str, Any], status: int, field: str
) -> None:
    assert post("questions/", status, **{**ASKED, **change})["errors"][0]["field"] == field


ISSUED = [
    ("options", {"probabilities": [0.5, 0.3, 0.2]}, {"probabilities": [0.5, 0.3, 0.2]}),
    (
        "ordered",
        {"probabilities": [0.5, None, None]},
        {"probabilities": [0.5, 0.25, 0.25], "basis": "rule", "house_rule": "rest-shared-equally"},
    ),
    ("number", {"point": 3.4}, {"quantile_levels": [0.5], "quantile_values": [3.4], "quantile_dates": None}),
    (
        "number",
        {"interval": {"low": 3, "high": 5, "level": 0.8, "middle": 3.5}},
        {"quantile_levels": [0.1, 0.5, 0.9], "quantile_values": [3, 3.5, 5]},
    ),
    (
        "date",
        {"interval": {"low": "2025-12-01", "high": "2025-12-10", "level": 0.8}},
        {"quantile_levels": [0.1, 0.9], "quantile_dates": ["2025-12-01", "2025-12-10"]},
    ),
    (
        "date",
        {"quantiles": [{"level": 0.2, "value": "2025-12-01"}, {"level": 0.7, "value": "2026-02-01"}]},
        {"quantile_values": [20423, 20485], "quantile_dates": ["2025-12-01", "2026-02-01"]},
    ),
]


@pytest.mark.parametrize(("kind", "said", "told"), ISSUED)
def test_a_forecast_of_each_kind_is_issued_revised_corrected_and_withdrawn(
    post: Poster, kind: str, said: dict[str, Any], told: dict[str, Any]
) -> None:
    ask(post, kind)
    issued = post("forecasts/", **SAID, **said)
    revised = post(f"forecasts/{issued['id']}/revise/", **said, stated_at="2025-11-03T00:00:00Z")
    corrected = post(f"forecasts/{revised['id']}/correct/", **said, note="The date was wrong.")
    for each in (issued, revised, corrected):
        assert {name: each[name] for name in told} == told
        assert each["probability"] is None
    gone = {"source": "us-military", "stated_at": "2025-11-04T00:00:00Z", "note": "On the radio."}
    withdrawn = post("questions/kind/withdrawals/", **gone)
    assert (withdrawn["withdrawn"], withdrawn["quantile_dates"]) == (True, None)
    assert ledger.verify() is None


@pytest.mark.parametrize(
    ("kind", "said", "status", "field", "words"),
    [
        ("options", {"probabilities": [0.5, 0.6, 0.2]}, 422, "probabilities", "add up to 1.3"),
        ("options", {"probabilities": [0.5, 0.5]}, 422, "probabilities", "has 3 options"),
        ("options", {"probabilities": [0.9, 0.2, None]}, 422, "probabilities", "1.1 already"),
        ("options", {"probability": 0.5}, 422, "probability", "a probability for each option"),
        ("binary", {"point": "2025-12-01"}, 422, "point", "one probability"),
        ("number", {"point": "2025-12-01"}, 400, "point", "Write a number"),
        ("number", {"point": 101}, 422, "point", "0 to 100 %"),
        ("number", {"interval": {"low": 5, "high": 3, "level": 0.8}}, 422, "interval.high", "ends at 3"),
        ("number", {"interval": {"low": 3, "high": 5, "level": 1}}, 422, "interval.level", "above 0"),
        ("number", {"point": 1, "probability": 0.5}, 400, "probability", "one of these ways"),
        ("number", {"said": "rather many"}, 422, "said", "is not a number"),
        ("number", {"said": "4–7", "house_rule": "about"}, 400, "house_rule", "range-without-level"),
        ("date", {"said": "when pigs fly"}, 422, "said", "none of the words of time"),
        ("date", {"point": 18000}, 400, "point", "Write a date"),
        ("date", {"point": "2025-13-01"}, 400, "point", "format"),
        (
            "date",
            {"quantiles": [{"level": 0.7, "value": "2025-12-01"}, {"level": 0.2, "value": "2025-12-02"}]},
            422,
            "quantiles",
            "Levels rise",
        ),
    ],
)
def test_a_value_that_does_not_fit_names_its_field_and_a_remedy(  # noqa: PLR0917
    post: Poster, kind: str, said: dict[str, Any], status: int, field: str, words: str
) -> None:
    ask(post, kind)
    before = Forecast.objects.count()
    (error,) = post("forecasts/", status, **SAID, **said)["errors"]
    assert error["field"] == field
    assert words in error["message"]
    assert Forecast.objects.count() == before


@pytest.mark.parametrize(
    ("kind", "found", "outcome", "label"),
    [
        ("binary", {"outcome": 0, "occurred_at": "2025-12-01T00:00:00Z"}, 0, "no"),
        ("options", {"outcome": "green", "occurred_at": "2025-12-01T00:00:00Z"}, 1, "Green"),
        ("ordered", {"outcome": 2, "occurred_at": "2025-12-01T00:00:00Z"}, 2, "high"),
        ("number", {"outcome": 3.4, "occurred_at": "2025-12-01T00:00:00Z"}, 3.4, "3.4 %"),
        ("date", {"outcome": "2025-12-01"}, 20423, "2025-12-01"),
        ("date", {"outcome": "not_by_deadline"}, 20447, "not_by_deadline"),
    ],
)
def test_an_answer_of_each_kind_is_given_and_read(  # noqa: PLR0917
    post: Poster, public: APIClient, kind: str, found: dict[str, Any], outcome: float, label: str
) -> None:
    ask(post, kind)
    answered = post("questions/kind/verdicts/", answer="outcome", **found, evidence=EVIDENCE)
    assert Resolution.objects.latest("pk").outcome == outcome
    for told in (
        answered["verdict"],
        answered["resolution"],
        public.get("/api/v1/questions/kind/").json()["answer"],
        public.get("/api/v1/resolutions/?question=kind").json()["results"][0],
    ):
        assert (told["outcome"], told["outcome_label"]) == (outcome, label)


@pytest.mark.parametrize(
    ("kind", "outcome", "status", "words"),
    [
        ("binary", "yes", 400, "1 for yes"),
        ("options", "Yellow", 400, "Red, Green, Blue"),
        ("options", 3, 422, "0 (Red)"),
        ("number", "3,4", 400, "Write a number"),
        ("number", 300, 422, "void it"),
        ("date", "2025-12-25", 400, "not_by_deadline"),
        ("date", "soon", 400, "not_by_deadline"),
        ("date", True, 400, "an option’s name"),
    ],
)
def test_an_answer_that_does_not_fit_names_the_outcome(
    post: Poster, kind: str, outcome: Any, status: int, words: str
) -> None:
    ask(post, kind)
    given = {"answer": "outcome", "outcome": outcome, "occurred_at": "2025-12-01T00:00:00Z"}
    (error,) = post("questions/kind/verdicts/", status, **given, evidence=EVIDENCE)["errors"]
    assert error["field"] == "outcome"
    assert words in error["message"]


def test_a_board_says_what_it_leaves_out_and_a_board_by_crps_its_unit(
    post: Poster, administrator: APIClient, public: APIClient
) -> None:
    ask(post, "number")
    post("forecasts/", **SAID, point=3)
    found = {"outcome": 4.5, "occurred_at": "2025-12-01T00:00:00Z"}
    post("questions/kind/verdicts/", answer="outcome", **found, evidence=EVIDENCE)
    told = public.get("/api/v1/boards/all/standings/").json()
    assert told["left_out"] == [
        {"kind": "number", "unit": "%", "n_questions": 1, "n_forecasts": 1, "reason": "another_rule"}
    ]
    board = {"slug": "percent", "name": "Per cent", "rule": "crps", "estimator": "raw"}
    refused = Poster(administrator)("boards/", 400, **board)
    assert refused["errors"][0]["field"] == "filter.unit"
    Poster(administrator)("boards/", **board, filter={"unit": "%"})
    told = public.get("/api/v1/boards/percent/standings/").json()
    assert [(row["slug"], row["brier"]) for row in told["rows"]] == [("us-military", 1.5)]
    assert {each["reason"] for each in told["left_out"]} == {"another_rule"}


def test_the_examples_in_the_description_are_taken(post: Poster) -> None:
    post("sources/", name="A source", kind="person", slug="a-source")
    asked = {example.name: post("questions/", **example.value) for example in QUESTION_EXAMPLES}
    slugs = {each["kind"]: each["slug"] for each in asked.values()}
    kind_of = {
        "probability": "binary", "term": "binary", "probabilities": "options",
        "said": "binary", "point": "number", "interval": "number", "quantiles": "date",
    }  # fmt: skip
    for example in FORECAST_EXAMPLES:
        kind = next(kind for way, kind in kind_of.items() if way in example.value)
        post("forecasts/", **{**example.value, "question": slugs[kind]})
    answered = {"Yes": "binary", "An option": "options", "A number": "number", "A date": "date"}
    for example in VERDICT_EXAMPLES:
        if example.name in answered:
            post(f"questions/{slugs[answered[example.name]]}/verdicts/", **example.value)
    again = post("questions/", **{**QUESTION_EXAMPLES[-1].value, "slug": "asked-again"})
    post(f"questions/{again['slug']}/verdicts/", **VERDICT_EXAMPLES[-1].value)
