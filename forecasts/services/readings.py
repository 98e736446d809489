"""What a source gave, by kind of question: a probability, odds on options, or quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forecasts.models import Forecast, Question, QuestionKind, Term
from forecasts.schedule import days_since_epoch
from forecasts.services.refusal import RefusedError

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    A probability, as the source gave it (`stated`) or as we read it from a term (`from_term`).

    low <= best <= high, each between 0 and 1; raises NotAProbabilityError otherwise.
    """

    best: float
    low: float | None = None
    high: float | None = None
    term: Term | None = None

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

    @classmethod
    def stated(cls, probability: float) -> Reading:
        """Return the reading of a number that the source gave."""
        return cls(best=float(probability))

    @classmethod
    def from_term(cls, term: Term) -> Reading:
        """Return the term's numbers on its scale: they are copied, and kept with the forecast."""
        return cls(best=term.best, low=term.low, high=term.high, term=term)

    @property
    def imputed(self) -> bool:
        return self.term is not None


@dataclass(frozen=True, slots=True)
class Odds:
    """
    One probability for each option, in the question's order.

    Each between 0 and 1, their sum 1; raises NotOddsError naming the option otherwise.
    """

    probabilities: Sequence[float]

    def __post_init__(self) -> None:
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

    @classmethod
    def sharing_rest(cls, probabilities: Sequence[float | None]) -> Odds:
        """
        Return the odds with what is left of 1 shared evenly by the options that have None.

        For when a source named some options only, and an editor says that the rest is shared.

        >>> Odds.sharing_rest([0.5, None, None]).probabilities
        [0.5, 0.25, 0.25]
        """
        named = [each for each in probabilities if each is not None]
        left = 1 - math.fsum(named)
        unnamed = len(probabilities) - len(named)
        if not unnamed:
            return cls([each for each in probabilities if each is not None])
        if left < -SUM_TOLERANCE:
            raise NotOddsError(
                _("The probabilities add up to %(total)s already: nothing is left to share.")
                % {"total": f"{1 - left:.9g}"}
            )
        return cls([max(left, 0.0) / unnamed if each is None else each for each in probabilities])


@dataclass(frozen=True, slots=True)
class Quantiles:
    """
    Values and their levels: 0.5 alone is a point forecast, (0.05, 0.5, 0.95) a range with its middle.

    Levels rise strictly between 0 and 1 and values never fall; raises NotQuantilesError otherwise.
    For questions on a date, values are days since 1970-01-01 UTC.
    """

    levels: Sequence[float]
    values: Sequence[float]

    def __post_init__(self) -> None:
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
    def point(cls, value: float) -> Quantiles:
        """Return the reading of a single number: it is scored by its distance."""
        return cls((0.5,), (value,))

    @classmethod
    def interval(cls, *, low: float, high: float, level: float, middle: float | None = None) -> Quantiles:
        """
        Return the reading of a range that is to hold the outcome with probability `level`.

        As much lies below it as above. Raises NotQuantilesError.

        >>> Quantiles.interval(low=3, high=5, level=0.8)
        Quantiles(levels=(0.1, 0.9), values=(3, 5))
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
        # Twelve decimals: (1 - 0.8) / 2 is a hair off 0.1 in binary.
        tail = round((1 - level) / 2, 12)
        if middle is None:
            return cls((tail, round(1 - tail, 12)), (low, high))
        if not low <= middle <= high:
            raise NotQuantilesError(
                _("The middle %(middle)s lies outside the range %(low)s to %(high)s.")
                % {"middle": f"{middle:g}", "low": f"{low:g}", "high": f"{high:g}"},
                field="middle",
            )
        return cls((tail, 0.5, round(1 - tail, 12)), (low, middle, high))


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
            _("A question of kind '%(kind)s' takes %(words)s.") % {"kind": question.kind, "words": words},
            field=field,
        )
    if isinstance(value, Odds) and len(value.probabilities) != len(question.options):
        raise NotOddsError(
            ngettext(
                "The question has %(options)s options, and %(given)s probability was given. "
                "Give one for each, in the question's order.",
                "The question has %(options)s options, and %(given)s probabilities were given. "
                "Give one for each, in the question's order.",
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
            _("%(value)s lies beyond the question's bounds (%(bounds)s). Check the number.")
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
    if isinstance(value, Reading):
        forecast.probability = value.best
        forecast.probability_low = value.low
        forecast.probability_high = value.high
        forecast.term = value.term
        forecast.probability_imputed = value.imputed
    elif isinstance(value, Odds):
        forecast.probabilities = [float(each) for each in value.probabilities]
    else:
        forecast.quantile_levels = [float(each) for each in value.levels]
        forecast.quantile_values = [float(each) for each in value.values]
