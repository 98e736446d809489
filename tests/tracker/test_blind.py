"""
Nothing tells a blind editor who said what: every address, asked and acted on, made from the URL map.

Two walks over the same record. While its desk is blind, no address may tell, whatever is sent there.
While the switch is off, each that tells must have noted that it did. A new address is in both without
a line here, and one that takes arguments fails until its noun has its row.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from forecasts.boards.writes.computations import want_board
from forecasts.desk.writes.desks import set_desk
from forecasts.files.writes.imports import begin_import
from forecasts.models import Message, Place, Reminder, Role, Scope, Shown
from forecasts.people.writes.tokens import make_token
from forecasts.verdicts.writes.disputes import record_reply
from tests.records import (
    NOW,
    QUOTE,
    accepted_statement,
    addresses_of,
    make_board,
    make_desk,
    make_document,
    make_question,
    make_source,
    make_user,
    resolve,
    say,
)
from tests.tracker.addresses import address, names, of_rows
from tracker.notify.kit.signed_links import action_link, leave_link

ASKED, SOURCE, REPLY, MAILED = (
    "Will it snow in Visby?",
    "Vera Visska",
    "I never said so.",
    "Vera Visska: 83%",
)
MARKS = (QUOTE, "Snön kommer", REPLY, MAILED, "0.8317", "83 %", "83\N{NO-BREAK SPACE}%", "83&nbsp;%", "83%")

# Where the two stand side by side and say nothing of each other: the newest outcomes, and what is due.
CHOICES = {"pages:home"}


class Record:
    """A blind desk and what was said on one of its questions, by somebody who is not at the desk."""

    def __init__(self) -> None:
        cache.clear()
        self.desk = make_desk("island", blind=True)
        self.question = make_question(ASKED, desk=self.desk)
        self.source, other = make_source(SOURCE), make_source("Other Otter")
        self.document = make_document(desk=self.desk)
        self.statement = accepted_statement(document=self.document, speaker=self.source)
        self.forecast = say(self.question, self.source, 0.8317, statement=self.statement)
        self.reply = record_reply(
            question=self.question, source=self.source, text=REPLY, replied_on=NOW.date(), by=None, now=NOW
        )
        answered = make_question("Did it rain?", desk=self.desk)
        for source in (other, self.source):
            say(answered, source, 0.25)
        resolve(answered)
        self.computation = want_board(board_id=make_board("all").pk, now=NOW)
        self.reminder = Reminder.objects.filter(question=self.question).latest("pk")
        self.message = Message.objects.create(
            reminder=self.reminder,
            address="erin@example.org",
            subject="Answer due",
            body=MAILED,
            html=MAILED,
            message_id="<1@example.org>",
            sent_at=NOW,
        )
        self.job = begin_import(name="x.csv", sha256="a" * 64, board=None, rows=0, now=NOW, desk=self.desk)
        self.walker = make_user("walker", Role.ADMINISTRATOR, self.desk, is_staff=True)
        self.other = other

    @property
    def rows(self) -> dict[str, Any]:
        found = [self.question, self.source, self.document, self.statement, self.forecast, self.reply]
        found += [self.reminder, self.message, self.desk, self.statement.decisions.latest("pk")]
        return {row._meta.label_lower: row for row in found}

    @property
    def arguments(self) -> dict[str, list[Any]]:
        """Return what each address is asked with, by its name."""
        slug, key = self.question.slug, self.question.pk
        secret = addresses_of(self.walker)["calendar"].rsplit("/", 1)[1].removesuffix(".ics")
        return {
            **of_rows(self.rows),
            **_api_rows(self),
            "admin:app_list": ["forecasts"],
            "admin:auth_user_password_change": [self.walker.pk],
            "admin:auth_user_token": [self.walker.pk],
            "admin:forecasts_import_refused": [self.job.pk],
            "admin:forecasts_desk_links": [self.desk.pk],
            "admin:forecasts_desk_agreement": [self.desk.pk],
            "admin:forecasts_question_supersede": [key],
            "admin:forecasts_reminder_act": [
                action_link(reminder_id=self.reminder.pk).rstrip("/").split("/")[-1]
            ],
            "admin:forecasts_reminder_again": [self.reminder.pk],
            "admin:forecasts_digest_again": [1],
            "admin:forecasts_missedchat_again": [1],
            "admin:forecasts_source_merge": [self.source.pk],
            "invitation_open": ["no-secret"],
            "notify:resolutions": ["atom"],
            "notify:changes": ["all", "rss"],
            "notify:due_of_desk": [self.desk.slug, "atom"],
            "notify:due_by_link": [secret, "rss"],
            "notify:leave": [leave_link(user=self.walker).rstrip("/").split("/")[-1]],
            "notify:calendar": [secret],
            "pages:board": ["all"],
            "pages:board_chart": ["all", "standings", "json"],
            "pages:source": [self.source.slug],
            "pages:source_chart": [self.source.slug, "history", "json"],
            "pages:compare_chart": ["json"],
            "pages:question": [slug],
            "pages:document": [self.document.key],
        }

    def asks(self) -> Client:
        """Return a browser that is signed in and sends a token, too."""
        _row, token = make_token(user=self.walker, name="walk", scope=Scope.WRITE, days=7, now=timezone.now())
        client = Client(headers={"Authorization": f"Token {token}"}, raise_request_exception=False)
        client.force_login(self.walker)
        return client

    def tells(self, body: str, name: str = "") -> bool:
        beside = SOURCE in body and ASKED in body and name not in CHOICES
        return beside or any(mark in body for mark in MARKS)


def _api_rows(record: Record) -> dict[str, list[Any]]:
    keyed = (
        "publications",
        "ties",
        "digests",
        "missed-chats",
        "absences",
        "my-absences",
        "entries",
        "invitations",
    )
    return {
        **{f"api:{each}-detail": [1] for each in keyed},
        **{f"api:{each}-detail": ["house"] for each in ("scales", "topics", "events")},
        **{f"api:{each}-detail": [uuid4()] for each in ("resolutions", "standings")},
        "api:questions-detail": [record.question.slug],
        "api:boards-detail": ["all"],
        "api:desks-detail": [record.desk.slug],
        "api:statements-detail": [record.statement.key],
        "api:forecasts-detail": [record.forecast.key],
        "api:reminders-detail": [record.reminder.pk],
        "api:sources-detail": [record.source.slug],
        "api:documents-detail": [record.document.key],
        "api:imports-detail": [record.job.pk],
        "api:people-detail": ["walker"],
        "api:computations-detail": [record.computation],
        "api:one-token": [1],
        "api:desks-turn": [record.desk.slug, 1],
        "api:desks-channel": [record.desk.slug, "abcdef"],
        "api:desks-member": [record.desk.slug, "walker"],
        "api:queue-detail": ["overdue"],
    }


@pytest.fixture
def record(db: None) -> Record:
    return Record()


def taken_back(ask: Callable[[], Any]) -> tuple[str, bool]:
    """Return what was answered and whether a question was noted as shown, and take back all it did."""
    with transaction.atomic():
        response = ask()
        body = b"".join(response) if response.streaming else response.content
        noted = Shown.objects.exists()
        transaction.set_rollback(True)
    return body.decode(errors="replace"), noted


# What is asked besides: a search, a filter and a page of the same address may tell more than the whole list.
QUERIES = {
    "admin:forecasts_forecast_changelist": ["?q=Visby", "?q=Vera"],
    "admin:forecasts_statement_changelist": ["?q=Vera"],
    "admin:forecasts_message_changelist": ["?q=Vera"],
    "admin:forecasts_source_changelist": ["?q=Vera"],
    "admin:autocomplete": ["?app_label=forecasts&model_name=affiliation&field_name=as_stated_in&term=sn"],
    "api:forecasts-list": ["?source=vera-visska", "?question=will-it-snow-in-visby", "?format=csv"],
    "api:statements-list": ["?search=kommer", "?speaker=vera-visska"],
    "api:comparison": ["?a=vera-visska&b=other-otter"],
    "pages:compare": ["?a=vera-visska&b=other-otter"],
}


def asked(record: Record) -> Iterator[tuple[str, str]]:
    arguments = record.arguments
    for name in names():
        for query in ["", *QUERIES.get(name, [])]:
            yield name, address(name, arguments) + query


def test_every_address_has_its_row(record: Record) -> None:
    arguments, missing = record.arguments, []
    for name in names():
        try:
            address(name, arguments)
        except NoReverseMatch as error:
            missing.append(str(error))
    assert missing == []


def test_no_address_tells_a_blind_editor(record: Record) -> None:
    client, told = record.asks(), []
    for name, where in asked(record):
        body, noted = taken_back(lambda where=where: client.get(where))
        if noted or (record.tells(body, name)):
            told.append(where)
    assert told == []


# The addresses that tell while nothing is hidden; were there none, the walk above would prove nothing.
TELLING = {
    *("pages:question", "pages:source", "pages:document"),
    *("api:forecasts-list", "api:forecasts-detail", "api:statements-list", "api:statements-detail"),
    *("api:documents-detail", "api:questions-replies"),
    *("admin:forecasts_question_change", "admin:forecasts_document_change"),
    *("admin:forecasts_forecast_change", "admin:forecasts_forecast_changelist"),
    *("admin:forecasts_statement_change", "admin:forecasts_statement_changelist"),
    *("admin:forecasts_reply_change", "admin:forecasts_reply_changelist"),
    *("admin:forecasts_decision_changelist", "admin:forecasts_message_change"),
}


def test_every_address_that_tells_while_the_switch_is_off_notes_it(record: Record) -> None:
    set_desk(desk=record.desk, rules={"blind": False}, by=record.walker, now=NOW)
    client, telling, unnoted = record.asks(), set(), []
    for name, where in asked(record):
        body, noted = taken_back(lambda where=where: client.get(where))
        if record.tells(body, name):
            telling.add(name)
            if not noted:
                unnoted.append(where)
    assert unnoted == []
    assert telling >= TELLING


BODY: dict[str, Any] = {
    "question": "will-it-snow-in-visby",
    "source": "other-otter",
    "probability": 0.5,
    "note": "So it was.",
    "stated_at": "2019-12-20T00:00:00Z",
    "reason": "So it was.",
    "text": "No.",
    "replied_on": "2019-12-24",
    "speaker": "other-otter",
    "answer": "outcome",
    "outcome": 1,
    "occurred_at": "2019-12-24T00:00:00Z",
}


def test_no_act_through_the_api_tells_a_blind_editor(record: Record) -> None:
    """Answers and verdicts of one's own are not among them: they open the question."""
    client, told = record.asks(), []
    opens = {"api:questions-verdicts", "api:questions-void", "api:questions-resolve"}
    for name, where in asked(record):
        if not name.startswith("api:") or name in opens:
            continue
        for method in ("post", "patch", "put", "delete"):
            body, noted = taken_back(
                lambda method=method, where=where: getattr(client, method)(
                    where, BODY, content_type="application/json"
                )
            )
            if noted or record.tells(body, name):
                told.append(f"{method} {where}")
    assert told == []


