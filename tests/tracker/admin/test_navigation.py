"""The side bar: where one is."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from tracker.admin.kit.navigation import sidebar


@pytest.mark.parametrize(
    ("page", "entries"),
    [
        ("admin:forecasts_question_queue", set()),
        ("admin:forecasts_question_changelist", {"Questions"}),
        ("admin:forecasts_reminder_mine", set()),
        ("admin:forecasts_reminder_changelist", {"Reminders"}),
    ],
)
def test_a_page_with_an_entry_of_its_own_does_not_light_up_the_one_above_it(
    page: str, entries: set[str]
) -> None:
    request = RequestFactory().get(reverse(page))
    items = [item for group in sidebar(request) for item in group["items"] if "active" in item]
    assert {str(item["title"]) for item in items if item["active"](request)} == entries
