"""Looking at an answer again at the desk: two verdicts, a lead, disputes, replies, ties, blindness."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from forecasts.models import (
    Answer,
    Board,
    Desk,
    Dispute,
    Entry,
    Event,
    Evidence,
    Question,
    Reply,
    Resolution,
    Role,
    Tie,
    Verdict,
)
from forecasts.questions.values.readings import Reading
from forecasts.questions.writes.forecasts import issue_forecast
from tests.records import (
    NOW,
    accepted_statement,
    make_board,
    make_desk,
    make_question,
    make_source,
    make_user,
    resolve,
    say,
)
from tests.tracker.admin.test_questions import YES, page, preview, send

NO = {**YES, "outcome": "0", "note": "The station was taken down."}


@pytest.fixture
def two(sign_in: Callable[..., Client]) -> dict[str, Any]:
    """A desk of two verdicts, with a question, two editors and a lead."""
    desk = make_desk("two", verdicts_required=2)
    clients = {}
    for name, role in {"erin": Role.EDITOR, "anna": Role.EDITOR, "lena": Role.LEAD}.items():
        clients[name] = Client()
        clients[name].force_login(make_user(name, role, desk, is_staff=True))
    return {"question": make_question(desk=desk), "desk": desk, **clients}


def give(client: Client, question: Question, **given: str) -> Any:
    return client.post(page(question), {**preview(client, question, **given), "_resolve": ""}, follow=True)


def weigh(client: Client, question: Question, **given: str) -> Any:
    """Return the page that shows what each way of deciding would do."""
    return send(client, question, **given, _weigh="")


def decide(client: Client, question: Question, **given: str) -> Any:
    """Confirm what the preview showed."""
    return send(client, question, **weigh(client, question, **given).context["kept"], _adjudicate="")


def html(client: Client, question: Question) -> str:
    return client.get(page(question)).content.decode()


def test_two_verdicts_that_differ_are_decided_by_a_lead(two: dict[str, Any]) -> None:
    question = two["question"]
    give(two["erin"], question, **YES)
    assert "you may replace it" in html(two["erin"], question)
    for unswayed in ("anna", "lena"):
        shown = html(two[unswayed], question)
        assert "Snow fell on 1 March" not in shown
        assert "Preview" in shown
    assert "the head of desk decides" in give(two["anna"], question, **NO).content.decode()
    assert "A head of desk who gave neither decides" in html(two["erin"], question)

    lead = html(two["lena"], question)
    assert "Decide between two verdicts" in lead
    assert lead.count("Snow fell on 1 March") >= 2
    first = Verdict.objects.order_by("pk").first()
    for button in ("_weigh", "_adjudicate"):
        refused = send(two["lena"], question, sides_with=str(first.pk), reason="", **{button: ""})
        assert "the two editors will read it" in refused.content.decode()
    assert decide(two["lena"], question, sides_with=str(first.pk), reason="Clear.").status_code == 302
    answer = Resolution.objects.get()
    assert (answer.method, answer.outcome, answer.verdicts.count()) == ("adjudicated", 1, 3)


def test_what_each_way_of_deciding_would_do_is_what_it_then_does(two: dict[str, Any]) -> None:
    """Scores, the ladder and the boards, side by side; nothing is recorded by looking."""
    event = Event.objects.create(slug="snow", name="Snow", ladder=True)
    desk = two["desk"]
    march = make_question("Snow by March?", on=date(2020, 3, 31), desk=desk, event=event)
    june = make_question("Snow by June?", on=date(2020, 6, 30), desk=desk, event=event)
    sure, unsure = make_source("Sure"), make_source("Unsure")
    for question in (march, june):
        say(question, sure, 0.9)
        say(question, unsure, 0.6)
    Board.objects.create(slug="all", name="All", estimator="raw", minimum_n=1)
    give(two["erin"], march, **YES)
    give(two["anna"], march, **NO)
    yes, no = Verdict.objects.order_by("pk")
    entries = Entry.objects.count()

    shown = weigh(two["lena"], march, sides_with=str(no.pk), reason="It was sleet.")
    chosen, instead = shown.context["ways"]
    assert [(each["source"], each["score"]) for each in chosen["scored"]] == [
        ("Unsure", "0.360"),
        ("Sure", "0.810"),
    ]
    assert [(each["source"], each["score"]) for each in instead["scored"]] == [
        ("Sure", "0.010"),
        ("Unsure", "0.160"),
    ]
    assert chosen["ladder"] == []  # No snow by March says nothing of June.
    assert [(str(each), words) for each, words in instead["ladder"]] == [("Snow by June?", "Happened")]
    assert {move["source"]: move["rank"] for move in instead["boards"][0]["moves"]} == {
        "Sure": "– → 1",
        "Unsure": "– → 2",
    }
    assert (Entry.objects.count(), Resolution.objects.count()) == (entries, 0)

    said = shown.context["kept"]
    say(march, make_source("Late"), 0.5)
    again = send(two["lena"], march, **said, _adjudicate="")
    assert "Something changed since the preview" in again.content.decode()
    assert not Resolution.objects.exists()
    back = send(two["lena"], march, **said, _reconsider="").content.decode()
    assert "It was sleet." in back
    decide(two["lena"], march, sides_with=str(yes.pk), reason="It was snow.")
    assert {each.question_id: each.outcome for each in Resolution.objects.all()} == {march.pk: 1, june.pk: 1}


def test_a_blind_lead_weighs_without_being_told_who_said_what(two: dict[str, Any]) -> None:
    Desk.objects.filter(pk=two["desk"].pk).update(blind=True)
    question = Question.objects.get(pk=two["question"].pk)
    say(question, make_source("Vera Visska"), 0.83)
    make_board("all")
    give(two["erin"], question, **YES)
    give(two["anna"], question, **NO)
    verdict = Verdict.objects.earliest("pk")
    shown = weigh(two["lena"], question, sides_with=str(verdict.pk), reason="Clear.").content.decode()
    assert "1 source is scored. This desk answers without seeing who said what" in shown
    assert "Vera Visska" not in shown
    decide(two["lena"], question, sides_with=str(verdict.pk), reason="Clear.")
    assert Verdict.objects.latest("pk").seen_blind


def test_the_leads_of_a_desk_read_how_its_editors_agree(two: dict[str, Any], sign_in: Any) -> None:
    address = reverse("admin:forecasts_desk_agreement", args=[two["desk"].pk])
    assert "How far two editors agree will appear here" in two["lena"].get(address).content.decode()
    give(two["erin"], two["question"], **YES)
    give(two["anna"], two["question"], **NO)
    shown = two["lena"].get(address).content.decode()
    assert "0 of 1 pair" in shown
    assert "awaiting the head of desk" in shown
    assert two["erin"].get(address).status_code == 403
    assert sign_in(Role.LEAD).get(address).status_code == 403  # The lead of another desk.


def test_a_lead_may_give_a_finding_of_their_own(two: dict[str, Any]) -> None:
    question = two["question"]
    give(two["erin"], question, **YES)
    give(two["anna"], question, **NO)
    own = {"sides_with": "own", "answer": "void", "void_reason": "ambiguous", "reason": "Both hold."}
    assert "Give an address" in send(two["lena"], question, **own, _weigh="").content.decode()
    evidence = {"evidence_url": "https://example.org", "evidence_quote": "Sleet."}
    assert decide(two["lena"], question, **own, **evidence).status_code == 302
    assert Resolution.objects.get().void_reason == "ambiguous"


def test_the_verdict_list_keeps_the_first_from_the_second(two: dict[str, Any]) -> None:
    give(two["erin"], two["question"], **YES)
    verdict = Verdict.objects.get()
    changelist = reverse("admin:forecasts_verdict_changelist")
    own_page = reverse("admin:forecasts_verdict_change", args=[verdict.pk])
    assert two["erin"].get(own_page).status_code == 200
    for unswayed in ("anna", "lena"):
        assert two[unswayed].get(own_page).status_code == 302
        assert two[unswayed].get(changelist).context["cl"].result_count == 0


def test_a_dispute_is_upheld_or_overturned(sign_in: Callable[..., Client], desk: Desk) -> None:
    lead, question = sign_in(Role.LEAD), make_question(desk=desk)
    resolve(question)
    raised = {"reason": "Retracted.", "raised_by": "Testa Testsson", "contact": "testa@example.org"}
    assert send(lead, question, **raised, _dispute="").status_code == 302
    shown = html(lead, question)
    assert "testa@example.org" in shown
    assert "Change the answer" in shown
    dispute = Dispute.objects.get()
    upheld = send(lead, question, dispute=str(dispute.pk), reason="Another report.", _uphold="")
    assert upheld.status_code == 302
    assert "Another report." in html(lead, question)

    send(lead, question, reason="Retracted after all.", _dispute="")
    assert "Say what the answer is" not in html(lead, question)
    missing = send(lead, question, answer="outcome", reason="Right.", _overturn="").content.decode()
    assert "Say whether it happened" in missing
    assert send(lead, question, **NO, reason="Retracted.", _overturn="").status_code == 302
    assert [each.method for each in Resolution.objects.order_by("pk")] == ["single", "overturned"]
    assert not Dispute.objects.open().exists()


def test_a_source_replies(editor: Client, desk: Desk) -> None:
    question, source = make_question(desk=desk), make_source()
    say(question, source, 0.7)
    make_source("Somebody Else")
    assert "Somebody Else" not in html(editor, question)
    given = {"source": str(source.pk), "text": "I meant the north.", "replied_on": "2020-01-02"}
    assert send(editor, question, **given, _reply="").status_code == 302
    assert Reply.objects.get().text == "I meant the north."
    assert "I meant the north." in html(editor, question)


def test_an_editor_declares_a_tie_and_answers_no_more(sign_in: Callable[..., Client], desk: Desk) -> None:
    editor, question, source = sign_in(Role.EDITOR), make_question(desk=desk), make_source()
    say(question, source, 0.7)
    add = reverse("admin:forecasts_tie_add")
    given = {"source": source.pk, "since": "2019-01-01", "note": "Sister."}
    assert "in the future" in editor.post(add, {**given, "since": "2999-01-01"}).content.decode()
    editor.post(add, {**given, "user": make_user("other").pk})
    tie = Tie.objects.get()
    assert (tie.user.username, tie.declared_by) == (Role.EDITOR, tie.user)
    assert "is already declared" in editor.post(add, given).content.decode()

    assert "You have a conflict of interest with a source" in html(editor, question)
    assert (
        "a conflict of interest with a source" in send(editor, question, **YES, _preview="").content.decode()
    )
    assert not Verdict.objects.exists()
    delete = reverse("admin:forecasts_tie_delete", args=[tie.pk])
    assert editor.post(delete, {"post": "yes"}).status_code == 403
    lead = sign_in(Role.LEAD)
    assigned = send(lead, question, assignee=str(tie.user_id), _assign="").content.decode()
    assert "has a conflict of interest with a source" in assigned
    lead.post(delete, {"post": "yes"})
    assert not Tie.objects.exists()


def test_a_blind_desk_hides_statements_and_replies_too(sign_in: Callable[..., Client]) -> None:
    desk = make_desk("blind", blind=True)
    editor, question = sign_in(Role.EDITOR, on=desk), make_question(desk=desk)
    statement = accepted_statement()
    issue_forecast(
        question=question,
        source=statement.speaker,
        reading=Reading.stated(0.8),
        statement=statement,
        stated_at=statement.stated_at,
        now=NOW,
    )
    own_page = reverse("admin:forecasts_statement_change", args=[statement.pk])
    changelist = reverse("admin:forecasts_statement_changelist")
    decisions = reverse("admin:forecasts_decision_changelist")
    for hidden in (own_page, changelist, page(question), decisions):
        assert statement.quote not in editor.get(hidden).content.decode()
        assert "Testa Testsson" not in editor.get(hidden).content.decode()
    document = reverse("admin:forecasts_document_change", args=[statement.document_id])
    assert own_page not in editor.get(document).content.decode()
    give(editor, question, **YES)
    assert Verdict.objects.get().seen_blind
    for shown in (own_page, changelist, decisions):
        assert statement.quote in editor.get(shown).content.decode()


def test_what_one_put_on_the_record_oneself_is_not_hidden_and_the_verdict_not_blind(
    sign_in: Callable[..., Client],
) -> None:
    desk = make_desk("blind", blind=True)
    editor, question = sign_in(Role.EDITOR, on=desk), make_question(desk=desk)
    forecast = say(question, make_source(), 0.83, by=User.objects.get(username=Role.EDITOR))
    own_page = reverse("admin:forecasts_forecast_change", args=[forecast.pk])
    assert "Testa Testsson" in editor.get(own_page).content.decode()
    assert "Testa Testsson" not in html(editor, question)
    give(editor, question, **YES)
    assert not Verdict.objects.get().seen_blind


def test_a_date_answers_a_ladder_and_its_page_names_the_others(editor: Client, desk: Desk) -> None:
    event = Event.objects.create(slug="snow", name="Snow", ladder=True)
    march, june = (
        make_question(f"Snow by {on:%B}?", on=on, desk=desk, event=event)
        for on in (date(2020, 3, 31), date(2020, 6, 30))
    )
    assert "Snow by June?" in html(editor, march)
    give(editor, june, **{**YES, "occurred_on": "2020-05-05"})
    assert {each.question_id: each.outcome for each in Resolution.objects.all()} == {june.pk: 1, march.pk: 0}


def test_the_whole_text_is_kept_with_its_hash_and_the_date_to_its_granularity(
    editor: Client, desk: Desk
) -> None:
    question = make_question(desk=desk)
    text = "Snow fell in March.\r\nMuch of it."
    give(editor, question, **YES, evidence_text=text, occurred_granularity="month")
    kept, verdict = Evidence.objects.get(), Verdict.objects.get()
    assert kept.text == "Snow fell in March.\nMuch of it."
    assert len(kept.sha256) == 64
    assert (verdict.answer, verdict.occurred_granularity) == (Answer.OUTCOME, "month")


def test_a_lead_of_one_desk_is_a_viewer_on_another(sign_in: Callable[..., Client], desk: Desk) -> None:
    lead, other = sign_in(Role.LEAD), make_desk("sport")
    question = make_question(desk=other)
    for button in ("_preview", "_resolve", "_adjudicate", "_move", "_assign", "_dispute"):
        assert send(lead, question, **{button: ""}).status_code == 403
    assert 'name="_' not in html(lead, question)
    edit = reverse("admin:forecasts_desk_change", args=[other.pk])
    assert lead.post(edit, {"name": "Mine now"}).status_code == 403
    assert lead.get(reverse("admin:forecasts_desk_change", args=[desk.pk])).status_code == 200
    assert User.objects.filter(memberships__desk=other).count() == 0
