"""The common import format as what the record takes in: sources, questions, forecasts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.files.writes.contents import FileContents, FileForecasts, FileQuestion, FileTerm, RefusedRow
from forecasts.files.writes.names import question_slug
from forecasts.files.writes.questions import KIND
from forecasts.models import VOID_REASONS_FOUND, Basis, Term, VoidReason
from forecasts.questions.values.readings import HowRead
from tracker.interchange.house.common_cells import YES_OR_NO, Bools, Floats, Ints, Refusal
from tracker.interchange.house.common_csv import CommonForecasts, read_common
from tracker.interchange.house.other_kinds import OtherKinds, read_other_kinds
from tracker.interchange.house.spoken_rows import read_spoken
from tracker.interchange.house.text_cells import (
    HOW_READ,
    QUESTION_TEXTS,
    ROW_TEXTS,
    chosen,
    refused_rows,
    said,
    text_of,
    topics_in,
)
from tracker.interchange.kit.deadlines import deadline_basis_in, deadline_in, moment

CRITERIA = "As resolved in the file {file}."
# A file names no question that takes the place of another: what was superseded elsewhere has no answer here.
VOID_HERE = {
    **{each.value: each.value for each in VOID_REASONS_FOUND},
    "": VoidReason.AMBIGUOUS.value,
    VoidReason.SUPERSEDED.value: VoidReason.UNANSWERABLE.value,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, the rows that can't be used, and how many rows there were."""

    contents: FileContents
    refused: list[RefusedRow]
    rows: int
    naive_times: int = 0


def read_for_import(*, paths: Iterable[str], name: str) -> Reading:
    """
    Read files in the common format. `name` is what the record shall call them.

    Raises UnreadableFileError.
    """
    rows = read_common(paths=paths, texts=ROW_TEXTS, question_texts=QUESTION_TEXTS, every_kind=True)
    spoken = read_spoken(rows)
    rows = spoken.rows
    bad, refused = refused_rows(rows, unread=spoken.unread)
    others = read_other_kinds(rows, ~bad)
    several = len(rows.files) > 1
    every = sorted(
        [*rows.refused, *refused, *others.refused], key=lambda each: (each.file, each.line, each.field)
    )
    return Reading(
        contents=_contents(rows, others, ~(bad | others.bad), name=name),
        refused=[_as_row(each, several) for each in every],
        rows=rows.n_rows,
        naive_times=rows.naive_times,
    )


def _as_row(each: Refusal, several: bool) -> RefusedRow:
    return RefusedRow(each.line, each.field, each.reason, each.file if several else "")


def _contents(rows: CommonForecasts, others: OtherKinds, kept: Bools, *, name: str) -> FileContents:
    at = np.flatnonzero(kept)
    _, first, question = np.unique(rows.question[at], return_index=True, return_inverse=True)
    source_codes, source = np.unique(rows.source[at], return_inverse=True)
    sources = [rows.source_names[code] for code in source_codes]
    terms, term = _terms(rows, others, at)
    hows, how = _hows(rows, at)
    empty = np.full(len(at), np.nan)
    return FileContents(
        sources=sources,
        source_kinds=_kinds(rows, at, source, sources),
        questions=_questions(rows, others, at, at[first], question, name=name),
        forecasts=FileForecasts(
            question=question.astype(np.int64),
            source=source.astype(np.int64),
            stated_at=_microseconds(rows.stated_at[at]),
            probability=rows.probability[at],
            low=rows.low[at] if rows.low is not None else empty,
            high=rows.high[at] if rows.high is not None else empty,
            term=term,
            value=others.value[at],
            how=how,
        ),
        terms=terms,
        values=others.values,
        hows=hows,
    )


def _microseconds(seconds: Floats) -> Ints:
    return np.rint(seconds * 1e6).astype(np.int64)


def _kinds(rows: CommonForecasts, at: Ints, source: Ints, names: Sequence[str]) -> Mapping[str, str]:
    codes, kinds = rows.texts["source_kind"]
    pairs = np.unique(np.stack((source, codes[at])), axis=1)
    return {names[which]: kinds[code] for which, code in pairs.T.tolist() if kinds[code]}


def _terms(rows: CommonForecasts, others: OtherKinds, at: Ints) -> tuple[list[FileTerm], Ints]:
    """Return the distinct terms of the rows, and each row's place among them (-1 for none)."""
    place = np.full(len(at), -1, dtype=np.int64)
    named = np.flatnonzero(said(rows, "term")[at])
    if not len(named):
        return [], place
    columns = [rows.texts[name] for name in ("scale", "term_language", "term")]
    keys = np.stack([codes[at[named]] for codes, _ in columns])
    distinct, first, which = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    place[named] = which.reshape(-1)
    terms = []
    for key, row in zip(distinct.T.tolist(), at[named[first]].tolist(), strict=True):
        scale, language, phrase = (names[code] for code, (_, names) in zip(key, columns, strict=True))
        low, best, high = _numbers(rows, others, row)
        terms.append(FileTerm(scale=scale, language=language, phrase=phrase, low=low, best=best, high=high))
    return terms, place


