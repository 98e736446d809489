"""Text columns of an import file: which rows can't be used, and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType

import numpy as np

from forecasts.house_rules import PLACE, ROUNDING, RULES
from forecasts.limits import most
from forecasts.models import Basis, QuestionKind, SourceKind, VoidReason
from forecasts.names import is_plain
from forecasts.schedule import EndRule, Granularity, UnknownZoneError, zone_named
from tracker.interchange.house.common_cells import YES_OR_NO, Bools, Refusal
from tracker.interchange.house.common_csv import CommonForecasts
from tracker.interchange.kit.deadlines import WHERE_FROM, deadline_fault

QUESTION_TEXTS = (
    *("question", "translation", "language", "criteria", "condition", "category", "topics"),
    *("event", "event_name", "void_reason"),
    *("deadline_on", "deadline_granularity", "deadline_zone", "deadline_rule"),
    *(f"deadline_{name}" for name in WHERE_FROM),
    *("kind", "options", "unit", "lower_bound", "upper_bound"),
)
HOW_READ = ("basis", "said", "house_rule")
ROW_TEXTS = (
    *("source_kind", "term", "term_language", "scale", "withdrawn", "probabilities", "quantiles"),
    *(*HOW_READ, "range", "shared"),
)
OF_OTHER_KINDS = (
    *("options", "unit", "lower_bound", "upper_bound", "probabilities", "quantiles", "range", "shared"),
)
LONGEST = {
    "source": most("name"),
    "category": most("name"),
    "condition": most("note"),
    "criteria": most("words"),
    "deadline_reason": most("note"),
    "deadline_said": most("sentence"),
    "event": most("name"),
    "event_name": most("label"),
    "language": most("language"),
    "question": most("sentence"),
    "said": most("sentence"),
    "scale": most("unit"),
    "term": most("phrase"),
    "term_language": most("language"),
    "translation": most("sentence"),
    "unit": most("unit"),
}
NAMES = frozenset({"source", "category", "event_name", "scale"})
EARLIEST = datetime(1000, 1, 1, tzinfo=UTC).timestamp()
LATEST = datetime(9000, 1, 1, tzinfo=UTC).timestamp()

Fault = tuple[str, Bools, str]


def refused_rows(
    rows: CommonForecasts, *, unread: Mapping[int, str] = MappingProxyType({})
) -> tuple[Bools, list[Refusal]]:
    """
    Return which rows can't be imported, and a refusal for each of their faults.

    unread: by the code of their words why those of a probability could not be read.
    """
    bad = np.zeros(len(rows.question), dtype=np.bool_)
    refused: list[Refusal] = []
    faults = (*_bad_texts(rows), *_unread(rows, unread), *_bad_numbers(rows, unread), *_misplaced(rows))
    for field, mask, reason in faults:
        bad |= mask
        refused += [
            Refusal(rows.files[rows.file[at]], int(rows.line[at]), field, reason)
            for at in np.flatnonzero(mask).tolist()
        ]
    return bad, refused


def topics_in(cell: str) -> Mapping[str, str]:
    """
    Return the name of each topic by its slug. Raises ValueError.

    >>> topics_in('{"sport": "Sport and games"}')
    {'sport': 'Sport and games'}
    """
    try:
        found = json.loads(cell) if cell else {}
    except RecursionError as error:
        raise ValueError(f"it is nested in more than {most('depth')} levels") from error
    if not isinstance(found, dict) or not all(_is_topic(*each) for each in found.items()):
        raise ValueError(
            'write {"slug": "name"}, each of characters that are seen, '
            f"at most {most('slug')} and {most('name')}"
        )
    return found


def _is_topic(slug: str, name: object) -> bool:
    return (
        isinstance(name, str)
        and 0 < len(slug) <= most("slug")
        and 0 < len(name) <= most("name")
        and is_plain(name)
    )


def _bad_texts(rows: CommonForecasts) -> Iterator[Fault]:
    named = {
        "question_id": (rows.question, rows.question_names),
        "source": (rows.source, rows.source_names),
    }
    for field, (codes, names) in (named | dict(rows.texts)).items():
        for code, reason in ((at, _fault(field, text)) for at, text in enumerate(names)):
            if reason:
                yield field, codes == code, reason


def _fault(field: str, text: str) -> str:
    """Return what is wrong with a text, or nothing."""
    if "\0" in text:
        return "holds a NUL character: take it out"
    if field in NAMES and not is_plain(text):
        return "holds a character that is not seen: type it anew"
    if len(text) > LONGEST.get(field, len(text)):
        return f"has {len(text)} characters; at most {LONGEST[field]} fit"
    return CHECKS[field](text) if text and field in CHECKS else ""


def _one_of(*known: str) -> Callable[[str], str]:
    words = ", ".join(known)
    return lambda text: "" if text in known else f"is {text!r}: write one of {words}"


def _day(text: str) -> str:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return f"is {text!r}, not a date: write it as 2018-01-31"
    return "" if 1000 <= found.year < 9000 else "is outside the years 1000 to 9000"


def _zone(text: str) -> str:
    try:
        zone_named(text)
    except UnknownZoneError as error:
        return f"is unknown: {error}"
    return ""


def _topics(text: str) -> str:
    try:
        topics_in(text)
    except ValueError as error:
        return f"can't be read: {error}"
    return ""


CHECKS: Mapping[str, Callable[[str], str]] = {
    "basis": _one_of(*Basis.values),
    "house_rule": _one_of(*RULES),
    "deadline_on": _day,
    "deadline_earliest": _day,
    "deadline_latest": _day,
    "deadline_house_rule": _one_of(*RULES),
    "deadline_granularity": _one_of(*Granularity),
    "deadline_rule": _one_of(*EndRule),
    "deadline_zone": _zone,
    "kind": _one_of(*QuestionKind.values),
    "source_kind": _one_of(*SourceKind.values),
    "topics": _topics,
    "void_reason": _one_of(*VoidReason.values),
    "withdrawn": _one_of("yes", "no"),
}


def _unread(rows: CommonForecasts, unread: Mapping[int, str]) -> Iterator[Fault]:
    """Yield the rows on yes-or-no questions that have words for a number, which don't say one."""
    codes, words = rows.texts["said"]
    empty = np.isnan(rows.probability) & chosen(rows, "kind", YES_OR_NO)
    for code, reason in unread.items():
        yield "said", empty & (codes == code), f"is {words[code]!r}, and probability is empty: {reason}"


