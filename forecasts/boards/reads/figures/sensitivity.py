"""How far a board's ranks rest on what an editor read into words, dates and contested answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from forecasts.boards.reads.columns.columns import Bools, Columns, Floats, Ints
from forecasts.boards.reads.figures.ranking import Ranked, ranked
from forecasts.models import Board


def rank_bands(*, columns: Columns, board: Board, found: Ranked) -> tuple[Ints, Ints]:
    """
    Return the best and the worst rank of each source of `found` under every defensible reading.

    What was read from words or set by a house rule at its low end, its best value or its high end, or
    left out; deadlines that no source named at their earliest, as they are or at their latest; contested
    outcomes as they stand or the other way. What else came true of several options, or which other number,
    nobody can say: such a question is left out instead. Readings that change nothing are not computed.
    0 for none.
    """
    code = found.result.sources.code
    seen = [found.rank]
    for reading in _readings(columns):
        other = ranked(columns=reading, board=board)
        place = np.zeros(len(code), dtype=np.int64)
        place[np.searchsorted(code, other.result.sources.code)] = other.rank
        seen.append(place)
    rank = np.array(seen)
    worst = rank.max(axis=0)
    best = np.where(rank > 0, rank, len(code) + 1).min(axis=0)
    return np.where(worst > 0, best, 0), worst


def _readings(columns: Columns) -> Iterator[Columns]:
    """Yield what the columns say under each reading but the usual one."""
    rows = columns.where(columns.scored)
    best = (rows.probability, rows.loss)
    values = {"best": best, "low": (rows.low, rows.loss_low), "high": (rows.high, rows.loss_high)}
    values = {name: ends for name, ends in values.items() if name == "best" or _moves(rows, ends)}
    imputed_out = (False, True) if rows.imputed.any() else (False,)
    flipped = (False, True) if rows.contested.any() else (False,)
    deadlines = {"as it is": rows.deadline_at, "earliest": rows.deadline_low, "latest": rows.deadline_high}
    deadlines = {
        name: at for name, at in deadlines.items() if name == "as it is" or (at != rows.deadline_at).any()
    }
    for value, deadline, out, flip in product(values, deadlines, imputed_out, flipped):
        if (value, deadline, out, flip) == ("best", "as it is", False, False):
            continue
        chance, loss = values[value]
        read = replace(rows, probability=chance, low=chance, high=chance)
        read = replace(read, loss=loss, loss_low=loss, loss_high=loss)
        # Which rows fall out is told by the columns as they are: each reading keeps the rows until then.
        kept = np.ones(len(rows), dtype=np.bool_) if not out else ~rows.imputed
        if flip:
            read, told = _other_way(read)
            kept &= told
        if deadline != "as it is":
            read, told = _by_deadline(read, deadlines[deadline])
            kept &= told
        yield read.where(kept)


def _moves(rows: Columns, ends: tuple[Floats, Floats]) -> bool:
    """Return whether any row reads otherwise there."""
    said = ~rows.withdrawn
    chance, loss = ends
    yes_no, other = said & ~rows.other, said & rows.other
    return bool((chance != rows.probability)[yes_no].any() or (loss != rows.loss)[other].any())


def _other_way(rows: Columns) -> tuple[Columns, Bools]:
    """Return the rows with contested answers turned, and of which of them one can tell the other way."""
    turned = rows.contested & ~rows.other
    rows = replace(rows, outcome=np.where(turned, 1.0 - rows.outcome, rows.outcome))
    return rows, ~(rows.contested & rows.other)


def _by_deadline(rows: Columns, deadline_at: Floats) -> tuple[Columns, Bools]:
    """
    Return the rows with another deadline, and of which of them one can tell the outcome by then.

    What had come true by the deadline had not by an earlier one that came before. A no that only the
    deadline made one may be a yes by a later one: of such a question nobody asked, so it is left out; so is
    a date, whose "not by the deadline" would be another answer.
    """
    earlier, later = deadline_at < rows.deadline_at, deadline_at > rows.deadline_at
    yes = ~rows.other & (rows.outcome == 1.0)
    missed = yes & earlier & (rows.known_at >= deadline_at)
    open_then = ~rows.other & ~yes & later & ~(rows.known_at < rows.deadline_at)
    moved = replace(
        rows,
        outcome=np.where(missed, 0.0, rows.outcome),
        deadline_at=deadline_at,
        closes_at=np.fmin(deadline_at, rows.known_at),
    )
    return moved, ~(open_then | (rows.dated & (earlier | later)))
