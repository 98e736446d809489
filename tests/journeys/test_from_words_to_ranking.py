"""
The whole way, through real processes: words, draft, accept, forecast, reminder, resolution, ranking.

A real browser at a real web server, a real beat and worker, a real mail server. It fails if any of
PostgreSQL, Redis or the worker is not what it says it is.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from forecasts.models import Board, Message, Resolution, Statement
from forecasts.record.reads import ledger
from tests.processes import free_port, wait_until
from tests.records import make_desk, make_source
from tests.smtp import Sink, serve

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.worker,
    pytest.mark.slow,
]

ARTICLE = "Staden väntar.\n\n– Det kommer att snöa i Teststad, säger Testa Testsson.\n\nI går regnade det."
WORDS = "Det kommer att snöa i Teststad"
TODAY = timezone.now().date()
# Two cores run a database, a broker, a worker, a beat, a web server and a browser at once here.
expect.set_options(timeout=60_000)


@pytest.fixture
def smtp():
    sink, port = Sink(), free_port()
    controller = serve(sink, port)
    sink.url = f"smtp://127.0.0.1:{port}"
    yield sink
    controller.stop()


def test_from_words_to_ranking(processes, smtp, redis_client, page: Page):
    _the_servers_are_real(redis_client)
    make_source("Testa Testsson")
    make_source("Testbladet", kind="outlet")
    make_desk()
    Board.objects.create(slug="all", name="All forecasts", minimum_n=1)
    User.objects.create_superuser("erin", "erin@example.org", "correct horse")
    web = processes.web(EMAIL_URL=smtp.url)
    worker = processes.worker(EMAIL_URL=smtp.url, SITE_URL=web.url)
    processes.beat(SWEEP_SECONDS="1")

    _sign_in(page, web.url)
    _capture(page, web.url)
    _mark(page)
    _accept(page)
    _open_and_issue(page)
    link = _wait_for_the_reminder(smtp, worker)
    assert urlsplit(link).netloc == urlsplit(web.url).netloc
    page.goto(link)
    _resolve(page)
    _see_the_ranking(page, web.url)

    assert ledger.verify() is None
    assert Message.objects.count() == len(smtp.accepted) == 1


def _the_servers_are_real(redis_client):
    assert connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_setting('server_version_num')::int")
        pid, version = cursor.fetchone()
    assert pid > 0
    assert version >= 140000
    assert redis_client.info("server")["process_id"] > 0


def _sign_in(page, url):
    page.goto(f"{url}/admin/")
    page.get_by_label("Username").fill("erin")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Paste an article").first).to_be_visible()


def _capture(page, url):
    page.get_by_text("Paste an article").first.click()
    page.locator("[name=text]").fill(ARTICLE)
    page.locator("[name=title]").fill("Snö i Teststad")
    page.locator("[name=outlet]").fill("Testbladet")
    page.locator("[name=language]").select_option("sv")
    page.locator("[name=published_on]").fill((TODAY - timedelta(days=60)).isoformat())
    page.locator("form.form button.press").first.click()
    expect(page).to_have_url(re.compile(r"/forecasts/document/\d+/change/"))


def _mark(page):
    page.locator("[name=quote]").fill(WORDS)
    page.locator("[name=directness]").select_option("direct")
    page.locator("[name=_mark]").click()
    expect(page).to_have_url(re.compile(r"/forecasts/statement/\d+/change/"))
    assert Statement.objects.get().status == "draft"


def _accept(page):
    page.locator("[name=speaker]").fill("Testa Testsson")
    page.locator("[name=reason]").fill("Says what will happen.")
    page.locator("[name=_accept]").click()
    expect(page.locator("#issue")).to_be_visible()
    statement = Statement.objects.get()
    assert (statement.status, statement.quote) == ("accepted", WORDS)


def _open_and_issue(page):
    page.locator("[name=proposition]").fill("Will it snow in Teststad?")
    page.locator("[name=criteria]").fill("The synthetic weather office reports snow.")
    page.locator("[name=deadline_on]").fill((TODAY - timedelta(days=2)).isoformat())
    page.locator("[name=_open]").click()
    expect(page.locator("[name=_issue]")).to_be_visible()
    page.locator("[name=probability]").fill("0.8")
    page.locator("[name=_issue]").click()
    expect(page.locator("#issue, .panel").first).to_be_visible()


def _wait_for_the_reminder(smtp, worker):
    """Nobody asks for it: beat sweeps, the worker sends."""
    wait_until(lambda: smtp.accepted, what="the reminder")
    wait_until(Message.objects.exists, what="the record of the reminder")
    assert "tracker.tasks.send_reminders" in worker.log
    mail = smtp.accepted[0]
    assert mail["Subject"] == "1 day overdue: Will it snow in Teststad?"
    body = mail.get_body(("plain",)).get_content()
    return re.search(r"http\S+", body)[0]


def _resolve(page):
    page.get_by_label("Yes, it happened").check()
    page.locator("[name=occurred_on]").fill((TODAY - timedelta(days=5)).isoformat())
    page.locator("[name=evidence_url]").fill("https://example.org/snow")
    page.locator("[name=evidence_quote]").fill("Snow fell on Teststad.")
    page.locator("[name=_preview]").click()
    expect(page.get_by_text("This will be scored")).to_be_visible()
    expect(page.locator("table.scores")).to_contain_text("0.040")
    assert not Resolution.objects.exists()
    page.locator("[name=_resolve]").click()
    expect(page).to_have_url(re.compile(r"/forecasts/question/\d+/change/"))
    assert Resolution.objects.get().outcome == 1


def _see_the_ranking(page, url):
    page.goto(f"{url}/boards/all/")
    row = page.get_by_role("row").filter(has_text="Testa Testsson")
    expect(row).to_contain_text("0.040")
    answer = page.request.get(f"{url}/api/v1/boards/all/standings/").json()
    assert [(each["rank"], each["source"], each["n"]) for each in answer["rows"]] == [
        (1, "Testa Testsson", 1)
    ]
    assert answer["rows"][0]["brier"] == pytest.approx(0.04)
