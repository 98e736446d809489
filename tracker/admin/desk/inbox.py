"""The inbox: the first page of the desk, with what waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from forecasts.desk.reads import inbox as queries
from forecasts.models import Document, Job, Question, Reminder, Statement
from forecasts.people.reads.roles import Verb, desks_led_by
from forecasts.reminders.reads import people_without_mail, put_off_until
from tracker.admin.desk.queue import NAMES
from tracker.admin.kit.access import editor, may
from tracker.admin.kit.pages import page_of
from tracker.computing.wording import failure_words
from tracker.wording.dates import day
from tracker.wording.deadlines import deadline_words, lateness
from tracker.wording.names import name_of

FIRST = 5


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Put what waits into the context of the index."""
    if not may(request, Verb.READ_DRAFTS):
        return context
    now = timezone.now()
    found = queries.inbox(now=now, user=editor(request), first=FIRST)
    until = put_off_until(questions=[each.pk for pile in _asked(found) for each in pile.rows])
    question = _question(now, until, may_snooze=may(request, Verb.SNOOZE_REMINDER))
    piles = [
        _pile("drafts", _("Drafts to review"), found.drafts, _statement, _statements("status__exact=draft")),
        _pile("differing", str(NAMES["adjudication"]), found.differing, question, _queue("adjudication")),
        _pile("second", str(NAMES["second"]), found.second, question, _queue("second")),
        _pile("overdue", _("Overdue"), found.overdue, question, _questions("waits=past")),
        _pile("due", _("Due"), found.due, question, _questions("waits=past")),
        _pile("soon", _("Due this week"), found.due_soon, question, _questions("waits=open")),
        _pile("failed", _("Reminders that failed"), found.failed, _reminder, _reminders("state=failed")),
        _pile("imports", _("Imports that failed"), found.imports, _job, _jobs("import")),
        _pile("boards", _("Rankings that failed"), found.boards, _job, _jobs("computation")),
        _pile("resting", _("Too early"), found.resting, question, _questions("waits=past")),
    ]
    return {
        **context,
        "piles": piles,
        "waiting": [pile for pile in piles if pile["count"]],
        "nothing_waits": found.is_empty,
        "record_is_empty": found.is_empty and not Document.objects.exists(),
        "may_capture": may(request, Verb.CAPTURE_DOCUMENT),
        "without_mail": _without_mail(request),
        "title": _("To do"),
    }


def _asked(found: queries.Inbox) -> list[queries.Pile]:
    return [found.differing, found.second, found.overdue, found.due, found.due_soon, found.resting]


def _without_mail(request: HttpRequest) -> list[str]:
    """Return whom no mail reaches, by name and with the reason, for whoever leads them."""
    if not may(request, Verb.EDIT_DESK):
        return []
    led = None if may(request, Verb.EDIT_PEOPLE) else desks_led_by(user=request.user)
    return [
        _("%(name)s has unsubscribed from e-mail") % {"name": name_of(each)}
        if each.email
        else _("%(name)s has no mail address") % {"name": name_of(each)}
        for each in people_without_mail(desks=led)
    ]


def _pile(key: str, name: str, pile: queries.Pile, shown: Any, address: str) -> dict[str, Any]:
    return {
        "key": key,
        "name": name,
        "count": pile.count,
        "rows": [shown(row) for row in pile.rows],
        "more": max(pile.count - len(pile.rows), 0),
        "address": address,
    }


def _statement(statement: Statement) -> dict[str, Any]:
    speaker = statement.speaker.name if statement.speaker else statement.speaker_as_written
    return {
        "address": page_of(statement),
        "words": Truncator(statement.quote).chars(180),
        "language": statement.document.language,
        "under": [speaker or _("speaker unknown"), statement.document.title, day(statement.stated_at)],
        "beside": "",
    }


def _question(now: datetime, until: Mapping[int, datetime], *, may_snooze: bool) -> Any:
    def shown(question: Question) -> dict[str, Any]:
        again = getattr(question, "check_again_on", None)
        held_by = name_of(question.assignee) or _("nobody assigned")
        put_off = until.get(question.pk)
        later = [_("snoozed until %(day)s") % {"day": day(put_off)}] if put_off else []
        return {
            "address": page_of(question),
            "words": Truncator(question.proposition).chars(180),
            "language": question.language,
            "under": [deadline_words(question.deadline), held_by, *later],
            "may_snooze": may_snooze,
            "beside": _("check again on %(day)s") % {"day": day(again)}
            if again and again > now.date()
            else lateness(question, now=now),
        }

    return shown


def _reminder(reminder: Reminder) -> dict[str, Any]:
    return {
        "address": page_of(reminder),
        "words": Truncator(reminder.question.proposition).chars(180),
        "language": reminder.question.language,
        "under": [Truncator(reminder.error).chars(140)],
        "beside": _("%(count)d attempts") % {"count": reminder.attempts},
    }


def _job(job: Job) -> dict[str, Any]:
    told = failure_words(job)
    return {
        "address": page_of(job),
        "words": Truncator(str(job)).chars(180),
        "language": "",
        "under": [Truncator(told.cause).chars(140), told.remedy] if told else [],
        "beside": _("%(count)d attempts") % {"count": job.attempts},
    }


def _jobs(name: str) -> str:
    return f"{reverse(f'admin:forecasts_{name}_changelist')}?state__exact=failed"


def _questions(query: str) -> str:
    return f"{reverse('admin:forecasts_question_changelist')}?{query}"


def _queue(pile: str) -> str:
    return f"{reverse('admin:forecasts_question_queue')}?pile={pile}"


def _statements(query: str) -> str:
    return f"{reverse('admin:forecasts_statement_changelist')}?{query}"


def _reminders(query: str) -> str:
    return f"{reverse('admin:forecasts_reminder_changelist')}?{query}"