def test_no_button_at_the_desk_tells_a_blind_editor(record: Record) -> None:
    client, told, pressed = record.asks(), [], 0
    for model, found in admin.site._registry.items():
        row = record.rows.get(model._meta.label_lower)
        for button in getattr(found, "buttons", {}) if row else ():
            page = reverse(f"admin:forecasts_{model._meta.model_name}_change", args=[row.pk])
            body, noted = taken_back(
                lambda page=page, button=button: client.post(page, {button: "", **BODY}, follow=True)
            )
            pressed += 1
            if noted or record.tells(body):
                told.append((page, button))
    assert told == []
    assert pressed > 15


def test_whoever_looks_all_the_same_is_noted_and_then_shown(record: Record) -> None:
    client, page = record.asks(), reverse("pages:question", args=[record.question.slug])
    hidden = client.get(page).content.decode()
    assert "You have still to answer this question" in hidden
    assert "Show anyway" in hidden
    pressed = client.post(
        reverse("pages:show_anyway"), {"question": record.question.slug, "next": page}, follow=True
    )
    assert pressed.redirect_chain == [(page, 302)]
    assert "Your verdict on this question is not blind." in pressed.content.decode()
    assert SOURCE in client.get(page).content.decode()
    assert Shown.objects.values_list("user__username", "question__proposition", "place").get() == (
        "walker",
        ASKED,
        Place.ASKED,
    )
    for path in ("pages:document", "pages:source"):
        assert QUOTE in client.get(address(path, record.arguments)).content.decode()
    elsewhere = client.post(reverse("pages:show_anyway"), {"next": "https://elsewhere.example/"})
    assert elsewhere["Location"] == "/"
    assert Client().post(reverse("pages:show_anyway")).status_code == 403


