"""Where a value or a deadline is from: what was said, what it was read as, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from forecasts.house_rules import LEVEL, REMAINDER, RULES
from forecasts.models import Basis, Forecast, Question, QuestionKind
from forecasts.models.questions.deadline import WithDeadline
from forecasts.schedule import day_after_epoch
from tracker.wording.dates import day, day_in_sentence
from tracker.wording.numbers import amount, percent, reading, span


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisShown:
    """
    `label` is one of three. `said` are the words; `read` what they were read as, with the range that was
    left open; `rule` is the name of the house rule, with its reason.
    """

    basis: str
    label: str
    said: str
    read: str
    rule: str
    reason: str

    @property
    def stated(self) -> bool:
        return self.basis == Basis.STATED


def basis_of(forecast: Forecast, question: Question) -> BasisShown:
    """Return where the forecast's value is from. A withdrawal has none, and reads as stated."""
    rule = RULES.get(forecast.house_rule)
    return BasisShown(
        basis=forecast.basis,
        label=str(Basis(forecast.basis).label),
        said=forecast.said,
        read=_read(forecast, question),
        rule=str(rule.name) if rule else "",
        reason=str(rule.reason) if rule else "",
    )


def basis_of_deadline(dated: WithDeadline) -> BasisShown:
    """Return where the deadline is from."""
    rule = RULES.get(dated.deadline_house_rule)
    read = ""
    if dated.deadline_earliest and dated.deadline_latest:
        ends = {
            "first": day_in_sentence(dated.deadline_earliest),
            "last": day_in_sentence(dated.deadline_latest),
        }
        read = _("anything from %(first)s to %(last)s could have been meant") % ends
    reason = " ".join(each for each in (dated.deadline_reason, str(rule.reason) if rule else "") if each)
    return BasisShown(
        basis=dated.deadline_basis,
        label=str(Basis(dated.deadline_basis).label),
        said=dated.deadline_said,
        read=read,
        rule=str(rule.name) if rule else "",
        reason=reason,
    )


def _read(forecast: Forecast, question: Question) -> str:
    if forecast.basis == Basis.STATED:
        return ""
    if forecast.house_rule == REMAINDER and forecast.basis == Basis.RULE:
        return _rest(forecast, question)
    if forecast.probability is not None:
        low, high = forecast.probability_low, forecast.probability_high
        return reading(low=low, best=forecast.probability, high=high)
    if forecast.probabilities is not None:
        return _word_for_option(forecast, question)
    low, best, high = forecast.range_low, forecast.range_best, forecast.range_high
    if forecast.house_rule == LEVEL or forecast.term_id is not None:
        level = reading(low=low, best=best, high=high)
        return _("a range that holds the answer with a probability of %(level)s") % {"level": level}
    return _ranged(best or 0.0, low or 0.0, high or 0.0, question)


def _rest(forecast: Forecast, question: Question) -> str:
    places, odds = forecast.shared or [], forecast.probabilities or []
    share, left = (odds[places[0]], sum(odds[each] for each in places)) if places else (0.0, 0.0)
    return _("%(options)s: %(share)s each, from 0%% to %(left)s") % {
        "options": ", ".join(question.options[each] for each in places),
        "share": percent(share),
        "left": percent(left),
    }


def _word_for_option(forecast: Forecast, question: Question) -> str:
    shared = forecast.shared or []
    named = next((each for place, each in enumerate(question.options) if place not in shared), "")
    read = reading(low=forecast.range_low, best=forecast.range_best, high=forecast.range_high)
    return _("%(option)s: %(read)s; the others share the rest") % {"option": named, "read": read}


def _ranged(best: float, low: float, high: float, question: Question) -> str:
    if question.kind == QuestionKind.DATE:
        first, middle, last = (day(day_after_epoch(each)) for each in (low, best, high))
        return f"{middle} ({first}–{last})"
    return f"{amount(best, question.unit)} ({span(low, high, question.unit)})"
