"""Lists and pages ask the database as often for ten rows as for one."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forecasts.delivery.writes.sending import Sent, keep_message, record_sent
from forecasts.models import Desk, Message, Reminder, Role
from tests.records import (
    NOW,
    accepted_statement,
    make_document,
    make_question,
    make_source,
    make_statement,
    make_term,
    make_user,
    resolve,
    say,
)

LISTS = ["document", "statement", "question", "forecast", "source", "verdict", "resolution", "decision"]
MORE_LISTS = ["reminder", "message", "entry", "scale", "term", "desk"]


def add_one(number: int, desk: Desk) -> dict[str, Any]:
    """Add one row of everything, each with an own row of all that it names."""
    document = make_document(f"Snön kommer att falla – före jul. Nummer {number}.")
    source = make_source(f"Source {number}")
    statement = accepted_statement(document=document, speaker=source)
    make_statement(document=document, quote=f"Nummer {number}", speaker=source)
    question = make_question(f"Number {number}?", desk=desk)
    forecast = say(question, source, 0.7, statement=statement)
    reminder = Reminder.objects.get(question=question)
    reminder.recipient = make_user(f"user{number}", role=Role.VIEWER, desk=desk)
    reminder.save()
    sent = Sent(
        channel="mail",
        address="a@example.org",
        subject="Due",
        body="It is due.",
        html="",
        message_id=f"<{number}>",
    )
    keep_message(nudge=reminder, message=sent, now=NOW)
    record_sent(reminders=[reminder], now=NOW)
    resolve(question)
    make_term(f"term {number}")
    return {"document": document, "statement": statement, "question": question, "forecast": forecast}


@pytest.mark.parametrize("page", admin.site._registry.values(), ids=lambda page: page.opts.model_name)
def test_every_list_has_an_order_so_that_its_pages_hold_each_row_once(
    page: "ModelAdmin[Any]", rf: RequestFactory, editor: Client
) -> None:
    request = rf.get("/")
    request.user = get_user(editor)
    assert page.get_queryset(request).ordered


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_no_list_asks_once_for_each_row(editor: Client, desk: Desk) -> None:
    addresses = [reverse(f"admin:forecasts_{noun}_changelist") for noun in LISTS + MORE_LISTS]
    add_one(0, desk)
    few = {address: count(editor, address) for address in addresses}
    for number in range(1, 6):
        add_one(number, desk)
    assert {address: count(editor, address) for address in addresses} == few
    assert max(few.values()) <= 20


def test_the_inbox_asks_as_often_for_many_as_for_some(editor: Client) -> None:
    document = make_document("Snön kommer att falla – före jul.")

    def wait_for_more(numbers: range) -> int:
        for number in numbers:
            make_statement(document=document, quote=document.text[:number])
            make_question(f"Number {number}?")
        return count(editor, reverse("admin:index"))

    assert wait_for_more(range(1, 8)) == wait_for_more(range(8, 15)) <= 20


@pytest.mark.parametrize("noun", ["document", "statement", "question"])
def test_no_page_asks_once_for_each_thing_on_it(editor: Client, desk: Desk, noun: str) -> None:
    shown = add_one(0, desk)
    address = reverse(f"admin:forecasts_{noun}_change", args=[shown[noun].pk])
    few = count(editor, address)
    for number in range(1, 6):
        source = make_source(f"Another {number}")
        statement = make_statement(
            document=shown["document"], quote="Snön kommer"[: 5 + number], speaker=source
        )
        assert statement.pk
        say(shown["question"], source, 0.1 * number)
    assert count(editor, address) == few
    assert few <= 30


def test_a_message_is_shown_as_text_and_in_a_closed_sandbox(editor: Client, desk: Desk) -> None:
    add_one(0, desk)
    message = Message.objects.get()
    Message.objects.update(html='<p onclick="x">Hi</p><script>alert(1)</script>')
    html = editor.get(reverse("admin:forecasts_message_change", args=[message.pk])).content.decode()

    assert "<script>alert(1)" not in html
    assert 'sandbox="" srcdoc="&lt;p onclick=&quot;x&quot;&gt;Hi' in html
