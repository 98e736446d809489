"""
Every address that people who are on no desk can ask for, walked: nothing of what is not published is told.

An address that is new in the URL map fails until it has a row in `addresses.py`.
"""

import re
from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from rest_framework.throttling import SimpleRateThrottle

from forecasts.boards.writes.standings import keep_standing
from forecasts.models import Document, Question, Source
from tests.records import (
    accepted_statement,
    make_board,
    make_desk,
    make_question,
    make_source,
    make_term,
    new_token,
    say,
)
from tests.tracker.publishing.addresses import ASKED, FOR_THE_DESK, TOLD, views
from tests.tracker.publishing.records import LATER, Told, tell

pytestmark = pytest.mark.django_db
SECRET, OPEN = "zebrafink", "oakleaf"
VARYING = (
    r"\d{4}-\d\d-\d\dT[\d:.]+Z?",
    r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]+ (GMT|\+0000)",
    r"W?/?\"[\w-]{8,}\"",
    r"nonce-[\w+/=-]+|nonce=\"[^\"]+\"",
    r"csrf\w*[^>]+",
    r"'Content-Length': '\d+'",
)
NO_KEY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def unhurried(monkeypatch, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    for scope in ("anon", "user", "token"):
        monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, None)


@pytest.fixture
def boards(db):
    make_term()
    return make_board("open", public=True), make_board("closed", public=False)


@pytest.fixture(params=["anonymous", "on no desk"])
def asker(request, db):
    """Somebody who is signed out, and somebody who is signed in and on no desk: page cookie and token."""
    client = Client(raise_request_exception=False)
    if request.param == "on no desk":
        user = User.objects.create_user("nobody")
        client.force_login(user)
        client.defaults["HTTP_AUTHORIZATION"] = f"Token {new_token(user)}"
    return client


def test_every_address_has_a_row_here_or_is_for_the_desk():
    named = {view for view in views() if not view.startswith(FOR_THE_DESK)}
    asked = {view for view in ASKED if not view.startswith(FOR_THE_DESK)}
    assert named == asked
    assert set(TOLD) <= set(ASKED)


def walked(client: Client, names: dict[str, str]) -> dict[str, list[tuple[str, int, str]]]:
    """Return what each view answers: address, status and the body as it is sent."""
    found: dict[str, list[tuple[str, int, str]]] = {}
    for view, paths in ASKED.items():
        for path in paths:
            address = path.format(**names)
            response = client.get(address, headers={"Accept-Language": "en"})
            assert response.status_code < 500 or view == "readyz", (address, response.content[:500])
            body = response.content.decode("utf-8", "replace") + str(response.headers)
            found.setdefault(view, []).append((address, response.status_code, body))
    return found


def without(body: str, *names: str) -> str:
    """Return the body without what the asker asked for: that is told back, whether it is there or not."""
    for name in sorted(names, key=len, reverse=True):
        body = body.replace(name, "…")
    return body


def leaks(answers: dict[str, list[tuple[str, int, str]]], hidden: Told) -> list[tuple[str, str]]:
    """Return the addresses that tell a word or a key of what is hidden, with what they tell."""
    asked = hidden.names.values()
    found = []
    for rows in answers.values():
        for address, status, body in rows:
            refused = status in {302, 400, 401, 403, 404, 405}
            read = without(body, address, *asked) if refused else body
            told = [key for key in hidden.keys if key in read]
            told += re.findall(rf".{{0,40}}{SECRET}.{{0,40}}", read, re.IGNORECASE)
            found += [(address, each) for each in told]
    return found


def test_a_record_that_holds_only_drafts_tells_nothing(asker, boards):
    open_board, closed = boards
    hidden = tell(SECRET, public=False)
    standing = keep_standing(board=open_board, as_of=LATER, now=LATER)
    closed_standing = keep_standing(board=closed, as_of=LATER, now=LATER)
    assert SECRET in str(closed_standing.rows), "the desk's own board counts the drafts"
    names = {
        **hidden.names,
        "board": "open",
        "hidden_board": "closed",
        "standing": str(standing.key),
        "hidden_standing": str(closed_standing.key),
    }
    answers = walked(asker, names)
    assert leaks(answers, hidden) == []
    for view in ("pages:question", "pages:document", "pages:source", "api:forecasts-detail"):
        assert [status for _path, status, _body in answers[view]] == [404] * len(answers[view]), view


