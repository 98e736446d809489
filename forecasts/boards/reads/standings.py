"""What a board says: each source's place, with its n, its range and its intervals."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.cache import cache
from django.db.models import BigIntegerField, Func, Max, Value
from django.forms.models import model_to_dict

from forecasts.boards.reads.cache import KEEP_SECONDS, keep_past
from forecasts.boards.reads.figures.table import board_figures
from forecasts.models import Board, DeadlineMove, Entry, Publication, Source
from forecasts.models.boards.board import Window
from forecasts.record.reads import ledger

# Raise this when figures are computed in another way: what an older release cached must not be shown.
FORMULAS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """
    One source on a board.

    `rank` is None where the source is provisional, not comparable or has no score. `n` counts scored
    questions, `n_forecasts` the forecasts on them. `brier` is the mean over questions at the best
    reading; `brier_low` and `brier_high` are its least and its most over what words and house rules leave
    open. Shares are of the source's forecasts (imputed: not stated whole), of its answered
    questions (void) and of its decided statements (unscorable, those that were turned down); None where
    there is nothing to take a share of.

    `coverage` is the mean share of a question's open time with a forecast in force. `shrunk`,
    `adjusted_fixed` and `adjusted_shrunk` are the score by each estimator; `skill` is 1 - score /
    score of the `reference`. `ci_low` to `ci_high` is the 95 % interval of the score that the
    board orders by, `rank_low` to `rank_high` that of the rank, `p_first` the share of draws in
    first place; all from drawing events anew. No interval of a score reaches beyond what the rule can
    give (0 to 1 for Brier), but as far as the score itself where that was adjusted. `rank_band` is the
    best and the worst rank under every reading that an editor could defend. `comparable` is False where
    no chain of shared questions leads to the rest; `reason` says why such a source has no rank, and
    `skill_reason` why one with a score has no skill.
    """

    rank: int | None
    source: str
    slug: str
    kind: str
    n: int
    n_forecasts: int
    n_open: int
    n_void: int
    brier: float | None
    brier_low: float | None
    brier_high: float | None
    imputed_share: float | None
    void_share: float | None
    provisional: bool
    unscorable_share: float | None = None
    coverage: float | None = None
    adjusted_fixed: float | None = None
    adjusted_shrunk: float | None = None
    shrunk: float | None = None
    skill: float | None = None
    reference: str = ""
    ci_low: float | None = None
    ci_high: float | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    p_first: float | None = None
    rank_band: list[int] | None = None
    comparable: bool = True
    reason: str = ""
    skill_reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def standings(*, board: Board, at: datetime | None = None, now: datetime | None = None) -> list[StandingRow]:
    """
    Return the board's rows in order of rank, then those without one.

    `at` gives the board as known on that date: only what had been recorded by then counts. Without
    it, the board as known now, from the cache where the ledger has not moved since. Intervals are
    there where the board is small or a task has computed them, all of one version. A live rolling
    window ends `now`, or without that with the last outcome known.
    """
    return _rows(standings_told(board=board, at=at, now=now))


def standings_told(
    *, board: Board, at: datetime | None = None, now: datetime | None = None
) -> list[dict[str, Any]]:
    """Return the same as plain dicts with a row's columns: half the time where there are thousands."""
    key = cache_key(board=board, now=now, at=at)
    # One after the other: to read both takes twice as long, and mostly the first is there.
    figures = cache.get(f"{key}:drawn")
    if figures is None:
        figures = cache.get(key)
    if figures is None:
        figures = board_figures(board=board, at=at, until=at or now, drawn=False)
        if at is None:
            cache.set(key, figures, KEEP_SECONDS)
        elif not is_drawn(figures):
            # A small board of the past is quickly computed, and for each date there is one.
            keep_past(key, figures, kind="rows")
    return _named(figures)


