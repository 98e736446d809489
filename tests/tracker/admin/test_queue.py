"""The queue at the desk: piles, cuts, bulk assignment, and going on to the next question."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Page, expect

from forecasts.models import Desk, Question, Resolution, Role, Topic
from forecasts.verdicts.writes.disputes import dispute_answer
from tests.records import NOW, make_desk, make_question, make_user, resolve
from tests.tracker.admin.test_questions import YES, preview
from tests.tracker.admin.test_questions import page as page_of


@pytest.fixture
def queue() -> str:
    return reverse("admin:forecasts_question_queue")


@pytest.fixture
def questions(desk: Desk) -> list[Question]:
    return [
        make_question(f"Will it snow on day {day}?", on=date(2020, 5, day), desk=desk) for day in (1, 2, 3)
    ]


def test_the_queue_counts_its_piles_and_lists_one(
    sign_in: Callable[..., Client], questions: list[Question], queue: str
) -> None:
    editor, lead = sign_in(Role.EDITOR), sign_in(Role.LEAD)
    resolve(questions[0])
    dispute_answer(question=questions[0], reason="Wrong.", by=None, raised_by="Testa", now=NOW)
    found = editor.get(queue)
    counts = {
        **{"overdue": 2, "due": 0, "second": 0, "adjudication": 0},
        **{"disputed": 0, "too_early": 0, "unassigned": 2},
    }
    assert {pile["key"]: pile["count"] for pile in found.context["piles"]} == counts
    offered = lead.get(queue).context["piles"]
    assert {pile["key"]: pile["count"] for pile in offered} == {**counts, "disputed": 1}
    assert [row["words"] for row in found.context["rows"]] == [str(each) for each in questions[1:]]
    assert found.context["overdue"] == [(questions[0].desk, 2)]
    disputed = lead.get(queue, {"pile": "disputed"})
    assert [row["words"] for row in disputed.context["rows"]] == [str(questions[0])]
    assert "Nothing is due" in editor.get(queue, {"pile": "due"}).content.decode()


def test_a_cut_is_kept_from_page_to_page(editor: Client, questions: list[Question], queue: str) -> None:
    topic = Topic.objects.create(slug="snow", name="Snow")
    questions[1].topics.add(topic)
    other = make_question("Will it hail?", on=date(2020, 5, 1), desk=make_desk("other"))
    cut = {"pile": "overdue", "desk": questions[0].desk_id, "topic": topic.pk}
    found = editor.get(queue, cut)
    assert [row["pk"] for row in found.context["rows"]] == [questions[1].pk]
    assert f"topic={topic.pk}" in found.context["rows"][0]["address"]
    everything = editor.get(queue, {"desk": "nonsense", "assignee": "9x", "page": "99"})
    # On the other desk one reads along, and answers nothing.
    assert {row["pk"] for row in everything.context["rows"]} == {each.pk for each in questions}
    assert editor.get(queue, {"desk": other.desk_id}).context["rows"] == []


def test_those_that_are_ticked_are_given_to_somebody(
    sign_in: Callable[..., Client], questions: list[Question], queue: str
) -> None:
    editor = sign_in(Role.EDITOR)
    me = User.objects.get(username=Role.EDITOR)
    chosen = [str(each.pk) for each in questions[:2]]
    editor.post(queue, {"chosen": chosen, "to": me.pk, "_assign": ""})
    assert list(Question.objects.filter(assignee=me).order_by("pk")) == questions[:2]
    assert "2 questions assigned to" in editor.get(queue).content.decode()
    editor.post(queue, {"chosen": chosen, "to": "", "_assign": ""})
    assert not Question.objects.filter(assignee=me).exists()
    assert sign_in(Role.VIEWER).post(queue, {"chosen": chosen, "_assign": ""}).status_code == 403


def test_after_an_answer_comes_the_next_question_and_at_the_end_the_queue(
    editor: Client, questions: list[Question], queue: str
) -> None:
    for question, following in zip(questions, [*questions[1:], None], strict=True):
        address = f"{page_of(question)}?pile=overdue"
        kept = preview(editor, question, **{**YES, "occurred_on": "2020-03-01"})
        done = editor.post(address, {**kept, "_resolve": ""})
        assert done["Location"] == (
            f"{page_of(following)}?pile=overdue" if following else f"{queue}?pile=overdue"
        )
    assert Resolution.objects.count() == 3


def test_the_queue_costs_the_same_with_many_questions(
    editor: Client, questions: list[Question], queue: str
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert editor.get(queue).status_code == 200
        return len(found)

    few = cost()
    skipped = {"id", "slug", "key"}
    same = {f.name: getattr(questions[0], f.name) for f in Question._meta.fields if f.name not in skipped}
    Question.objects.bulk_create(Question(**same, slug=f"q-{number}") for number in range(1000))
    assert cost() <= few


def test_ten_questions_are_resolved_without_a_mouse(live_server, page: Page, desk: Desk) -> None:  # type: ignore[no-untyped-def]
    """From the queue, by keys alone: each answer with its date and evidence, previewed and confirmed."""
    make_user("karin", Role.EDITOR, desk, is_staff=True)
    outcomes = ["y", "n", "y", "n", "y", "v", "y", "n", "t", "y"]
    for day, _key in enumerate(outcomes, start=1):
        make_question(f"Will it snow on day {day}?", on=date(2020, 5, day), desk=desk)
    page.goto(f"{live_server.url}{reverse('admin:login')}")
    page.locator("[name=username]").press_sequentially("karin")
    page.locator("[name=password]").press_sequentially("correct horse")
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")
    page.goto(f"{live_server.url}{reverse('admin:forecasts_question_queue')}")
    expect(page.locator(".queue li")).to_have_count(10)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    for day, key in enumerate(outcomes, start=1):
        expect(page.locator(".asked h2")).to_have_text(f"Will it snow on day {day}?")
        expect(page.locator("#answer-form h3")).to_be_focused()
        page.keyboard.press(key)
        answer(page, key)
        page.keyboard.press("Control+Enter")
        expect(page.locator("[name=_resolve]")).to_be_focused()
        page.keyboard.press("Enter")
    expect(page.locator(".empty-line")).to_have_text("Nothing is overdue.")
    answers = Resolution.objects.order_by("question__deadline_at").values_list("answer", "outcome")
    words = {"y": ("outcome", 1.0), "n": ("outcome", 0.0), "v": ("void", None)}
    assert list(answers) == [words[key] for key in outcomes if key != "t"]


def answer(page: Page, key: str) -> None:
    """Type what the answer asks for, from where the key left the focus."""
    if key == "t":
        page.keyboard.type("01012999")
        return
    page.keyboard.type({"y": "01032020", "n": "", "v": "a"}[key])
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.type("https://example.org/report")
    page.locator("[name=evidence_url]").press("Tab")
    while page.evaluate("document.activeElement.name") != "evidence_quote":
        page.keyboard.press("Tab")
    page.keyboard.type("The report counts it.")
