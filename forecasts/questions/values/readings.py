"""What a source gave, by kind of question: a probability, odds on options, or quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forecasts.house_rules import RULES
from forecasts.models import Basis, Forecast, Question, QuestionKind, Term
from forecasts.record.refusal import RefusedError
from forecasts.schedule import days_since_epoch

# Sums of odds may be off by rounding, and by no more (scoring.md, section 7).
SUM_TOLERANCE = 1e-6
# Beyond these, arithmetic with time zones leaves the calendar that computers keep.
FIRST_DAY, LAST_DAY = days_since_epoch(date(1000, 1, 1)), days_since_epoch(date(3000, 12, 31))


class NotAProbabilityError(RefusedError):
    field = "probability"


class NotOddsError(RefusedError):
    field = "probabilities"


class NotQuantilesError(RefusedError):
    field = "quantile_values"


class WrongKindOfValueError(RefusedError):
    field = "probability"


class BasisUnclearError(RefusedError):
    field = "basis"


@dataclass(frozen=True, slots=True, kw_only=True)
class HowRead:
    """
    Where a value is from: what was said of it, and how that became the value.

    What was read from words names the term or the house rule that read them; what we set names the
    rule. `low` to `high` about `best` is what words or rule left open, as `Forecast` keeps it: None for a
    probability, which has its range itself. `shared` are the places of the options that share the rest.
    Raises BasisUnclearError.
    """

    basis: str = Basis.STATED
    said: str = ""
    term: Term | None = None
    house_rule: str = ""
    low: float | None = None
    best: float | None = None
    high: float | None = None
    shared: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if fault := self._fault():
            raise BasisUnclearError(fault)

    def _fault(self) -> str:
        """Return what is wrong, or nothing."""
        rule = RULES.get(self.house_rule)
        if self.house_rule and rule is None:
            return _("There is no house rule “%(rule)s”. Use one of: %(known)s.") % {
                "rule": self.house_rule,
                "known": ", ".join(RULES),
            }
        ends = (self.low, self.best, self.high)
        given = [each for each in ends if each is not None]
        if len(given) not in (0, len(ends)) or given != sorted(given):
            return _("The range has a low end, what was read and a high end, in this order.")
        if self.basis == Basis.STATED and (rule or self.term or given or self.shared):
            return _("What the source stated names no term, no house rule and no range of ours.")
        if self.basis == Basis.READ and self.term is None and not (rule and rule.reads_words):
            return _("What is read from words names the term or the house rule that read them.")
        if self.basis == Basis.RULE and (self.term or rule is None or rule.reads_words):
            return _("What we set names its house rule, and no term.")
        return ""


STATED = HowRead()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    A probability, as the source gave it (`stated`) or as we read it from a term (`from_term`).

    low <= best <= high, each between 0 and 1; raises NotAProbabilityError otherwise.
    """

    best: float
    low: float | None = None
    high: float | None = None
    how: HowRead = STATED

    def __post_init__(self) -> None:
        ends = (self.best, self.low, self.high)
        given = [value for value in ends if value is not None]
        if any(not math.isfinite(value) or not 0 <= value <= 1 for value in given):
            raise NotAProbabilityError(_("A probability is between 0 and 1: write 0.9 for 90 per cent."))
        if (self.low is None) != (self.high is None):
            raise NotAProbabilityError(_("Give both ends of the range, or neither."))
        if self.low is not None and self.high is not None and not self.low <= self.best <= self.high:
            raise NotAProbabilityError(
                _("The range %(low)s to %(high)s does not hold the best reading %(best)s.")
                % {"low": self.low, "high": self.high, "best": self.best}
            )
        if self.how.basis != Basis.STATED and self.low is None:
            raise NotAProbabilityError(_("What was not stated needs its range beside it: low and high."))

    @classmethod
    def stated(cls, probability: float, *, said: str = "") -> Reading:
        """Return the reading of a number that the source gave."""
        return cls(best=float(probability), how=HowRead(said=said))

    @classmethod
    def from_term(cls, term: Term, *, said: str = "") -> Reading:
        """Return the term's numbers on its scale: they are copied, and kept with the forecast."""
        how = HowRead(basis=Basis.READ, term=term, said=said)
        return cls(best=term.best, low=term.low, high=term.high, how=how)

    @property
    def term(self) -> Term | None:
        return self.how.term


