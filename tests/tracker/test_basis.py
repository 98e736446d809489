"""
What nobody said is not “stated”: every kind of question, by every basis, on every surface.

A value that one of the surfaces leaves unlabelled, or a new kind without a row here, fails.
"""

import html
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from forecasts.boards.reads.columns.columns import board_columns
from forecasts.boards.reads.standings import drawn_standings
from forecasts.house_rules import RULES
from forecasts.models import Basis, Desk, Forecast, Question, QuestionKind, Term
from forecasts.questions.values.deadlines import DeadlineBasis
from forecasts.questions.values.readings import Value
from forecasts.questions.values.words import read_words
from forecasts.record.reads import ledger
from forecasts.schedule import days_since_epoch
from tests.records import (
    NOW,
    ZONE,
    accepted_statement,
    make_board,
    make_desk,
    make_question,
    make_source,
    make_term,
    make_user,
    resolve,
    say,
)

pytestmark = pytest.mark.django_db

OPTIONS = ["Red", "Green", "Blue"]
ASKED: Mapping[str, dict[str, Any]] = {
    "binary": {},
    "options": {"options": OPTIONS},
    "ordered": {"options": OPTIONS},
    "number": {"unit": "%"},
    "date": {},
}
FOUND = {
    "evidence_url": "https://example.org/report",
    "evidence_quote": "It was so.",
    "answer": "outcome",
    "occurred_on": "2020-03-01",
}
FOUND_OF: Mapping[str, dict[str, str]] = {
    "binary": {"outcome": "1"},
    "options": {"outcome": "2"},
    "ordered": {"outcome": "2"},
    "number": {"outcome": "5"},
    "date": {"outcome": "2020-03-01", "occurred_on": ""},
}
OUTCOME = {"binary": 1, "options": 2, "ordered": 2, "number": 5.0, "date": days_since_epoch(NOW.date())}
RULE_OF = {
    "binary": "brier",
    "options": "brier",
    "ordered": "ranked_probability",
    "number": "crps",
    "date": "crps",
}
TERM = {"scale": "test", "phrase": "troligen", "language": "sv"}


@dataclass(frozen=True)
class Said:
    """What a form and the API are sent; the value that it becomes, and what is open beside it."""

    form: Mapping[str, str]
    api: Mapping[str, Any]
    value: list[float]
    rule: str = ""
    term: bool = False
    open: tuple[float, float] | None = None
    shared: list[str] = field(default_factory=list)


def _day(year: int, month: int, day: int) -> float:
    return days_since_epoch(date(year, month, day))


