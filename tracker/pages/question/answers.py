"""What was answered, on what evidence, and what was answered before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.models import Evidence, Question, Resolution, Verdict
from forecasts.models.record.public import if_public
from tracker.wording import dates
from tracker.wording.stamps import Stamp, stamp_of_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceShown:
    quote: str
    publisher: str
    day: str
    iso_day: str
    url: str
    document_key: UUID | None
    archived: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShown:
    stamp: Stamp
    method: str
    verdicts: str
    blind: str
    recorded_on: str
    occurred_on: str
    note: str
    in_force: bool
    evidence: list[EvidenceShown]


def answers_shown(question: Question) -> list[AnswerShown]:
    """Return every answer ever in force, the latest first. Verdicts not yet used stay unseen."""
    return [_answer(each, question) for each in reversed(question.resolutions.all())]


def _answer(answer: Resolution, question: Question) -> AnswerShown:
    verdicts = list(answer.verdicts.all())
    count = len(verdicts)
    return AnswerShown(
        stamp=stamp_of_answer(answer, question=question),
        method=answer.get_method_display(),
        verdicts=ngettext("%(n)d verdict", "%(n)d verdicts", count) % {"n": count},
        blind=_blind(verdicts),
        recorded_on=dates.instant(answer.recorded_at),
        occurred_on=dates.day(answer.occurred_at) if answer.occurred_at else "",
        note=answer.note,
        in_force=getattr(answer, "superseded_by", None) is None,
        evidence=evidence_shown(answer),
    )


def _blind(verdicts: Sequence[Verdict]) -> str:
    """Return whether the verdicts were given unseeing and, where their desk asks for that, why not."""
    reasons = {each.sighted_because: each.get_sighted_because_display() for each in verdicts}
    reasons.pop("", None)
    if reasons:
        return _("not given blind: %(why)s") % {"why": "; ".join(map(str, reasons.values()))}
    if verdicts and all(each.seen_blind for each in verdicts):
        return _("given without seeing who said what")
    return ""


def evidence_shown(answer: Resolution) -> list[EvidenceShown]:
    """Return the evidence of all verdicts that the answer rests on."""
    return [_evidence(each) for verdict in answer.verdicts.all() for each in verdict.evidence.all()]


def _evidence(evidence: Evidence) -> EvidenceShown:
    document, kept = evidence.document, evidence.copy_of or evidence
    ours = if_public(document)
    return EvidenceShown(
        quote=evidence.quote,
        publisher=evidence.publisher,
        day=dates.day(evidence.published_on) if evidence.published_on else "",
        iso_day=dates.iso_day(evidence.published_on) if evidence.published_on else "",
        url=evidence.url,
        document_key=ours.key if ours else None,
        archived=kept.text,
        sha256=kept.sha256 or (document.sha256 if document else ""),
    )
