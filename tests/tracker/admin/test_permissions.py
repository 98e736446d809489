"""Who may do what at the desk: every role and every button."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forecasts.boards.writes.computations import want_board
from forecasts.desk.writes.invitations import invite_person
from forecasts.files.writes.imports import begin_import
from forecasts.models import Board, Computation, Desk, Entry, Membership, Role, Token
from forecasts.models.record.fact import Fact
from tests.records import (
    NOW,
    accepted_statement,
    make_document,
    make_question,
    make_source,
    make_statement,
    make_user,
    resolve,
    say,
)

RANKS = ["nobody", Role.VIEWER, Role.EDITOR, Role.LEAD, Role.ADMINISTRATOR]
BUTTONS = [
    ("document", "_mark", Role.EDITOR),
    *((noun, "_publish", Role.EDITOR) for noun in ("document", "statement", "question", "forecast")),
    *((noun, "_take_back", Role.LEAD) for noun in ("document", "statement", "question", "forecast")),
    ("statement", "_save", Role.EDITOR),
    ("statement", "_accept", Role.EDITOR),
    ("statement", "_reject", Role.EDITOR),
    ("statement", "_open", Role.EDITOR),
    ("statement", "_issue", Role.EDITOR),
    ("question", "_preview", Role.EDITOR),
    ("question", "_resolve", Role.EDITOR),
    ("question", "_assign", Role.EDITOR),
    ("question", "_snooze", Role.EDITOR),
    ("question", "_edit", Role.EDITOR),
    ("question", "_dispute", Role.EDITOR),
    ("question", "_reply", Role.EDITOR),
    ("question", "_weigh", Role.LEAD),
    ("question", "_reconsider", Role.LEAD),
    ("question", "_adjudicate", Role.LEAD),
    ("question", "_uphold", Role.LEAD),
    ("question", "_overturn", Role.LEAD),
    ("question", "_move", Role.LEAD),
    ("question", "_to_desk", Role.LEAD),
    ("question", "_reopen", Role.LEAD),
    ("import", "_again", Role.LEAD),
    ("import", "_stop", Role.LEAD),
    ("invitation", "_resend", Role.LEAD),
    ("invitation", "_revoke", Role.LEAD),
    ("computation", "_again", Role.ADMINISTRATOR),
    ("computation", "_stop", Role.ADMINISTRATOR),
    ("forecast", "_revise", Role.EDITOR),
    ("forecast", "_withdraw", Role.EDITOR),
    ("forecast", "_correct", Role.EDITOR),
]


@pytest.fixture
def records(desk: Desk) -> dict[str, Any]:
    statement = make_statement()
    question = make_question(desk=desk)
    forecast = say(question, make_source(), 0.7)
    return {
        "document": statement.document,
        "statement": statement,
        "question": question,
        "forecast": forecast,
        "source": forecast.source,
        "board": (board := Board.objects.create(slug="all", name="All")),
        "computation": Computation.objects.get(pk=want_board(board_id=board.pk, now=NOW)),
        "invitation": invite_person(
            **{"name": "Bo", "email": "bo@example.org", "role": Role.EDITOR, "desk": desk},
            **{"by": None, "now": timezone.now(), "good_for": timedelta(days=7)},
        ),
        "import": begin_import(name="x.csv", sha256="a" * 64, board=None, rows=0, now=NOW),
    }


def address(row: Any, page: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{page}", args=[row.pk])


@pytest.mark.parametrize("role", RANKS)
def test_each_button_asks_for_its_role(
    sign_in: Callable[..., Client], records: dict[str, Any], role: str
) -> None:
    client = sign_in(None if role == "nobody" else role)
    entries = Entry.objects.count()
    allowed = {
        (noun, button): client.post(address(records[noun]), {button: ""}).status_code != 403
        for noun, button, _least in BUTTONS
    }
    assert allowed == {
        (noun, button): RANKS.index(role) >= RANKS.index(least) for noun, button, least in BUTTONS
    }
    assert Entry.objects.count() == entries  # Empty forms record nothing, whoever sends them.


@pytest.mark.parametrize("role", RANKS)
def test_each_page_asks_for_its_role(
    sign_in: Callable[..., Client], records: dict[str, Any], role: str
) -> None:
    client = sign_in(None if role == "nobody" else role)
    user = User.objects.get(username=str(None if role == "nobody" else role))
    pages = {
        **{address(row): Role.VIEWER for row in records.values()},
        address(records["invitation"]): Role.LEAD,
        reverse("admin:forecasts_entry_changelist"): Role.VIEWER,
        reverse("admin:forecasts_document_add"): Role.EDITOR,
        reverse("admin:forecasts_question_add"): Role.EDITOR,
        reverse("admin:forecasts_source_add"): Role.EDITOR,
        reverse("admin:forecasts_message_changelist"): Role.EDITOR,
        reverse("admin:forecasts_import_changelist"): Role.VIEWER,
        reverse("admin:forecasts_import_refused", args=[records["import"].pk]): Role.VIEWER,
        reverse("admin:forecasts_import_add"): Role.LEAD,
        address(records["source"], "merge"): Role.LEAD,
        reverse("admin:forecasts_desk_add"): Role.LEAD,
        reverse("admin:forecasts_digest_changelist"): Role.VIEWER,
        reverse("admin:forecasts_missedchat_changelist"): Role.VIEWER,
        reverse("admin:forecasts_snooze_changelist"): Role.VIEWER,
        reverse("admin:forecasts_absence_changelist"): Role.VIEWER,
        reverse("admin:forecasts_absence_add"): Role.LEAD,
        reverse("admin:forecasts_preferences_changelist"): Role.ADMINISTRATOR,
        reverse("admin:forecasts_desk_links", args=[records["question"].desk_id]): Role.VIEWER,
        reverse("admin:forecasts_board_add"): Role.ADMINISTRATOR,
        reverse("admin:auth_user_changelist"): Role.LEAD,
        reverse("admin:auth_user_add"): Role.LEAD,
        reverse("admin:forecasts_invitation_changelist"): Role.LEAD,
        reverse("admin:auth_user_password_change", args=[user.pk]): Role.ADMINISTRATOR,
        reverse("admin:auth_user_token", args=[user.pk]): Role.ADMINISTRATOR,
    }
    opened = {page: client.get(page).status_code == 200 for page in pages}
    assert opened == {page: RANKS.index(role) >= RANKS.index(least) for page, least in pages.items()}


def test_a_viewer_is_shown_no_button(sign_in: Callable[..., Client], records: dict[str, Any]) -> None:
    viewer = sign_in(Role.VIEWER)
    for row in records.values():
        html = viewer.get(address(row)).content.decode()
        assert 'name="_' not in html.replace('name="_popup"', "")


def test_nothing_on_the_record_can_be_deleted(
    sign_in: Callable[..., Client], records: dict[str, Any]
) -> None:
    administrator = sign_in(Role.ADMINISTRATOR)
    for row in records.values():
        assert administrator.post(address(row, "delete"), {"post": "yes"}).status_code == 403
    for model, model_admin in admin.site._registry.items():
        if issubclass(model, Fact):
            changelist = reverse(f"admin:forecasts_{model._meta.model_name}_changelist")
            assert "delete_selected" not in administrator.get(changelist).content.decode()
            assert model_admin.delete_verb is None


def test_a_fact_is_not_saved_by_hand(sign_in: Callable[..., Client], records: dict[str, Any]) -> None:
    resolution = resolve(records["question"])
    response = sign_in(Role.ADMINISTRATOR).post(address(resolution), {"outcome": "0", "_save": ""})
    assert response.status_code == 403
    resolution.refresh_from_db()
    assert resolution.outcome == 1


def test_a_get_changes_nothing(sign_in: Callable[..., Client], records: dict[str, Any]) -> None:
    administrator, entries = sign_in(Role.ADMINISTRATOR), Entry.objects.count()
    for noun, button, _least in BUTTONS:
        administrator.get(address(records[noun]), {button: "", "reason": "x"})
    user = User.objects.get(username=Role.ADMINISTRATOR)
    administrator.get(reverse("admin:auth_user_token", args=[user.pk]))
    assert Entry.objects.count() == entries
    assert not Token.objects.exists()
    assert administrator.get(reverse("admin:forecasts_board_preview")).status_code == 405


def test_a_post_needs_its_csrf_token(desk: Desk) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("karin", role=Role.EDITOR, desk=desk, is_staff=True))
    statement = accepted_statement()
    assert client.post(address(statement), {"reason": "x", "_reject": ""}).status_code == 403
    assert statement.decisions.count() == 1


def test_a_lead_gives_no_role_above_their_own(sign_in: Callable[..., Client], desk: Desk) -> None:
    lead = sign_in(Role.LEAD)
    own = Membership.objects.get(user__username=Role.LEAD)
    given = {
        **{"name": "Weather", "slug": "weather", "zone": "UTC", "language": "en", "verdicts_required": "1"},
        **{"tolerance": "0"},
        **{"stages": "-7,0", "repeat_days": "30", "channels": ""},
        **{"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1"},
        **{"rota-TOTAL_FORMS": "0", "rota-INITIAL_FORMS": "0"},
        **{"memberships-0-id": own.pk, "memberships-0-desk": desk.pk, "memberships-0-user": own.user_id},
    }
    lead.post(address(desk), {**given, "memberships-0-role": Role.ADMINISTRATOR})
    own.refresh_from_db()
    assert own.role == Role.LEAD

    lead.post(address(desk), {**given, "memberships-0-role": Role.EDITOR})
    own.refresh_from_db()
    assert own.role == Role.EDITOR


def test_somebody_who_is_not_staff_is_asked_to_sign_in(desk: Desk) -> None:
    client = Client()
    client.force_login(make_user("gun", role=Role.LEAD, desk=desk))
    assert client.get(address(make_document())).status_code == 302
