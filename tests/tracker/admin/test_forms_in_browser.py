"""Every form that adds or changes a row: filled in and saved in a real browser by each role offered it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from playwright.sync_api import Locator, Page

from forecasts.models import Document, Entry, Invitation, Role, Scale, Source, Statement
from forecasts.record.reads import ledger
from tests.processes import Processes
from tests.records import make_document, make_user
from tests.tracker.admin.test_browser import SELECT
from tests.tracker.admin.test_every_form_saves import (
    ADDS,
    CHANGES,
    Fill,
    model_of,
    page_to_add,
    rows,
    typed,
)
from tests.tracker.admin.test_matrix import MODELS, reaches
from tests.tracker.admin.test_permissions import address

__all__ = ["rows"]

# A browser writes the address of what is named, so nobody types it.
WRITTEN_BY_ITSELF = {"slug"}
# What is looked up while one types, and by which of its names.
LOOKED_UP: dict[str, tuple[type[Model], str]] = {
    "source": (Source, "name"),
    "user": (User, "username"),
    "scale": (Scale, "name"),
}


@pytest.fixture
def page_of_role(processes: Processes, open_page: Callable[..., Page]) -> Callable[[str], Page]:
    """Return the page of somebody of that role of the desk; what its console complains of fails the test."""
    url, pages = processes.web().url, {}

    def one(role: str) -> Page:
        if role in pages:
            return pages[role]
        client = Client()
        client.force_login(make_user(role, role=role, is_staff=True))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page = pages[role] = open_page(base_url=url)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        return page

    return one


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", Role)
def test_each_role_fills_in_and_saves_every_form_that_it_is_offered(
    page_of_role: Callable[[str], Page], rows: dict[str, Any], role: Role
) -> None:
    page = page_of_role(role)
    for fill in (each for each in ADDS if is_offered(each, role, place=1)):
        model = Invitation if fill.label == "auth.user" else model_of(fill.label)
        saves(page, page_to_add(fill.label), fill, rows)
        assert model.objects.filter(**fill.found).exists(), fill
    for fill in (each for each in CHANGES if is_offered(each, role, place=2)):
        row = rows[fill.label]
        saves(page, address(row), fill, rows)
        assert model_of(fill.label).objects.filter(pk=row.pk, **fill.found).exists(), fill
    if role == Role.EDITOR:
        marks(page)
    assert ledger.verify() is None


def is_offered(fill: Fill, role: Role, *, place: int) -> bool:
    """Return whether the form offers just this to the role, by that place of what the matrix says."""
    return role in fill.roles and reaches(role, MODELS[fill.label][place])


def saves(page: Page, at: str, fill: Fill, rows: dict[str, Any]) -> None:
    page.goto(at)
    entries = Entry.objects.count()
    for name, value in typed(fill.typed, rows).items():
        if name not in WRITTEN_BY_ITSELF:
            put(page, name, value)
    for inline, given in fill.rows.items():
        number = int(page.input_value(f"[name={inline}-TOTAL_FORMS]"))
        page.locator(f"#{inline}-group a.add-row").click()
        for name, value in typed(given, rows).items():
            put(page, f"{inline}-{number}-{name}", value)
    with page.expect_navigation():
        page.locator("[name=_save], .form .buttons [name^=_]").first.click()
    assert page.locator(".errornote, .faults-all, .faults, .errorlist").count() == 0, (
        at,
        page.inner_text("body"),
    )
    assert fill.records == (Entry.objects.count() > entries)


def put(page: Page, name: str, value: Any) -> None:
    """Fill a field in as a person does: by its list, its box, or its keys."""
    at = page.locator(f"[name='{name}']").first
    if isinstance(value, SimpleUploadedFile):
        at.set_input_files({"name": value.name, "mimeType": "text/csv", "buffer": value.read()})
    elif "select2-hidden-accessible" in (at.get_attribute("class") or ""):
        model, called = LOOKED_UP[name.rpartition("-")[2]]
        look_up(page, at, getattr(model._default_manager.get(pk=value), called))
    elif at.evaluate("each => each.tagName") == "SELECT":
        at.select_option(value)
    elif at.get_attribute("type") == "checkbox":
        at.check()
    else:
        at.fill(value)


def look_up(page: Page, at: Locator, words: str) -> None:
    at.locator("xpath=following-sibling::span").first.click()
    page.locator(".select2-search__field").fill(words)
    page.locator(".select2-results__option", has_text=words).first.click()


def marks(page: Page) -> None:
    """Mark words of an article: a statement comes of it."""
    document = Document.objects.filter(pk=make_document().pk).get()
    words = document.text[:20]
    page.goto(address(document))
    page.evaluate(SELECT, words)
    page.click("[name=_mark]")
    page.wait_for_selector("[name=_accept]")
    assert Statement.objects.get(document=document).quote == words