CASES: Mapping[tuple[str, str], Said] = {
    ("binary", "stated"): Said({"probability": "90 %"}, {"probability": 0.9}, [0.9]),
    # The term's own numbers.
    ("binary", "read"): Said({"term": "TERM"}, {"term": TERM}, [0.7], term=True, open=(0.6, 0.8)),
    # Rounded to tens: half of a ten to either side.
    ("binary", "rule"): Said(
        {"probability": "about 70 %"}, {"said": "about 70 %"}, [0.7], rule="about", open=(0.65, 0.75)
    ),
    ("options", "stated"): Said(
        {"option_0": "50 %", "option_1": "30 %", "option_2": "20 %"},
        {"probabilities": [0.5, 0.3, 0.2]},
        [0.5, 0.3, 0.2],
    ),
    # 70 % on the option that the word was said of; the two others share 30 %.
    ("options", "read"): Said(
        {"term": "TERM", "term_option": "option_0"},
        {"option_term": {"option": "Red", "term": TERM}},
        [0.7, 0.15, 0.15],
        rule="rest-shared-equally",
        term=True,
        open=(0.6, 0.8),
        shared=["Green", "Blue"],
    ),
    # 60 % named: either of the others could have all of the 40 % left.
    ("options", "rule"): Said(
        {"option_0": "60 %", "option_1": "the rest", "option_2": "the rest"},
        {"probabilities": [0.6, None, None]},
        [0.6, 0.2, 0.2],
        rule="rest-shared-equally",
        open=(0, 1),
        shared=["Green", "Blue"],
    ),
    # 3 to 7 with 90 %: a twentieth on either side.
    ("number", "stated"): Said(
        {"shape": "words", "said": "3–7 (90 %)"},
        {"interval": {"low": 3, "high": 7, "level": 0.9}},
        [3, 7],
    ),
    # The level is the word's: 70 %, from 60 to 80.
    ("number", "read"): Said(
        {"shape": "range", "low": "4", "high": "7", "level_term": "TERM"},
        {"interval": {"low": 4, "high": 7, "term": TERM}},
        [4, 7],
        term=True,
        open=(0.6, 0.8),
    ),
    # Nobody said a level: 80 %, from 50 to 95.
    ("number", "rule"): Said(
        {"shape": "words", "said": "between 4 and 7 per cent"},
        {"said": "between 4 and 7 per cent"},
        [4, 7],
        rule="range-without-level",
        open=(0.5, 0.95),
    ),
    ("date", "stated"): Said(
        {"shape": "words", "said": "2020-05-12"}, {"point": "2020-05-12"}, [_day(2020, 5, 12)]
    ),
    # June, its middle.
    ("date", "read"): Said(
        {"shape": "words", "said": "early summer 2020"},
        {"said": "early summer 2020"},
        [_day(2020, 6, 15)],
        rule="early-summer",
        open=(_day(2020, 6, 1), _day(2020, 6, 30)),
    ),
    ("date", "rule"): Said(
        {"shape": "range", "low": "2020-05-01", "high": "2020-06-30"},
        {"interval": {"low": "2020-05-01", "high": "2020-06-30"}},
        [_day(2020, 5, 1), _day(2020, 6, 30)],
        rule="range-without-level",
        open=(0.5, 0.95),
    ),
}
CASES = {**CASES, **{("ordered", basis): CASES["options", basis] for basis in Basis.values}}
EVERY = [(kind, basis) for kind in QuestionKind.values for basis in Basis.values]
walk = pytest.mark.parametrize("case", EVERY, ids=" ".join)


@pytest.fixture
def term() -> Term:
    return make_term("troligen", low=0.6, best=0.7, high=0.8)


@pytest.fixture
def client() -> Client:
    """An editor, signed in at the desk."""
    user = make_user("erin", desk=make_desk(), is_staff=True)
    client = Client()
    client.force_login(user)
    return client


def ask(kind: str) -> Question:
    desk = Desk.objects.filter(slug="weather").first()
    return make_question(f"A {kind}?", kind=kind, desk=desk, **ASKED[kind])


def issue(client: Client, question: Question, said: Said, term: Term) -> tuple[Forecast, list[Any]]:
    """Issue it by the form of an accepted statement; return the row, and each page on the way."""
    statement = accepted_statement()
    address = reverse("admin:forecasts_statement_change", args=[statement.pk])
    given = {name: str(term.pk) if each == "TERM" else each for name, each in said.form.items()}
    given |= {"question": str(question.pk), "_issue": ""}
    pages = [client.post(address, given)]
    if not Forecast.objects.filter(statement=statement).exists():
        seal = pages[0].context["issue"].read_as.seal
        pages.append(client.post(address, {**given, "read_as": seal}))
    return Forecast.objects.get(statement=statement), pages


def value_of(row: Forecast) -> list[float]:
    return row.probabilities or row.quantile_values or [row.probability]


def open_of(row: Forecast) -> tuple[float, float] | None:
    ends = (row.probability_low, row.probability_high) if row.probability else (row.range_low, row.range_high)
    return None if ends[0] is None else ends


def test_every_kind_has_every_basis() -> None:
    assert set(CASES) == set(EVERY)


