"""Page, desk, mail, chat, feed and command say the same of this question at this instant."""

import io
import json
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.management import call_command
from django.utils.translation import override

from forecasts.questions.values.readings import Quantiles, Reading
from forecasts.questions.writes.publishing import publish_document
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.resolutions import answer_question
from tests.records import (
    NOW,
    accepted_statement,
    addresses_of,
    exhibit,
    make_board,
    make_document,
    make_question,
    make_source,
    make_term,
    say,
)

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["en", "sv"])
HOUR = timedelta(hours=1)
SUMMER = date(2020, 6, 30)
FORWARD, BACK = date(2020, 3, 29), date(2020, 10, 25)  # Days of 23 and of 25 hours in Stockholm.
LATENESS = [
    # The last day of the deadline, hours from its instant, and what is said.
    (SUMMER, -49, "due in 2 days", "ska besvaras om 2 dagar"),
    (SUMMER, -26, "due tomorrow", "ska besvaras i morgon"),
    (SUMMER, -2, "due today", "ska besvaras i dag"),
    (SUMMER, 0, "due now", "ska besvaras nu"),
    (SUMMER, 1, "1 hour overdue", "1 timme försenad"),
    (SUMMER, 23, "23 hours overdue", "23 timmar försenad"),
    (SUMMER, 24, "1 day overdue", "1 dag försenad"),
    (SUMMER, 60, "2 days overdue", "2 dagar försenad"),
    (SUMMER, 24 * 90, "3 months overdue", "3 månader försenad"),
    (SUMMER, 24 * 800, "2 years overdue", "2 år försenad"),
    # The last day is an hour shorter: 23.5 hours before its end it has not begun.
    (FORWARD, -26, "due tomorrow", "ska besvaras i morgon"),
    (FORWARD, -23.5, "due tomorrow", "ska besvaras i morgon"),
    (FORWARD, -2, "due today", "ska besvaras i dag"),
    (FORWARD, 1, "1 hour overdue", "1 timme försenad"),
    # The last day is an hour longer: 24.5 hours before its end it has begun.
    (BACK, -26, "due tomorrow", "ska besvaras i morgon"),
    (BACK, -24.5, "due today", "ska besvaras i dag"),
    (BACK, 0, "due now", "ska besvaras nu"),
    (BACK, 60, "2 days overdue", "2 dagar försenad"),
    # The clocks change after the deadline: hours that have passed are counted, whatever the clock says.
    (FORWARD - timedelta(1), 23, "23 hours overdue", "23 timmar försenad"),
    (BACK - timedelta(1), 24, "1 day overdue", "1 dag försenad"),
]
SHARES = [
    (0.9996, "over 99%", "över 99 %"),
    (0.0004, "under 1%", "under 1 %"),
    (0.125, "13%", "13 %"),
    (0.0, "0%", "0 %"),
    (1.0, "100%", "100 %"),
]
AMOUNTS = [
    (5.98e12, "5,980,000,000,000 SEK", "5 980 000 000 000 SEK"),
    (5e-05, "0.00005 SEK", "0,00005 SEK"),
    (0, "0 SEK", "0 SEK"),
    (1, "1 SEK", "1 SEK"),
    (0.9996, "0.9996 SEK", "0,9996 SEK"),
    (-2.5, "−2.5 SEK", "−2,5 SEK"),
]
DISTANCE = re.compile(
    r"\bdue (?:now|today|tomorrow|in \d+ \w+)|\b\d+ \w+ overdue"
    r"|\bska besvaras (?:nu|i dag|i morgon|om \d+ \w+)|\b\d+ \w+ försenad"
)


def words_of(text):
    """Return what a reader reads, pictures by their words, with plain spaces; of a feed's HTML as well."""
    for _ in range(2):
        text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", text, flags=re.DOTALL)
        text = re.sub(r'<img\b[^>]*\balt="([^"]*)"', r" \1 <img", text)
        text = unescape(re.sub(r"<[a-z/?!][^>]*>", " ", text))
    return " ".join(text.split())


def by_mail(sent):
    [html] = [body for body, kind in sent.alternatives if kind == "text/html"]
    return {"mail as text": words_of(sent.body), "mail as HTML": words_of(html)}


def by_command(now, language):
    out = io.StringIO()
    with override(language):
        call_command("due", "--now", now.isoformat(), stdout=out)
    return words_of(re.sub(r"\s*\n\s*", " ", out.getvalue()))


