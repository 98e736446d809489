"""The desk's work through the API: two verdicts, disputes, replies, ties, the queue, blindness."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from forecasts.models import Desk, Forecast, Membership, Question, Role
from forecasts.questions.writes.publishing import take_back_question
from tests.records import make_source, say
from tests.tracker.api.bodies import EVIDENCE, REASON
from tests.tracker.api.conftest import LOADED

OPEN = "is-attacks-elsewhere-2018"
RESOLVED = "raqqa-falls-2017"
YES = {"answer": "outcome", "outcome": 1, "occurred_at": "2018-08-01T00:00:00Z", "evidence": EVIDENCE}
NO = {"answer": "outcome", "outcome": 0, "occurred_at": "2018-08-31T00:00:00Z", "evidence": EVIDENCE}
Client = Callable[[str | None], APIClient]


def sent(client: APIClient, path: str, body: Any, status: int = 201) -> Any:
    response = client.post(f"/api/v1/{path}", body, format="json")
    assert response.status_code == status, response.content
    return response.json()


def read(client: APIClient, path: str, status: int = 200) -> Any:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == status, response.content
    return response.json()


@pytest.fixture
def second(signed_in: Client) -> APIClient:
    """Another editor of the desk."""
    client = signed_in(None)
    user = User.objects.create_user("second")
    Membership.objects.create(desk=Desk.objects.get(slug="foreign"), user=user, role=Role.EDITOR)
    client.force_authenticate(user)
    return client


def test_two_that_differ_go_to_a_lead_who_sees_both(
    editor: APIClient, second: APIClient, lead: APIClient, public: APIClient
) -> None:
    Desk.objects.update(verdicts_required=2)
    path = f"questions/{OPEN}/"
    first = sent(editor, f"{path}verdicts/", YES)["verdict"]["id"]
    assert read(lead, f"{path}verdicts/") == []
    other = sent(second, f"{path}verdicts/", NO)["verdict"]["id"]
    assert [each["id"] for each in read(second, f"{path}verdicts/")] == [other]
    assert [each["id"] for each in read(lead, f"{path}verdicts/")] == [first, other]
    assert read(lead, "queue/")["piles"]["adjudication"] == 1
    assert read(editor, "queue/")["piles"]["adjudication"] == 0
    assert [each["slug"] for each in read(lead, "queue/adjudication/")["results"]] == [OPEN]
    assert "The head of desk now decides" in sent(editor, f"{path}verdicts/", NO, 409)["detail"]

    weighed = sent(lead, f"{path}adjudicate/preview/", {"sides_with": other, **REASON}, 200)
    assert [(each["sides_with"], each["outcome_label"]) for each in weighed] == [
        (other, "no"),
        (first, "yes"),
    ]
    assert all(each["scored"] and each["boards"] for each in weighed)
    neither = sent(lead, f"{path}adjudicate/preview/", REASON, 409)
    assert "Side with one of the two verdicts" in neither["detail"]
    assert read(public, f"{path}verdicts/") == []  # Nothing was decided by looking.

    decided = sent(lead, f"{path}adjudicate/", {"sides_with": first, **REASON})
    assert (decided["resolution"]["method"], decided["resolution"]["outcome"]) == ("adjudicated", 1)
    assert len(decided["resolution"]["verdicts"]) == 3
    found = read(lead, "desks/foreign/agreement/")
    assert (found["n"], found["agreed"]) == (1, 0)
    told = {"question": OPEN, "first": "yes", "second": "no", "decided": "decided by the head of desk"}
    assert found["disagreements"] == [told]


def test_a_dispute_is_overturned_and_its_contact_stays_private(
    editor: APIClient, lead: APIClient, public: APIClient
) -> None:
    path = f"questions/{RESOLVED}/"
    who = {"raised_by": "Testa Testsson", "contact": "testa@example.org", **REASON}
    raised = sent(editor, f"{path}disputes/", who)
    assert (raised["state"], raised["contact"]) == ("open", "testa@example.org")
    assert read(public, f"{path}disputes/")[0]["contact"] is None
    shown = read(public, path)
    assert (shown["state"], shown["is_disputed"]) == ("resolved", True)
    void = {"answer": "void", "void_reason": "ambiguous", "evidence": EVIDENCE, **REASON}
    changed = sent(lead, f"{path}overturn/", void)["resolution"]
    assert (changed["method"], changed["note"]) == ("overturned", REASON["reason"])
    assert read(public, f"{path}disputes/")[0]["state"] == "overturned"
    shown = read(public, path)
    assert (shown["state"], shown["is_disputed"]) == ("void", False)


def test_a_dispute_of_another_question_is_not_upheld_here(editor: APIClient, lead: APIClient) -> None:
    raised = sent(editor, f"questions/{RESOLVED}/disputes/", REASON)
    body = {"dispute": raised["id"], **REASON}
    sent(lead, f"questions/{OPEN}/uphold/", body, 400)
    upheld = sent(lead, f"questions/{RESOLVED}/uphold/", body, 200)
    assert (upheld["state"], upheld["upheld_because"]) == ("upheld", REASON["reason"])


def test_who_is_tied_is_offered_nothing_and_refused(editor: APIClient, lead: APIClient) -> None:
    source = Forecast.objects.filter(question__slug=OPEN).first().source.slug
    tie = {"source": source, "since": "2017-01-01", "note": "Sister."}
    assert sent(editor, "ties/", {**tie, "user": "lead"}, 403)
    made = sent(editor, "ties/", tie)
    assert "a conflict of interest" in sent(editor, f"questions/{OPEN}/verdicts/", YES, 409)["detail"]
    assert OPEN not in {each["slug"] for each in read(editor, "queue/overdue/")["results"]}
    body = {"questions": [OPEN], "assignee": "editor"}
    assert "has a conflict of interest" in sent(lead, "queue/assign/", body, 422)["detail"]
    assert lead.delete(f"/api/v1/ties/{made['id']}/").status_code == 204
    sent(editor, f"questions/{OPEN}/verdicts/", YES)


def test_a_blind_desk_hides_who_said_what_until_the_verdict_is_in(
    editor: APIClient, viewer: APIClient, public: APIClient
) -> None:
    Desk.objects.update(blind=True)
    forecast = Forecast.objects.filter(question__slug=OPEN).exclude(statement=None).first()
    row, words = f"forecasts/{forecast.key}/", f"statements/{forecast.statement.key}/"

    def seen(client: APIClient) -> tuple[int, int]:
        forecasts = read(client, f"forecasts/?question={OPEN}")["count"]
        statements = [each["id"] for each in read(client, "statements/?page_size=200")["results"]]
        return forecasts, statements.count(str(forecast.statement.key))

    whole = seen(public)
    assert whole[0] > 0
    for client in (editor, viewer):
        assert seen(client) == (0, 0)
        assert "Hidden until you have given your verdict" in read(client, row, 403)["detail"]
        assert "Hidden until you have given your verdict" in read(client, words, 403)["detail"]
        assert (
            "Hidden until you have given your verdict"
            in read(client, f"questions/{OPEN}/replies/", 403)["detail"]
        )
    given = sent(editor, f"questions/{OPEN}/verdicts/", YES)
    assert given["verdict"]["seen_blind"]
    assert seen(editor) == whole
    assert read(editor, row)["id"] == str(forecast.key)


def test_an_editor_of_one_desk_is_a_viewer_on_another(lead: APIClient) -> None:
    other = Desk.objects.create(slug="sport", name="Sport")
    Question.objects.filter(slug=OPEN).update(desk=other)
    for path, body in {
        "verdicts/": YES,
        "deadline/": {"deadline": {"on": "2031-12-31", "zone": "UTC"}, **REASON},
        "assign/": {"assignee": None},
    }.items():
        assert "on the desk “Sport”" in sent(lead, f"questions/{OPEN}/{path}", body, 403)["detail"]
    assert read(lead, "desks/sport/agreement/", 403)
    assert sent(lead, "queue/assign/", {"questions": [OPEN], "assignee": None}, 403)


def test_a_source_replies_and_everybody_reads_it(editor: APIClient, public: APIClient) -> None:
    source = Forecast.objects.filter(question__slug=RESOLVED).first().source.slug
    reply = {"source": source, "text": "I meant the old town.", "replied_on": "2018-02-01"}
    sent(editor, f"questions/{RESOLVED}/replies/", reply)
    assert read(public, f"questions/{RESOLVED}/replies/")[0]["text"] == "I meant the old town."


@pytest.mark.parametrize("asked", ["?desk=nowhere", "?topic=nothing", "?assignee=ghost"])
def test_a_cut_that_names_nothing_is_refused(viewer: APIClient, asked: str) -> None:
    read(viewer, f"queue/{asked}", 400)


def test_there_are_only_the_piles_that_there_are(viewer: APIClient) -> None:
    read(viewer, "queue/soon/", 404)


def test_all_sources_combined_are_public_and_hidden_on_a_blind_desk(
    editor: APIClient, public: APIClient
) -> None:
    question = Question.objects.get(slug=OPEN)
    for name, probability in (("Synthetic one", 0.2), ("Synthetic other", 0.4)):
        say(question, make_source(name), probability, days=0, stated_at=question.opens_at, now=LOADED)
    path = f"questions/{OPEN}/crowd/"
    points = read(public, path)
    assert points
    assert all(0 <= each["median"] <= 1 and each["n"] >= 2 for each in points)
    Desk.objects.update(blind=True)
    assert "Hidden until you have given your verdict" in read(editor, path, 403)["detail"]
    Desk.objects.update(blind=False)
    take_back_question(question=question, reason="Synthetic.", by=None, now=LOADED)
    read(public, path, 404)
    assert read(editor, path) == []
