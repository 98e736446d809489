"""Looking at an answer again: the buttons that adjudicate, dispute, uphold, overturn, and take a reply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from forecasts.models import Question
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError
from forecasts.verdicts.reads.disputes import disputes_shown, replies_shown, state_of_dispute
from forecasts.verdicts.writes.disputes import dispute_answer, overturn_answer, record_reply, uphold_answer
from tracker.admin.kit.access import editor
from tracker.admin.kit.pages import blame
from tracker.admin.verdicts.answer_forms import SERVICE_FIELDS
from tracker.admin.verdicts.decide import Deciding
from tracker.admin.verdicts.review_forms import (
    AdjudicateForm,
    DisputeForm,
    OverturnForm,
    ReplyForm,
    UpholdForm,
)
from tracker.admin.verdicts.turns import Turn
from tracker.wording.stamps import disputed

REVIEWS = {
    "_weigh": Verb.ADJUDICATE,
    "_reconsider": Verb.ADJUDICATE,
    "_adjudicate": Verb.ADJUDICATE,
    "_dispute": Verb.DISPUTE_ANSWER,
    "_uphold": Verb.UPHOLD_ANSWER,
    "_overturn": Verb.OVERTURN_ANSWER,
    "_reply": Verb.RECORD_REPLY,
}


class Reviewing(Deciding):
    """The buttons of REVIEWS on a question's page."""

    def reviews(
        self, question: Question, turn: Turn, *, now: datetime, given: Mapping[str, forms.Form]
    ) -> dict[str, Any]:
        """Return the turn, the disputes, the replies, and the forms of this page's buttons."""
        disputes = [(state_of_dispute(each), each) for each in disputes_shown().filter(question=question)]
        is_disputed = any(state == "open" for state, _dispute in disputes)
        return {
            "turn": turn,
            "disputes": disputes,
            "is_disputed": is_disputed,
            **({"stamp": disputed()} if is_disputed else {}),
            "replies": list(replies_shown().filter(question=question)),
            "adjudicate": given.get("adjudicate")
            or AdjudicateForm(question=question, now=now, verdicts=turn.verdicts),
            "overturn": given.get("overturn") or OverturnForm(question=question, now=now),
            "dispute": given.get("dispute") or DisputeForm(auto_id="dispute_%s"),
            "uphold": given.get("uphold") or UpholdForm(question=question, auto_id="uphold_%s"),
            "reply": given.get("reply") or ReplyForm(question=question, auto_id="reply_%s"),
        }

    def do_dispute(self, request: HttpRequest, question: Question) -> HttpResponse:
        form = DisputeForm(request.POST, auto_id="dispute_%s")

        def dispute() -> Any:
            return dispute_answer(
                question=question, **form.cleaned_data, by=editor(request), now=timezone.now()
            )

        done = _("Recorded. The answer stands until the head of desk has reviewed it.")
        return self._review(request, question, name="dispute", form=form, service=dispute, done=done)

    def do_uphold(self, request: HttpRequest, question: Question) -> HttpResponse:
        form = UpholdForm(request.POST, question=question, auto_id="uphold_%s")

        def uphold() -> Any:
            return uphold_answer(**form.cleaned_data, by=editor(request), now=timezone.now())

        done = _("The answer stands.")
        return self._review(request, question, name="uphold", form=form, service=uphold, done=done)

    def do_overturn(self, request: HttpRequest, question: Question) -> HttpResponse:
        form = OverturnForm(request.POST, question=question, now=timezone.now())

        def overturn() -> Any:
            return overturn_answer(
                question=question,
                finding=form.finding,
                evidence=form.exhibits,
                reason=form.cleaned_data["reason"],
                by=editor(request),
                now=form.now,
            )

        done = _("Answer changed. The earlier answer stays in the record, marked as replaced.")
        return self._review(request, question, name="overturn", form=form, service=overturn, done=done)

    def do_reply(self, request: HttpRequest, question: Question) -> HttpResponse:
        form = ReplyForm(request.POST, question=question, auto_id="reply_%s")

        def reply() -> Any:
            return record_reply(
                question=question,
                **form.cleaned_data,
                language=question.language,
                by=editor(request),
                now=timezone.now(),
            )

        return self._review(
            request, question, name="reply", form=form, service=reply, done=_("The reply has been recorded.")
        )

    def _review(
        self,
        request: HttpRequest,
        question: Question,
        *,
        name: str,
        form: forms.Form,
        service: Callable[[], Any],
        done: str,
    ) -> HttpResponse:
        if form.is_valid():
            try:
                service()
            except RefusedError as error:
                blame(form, error, **SERVICE_FIELDS)
            else:
                return self.done(request, done, question)
        return self.show(request, question, **{name: form})
