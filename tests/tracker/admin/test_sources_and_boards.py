"""Sources with their merge, forecasts with their rows, and boards with their preview."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from forecasts.models import Board, Forecast, Merge, Role, Source
from forecasts.questions.values.readings import Quantiles
from tests.records import make_question, make_source, resolve, say

EMPTY_ROWS = {
    f"{rows}-{name}": "0" for rows in ("aliases", "affiliations") for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}
BOARD = {
    "name": "Persons",
    "slug": "persons",
    "rule": "brier",
    "reference": "uninformed",
    "estimator": "raw",
    "minimum_n": "1",
    "window": "all",
    "public": "on",
}


def test_a_source_is_added_with_its_names(editor: Client) -> None:
    rows = {**EMPTY_ROWS, "aliases-TOTAL_FORMS": "1", "aliases-0-name": "A. Andersson"}
    editor.post(reverse("admin:forecasts_source_add"), {"name": "Anna Andersson", "kind": "person", **rows})
    source = Source.objects.get()
    assert (source.slug, source.aliases.get().name) == ("anna-andersson", "A. Andersson")
    assert source.created_at is not None


def test_a_merge_shows_what_counts_elsewhere_before_it_is_recorded(sign_in: Callable[..., Client]) -> None:
    lead, stays, twin = sign_in(Role.LEAD), make_source("Anna"), make_source("A.")
    say(make_question(), twin, 0.7)
    address = reverse("admin:forecasts_source_merge", args=[twin.pk])
    given = {"into": stays.pk, "reason": "Same portrait, same employer."}

    previewed = lead.post(address, {**given, "_preview": ""})
    assert previewed.context["moves"]["forecasts"] == 1
    assert not Merge.objects.exists()

    lead.post(address, {**given, "_merge": ""})
    twin.refresh_from_db()
    assert twin.merged_into == stays
    assert Merge.objects.get().recorded_by.username == Role.LEAD


@pytest.mark.parametrize(("into", "reason", "field"), [("self", "Same.", "into"), ("other", "", "reason")])
def test_a_merge_that_cannot_be_is_refused_at_its_field(
    sign_in: Callable[..., Client], into: str, reason: str, field: str
) -> None:
    sources = {"self": make_source("Anna"), "other": make_source("Bo")}
    address = reverse("admin:forecasts_source_merge", args=[sources["self"].pk])
    response = sign_in(Role.LEAD).post(address, {"into": sources[into].pk, "reason": reason, "_merge": ""})
    assert list(response.context["form"].errors) == [field]
    assert not Merge.objects.exists()


@pytest.mark.parametrize(
    ("button", "given", "expected"),
    [
        ("_revise", {"probability": "0.4", "stated_on": "2019-12-20"}, {"probability": 0.4}),
        ("_withdraw", {"stated_on": "2019-12-20", "note": "In a letter."}, {"withdrawn": True}),
        (
            "_correct",
            {"probability": "0.6", "stated_on": "2019-12-12", "note": "Misread."},
            {"probability": 0.6},
        ),
    ],
)
def test_a_change_of_a_forecast_is_a_row_of_its_own(
    editor: Client, button: str, given: dict[str, str], expected: dict[str, Any]
) -> None:
    first = say(make_question(), make_source(), 0.7)
    address = reverse("admin:forecasts_forecast_change", args=[first.pk])
    refused = editor.post(address, {"stated_on": "2999-01-01", "probability": "", button: ""})
    assert refused.status_code == 200
    assert Forecast.objects.count() == 1

    editor.post(address, {**given, button: ""})
    last = Forecast.objects.order_by("-pk").first()
    assert {name: getattr(last, name) for name in expected} == expected
    assert last.correction_of_id == (first.pk if button == "_correct" else None)
    first.refresh_from_db()
    assert first.probability == 0.7


def test_a_board_keeps_its_filter_from_the_fields(sign_in: Callable[..., Client]) -> None:
    administrator = sign_in(Role.ADMINISTRATOR)
    given = {**BOARD, "source_kinds": ["person", "model"], "stated_only": "on"}
    administrator.post(reverse("admin:forecasts_board_add"), given)

    board = Board.objects.get()
    assert board.filter == {"source_kinds": ["person", "model"], "stated_only": True}
    html = administrator.get(reverse("admin:forecasts_board_change", args=[board.pk])).content.decode()
    assert html.count("checked") >= 4


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"window": "rolling"}, "window_days"),
        ({"window": "between", "window_from": "2020-02-01", "window_to": "2020-01-01"}, "window_to"),
        ({"source_kinds": ["prophet"]}, "source_kinds"),
        ({"minimum_n": "0"}, "minimum_n"),
        ({"rule": "crps"}, "unit"),
    ],
)
def test_a_board_that_cannot_be_counted_is_refused(
    sign_in: Callable[..., Client], given: dict[str, Any], field: str
) -> None:
    response = sign_in(Role.ADMINISTRATOR).post(reverse("admin:forecasts_board_add"), {**BOARD, **given})
    assert field in response.context["adminform"].form.errors
    assert not Board.objects.exists()


def test_a_board_by_crps_is_of_one_unit_and_previewed_in_it(sign_in: Callable[..., Client]) -> None:
    administrator = sign_in(Role.ADMINISTRATOR)
    question = make_question(kind="number", unit="people")
    say(question, make_source("Anna"), 0, reading=Quantiles.point(1250))
    resolve(question, outcome=2500)
    given = {**BOARD, "rule": "crps", "unit": "people"}
    rows = administrator.post(reverse("admin:forecasts_board_preview"), given).context_data["rows"]
    assert [(row["source"], row["score"]) for row in rows] == [("Anna", "1,250")]
    administrator.post(reverse("admin:forecasts_board_add"), given)
    assert Board.objects.get().filter == {"unit": "people"}


def test_the_preview_of_a_board_counts_without_saving(sign_in: Callable[..., Client]) -> None:
    question = make_question()
    say(question, make_source("Anna"), 0.8)
    say(question, make_source("The Daily", kind="outlet"), 0.9)
    resolve(question)
    response = sign_in(Role.ADMINISTRATOR).post(
        reverse("admin:forecasts_board_preview"),
        {**BOARD, "name": "", "slug": "", "source_kinds": ["person"]},
    )
    assert [(row["source"], row["score"], row["n"]) for row in response.context_data["rows"]] == [
        ("Anna", "0.040", 1)
    ]
    assert not Board.objects.exists()
