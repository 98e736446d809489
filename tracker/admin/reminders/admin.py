"""Reminders and the outbox at the desk: what was armed, what was sent, and what failed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.delivery.writes.sending import Nudge
from forecasts.models import Digest, Message, MissedChat, Reminder, Snooze
from forecasts.people.reads.roles import Verb
from tracker.admin.kit.blind import BlindList
from tracker.admin.kit.columns import column
from tracker.admin.kit.facts import ReadOnly
from tracker.admin.reminders.act import act
from tracker.admin.reminders.dead_letters import SentAgain
from tracker.admin.reminders.my_reminders import my_reminders
from tracker.wording.numbers import NOTHING


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Any]]:
        return [
            ("armed", gettext_lazy("scheduled")),
            ("failed", gettext_lazy("failed")),
            ("dead", gettext_lazy("not delivered")),
            ("sent", gettext_lazy("sent")),
            ("ended", gettext_lazy("ended")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        armed = Q(sent_at=None, ended_at=None)
        states = {
            "armed": armed & Q(error="", dead_at=None),
            "dead": armed & Q(dead_at__isnull=False),
            "failed": armed & ~Q(error=""),
            "sent": Q(sent_at__isnull=False),
            "ended": Q(ended_at__isnull=False),
        }
        return queryset.filter(states.get(self.value() or "", Q()))


def state_of(reminder: Nudge) -> tuple[str, str]:
    """Return the state of a reminder, a digest or a missed chat, and the word for it."""
    if reminder.sent_at:
        return "sent", _("sent")
    if reminder.ended_at:
        return "ended", _("ended")
    if reminder.dead_at:
        return "dead", _("not delivered")
    return ("failed", _("failed")) if reminder.error else ("armed", _("scheduled"))


@admin.register(Reminder)
class ReminderAdmin(SentAgain):
    list_display = ("asked", "stage", "due_at", "recipient", "recipient_as", "state", "attempts")
    list_filter = (StateFilter,)
    list_select_related = ("question", "recipient")
    search_fields = ("question__proposition", "recipient__username")

    def get_urls(self) -> list[URLPattern]:
        return [
            path("act/<str:token>/", act, name="forecasts_reminder_act"),
            path("mine/", self.admin_site.admin_view(my_reminders), name="forecasts_reminder_mine"),
            *super().get_urls(),
        ]

    @column(description=gettext_lazy("Question"), ordering="question__proposition")
    def asked(self, reminder: Reminder) -> str:
        return Truncator(reminder.question.proposition).chars(90)

    @column(
        description=gettext_lazy("State"),
        label={"sent": "success", "failed": "danger", "dead": "danger", "armed": "info", "ended": ""},
    )
    def state(self, reminder: Reminder) -> tuple[str, str]:
        return state_of(reminder)


@admin.register(Digest)
class DigestAdmin(SentAgain):
    list_display = ("recipient", "on", "due_at", "state", "attempts")
    list_filter = (StateFilter,)
    list_select_related = ("recipient",)
    search_fields = ("recipient__username",)

    @column(
        description=gettext_lazy("State"),
        label={"sent": "success", "failed": "danger", "dead": "danger", "armed": "info", "ended": ""},
    )
    def state(self, digest: Digest) -> tuple[str, str]:
        return state_of(digest)


@admin.register(MissedChat)
class MissedChatAdmin(SentAgain):
    """A chat that is tried again by itself: the reminder it missed has reached its person."""

    list_display = ("address", "desk", "told", "due_at", "state", "attempts")
    list_filter = (StateFilter, "desk")
    list_select_related = ("desk", "reminder__question", "reminder__recipient", "digest__recipient")
    readonly_fields = ("delivered",)

    @column(description=gettext_lazy("What it missed"))
    def told(self, missed: MissedChat) -> str:
        return Truncator(str(missed.reminder or missed.digest)).chars(90)

    @column(description=gettext_lazy("Delivered to"))
    def delivered(self, missed: MissedChat) -> str:
        """Return where the same reminder or digest has gone already: it is not sent there again."""
        sent = Message.objects.filter(reminder=missed.reminder, digest=missed.digest).order_by("pk")
        return "; ".join(f"{each.channel}: {each.address}" for each in sent) or NOTHING

    @column(
        description=gettext_lazy("State"),
        label={"sent": "success", "failed": "danger", "dead": "danger", "armed": "info", "ended": ""},
    )
    def state(self, missed: MissedChat) -> tuple[str, str]:
        return state_of(missed)


@admin.register(Snooze)
class SnoozeAdmin(ReadOnly):
    list_display = ("question", "until", "reason", "recorded_by", "recorded_at")
    list_select_related = ("question", "recorded_by")


@admin.register(Message)
class MessageAdmin(BlindList, ReadOnly):
    """A mail says who said what where its desk was not blind when it left: that stays hidden, too."""

    hidden_by = "reminder__question"
    list_display = ("subject", "address", "channel", "sent_at")
    list_filter = ("channel",)
    list_select_related = ("reminder",)
    search_fields = ("subject", "address", "body")
    read_verb = Verb.READ_MESSAGES
    readonly_fields = ("as_text", "as_html")
    fields = (
        "subject",
        "address",
        "channel",
        "sent_at",
        "as_text",
        "as_html",
        "message_id",
        "reminder",
        "digest",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        return self.fields

    @column(description=gettext_lazy("Text"))
    def as_text(self, message: Message) -> str:
        return format_html('<div class="letter">{}</div>', message.body)

    @column(description=gettext_lazy("As it looks"))
    def as_html(self, message: Message) -> str:
        """An empty sandbox: no script runs, no form is sent, nothing reaches this page."""
        if not message.html:
            return "–"
        return format_html(
            '<iframe class="letter-frame" sandbox="" srcdoc="{}" title="{}"></iframe>',
            message.html,
            _("The message as it looks"),
        )
