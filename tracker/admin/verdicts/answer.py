"""Answering a question in two steps: preview exactly what would be recorded, then confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.boards.reads.would_score import Scored, if_outcome
from forecasts.models import Answer, Question, QuestionKind, Resolution, VoidReason
from forecasts.record.refusal import RefusedError
from forecasts.record.writes.rehearse import rehearse
from forecasts.scoring.kinds import HOUSE_RULES
from forecasts.verdicts.reads.waiting import awaits_adjudication
from forecasts.verdicts.writes.findings import Finding, days_too_late
from forecasts.verdicts.writes.resolutions import answer_question
from tracker.admin.desk.queue import neighbours, next_address
from tracker.admin.kit.access import editor
from tracker.admin.kit.blind import tell
from tracker.admin.kit.pages import PageAdmin, blame, page_of
from tracker.admin.kit.preview import seal
from tracker.admin.verdicts.answer_forms import SERVICE_FIELDS, AnswerForm
from tracker.wording.basis import basis_of
from tracker.wording.dates import day
from tracker.wording.numbers import score_range
from tracker.wording.values import outcome_words, said_words, score_words

# Each rule by name, and how to read its number.
RULES = {
    "brier": (
        gettext_lazy("Brier score"),
        gettext_lazy("0 is best, 1 is worst. The range is over the readings of the word."),
    ),
    "ranked_probability": (
        gettext_lazy("Score for ordered options (ranked probability score)"),
        gettext_lazy(
            "0 is best, 1 is worst. An option close to the right one costs less than one far from it."
        ),
    ),
    "crps": (
        gettext_lazy("CRPS"),
        gettext_lazy(
            "0 is best. In the unit of the question; of one value, it is the distance to the answer."
        ),
    ),
}


class Answering(PageAdmin):
    """The buttons `_preview`, `_edit` and `_resolve` of a question's page."""

    def do_edit(self, request: HttpRequest, question: Question) -> HttpResponse:
        return self.show(request, question, answer=self._form(request, question))

    def do_preview(self, request: HttpRequest, question: Question) -> HttpResponse:
        form = self._form(request, question)
        if form.is_valid():
            try:
                rehearse(lambda: self._answer(request, question, form))
            except RefusedError as error:
                blame(form, error, **SERVICE_FIELDS)
            else:
                return self._preview(request, question, form)
        return self.show(request, question, answer=form)

    def do_resolve(self, request: HttpRequest, question: Question) -> HttpResponse:
        form = self._form(request, question)
        if not form.is_valid():
            return self.show(request, question, answer=form)
        if form.cleaned_data["previewed"] != self._seal(question, form):
            messages.warning(
                request, _("Something changed since the preview. Nothing was recorded; look again.")
            )
            return self.do_preview(request, question)
        try:
            answered = self._answer(request, question, form)
        except RefusedError as error:
            blame(form, error, **SERVICE_FIELDS)
            return self.show(request, question, answer=form)
        return self.onwards(request, _message(question, answered), question)

    def onwards(self, request: HttpRequest, message: str, question: Question) -> HttpResponse:
        """Go to the next question of the queue that one came from, or back to this one's page."""
        messages.success(request, message)
        return HttpResponseRedirect(next_address(request, question) or page_of(question))

    def in_queue(self, request: HttpRequest, question: Question) -> dict[str, Any]:
        """Return the addresses before and after this question in the queue that one came from."""
        return neighbours(request, question)

    def _form(self, request: HttpRequest, question: Question) -> AnswerForm:
        return AnswerForm(request.POST, question=question, now=timezone.now())

    def _answer(self, request: HttpRequest, question: Question, form: AnswerForm) -> Any:
        return answer_question(
            question=question,
            finding=form.finding,
            evidence=form.exhibits,
            by=editor(request),
            now=form.now,
        )

    def _scored(self, question: Question, form: AnswerForm) -> list[Scored]:
        found = form.finding
        if found.outcome is None or found.occurred_at is None:
            return []
        return if_outcome(question=question, outcome=found.outcome, occurred_at=found.occurred_at)

    def _seal(self, question: Question, form: AnswerForm) -> str:
        return seal(question=question, given=form.cleaned_data, scored=self._scored(question, form))

    def _preview(self, request: HttpRequest, question: Question, form: AnswerForm) -> HttpResponse:
        scored = self._scored(question, form)
        hidden = bool(tell(request, [question.pk]))
        given = form.cleaned_data
        data = {name: value for name, value in form.data.items() if name in form.fields}
        sealed = seal(question=question, given=given, scored=scored)
        return self.render(
            request,
            "admin/desk/preview.html",
            shown=question,
            question=question,
            finding=form.finding,
            happened_on=day(given["occurred_on"] or form.finding.occurred_at),
            happened_words=_happened_words(question, form.finding),
            answer_words=found_words(question, form.finding),
            exhibits=form.exhibits,
            needs_two=question.desk is not None and question.desk.verdicts_required > 1,
            scored_count=len([each for each in scored if each.score is not None]),
            scored=[] if hidden else [scored_words(each, question) for each in scored],
            rule=RULES[HOUSE_RULES[question.kind]],
            hidden=hidden,
            is_outcome=form.finding.answer == Answer.OUTCOME,
            is_void=form.finding.answer == Answer.VOID,
            check_again_on=form.finding.check_again_on and day(form.finding.check_again_on),
            kept={**data, "occurred_on": str(given["occurred_on"] or ""), "previewed": sealed},
        )


def scored_words(each: Scored, question: Question) -> dict[str, Any]:
    in_unit = HOUSE_RULES[question.kind] == "crps"
    return {
        "source": each.source.name,
        "readings": [said_words(row, question) for row in each.said],
        "basis": [basis_of(row, question) for row in each.said if not row.withdrawn],
        "score": score_words(each.score, question),
        "range": "" if in_unit else score_range(each.low, each.high),
        "is_scored": each.score is not None,
    }


def found_words(question: Question, found: Finding) -> str:
    if found.outcome is not None:
        return outcome_words(question, found.outcome)
    if found.answer == Answer.VOID:
        return _("Void: %(reason)s") % {"reason": VoidReason(found.void_reason).label}
    return _("Too early to say")


def _happened_words(question: Question, found: Finding) -> str:
    """Return what the date beside the answer is, or nothing where there is none to show."""
    if found.outcome is None or found.occurred_at is None:
        return ""
    if question.kind == QuestionKind.BINARY and found.outcome == 1:
        return _("It happened on")
    never = question.kind == QuestionKind.DATE and found.outcome == days_too_late(question)
    if never or question.kind == QuestionKind.BINARY:
        return _("It could no longer happen from")
    return "" if question.kind == QuestionKind.DATE else _("Known on")


def _message(question: Question, answered: Any) -> str:
    if isinstance(answered, Resolution):
        return _("Recorded and in force. The scores follow it from now on.")
    if answered.answer == Answer.TOO_EARLY:
        return _("Recorded. The question comes back on %(day)s.") % {"day": day(answered.check_again_on)}
    if awaits_adjudication(question):
        return _("Your verdict is recorded. It differs from the first, so the head of desk decides.")
    return _("Your verdict is recorded. This desk asks for two, so a second editor answers next.")