def drawn_standings(
    *, board: Board, at: datetime | None = None, now: datetime | None = None
) -> list[StandingRow]:
    """
    Return the same rows with intervals and bands, however large the board, and cache them.

    Takes seconds on a large board: for tasks, for commands, and for what is kept.
    """
    # The key is taken first: what is recorded meanwhile makes another one.
    key = f"{cache_key(board=board, now=now, at=at)}:drawn"
    found = cache.get_many([key, key.removesuffix(":drawn")])
    figures = next((each for each in found.values() if is_drawn(each)), None)
    if figures is None:
        figures = board_figures(board=board, at=at, until=at or now, drawn=True)
        if at is None:
            cache.set(key, figures, KEEP_SECONDS)
        else:
            keep_past(key, figures, kind="figures")
    return _rows(_named(figures))


def standings_as_it_stood(*, board: Board, at: datetime) -> list[StandingRow]:
    """
    Return the rows by what had been said and had happened by then, whenever it was recorded.

    What is recorded late is there all the same, so this is no proof of what anybody knew: that is
    `standings` with its `at`. With intervals, however large the board; not cached.
    """
    return _rows(_named(board_figures(board=board, at=None, until=None, drawn=True, stood=at)))


def is_drawn(figures: list[dict[str, Any]]) -> bool:
    """Return whether all who have a rank have its band, and with it their intervals."""
    return all(each["rank"] is None or each["rank_band"] for each in figures)


def cache_key(*, board: Board, now: datetime | None = None, at: datetime | None = None) -> str:
    """
    Return the key of the board's figures: it holds the ledger's version, the settings and our own.

    Of a past date it is the version of that date, so that later facts leave it alone; and dates
    between which nothing was recorded have one key.
    """
    settings = json.dumps(model_to_dict(board), sort_keys=True, default=str)
    shape = ",".join(StandingRow.__dataclass_fields__)
    moving = _moving(board, now, at)
    fingerprint = hashlib.sha256(f"{FORMULAS} {shape} {settings}{moving}".encode()).hexdigest()[:16]
    return f"standings:{board.pk}:{fingerprint}:{_version(at)}"


def _moving(board: Board, now: datetime | None, at: datetime | None) -> str:
    """Return where a rolling window ends; it moves with the clock, a day at a time."""
    if board.window != Window.ROLLING:
        return ""
    if at is not None:
        return at.isoformat()
    return f"{now:%Y-%m-%d}" if now else ""


def _version(at: datetime | None) -> str:
    if at is None:
        return ledger.head().sha256
    # Facts are not always entered in the order of their clocks: the last entry alone does not tell how
    # many of those before it were known by then.
    known = Entry.objects.filter(recorded_at__lte=at).aggregate(last=Max("recorded_at"))["last"]
    # A deadline that was moved since is moved on past boards, too; what is public now counts on them.
    moved, published = (
        model.objects.order_by("-pk").values_list("pk", flat=True).first()
        for model in (DeadlineMove, Publication)
    )
    return f"{ledger.head(at=at).sha256}:{known.isoformat() if known else ''}:{moved or 0}:{published or 0}"


def _rows(told: list[dict[str, Any]]) -> list[StandingRow]:
    return [StandingRow(**each) for each in told]


def _named(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put each source's name beside its figures; names are read afresh, so they are never stale."""
    # As one array: thousands of placeholders take longer than the query.
    keys = Value([each["source_id"] for each in figures], output_field=ArrayField(BigIntegerField()))
    listed = Func(keys, function="unnest", template="(SELECT %(function)s(%(expressions)s))")
    known = Source.objects.filter(pk__in=listed)
    sources = {key: named for key, *named in known.values_list("pk", "name", "slug", "kind")}
    rows = []
    for figure in figures:
        name, slug, kind = sources[figure.pop("source_id")]
        rows.append({"source": name, "slug": slug, "kind": kind, **figure})
    # Ties share a rank; among them, names are in order. The sort is stable.
    return sorted(rows, key=_place)


def _place(row: dict[str, Any]) -> tuple[bool, int, str]:
    return (row["rank"] is None, row["rank"] or 0, row["source"] if row["rank"] else "")
