"""The desk's forms in a real browser: nobody is shut out, and nothing warns without a word."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse

from forecasts.models import Role, Turn
from tests.processes import Processes
from tests.records import make_desk, make_question, make_user
from tests.tracker.admin.test_permissions import address

SIZES = [{"width": 1440, "height": 900}, {"width": 390, "height": 844}]
NAMED = ("label", "select-name", "aria-input-field-name", "button-name")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_field_of_a_desk_has_a_name_and_no_field_warns(
    processes: Processes, open_page: Callable[..., Any]
) -> None:
    desk = make_desk()
    lena = make_user("lena", Role.LEAD, desk, is_staff=True)
    Turn.objects.create(desk=desk, user=lena, from_day=date(2026, 1, 5))
    client = Client()
    client.force_login(lena)
    site = processes.web().url
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": site,
    }
    supersede = reverse("admin:forecasts_question_supersede", args=[make_question(desk=desk).pk])
    pages = [address(desk), reverse("admin:forecasts_absence_add"), supersede]
    for size in SIZES:
        for scheme in ("light", "dark"):
            page = open_page(size, color_scheme=scheme, timezone_id="Asia/Tokyo")
            page.context.add_cookies([cookie])
            for path in pages:
                page.goto(site + path, wait_until="load")
                assert page.locator(".timezonewarning").count() == 0, path
                if path == supersede:
                    page.locator(".select2-selection__rendered[aria-label]").wait_for()
                violations = Axe().run(page).response["violations"]
                unnamed = {each["id"]: each["nodes"][0]["html"] for each in violations if each["id"] in NAMED}
                assert unnamed == {}, path
