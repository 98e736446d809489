"""Every form that adds or changes a row by hand: filled in and saved by each role that is offered it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from forecasts.models import Absence, Desk, Entry, Event, Invitation, Preferences, Role, Topic
from forecasts.models.record.fact import Fact
from forecasts.record.reads import ledger
from tests.records import make_board, make_question, make_source, make_term, make_user
from tests.tracker.admin.forms import FormMissingError, PageForm
from tests.tracker.admin.test_matrix import MODELS, reaches
from tests.tracker.admin.test_permissions import RANKS, address
from tests.tracker.interchange.files import as_csv, row
from tracker import tasks

VIEWER, EDITOR, LEAD, ADMINISTRATOR = Role.VIEWER, Role.EDITOR, Role.LEAD, Role.ADMINISTRATOR


@dataclass(frozen=True)
class Fill:
    """
    What is typed into the form of a model, and by what the row is found then.

    `rows` are added to tables of the form; `roles` are those to whom the form offers just this.
    """

    label: str
    typed: dict[str, Any]
    found: dict[str, Any]
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    roles: tuple[Role, ...] = tuple(Role)
    records: bool = False  # It is a fact, or its service records one.


INVITED = {"name": "Bo Ek", "email": "bo@example.org"}
ANOTHER = {"name": "Eva Ek", "email": "eva@example.org"}
NAMED = {"name": "Floods", "slug": "floods"}
ADDS = [
    Fill("auth.group", {"name": "Interns"}, {"name": "Interns"}),
    # People are invited, from their own list as well as from that of the invitations.
    Fill("auth.user", INVITED, {**INVITED, "role": EDITOR, "desk__slug": "weather"}),
    Fill("forecasts.invitation", {**ANOTHER, "role": VIEWER}, {**ANOTHER, "role": VIEWER}),
    Fill(
        "forecasts.absence",
        {"user": "{erik}", "away_from": "2031-01-01", "back_on": "2031-01-08", "note": "Skiing."},
        {"user__username": "erik", "away_from": "2031-01-01", "back_on": "2031-01-08", "note": "Skiing."},
    ),
    Fill("forecasts.board", NAMED, {**NAMED, "minimum_n": 5}),
    Fill(
        "forecasts.document",
        {"text": "Snow  will fall.\n", "title": "Snow", "published_on": "2026-01-05"},
        {"text": "Snow  will fall.\n", "title": "Snow"},
        records=True,
    ),
    Fill("forecasts.event", NAMED, NAMED),
    Fill(
        "forecasts.import",
        {"uploaded": "{upload}"},
        {"name": "rain.csv", "desk__slug": "weather", "board": None},
    ),
    Fill("forecasts.preferences", {"user": "{erik}", "cap": "7"}, {"user__username": "erik", "cap": 7}),
    Fill(
        "forecasts.question",
        {"proposition": "Will it rain?", "criteria": "The office says so.", "deadline_on": "2031-06-30"},
        {"proposition": "Will it rain?", "deadline_on": "2031-06-30", "desk__slug": "weather"},
        records=True,
    ),
    Fill("forecasts.scale", {**NAMED, "source": "Synthetic"}, {**NAMED, "source": "Synthetic"}),
    Fill(
        "forecasts.source",
        {"name": "Nils Ny", "kind": "person"},
        {"name": "Nils Ny", "slug": "nils-ny", "aliases__name": "N. N.", "affiliations__role": "analyst"},
        rows={"aliases": {"name": "N. N."}, "affiliations": {"role": "analyst"}},
    ),
    Fill(
        "forecasts.term",
        {
            "scale": "{scale}",
            "phrase": "perhaps",
            "language": "en",
            "low": "0.3",
            "best": "0.5",
            "high": "0.7",
        },
        {"phrase": "perhaps", "low": 0.3, "best": 0.5, "high": 0.7},
    ),
    Fill(
        "forecasts.tie",
        {"source": "{source}", "since": "2020-01-01", "note": "Served there."},
        {"user__username": EDITOR, "source__name": "Testa", "note": "Served there."},
        roles=(EDITOR,),
    ),
    Fill(
        "forecasts.tie",
        {"user": "{erik}", "source": "{source}", "since": "2020-01-01", "note": "His sister."},
        {"user__username": "erik", "source__name": "Testa", "note": "His sister."},
        roles=(LEAD, ADMINISTRATOR),
    ),
    Fill("forecasts.topic", NAMED, NAMED),
    # The last: whoever has two desks is asked for which of them the others are.
    Fill("forecasts.desk", NAMED, NAMED),
]
CHANGES = [
    Fill("auth.group", {"name": "Trainees"}, {"name": "Trainees"}),
    Fill("auth.user", {"first_name": "Erika"}, {"first_name": "Erika"}, roles=(ADMINISTRATOR,)),
    Fill("auth.user", {"memberships-0-role": VIEWER}, {"memberships__role": VIEWER}),
    Fill("forecasts.absence", {"note": "Ill.", "back_on": "2031-02-08"}, {"note": "Ill."}),
    Fill("forecasts.board", {"minimum_n": "3", "stated_only": "on"}, {"filter": {"stated_only": True}}),
    Fill("forecasts.desk", {"name": "Rain"}, {"name": "Rain", "slug": "weather"}),
    Fill("forecasts.desk", {"blind": "on"}, {"blind": True}, records=True),
    Fill(
        "forecasts.desk",
        {},
        {"memberships__user__username": "ny", "rota__every_weeks": 2},
        rows={
            "memberships": {"user": "{ny}", "role": EDITOR},
            "rota": {"user": "{pia}", "from_day": "2026-01-05", "every_weeks": "2"},
        },
    ),
    Fill("forecasts.event", {"name": "Ice"}, {"name": "Ice"}),
    Fill("forecasts.preferences", {"cap": "9"}, {"cap": 9}),
    Fill("forecasts.scale", {"name": "Ours"}, {"name": "Ours"}),
    Fill("forecasts.source", {}, {"aliases__name": "T. T."}, rows={"aliases": {"name": "T. T."}}),
    Fill(
        "forecasts.source",
        {"description": "A poet."},
        {"description": "A poet."},
        roles=(LEAD, ADMINISTRATOR),
    ),
    Fill(
        "forecasts.source",
        {"shows_whole_text": "on"},
        {"shows_whole_text": True},
        roles=(LEAD, ADMINISTRATOR),
        records=True,
    ),
    Fill("forecasts.term", {"best": "0.96"}, {"best": 0.96}),
    Fill("forecasts.topic", {"name": "Ice"}, {"name": "Ice"}),
]


@pytest.fixture
def rows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A row of each model whose form changes one, by its label."""
    monkeypatch.setattr("tracker.computing.handing.current_app.send_task", lambda *_given, **_how: None)
    monkeypatch.setattr(tasks.refresh_boards, "apply_async", lambda *_given, **_options: None)
    term, erik = make_term(), make_user("erik", desk=desk)
    make_user("ny", None)
    question = make_question("Will it snow?", desk=desk)
    return {
        "auth.group": Group.objects.create(name="x"),
        "auth.user": erik,
        "forecasts.absence": Absence.objects.create(user=erik, away_from="2031-02-01", back_on="2031-02-05"),
        "forecasts.board": make_board(),
        "forecasts.desk": desk,
        "forecasts.event": Event.objects.create(slug="x", name="X"),
        "forecasts.preferences": Preferences.objects.create(user=make_user("pia", desk=desk)),
        "forecasts.question": question,
        "forecasts.scale": term.scale,
        "forecasts.source": make_source("Testa"),
        "forecasts.term": term,
        "forecasts.topic": Topic.objects.create(slug="x", name="X"),
    }