def _numbers(rows: CommonForecasts, others: OtherKinds, row: int) -> tuple[float, float, float]:
    """Return the numbers of the term that a row was read by."""
    if (place := int(others.value[row])) >= 0:
        how = others.values[place].how
        return (how.low or 0.0, how.best or 0.0, how.high or 0.0)
    columns = (rows.low, rows.probability, rows.high)
    low, best, high = (float("nan") if each is None else float(each[row]) for each in columns)
    return low, best, high


def _hows(rows: CommonForecasts, at: Ints) -> tuple[list[HowRead], Ints]:
    """
    Return where probabilities are from, and each row's place among them: -1 where that goes without
    saying, as it does of a number that was stated or read by its term, with no words beside it.
    """
    place = np.full(len(at), -1, dtype=np.int64)
    told = said(rows, "said") | said(rows, "house_rule")
    row = np.flatnonzero((told & chosen(rows, "kind", YES_OR_NO) & ~np.isnan(rows.probability))[at])
    if not len(row):
        return [], place
    columns = [rows.texts[name] for name in HOW_READ]
    keys = np.stack([*(codes[at[row]] for codes, _ in columns), said(rows, "term")[at[row]]])
    distinct, which = np.unique(keys, axis=1, return_inverse=True)
    place[row] = which.reshape(-1)
    hows = []
    for *key, by_term in distinct.T.tolist():
        basis, words, rule = (names[code] for code, (_, names) in zip(key, columns, strict=True))
        # The term itself stands with the row.
        basis = Basis.READ.value if by_term else basis or Basis.STATED.value
        term = Term() if by_term else None
        hows.append(HowRead(basis=basis, said=words, house_rule=rule, term=term))
    return hows, place


def _questions(
    rows: CommonForecasts, others: OtherKinds, at: Ints, first: Ints, question: Ints, *, name: str
) -> list[FileQuestion]:
    begun, ended = np.full(len(first), np.inf), np.full(len(first), -np.inf)
    np.minimum.at(begun, question, rows.stated_at[at])
    np.maximum.at(ended, question, rows.stated_at[at])
    opens_at = np.where(np.isnan(rows.opens_at[first]), begun, rows.opens_at[first])
    return [
        _question(rows, others, row, opens_at=float(opens), ended=float(end), name=name)
        for row, opens, end in zip(first.tolist(), opens_at, ended, strict=True)
    ]


def _question(
    rows: CommonForecasts, others: OtherKinds, row: int, *, opens_at: float, ended: float, name: str
) -> FileQuestion:
    key = rows.question_names[rows.question[row]]
    text = text_of(rows, row)
    outcome, known_at = float(rows.outcome[row]), float(rows.known_at[row])
    known = moment(known_at) if np.isfinite(known_at) else None
    asked = others.questions.get(int(rows.question[row]))
    kind = {} if asked is None else {name: getattr(asked.question, name) for name in KIND}
    if asked is not None and asked.outcome is not None:
        outcome = asked.outcome
    deadline, opens = deadline_in(text, known=known, last=moment(ended)), moment(opens_at)
    basis = deadline_basis_in(text, deadline=deadline, known=known, begins=opens)
    return FileQuestion(
        key=key,
        proposition=text["question"] or key,
        criteria=text["criteria"] or CRITERIA.format(file=name),
        opens_at=opens,
        deadline=deadline,
        deadline_basis=basis,
        outcome=None if np.isnan(outcome) else outcome,
        # Open ones have no time at all; a void one without a time has an infinite one.
        void=bool(np.isnan(outcome) and not np.isnan(known_at)),
        void_reason=VOID_HERE[text["void_reason"]],
        known_at=known,
        topics=_topics(text),
        event=text["event"],
        event_name=text["event_name"],
        language=text["language"] or "en",
        translation=text["translation"],
        condition=text["condition"],
        file=rows.files[rows.file[row]] if len(rows.files) > 1 else "",
        line=int(rows.line[row]),
        **kind,
    )


def _topics(text: Mapping[str, str]) -> Mapping[str, str]:
    if text["topics"]:
        return topics_in(text["topics"])
    name = text["category"]
    return {question_slug(name)[:100]: name} if name else {}