@dataclass(frozen=True, slots=True)
class Odds:
    """
    One probability for each option, in the question's order.

    Each between 0 and 1, their sum 1; raises NotOddsError naming the option otherwise.
    """

    probabilities: Sequence[float]
    how: HowRead = field(default=STATED, kw_only=True)

    def __post_init__(self) -> None:
        _check_open(self.how, NotOddsError)
        for number, value in enumerate(self.probabilities, start=1):
            if not math.isfinite(value) or not 0 <= value <= 1:
                raise NotOddsError(
                    _("Option %(number)s has %(value)s; a probability is between 0 and 1.")
                    % {"number": number, "value": value}
                )
        total = math.fsum(self.probabilities)
        if abs(total - 1) > SUM_TOLERANCE:
            raise NotOddsError(
                _("The probabilities add up to %(total)s. They must add up to 1.") % {"total": f"{total:.9g}"}
            )


@dataclass(frozen=True, slots=True)
class Quantiles:
    """
    Values and their levels: 0.5 alone is a point forecast, (0.05, 0.5, 0.95) a range with its middle.

    Levels rise strictly between 0 and 1 and values never fall; raises NotQuantilesError otherwise.
    For questions on a date, values are days since 1970-01-01 UTC.
    """

    levels: Sequence[float]
    values: Sequence[float]
    how: HowRead = field(default=STATED, kw_only=True)

    def __post_init__(self) -> None:
        _check_open(self.how, NotQuantilesError)
        if not self.levels or len(self.levels) != len(self.values):
            raise NotQuantilesError(_("Give one value for each level, and at least one."))
        if not all(math.isfinite(each) for each in (*self.levels, *self.values)):
            raise NotQuantilesError(_("Levels and values are finite numbers."))
        if not all(0 < level < 1 for level in self.levels):
            raise NotQuantilesError(_("A level is above 0 and below 1."), field="quantile_levels")
        if any(later <= earlier for earlier, later in pairwise(self.levels)):
            raise NotQuantilesError(_("Levels rise from each to the next."), field="quantile_levels")
        if any(later < earlier for earlier, later in pairwise(self.values)):
            raise NotQuantilesError(_("A value lies below the one at a lower level. Check their order."))

    @classmethod
    def point(cls, value: float, *, how: HowRead = STATED) -> Quantiles:
        """Return the reading of a single number: it is scored by its distance."""
        return cls((0.5,), (value,), how=how)

    @classmethod
    def interval(
        cls, *, low: float, high: float, level: float, middle: float | None = None, how: HowRead = STATED
    ) -> Quantiles:
        """
        Return the reading of a range that is to hold the outcome with probability `level`.

        As much lies below it as above. Raises NotQuantilesError.

        >>> Quantiles.interval(low=3, high=5, level=0.8).levels
        (0.1, 0.9)
        """
        if not 0 < level < 1:
            raise NotQuantilesError(
                _("The level of a range is above 0 and below 1: write 0.8 for 80 per cent."), field="level"
            )
        if low > high:
            raise NotQuantilesError(
                _("The range ends at %(high)s, below its start at %(low)s.")
                % {"high": f"{high:g}", "low": f"{low:g}"},
                field="high",
            )
        tail, upper = tails(level)
        if middle is None:
            return cls((tail, upper), (low, high), how=how)
        if not low <= middle <= high:
            raise NotQuantilesError(
                _("The middle %(middle)s lies outside the range %(low)s to %(high)s.")
                % {"middle": f"{middle:g}", "low": f"{low:g}", "high": f"{high:g}"},
                field="middle",
            )
        return cls((tail, 0.5, upper), (low, middle, high), how=how)


def tails(level: float) -> tuple[float, float]:
    """
    Return the levels of the ends of a range that holds the answer with this probability.

    >>> tails(0.8)
    (0.1, 0.9)
    """
    # Twelve decimals: (1 - 0.8) / 2 is a hair off 0.1 in binary.
    tail = round((1 - level) / 2, 12)
    return tail, round(1 - tail, 12)


