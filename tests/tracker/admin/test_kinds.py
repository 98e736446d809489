"""Questions of every kind at the desk: opened, forecast on, answered, each refusal beside its field."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from forecasts.models import Desk, Forecast, Question, Resolution
from forecasts.questions.values.readings import Odds, Quantiles
from forecasts.schedule import days_since_epoch
from tests.records import NOW, accepted_statement, make_question, make_source, say

pytestmark = pytest.mark.django_db
OPEN = {
    "proposition": "Which?",
    "criteria": "The synthetic office reports it.",
    "deadline_on": "2020-06-30",
    "deadline_granularity": "day",
    "deadline_rule": "through",
    "deadline_zone": "Europe/Stockholm",
    "opens_on": "2019-12-01",
    "language": "en",
}
KINDS: dict[str, dict[str, Any]] = {
    "options": {"options": ["Red", "Green", "Blue"]},
    "ordered": {"options": ["low", "middle", "high"]},
    "number": {"unit": "%", "lower_bound": 0},
    "date": {},
}
FOUND = {
    "evidence_url": "https://example.org/report",
    "evidence_quote": "It was so.",
    "answer": "outcome",
    "occurred_on": "2020-03-01",
}
NBSP = "\N{NO-BREAK SPACE}"


def ask(kind: str, desk: Desk | None = None) -> Question:
    return make_question(f"A {kind}?", kind=kind, desk=desk, **KINDS[kind])


def send(client: Client, row: Any, **given: Any) -> Any:
    address = reverse(f"admin:forecasts_{row._meta.model_name}_change", args=[row.pk])
    return client.post(address, given)


def test_a_question_of_each_kind_is_opened_by_its_own_fields(editor: Client) -> None:
    address = reverse("admin:forecasts_question_add")
    given = {"options": "Red\r\n Green \r\n\r\nBlue", "unit": "%", "lower_bound": "0,5", "upper_bound": ""}
    for kind in ("options", "ordered", "number", "date", "binary"):
        # What another kind asks for, and the form hides, is not read: here all of it is filled in.
        editor.post(address, {**OPEN, **given, "kind": kind})
        question = Question.objects.latest("pk")
        assert question.kind == kind
        named = kind in ("options", "ordered")
        assert question.options == (["Red", "Green", "Blue"] if named else [])
        assert (question.unit, question.lower_bound) == (("%", 0.5) if kind == "number" else ("", None))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "options", "options": "Red"}, "options"),
        ({"kind": "ordered", "options": "Red\nred"}, "options"),
        ({"kind": "number"}, "unit"),
        ({"kind": "number", "unit": "%", "lower_bound": "many"}, "lower_bound"),
        ({"kind": "number", "unit": "%", "lower_bound": "2", "upper_bound": "1"}, "upper_bound"),
        ({"kind": "riddle"}, "kind"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(editor: Client, given: dict[str, str], field: str) -> None:
    response = editor.post(reverse("admin:forecasts_question_add"), {**OPEN, **given})
    assert list(response.context["open"].errors) == [field]
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not Question.objects.exists()


ISSUED = [
    ("options", {"option_0": "0.5", "option_1": "30 %", "option_2": "0,2"}, [0.5, 0.3, 0.2], None),
    ("ordered", {"option_0": "0.5", "option_1": "the rest"}, [0.5, 0.5, 0], None),
    ("number", {"shape": "point", "point": "3,4 %"}, [3.4], [0.5]),
    ("number", {"shape": "range", "low": "3", "high": "5", "level": "80 %"}, [3, 5], [0.1, 0.9]),
    ("number", {"shape": "quantiles", "quantiles": "10 %: 3\n\n90 %: 6,5"}, [3, 6.5], [0.1, 0.9]),
    ("date", {"shape": "point", "point": "2020-05-01"}, [18383], [0.5]),
    (
        "date",
        {"shape": "range", "low": "2020-05-01", "high": "2020-05-03", "level": "0.5", "middle": "2020-05-02"},
        [18383, 18384, 18385],
        [0.25, 0.5, 0.75],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "values", "levels"), ISSUED)
def test_a_forecast_of_each_kind_is_issued_revised_and_corrected(
    editor: Client, kind: str, given: dict[str, str], values: list[float], levels: list[float] | None
) -> None:
    question, statement = ask(kind), accepted_statement()
    send(editor, statement, question=question.pk, **given, _issue="")
    issued = Forecast.objects.get()
    assert (issued.probabilities or issued.quantile_values) == pytest.approx(values)
    assert issued.quantile_levels == levels
    page = editor.get(reverse("admin:forecasts_forecast_change", args=[issued.pk]))
    assert page.status_code == 200

    send(editor, issued, stated_on="2020-01-01", **given, _revise="")
    send(editor, issued, stated_on="2019-12-20", note="Misheard.", **given, _correct="")
    rows = list(Forecast.objects.order_by("pk"))
    assert len(rows) == 3
    assert rows[2].correction_of == issued
    assert {str(each.probabilities or each.quantile_values) for each in rows} == {
        str(issued.probabilities or issued.quantile_values)
    }
    listed = editor.get(reverse("admin:forecasts_forecast_changelist")).content.decode()
    assert "None" not in listed


@pytest.mark.parametrize(
    ("kind", "given", "field", "message"),
    [
        ("options", {}, "option_0", "what was said of one option"),
        ("options", {"option_0": "0.5", "option_1": "0.5", "option_2": "0.2"}, None, "add up to 1.2"),
        ("options", {"option_0": "50"}, "option_0", "with its sign"),
        ("ordered", {"option_0": "0.8", "option_1": "0.4"}, None, "1.2 already"),
        ("number", {"shape": "point"}, "point", "Fill this in"),
        ("number", {"shape": "point", "point": "1,234"}, "point", "read in two ways"),
        ("number", {"shape": "point", "point": "-1"}, "point", "lies beyond the question"),
        ("number", {"shape": "range", "low": "5", "high": "3", "level": "0.8"}, "high", "below its start"),
        ("number", {"shape": "range", "low": "3"}, "high", "Fill this in"),
        ("number", {"shape": "words", "said": "many"}, "said", "is not a number"),
        ("number", {"shape": "quantiles", "quantiles": "10 %: 3\n20 %"}, "quantiles", "Line 2"),
        ("number", {"shape": "quantiles", "quantiles": "10 %: 3\n20 %: 2"}, "quantiles", "Check their order"),
        ("date", {"shape": "point", "point": "soon"}, "point", "valid date"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_beside_its_field(
    editor: Client, kind: str, given: dict[str, str], field: str | None, message: str
) -> None:
    response = send(editor, accepted_statement(), question=ask(kind).pk, **given, _issue="")
    errors = response.context["issue"].errors
    assert list(errors) == [field or "__all__"]
    assert message in str(errors)
    assert not Forecast.objects.exists()


ANSWERED = [
    ("options", {"outcome": "1"}, 1.0, "Green"),
    ("ordered", {"outcome": "2"}, 2.0, "high"),
    ("number", {"outcome": "3,4 %"}, 3.4, "3.4%"),
    ("date", {"outcome": "2020-03-01", "occurred_on": ""}, 18322.0, f"1{NBSP}March{NBSP}2020"),
    ("date", {"too_late": "on", "occurred_on": ""}, 18444.0, "not by the deadline"),
]


@pytest.mark.parametrize("answered", ANSWERED, ids=str)
def test_an_answer_of_each_kind_is_previewed_and_confirmed(
    editor: Client, answered: tuple[str, dict[str, str], float, str]
) -> None:
    kind, found, outcome, words = answered
    question = ask(kind)
    preview = send(editor, question, **{**FOUND, **found}, _preview="")
    assert preview.context["answer_words"] == words
    assert not Resolution.objects.exists()
    send(editor, question, **preview.context["kept"], _resolve="")
    assert Resolution.objects.get().outcome == outcome
    page = editor.get(reverse("admin:forecasts_question_change", args=[question.pk]))
    assert words.lower() in page.context["stamp"].word.lower()


def test_the_preview_scores_each_kind_by_its_rule(editor: Client, desk: Desk) -> None:
    scored = {}
    values = {
        "options": Odds([0.2, 0.5, 0.3]),
        "ordered": Odds([0.2, 0.5, 0.3]),
        "number": Quantiles.interval(low=3, high=5, level=0.8),
        "date": Quantiles.point(days_since_epoch(date(2020, 3, 4))),
    }
    for kind, found, _outcome, _words in ANSWERED[:4]:
        question = ask(kind, desk)
        say(question, make_source(kind), 0, reading=values[kind])
        response = send(editor, question, **{**FOUND, **found}, _preview="")
        (row,) = response.context["scored"]
        scored[kind] = (str(response.context["rule"][0]), row["score"])
    assert scored == {
        # ((0.2)² + (0.5)² + (0.3)²) / 2
        "options": ("Brier score", "0.190"),
        # (0.2² + 0.7²) / 2
        "ordered": ("Score for ordered options (ranked probability score)", "0.265"),
        # F runs from 0.1 at 3 to 0.9 at 5, and is 0.26 at 3.4: 0.4 * 0.0345 + 1.6 * 0.2105.
        "number": ("CRPS", "0.351%"),
        "date": ("CRPS", f"3.00{NBSP}days"),
    }


def test_a_forecast_of_any_later_date_was_right_where_it_did_not_happen_in_time(
    editor: Client, desk: Desk
) -> None:
    question = ask("date", desk)
    for name, days in (("Early", 10), ("Late", 300), ("Never", 9000)):
        day = days_since_epoch(question.deadline.too_late_on - timedelta(days=10)) + days - 10
        say(question, make_source(name), 0, reading=Quantiles.point(day))
    response = send(editor, question, **{**FOUND, "too_late": "on", "occurred_on": ""}, _preview="")
    scores = {row["source"]: row["score"] for row in response.context["scored"]}
    assert scores == {"Early": f"10.0{NBSP}days", "Late": f"0{NBSP}days", "Never": f"0{NBSP}days"}
    assert question.deadline_at > NOW


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("options", {}),
        ("number", {"outcome": "much"}),
        ("date", {"outcome": "2020-03-01", "too_late": "on"}),
        ("date", {}),
        ("date", {"outcome": "2020-07-01", "occurred_on": ""}),
    ],
)
def test_an_answer_that_says_nothing_is_refused_beside_its_field(
    editor: Client, kind: str, found: dict[str, str]
) -> None:
    response = send(editor, ask(kind), **{**FOUND, **found}, _preview="")
    assert list(response.context["answer"].errors) == ["outcome"]
