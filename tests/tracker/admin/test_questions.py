"""Answering a question: preview, confirm, and what else is done to one."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from forecasts.boards.reads.standings import standings
from forecasts.models import Answer, Board, Desk, Question, Resolution, Role, Verdict
from forecasts.questions.values.readings import Reading
from tests.records import make_desk, make_question, make_source, make_term, resolve, say
from tracker.wording import numbers

YES = {
    "answer": "outcome",
    "outcome": "1",
    "occurred_on": "2020-03-01",
    "evidence_url": "https://example.org/report",
    "evidence_quote": "Snow fell on 1 March.",
    "note": "The first report counts.",
}
TOO_EARLY = {"answer": "too_early", "check_again_on": "2999-01-01"}


def page(question: Question) -> str:
    return reverse("admin:forecasts_question_change", args=[question.pk])


def send(client: Client, question: Question, **given: Any):
    return client.post(page(question), given)


def preview(client: Client, question: Question, **given: Any) -> dict[str, str]:
    """Return what the preview's form would send."""
    kept: dict[str, str] = send(client, question, **given, _preview="").context["kept"]
    return kept


@pytest.fixture
def question(desk: Desk) -> Question:
    """Two numbers stated, and one read from a word."""
    question = make_question(desk=desk)
    say(question, make_source("Anna"), 0.8)
    say(question, make_source("Bo"), 0, reading=Reading.from_term(make_term()))
    say(question, make_source("Cecilia"), 0.5)
    return question


def test_a_preview_records_nothing(editor: Client, question: Question) -> None:
    response = send(editor, question, **YES, _preview="")

    assert "Happened" in response.content.decode()
    assert not Verdict.objects.exists()
    assert question.reminders.pending().count() == 1


def test_the_preview_shows_the_scores_that_the_board_then_shows(editor: Client, question: Question) -> None:
    previewed = send(editor, question, **YES, _preview="").context["scored"]
    send(editor, question, **preview(editor, question, **YES), _resolve="")

    board = Board.objects.create(slug="all", name="All")
    counted = {row.source: row for row in standings(board=board)}
    assert [each["source"] for each in previewed] == ["Bo", "Anna", "Cecilia"]
    assert [each["score"] for each in previewed] == ["0.003", "0.040", "0.250"]
    for each in previewed:
        assert each["score"] == numbers.score(counted[each["source"]].brier)
    assert previewed[0]["range"] == "0.000–0.010"
    assert counted["Bo"].brier_low == pytest.approx(0.0001)


def test_a_forecast_after_the_outcome_is_shown_as_not_scored(editor: Client, question: Question) -> None:
    scored = send(editor, question, **{**YES, "occurred_on": "2019-12-05"}, _preview="").context["scored"]
    assert [each["is_scored"] for each in scored] == [False, False, False]


def test_confirming_puts_the_answer_in_force(editor: Client, question: Question) -> None:
    response = send(editor, question, **preview(editor, question, **YES), _resolve="")

    assert response.url == page(question)
    resolution = Resolution.objects.get()
    assert (resolution.outcome, resolution.note) == (1, "The first report counts.")
    assert resolution.recorded_by.username == "editor"
    evidence = Verdict.objects.get().evidence.get()
    assert (evidence.url, evidence.quote) == ("https://example.org/report", "Snow fell on 1 March.")
    assert question.reminders.pending().count() == 0


@pytest.mark.parametrize("changed", [{"note": "Another note."}, {"previewed": ""}])
def test_it_confirms_only_what_was_previewed(
    editor: Client, question: Question, changed: dict[str, str]
) -> None:
    kept = preview(editor, question, **YES)
    response = send(editor, question, **{**kept, **changed}, _resolve="")

    assert "Preview. Nothing is recorded yet." in response.content.decode()
    assert not Verdict.objects.exists()


def test_a_forecast_that_came_in_between_is_previewed_first(editor: Client, question: Question) -> None:
    kept = preview(editor, question, **YES)
    say(question, make_source("David"), 0.1)
    response = send(editor, question, **kept, _resolve="")

    assert "David" in [each["source"] for each in response.context["scored"]]
    assert not Verdict.objects.exists()


