"""Rows on yes-or-no questions that give the words of a probability and leave its number to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, cast

import numpy as np

from forecasts.models import Basis, Question, QuestionKind
from forecasts.questions.values.words import read_words
from forecasts.record.refusal import RefusedError
from tracker.interchange.house.common_cells import YES_OR_NO
from tracker.interchange.house.common_csv import CommonForecasts
from tracker.interchange.house.text_cells import chosen, said
from tracker.interchange.kit.cells import Bools, Floats, Ints

if TYPE_CHECKING:
    from forecasts.questions.values.readings import Reading

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
    probability = rows.probability.copy()
    low, high = (_numbers(each, len(codes)) for each in (rows.low, rows.high))
    texts = {name: (rows.texts[name][0].copy(), [*rows.texts[name][1]]) for name in ("basis", "house_rule")}
    unread = {}
    for code in np.unique(codes[wanted]).tolist():
        at = wanted & (codes == code)
        try:
            reading = cast("Reading", read_words(YES_OR_NO_ONE, words[code], said_on=ANY_DAY))
        except RefusedError as error:
            unread[code] = str(error)
            continue
        probability[at] = reading.best
        if reading.how.basis != Basis.STATED:
            low[at], high[at] = reading.low, reading.high
            _put(texts["basis"], at, str(reading.how.basis))
            _put(texts["house_rule"], at, reading.how.house_rule)
    read = replace(rows, probability=probability, low=low, high=high, texts={**rows.texts, **texts})
    return SpokenRows(read, unread)


def _numbers(given: Floats | None, n: int) -> Floats:
    return np.full(n, np.nan) if given is None else given.copy()


def _put(column: tuple[Ints, list[str]], at: Bools, text: str) -> None:
    codes, names = column
    if text not in names:
        names.append(text)
    codes[at] = names.index(text)
