"""Where a value or a deadline is from: what was said, what it was read as, and by which rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import dateformat, formats
from django.utils.translation import gettext as _

from forecasts.house_rules import LEVEL, REMAINDER, RULES
from forecasts.models import Basis, Forecast, Question, QuestionKind
from forecasts.models.deadline import WithDeadline
from forecasts.schedule import day_after_epoch

NBSP = "\N{NO-BREAK SPACE}"


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
        ends = {"first": _day(dated.deadline_earliest), "last": _day(dated.deadline_latest)}
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
        return _ranged(
            percent(forecast.probability), forecast.probability_low, forecast.probability_high, percent
        )
    if forecast.probabilities is not None:
        return _word_for_option(forecast, question)
    low, best, high = forecast.range_low, forecast.range_best, forecast.range_high
    if forecast.house_rule == LEVEL or forecast.term_id is not None:
        level = _ranged(percent(best), low, high, percent)
        return _("a range that holds the answer with a probability of %(level)s") % {"level": level}
    return _ranged(_value(best, question), low, high, lambda each: _value(each, question))


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
    read = _ranged(percent(forecast.range_best), forecast.range_low, forecast.range_high, percent)
    return _("%(option)s: %(read)s; the others share the rest") % {"option": named, "read": read}


def _ranged(best: str, low: float | None, high: float | None, written: Callable[[float | None], str]) -> str:
    return f"{best} ({written(low)}–{written(high)})"


def percent(share: float | None) -> str:
    """Return a share in per cent, with one decimal only where it has one."""
    value = round((share or 0.0) * 100, 1)
    places = 0 if value == round(value) else 1
    return f"{formats.number_format(value, decimal_pos=places)}{NBSP}%"


def _value(value: float | None, question: Question) -> str:
    if question.kind == QuestionKind.DATE:
        return _day(day_after_epoch(value or 0.0))
    # Ten digits, as it was given: 0.1 + 0.2 is 0.3.
    exact = Decimal(format(Decimal(f"{value:.10g}"), "f"))
    return f"{formats.number_format(exact, force_grouping=True)}{NBSP}{question.unit}".strip()


def _day(value: date) -> str:
    return dateformat.format(value, "j F Y").replace(" ", NBSP)


def day_and_month(value: date) -> str:
    """Return the day without its year: 1 June."""
    return dateformat.format(value, "j F").replace(" ", NBSP)
