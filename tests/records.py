"""Synthetic records for the tests, made through the services. Nobody here exists."""

import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from forecasts.articles.writes.documents import capture_document
from forecasts.articles.writes.statements import accept_statement, draft_statement
from forecasts.delivery.writes.sending import begin_sending
from forecasts.desk.writes.links import link_of
from forecasts.models import (
    Board,
    Desk,
    Document,
    Membership,
    Question,
    Role,
    Scale,
    Source,
    Statement,
    Term,
    Token,
)
from forecasts.people.reads.tokens import digest_of
from forecasts.people.writes.home_desk import home_desk
from forecasts.people.writes.tokens import PREFIX
from forecasts.questions.values.readings import Reading
from forecasts.questions.writes.forecasts import issue_forecast
from forecasts.questions.writes.lifecycle import open_question
from forecasts.schedule import Deadline
from forecasts.sources.writes import add_source
from forecasts.verdicts.writes.findings import Exhibit, Finding
from forecasts.verdicts.writes.resolutions import answer_question
from tracker.notify.kit.secret_links import addresses

NOW = datetime(2020, 1, 1, 12, tzinfo=UTC)
ZONE = "Europe/Stockholm"
TEXT = "Snön kommer att falla – före jul, säger Testa Testsson. I går föll regn."
QUOTE = "Snön kommer att falla – före jul"


def make_source(name: str = "Testa Testsson", kind: str = "person", **rest: Any) -> Source:
    return add_source(name=name, kind=kind, by=None, now=NOW, **rest)


def make_user(
    name: str = "erin", role: str | None = Role.EDITOR, desk: Desk | None = None, **rest: Any
) -> User:
    """Return somebody in that role on the desk, or on the first there is; without a role, on none."""
    user = User.objects.create_user(name, f"{name}@example.org", "correct horse", **rest)
    if role is not None:
        Membership.objects.create(desk=desk or home_desk(by=None), user=user, role=role)
    return user


def make_desk(slug: str = "weather", **rest: Any) -> Desk:
    return Desk.objects.create(slug=slug, name=slug.title(), zone=ZONE, **rest)


def make_document(text: str = TEXT, **rest: Any) -> Document:
    given = {
        "title": "Snö före jul",
        "language": "sv",
        "published_at": NOW - timedelta(days=1),
        "captured_at": NOW,
        "now": NOW,
    }
    return capture_document(text=text, **{**given, **rest})


def make_statement(document: Document | None = None, **rest: Any) -> Statement:
    document = document or make_document()
    start = document.text.index(rest.get("quote", QUOTE))
    given = {
        "start": start,
        "end": start + len(rest.get("quote", QUOTE)),
        "quote": QUOTE,
        "directness": "direct",
        "stated_at": NOW - timedelta(days=1),
        "now": NOW,
    }
    return draft_statement(document=document, **{**given, **rest})


def accepted_statement(**rest: Any) -> Statement:
    statement = make_statement(**{"speaker": rest.pop("speaker", None) or make_source(), **rest})
    accept_statement(statement=statement, reason="Says what will happen.", by=None, now=NOW)
    return statement


def make_question(
    proposition: str = "Will it snow in Teststad?", on: date = date(2020, 6, 30), **rest: Any
) -> Question:
    given = {
        "criteria": "The synthetic weather office reports snow.",
        "opens_at": NOW - timedelta(days=30),
        "deadline": Deadline(on=on, zone=ZONE),
        "now": NOW,
    }
    return open_question(proposition=proposition, **{**given, **rest})


def make_term(phrase: str = "kommer att", low: float = 0.9, best: float = 0.95, high: float = 0.99) -> Term:
    scale, _ = Scale.objects.get_or_create(
        slug="test", defaults={"name": "Test scale", "kind": "house", "source": "Synthetic"}
    )
    return Term.objects.create(scale=scale, phrase=phrase, language="sv", low=low, best=best, high=high)


def say(question: Question, source: Source, probability: float, days: float = -20, **rest: Any) -> Any:
    """Issue a stated probability, `days` from NOW."""
    given = {"reading": Reading.stated(probability), "stated_at": NOW + timedelta(days=days), "now": NOW}
    return issue_forecast(question=question, source=source, **{**given, **rest})


def exhibit(quote: str = "Snow fell.") -> Exhibit:
    return Exhibit(url="https://example.org/report", publisher="Synthetic weather office", quote=quote)


def resolve(question: Question, outcome: int = 1, at: datetime = NOW, now: datetime = NOW) -> Any:
    return answer_question(
        question=question,
        finding=Finding(
            answer="outcome", outcome=outcome, occurred_at=at, note="" if outcome else "It no longer can."
        ),
        evidence=[exhibit()],
        by=None,
        now=now,
    )


def begin(kind: Any, pk: int, claim: Any, now: datetime, worker: str = "") -> Any:
    """Begin to send a reminder or digest as whoever holds that claim, and return it."""
    nudge = kind.objects.get(pk=pk)
    nudge.claim = claim
    begin_sending(nudge=nudge, now=now, worker=worker)
    return nudge


def make_board(slug: str = "all", **rest: Any) -> Board:
    return Board.objects.create(slug=slug, name=slug.title(), **{"estimator": "raw", "minimum_n": 1, **rest})


def addresses_of(owner: User | Desk) -> dict[str, str]:
    """Return the secret addresses of a person or a desk, as their page shows them today."""
    return addresses(link=link_of(owner=owner, now=timezone.now()))


def new_token(user: User, *, scope: str = "write", days: int = 90, now: datetime | None = None) -> str:
    """Return a token of that person, as a program sends it: of somebody on no desk, too, who was on one."""
    made_at, secret = now or timezone.now(), PREFIX + secrets.token_urlsafe(32)
    made = {"made_at": made_at, "ends_at": made_at + timedelta(days=days), "digest": digest_of(secret)}
    Token.objects.create(user=user, name="tests", scope=scope, **made)
    return secret