def test_going_back_keeps_what_was_typed(editor: Client, question: Question) -> None:
    response = send(editor, question, **preview(editor, question, **YES), _edit="")
    html = response.content.decode()
    assert "Snow fell on 1 March." in html
    assert 'value="2020-03-01"' in html


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"outcome": ""}, "outcome"),
        ({"occurred_on": ""}, "occurred_on"),
        ({"occurred_on": "2020-07-01"}, "occurred_on"),  # after the deadline, so a no
        ({"occurred_on": "2999-01-01"}, "occurred_on"),
        ({"evidence_url": ""}, "evidence_url"),
        ({"evidence_quote": ""}, "evidence_quote"),
        ({"answer": "void"}, "void_reason"),
        ({"answer": "too_early"}, "check_again_on"),
        ({"answer": "too_early", "check_again_on": "2020-01-01"}, "check_again_on"),
        ({"answer": "maybe"}, "answer"),
    ],
)
def test_a_refusal_is_shown_at_its_field(
    editor: Client, question: Question, changed: dict[str, str], field: str
) -> None:
    response = send(editor, question, **{**YES, **changed}, _preview="")

    assert list(response.context["answer"].errors) == [field]
    assert "The first report counts." in response.content.decode()
    assert not Verdict.objects.exists()


def test_a_no_without_a_date_takes_the_last_day(editor: Client, question: Question) -> None:
    given = {**YES, "outcome": "0", "occurred_on": ""}
    send(editor, question, **preview(editor, question, **given), _resolve="")
    assert Resolution.objects.get().occurred_at.date() == date(2020, 6, 30)


def test_void_and_too_early(editor: Client, question: Question) -> None:
    kept = preview(editor, question, **TOO_EARLY)
    send(editor, question, **kept, _resolve="")
    assert Verdict.objects.get().answer == Answer.TOO_EARLY
    assert question.reminders.pending().get().stage == "check-again"

    void = {**YES, "answer": "void", "void_reason": "ambiguous"}
    send(editor, question, **preview(editor, question, **void), _resolve="")
    assert Resolution.objects.get().void_reason == "ambiguous"


def test_a_lead_reopens_with_a_reason(sign_in: Callable[..., Client], question: Question) -> None:
    lead = sign_in(Role.LEAD)
    resolve(question)
    refused = send(lead, question, reason="", _reopen="")
    assert refused.context["reopen"].errors["reason"] == ["Say why the question is reopened."]

    send(lead, question, reason="The report was withdrawn.", _reopen="")
    assert Resolution.objects.in_force().get().answer == Answer.REOPENED
    assert 'name="_preview"' in lead.get(page(question)).content.decode()


def test_a_lead_moves_the_deadline(sign_in: Callable[..., Client], question: Question) -> None:
    given = {
        "deadline_on": "2021-06-30",
        "deadline_granularity": "day",
        "deadline_rule": "through",
        "deadline_zone": "Europe/Stockholm",
    }
    send(sign_in(Role.LEAD), question, **given, reason="The office is late.", _move="")

    question.refresh_from_db()
    assert question.deadline_on == date(2021, 6, 30)
    assert question.deadline_moves.get().reason == "The office is late."


def test_it_assigns(editor: Client, question: Question) -> None:
    user = User.objects.get(username="editor")
    send(editor, question, assignee=user.pk, _assign="")
    question.refresh_from_db()
    assert question.assignee == user


def test_a_blind_desk_hides_who_said_what_until_the_verdict_is_in(sign_in: Callable[..., Client]) -> None:
    desk = make_desk("blind", blind=True)
    editor = sign_in(Role.EDITOR, on=desk)
    question = make_question(desk=desk)
    forecast = say(question, make_source("Anna Andersson"), 0.83)
    list_page, own_page = (
        reverse("admin:forecasts_forecast_changelist"),
        reverse("admin:forecasts_forecast_change", args=[forecast.pk]),
    )

    before = [editor.get(page(question)), send(editor, question, **YES, _preview=""), editor.get(list_page)]
    for shown in before:
        assert "Anna Andersson" not in shown.content.decode()
        assert "83%" not in shown.content.decode()
    hidden = editor.get(own_page).content.decode()
    assert "Hidden until you have given your verdict" in hidden
    assert "Anna Andersson" not in hidden

    send(editor, question, **preview(editor, question, **YES), _resolve="")
    assert Verdict.objects.get().seen_blind
    assert "Anna Andersson" in editor.get(page(question)).content.decode()


def test_a_desk_of_two_does_not_show_the_first_verdict_to_the_second(sign_in: Callable[..., Client]) -> None:
    desk = make_desk("two", verdicts_required=2)
    question = make_question(desk=desk)
    first, second = sign_in(Role.EDITOR, on=desk), sign_in(Role.LEAD, on=desk)
    send(first, question, **preview(first, question, **YES), _resolve="")

    verdict = Verdict.objects.get()
    own_page = reverse("admin:forecasts_verdict_change", args=[verdict.pk])
    assert not Resolution.objects.exists()
    assert "Snow fell on 1 March." in first.get(page(question)).content.decode()
    assert "Snow fell on 1 March." not in second.get(page(question)).content.decode()
    assert second.get(own_page).status_code == 302
