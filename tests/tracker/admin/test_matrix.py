"""The whole matrix of the desk: no model, page, button or action without the role that it asks for."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client, RequestFactory
from django.urls import reverse

from forecasts.models import Desk, Digest, Entry, Forecast, Role, Tie, Verdict
from forecasts.people.writes.ties import declare_tie
from forecasts.verdicts.writes.disputes import dispute_answer, record_reply, uphold_answer
from tests.records import NOW, make_question, make_source, make_user, resolve, say
from tests.tracker.admin.test_permissions import BUTTONS, RANKS, address, records

__all__ = ["records"]

VIEWER, EDITOR, LEAD, ADMINISTRATOR = Role.VIEWER, Role.EDITOR, Role.LEAD, Role.ADMINISTRATOR
NOBODY = None
# For each model: who reads its list and its pages, adds a row, changes one by hand, deletes one.
MODELS: dict[str, tuple[Role, Role | None, Role | None, Role | None]] = {
    "auth.group": (ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, NOBODY),
    "auth.user": (LEAD, LEAD, LEAD, NOBODY),
    "forecasts.absence": (VIEWER, LEAD, LEAD, LEAD),
    "forecasts.blindswitch": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.board": (VIEWER, ADMINISTRATOR, ADMINISTRATOR, NOBODY),
    "forecasts.computation": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.deadlinemove": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.decision": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.deskmove": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.desk": (VIEWER, LEAD, LEAD, NOBODY),
    "forecasts.digest": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.dispute": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.document": (VIEWER, EDITOR, NOBODY, NOBODY),
    "forecasts.entry": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.event": (VIEWER, EDITOR, LEAD, NOBODY),
    "forecasts.forecast": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.import": (VIEWER, LEAD, NOBODY, NOBODY),
    "forecasts.invitation": (LEAD, LEAD, NOBODY, NOBODY),
    "forecasts.merge": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.message": (EDITOR, NOBODY, NOBODY, NOBODY),
    "forecasts.missedchat": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.preferences": (ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, NOBODY),
    "forecasts.publication": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.publishingrule": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.question": (VIEWER, EDITOR, NOBODY, NOBODY),
    "forecasts.reminder": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.reply": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.resolution": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.scale": (VIEWER, ADMINISTRATOR, ADMINISTRATOR, NOBODY),
    "forecasts.shown": (LEAD, NOBODY, NOBODY, NOBODY),  # It says who reads what.
    "forecasts.snooze": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.source": (VIEWER, EDITOR, EDITOR, NOBODY),
    "forecasts.standing": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.statement": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.term": (VIEWER, ADMINISTRATOR, ADMINISTRATOR, NOBODY),
    "forecasts.tie": (VIEWER, EDITOR, NOBODY, LEAD),
    "forecasts.topic": (VIEWER, EDITOR, LEAD, NOBODY),
    "forecasts.upholding": (VIEWER, NOBODY, NOBODY, NOBODY),
    "forecasts.verdict": (VIEWER, NOBODY, NOBODY, NOBODY),
}
# Pages of our own, beside those that every model has; who opens them.
PAGES: dict[str, Role | None] = {
    "auth_user_mine": VIEWER,
    "auth_user_token": ADMINISTRATOR,
    "forecasts_board_preview": ADMINISTRATOR,  # A form's answer: POST only.
    "forecasts_desk_agreement": LEAD,
    "forecasts_desk_links": VIEWER,
    "forecasts_digest_again": LEAD,
    "forecasts_import_refused": VIEWER,
    "forecasts_missedchat_again": LEAD,
    "forecasts_question_queue": VIEWER,
    "forecasts_question_supersede": LEAD,
    "forecasts_reminder_act": VIEWER,
    "forecasts_reminder_again": LEAD,
    "forecasts_reminder_mine": VIEWER,
    "forecasts_source_merge": LEAD,
}
# Django's own, which show nothing of the record.
DJANGOS = {
    *("index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n"),
    *("view_on_site", "app_list", "auth_user_password_change", "search"),
}
ACTIONS: dict[str, dict[str, Role]] = {
    "forecasts.reminder": {"send_chosen_again": LEAD},
    "forecasts.digest": {"send_chosen_again": LEAD},
    "forecasts.missedchat": {"send_chosen_again": LEAD},
}
USUAL = {"changelist", "add", "history", "delete", "change"}


def named(patterns: Any) -> Iterator[str]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from named(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def test_the_matrix_leaves_no_model_out() -> None:
    assert set(MODELS) == {model._meta.label_lower for model in admin.site._registry}


def test_the_matrix_leaves_no_page_out() -> None:
    ours = {name for name in named(admin.site.get_urls()) if name.rsplit("_", 1)[-1] not in USUAL}
    assert ours - DJANGOS == set(PAGES)


def test_the_matrix_leaves_no_button_out() -> None:
    buttons = {
        (model._meta.model_name, button)
        for model, found in admin.site._registry.items()
        for button in getattr(found, "buttons", {})
    }
    assert buttons <= {(noun, button) for noun, button, _least in BUTTONS}


@pytest.mark.parametrize("role", RANKS)
def test_the_matrix_leaves_no_action_out(sign_in: Callable[..., Client], role: str) -> None:
    sign_in(None if role == "nobody" else role)
    request = RequestFactory().get("/")
    request.user = User.objects.get(username=str(None if role == "nobody" else role))
    for model, found in admin.site._registry.items():
        offered = {
            name for name, least in ACTIONS.get(model._meta.label_lower, {}).items() if reaches(role, least)
        }
        assert set(found.get_actions(request)) == offered, model


def reaches(role: str, least: Role | None) -> bool:
    return least is not None and RANKS.index(role) >= RANKS.index(least)


@pytest.mark.parametrize("role", RANKS)
def test_each_role_reads_and_adds_what_the_matrix_says(sign_in: Callable[..., Client], role: str) -> None:
    client = sign_in(None if role == "nobody" else role)
    wrong = []
    for label, (reads, adds, _changes, _deletes) in MODELS.items():
        stem = f"admin:{label.replace('.', '_')}"
        for page, least in (("changelist", reads), ("add", adds)):
            status = client.get(reverse(f"{stem}_{page}")).status_code
            if (status == 200) != reaches(role, least):
                wrong.append((label, page, status))
    assert wrong == []


@pytest.fixture
def rows(records: dict[str, Any], desk: Desk) -> list[Any]:
    """A row of nearly every model."""
    question, source = make_question("Resolved?", desk=desk), make_source("Replier")
    say(question, source, 0.5)
    resolve(question)
    given = {"question": question, "by": None, "now": NOW}
    raised = dispute_answer(reason="No.", raised_by="Testa", **given)
    tied = make_user("tied", desk=desk)
    since = NOW.date()
    return [
        *records.values(),
        question.resolutions.get(),
        Verdict.objects.get(),
        raised,
        uphold_answer(dispute=raised, reason="It stands.", by=None, now=NOW),
        record_reply(source=source, text="No.", replied_on=since, **given),
        declare_tie(user=tied, source=source, since=since, note="Sister.", by=None, now=NOW),
        Entry.objects.first(),
        question.reminders.first(),
        desk,
        tied,
        Group.objects.create(name="x"),
    ]


@pytest.mark.parametrize("role", RANKS)
def test_each_role_changes_and_deletes_by_hand_what_the_matrix_says(
    sign_in: Callable[..., Client], rows: list[Any], role: str
) -> None:
    client = sign_in(None if role == "nobody" else role)
    kept = [Entry.objects.count(), Forecast.objects.count(), Tie.objects.count(), Digest.objects.count()]
    wrong = []
    for row in rows:
        _reads, _adds, changes, deletes = MODELS[row._meta.label_lower]
        # A nonsensical form is refused as a form where the role suffices, and as forbidden where not.
        changed = client.post(address(row), {"nonsense": ""}).status_code
        deletion = client.get(address(row, "delete")).status_code
        if (changed != 403) != reaches(role, changes):
            wrong.append((row._meta.label_lower, "change", changed))
        if (deletion == 200) != reaches(role, deletes):
            wrong.append((row._meta.label_lower, "delete", deletion))
    assert wrong == []
    assert kept == [
        Entry.objects.count(),
        Forecast.objects.count(),
        Tie.objects.count(),
        Digest.objects.count(),
    ]


@pytest.mark.parametrize("role", RANKS)
def test_each_role_opens_our_own_pages_as_the_matrix_says(
    sign_in: Callable[..., Client], records: dict[str, Any], desk: Desk, role: str
) -> None:
    client = sign_in(None if role == "nobody" else role)
    arguments: dict[str, list[Any]] = {
        "auth_user_token": [User.objects.first().pk],
        "forecasts_desk_agreement": [desk.pk],
        "forecasts_desk_links": [desk.pk],
        "forecasts_import_refused": [records["import"].pk],
        "forecasts_question_supersede": [records["question"].pk],
        "forecasts_source_merge": [records["source"].pk],
    }
    # In the tests of links, of boards and of dead letters: these want a token, or a POST.
    elsewhere = {"forecasts_reminder_act", "forecasts_board_preview"}
    elsewhere |= {"forecasts_reminder_again", "forecasts_digest_again", "forecasts_missedchat_again"}
    wrong = []
    for name in set(PAGES) - elsewhere:
        status = client.get(reverse(f"admin:{name}", args=arguments.get(name, []))).status_code
        if (status == 200) != reaches(role, PAGES[name]):
            wrong.append((name, status))
    assert wrong == []