@LANGUAGES
@pytest.mark.parametrize("case", LATENESS, ids=str)
def test_how_late_it_is_reads_the_same_everywhere(office, case, language):
    last_day, hours, *said = case
    office.speak(language)
    question = make_question("Snow?", on=last_day, desk=office.desk, language=language)
    say(question, make_source("Ada Andersson"), 0.37)
    now = question.deadline_at + hours * HOUR
    office.set_clock(now)
    found = {
        **by_mail(office.sweep()),
        "page": words_of(office.read("/questions/")),
        "desk": words_of(office.read(f"/admin/forecasts/question/{question.pk}/change/", office.editor)),
        "to do": words_of(office.read("/admin/", office.editor)),
        "feed": words_of(office.read(addresses_of(office.desk)["feed"])),
        "chat": words_of(json.loads(office.room.received[0][1])["message"]),
    }
    if hours >= 0:
        found["command"] = by_command(now, language)
    expected = {said[language == "sv"]}
    assert {name: set(DISTANCE.findall(words)) for name, words in found.items()} == {
        name: expected for name in found
    }


@LANGUAGES
@pytest.mark.parametrize("case", SHARES, ids=str)
def test_how_likely_it_is_reads_the_same_everywhere(office, case, language):
    share, *said = case
    office.speak(language)
    question = make_question(desk=office.desk, language=language)
    for name in ("Ada Andersson", "Bo Bengtsson"):
        say(question, make_source(name), share)
    office.set_clock(question.deadline_at)
    found = {
        **by_mail(office.sweep()),
        "page": words_of(office.read(f"/questions/{question.slug}/")),
        "desk": words_of(office.read(f"/admin/forecasts/question/{question.pk}/change/", office.editor)),
    }
    expected = rf"(?<![\w.,]){said[language == 'sv']}"
    assert [name for name, words in found.items() if not re.search(expected, words)] == []


@LANGUAGES
@pytest.mark.parametrize("case", AMOUNTS, ids=str)
def test_what_came_of_it_reads_the_same_everywhere(office, case, language):
    value, *said = case
    office.speak(language)
    question = make_question("How much?", kind="number", unit="SEK", desk=office.desk, language=language)
    say(question, make_source("Ada Andersson"), 0, reading=Quantiles.point(value))
    answer_question(
        question=question,
        finding=Finding(answer="outcome", outcome=value, occurred_at=NOW - timedelta(1)),
        evidence=[exhibit()],
        by=None,
        now=NOW,
    )
    make_board("sek", rule="crps", filter={"unit": "SEK"})
    office.set_clock(NOW)
    found = {
        "ranking": office.read("/boards/sek/").partition('id="changes"')[2],
        "page": office.read(f"/questions/{question.slug}/"),
        "list": office.read("/questions/"),
        "desk": office.read(f"/admin/forecasts/question/{question.pk}/change/", office.editor),
        "Atom": office.read("/feeds/resolutions.atom"),
        "RSS": office.read("/feeds/resolutions.rss"),
    }
    expected = rf"(?<![\w.,−]){said[language == 'sv']}"
    assert [name for name, page in found.items() if not re.search(expected, words_of(page))] == []


@LANGUAGES
def test_a_reading_has_its_range_on_the_page_and_at_the_desk(office, language):
    office.speak(language)
    question = make_question(desk=office.desk, language=language)
    say(question, make_source("Ada Andersson"), 0, reading=Reading.from_term(make_term()))
    office.set_clock(NOW)
    expected = {"en": "90–99%", "sv": "90–99 %"}[language]
    assert expected in words_of(office.read(f"/questions/{question.slug}/"))
    assert expected in words_of(
        office.read(f"/admin/forecasts/question/{question.pk}/change/", office.editor)
    )


def test_a_statement_inside_a_longer_one_is_marked_for_readers_and_at_the_desk(office):
    office.speak("en")
    document = make_document("Then snow will fall before noon, they say.", desk=office.desk)
    for quote in ("snow will fall before noon", "before noon", "fall"):
        statement = accepted_statement(document=document, quote=quote, speaker=make_source(f"Of {quote}"))
    publish_document(document=document, by=None, now=NOW)
    office.set_clock(NOW)
    page = office.read(f"/documents/{document.key}/")
    desk = office.read(f"/admin/forecasts/document/{document.pk}/change/", office.editor)
    assert statement.quote == "fall"
    expected = ["snow will ", "fall", " ", "before noon"]
    assert [words_of(each) for each in re.findall(r"<mark\b[^>]*>(.*?)</mark>", page)] == [
        each.strip() for each in expected
    ]
    shown = re.findall(r"<mark\b[^>]*data-statement[^>]*>(.*?)</mark>", desk)
    assert shown == expected
    assert [page.count(f'id="words-{number}"') for number in (1, 2, 3)] == [1, 1, 1]