@walk
def test_the_form_shows_what_it_read_and_every_page_says_where_it_is_from(
    client: Client, term: Term, case: tuple[str, str]
) -> None:
    (kind, basis), said = case, CASES[case]
    question = ask(kind)
    row, pages = issue(client, question, said, term)
    assert (row.basis, row.house_rule, row.term_id) == (basis, said.rule, term.pk if said.term else None)
    assert value_of(row) == pytest.approx(said.value)
    assert open_of(row) == (None if said.open is None else pytest.approx(said.open))
    assert [question.options[place] for place in row.shared or []] == said.shared
    # What a house rule made of it was shown before it was recorded, with the rule's name.
    assert ("Nothing is recorded yet" in pages[0].content.decode()) == bool(said.rule)
    assert not said.rule or str(RULES[said.rule].name) in pages[0].content.decode()

    at_desk = reverse("admin:forecasts_question_change", args=[question.pk])
    own = reverse("admin:forecasts_forecast_change", args=[row.pk])
    shown = [client.get(each) for each in (reverse("pages:question", args=[question.slug]), at_desk, own)]
    shown.append(client.post(at_desk, {**FOUND, **FOUND_OF[kind], "_preview": ""}))
    for page in shown:
        words = html.unescape(page.content.decode())
        labels = [each.value for each in Basis if f">{each.label}</span>" in words]
        assert labels == [basis], page.request["PATH_INFO"]
        assert not said.rule or str(RULES[said.rule].name) in words
    assert not said.term or "troligen" in shown[0].content.decode()


@walk
def test_the_api_takes_it_and_gives_it_back(client: Client, term: Term, case: tuple[str, str]) -> None:
    (kind, basis), said = case, CASES[case]
    question = ask(kind)
    source, api = make_source("Another"), APIClient()
    api.force_authenticate(User.objects.get(username="erin"))
    given = {"question": question.slug, "source": source.slug, "stated_at": "2019-12-20T10:00:00Z"}
    if said.rule:
        given["house_rule"] = said.rule
    answer = api.post("/api/v1/forecasts/", {**given, **said.api}, format="json")
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["basis"], told["house_rule"]) == (basis, said.rule)
    assert told["probability_imputed"] is (basis != "stated")
    assert (told["shared"] or []) == said.shared
    if said.open and kind != "binary":
        assert (told["range"]["low"], told["range"]["high"]) == pytest.approx(said.open)
    row = Forecast.objects.get(key=told["id"])
    assert value_of(row) == pytest.approx(said.value)
    listed = api.get("/api/v1/forecasts/", {"basis": basis}).json()["results"]
    assert [each["id"] for each in listed] == [str(row.key)]
    imputed = api.get("/api/v1/forecasts/", {"imputed": str(basis != "stated").lower()}).json()
    assert imputed["count"] == 1


@walk
def test_rankings_vary_over_what_was_left_open_and_ledger_and_files_carry_it(
    client: Client, term: Term, case: tuple[str, str], tmp_path: Path
) -> None:
    kind, basis = case
    row, _pages = issue(client, ask(kind), CASES[case], term)
    resolve(row.question, outcome=OUTCOME[kind])
    rest = {"filter": {"unit": "days" if kind == "date" else "%"}} if kind in ("number", "date") else {}
    board = make_board(rule=RULE_OF[kind], reference="crowd", minimum_n=1, **rest)
    assert board_columns(board=board, at=None).imputed.tolist() == [basis != "stated"]
    (standing,) = drawn_standings(board=board)
    assert standing.imputed_share == (0 if basis == "stated" else 1)
    assert (standing.brier_high > standing.brier_low) == (basis != "stated")
    told, earlier = row.hashed_as(2), row.hashed_as(1)
    assert told["basis"] == basis
    for name in ("said", "house_rule", "range_low", "range_best", "range_high", "shared"):
        assert name in told.keys() - earlier.keys()
    out, file = io.StringIO(), tmp_path / "record.csv"
    call_command("export_forecasts", stdout=out)
    file.write_text(out.getvalue().replace("2019-12-31T12:00:00", "2019-12-30T12:00:00"), encoding="utf-8")
    call_command("import_forecasts", str(file), stdout=io.StringIO(), stderr=io.StringIO())
    copied = Forecast.objects.exclude(pk=row.pk).get()
    for name in ("basis", "said", "house_rule", "term_id", "range_low", "range_best", "range_high", "shared"):
        assert getattr(copied, name) == getattr(row, name), name
    assert value_of(copied) == pytest.approx(value_of(row))
    assert copied.probability_low == row.probability_low
    assert ledger.verify() is None


