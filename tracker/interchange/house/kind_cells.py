"""
Cells of questions of every kind, read and written: options, what a source said, and what came of it.

    kind       binary (or nothing), options, ordered, number or date
    options    their names, as a JSON list
    unit       of a number; lower_bound and upper_bound where no answer can lie beyond them
    probabilities
               of options: {"Red": 0.2, "Green": 0.8}, or a list in the order of the options
    quantiles  of a number or a date: {"0.1": 3, "0.5": 4, "0.9": 6}, values by their levels; a range,
               {"low": 3, "high": 6, "level": 0.8}, perhaps with its "middle"; or one value, a point.
               A range without a level gets that of our rule, and options that are not named share the rest
    said       the words of it; where the cell of the value is empty, they are read (so is a probability)
    basis      stated (or nothing), read or rule; then house_rule or the term say by what, and
    range      {"low": 0.5, "best": 0.8, "high": 0.95} what that left open
    shared     the options that share the rest, as a JSON list
    resolution the name of an option, a number, a date or not_by_deadline

Dates are written as 2018-05-12. An option that is called like a word for no outcome, or begins with a
quotation mark, is written in JSON's quotation marks where it is the resolution.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any, cast

from forecasts.models import Basis, Question, QuestionKind, Term
from forecasts.questions.values.imputation import range_without_level, share_rest
from forecasts.questions.values.kinds import WITH_OPTIONS, check_kind
from forecasts.questions.values.readings import FIRST_DAY, LAST_DAY, HowRead, Odds, Quantiles
from forecasts.questions.values.words import read_words
from forecasts.record.refusal import RefusedError
from forecasts.schedule import day_after_epoch, days_since_epoch
from forecasts.verdicts.writes.findings import check_outcome, days_too_late
from tracker.interchange.house.common_cells import UNANSWERED

NOT_BY_DEADLINE = "not_by_deadline"
RANGE = ({"low", "high"}, {"low", "high", "level", "middle"})
LARGEST_WHOLE = 2**53
BOUNDS = ("lower_bound", "upper_bound")
VALUES = ("probabilities", "quantiles")


class UnreadableCellError(RefusedError):
    """What is wrong with a cell, with the remedy; `field` is its column."""


def question_in(text: Mapping[str, str]) -> Question:
    """
    Return a question, not saved, of the kind that its cells say.

    Raises UnreadableCellError, and what `check_kind` raises.

    >>> cells = {"kind": "number", "options": "", "unit": "%", "lower_bound": "0", "upper_bound": ""}
    >>> question_in(cells).lower_bound
    0.0
    """
    with _column("options"):
        options = _json(text["options"]) if text["options"] else []
        if not isinstance(options, list) or not all(isinstance(each, str) for each in options):
            raise UnreadableCellError('is no list of names: write ["Red", "Green"]')
    bounds: dict[str, float | None] = {}
    for name in BOUNDS:
        with _column(name):
            bounds[name] = _number_in(text[name]) if text[name] else None
    kind, unit = text["kind"], text["unit"]
    named = check_kind(kind=kind, options=options, unit=unit, **bounds)
    return Question(kind=kind, options=named, unit=unit, **bounds)


def value_in(question: Question, text: Mapping[str, str], *, said_on: date) -> Odds | Quantiles:
    """
    Return what a row says on a question that is no yes-or-no one.

    said_on: from when words of time count. Raises UnreadableCellError, NotOddsError or NotQuantilesError.

    >>> red = Question(kind="options", options=["Red", "Green"])
    >>> cells = {"probabilities": '{"Green": 0.8, "Red": 0.2}'}
    >>> value_in(red, defaultdict(str, cells), said_on=date(2018, 1, 1)).probabilities
    [0.2, 0.8]
    """
    takes, leaves = VALUES if question.kind in WITH_OPTIONS else VALUES[::-1]
    if text[leaves]:
        raise UnreadableCellError(
            f"is not empty, and a question of kind {question.kind} takes {takes}", field=leaves
        )
    if text["said"] and not text[takes]:
        with _column("said"):
            read = read_words(question, text["said"], said_on=said_on)
            return cast("Odds | Quantiles", read)
    how = _how_in(question, text)
    with _column(takes):
        if not text[takes]:
            raise UnreadableCellError("is empty: a withdrawal says withdrawn = yes")
        if takes == "quantiles":
            value: Odds | Quantiles = _quantiles_in(question, _json_or_day(text[takes]))
        elif how is None:
            value = share_rest(_odds_in(question.options, _json(text[takes]), whole=False))
        else:
            value = Odds(_odds_in(question.options, _json(text[takes])))
    if how is not None:
        return replace(value, how=how)
    return replace(value, how=replace(value.how, said=text["said"]))


def _how_in(question: Question, text: Mapping[str, str]) -> HowRead | None:
    """Return where the value is from, where the row says more of it than its words."""
    basis = text["basis"] or (Basis.READ.value if text["term"] else "")
    if not basis:
        return None
    with _column("range"):
        found = _json(text["range"]) if text["range"] else {}
        if not isinstance(found, dict) or found.keys() not in ({"low", "best", "high"}, set()):
            raise UnreadableCellError('is no range: write {"low": 0.5, "best": 0.8, "high": 0.95}')
        ends = {name: _value(question, each) for name, each in found.items()}
    with _column("shared"):
        shared = _json(text["shared"]) if text["shared"] else []
        if not isinstance(shared, list) or not all(each in question.options for each in shared):
            raise UnreadableCellError(f"is no list of options: name some of {', '.join(question.options)}")
        places = tuple(sorted(question.options.index(each) for each in shared))
    # The term itself stands with the row.
    term = Term() if text["term"] else None
    rule = text["house_rule"]
    return HowRead(basis=basis, said=text["said"], house_rule=rule, term=term, shared=places, **ends)


def outcome_in(question: Question, cell: str) -> float:
    """
    Return the outcome as a resolution keeps it. Raises UnreadableCellError or NotAnOutcomeError.

    >>> outcome_in(Question(kind="options", options=["Red", "Green"]), "Green")
    1.0
    """
    with _column("resolution"):
        if question.kind in WITH_OPTIONS:
            outcome = _option_in(question.options, cell)
        elif question.kind == QuestionKind.DATE:
            outcome = days_too_late(question) if cell == NOT_BY_DEADLINE else _day_in(cell)
        else:
            outcome = _number_in(cell)
        check_outcome(question=question, outcome=outcome)
        return outcome


@contextmanager
def _column(name: str) -> Iterator[None]:
    """Have what is refused name the column."""
    try:
        yield
    except RefusedError as error:
        error.field = name
        raise


def _option_in(options: Sequence[str], cell: str) -> float:
    name = _json(cell) if cell.startswith('"') else cell
    if name not in options:
        raise UnreadableCellError(
            f"is {cell!r}: write one of {', '.join(options)}, or annulled, or nothing while it is open"
        )
    return float(options.index(name))


def _odds_in(options: Sequence[str], given: Any, *, whole: bool = True) -> list[Any]:
    """Return a probability for each option; unless they must be `whole`, None for what is not named."""
    if isinstance(given, list):
        return [_number(each) for each in given]
    if not isinstance(given, dict):
        raise UnreadableCellError('is no set of probabilities: write {"Red": 0.2, "Green": 0.8}')
    missing = [name for name in options if name not in given]
    odd = [name for name in given if name not in options] or (missing if whole else [])
    if odd:
        raise UnreadableCellError(
            f"does not go with the options at {odd[0]!r}: name each of {', '.join(options)}, and no other"
        )
    return [_number(given[name]) if name in given else None for name in options]


def _quantiles_in(question: Question, given: Any) -> Quantiles:
    if not isinstance(given, dict):
        return Quantiles.point(_value(question, given))
    if RANGE[0] <= given.keys() <= RANGE[1]:
        low, high = (_value(question, given[name]) for name in ("low", "high"))
        middle = _value(question, given["middle"]) if "middle" in given else None
        if "level" not in given:
            return range_without_level(low=low, high=high, middle=middle)
        return Quantiles.interval(low=low, high=high, middle=middle, level=_number(given["level"]))
    levels = sorted((_number_in(level), _value(question, each)) for level, each in given.items())
    return Quantiles(*zip(*levels, strict=True)) if levels else Quantiles((), ())


def _value(question: Question, given: Any) -> float:
    if isinstance(given, str) and question.kind == QuestionKind.DATE:
        return _day_in(given)
    return _number(given)


def _number(given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise UnreadableCellError(f"holds {given!r}, not a number")
    return float(given)


def _number_in(cell: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    # Python reads 1_0 as 10; nobody who writes it means that.
    if not math.isfinite(value) or "_" in cell:
        raise UnreadableCellError(f"is {cell!r}, not a number: write it as 1234.5")
    return value


def _day_in(cell: str) -> float:
    try:
        return days_since_epoch(date.fromisoformat(cell))
    except ValueError:
        raise UnreadableCellError(f"is {cell!r}, not a date: write it as 2018-01-31") from None


def _json_or_day(cell: str) -> Any:
    """Return what a cell of quantiles says; a date stands there without quotation marks."""
    return cell if cell[:4].isdigit() and cell[4:5] == "-" else _json(cell)


def _json(cell: str) -> Any:
    try:
        return json.loads(cell, object_pairs_hook=_once)
    except (RecursionError, ValueError) as error:
        raise UnreadableCellError(f"can't be read as JSON: {error}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object; of a name that is there twice, JSON would keep the last."""
    name, times = Counter(name for name, _ in pairs).most_common(1)[0] if pairs else ("", 0)
    if times > 1:
        raise UnreadableCellError(f"names {name!r} twice: name each once")
    return dict(pairs)


