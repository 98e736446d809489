"""What the desk's side bar shows, and what the desk wears. The settings name these functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from tracker.admin.kit import access

QUEUE, MINE = "admin:forecasts_question_queue", "admin:forecasts_reminder_mine"
TOKENS = "admin:auth_user_mine"


def stylesheet(request: HttpRequest) -> str:
    return static("tracker/admin/desk.css")


def script(request: HttpRequest) -> str:
    return static("tracker/admin/desk.js")


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups of the side bar that whoever asks may open."""
    return [
        _group(
            None,
            _item(_("To do"), "inbox", "admin:index"),
            _item(_("Questions to answer"), "checklist", QUEUE),
            _item(_("Documents"), "article", "admin:forecasts_document_changelist"),
            _item(_("Statements"), "format_quote", "admin:forecasts_statement_changelist"),
            _item(_("Questions"), "help", "admin:forecasts_question_changelist", apart=(QUEUE,)),
            _item(_("Forecasts"), "timeline", "admin:forecasts_forecast_changelist"),
            _item(_("Sources"), "record_voice_over", "admin:forecasts_source_changelist"),
            _item(_("Rankings"), "leaderboard", "admin:forecasts_board_changelist"),
            _item(_("Imports"), "upload_file", "admin:forecasts_import_changelist"),
        ),
        _group(
            _("Reminders"),
            _item(_("Reminders"), "notifications", "admin:forecasts_reminder_changelist", apart=(MINE,)),
            _item(_("My reminders"), "edit_notifications", MINE),
            _item(_("Digests"), "mark_email_unread", "admin:forecasts_digest_changelist"),
            _item(
                _("Undelivered chat messages"), "speaker_notes_off", "admin:forecasts_missedchat_changelist"
            ),
            _item(_("Snoozed"), "snooze", "admin:forecasts_snooze_changelist"),
            _item(
                _("Sent messages"), "outbox", "admin:forecasts_message_changelist", access.may_read_messages
            ),
        ),
        _group(
            _("The record"),
            _item(_("Decisions"), "rule", "admin:forecasts_decision_changelist"),
            _item(_("Verdicts"), "gavel", "admin:forecasts_verdict_changelist"),
            _item(_("Answers"), "task_alt", "admin:forecasts_resolution_changelist"),
            _item(_("Disputes"), "balance", "admin:forecasts_dispute_changelist"),
            _item(_("Upheld after dispute"), "verified", "admin:forecasts_upholding_changelist"),
            _item(_("Replies"), "reply", "admin:forecasts_reply_changelist"),
            _item(_("Moved deadlines"), "event_repeat", "admin:forecasts_deadlinemove_changelist"),
            _item(_("Moved questions"), "move_up", "admin:forecasts_deskmove_changelist"),
            _item(_("Publications"), "public", "admin:forecasts_publication_changelist"),
            _item(_("Publishing rules"), "policy", "admin:forecasts_publishingrule_changelist"),
            _item(_("Blind switches"), "visibility_off", "admin:forecasts_blindswitch_changelist"),
            _item(
                _("Forecasts shown"), "visibility", "admin:forecasts_shown_changelist", access.may_read_shown
            ),
            _item(_("Merges"), "merge", "admin:forecasts_merge_changelist"),
            _item(_("Standings"), "format_list_numbered", "admin:forecasts_standing_changelist"),
            _item(_("Rankings being computed"), "memory", "admin:forecasts_computation_changelist"),
            _item(_("Ledger"), "receipt_long", "admin:forecasts_entry_changelist"),
            collapsible=True,
        ),
        _group(
            _("Administration"),
            _item(_("Desks"), "groups", "admin:forecasts_desk_changelist"),
            _item(_("Absences"), "beach_access", "admin:forecasts_absence_changelist"),
            _item(_("Conflicts of interest"), "link", "admin:forecasts_tie_changelist"),
            _item(_("Scales"), "linear_scale", "admin:forecasts_scale_changelist"),
            _item(_("Terms"), "abc", "admin:forecasts_term_changelist"),
            _item(_("Topics"), "tag", "admin:forecasts_topic_changelist"),
            _item(_("Events"), "workspaces", "admin:forecasts_event_changelist"),
            _item(_("My API tokens"), "key", TOKENS),
            _item(
                _("People"), "person", "admin:auth_user_changelist", access.may_read_people, apart=(TOKENS,)
            ),
            _item(
                _("Invitations"),
                "person_add",
                "admin:forecasts_invitation_changelist",
                access.may_read_people,
            ),
            _item(
                _("Settings"),
                "tune",
                "admin:forecasts_preferences_changelist",
                access.may_edit_people,
            ),
            _item(_("Groups"), "group", "admin:auth_group_changelist", access.may_edit_people),
            collapsible=True,
        ),
    ]


def _group(title: Any, *items: dict[str, Any], collapsible: bool = False) -> dict[str, Any]:
    return {"title": title, "items": list(items), "collapsible": collapsible, "separator": title is not None}


def _item(
    title: Any, icon: str, address: str, permission: Any = access.may_read, apart: Sequence[str] = ()
) -> dict[str, Any]:
    """Return one entry. `apart` names the pages below its address that have entries of their own."""
    item = {"title": title, "icon": icon, "link": reverse_lazy(address), "permission": permission}
    if not apart:
        return item

    def is_active(request: HttpRequest) -> bool:
        others = tuple(reverse(each) for each in apart)
        return request.path.startswith(reverse(address)) and not request.path.startswith(others)

    return {**item, "active": is_active}
