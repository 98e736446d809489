"""Deciding between two verdicts in two steps: see what each would do, then confirm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from forecasts.boards.reads.changes import Move
from forecasts.desk.writes.decide import Barred, BoardMoved, Decision, Effect, Own, effects
from forecasts.models import Answer, Board, Question, Verdict
from forecasts.record.refusal import RefusedError
from forecasts.scoring.kinds import HOUSE_RULES
from forecasts.verdicts.reads.waiting import pending_on
from forecasts.verdicts.writes.findings import finding_of
from tracker.admin.kit.access import editor
from tracker.admin.kit.blind import tell
from tracker.admin.kit.pages import blame
from tracker.admin.kit.preview import seal
from tracker.admin.verdicts.answer import RULES, Answering, found_words, scored_words
from tracker.admin.verdicts.answer_forms import SERVICE_FIELDS
from tracker.admin.verdicts.review_forms import AdjudicateForm
from tracker.wording.dates import day
from tracker.wording.numbers import NOTHING, score
from tracker.wording.values import answer_words


class Deciding(Answering):
    """The buttons `_weigh`, `_reconsider` and `_adjudicate` of a question's page."""

    def do_reconsider(self, request: HttpRequest, question: Question) -> HttpResponse:
        return self.show(request, question, adjudicate=_form(request, question))

    def do_weigh(self, request: HttpRequest, question: Question) -> HttpResponse:
        """Show what each of the two verdicts would do, and the finding of one's own where there is one."""
        form = _form(request, question)
        if form.is_valid():
            try:
                found = self._effects(request, question, form)
            except RefusedError as error:
                blame(form, error, **SERVICE_FIELDS)
            else:
                return self._weighed(request, question, form, found)
        return self.show(request, question, adjudicate=form)

    def do_adjudicate(self, request: HttpRequest, question: Question) -> HttpResponse:
        form = _form(request, question)
        if not form.is_valid():
            return self.show(request, question, adjudicate=form)
        try:
            found = self._effects(request, question, form, with_boards=False)
            if form.cleaned_data["previewed"] != _seal(question, form, found):
                messages.warning(
                    request, _("Something changed since the preview. Nothing was recorded; look again.")
                )
                return self.do_weigh(request, question)
            _decision(request, question, form).on(_choice(form))
        except RefusedError as error:
            blame(form, error, **SERVICE_FIELDS)
            return self.show(request, question, adjudicate=form)
        return self.onwards(request, _("Decided, and in force. It rests on all three verdicts."), question)

    def _effects(
        self, request: HttpRequest, question: Question, form: AdjudicateForm, *, with_boards: bool = True
    ) -> list[Effect | Barred]:
        chosen = _choice(form)
        others = [each for each in form.verdicts.values() if each != chosen]
        decision = _decision(request, question, form)
        return effects(decision=decision, chosen=chosen, others=others, with_boards=with_boards)

    def _weighed(
        self, request: HttpRequest, question: Question, form: AdjudicateForm, found: Sequence[Effect | Barred]
    ) -> HttpResponse:
        hidden = bool(tell(request, [question.pk]))
        data = {name: value for name, value in form.data.items() if name in form.fields}
        return self.render(
            request,
            "admin/desk/weighed.html",
            shown=question,
            question=question,
            reason=form.cleaned_data["reason"],
            ways=[_way(each, question, hidden=hidden) for each in found],
            rule=RULES[HOUSE_RULES[question.kind]],
            hidden=hidden,
            kept={**data, "previewed": _seal(question, form, found)},
        )


def _form(request: HttpRequest, question: Question) -> AdjudicateForm:
    verdicts = pending_on(question)
    return AdjudicateForm(request.POST, question=question, now=timezone.now(), verdicts=verdicts)


def _choice(form: AdjudicateForm) -> Verdict | Own:
    return form.chosen or Own(finding=form.finding, evidence=form.exhibits)


def _decision(request: HttpRequest, question: Question, form: AdjudicateForm) -> Decision:
    reason = form.cleaned_data["reason"]
    return Decision(question=question, reason=reason, by=editor(request), now=form.now)


def _seal(question: Question, form: AdjudicateForm, found: Sequence[Effect | Barred]) -> str:
    """Return the mark of the scores and the ladder; boards move for other reasons, too."""
    ways = [each for each in found if isinstance(each, Effect)]
    ladder = [[(each.question_id, each.answer, each.outcome) for each in way.ladder] for way in ways]
    scored = [each for way in ways for each in way.scored]
    return seal(question=question, given=form.cleaned_data, scored=scored, more=ladder)


def _way(effect: Effect | Barred, question: Question, *, hidden: bool) -> dict[str, Any]:
    verdict = effect.sides_with
    name = (verdict.recorded_by or _("no name")) if verdict else _("Your own finding")
    if isinstance(effect, Barred):
        return {
            "name": name,
            "answer": found_words(question, finding_of(effect.sides_with)),
            "barred": effect.because,
        }
    return {
        "name": name,
        "answer": found_words(question, effect.finding),
        "happened_on": day(effect.answer.occurred_at) if effect.answer.occurred_at else "",
        "is_void": effect.answer.answer == Answer.VOID,
        "n_scored": len([each for each in effect.scored if each.score is not None]),
        "scored": [] if hidden else [scored_words(each, question) for each in effect.scored],
        "ladder": [(each.question, answer_words(each)) for each in effect.ladder],
        "boards": [] if hidden else [_board(each) for each in effect.boards],
    }


def _board(moved: BoardMoved) -> dict[str, Any]:
    return {
        "name": _(moved.board.name),
        "too_large": moved.n_moved is None,
        "moves": [_move(each, moved.board) for each in moved.moves],
        "more": max((moved.n_moved or 0) - len(moved.moves), 0),
    }


def _move(move: Move, board: Board) -> dict[str, str]:
    return {
        "source": move.source,
        "rank": _from_to(move.rank_before, move.rank_after),
        "score": _from_to(score(move.score_before), score(move.score_after)),
    }


def _from_to(before: object, after: object) -> str:
    was, will = (NOTHING if each is None else str(each) for each in (before, after))
    return will if was == will else f"{was} → {will}"
