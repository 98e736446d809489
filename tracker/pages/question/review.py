"""What was corrected, what is disputed, and what the sources say for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from forecasts.models import Answer, Dispute, Question, Reply, Resolution
from forecasts.verdicts.reads.disputes import state_of_dispute
from tracker.pages.kit.quotes import Text
from tracker.wording import dates
from tracker.wording.stamps import Stamp, stamp_of_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An answer that stood here until another superseded it, and why."""

    stood: Stamp
    since: str
    until: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeShown:
    words: str
    state: str
    raised_by: str
    day: str
    quote: str
    url: str
    upheld_because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyShown:
    source: str
    source_slug: str
    words: Text
    day: str
    iso_day: str
    url: str
    asked: str
    question_slug: str


def corrections(question: Question) -> list[Correction]:
    """Return the answers that were superseded, the latest first, from prefetched resolutions."""
    rows = list(question.resolutions.all())
    later = {each.supersedes_id: each for each in rows}
    stood = [each for each in rows if each.answer != Answer.REOPENED and each.pk in later]
    return [_correction(each, later[each.pk], question) for each in reversed(stood)]


def _correction(answer: Resolution, later: Resolution, question: Question) -> Correction:
    return Correction(
        stood=stamp_of_answer(answer, question=question),
        since=dates.day(answer.recorded_at),
        until=dates.day(later.recorded_at),
        why=later.note,
    )


def disputes(rows: Iterable[Dispute]) -> list[DisputeShown]:
    """Return disputes of `disputes_shown`, without the contact of whoever raised them."""
    return [_dispute(each) for each in rows]


def _dispute(dispute: Dispute) -> DisputeShown:
    state = state_of_dispute(dispute)
    words = {
        "open": _("Disputed. The answer stands until it has been looked at again."),
        "upheld": _("Disputed, looked at again, and upheld."),
        "overturned": _("Disputed, and overturned."),
        "reopened": _("Disputed, and the question was reopened."),
    }
    return DisputeShown(
        words=words[state],
        state=state,
        raised_by=dispute.raised_by or _("an editor"),
        day=dates.day(dispute.recorded_at),
        quote=dispute.reason if not dispute.quote else f"{dispute.reason} – {dispute.quote}",
        url=dispute.url,
        upheld_because=dispute.upholding.reason if state == "upheld" else "",
    )


def replies(rows: Iterable[Reply]) -> list[ReplyShown]:
    """Return replies of `replies_shown`."""
    return [
        ReplyShown(
            source=each.source.name,
            source_slug=each.source.standing.slug,
            words=Text(words=each.text, language=each.language),
            day=dates.day(each.replied_on),
            iso_day=dates.iso_day(each.replied_on),
            url=each.url,
            asked=each.question.proposition,
            question_slug=each.question.slug,
        )
        for each in rows
    ]
