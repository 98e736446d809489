"""Capturing an article and marking words in it."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from forecasts.models import Document, Statement
from tests.records import QUOTE, make_document, make_source
from tracker.admin.articles.segments import places, segments

GIVEN = {
    "text": "Först.\r\n\r\nSnön kommer att falla 😀.",
    "title": "Snö",
    "language": "sv",
    "published_on": "2020-01-03",
}


def page(document: Document) -> str:
    return reverse("admin:forecasts_document_change", args=[document.pk])


def mark(client: Client, document: Document, **given: str):
    rest = {"directness": "direct", "stated_on": "2019-12-31", "_mark": ""}
    return client.post(page(document), {**rest, **given})


def test_it_keeps_the_text_as_it_was_pasted(editor: Client) -> None:
    editor.post(reverse("admin:forecasts_document_add"), GIVEN)

    document = Document.objects.get()
    assert document.text == "Först.\n\nSnön kommer att falla 😀."
    assert document.published_to_the_day
    assert document.recorded_by.username == "editor"


def test_it_says_so_when_the_text_was_captured_before(editor: Client) -> None:
    editor.post(reverse("admin:forecasts_document_add"), GIVEN)
    response = editor.post(reverse("admin:forecasts_document_add"), GIVEN)

    assert Document.objects.count() == 1
    assert response.url == page(Document.objects.get())
    assert "saved before" in str(list(get_messages(response.wsgi_request))[-1])


def test_it_shows_a_refusal_at_its_field_and_keeps_what_was_typed(editor: Client) -> None:
    future = {**GIVEN, "published_on": "2999-01-01", "outlet": "Ingenstans"}
    response = editor.post(reverse("admin:forecasts_document_add"), future)
    known = editor.post(reverse("admin:forecasts_document_add"), {**future, "outlet": ""})

    assert "No source is called “Ingenstans”" in response.context["form"].errors["outlet"][0]
    assert known.context["form"].errors["published_on"] == [
        "The document is dated in the future. Check the date."
    ]
    assert "Snön kommer att falla 😀." in known.content.decode()
    assert not Document.objects.exists()


def test_it_finds_pasted_words(editor: Client) -> None:
    speaker = make_source()
    document = make_document()
    mark(editor, document, quote=QUOTE, speaker="testa testsson")

    statement = Statement.objects.get()
    assert document.text[statement.start : statement.end] == QUOTE
    assert statement.speaker == speaker
    assert statement.stated_at == document.published_at


def test_it_asks_which_when_the_words_stand_twice(editor: Client) -> None:
    document = make_document("Det snöar. Det snöar.")
    asked = mark(editor, document, quote="Det snöar.")
    assert [place.start for place in asked.context["places"]] == [0, 11]
    assert not Statement.objects.exists()

    mark(editor, document, quote="Det snöar.", start="11")
    assert Statement.objects.get().start == 11


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"quote": "Snon kommer"}, "These words do not stand in the article. Copy them to the letter."),
        ({"quote": QUOTE}, "These words are marked already. Open that statement."),
    ],
)
def test_it_refuses_words_that_cannot_be_marked(editor: Client, given: dict[str, str], said: str) -> None:
    document = make_document()
    mark(editor, document, quote=QUOTE)
    response = mark(editor, document, **given)

    assert response.context["mark"].errors["quote"] == [said]
    assert Statement.objects.count() == 1


def test_segments_lose_no_character_where_spans_overlap(editor: Client) -> None:
    text = "Ett & <två>\r\n\r\n\r\ntre\rfyra."
    document = make_document(text)
    mark(editor, document, quote="<två>")
    mark(editor, document, quote="Ett & <två>")
    found = segments(text=text, statements=list(document.statements.order_by("start", "end")))

    html = "".join(part.html for part in found)
    for shown, plain in (('<span class="gap">', ""), ("</span>", ""), ("&#13;", "\r")):
        html = html.replace(shown, plain)
    assert html == text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert [part.statement.quote for part in found if part.statement] == ["Ett & <två>", "<två>"]
    assert sum(part.opens for part in found) == 2


def test_places_overlap() -> None:
    assert [place.start for place in places(text="hahaha", words="haha")] == [0, 2]
