"""What a desk's chat is told: a reminder, or what a digest holds of that desk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.delivery.reads.routing import language_of
from forecasts.delivery.writes.sending import Sent
from forecasts.models import Desk, Digest, Question, Reminder
from forecasts.models.delivery.reminder import DIFFERING, DISPUTED, SECOND
from tracker.notify.chat.send import masked
from tracker.wording.deadlines import lateness, plain_deadline
from tracker.wording.names import name_of

CHAT = "chat"
LISTED, LONGEST = 10, 240
MARKS = re.compile(r"([\\`*_\[\]()~|>#])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage(Sent):
    """A message as it is recorded, with its words as Markdown. The channel's address is not in it."""

    markdown: str


def compose_reminder(*, reminder: Reminder, url: str, now: datetime) -> ChatMessage:
    """Write the reminder for the desk's chat, in the desk's language."""
    question, desk = reminder.question, reminder.question.desk
    with translation.override(language_of(None, desk)):
        asked = _("Asked: %(name)s") % {"name": name_of(reminder.recipient)}
        return _message(
            subject=_headline(reminder, now),
            lines=[_Line(question, [*_facts(reminder, now, desk), asked])],
            message_id=f"<reminder-{reminder.pk}@{settings.SITE_HOST}>",
            url=url,
        )


def compose_digest(
    *, digest: Digest, reminders: Sequence[Reminder], desk: Desk, url: str, now: datetime
) -> ChatMessage:
    """Write what a person's digest holds of one desk, for that desk's chat."""
    with translation.override(language_of(None, desk)):
        n = len(reminders)
        subject = ngettext(
            "%(n)d question for %(name)s to answer", "%(n)d questions for %(name)s to answer", n
        ) % {
            "n": n,
            "name": name_of(digest.recipient),
        }
        lines = [_Line(each.question, _facts(each, now, desk)) for each in reminders[:LISTED]]
        more = n - len(lines)
        return _message(
            subject=subject,
            lines=lines,
            last=_("and %(count)d more") % {"count": more} if more else "",
            message_id=f"<digest-{digest.pk}-{desk.pk}@{settings.SITE_HOST}>",
            url=url,
        )


@dataclass(frozen=True, slots=True)
class _Line:
    """A question and what is said beneath it. Nothing of who said what, or how likely."""

    question: Question
    facts: list[str]

    @property
    def link(self) -> str:
        return settings.SITE_URL + reverse("admin:forecasts_question_change", args=[self.question.pk])

    @property
    def words(self) -> str:
        return quiet(Truncator(" ".join(self.question.proposition.split())).chars(LONGEST))


def _headline(reminder: Reminder, now: datetime) -> str:
    special = {
        DISPUTED: _("Answer disputed"),
        SECOND: _("Second verdict needed"),
        DIFFERING: _("Verdicts differ"),
    }
    if reminder.about:
        return special[reminder.about]
    return capfirst(lateness(reminder.question, now=now))


def _facts(reminder: Reminder, now: datetime, desk: Desk | None) -> list[str]:
    question = reminder.question
    if reminder.about == DISPUTED:
        return [_("answered, and disputed")]
    late = lateness(question, now=now)
    return [" · ".join(each for each in (plain_deadline(question.deadline), late) if each)]


def _message(
    *, subject: str, lines: Sequence[_Line], message_id: str, url: str, last: str = ""
) -> ChatMessage:
    text = [f"{each.words}\n{' · '.join(each.facts)}\n{each.link}" for each in lines]
    marked = [
        f"**{escaped(each.words)}**\n{escaped(' · '.join(each.facts))}\n<{each.link}>" for each in lines
    ]
    return ChatMessage(
        channel=CHAT,
        address=masked(url),
        subject=quiet(subject),
        body="\n\n".join([*text, *([last] if last else [])]),
        html="",
        markdown="\n\n".join([*marked, *([escaped(last)] if last else [])]),
        message_id=message_id,
    )


def quiet(words: str) -> str:
    """
    Return the words so that they call nobody: a chat reads @all and <!channel> as a bell.

    >>> quiet("@all <!here>").replace("\\N{ZERO WIDTH SPACE}", "·")
    '@·all <·!here>'
    """
    return re.sub(r"@(?=\w)|<(?=[!@#])", lambda found: found[0] + "\N{ZERO WIDTH SPACE}", words)


def escaped(words: str) -> str:
    """
    Return the words as Markdown that shows them as they are.

    >>> escaped("*not* bold")
    '\\\\*not\\\\* bold'
    """
    return MARKS.sub(r"\\\1", words)