def test_a_page_that_knows_its_reader_is_private_and_one_that_does_not_sets_no_cookie(record: Record) -> None:
    signed_in, anybody = record.asks(), Client()
    for name, where in asked(record):
        if not name.startswith(("pages:", "notify:")) or name in {"pages:show_anyway", "notify:due_of_desk"}:
            continue
        private = signed_in.get(where)
        assert "no-store" in private["Cache-Control"], where
        assert "public" not in private["Cache-Control"], where
        assert "Cookie" in private["Vary"], where
        public = anybody.get(where)
        assert not public.cookies, where
        assert "Cookie" in public["Vary"], where
        if where.startswith("/questions/") and name == "pages:question":
            assert SOURCE in public.content.decode()


def test_a_board_counts_nothing_that_is_hidden_from_its_reader(record: Record) -> None:
    silent = make_source("Sten Stum")
    say(record.question, silent, 0.5)
    at = (timezone.now()).date().isoformat()
    boards = ["/", "/boards/all/", f"/boards/all/?as_of={at}", "/api/v1/boards/all/standings/"]
    boards += ["/api/v1/boards/all/standings/?format=csv"]
    blind, public = record.asks(), Client()
    for where in boards:
        assert "Sten Stum" in public.get(where).content.decode(), where
        assert "Sten Stum" not in blind.get(where).content.decode(), where

    def vera(client: Client) -> dict[str, Any]:
        rows = client.get("/api/v1/boards/all/standings/").json()["rows"]
        return next(each for each in rows if each["source"] == SOURCE)

    told = ("n", "n_open", "imputed_share")
    assert [vera(public)[name] for name in told] == [1, 1, 0.0]
    assert [vera(blind)[name] for name in told] == [1, 0, None]


def test_what_a_merge_would_move_counts_nothing_that_is_hidden(record: Record) -> None:
    where = reverse("admin:forecasts_source_merge", args=[record.source.pk])
    given = {"into": record.other.pk, "reason": "The same person.", "_preview": "1"}
    assert record.asks().post(where, given).context["moves"]["forecasts"] == 1
    set_desk(desk=record.desk, rules={"blind": False}, by=record.walker, now=NOW)
    assert record.asks().post(where, given).context["moves"]["forecasts"] == 2