def options_cell(options: Sequence[str]) -> str:
    return _written(list(options)) if options else ""


def odds_cell(options: Sequence[str], probabilities: Sequence[float]) -> str:
    return _written(dict(zip(options, map(_plain, probabilities), strict=True)))


def quantiles_cell(question: Question, levels: Sequence[float], values: Sequence[float]) -> str:
    """
    Return the values by their levels; whole days as dates.

    >>> quantiles_cell(Question(kind="date"), [0.1, 0.9], [18_000.0, 18_000.5])
    '{"0.1": "2019-04-14", "0.9": 18000.5}'
    """
    shown: Mapping[str, object] = {
        repr(level): _day(value) if question.kind == QuestionKind.DATE else _plain(value)
        for level, value in zip(levels, values, strict=True)
    }
    return _written(shown)


def range_cell(ends: Mapping[str, float], *, dated: bool) -> str:
    """
    Return what was left open, as dates where it is of days.

    >>> range_cell({"low": 18_000.0, "best": 18_030.0}, dated=True)
    '{"low": "2019-04-14", "best": "2019-05-14"}'
    """
    return _written({name: _day(each) if dated else _plain(each) for name, each in ends.items()})


def outcome_cell(question: Question, outcome: float) -> str:
    """
    Return the outcome as a file says it.

    >>> outcome_cell(Question(), 1.0), outcome_cell(Question(kind="options", options=["A", "Void"]), 1.0)
    ('yes', '"Void"')
    """
    if question.kind == QuestionKind.BINARY:
        return "yes" if outcome else "no"
    if question.kind in WITH_OPTIONS:
        return option_cell(question.options[int(outcome)])
    if question.kind == QuestionKind.DATE:
        return NOT_BY_DEADLINE if outcome == days_too_late(question) else str(_day(outcome))
    return bound_cell(outcome)


def option_cell(name: str) -> str:
    """Return an option as the resolution that it is."""
    return _written(name) if name.lower() in UNANSWERED or name.startswith('"') else name


def bound_cell(bound: float | None) -> str:
    return "" if bound is None else repr(_plain(bound))


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _day(days: float) -> object:
    return day_after_epoch(days).isoformat() if days.is_integer() and FIRST_DAY <= days <= LAST_DAY else days


def _plain(value: float) -> float | int:
    """Return whole numbers without a point, as people write them."""
    return int(value) if value.is_integer() and abs(value) < LARGEST_WHOLE else value
