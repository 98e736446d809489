"""What a source left open, set by a named house rule: a level, a rest, a margin, a date."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from forecasts.house_rules import (
    DEADLINE,
    LEVEL,
    PLACE,
    REMAINDER,
    ROUNDING,
    RULES,
    TABLE,
    HouseRule,
    Sets,
    day_in_year,
)
from forecasts.models import Basis, Question, Term
from forecasts.questions.values.readings import (
    SUM_TOLERANCE,
    HowRead,
    NotOddsError,
    NotQuantilesError,
    Odds,
    Quantiles,
    Reading,
)
from forecasts.record.refusal import RefusedError
from forecasts.schedule import days_since_epoch

LAST_YEAR = 3000
QUARTER = 0.25
YEAR = re.compile(r"(?P<words>.*?)[\s,]*(?P<year>[12]\d{3})")


class UnreadableWordsError(RefusedError):
    field = "said"


def share_rest(probabilities: Sequence[float | None], *, said: str = "") -> Odds:
    """
    Return the odds with what is left of 1 shared equally by the options that have None.

    Where one option is left, or nothing is, that is arithmetic and no rule. Raises NotOddsError.

    >>> share_rest([0.5, None, None]).probabilities
    [0.5, 0.25, 0.25]
    >>> share_rest([0.5, None]).how.basis.value
    'stated'
    """
    open_ = tuple(place for place, each in enumerate(probabilities) if each is None)
    left = 1 - math.fsum(each for each in probabilities if each is not None)
    if open_ and left < -SUM_TOLERANCE:
        raise NotOddsError(
            _("The probabilities add up to %(total)s already: nothing is left to share.")
            % {"total": f"{1 - left:.9g}"}
        )
    odds = [max(left, 0.0) / len(open_) if each is None else each for each in probabilities]
    if len(open_) < 2 or left <= SUM_TOLERANCE:
        return Odds(odds, how=HowRead(said=said))
    rule, share = RULES[REMAINDER], 1 / len(open_)
    how = HowRead(
        basis=Basis.RULE,
        said=said,
        house_rule=REMAINDER,
        low=rule.low,
        best=share,
        high=rule.high,
        shared=open_,
    )
    return Odds(odds, how=how)


def word_for_option(*, question: Question, place: int, term: Term, said: str = "") -> Odds:
    """Return the odds with one option read from a word, and the others sharing what that leaves."""
    others = tuple(each for each in range(len(question.options)) if each != place)
    odds = [term.best if each == place else (1 - term.best) / len(others) for each in range(len(others) + 1)]
    how = HowRead(
        basis=Basis.READ,
        said=said,
        term=term,
        house_rule=REMAINDER if len(others) > 1 else "",
        low=term.low,
        best=term.best,
        high=term.high,
        shared=others,
    )
    return Odds(odds, how=how)


def range_without_level(
    *, low: float, high: float, middle: float | None = None, term: Term | None = None, said: str = ""
) -> Quantiles:
    """
    Return a range whose level was not given as a number: read from a word, or else set by our rule.

    Raises NotQuantilesError.

    >>> range_without_level(low=4, high=7).levels
    (0.1, 0.9)
    """
    used = term or RULES[LEVEL]
    if used.best is None:
        raise NotQuantilesError(_("This rule sets no level."), field="level")
    how = HowRead(
        basis=Basis.READ if term else Basis.RULE,
        said=said,
        term=term,
        house_rule="" if term else LEVEL,
        low=used.low,
        best=used.best,
        high=used.high,
    )
    return Quantiles.interval(low=low, high=high, middle=middle, level=used.best, how=how)


def middle_of_range(*, low: float, high: float, said: str = "") -> Reading:
    """
    Return the probability in the middle of a range that was named without one.

    >>> middle_of_range(low=0.6, high=0.7).best
    0.65
    """
    rule = RULES[PLACE]
    best = round(low + (high - low) * (rule.best or 0.0), 12)
    return Reading(best=best, low=low, high=high, how=HowRead(basis=Basis.RULE, said=said, house_rule=PLACE))


def about_probability(*, value: float, step: float, said: str = "") -> Reading:
    """
    Return a probability that was called approximate, rounded to `step`.

    >>> about = about_probability(value=0.7, step=0.1)
    >>> about.low, about.high
    (0.65, 0.75)
    """
    low, high = _margin(value, step)
    how = HowRead(basis=Basis.RULE, said=said, house_rule=ROUNDING)
    return Reading(best=value, low=max(low, 0.0), high=min(high, 1.0), how=how)


def about_number(*, question: Question, value: float, step: float, said: str = "") -> Quantiles:
    """Return a number that was called approximate, rounded to `step`, within the question's bounds."""
    low, high = _margin(value, step)
    if question.lower_bound is not None:
        low = min(max(low, question.lower_bound), value)
    if question.upper_bound is not None:
        high = max(min(high, question.upper_bound), value)
    how = HowRead(basis=Basis.RULE, said=said, house_rule=ROUNDING, low=low, best=value, high=high)
    return Quantiles.point(value, how=how)