def typed(given: dict[str, Any], rows: dict[str, Any]) -> dict[str, Any]:
    """Return what is typed, with the keys of rows."""
    keys = {
        "{erik}": str(rows["auth.user"].pk),
        "{pia}": str(rows["forecasts.preferences"].user_id),
        "{ny}": str(User.objects.get(username="ny").pk),
        "{source}": str(rows["forecasts.source"].pk),
        "{scale}": str(rows["forecasts.scale"].pk),
        "{upload}": SimpleUploadedFile("rain.csv", as_csv([row()]).encode()),
    }
    return {
        name: keys.get(value, value) if isinstance(value, str) else value for name, value in given.items()
    }


def model_of(label: str) -> Any:
    return next(each for each in admin.site._registry if each._meta.label_lower == label)


def page_to_add(label: str) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_add")


def save(client: Client, at: str, fill: Fill, rows: dict[str, Any]) -> Any:
    some = [*fill.typed, *(f"{inline}-TOTAL_FORMS" for inline in fill.rows)]
    form = PageForm(client, at, some[0])
    form.fill(typed(fill.typed, rows))
    for inline, given in fill.rows.items():
        form.add_row(inline, typed(given, rows))
    return form.send("_save" if "_save" in form.buttons else "")


def test_the_tables_leave_no_form_out() -> None:
    for table, place in ((ADDS, 1), (CHANGES, 2)):
        offered = {
            (label, role) for label, least in MODELS.items() for role in Role if reaches(role, least[place])
        }
        filled = {
            (each.label, role) for each in table for role in each.roles if (each.label, role) in offered
        }
        assert filled == offered


