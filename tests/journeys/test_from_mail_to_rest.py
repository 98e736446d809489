"""A reminder's way: swept by beat, sent by a worker, read in a mail program, put off in a browser."""

from datetime import timedelta
from email.message import Message as Mail

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from forecasts.delivery.reads.routing import wishes_of
from forecasts.models import Reminder, Snooze
from tests.conftest import PHONE
from tests.processes import Processes, free_port, wait_until
from tests.records import make_desk, make_question, make_source, make_user, say
from tests.smtp import Sink, serve

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.worker, pytest.mark.browser, pytest.mark.slow,
]  # fmt: skip
MINE = "/admin/forecasts/reminder/mine/"


@pytest.fixture
def sink():
    sink, port = Sink(), free_port()
    controller = serve(sink, port)
    sink.url = f"smtp://127.0.0.1:{port}"
    yield sink
    controller.stop()


def read_as_a_program_would(page: Page, mail: Mail) -> None:
    """Show the mail's HTML with nothing but what came along, and no network."""
    html = mail.get_body(("html",)).get_content()
    page.set_content(html)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_from_the_mail_to_a_week_s_rest(processes: Processes, sink: Sink, open_page) -> None:
    desk = make_desk()
    erin = make_user(desk=desk, is_staff=True)
    question = make_question("Did it snow?", desk=desk, on=(timezone.now() - timedelta(days=9)).date())
    say(question, make_source("Ada Andersson"), 0.37)
    say(question, make_source("Bo Bengtsson"), 0.82)
    web = processes.web()
    processes.worker(EMAIL_URL=sink.url, SITE_URL=web.url)
    processes.beat(SWEEP_SECONDS="1")
    wait_until(lambda: sink.accepted, what="the mail")
    [mail] = sink.accepted

    page = open_page(PHONE, has_touch=True, is_mobile=True)
    read_as_a_program_would(page, mail)
    expect(page.get_by_role("heading", name="Did it snow?")).to_be_visible()
    expect(page.get_by_alt_text("Bo Bengtsson: 82%; Ada Andersson: 37%")).to_have_count(1)
    link = page.get_by_role("link", name="1 week").get_attribute("href")

    page.goto(link)
    page.get_by_label("Username").fill("erin")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Did it snow?")).to_be_visible()
    assert not Snooze.objects.exists()
    expect(page.get_by_role("button", name="1 week")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Snoozed until")).to_be_visible()
    armed = Reminder.objects.armed().get(question=question, escalated=False)
    assert abs(armed.due_at - timezone.now() - timedelta(days=7)) < timedelta(hours=2)

    page.goto(web.url + MINE)
    page.get_by_label("one digest a week").check()
    page.get_by_label("Weekly digest on").select_option("Friday")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert (wishes_of(erin).mode, wishes_of(erin).digest_weekday) == ("weekly", 4)
    assert len(sink.accepted) == 1