def _bad_numbers(rows: CommonForecasts, unread: Mapping[int, str]) -> Iterator[Fault]:
    times = {"forecast_time": rows.stated_at, "resolved_time": rows.known_at, "open_time": rows.opens_at}
    for field, seconds in times.items():
        outside = np.isfinite(seconds) & ((seconds < EARLIEST) | (seconds >= LATEST))
        yield field, outside, "is outside the years 1000 to 9000"
    binary = chosen(rows, "kind", YES_OR_NO)
    none = np.isnan(rows.probability)
    low = none if rows.low is None else np.isnan(rows.low)
    high = none if rows.high is None else np.isnan(rows.high)
    if rows.low is not None or rows.high is not None:
        yield "low", low & ~high & ~none, "is empty, and high is not: give both or neither"
        yield "high", high & ~low & ~none, "is empty, and low is not: give both or neither"
        yield "probability", none & ~(low & high), "is empty, and low or high is not"
    no_range = low | high if rows.low is not None and rows.high is not None else ~none | none
    named, scaled = said(rows, "term"), said(rows, "scale")
    yield "scale", named & ~scaled, "is empty: a term needs the scale that it was read by"
    yield "term", binary & named & (none | no_range), "needs a probability, low and high"
    yield from _bad_bases(rows, binary, named, no_range)
    withdrawn = chosen(rows, "withdrawn", "yes")
    yield "probability", withdrawn & ~none, "is not empty in a withdrawal"
    told = np.isin(rows.texts["said"][0], [*unread])
    nothing = binary & none & ~withdrawn & ~told
    yield "probability", nothing, "is empty: a withdrawal says withdrawn = yes"


def _bad_bases(rows: CommonForecasts, binary: Bools, named: Bools, no_range: Bools) -> Iterator[Fault]:
    """Yield the rows on yes-or-no questions that do not say enough of where their number is from."""
    basis = {each: binary & chosen(rows, "basis", each) for each in Basis.values}
    ruled = said(rows, "house_rule")
    yield "basis", basis[Basis.STATED] & (named | ruled), "is stated, and a term or a rule is named"
    yield "term", basis[Basis.READ] & ~named, "is empty, and the basis is read"
    yield "house_rule", binary & ruled & ~basis[Basis.RULE], "is not empty, and the basis is not rule"
    of_probability = chosen(rows, "house_rule", PLACE) | chosen(rows, "house_rule", ROUNDING)
    wrong = basis[Basis.RULE] & ~of_probability
    yield "house_rule", wrong, f"names no rule for a probability: write {PLACE} or {ROUNDING}"
    yield "low", basis[Basis.RULE] & no_range, "and high hold the range that the rule leaves"
    yield "term", basis[Basis.RULE] & named, "is not empty, and the basis is rule"
    for at, fault in _deadline_faults(rows):
        yield fault[0], at, fault[1]


def _deadline_faults(rows: CommonForecasts) -> Iterator[tuple[Bools, tuple[str, str]]]:
    names = [f"deadline_{name}" for name in WHERE_FROM]
    if not len(rows.question) or not said(rows, "deadline_basis").any():
        return
    codes = np.stack([rows.texts[name][0] for name in names])
    distinct, which = np.unique(codes, axis=1, return_inverse=True)
    for place, key in enumerate(distinct.T.tolist()):
        text = {name: rows.texts[name][1][code] for name, code in zip(names, key, strict=True)}
        if fault := deadline_fault(text):
            yield which.reshape(-1) == place, fault


def _misplaced(rows: CommonForecasts) -> Iterator[Fault]:
    """Yield the rows on yes-or-no questions that have a cell of the other kinds."""
    binary = chosen(rows, "kind", YES_OR_NO)
    for name in OF_OTHER_KINDS:
        yield (
            name,
            binary & said(rows, name),
            "is not empty, and the question is a yes-or-no one: name its kind, or leave it empty",
        )


def text_of(rows: CommonForecasts, row: int) -> Mapping[str, str]:
    """Return the texts of a row, by column."""
    return {name: texts[codes[row]] for name, (codes, texts) in rows.texts.items()}


def said(rows: CommonForecasts, name: str) -> Bools:
    """Return which rows have something in a column."""
    return ~chosen(rows, name, "")


def chosen(rows: CommonForecasts, name: str, text: str) -> Bools:
    """Return which rows have that text in a column."""
    codes, names = rows.texts[name]
    at = names.index(text) if text in names else -1
    return np.asarray(codes == at)