def _check_open(how: HowRead, error: type[RefusedError]) -> None:
    """Refuse a value that was not stated and has no range."""
    if how.basis != Basis.STATED and how.low is None:
        raise error(_("What was not stated needs its range beside it."), field="range")


Value = Reading | Odds | Quantiles

TAKES: dict[str, type[Reading] | type[Odds] | type[Quantiles]] = {
    QuestionKind.BINARY: Reading,
    QuestionKind.OPTIONS: Odds,
    QuestionKind.ORDERED: Odds,
    QuestionKind.NUMBER: Quantiles,
    QuestionKind.DATE: Quantiles,
}
WANTED = {
    Reading: (gettext_lazy("one probability"), "probability"),
    Odds: (gettext_lazy("a probability for each option"), "probabilities"),
    Quantiles: (gettext_lazy("quantiles: values and their levels"), "quantile_values"),
}


def check_value(*, question: Question, value: Value) -> None:
    """
    Check that the value is of the question's kind.

    Raises WrongKindOfValueError, or NotOddsError where the number of options differs.
    """
    expected = TAKES[question.kind]
    if not isinstance(value, expected):
        words, field = WANTED[expected]
        raise WrongKindOfValueError(
            _("A question of kind “%(kind)s” takes %(words)s.") % {"kind": question.kind, "words": words},
            field=field,
        )
    if isinstance(value, Odds) and len(value.probabilities) != len(question.options):
        raise NotOddsError(
            ngettext(
                "The question has %(options)s options, and %(given)s probability was given. Give one "
                "for each, in the question’s order.",
                "The question has %(options)s options, and %(given)s probabilities were given. Give "
                "one for each, in the question’s order.",
                len(value.probabilities),
            )
            % {"options": len(question.options), "given": len(value.probabilities)}
        )
    if isinstance(value, Quantiles):
        _check_within(question, value.values)


def _check_within(question: Question, values: Sequence[float]) -> None:
    """Refuse a number that the question's bounds rule out, or a date that no calendar has."""
    lower, upper = question.lower_bound, question.upper_bound
    least, most = (-math.inf if lower is None else lower), (math.inf if upper is None else upper)
    beyond = [each for each in values if not least <= each <= most]
    if beyond:
        raise NotQuantilesError(
            _("%(value)s lies beyond the question’s bounds (%(bounds)s). Check the number.")
            % {"value": f"{beyond[0]:g}", "bounds": within(question)}
        )
    if question.kind == QuestionKind.DATE and not all(FIRST_DAY <= each <= LAST_DAY for each in values):
        raise NotQuantilesError(_("A date lies between the years 1000 and 3000, in days since 1970-01-01."))


def within(question: Question) -> str:
    """
    Return the bounds of a question for a number, in words.

    >>> within(Question(kind="number", unit="%", lower_bound=0, upper_bound=100))
    '0 to 100 %'
    """
    lower, upper = question.lower_bound, question.upper_bound
    if lower is not None and upper is not None:
        words = _("%(lower)s to %(upper)s") % {"lower": f"{lower:g}", "upper": f"{upper:g}"}
    elif lower is not None:
        words = _("from %(lower)s") % {"lower": f"{lower:g}"}
    elif upper is not None:
        words = _("up to %(upper)s") % {"upper": f"{upper:g}"}
    else:
        words = _("any number")
    return f"{words} {question.unit}".strip()


def keep_value(*, forecast: Forecast, value: Value) -> None:
    """Put the value into the columns of a forecast that is not saved yet."""
    how = value.how
    forecast.basis, forecast.said, forecast.house_rule = how.basis, how.said, how.house_rule
    forecast.term = how.term
    forecast.range_low, forecast.range_best, forecast.range_high = how.low, how.best, how.high
    forecast.shared = list(how.shared) or None
    if isinstance(value, Reading):
        forecast.probability = value.best
        forecast.probability_low = value.low
        forecast.probability_high = value.high
    elif isinstance(value, Odds):
        forecast.probabilities = [float(each) for each in value.probabilities]
    else:
        forecast.quantile_levels = [float(each) for each in value.levels]
        forecast.quantile_values = [float(each) for each in value.values]