@pytest.mark.parametrize("role", RANKS)
def test_each_role_adds_what_it_is_offered_and_nothing_else(
    sign_in: Callable[..., Client], rows: dict[str, Any], role: str
) -> None:
    client, faults = sign_in(None if role == "nobody" else role), []
    for fill in ADDS:
        if reaches(role, MODELS[fill.label][1]):
            faults += [(fill.label, fault) for fault in added(client, fill, rows, role)]
    for label, least in MODELS.items():
        if not reaches(role, least[1]):
            at, before = page_to_add(label), model_of(label).objects.count()
            answered = (client.get(at).status_code, client.post(at, {"name": "x"}).status_code)
            if answered != (403, 403) or model_of(label).objects.count() != before:
                faults.append((label, f"is not offered, and answers {answered}"))
    assert faults == []


def added(client: Client, fill: Fill, rows: dict[str, Any], role: str) -> list[str]:
    if role not in fill.roles:
        return []
    at = page_to_add(fill.label)
    # Whoever is added is invited; the page shows the link, this once.
    model = Invitation if fill.label == "auth.user" else model_of(fill.label)
    return saved(client, at, fill, rows, model.objects.filter(**fill.found), shows=model is Invitation)


@pytest.mark.parametrize("role", RANKS)
def test_each_role_changes_what_it_is_offered_and_nothing_else(
    sign_in: Callable[..., Client], rows: dict[str, Any], role: str
) -> None:
    client, faults = sign_in(None if role == "nobody" else role), []
    for fill in CHANGES:
        at, model = address(rows[fill.label]), model_of(fill.label)
        found = model.objects.filter(pk=rows[fill.label].pk, **fill.found)
        if reaches(role, MODELS[fill.label][2]):
            if role in fill.roles:
                faults += [(fill.label, fault) for fault in saved(client, at, fill, rows, found)]
        elif refusal := offered_after_all(client, at):
            faults.append((fill.label, refusal))
    assert faults == []


def saved(
    client: Client, at: str, fill: Fill, rows: dict[str, Any], found: Any, *, shows: bool = False
) -> list[str]:
    """Fill the form in and send it; return what is wrong then. What was written is taken back."""
    faults, entries = [], Entry.objects.count()
    with transaction.atomic():
        if found.exists():
            faults.append("is there before it is saved")
        try:
            answer = save(client, at, fill, rows)
        except FormMissingError as error:
            return [*faults, str(error)]
        if answer.status_code != (200 if shows else 302):
            faults.append(f"answers {answer.status_code}: {errors_of(answer)}")
        if not found.exists():
            faults.append("is not there as typed")
        if fill.records != (Entry.objects.count() > entries):
            faults.append(f"added {Entry.objects.count() - entries} entries to the ledger")
        if broken := ledger.verify():
            faults.append(str(broken))
        transaction.set_rollback(True)
    return faults


def errors_of(answer: Any) -> str:
    """Return what the page says is wrong."""
    if answer.context is None:
        return ""
    forms = [each for name in ("form", "open", "adminform") if (each := answer.context.get(name))]
    inlines = [each.formset.errors for each in answer.context.get("inline_admin_formsets") or []]
    return f"{[each.errors for each in forms]} {inlines}"


def offered_after_all(client: Client, at: str) -> str:
    """Return what is wrong where somebody who may not change a row can save its form, or is offered to."""
    page, sent = client.get(at), client.post(at, {"name": "x", "_save": ""})
    if 'name="_save"' in page.content.decode():
        return "shows a button to somebody who may not save"
    return "" if sent.status_code == 403 else f"is not offered, and answers {sent.status_code}"


def test_what_is_a_fact_records_one() -> None:
    """The tables say themselves which forms record facts; a model that is one can't be left out."""
    for fill in ADDS:
        assert fill.records or not issubclass(model_of(fill.label), Fact), fill.label
