"""Words that mails, feeds and calendars say alike."""

from __future__ import annotations

from django.utils.translation import gettext as _

from forecasts.models import Answer, QuestionKind, Resolution


def outcome_words(answer: Resolution) -> str:
    """Return the answer in a word or two."""
    if answer.answer == Answer.REOPENED:
        return _("Disputed")
    if answer.answer == Answer.VOID:
        return _("Void")
    if answer.question.kind != QuestionKind.BINARY:
        return _("Known")
    return _("Happened") if answer.outcome == 1 else _("Did not happen")
