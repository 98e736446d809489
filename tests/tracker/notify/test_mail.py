"""Mails as a mail server gets them: their parts, their headers, and what they do not say."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default as modern
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.throttling import SimpleRateThrottle

from forecasts.delivery.reads.outgoing import claimed_reminders
from forecasts.delivery.reads.routing import wishes_of
from forecasts.delivery.writes.claims import claim_reminders
from forecasts.models import Message
from forecasts.people.writes.preferences import set_preferences
from tests.processes import free_port
from tests.records import make_desk, make_question, make_source, make_user, say
from tests.smtp import Sink, serve
from tests.told import tells
from tracker.notify.delivery.sweep import sweep_in_foreground
from tracker.notify.kit.signed_links import person_leaving, reminder_named

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def swept(at):
    """Sweep at that instant, and return what was sent, as it travels."""
    mail.outbox.clear()
    sweep_in_foreground(clock=lambda: at)
    return [message_from_bytes(each.message().as_bytes(), policy=modern) for each in mail.outbox]


def html_of(sent):
    return sent.get_body(("html",)).get_content()


def text_of(sent):
    return sent.get_body(("plain",)).get_content()


@pytest.fixture
def erin(desk):
    return make_user(desk=desk)


@pytest.fixture
def question(desk, erin):
    return make_question("Will it snow?", desk=desk, translation="Kommer det att snöa?")


def spoken_on(question):
    say(question, make_source("Ada Andersson"), 0.37)
    say(question, make_source("Bo <Bengtsson>"), 0.82)


def test_a_mail_says_what_is_asked_by_when_and_how_late(question):
    [sent] = swept(question.deadline_at + 3 * DAY)
    for part in (html_of(sent), text_of(sent)):
        for words in ("Will it snow?", "Kommer det att snöa?", "on or before 30 June 2020", "3 days overdue"):
            assert words in part, words
        assert "The synthetic weather office reports snow." in part
    assert "Deadline" in text_of(sent)


def test_its_headers_let_programs_know_it_and_end_it(question, erin, settings):
    settings.SITE_URL, settings.UNSUBSCRIBE_MAILTO = "https://forecasts.example", ""
    [sent] = swept(question.deadline_at)
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    by_web, by_mail = sent["List-Unsubscribe"].strip().split(", ")
    assert by_web.startswith("<https://forecasts.example/unsubscribe/")
    assert person_leaving(by_web.strip("<>").split("/")[-2]) == erin
    assert by_mail.startswith("<mailto:desk@127.0.0.1?subject=unsubscribe%20erin%40example.org")
    assert (sent["Auto-Submitted"], sent["Precedence"]) == ("auto-generated", "list")
    assert sent["List-Id"] == "<weather.reminders.127.0.0.1>"
    assert "unsubscribe/" not in html_of(sent) + text_of(sent)


def test_its_links_are_signed_and_name_the_reminder_only(question):
    [sent] = swept(question.deadline_at)
    token = html_of(sent).partition("/admin/forecasts/reminder/act/")[2].partition("/")[0]
    assert reminder_named(token) == question.reminders.earliest("pk").pk
    assert token.count(".") == 2
    assert "erin" not in token


def test_several_forecasts_come_as_a_small_picture_with_its_words(question):
    spoken_on(question)
    [sent] = swept(question.deadline_at)
    [picture] = [part for part in sent.walk() if part.get_content_type() == "image/png"]
    assert picture["Content-ID"] == "<chart>"
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content().startswith(b"\x89PNG")
    assert sent.get_content_type() == "multipart/related"
    assert 'src="cid:chart"' in html_of(sent)
    assert 'alt="Bo &lt;Bengtsson&gt;: 82%; Ada Andersson: 37%"' in html_of(sent)
    assert "Bo <Bengtsson>: 82%; Ada Andersson: 37%" in text_of(sent)
    assert not list(sent.iter_attachments()) or picture.get_content_disposition() == "inline"


def test_one_forecast_makes_no_picture(question):
    say(question, make_source("Ada Andersson"), 0.37)
    [sent] = swept(question.deadline_at)
    assert sent.get_content_type() == "multipart/alternative"
    assert "Ada" not in html_of(sent)


def test_a_blind_desk_s_mail_says_nothing_of_who_said_what(question, desk):
    desk.blind = True
    desk.save()
    spoken_on(question)
    [sent] = swept(question.deadline_at)
    assert sent.get_content_type() == "multipart/alternative"
    told = html_of(sent) + text_of(sent) + str(sent["Subject"])
    for secret in ("Ada", "Bengtsson"):
        assert secret not in told
    assert not tells(told, 37)
    assert not tells(told, 82)
    assert "Ada" not in Message.objects.get().body


def test_a_digest_puts_the_latest_first_and_says_how_late_each_is(erin, desk):
    set_preferences(user=erin, wishes={"mode": "daily"})
    soon = make_question("Will it thaw?", desk=desk)
    late = make_question("Did it snow?", on=soon.deadline_on - 40 * DAY, desk=desk)
    spoken_on(late)
    now = soon.deadline_at - 5 * DAY
    assert swept(now) == []
    [sent] = swept(now + DAY)
    html = html_of(sent)
    assert html.index("Did it snow?") < html.index("Will it thaw?")
    for part in (html, text_of(sent)):
        assert "36 days overdue" in part
        assert "in 3 days" in part
        assert part.count("/admin/forecasts/reminder/act/") == 2
    assert "Ada" not in html
    assert sent["List-Id"] == "<reminders.127.0.0.1>"
    assert "2 questions to answer" in sent["Subject"]


def test_each_person_reads_their_own_language_and_calendar(question, erin):
    set_preferences(user=erin, wishes={"language": "sv", "zone": "Pacific/Auckland"})
    [sent] = swept(question.deadline_at)
    assert '<html lang="sv">' in html_of(sent)
    assert "2020" in html_of(sent)


def test_what_is_said_is_read_at_once_however_many_say_it(question):
    claim = claim_reminders(now=question.deadline_at)

    def cost(n):
        for number in range(n):
            say(question, make_source(f"Synthetic {n} {number}"), 0.5)
        with CaptureQueriesContext(connection) as queries:
            assert claimed_reminders(keys=claim.claimed, claim=claim.claim).said[question.pk]
        return len(queries)

    assert cost(2) == cost(12) == 4


def test_a_question_for_which_nobody_named_a_desk_is_the_first_desk_s():
    make_user("root", role=None, is_superuser=True)
    question = make_question("Whose?", desk=None)
    [sent] = swept(question.deadline_at)
    assert f"Desk: {question.desk}" in text_of(sent)
    assert sent["List-Id"] == f"<{question.desk.slug}.reminders.127.0.0.1>"
    assert make_desk("sports")


def test_what_a_real_server_takes_in_is_read_shown_and_left_with_one_click(
    question, erin, live_server, settings, monkeypatch
):
    """The whole way: swept, sent by SMTP, parsed, its picture found, its one click sent by a program."""
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "links", None)
    spoken_on(question)
    sink, port = Sink(), free_port()
    server = serve(sink, port)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT, settings.SITE_URL = port, live_server.url
    try:
        sweep_in_foreground(clock=lambda: question.deadline_at)
    finally:
        server.stop()
    [sent] = sink.accepted
    assert sent["To"] == "erin@example.org"
    assert [part.get_content_type() for part in sent.walk()] == [
        "multipart/related", "multipart/alternative", "text/plain", "text/html", "image/png",
    ]  # fmt: skip
    address = sent["List-Unsubscribe"].strip().partition(">")[0].strip("<")
    name, value = sent["List-Unsubscribe-Post"].split("=")
    with urlopen(Request(address, urlencode({name: value}).encode())) as answer:  # noqa: S310
        assert answer.status == 200
    assert wishes_of(erin).unsubscribed == ["mail"]