def test_what_is_hidden_is_answered_as_what_never_was(asker, boards):
    """Nobody can find out by asking whether there is a draft of that name."""
    hidden = tell(SECRET, public=False)
    fixed = {"board": "open", "hidden_board": "closed", "standing": NO_KEY, "hidden_standing": NO_KEY}
    keys = {"document", "statement", "forecast", "resolution"}
    never = {name: str(uuid4()) if name in keys else f"never-{name}" for name in hidden.names}
    drafts, nothing = walked(asker, {**hidden.names, **fixed}), walked(asker, {**never, **fixed})
    for view in ASKED:
        if view in {"readyz", "api:docs", "notify:due_of_desk"} or view.startswith("api:desks-"):
            continue
        for (address, status, body), (other, status_of_none, body_of_none) in zip(
            drafts[view], nothing[view], strict=True
        ):
            assert status == status_of_none, address
            told = without(body, address, *hidden.names.values())
            told_of_none = without(body_of_none, other, *never.values())
            assert _steady(told) == _steady(told_of_none), address


def _steady(body: str) -> str:
    """Return the body without what differs from answer to answer: clocks, cookies, tags, request ids."""
    for varying in VARYING:
        body = re.sub(varying, "", body)
    return body


def test_among_public_rows_nothing_of_a_draft_is_told(asker, boards):
    open_board, closed = boards
    shown = tell(OPEN, public=True, more=f" One. Two. A {SECRET} sings. Three.")
    hidden = tell(SECRET, public=False)
    article = Document.objects.get(key=shown.names["document"])
    _a_draft_in(article)
    standing = keep_standing(board=open_board, as_of=LATER, now=LATER)
    closed_standing = keep_standing(board=closed, as_of=LATER, now=LATER)
    fixed = {
        "board": "open",
        "hidden_board": "closed",
        "standing": str(standing.key),
        "hidden_standing": str(closed_standing.key),
    }
    told = walked(asker, {**shown.names, **fixed})
    assert leaks(told, hidden) == []
    assert leaks(walked(asker, {**hidden.names, **fixed}), hidden) == []
    for view in TOLD:
        assert any(status == 200 and OPEN in body for _path, status, body in told[view]), view


def _a_draft_in(article: Document) -> None:
    """Mark words in a public article, and issue their forecast on a question that is not public."""
    speaker = make_source(f"Quiet {SECRET}")
    words = accepted_statement(document=article, quote=f"A {SECRET} sings", speaker=speaker)
    desk = make_desk(f"quiet-{SECRET}", publishes_with_forecast=False)
    question = make_question(f"Sings the {SECRET}?", desk=desk)
    say(question, speaker, 0.7, statement=words)


def test_an_export_for_the_public_holds_what_is_public_alone(boards):
    tell(OPEN, public=True)
    tell(SECRET, public=False)
    for form in ("common", "hubverse-model", "hubverse-oracle"):
        written, said = StringIO(), StringIO()
        call_command("export_forecasts", audience="public", form=form, stdout=written, stderr=said)
        assert SECRET not in written.getvalue().lower()
        assert OPEN in written.getvalue().lower()
        whole = StringIO()
        call_command("export_forecasts", form=form, stdout=whole, stderr=said)
        assert SECRET in whole.getvalue().lower()
        assert "1 question that is not public" in said.getvalue()


def test_a_public_source_s_other_words_stay_hidden(client, boards):
    """One source with a public call and a private one: its page tells and counts the public one alone."""
    ada = make_source("Ada")
    say(make_question(f"Will it {OPEN}?"), ada, 0.9)
    quiet = make_question(f"Will it {SECRET}?", desk=make_desk(publishes_with_forecast=False))
    say(quiet, ada, 0.1)
    page = client.get("/sources/").content.decode()
    assert "1 question" in page
    page = client.get(f"/sources/{ada.slug}/").content.decode()
    assert (OPEN in page, SECRET in page) == (True, False)
    assert Question.objects.public().count() == Source.objects.public().count() == 1
