"""
Manifold's API: markets as questions, and the market's probability after each bet as a crowd's forecasts.

One JSON file holds a list of markets or of bets, as /v0/markets and /v0/bets give them; several files
are one set. A bettor who buys does not say a probability, so bettors are no sources. A market that was
resolved to a probability (MKT) or cancelled is void. Limit orders that nobody filled and redemptions
moved nothing and are passed over. Each answer of a multiple choice is a yes-or-no question of its own,
because a bet says the probability of one answer only, and all of them are one event; other kinds of
market are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from forecasts.files.writes.contents import FileContents, FileForecast, FileQuestion, RefusedRow
from forecasts.questions.values.deadlines import basis_of_deadline
from forecasts.schedule import Deadline
from tracker.interchange.house.common_csv import UnreadableFileError
from tracker.interchange.house.take_in import CRITERIA, Reading
from tracker.interchange.kit.deadlines import OPEN_FOR
from tracker.interchange.kit.unpacking import json_of

CROWD = "Manifold"
RESOLUTIONS = {"YES": 1.0, "NO": 0.0}
BASIS = "The day on which the market closed, as Manifold has it."
OPEN_BASIS = "A year after the market was made, which names no close."

Item = Mapping[str, Any]


def read_manifold(*, paths: Sequence[Path], name: str) -> Reading:
    """Read markets and bets. Raises UnreadableFileError."""
    items = [item for path in paths for item in _items(path)]
    refused: list[RefusedRow] = []
    questions: dict[str, FileQuestion] = {}
    for at, item in enumerate(items, start=1):
        if "outcomeType" in item and _is_whole(item, MARKET, at, refused):
            for market in _asked(item, at, refused):
                questions[market["id"]] = _question(market, at, name)
    places = {key: place for place, key in enumerate(questions)}
    forecasts = [
        FileForecast(
            question=places[_key(bet)],
            source=0,
            stated_at=_moment(bet["createdTime"]),
            probability=float(bet["probAfter"]),
        )
        for at, bet in enumerate(items, start=1)
        if "contractId" in bet and _counts(bet, places, at, refused)
    ]
    contents = FileContents(
        sources=[CROWD],
        questions=list(questions.values()),
        forecasts=forecasts,
        source_kinds={CROWD: "crowd"},
    )
    return Reading(contents=contents, refused=refused, rows=len(items))


MARKET = {"id": str, "question": str, "createdTime": int}
ANSWER = {"id": str, "text": str}
BET = {"contractId": str, "createdTime": int, "probAfter": (int, float)}


def _items(path: Path) -> list[Item]:
    found = json_of(path)
    items = found if isinstance(found, list) else [found]
    if not all(isinstance(item, dict) and {"outcomeType", "contractId"} & item.keys() for item in items):
        raise UnreadableFileError(f"{path.name} is not a list of Manifold's markets or bets")
    return items


def _is_whole(item: Any, fields: Mapping[str, Any], at: int, refused: list[RefusedRow]) -> bool:
    """Return whether the item has what is needed; if not, refuse it."""
    if not isinstance(item, dict):
        refused.append(RefusedRow(at, "answers", "holds something that is no answer"))
        return False
    for field, kind in fields.items():
        if not isinstance(item.get(field), kind):
            refused.append(RefusedRow(at, field, f"is {item.get(field)!r}, not what Manifold's API gives"))
            return False
    return True


def _asked(market: Item, at: int, refused: list[RefusedRow]) -> list[Item]:
    """Return the yes-or-no markets that a market is: itself, or one for each answer."""
    kind = market["outcomeType"]
    if kind == "BINARY":
        return [market]
    if kind != "MULTIPLE_CHOICE":
        reason = f"is {kind}: only BINARY and MULTIPLE_CHOICE are taken in"
        refused.append(RefusedRow(at, "outcomeType", reason))
        return []
    answers = market.get("answers") or []
    if not answers:
        refused.append(RefusedRow(at, "answers", "is empty: lists leave them out, /v0/market/[id] has them"))
    return [_answer(market, each) for each in answers if _is_whole(each, ANSWER, at, refused)]


def _answer(market: Item, answer: Item) -> Item:
    """Return one answer of a multiple choice as a market."""
    others = {each.get("id") for each in market["answers"] if isinstance(each, dict)} - {answer["id"]}
    resolution = answer.get("resolution") or (market.get("resolution") if market.get("isResolved") else None)
    said = "YES" if resolution == answer["id"] else "NO" if resolution in others else resolution
    return {
        **market,
        "id": f"{market['id']}:{answer['id']}",
        "question": f"{market['question'].strip()} [{answer['text'].strip()}]",
        "isResolved": said is not None,
        "resolution": said,
        "resolutionTime": answer.get("resolutionTime") or market.get("resolutionTime"),
        "event": market["id"],
        "eventName": market["question"].strip()[:300],
    }


def _key(bet: Item) -> str:
    return f"{bet['contractId']}:{bet['answerId']}" if bet.get("answerId") else str(bet["contractId"])


def _counts(bet: Item, places: Mapping[str, int], at: int, refused: list[RefusedRow]) -> bool:
    if bet.get("isRedemption") or not bet.get("amount", 1):
        return False
    if not _is_whole(bet, BET, at, refused):
        return False
    if not 0 <= bet["probAfter"] <= 1:
        refused.append(RefusedRow(at, "probAfter", f"is {bet['probAfter']}, not a number from 0 to 1"))
        return False
    if _key(bet) not in places:
        field = "answerId" if bet.get("answerId") else "contractId"
        refused.append(RefusedRow(at, field, "is no yes-or-no market or answer of these files"))
        return False
    return True


def _question(market: Item, at: int, name: str) -> FileQuestion:
    resolution = market.get("resolution") if market.get("isResolved") else None
    known = _moment(market["resolutionTime"]) if resolution and market.get("resolutionTime") else None
    outcome = RESOLUTIONS.get(str(resolution)) if known else None
    opens_at = _moment(market["createdTime"])
    closes = market.get("closeTime")
    deadline = Deadline(on=_day(closes, opens_at), zone="UTC")
    return FileQuestion(
        key=market["id"],
        proposition=market["question"].strip() or market["id"],
        criteria=str(market.get("textDescription") or "").strip() or CRITERIA.format(file=name),
        opens_at=opens_at,
        deadline=deadline,
        deadline_basis=basis_of_deadline(
            deadline=deadline, begins=opens_at, imputed=True, reason=BASIS if closes else OPEN_BASIS
        ),
        outcome=outcome,
        void=resolution is not None and resolution not in RESOLUTIONS,
        known_at=known,
        topics={"manifold": "Manifold"},
        event=market.get("event", ""),
        event_name=market.get("eventName", ""),
        line=at,
    )


def _day(closes: object, opens_at: datetime) -> date:
    return _moment(closes).date() if isinstance(closes, int) else (opens_at + OPEN_FOR).date()


def _moment(milliseconds: int) -> datetime:
    """
    Return the instant; a close in the far future, which people type for "never", is cut at the year 9000.

    >>> _moment(1_514_764_800_000).isoformat()
    '2018-01-01T00:00:00+00:00'
    """
    latest = datetime(9000, 1, 1, tzinfo=UTC)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    span = (latest - epoch) // timedelta(milliseconds=1)
    return epoch + timedelta(milliseconds=max(0, min(milliseconds, span)))
