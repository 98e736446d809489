"""From an article to a ranking through the API alone, and what each step refuses."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from forecasts.models import Desk, Document, Forecast, Question, Source, Statement
from forecasts.record.reads import ledger
from tests.tracker.api.bodies import DOCUMENT, EVIDENCE, QUESTION, REASON, TEXT

QUOTE = "Snön faller före jul"
PAST = {**QUESTION, "slug": "snow-2025", "deadline": {"on": "2025-12-24", "zone": "Europe/Stockholm"}}


class Poster:
    """Posts, and says what went wrong where something did."""

    def __init__(self, client: APIClient) -> None:
        self.client = client

    def __call__(self, path: str, status: int = 201, **body: Any) -> dict[str, Any]:
        response = self.client.post(f"/api/v1/{path}", body, format="json")
        assert response.status_code == status, response.content
        answered: dict[str, Any] = response.json()
        return answered


@pytest.fixture
def post(editor: APIClient) -> Poster:
    return Poster(editor)


@pytest.fixture
def statement(post: Poster) -> dict[str, Any]:
    """An accepted statement by a new source."""
    post("sources/", name="Testa Testsson", kind="person", slug="testa")
    document = post("documents/", **DOCUMENT)
    start = TEXT.index(QUOTE)
    draft = post(
        "statements/", document=document["id"], start=start, end=start + len(QUOTE), quote=QUOTE,
        directness="direct", stated_at=DOCUMENT["published_at"], speaker="testa",
    )  # fmt: skip
    assert draft["status"] == "draft"
    return post(f"statements/{draft['id']}/accept/", 200, **REASON)


def test_from_article_to_ranking(post: Poster, statement: dict[str, Any], public: APIClient) -> None:
    assert (statement["status"], statement["decisions"][0]["reason"]) == ("accepted", REASON["reason"])
    question = post("questions/", **PAST)
    assert (question["state"], question["deadline"]["at"]) == ("due", "2025-12-24T23:00:00Z")
    forecast = post(
        "forecasts/", question="snow-2025", source="testa", statement=statement["id"],
        term={"scale": "house", "phrase": "Är på väg", "language": "sv"}, stated_at=DOCUMENT["published_at"],
    )  # fmt: skip
    assert (forecast["probability"], forecast["probability_imputed"]) == (0.95, True)
    assert (forecast["quote"], forecast["stated_at"]) == (QUOTE, "2025-11-01T05:00:00Z")
    answered = post(
        "questions/snow-2025/verdicts/", answer="outcome", outcome=1,
        occurred_at="2025-12-01T00:00:00Z", evidence=EVIDENCE,
    )  # fmt: skip
    assert answered["resolution"]["method"] == "single"
    assert answered["verdict"]["evidence"][0]["quote"] == EVIDENCE[0]["quote"]
    rows = {row["slug"]: row for row in public.get("/api/v1/boards/all/standings/").json()["rows"]}
    assert (rows["testa"]["rank"], rows["testa"]["brier"]) == (1, 0.0025)
    assert ledger.verify() is None
    assert Question.objects.get(slug="snow-2025").recorded_by.username == "editor"


def test_a_document_is_captured_once_to_the_last_code_point(post: Poster) -> None:
    text = "  Två tecken: e\u0301 och \U0001f600.\r\n\n"
    first = post("documents/", **{**DOCUMENT, "text": text})
    again = post("documents/", 200, **{**DOCUMENT, "text": text, "title": "Another title"})
    assert again == first
    assert Document.objects.get(key=first["id"]).text == text
    assert post("documents/", **{**DOCUMENT, "text": text + " "})["id"] != first["id"]


def test_words_that_do_not_stand_there_are_refused(post: Poster) -> None:
    document = post("documents/", **DOCUMENT)
    given = {"document": document["id"], "directness": "direct", "stated_at": DOCUMENT["published_at"]}
    problem = post("statements/", 422, **given, start=0, end=4, quote="snön")
    assert problem["errors"][0]["field"] == "quote"
    assert "Snön" in problem["detail"]
    post("statements/", **given, start=0, end=4, quote="Snön")
    post("statements/", 409, **given, start=0, end=4, quote="Snön")


def test_a_draft_is_amended_until_it_is_accepted(post: Poster, statement: dict[str, Any]) -> None:
    path = f"statements/{statement['id']}/amend/"
    assert post(path, 409, claim="It will snow.")["errors"][0]["field"] == "status"
    rejected = Statement.objects.filter(status="rejected").first()
    amended = post(f"statements/{rejected.key}/amend/", 200, claim="Ours.", speaker="testa")
    assert (amended["claim"], amended["speaker"]["slug"]) == ("Ours.", "testa")
    assert amended["quote"] == rejected.quote


def test_a_draft_without_a_speaker_is_not_accepted_and_no_reason_is_no_decision(post: Poster) -> None:
    rejected = Statement.objects.filter(status="rejected", speaker=None).first()
    assert post(f"statements/{rejected.key}/accept/", 409, **REASON)["errors"][0]["field"] == "speaker"
    assert post(f"statements/{rejected.key}/accept/", 400, reason=" ")["errors"][0]["field"] == "reason"


def test_a_forecast_is_revised_withdrawn_and_corrected_without_losing_a_row(post: Poster) -> None:
    post("questions/", **PAST)
    said = {"question": "snow-2025", "source": "us-military"}
    first = post("forecasts/", **said, probability=0.6, stated_at="2025-11-02T00:00:00Z")
    assert (first["probability_low"], first["probability_imputed"], first["term"]) == (None, False, None)
    revised = post(f"forecasts/{first['id']}/revise/", probability=0.8, stated_at="2025-11-03T00:00:00Z")
    right = post(f"forecasts/{revised['id']}/correct/", probability=0.7, note="It said 70.")
    assert (right["correction_of"], right["stated_at"]) == (revised["id"], revised["stated_at"])
    post(f"forecasts/{revised['id']}/correct/", 409, probability=0.7, note="Again.")
    taken_back = {"source": "us-military", "stated_at": "2025-11-04T00:00:00Z", "note": "On the radio."}
    gone = post("questions/snow-2025/withdrawals/", **taken_back)
    assert (gone["withdrawn"], gone["probability"]) == (True, None)
    after = {"probability": 0.9, "stated_at": "2025-11-05T00:00:00Z"}
    assert "Record one first" in post(f"forecasts/{first['id']}/revise/", 409, **after)["detail"]
    assert Forecast.objects.filter(question__slug="snow-2025").count() == 4
    assert ledger.verify() is None


def test_a_forecast_on_a_draft_is_refused(post: Poster, statement: dict[str, Any]) -> None:
    Statement.objects.filter(key=statement["id"]).update(status="draft")
    problem = post(
        "forecasts/", 409, question="is-attacks-elsewhere-2018", source="testa", statement=statement["id"],
        probability=0.5, stated_at="2025-11-01T06:00:00Z",
    )  # fmt: skip
    assert problem["errors"][0]["field"] == "statement"


def test_two_verdicts_are_given_unswayed(post: Poster, editor: APIClient, lead: APIClient) -> None:
    """Where a desk asks for two, the first is seen by its editor alone; two that agree resolve at once."""
    Desk.objects.update(verdicts_required=2)
    path = "questions/is-attacks-elsewhere-2018/verdicts/"
    given = {"answer": "outcome", "outcome": 0, "occurred_at": "2018-08-31T00:00:00Z", "evidence": EVIDENCE}
    first = Poster(lead)(path, **given)
    assert first["resolution"] is None
    assert lead.get(f"/api/v1/{path}").json() == [first["verdict"]]
    assert editor.get(f"/api/v1/{path}").json() == []
    second = post(path, **given)
    assert second["resolution"]["method"] == "agreed"
    pair = [first["verdict"]["id"], second["verdict"]["id"]]
    assert [each["id"] for each in editor.get(f"/api/v1/{path}").json()] == pair
    post("questions/is-attacks-elsewhere-2018/resolve/", 409, verdicts=pair)


def test_too_early_leaves_the_question_due(post: Poster, public: APIClient) -> None:
    path = "questions/is-attacks-elsewhere-2018/"
    answered = post(f"{path}verdicts/", answer="too_early", check_again_on="2999-01-01")
    assert answered["resolution"] is None
    assert public.get(f"/api/v1/{path}").json()["state"] == "due"
    assert public.get(f"/api/v1/{path}verdicts/").json() == []
    assert post(f"{path}verdicts/", 422, answer="too_early", check_again_on="2020-01-01")["errors"]


def test_void_scores_nothing_and_reopening_supersedes(post: Poster, lead: APIClient) -> None:
    path = "questions/is-attacks-elsewhere-2018/"
    voided = post(f"{path}void/", reason="ambiguous", note="By which count?", evidence=EVIDENCE)
    assert voided["resolution"]["void_reason"] == "ambiguous"
    assert lead.get(f"/api/v1/{path}").json()["state"] == "void"
    post(f"{path}void/", 409, reason="ambiguous", note="Again.", evidence=EVIDENCE)
    reopened = Poster(lead)(f"{path}reopen/", 200, **REASON)
    assert (reopened["state"], reopened["answer"]) == ("due", None)
    Poster(lead)(f"{path}reopen/", 409, **REASON)
    told = lead.get("/api/v1/resolutions/?question=is-attacks-elsewhere-2018&in_force=true").json()["results"]
    assert [each["answer"] for each in told] == ["reopened"]


def test_a_deadline_moves_and_keeps_where_it_was(lead: APIClient) -> None:
    path, post = "questions/is-attacks-elsewhere-2018/", Poster(lead)
    was = lead.get(f"/api/v1/{path}").json()["deadline"]
    new = {"on": "2099-05-01", "granularity": "quarter", "zone": "Europe/Stockholm", "rule": "before"}
    moved = post(f"{path}deadline/", 200, deadline=new, **REASON)
    assert moved["deadline"]["at"] == "2099-03-31T22:00:00Z"
    assert moved["state"] == "open"
    assert moved["deadline_moves"][0]["moved_from"]["on"] == was["on"]
    assert moved["deadline_moves"][0]["reason"] == REASON["reason"]
    assert post(f"{path}deadline/", 409, deadline=new, **REASON)["errors"][0]["field"] == "deadline.on"
    imputed = {**new, "on": "2099-08-01", "imputed": True}
    refused = post(f"{path}deadline/", 422, deadline=imputed, **REASON)
    assert refused["errors"][0]["field"] == "deadline.reason"


def test_merged_sources_count_as_one(lead: APIClient, public: APIClient) -> None:
    merged = Poster(lead)("sources/ludovico-carlino/merge/", 200, into="fabrice-balanche", **REASON)
    assert merged["merged_into"] == "fabrice-balanche"
    listed = [each["slug"] for each in public.get("/api/v1/sources/").json()["results"]]
    assert "ludovico-carlino" not in listed
    rows = {row["slug"]: row for row in public.get("/api/v1/boards/all/standings/").json()["rows"]}
    assert (rows["fabrice-balanche"]["n"], "ludovico-carlino" in rows) == (2, False)
    said = public.get("/api/v1/forecasts/?source=ludovico-carlino").json()["results"][0]
    assert said["source"]["counts_as"] == "fabrice-balanche"
    Poster(lead)("sources/ludovico-carlino/merge/", 409, into="us-military", **REASON)


def test_refused_writes_leave_the_ledger_where_it_was(post: Poster) -> None:
    head, sources = ledger.head(), Source.objects.count()
    post("forecasts/", 400, question="nonsense")
    post("questions/raqqa-falls-2017/void/", 409, reason="ambiguous", note="No.", evidence=EVIDENCE)
    post("sources/", 400, name="X", kind="oracle")
    assert (ledger.head(), Source.objects.count()) == (head, sources)
