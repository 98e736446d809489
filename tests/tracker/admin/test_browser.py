"""The review and the answer in a real browser, on a desktop and on a telephone, without a mouse too."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from forecasts.models import Document, Question, Resolution, Statement, StatementStatus
from tests.processes import Processes
from tests.records import (
    accepted_statement,
    make_desk,
    make_document,
    make_question,
    make_source,
    make_user,
    say,
)

TEXT = "Först snöade det 😀 på landet.\n\nSnön kommer att falla – före jul, säger Testa Testsson."
QUOTE = "Snön kommer att falla – före jul"
SIZES = [{"width": 1440, "height": 900}, {"width": 390, "height": 844}]

SELECT = """(words) => {
  const walker = document.createTreeWalker(document.getElementById("article"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walker.currentNode, at);
    range.setEnd(walker.currentNode, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    document.getElementById("article").dispatchEvent(new MouseEvent("mouseup", {bubbles: true}));
  }
}"""


@pytest.fixture
def visit(processes: Processes, open_page: Callable[..., Page]) -> Callable[..., tuple[Page, list[str]]]:
    """Open a page as an editor; what its console complains of is kept."""
    client = Client()
    client.force_login(make_user("erin", desk=make_desk(), is_staff=True))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    url = processes.web().url

    def one(size: dict[str, int]) -> tuple[Page, list[str]]:
        page, complaints = open_page(size, base_url=url), []
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
        page.on(
            "console", lambda said: said.type == "error" and complaints.append(f"{said.text} {said.location}")
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page, complaints

    return one


@pytest.mark.browser
@pytest.mark.slow
def test_the_desk_works_on_a_desktop_and_on_a_telephone(visit: Callable[..., Any]) -> None:
    speaker, document = make_source(), make_document(TEXT)
    for number, size in enumerate(SIZES):
        page, complaints = visit(size)
        mark_and_accept(page, document, words=QUOTE[: len(QUOTE) - number], speaker=speaker.name)
        question = make_question(f"Number {number}?")
        say(question, make_source(f"Source {number}"), 0.8)
        answer(page, question)
        assert complaints == []


@pytest.mark.browser
@pytest.mark.slow
def test_options_and_a_number_go_from_opening_to_the_scored_page(visit: Callable[..., Any]) -> None:
    """One of several options on a desktop, a number on a telephone; the chosen kind's fields alone show."""
    speaker = make_source()
    for size, kind in zip(SIZES, ("options", "number"), strict=True):
        page, complaints = visit(size)
        statement = accepted_statement(speaker=speaker, document=make_document(f"{kind}: {TEXT}"))
        open_of_kind(page, kind)
        question = Question.objects.get(kind=kind)
        say_of_kind(page, statement, question)
        answer_of_kind(page, question)
        page.goto(f"/questions/{question.slug}/")
        told = page.inner_text("main")
        if kind == "options":
            assert page.inner_text(".headline .stamp") == "Green"
            assert "Brier score 0.120" in told  # (0.2² + 0.4² + 0.2²) / 2
        else:
            assert page.inner_text(".headline .stamp") == "Answer: 8.4%"
            assert "CRPS" in told
            assert page.locator(".lanes .c-happened").count() == 1
        assert fits(page)
        assert complaints == []


def open_of_kind(page: Page, kind: str) -> None:
    page.goto(reverse("admin:forecasts_question_add"))
    options, unit = page.locator("[name=options]"), page.locator("[name=unit]")
    assert (options.is_visible(), unit.is_visible()) == (False, False)
    page.focus("[name=kind][value=binary]")
    page.keyboard.press("ArrowDown")
    assert (options.is_visible(), unit.is_visible()) == (True, False)
    if kind == "number":
        page.check("[name=kind][value=number]")
        assert (options.is_visible(), unit.is_visible()) == (False, True)
    page.fill("[name=proposition]", f"A synthetic {kind}?")
    page.fill("[name=criteria]", "The synthetic office reports it.")
    page.fill("[name=deadline_on]", "2020-06-30")
    page.evaluate("document.querySelector('[name=opens_on]').closest('details').open = true")
    page.fill("[name=opens_on]", "2019-12-01")
    page.click("[name=_open]")
    page.locator(".field.wrong").first.locator(".faults").wait_for()
    if kind == "number":
        page.fill("[name=unit]", "%")
    else:
        page.fill("[name=options]", "Red\nGreen\nBlue")
    assert fits(page)
    page.click("[name=_open]")
    page.wait_for_selector(".asked")


def say_of_kind(page: Page, statement: Statement, question: Question) -> None:
    address = reverse("admin:forecasts_statement_change", args=[statement.pk])
    page.goto(f"{address}?question={question.pk}#issue")
    if question.kind == "options":
        for index, odds in enumerate(("20 %", "60 %", "30 %")):
            page.fill(f"[name=option_{index}]", odds)
        page.click("[name=_issue]")
        assert "add up to 1.1" in page.inner_text(".faults-all")
        page.fill("[name=option_2]", "20 %")
    else:
        assert page.locator("[name=low]").is_hidden()
        page.check("[name=shape][value=range]")
        assert page.locator("[name=point]").is_hidden()
        for name, value in (("low", "7"), ("high", "9,5"), ("level", "80 %")):
            page.fill(f"[name={name}]", value)
    assert fits(page)
    page.click("[name=_issue]")
    page.wait_for_selector(".asked")


def answer_of_kind(page: Page, question: Question) -> None:
    page.goto(reverse("admin:forecasts_question_change", args=[question.pk]))
    if question.kind == "options":
        page.check("[name=outcome][value='1']")
    else:
        page.fill("[name=outcome]", "8,4")
    page.fill("[name=occurred_on]", "2020-03-01")
    page.fill("[name=evidence_url]", "https://example.org/report")
    page.fill("[name=evidence_quote]", "The office reports it.")
    page.click("[name=_preview]")
    page.wait_for_selector("[name=_resolve]:focus")
    assert fits(page)
    page.keyboard.press("Enter")
    page.wait_for_selector(".stamp-known")


def mark_and_accept(page: Page, document: Document, *, words: str, speaker: str) -> None:
    page.goto(reverse("admin:forecasts_document_change", args=[document.pk]))
    page.evaluate(SELECT, words)
    assert page.input_value("[name=quote]") == words
    page.fill("[name=speaker]", speaker)
    assert fits(page)
    page.click("[name=_mark]")

    # From here on by keyboard alone.
    page.focus("[name=reason]")
    page.keyboard.type("It says what will happen.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#issue")
    assert fits(page)
    statement = Statement.objects.get(quote=words)
    assert statement.status == StatementStatus.ACCEPTED
    assert document.text[statement.start : statement.end] == words


def answer(page: Page, question: Question) -> None:
    page.goto(reverse("admin:forecasts_question_change", args=[question.pk]))
    page.click("[name=_preview]")
    assert page.locator(".faults li").first.inner_text() == "Say whether it happened."
    assert page.locator("[name=void_reason]").is_hidden()

    page.check("[name=outcome][value='1']")
    page.fill("[name=occurred_on]", "2020-03-01")
    page.fill("[name=evidence_url]", "https://example.org/report")
    page.fill("[name=evidence_quote]", "Snow fell.")
    page.press("[name=note]", "Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=_resolve]:focus")
    assert "0.040" in page.inner_text(".scores")
    assert fits(page)
    assert not Resolution.objects.filter(question=question).exists()

    page.keyboard.press("Enter")
    page.wait_for_selector(".stamp-happened")
    assert Resolution.objects.get(question=question).outcome == 1
    assert fits(page)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
