"""
The common import format: one forecast a row, as CSV, gzipped CSV or Parquet.

Columns: question_id, source, forecast_time, probability, resolution (yes, no,
annulled; empty for open), resolved_time; optional: question, category,
open_time, low and high (a verbal range), and any column that names clusters.
On questions whose kind is not binary, probability is empty and resolution is
spelled by `kind_cells`, which has their other columns.
A row that can't be used is refused with its line, field and reason; nothing is
guessed. Times without a zone are read as UTC, and counted.

Each distinct text is parsed once, and whole columns at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tracker.interchange.house.common_cells import (
    NUMBERS,
    OPEN,
    VOID,
    YES_OR_NO,
    Batch,
    Names,
    joined,
    parsed,
    refuse_conflicts,
)
from tracker.interchange.kit.cells import Floats, Ints
from tracker.interchange.kit.refusals import Refusal, UnreadableFileError
from tracker.interchange.kit.tables import Titles, tables_of

__all__ = ["OPTIONAL", "REQUIRED", "CommonForecasts", "UnreadableFileError", "read_common"]

REQUIRED = ("question_id", "source", "forecast_time", "probability", "resolution", "resolved_time")
OPTIONAL = ("open_time", "low", "high", "kind")
NAMED = ("question_id", "source")
KINDS = ("kind", "resolution")


@dataclass(frozen=True, slots=True)
class CommonForecasts:
    """
    Rows that can be used, (n,): codes of question, source and cluster (in order
    of their names), times in seconds since 1970 UTC (NaN for none), probability,
    outcome (NaN for void and open, infinite where the text of `resolution` says it by
    the kind of its question), the line in one of the files. low and high are
    None without a column. texts: for each column asked for, for kind and resolution,
    codes and what they mean.
    """

    question: Ints
    source: Ints
    event: Ints
    stated_at: Floats
    probability: Floats
    outcome: Floats
    known_at: Floats
    opens_at: Floats
    low: Floats | None
    high: Floats | None
    question_names: list[str]
    source_names: list[str]
    n_rows: int
    naive_times: int
    refused: list[Refusal]
    line: Ints
    file: Ints
    files: list[str]
    texts: Mapping[str, tuple[Ints, list[str]]]


def read_common(
    *,
    paths: Iterable[str],
    cluster: str | None = None,
    texts: Sequence[str] = (),
    question_texts: Sequence[str] = (),
    every_kind: bool = False,
) -> CommonForecasts:
    """
    Read files in the common format, all as one set; "-" is standard input.

    cluster: the column whose value names a row's event; the question by default.
    texts, question_texts: columns that are read as text where a file has them. All rows of a
    question must agree on the latter. every_kind: also rows on questions of other kinds than yes or
    no; they are refused otherwise.
    Raises UnreadableFileError when a file is missing, empty, not UTF-8, not in
    the format, or lacks a column.
    """
    clusters = (cluster,) if cluster else ()
    titles = Titles((*REQUIRED, *clusters), (*OPTIONAL, *texts, *question_texts))
    names = {name: Names({}) for name in (*NAMED, *KINDS, *clusters, *texts, *question_texts)}
    refused: list[Refusal] = []
    batches = [parsed(table, names, refused) for path in paths for table in tables_of(path, titles, refused)]
    n_short = sum(1 for each in refused if each.field == "row")
    if not every_kind:
        batches = [_yes_or_no(batch, names["kind"], refused) for batch in batches]
    agreed = dict.fromkeys((*clusters, "kind", *question_texts))
    return _gather(batches, names, cluster=cluster, agreed=[*agreed], n_short=n_short, refused=refused)


def _yes_or_no(batch: Batch, kinds: Names, refused: list[Refusal]) -> Batch:
    """Return the rows with those on other kinds of question refused."""
    other = batch.codes["kind"] != kinds.code.get(YES_OR_NO, -1)
    if not other.any():
        return batch
    kind = {code: text for text, code in kinds.code.items()}
    reason = (
        "is {!r}: only yes-or-no questions are scored here. Import the file, and a board ranks the others"
    )
    refused += [
        Refusal(batch.file, int(batch.line[at]), "kind", reason.format(kind[int(batch.codes["kind"][at])]))
        for at in np.flatnonzero(other).tolist()
    ]
    return replace(batch, bad=batch.bad | other)


def _gather(
    batches: list[Batch],
    names: Mapping[str, Names],
    *,
    cluster: str | None,
    agreed: Sequence[str],
    n_short: int,
    refused: list[Refusal],
) -> CommonForecasts:
    """Put the batches together, without the rows that can't be used."""
    question, question_names = _codes(batches, names, "question_id")
    source, source_names = _codes(batches, names, "source")
    event = _codes(batches, names, cluster)[0] if cluster else question
    cells = {name: joined(batches, name) for name in NUMBERS}
    for name in agreed:
        cells[name] = _codes(batches, names, name)[0].astype(np.float64)
    bad = np.concatenate([batch.bad for batch in batches]) if batches else np.zeros(0, dtype=np.bool_)
    bad = bad | refuse_conflicts(batches, question, cells, bad, refused)
    kept = ~bad
    zero = np.zeros(0, dtype=np.int64)
    texts = {name: _codes(batches, names, name) for name in names if name not in NAMED}
    resolution, resolved_time = cells["resolution"][kept], cells["resolved_time"][kept]
    # A void question may come without a time; it is void all the same.
    void_at = np.where(np.isnan(resolved_time), np.inf, resolved_time)
    known_at = np.select([resolution == OPEN, resolution == VOID], [np.nan, void_at], resolved_time)
    files = list(dict.fromkeys(batch.file for batch in batches))
    ranged = any("low" in batch.values or "high" in batch.values for batch in batches)
    return CommonForecasts(
        question=question[kept],
        source=source[kept],
        event=event[kept],
        stated_at=cells["forecast_time"][kept],
        probability=cells["probability"][kept],
        outcome=np.select([resolution < 0, resolution < VOID], [np.inf, resolution], np.nan),
        known_at=known_at,
        opens_at=cells["open_time"][kept],
        low=cells["low"][kept] if ranged else None,
        high=cells["high"][kept] if ranged else None,
        question_names=question_names,
        source_names=source_names,
        n_rows=len(question) + n_short,
        naive_times=sum(batch.naive for batch in batches),
        refused=sorted(refused, key=lambda each: (each.file, each.line, each.field)),
        line=np.concatenate([zero, *(batch.line for batch in batches)])[kept],
        file=np.repeat(
            [files.index(batch.file) for batch in batches], [len(batch.line) for batch in batches]
        ).astype(np.int64)[kept],
        files=files,
        texts={name: (codes[kept], known) for name, (codes, known) in texts.items()},
    )


def _codes(batches: list[Batch], names: Mapping[str, Names], name: str) -> tuple[Ints, list[str]]:
    """Return each row's code and the names, in order of name whatever the row order."""
    met = names[name].code
    ordered = sorted(met)
    place = np.empty(len(met), dtype=np.int64)
    place[[met[text] for text in ordered]] = np.arange(len(met))
    parts = [batch.codes[name] for batch in batches]
    return place[np.concatenate(parts)] if parts else np.zeros(0, dtype=np.int64), ordered
