"""Whose turn it is on a question, and what whoever asks may do about its answer now."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.translation import gettext as _

from forecasts.models import Evidence, Question, Verdict
from forecasts.people.reads.roles import Verb
from forecasts.questions.reads.ties import tied_to
from forecasts.verdicts.reads.waiting import TWO, pending
from tracker.admin.kit.access import editor, may
from tracker.wording.dates import day
from tracker.wording.values import answer_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One of two verdicts, as the lead sees it."""

    verdict: Verdict
    said: str
    happened_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """
    What may be done: `answers` (give a verdict), or `decides` (between the verdicts), or neither.

    `why` says what stands in the way, or what else to know.
    """

    answers: bool = False
    decides: bool = False
    why: str = ""
    verdicts: tuple[Verdict, ...] = ()

    @property
    def given(self) -> list[Given]:
        return [
            Given(
                verdict=each,
                said=answer_words(each),
                happened_on=day(each.occurred_at) if each.occurred_at else "",
            )
            for each in self.verdicts
        ]


def turn_of(request: HttpRequest, question: Question, *, is_answered: bool) -> Turn:
    """Return whose turn it is, for whoever asks. Two queries at most."""
    if is_answered or not may(request, Verb.GIVE_VERDICT, question):
        return Turn()
    own = editor(request).pk
    if tied_to(question).filter(user=own).exists():
        return Turn(
            why=_(
                "You have a conflict of interest with a source who spoke on this question. "
                "Someone else answers it."
            )
        )
    if question.desk is None or question.desk.verdicts_required < TWO:
        return Turn(answers=True)
    return _of_two(request, own, _waiting(question))


def _of_two(request: HttpRequest, own: int, waiting: tuple[Verdict, ...]) -> Turn:
    givers = {each.recorded_by_id for each in waiting}
    if len(waiting) < TWO:
        in_already = _("Your verdict is in. Until a second editor gives theirs, you may replace it.")
        return Turn(answers=True, why=in_already if own in givers else "")
    if may(request, Verb.ADJUDICATE, waiting[0]) and own not in givers:
        return Turn(decides=True, verdicts=waiting)
    return Turn(why=_("Two verdicts are in, and they differ. A head of desk who gave neither decides."))


def _waiting(question: Question) -> tuple[Verdict, ...]:
    evidence = Prefetch("evidence", queryset=Evidence.objects.select_related("document", "copy_of"))
    rows = pending().filter(question=question).select_related("recorded_by", "question__desk")
    return tuple(rows.prefetch_related(evidence))
