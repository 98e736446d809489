"""What each noun is read as: the seed's record through every list, filter and page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from forecasts.models import Document, Statement
from forecasts.questions.values.readings import Reading
from forecasts.questions.writes.forecasts import correct_forecast
from forecasts.sources.writes import add_source
from tests.tracker.api.conftest import LOADED

LISTS = {
    "sources": 5,
    "documents": 1,
    "statements": 8,
    "questions": 6,
    "forecasts": 8,
    "resolutions": 5,
    "boards": 2,
    "standings": 0,
    "scales": 9,
    "topics": 3,
    "events": 6,
    # 45 of what was said and answered, 14 of what was made public: 6 questions and 8 statements.
    "ledger/entries": 59,
}


def rows(client: APIClient, path: str) -> list[dict[str, Any]]:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def test_the_root_lists_addresses_that_all_answer(editor: APIClient) -> None:
    addresses = editor.get("/api/v1/").json()
    assert {noun for noun in LISTS if "/" not in noun} <= set(addresses)
    for name, address in addresses.items():
        allowed = {405} if name == "token" else {200}
        assert editor.get(address).status_code in allowed, name


@pytest.mark.parametrize(("noun", "count"), LISTS.items())
def test_a_list_has_the_seeds_rows_page_by_page(noun: str, count: int, public: APIClient) -> None:
    whole = public.get(f"/api/v1/{noun}/").json()
    assert (whole["count"], whole["previous"]) == (count, None)
    seen, address = [], f"/api/v1/{noun}/?page_size=2"
    while address:
        page = public.get(address).json()
        assert len(page["results"]) <= 2
        seen += page["results"]
        address = page["next"]
    assert seen == (whole["results"] if count <= 50 else seen)
    assert len(seen) == count


@pytest.mark.parametrize(("noun", "count"), [row for row in LISTS.items() if row[1] > 1])
@pytest.mark.parametrize("role", [None, "viewer"])
def test_more_rows_cost_no_more_queries(
    noun: str, count: int, role: str | None, signed_in: Callable[[str | None], APIClient]
) -> None:
    client = signed_in(role)
    counts = []
    for size in (count // 2, 200):
        with CaptureQueriesContext(connection) as queries:
            rows(client, f"{noun}/?page_size={size}")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page_size=200", 200),
        ("page_size=201", 400),
        ("page_size=0", 400),
        ("page_size=1&page=59", 200),
        ("page_size=1&page=60", 404),
    ],
)
def test_a_page_has_200_rows_at_most(query: str, status: int, public: APIClient) -> None:
    assert public.get(f"/api/v1/ledger/entries/?{query}").status_code == status


def test_the_words_stand_where_the_offsets_say(public: APIClient, viewer: APIClient) -> None:
    address = f"/api/v1/documents/{Document.objects.get().key}/"
    text, told = viewer.get(address).json()["text"], public.get(address).json()
    assert told["text"] is None
    for each in rows(public, "statements/"):
        assert text[each["start"] : each["end"]] == each["quote"]
        assert any(
            excerpt["text"][each["start"] - excerpt["start"] :].startswith(each["quote"])
            for excerpt in told["excerpts"]
            if excerpt["start"] <= each["start"] < excerpt["end"]
        )


def test_drafts_and_rejected_statements_are_for_the_desk_with_reasons(
    public: APIClient, viewer: APIClient
) -> None:
    assert {each["status"] for each in rows(public, "statements/")} == {"accepted"}
    assert {each["decisions"] is None for each in rows(public, "statements/")} == {True}
    assert rows(public, "statements/?status=rejected") == []
    rejected = rows(viewer, "statements/?status=rejected")
    assert len(rejected) == Statement.objects.filter(status="rejected").count() > 0
    assert all(each["decisions"][-1]["reason"] for each in rejected)


def test_a_document_without_public_words_is_for_the_desk(public: APIClient, lead: APIClient) -> None:
    address = f"/api/v1/documents/{Document.objects.get().key}/unpublish/"
    assert lead.post(address, {"reason": "Embargoed."}, format="json").status_code == 200
    assert rows(public, "documents/") == []
    assert len(rows(lead, "documents/")) == 1


def test_a_source_known_from_drafts_alone_is_for_the_desk(public: APIClient, viewer: APIClient) -> None:
    add_source(name="Testa Testsson", kind="person", by=None, now=LOADED)
    assert "testa-testsson" not in {each["slug"] for each in rows(public, "sources/")}
    assert public.get("/api/v1/sources/testa-testsson/").status_code == 404
    assert viewer.get("/api/v1/sources/testa-testsson/").status_code == 200


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("state=due", {"is-attacks-elsewhere-2018"}),
        ("state=open", set()),
        ("topic=terrorism", {"is-attacks-elsewhere-2018"}),
        ("event=raqqa-2017", {"raqqa-falls-2017"}),
        ("search=RAQQA&state=resolved&due_before=2018-06-01T00:00:00Z", {"raqqa-falls-2017"}),
        ("due_after=2018-01-01T00:00:00Z&due_before=2018-01-01T00:00:01Z", set()),
        ("due_after=2017-12-31T23:00:00Z&due_before=2017-12-31T23:00:01Z&search=raqqa", {"raqqa-falls-2017"}),
    ],
)
def test_questions_are_filtered(query: str, slugs: set[str], public: APIClient) -> None:
    assert {each["slug"] for each in rows(public, f"questions/?{query}")} == slugs


def test_the_states_share_out_the_questions(public: APIClient) -> None:
    states = ("open", "due", "resolved", "void")
    by_state = {state: rows(public, f"questions/?state={state}") for state in states}
    assert {state: len(found) for state, found in by_state.items()} == {
        "open": 0, "due": 1, "resolved": 3, "void": 2,
    }  # fmt: skip
    for state, found in by_state.items():
        assert {each["state"] for each in found} <= {state}
        assert all((each["answer"] is not None) == (state in {"resolved", "void"}) for each in found)


def test_questions_are_ordered_as_asked(public: APIClient) -> None:
    ends = [each["deadline"]["at"] for each in rows(public, "questions/?ordering=-deadline")]
    assert ends == sorted(ends, reverse=True)
    assert ends != sorted(ends)


def test_forecasts_are_filtered(public: APIClient) -> None:
    assert len(rows(public, "forecasts/?question=raqqa-falls-2017")) == 3
    assert len(rows(public, "forecasts/?source=fabrice-balanche")) == 2
    assert rows(public, "forecasts/?imputed=false") == []
    everything = rows(public, "forecasts/?ordering=-stated_at")
    latest = everything[0]["stated_at"]
    later = rows(public, f"forecasts/?stated_after={latest}")
    earlier = rows(public, f"forecasts/?stated_before={latest}")
    assert len(later) + len(earlier) == len(everything)
    assert {each["stated_at"] for each in later} == {latest}


def test_a_forecast_read_from_words_keeps_range_scale_and_quote(public: APIClient) -> None:
    found = rows(public, "forecasts/?source=fabrice-balanche&question=raqqa-falls-2017")[0]
    assert (found["probability_low"], found["probability"], found["probability_high"]) == (0.9, 0.95, 0.99)
    assert found["probability_imputed"] is True
    assert found["term"]["scale"] == "house"
    assert found["quote"] == "Förlusten av Raqqa är på väg."
    assert found["deadline"]["at"] == "2017-12-31T23:00:00Z"


def test_as_of_reads_the_record_as_it_was(public: APIClient) -> None:
    first = rows(public, "forecasts/?source=ludovico-carlino")[0]
    right = correct_forecast(
        forecast=Document.objects.get().statements.get(forecasts__key=first["id"]).forecasts.get(),
        reading=Reading.stated(0.8), note="Misread.", now=LOADED + timedelta(days=7),
    )  # fmt: skip
    assert [each["id"] for each in rows(public, "forecasts/?source=ludovico-carlino")] == [str(right.key)]
    then = rows(public, "forecasts/?source=ludovico-carlino&as_of=2026-01-08")
    assert [each["id"] for each in then] == [first["id"]]
    assert rows(public, "forecasts/?as_of=2026-01-04") == []
    wrong = public.get(f"/api/v1/forecasts/{first['id']}/").json()
    assert wrong["corrected_by"] == str(right.key)


def test_resolutions_show_their_evidence(public: APIClient) -> None:
    found = rows(public, "resolutions/?question=raqqa-falls-2017")[0]
    assert (found["answer"], found["outcome"], found["superseded_by"]) == ("outcome", 1.0, None)
    assert found["occurred_at"] == "2017-10-17T00:00:00Z"
    evidence = found["verdicts"][0]["evidence"]
    assert len(evidence) >= 1
    assert all(each["url"].startswith("https://") and each["quote"] for each in evidence)
    assert len(rows(public, "resolutions/?answer=void")) == 2


def test_the_ledgers_head_is_its_last_entry(public: APIClient) -> None:
    head = public.get("/api/v1/ledger/").json()
    last = rows(public, "ledger/entries/?ordering=-sequence&page_size=1")[0]
    assert head == {"sequence": last["sequence"], "sha256": last["sha256"]}
    before = public.get(f"/api/v1/ledger/entries/{last['sequence'] - 1}/").json()
    assert last["previous_sha256"] == before["sha256"]


def test_nobody_outside_learns_who_is_on_a_question(public: APIClient, editor: APIClient) -> None:
    given = {"assignee": "editor"}
    path = "/api/v1/questions/is-attacks-elsewhere-2018/"
    assert editor.post(f"{path}assign/", given, format="json").json()["assignee"] == "editor"
    assert public.get(path).json()["assignee"] is None
