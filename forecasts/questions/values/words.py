"""What was said, as people write it, read as a value: “4–7”, “about 70 %”, “early summer”, “the rest”."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from forecasts.house_rules import REMAINDER, ROUNDING, RULES
from forecasts.models import Question, QuestionKind
from forecasts.questions.values.imputation import (
    UnreadableWordsError,
    about_number,
    about_probability,
    date_from_words,
    middle_of_range,
    range_without_level,
    share_rest,
)
from forecasts.questions.values.readings import HowRead, Odds, Quantiles, Reading, Value
from forecasts.schedule import Granularity, days_since_epoch, period

NUMBER = r"[-\N{MINUS SIGN}]?\d[\d\s]*(?:[.,]\d+)*"
DAY = r"\d{4}-\d\d(?:-\d\d)?"
BETWEEN = re.compile(r"^(?:between|from|mellan|från)\s+", re.IGNORECASE)
TO = r"\s*(?:–|-|\bto\b|\btill\b|\band\b|\boch\b)\s*"
LEVEL = re.compile(r"\s*\((?P<level>\d[\d.,]*)\s*%\)\s*$")
PERCENT = re.compile(r"\s*(?:%|per cent|percent|procent)", re.IGNORECASE)
THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+")
ABOUT = tuple(each for told in RULES[ROUNDING].phrases.values() for each in told)
REST = tuple(each for told in RULES[REMAINDER].phrases.values() for each in told)
# The words that come before a number, the longest first.
HEDGE = re.compile(
    "|".join(rf"{re.escape(each)}(?:\s+|(?<=[~≈]))" for each in sorted(ABOUT, key=len, reverse=True)),
    re.IGNORECASE,
)


def read_words(question: Question, said: str, *, said_on: date) -> Value:
    """
    Return the value of what was said, stated where all of it was, and by a house rule where not.

    said_on: the day of the words, from which words of time count. Raises UnreadableWordsError, and what
    the values raise.

    >>> percent = Question(kind="number", unit="%")
    >>> read_words(percent, "4–7 %", said_on=date(2027, 2, 1)).how.house_rule
    'range-without-level'
    """
    words = " ".join(said.split())
    if not words:
        raise UnreadableWordsError(_("Write what was said."))
    if question.kind == QuestionKind.BINARY:
        return _probability(words)
    if question.options:
        return _odds(question.options, words)
    if question.kind == QuestionKind.DATE:
        return _date(words, said_on)
    return _number(question, words)


def is_rest(words: str) -> bool:
    """
    Return whether the words give an option what the others leave.

    >>> is_rest("The rest"), is_rest("40 %")
    (True, False)
    """
    return words.strip().casefold() in REST


def number(written: str, *, unit: str = "") -> float:
    """
    Return a number as people write it: 3.4, 3,4 or 1 234, with its unit or without.

    Raises UnreadableWordsError.

    >>> number("1 234,5 GW", unit="GW")
    1234.5
    """
    digits = _digits(written, unit)
    if THOUSANDS.fullmatch(digits):
        raise UnreadableWordsError(
            _("“%(written)s” can be read in two ways. Write thousands without a comma.")
            % {"written": written}
        )
    if not re.fullmatch(r"-?\d+([.,]\d+)?", digits):
        raise UnreadableWordsError(
            _("“%(written)s” is not a number. Write 3.4, in the question’s unit.") % {"written": written}
        )
    return float(digits.replace(",", "."))


def probability(written: str) -> float:
    """
    Return a probability as people write it: 0.9, 0,9 or 90 %. Raises UnreadableWordsError.

    >>> probability("90 %"), probability("0,9")
    (0.9, 0.9)
    """
    bare = PERCENT.sub("", written).strip()
    found = re.fullmatch(r"\d+(?:[.,]\d+)?", bare)
    if found is None:
        raise UnreadableWordsError(
            _("“%(written)s” is not a number. Write 0.9 or 90%%.") % {"written": written}
        )
    value = float(bare.replace(",", "."))
    value = value / 100 if PERCENT.search(written) else value
    if value > 1:
        raise UnreadableWordsError(
            _("“%(written)s” is more than 1. Write 0.9, or 90%% with its sign.") % {"written": written}
        )
    return value


def step_of(digits: str) -> float:
    """
    Return what a number was rounded to, by its last digit that is not 0; a 5 after others counts by fives.

    >>> [step_of(each) for each in ("70", "75", "1200", "4.2", "0.75", "50")]
    [10.0, 5.0, 100.0, 0.1, 0.05, 10.0]
    """
    plain = digits.replace(",", ".").lstrip("-").rstrip(".")
    whole, _point, decimals = plain.partition(".")
    figures = (whole + decimals).lstrip("0")
    significant = figures.rstrip("0") or "1"
    power = len(figures) - len(significant) - len(decimals)
    fives = significant[-1] == "5" and len(significant) > 1
    return round((5 if fives else 1) * math.pow(10, power), 12)


def _digits(written: str, unit: str) -> str:
    bare = written.strip().removesuffix(unit)
    return re.sub(r"\s", "", bare).replace("\N{MINUS SIGN}", "-")


def _unhedged(words: str) -> tuple[str, bool]:
    """Return the words without “about”, and whether it was there."""
    hedge = HEDGE.match(words)
    return (words[hedge.end() :], True) if hedge else (words, False)


def _ends(words: str, part: str) -> tuple[str, str] | None:
    """Return the two ends of a range, or None where the words are none."""
    found = re.fullmatch(f"({part}){TO}({part})", BETWEEN.sub("", words))
    return (found[1], found[2]) if found else None


def _probability(words: str) -> Reading:
    bare, hedged = _unhedged(words)
    if ends := _ends(PERCENT.sub("", bare).strip(), NUMBER):
        sign = "%" if PERCENT.search(bare) else ""
        low, high = (probability(f"{each}{sign}") for each in ends)
        return middle_of_range(low=low, high=high, said=words)
    value = probability(bare)
    if not hedged:
        return Reading.stated(value, said=words)
    digits = PERCENT.sub("", bare).strip()
    step = step_of(digits) / (100 if PERCENT.search(bare) else 1)
    return about_probability(value=value, step=step, said=words)


def _odds(options: Sequence[str], words: str) -> Odds:
    """Read “Red 60 %, Blue 20 %, the rest”; who is not named shares what is left."""
    found: dict[str, float | None] = dict.fromkeys(options)
    for part in (each.strip() for each in re.split(r"[;,]\s", words)):
        if is_rest(part):
            continue
        name = next((each for each in options if part.casefold().startswith(each.casefold())), None)
        if name is None:
            raise UnreadableWordsError(
                _("“%(words)s” begins with none of the options. Write one and its probability: %(example)s.")
                % {"words": part, "example": f"{options[0]} 60 %"}
            )
        given = part[len(name) :].strip(" :")
        found[name] = None if is_rest(given) else probability(given)
    return share_rest([found[each] for each in options], said=words)


def _number(question: Question, words: str) -> Quantiles:
    level = LEVEL.search(words)
    bare, hedged = _unhedged(words[: level.start()] if level else words)
    bare = bare.strip().removesuffix(question.unit).strip()
    if question.unit == "%":
        bare = PERCENT.sub("", bare).strip()
    if ends := _ends(bare, NUMBER):
        low, high = (number(each, unit=question.unit) for each in ends)
        return _range(low, high, level, words)
    value = number(bare, unit=question.unit)
    if hedged:
        return about_number(question=question, value=value, step=step_of(_digits(bare, "")), said=words)
    return Quantiles.point(value, how=HowRead(said=words))


def _range(low: float, high: float, level: re.Match[str] | None, words: str) -> Quantiles:
    if level is None:
        return range_without_level(low=low, high=high, said=words)
    surely = float(level["level"].replace(",", ".")) / 100
    return Quantiles.interval(low=low, high=high, level=surely, how=HowRead(said=words))


def _date(words: str, said_on: date) -> Quantiles:
    level = LEVEL.search(words)
    bare = (words[: level.start()] if level else words).strip()
    if ends := _ends(bare, DAY):
        first, last = _days(ends[0])[0], _days(ends[1])[1]
        return _range(days_since_epoch(first), days_since_epoch(last), level, words)
    if re.fullmatch(DAY, bare):
        first, last = _days(bare)
        if first == last:
            return Quantiles.point(days_since_epoch(first), how=HowRead(said=words))
        return _range(days_since_epoch(first), days_since_epoch(last), level, words)
    return date_from_words(words, said_on=said_on)


def _days(written: str) -> tuple[date, date]:
    """Return the first and the last day of a date or a month. Raises UnreadableWordsError."""
    month = len(written) == len("2027-05")
    try:
        day = date.fromisoformat(f"{written}-01" if month else written)
    except ValueError:
        raise UnreadableWordsError(
            _("“%(written)s” is no date. Write it as 2018-05-12.") % {"written": written}
        ) from None
    if not month:
        return day, day
    first, after = period(on=day, granularity=Granularity.MONTH)
    return first, after - timedelta(days=1)
