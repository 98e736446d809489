"""The pages in a real browser, from the real server: nothing overflows, breaks or calls elsewhere."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from forecasts.models import Document
from tests.records import NOW, make_question, make_source, resolve, say
from tests.tracker.pages.conftest import LOADED_AT, SEEDS
from tracker.intake.seed import load_seed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATHS = [
    "/",
    "/boards/all/",
    "/sources/",
    "/sources/fabrice-balanche/",
    "/questions/",
    "/questions/raqqa-falls-2017/",
    "/compare/",
    "/compare/?a=synthetic-0&b=synthetic-1",
    "/sources/synthetic-0/",
    "/how-we-score/",
    "/scales/",
    "/ledger/",
]
WIDTHS = [390, 768, 1440]
LOOKED_AT_BY_AXE = {(390, "light"), (1440, "dark")}


@pytest.fixture
def site(processes) -> str:
    load_seed(folder=SEEDS, now=LOADED_AT)
    return processes.web().url


@pytest.fixture
def rivals(transactional_db: None) -> None:
    """Two sources with enough answers for every chart."""
    one, other = make_source("Synthetic 0"), make_source("Synthetic 1")
    for number in range(24):
        question = make_question(f"Synthetic question {number}?", opens_at=NOW - timedelta(days=200))
        say(question, one, 0.1 + 0.1 * (number % 8), days=-150)
        say(question, other, 0.5, days=-150)
        resolve(question, outcome=number % 2, at=NOW - timedelta(days=6 * number))


def _watch(page: Page, site: str) -> list[str]:
    """Return a list that fills with what must not happen."""
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(site) else troubles.append(request.url))
    page.on("response", lambda response: troubles.append(response.url) if response.status >= 400 else None)
    return troubles


def _too_wide(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def _luminous(page: Page) -> bool:
    red = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0]")
    return int(red) > 127


def _barriers(page: Page) -> list[tuple[str, str]]:
    """Return what axe finds against the rules of WCAG 2.2 AA and its own good practice."""
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found]


def test_no_page_overflows_breaks_calls_elsewhere_or_shuts_anybody_out(
    rivals: None, site: str, open_page: Callable[..., Page]
) -> None:
    paths = [*PATHS, f"/documents/{Document.objects.get().key}/"]
    schemes = ["light", "dark"]
    for width in WIDTHS:
        page = open_page({"width": width, "height": 900})
        troubles = _watch(page, site)
        for path in paths:
            # Loaded in one, then changed to the other, as at dusk; each page is loaded in both, in turns.
            page.emulate_media(color_scheme=schemes[0])
            page.goto(site + path, wait_until="load")
            for scheme in schemes:
                page.emulate_media(color_scheme=scheme)
                assert _too_wide(page) <= 0, (path, width)
                assert _luminous(page) == (scheme == "light"), (path, scheme)
                if (width, scheme) in LOOKED_AT_BY_AXE:
                    assert _barriers(page) == [], (path, width, scheme)
        assert troubles == []
        schemes.reverse()


@pytest.mark.parametrize("language", ["en-GB", "sv-SE"])
def test_the_words_beside_a_ranking_s_chart_leave_it_its_room(
    rivals: None, site: str, open_page: Callable[..., Page], language: str
) -> None:
    page = open_page({"width": 1280, "height": 900}, locale=language)
    page.goto(site + "/boards/all/")
    assert _too_wide(page) <= 0
    assert page.locator(".board td.plot").first.bounding_box()["width"] >= 240


def test_the_own_fonts_are_used_with_digits_that_stand_in_columns(site: str, page: Page) -> None:
    page.goto(site + "/boards/all/")
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert {"Newsreader", "Public Sans"} <= {family.strip('"') for family in loaded}
    widths = page.evaluate(
        """() => ["0.111", "0.888"].map(words => {
            const cell = document.querySelector(".board td.score .figure > button");
            cell.textContent = words;
            return cell.getBoundingClientRect().width;
        })"""
    )
    assert widths[0] == pytest.approx(widths[1], abs=0.1)


def test_swedish_letters_and_marks_come_from_our_fonts(site: str, page: Page) -> None:
    """A letter that the font lacks takes its width from whatever font comes next."""
    page.goto(site + "/boards/all/")
    strangers = page.evaluate(
        """async () => {
            const pen = document.createElement("canvas").getContext("2d");
            const width = (letter, family, next) => {
                pen.font = `100px "${family}", ${next}`;
                return pen.measureText(letter).width;
            };
            const found = [];
            for (const family of ["Newsreader", "Public Sans"]) {
                await document.fonts.load(`100px "${family}"`, "åś");
                for (const letter of "åäöÅÄÖéü’”“–−²½śžď")
                    if (width(letter, family, "monospace") !== width(letter, family, "serif"))
                        found.push(family + letter);
            }
            return found;
        }"""
    )
    assert strangers == []


def test_the_theme_can_be_chosen_and_is_kept(site: str, open_page: Callable[..., Page]) -> None:
    page = open_page(color_scheme="light")
    page.goto(site)
    assert _luminous(page)
    page.get_by_role("button", name="Dark theme").click()
    page.wait_for_timeout(250)
    assert not _luminous(page)
    page.goto(site + "/questions/")
    assert not _luminous(page)
    assert page.get_by_role("button", name="Dark theme").get_attribute("aria-pressed") == "true"


def test_pages_work_without_script(site: str, open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site + "/boards/all/")
    assert page.get_by_role("row", name="Fabrice Balanche").is_visible()
    assert not page.locator("button.theme").is_visible()
    page.get_by_role("button", name="Svenska").click()
    assert page.locator("html").get_attribute("lang") == "sv"
    page.get_by_role("link", name="Fabrice Balanche").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Fabrice Balanche"


def test_a_score_explains_itself_on_focus_and_escape_closes_it(site: str, page: Page) -> None:
    page.goto(site + "/boards/all/")
    figure = page.locator(".board tbody .figure").first
    tip = figure.get_by_role("note")
    assert not tip.is_visible()
    figure.get_by_role("button").focus()
    assert tip.is_visible()
    assert "Score 0.003" in tip.inner_text()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/how-we-score/"
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_a_score_explains_itself_to_a_finger_and_stays_on_the_screen(site: str, phone_page: Page) -> None:
    phone_page.goto(site + "/questions/raqqa-falls-2017/")
    for figure in phone_page.locator(".figure > button").all():
        # What is open may lie over the next one, and is put away by a tap on anything else.
        phone_page.locator("h1").tap()
        figure.tap()
        assert _too_wide(phone_page) <= 0
        box = figure.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    assert phone_page.locator(".tip:visible").count() == 1


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(site: str, page: Page) -> None:
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
