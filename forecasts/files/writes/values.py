"""Odds and quantiles by the thousand: what a file says on questions of other kinds than yes or no."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from forecasts.files.writes.contents import FileContents
from forecasts.files.writes.forecasts import (
    DEADLINE,
    EPOCH,
    GIVEN,
    Copied,
    IncomingColumns,
    Ints,
    first_of_each,
)
from forecasts.models import Forecast, Question, QuestionKind, Term
from forecasts.questions.values.readings import (
    Odds,
    Quantiles,
    WrongKindOfValueError,
    check_value,
    keep_value,
)
from forecasts.record.writes.bulk import append_rows, copy_rows, take_keys
from forecasts.record.writes.ledger import open_block

SAID = ("probabilities", "quantile_levels", "quantile_values")
HOW = ("basis", "house_rule", "range_low", "range_best", "range_high")

Said = Odds | Quantiles | None


def distinct_values(*, contents: FileContents) -> tuple[Ints, list[Said]]:
    """
    Return the place of what each row says on a question that is not a yes-or-no one, (n,), and the values.

    Equal values have one place, a withdrawal has one of its own; -1 stands for a yes-or-no question.
    Raises WrongKindOfValueError, or NotOddsError or NotQuantilesError, where a row's value does not go
    with its question.
    """
    given = contents.columns()
    is_binary = np.array([each.kind == QuestionKind.BINARY for each in contents.questions], dtype=np.bool_)
    if is_binary.all() and (given.value < 0).all():
        return np.full(len(given), -1, dtype=np.int64), []
    values: dict[Hashable, Said] = {None: None}
    for each in contents.values:
        values.setdefault(_key(each), each)
    place = {key: at for at, key in enumerate(values)}
    # The last place is where -1, no value, looks.
    places = np.array([*(place[_key(each)] for each in contents.values), 0], dtype=np.int64)
    other = ~is_binary[given.question]
    if (other & ~np.isnan(given.probability)).any() or (~other & (given.value >= 0)).any():
        raise WrongKindOfValueError(_("A yes-or-no question, and no other, takes one probability."))
    found = np.where(other, places[given.value], -1)
    _check(contents, list(values.values()), np.stack((given.question, found))[:, found > 0])
    return found, list(values.values())


def _check(contents: FileContents, values: Sequence[Said], pairs: Ints) -> None:
    asked = {place: contents.questions[place].asked() for place in np.unique(pairs[0]).tolist()}
    for question, place in np.unique(pairs, axis=1).T.tolist():
        if (value := values[place]) is not None:
            check_value(question=asked[question], value=value)


def _key(value: Odds | Quantiles) -> Hashable:
    """Return what tells a value from others; its term stands with its row."""
    how = value.how
    read = (how.basis, how.said, how.house_rule, how.low, how.best, how.high, how.shared)
    if isinstance(value, Odds):
        return (*value.probabilities,), read
    return (*value.levels,), (*value.values,), read


@transaction.atomic
def copy_values(*, forecasts: IncomingColumns, values: Sequence[Said], now: datetime) -> Copied:
    """
    Record those that are not on the record yet, as one block, and return how many there were.

    As `copy_forecasts` does; `value` is each row's place in `values`, of which None is a withdrawal. The
    caller has checked them.
    """
    distinct = forecasts.rows(first_of_each(forecasts))
    # From here on nobody else adds a forecast or moves a deadline.
    sequence = open_block()
    questions = Question.objects.in_bulk(np.unique(distinct.question).tolist())
    rows = _rows(distinct, values, questions, block=sequence, now=now)
    known = _on_record(questions)
    new = [row for row in rows if _said(row) not in known]
    if new:
        take_keys(rows=new)
        copy_rows(rows=new)
        append_rows(rows=new, sequence=sequence, now=now)
    return Copied(new=len(new), repeated=len(forecasts) - len(distinct), known=len(distinct) - len(new))


def _rows(
    given: IncomingColumns,
    values: Sequence[Said],
    questions: Mapping[int, Question],
    *,
    block: int,
    now: datetime,
) -> list[Forecast]:
    columns = (given.question, given.source, given.stated_at, given.value, given.term)
    terms = Term.objects.select_related("scale").in_bulk(np.unique(given.term[given.term >= 0]).tolist())
    rows = []
    for question, source, stated_at, place, term in zip(*(each.tolist() for each in columns), strict=True):
        row = Forecast(
            question_id=question,
            source_id=source,
            stated_at=EPOCH + timedelta(microseconds=stated_at),
            withdrawn=values[place] is None,
            block=block,
            recorded_at=now,
        )
        if (value := values[place]) is not None:
            keep_value(forecast=row, value=value)
        # A file's value has a stand-in for its term, which the row knows by its key.
        row.term = terms.get(term)
        for name in (*DEADLINE, *GIVEN):
            setattr(row, f"deadline_{name}", getattr(questions[question], f"deadline_{name}"))
        rows.append(row)
    return rows


def _said(row: Forecast) -> Hashable:
    said = (getattr(row, name) for name in SAID)
    how = (getattr(row, name) for name in HOW)
    return row.question_id, row.source_id, row.stated_at, *(each and tuple(each) for each in said), *how


def _on_record(questions: Mapping[int, Question]) -> set[Hashable]:
    """Return what the record says already on these questions, by the sources that a file names."""
    rows = Forecast.objects.filter(question__in=questions.keys())
    source = Coalesce("source__merged_into", "source")
    found = rows.values_list("question_id", source, "stated_at", *SAID, *HOW)
    return {(*row[:3], *(each and tuple(each) for each in row[3:6]), *row[6:]) for row in found}
