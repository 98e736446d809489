"""Rows on yes-or-no questions that give the words of a probability and leave its number to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

import numpy as np

from forecasts.models import Basis, Question, QuestionKind
from forecasts.questions.values.readings import Reading
from forecasts.questions.values.words import read_words
from forecasts.record.refusal import RefusedError
from tracker.interchange.house.common_cells import YES_OR_NO
from tracker.interchange.house.common_csv import CommonForecasts
from tracker.interchange.house.text_cells import chosen, said
from tracker.interchange.kit.cells import Floats, Ints

OTHERWISE_READ = ("term", "basis", "house_rule")
YES_OR_NO_ONE = Question(kind=QuestionKind.BINARY)
ANY_DAY = date.min
"""Words of a probability mean the same whenever they were said."""


@dataclass(frozen=True, slots=True)
class SpokenRows:
    """The rows with the numbers that their words say, and why words could not be read, by their code."""

    rows: CommonForecasts
    unread: Mapping[int, str] = field(default_factory=dict)


def read_spoken(rows: CommonForecasts) -> SpokenRows:
    """
    Return the rows with a number wherever one is empty and `said` has the words of it.

    Each distinct text is read once, as the desk's form reads it: "60–70 %" and "about 70 %" by a house
    rule with its range, "70 %" as stated.
    """
    number = np.isnan(rows.probability)
    for bound in (rows.low, rows.high):
        number = number if bound is None else number & np.isnan(bound)
    wanted = number & chosen(rows, "kind", YES_OR_NO) & said(rows, "said") & ~chosen(rows, "withdrawn", "yes")
    for name in OTHERWISE_READ:
        wanted &= ~said(rows, name)
    if not wanted.any():
        return SpokenRows(rows)
    codes, words = rows.texts["said"]
    readings, unread = dict[int, Reading](), dict[int, str]()
    for code in np.unique(codes[wanted]).tolist():
        try:
            readings[code] = cast(Reading, read_words(YES_OR_NO_ONE, words[code], said_on=ANY_DAY))
        except RefusedError as error:
            unread[code] = str(error)
    set_by_rule = {code: each for code, each in readings.items() if each.how.basis == Basis.RULE}
    at = np.flatnonzero(wanted)
    rules = {code: each.how.house_rule for code, each in set_by_rule.items()}
    read = replace(
        rows,
        probability=_put(rows.probability, at, codes, {code: each.best for code, each in readings.items()}),
        low=_put(rows.low, at, codes, {code: each.low for code, each in set_by_rule.items()}),
        high=_put(rows.high, at, codes, {code: each.high for code, each in set_by_rule.items()}),
        texts={
            **rows.texts,
            "basis": _told(rows, "basis", at, dict.fromkeys(rules, str(Basis.RULE))),
            "house_rule": _told(rows, "house_rule", at, rules),
        },
    )
    return SpokenRows(read, unread)


def _put(given: Floats | None, at: Ints, codes: Ints, by_code: Mapping[int, float | None]) -> Floats:
    """Return the column with the number that each row's words have, NaN where they have none."""
    column = np.full(len(codes), np.nan) if given is None else given.copy()
    read = np.full(codes.max() + 1, np.nan)
    read[[*by_code]] = [np.nan if each is None else each for each in by_code.values()]
    column[at] = read[codes[at]]
    return column


def _told(rows: CommonForecasts, name: str, at: Ints, by_code: Mapping[int, str]) -> tuple[Ints, list[str]]:
    """Return a column of texts with what each row's words were read by; it was empty there."""
    column, names = rows.texts[name]
    known = [*names, *sorted({*by_code.values()} - {*names})]
    codes = rows.texts["said"][0]
    read = np.full(codes.max() + 1, -1, dtype=np.int64)
    read[[*by_code]] = [known.index(each) for each in by_code.values()]
    found = read[codes[at]]
    filled = column.copy()
    filled[at] = np.where(found < 0, column[at], found)
    return filled, known