def _margin(value: float, step: float) -> tuple[float, float]:
    rule, most = RULES[ROUNDING], abs(value) * QUARTER
    ends = (max(rule.low * step, -most), min(rule.high * step, most))
    # Twelve decimals: 0.7 - 0.05 is a hair off 0.65 in binary.
    return round(value + ends[0], 12), round(value + ends[1], 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsOfTime:
    """The day that words were read as, the days between which it could lie, and by which rule."""

    said: str
    house_rule: str
    on: date
    earliest: date
    latest: date


def words_of_time(said: str, *, said_on: date) -> WordsOfTime:
    """
    Return the day that words such as “early summer 2027” or “within a few months” name.

    Without a year, the next such time that is not over on the day when it was said. Raises
    UnreadableWordsError.

    >>> str(words_of_time("early summer", said_on=date(2027, 2, 1)).on)
    '2027-06-15'
    >>> str(words_of_time("inom några månader", said_on=date(2027, 2, 1)).latest)
    '2027-08-03'
    """
    words = " ".join(said.casefold().split()).strip(" .”“\"'")
    rule, year = _rule_for(words)
    if rule is None or rule.best is None:
        raise UnreadableWordsError(
            _(
                "“%(words)s” is none of the words of time that we read. Write a date, or words such as "
                "“early summer 2027” or “within a few months”."
            )
            % {"words": said}
        )
    numbers = (rule.low, rule.best, rule.high)
    if rule.sets == Sets.DAYS_AFTER:
        low, best, high = (said_on + timedelta(days=int(each)) for each in numbers)
    else:
        years = [year] if year else [said_on.year - 1, said_on.year, said_on.year + 1]
        times = [[day_in_year(each, named) for each in numbers] for named in years]
        low, best, high = next(each for each in times if year or each[-1] >= said_on)
        if not year:
            low, best = max(low, said_on), max(best, said_on)
    return WordsOfTime(said=said.strip(), house_rule=rule.slug, on=best, earliest=low, latest=high)


def _rule_for(words: str) -> tuple[HouseRule | None, int | None]:
    """Return the rule that reads these words, and the year they end in; a day rule goes with no year."""
    dated = YEAR.fullmatch(words)
    stem, year = (dated["words"], int(dated["year"])) if dated else (words, None)
    for rule in TABLE:
        if not rule.reads_words or (year and rule.sets == Sets.DAYS_AFTER):
            continue
        phrases = [each for told in rule.phrases.values() for each in told]
        if stem in (each.removesuffix(" …") for each in phrases if year or not each.endswith("…")):
            return rule, year
    return None, None


def date_from_words(said: str, *, said_on: date) -> Quantiles:
    """Return the reading of a date that was named in words. Raises UnreadableWordsError."""
    read = words_of_time(said, said_on=said_on)
    low, best, high = (days_since_epoch(each) for each in (read.earliest, read.on, read.latest))
    how = HowRead(basis=Basis.READ, said=read.said, house_rule=read.house_rule, low=low, best=best, high=high)
    return Quantiles.point(best, how=how)


def deadline_ends(*, begins: date, last: date) -> tuple[date, date]:
    """
    Return the days between which a deadline that we set could as well have fallen.

    begins: when the question opens, or when the words were said; last: the last day in time.

    >>> [str(each) for each in deadline_ends(begins=date(2027, 1, 1), last=date(2027, 1, 11))]
    ['2027-01-06', '2027-01-21']
    """
    rule, days = RULES[DEADLINE], max((last - begins).days, 0)
    most = (date.max - begins).days
    earliest, latest = (min(int(days * times), most) for times in (rule.low, rule.high))
    return begins + timedelta(days=earliest), begins + timedelta(days=latest)