def test_the_level_of_a_range_moves_a_rank() -> None:
    # The CRPS of 4 to 9 for a 10 is 2.52 at 80 %, 2.35 at 50 % and 2.63 at 95 %; a point at 7.43 misses by
    # 2.57, so it is second but where 95 % was meant.
    question = ask("number")
    say(question, make_source("Ranged"), 0, reading=_read(question, "4–9"))
    say(question, make_source("Pointed"), 0, reading=_read(question, "7.43"))
    resolve(question, outcome=10)
    board = make_board(rule="crps", filter={"unit": "%"}, minimum_n=1, estimator="raw")
    bands = {each.source: each.rank_band for each in drawn_standings(board=board)}
    assert bands == {"Ranged": [1, 2], "Pointed": [1, 2]}


def test_a_rest_that_might_be_all_of_one_option_moves_a_rank() -> None:
    # Shared, the rest gives 0.25 to what came true and scores worse than 0.4; had it all been meant for
    # that option, 0.5 scores better.
    question = ask("options")
    say(question, make_source("Rest"), 0, reading=_read(question, "Red 50 %, the rest"))
    say(question, make_source("Named"), 0, reading=_read(question, "Red 30 %, Green 30 %, Blue 40 %"))
    resolve(question, outcome=2)
    board = make_board(rule="brier", minimum_n=1, estimator="raw")
    bands = {each.source: each.rank_band for each in drawn_standings(board=board)}
    assert bands == {"Named": [1, 2], "Rest": [1, 2]}


def _read(question: Question, words: str) -> Value:
    return read_words(question, words, said_on=NOW.date())


DEADLINES = [
    # What the source stated leaves nothing open.
    ({"on": "2027-12-31", "zone": ZONE}, "stated", "", None),
    # Three months after it was said, from two to six.
    (
        {"said": "within a few months", "zone": ZONE},
        "read",
        "within-months",
        ("2027-05-02", "2027-06-01", "2027-09-01"),
    ),
    # 90 days: half of them, and twice as many.
    (
        {"on": "2027-05-31", "zone": ZONE, "imputed": True, "reason": "Ninety days."},
        "rule",
        "deadline-set-by-us",
        ("2027-04-16", "2027-05-31", "2027-08-29"),
    ),
]


@pytest.mark.parametrize("given", DEADLINES, ids=lambda given: given[1])
def test_a_deadline_says_where_it_is_from_everywhere(client: Client, given: Any, tmp_path: Path) -> None:
    deadline, basis, rule, days = given
    api = APIClient()
    api.force_authenticate(User.objects.get(username="erin"))
    asked = {"proposition": "Will it?", "criteria": "It does.", "opens_at": "2027-03-02T12:00:00Z"}
    answer = api.post("/api/v1/questions/", {**asked, "desk": "weather", "deadline": deadline}, format="json")
    assert answer.status_code == 201, answer.content
    told, question = answer.json()["deadline"], Question.objects.get()
    assert (told["basis"], told["house_rule"], told["imputed"]) == (basis, rule, basis != "stated")
    assert (told["earliest"], told["on"], told["latest"]) == (days or (None, deadline.get("on"), None))
    say(question, make_source(), 0.5)
    label = str(Basis(basis).label)
    for address in (
        reverse("pages:question", args=[question.slug]),
        reverse("admin:forecasts_question_change", args=[question.pk]),
    ):
        words = html.unescape(client.get(address).content.decode())
        assert basis == "stated" or (f">{label}</span>" in words and str(RULES[rule].name) in words)
    out = io.StringIO()
    call_command("export_forecasts", stdout=out)
    file = tmp_path / "record.csv"
    file.write_text(out.getvalue().replace(question.slug, "copied"), encoding="utf-8")
    call_command("import_forecasts", str(file), stdout=io.StringIO(), stderr=io.StringIO())
    copied = Question.objects.get(slug="copied")
    assert DeadlineBasis.of(copied) == DeadlineBasis.of(question)
    assert Forecast.objects.get(question=copied).deadline_house_rule == rule
    assert ledger.verify() is None
    assert question.hashed_as(2)["deadline_given"]["basis"] == basis
    assert "deadline_given" not in question.hashed_as(1)
