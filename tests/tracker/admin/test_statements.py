"""Reviewing a statement, and issuing its forecast."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from forecasts.models import Forecast, Question, Statement, StatementStatus
from tests.records import accepted_statement, make_question, make_source, make_statement, make_term

READING = {
    "speaker": "Testa Testsson",
    "directness": "indirect",
    "stated_on": "2019-12-30",
    "cues": "kommer att, före",
    "claim": "It will snow.",
}
ASKED = {
    "proposition": "Will it snow by the end of 2020?",
    "criteria": "The office says so.",
    "deadline_on": "2020-06-01",
    "deadline_granularity": "year",
    "deadline_rule": "through",
    "deadline_zone": "Europe/Stockholm",
    "opens_on": "2019-12-30",
    "language": "en",
}


def send(client: Client, statement: Statement, **given: Any):
    return client.post(reverse("admin:forecasts_statement_change", args=[statement.pk]), given)


def test_accepting_keeps_the_reading_that_is_on_the_screen(editor: Client) -> None:
    speaker = make_source()
    statement = make_statement()
    send(editor, statement, **READING, reason="It says what will happen.", _accept="")

    statement.refresh_from_db()
    assert statement.status == StatementStatus.ACCEPTED
    assert (statement.speaker, statement.claim) == (speaker, "It will snow.")
    assert statement.cues == ["kommer att", "före"]
    assert f"{statement.stated_at:%Y-%m-%dT%H:%M%z}" == "2019-12-29T23:00+0000"
    decision = statement.decisions.get()
    assert (decision.reason, decision.recorded_by.username) == ("It says what will happen.", "editor")


def test_the_same_day_keeps_the_exact_time(editor: Client) -> None:
    statement = make_statement()
    send(editor, statement, **{**READING, "stated_on": "2019-12-31", "speaker": ""}, _save="")

    was = statement.stated_at
    statement.refresh_from_db()
    assert statement.stated_at == was
    assert statement.directness == "indirect"
    assert statement.status == StatementStatus.DRAFT


@pytest.mark.parametrize(
    ("given", "form", "field", "said"),
    [
        ({"reason": " "}, "decision", "reason", "A decision needs a reason. One sentence is enough."),
        (
            {"reason": "Yes.", "speaker": ""},
            "reading",
            "speaker",
            "The statement has no speaker. Say who made it, then accept it.",
        ),
        ({"reason": "Yes.", "stated_on": ""}, "reading", "stated_on", "This field is required."),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_changes_nothing(
    editor: Client, given: dict[str, str], form: str, field: str, said: str
) -> None:
    make_source()
    statement = make_statement()
    response = send(editor, statement, **{**READING, **given}, _accept="")

    assert response.context[form].errors[field] == [said]
    assert "It will snow." in response.content.decode()
    statement.refresh_from_db()
    assert (statement.status, statement.claim) == (StatementStatus.DRAFT, "")


def test_a_rejected_statement_is_kept_with_the_reason(editor: Client) -> None:
    statement = make_statement()
    send(editor, statement, **{**READING, "speaker": ""}, reason="It is history.", _reject="")

    statement.refresh_from_db()
    assert statement.status == StatementStatus.REJECTED
    assert "It is history." in editor.get(statement_page(statement)).content.decode()


def statement_page(statement: Statement) -> str:
    return reverse("admin:forecasts_statement_change", args=[statement.pk])


def test_an_accepted_statement_is_no_longer_amended(editor: Client) -> None:
    statement = accepted_statement()
    response = send(editor, statement, **READING, reason="Again.", _accept="")

    assert response.context["decision"].non_field_errors() == ["The statement is accepted already."]
    statement.refresh_from_db()
    assert statement.claim == ""


def test_it_opens_the_question_and_leads_back_to_the_forecast(editor: Client) -> None:
    statement = accepted_statement()
    response = send(editor, statement, **ASKED, _open="")

    question = Question.objects.get()
    assert response.url == f"{statement_page(statement)}?question={question.pk}#issue"
    assert f"{question.deadline_at:%Y-%m-%dT%H:%M%z}" == "2020-12-31T23:00+0000"
    assert question.proposition in editor.get(response.url).content.decode()


def test_every_field_of_a_new_question_is_on_the_page(editor: Client) -> None:
    page = editor.get(statement_page(accepted_statement()))
    html = page.content.decode()
    missing = [name for name in page.context["open"].fields if f'name="{name}"' not in html]
    assert missing == []


def test_it_refuses_a_question_without_criteria_or_zone(editor: Client) -> None:
    wrong = {**ASKED, "criteria": "", "deadline_zone": "Europe/Raqqa"}
    response = send(editor, accepted_statement(), **wrong, _open="")

    assert set(response.context["open"].errors) == {"criteria", "deadline_zone"}
    assert ASKED["proposition"] in response.content.decode()
    assert not Question.objects.exists()


@pytest.mark.parametrize("written", ["0.9", "0,9", "90 %", "90%"])
def test_it_issues_a_stated_probability(editor: Client, written: str) -> None:
    statement, question = accepted_statement(), make_question()
    send(editor, statement, question=question.pk, probability=written, _issue="")

    forecast = Forecast.objects.get()
    assert forecast.probability == pytest.approx(0.9)
    assert not forecast.probability_imputed
    assert (forecast.statement, forecast.source) == (statement, statement.speaker)


def test_it_issues_a_probability_read_from_a_word(editor: Client) -> None:
    statement, question, term = accepted_statement(), make_question(), make_term()
    chosen = editor.get(f"{statement_page(statement)}?question={question.pk}")
    assert "kommer att: 95% (90–99%)" in chosen.content.decode()

    send(editor, statement, question=question.pk, term=term.pk, _issue="")
    forecast = Forecast.objects.get()
    assert (forecast.probability_low, forecast.probability, forecast.probability_high) == (0.9, 0.95, 0.99)
    assert forecast.term == term


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"probability": "90"}, "probability"),
        ({"probability": "likely"}, "probability"),
        ({}, "__all__"),
        ({"probability": "0.9", "term": "known"}, "__all__"),
    ],
)
def test_it_refuses_what_is_not_one_probability(editor: Client, given: dict[str, str], field: str) -> None:
    statement, question, term = accepted_statement(), make_question(), make_term()
    given = {name: str(term.pk) if value == "known" else value for name, value in given.items()}
    response = send(editor, statement, question=question.pk, **given, _issue="")

    assert list(response.context["issue"].errors) == [field]
    assert not Forecast.objects.exists()
