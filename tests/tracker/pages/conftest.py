"""The seed on the record, and synthetic sources by the dozen."""

import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache

from forecasts.models import Board, Question
from forecasts.questions.values.readings import Reading
from tests.records import (
    NOW,
    accepted_statement,
    make_board,
    make_document,
    make_question,
    make_source,
    make_term,
    resolve,
    say,
)
from tests.shared_record import shared
from tracker.intake.seed import Loaded, load_seed


def text_of(response) -> str:
    """Return what a reader reads, with plain spaces."""
    words = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", words)).split())


WEEK = timedelta(days=7)
SEEDS = Path(__file__).resolve().parents[3] / "seeds"
LOADED_AT = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
def own_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def seed(db, own_cache) -> Loaded:
    return load_seed(folder=SEEDS, now=LOADED_AT)


@pytest.fixture
def many(db, own_cache):
    """Return a function that adds `n` synthetic sources with a quoted forecast on one answered question."""
    board: Board = make_board(public=True)
    term = make_term()
    question: Question = make_question()
    made = iter(range(10_000))

    def add(n: int) -> Question:
        for number in [next(made) for _ in range(n)]:
            source = make_source(f"Synthetic {number:04d}")
            document = make_document(
                text=f"Synthetic {number}: det kommer att snöa.", title=f"Synthetic {number}"
            )
            statement = accepted_statement(
                document=document, quote="det kommer att snöa", speaker=source, translation="it will snow"
            )
            say(question, source, 0, reading=Reading.from_term(term), statement=statement, days=-20)
            other = make_question(f"Synthetic open question {number}?")
            say(other, source, 0.3)
        return question

    add(2)
    resolve(question, outcome=1, at=NOW)
    add.board = board
    add.question = question
    return add


@pytest.fixture(scope="module")
def made_rivals(django_db_setup, django_db_blocker):
    yield from shared(django_db_blocker, make_rivals)


@pytest.fixture
def rivals(made_rivals, db, own_cache):
    """What `make_rivals` makes, once for a module, in which no other record is made but beside it."""
    return made_rivals


def make_rivals() -> Board:
    """Return a board of two sources over three months, one of them better, and a third with one question."""
    board: Board = make_board(estimator="adjusted_shrunk", minimum_n=2)
    sure, unsure, late = (make_source(name) for name in ("Sure & <Co>", "Unsure", "Late"))
    for number in range(24):
        question = make_question(f"Question {number}?", opens_at=NOW - 20 * WEEK)
        happened = number % 3 != 0
        say(question, sure, 0.9 if happened else 0.1, days=-100)
        say(question, unsure, 0.6 if happened or number % 2 else 0.4, days=-100)
        if number == 0:
            say(question, late, 0.5, days=-100)
        resolve(question, outcome=int(happened), at=NOW - (number % 12) * WEEK)
    return board


@pytest.fixture
def large(monkeypatch):
    """Have every board be too large for a page, and list what is asked of a worker."""
    asked = []
    for name in ("live.HISTORY_AT_ONCE", "live.CHANGES_AT_ONCE", "figures.table.ROWS_AT_ONCE"):
        monkeypatch.setattr(f"forecasts.boards.reads.{name}", 1)
    monkeypatch.setattr("tracker.pages.kit.calibrations.AT_ONCE", 1)
    monkeypatch.setattr(
        "tracker.computing.handing.current_app.send_task",
        lambda name, kwargs, **_rest: asked.append((name, kwargs)),
    )
    return asked
