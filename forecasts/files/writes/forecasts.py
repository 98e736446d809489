"""Forecasts by the hundred thousand: COPY into the table, with one ledger entry for a block."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from forecasts.models import Forecast, Question, Term
from forecasts.models.ledger import canonical_json
from forecasts.questions.values.deadlines import DeadlineBasis
from forecasts.questions.values.readings import STATED, HowRead
from forecasts.record.writes.ledger import append_digests, open_block

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

COLUMNS = (
    ("row", "integer", ">i4"),
    ("question_id", "bigint", ">i8"),
    ("source_id", "bigint", ">i8"),
    ("stated_at", "timestamptz", ">i8"),
    ("probability", "float8", ">f8"),
    ("low", "float8", ">f8"),
    ("high", "float8", ">f8"),
    ("term_id", "bigint", ">i8"),
    ("how", "integer", ">i4"),
    ("withdrawn", "boolean", "u1"),
)
DEADLINE = ("on", "granularity", "zone", "rule", "at")
GIVEN = tuple(each.name for each in fields(DeadlineBasis))
HOW = ("basis", "said", "house_rule")
STATED_BASIS = '"stated"'
# Of a probability without a term, and of one with a term.
PLAIN = ((STATED_BASIS, '""', '""'), ('"read"', '""', '""'))
SAID = ("question", "source", "stated_at", "probability", "low", "high")
INCOMING = f"""
CREATE TEMPORARY TABLE IF NOT EXISTS incoming_forecast (
    {", ".join(f"{name} {kind}" for name, kind, _ in COLUMNS)}
) ON COMMIT DROP
"""
# PostgreSQL's binary COPY: a signature, and for each row its number of cells, then each cell after its
# length. A missing number comes as NaN (a missing term as -1), so that all rows have the same length
# and one NumPy array is the whole stream.
SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
CELLS = [cell for name, _, kind in COLUMNS for cell in ((f"{name}_length", ">i4"), (name, kind))]
WIRE = np.dtype([("cells", ">i2"), *CELLS])
MICROSECONDS_TO_2000 = 946_684_800_000_000
INSERT = """
INSERT INTO forecasts_forecast (
    question_id, source_id, stated_at, probability, probability_low, probability_high, term_id,
    basis, said, house_rule, withdrawn, note, recorded_at, block, deadline_on, deadline_granularity,
    deadline_zone, deadline_rule, deadline_at, deadline_basis, deadline_said, deadline_house_rule,
    deadline_earliest, deadline_latest, deadline_reason
)
SELECT incoming.question_id, incoming.source_id, incoming.stated_at, NULLIF(incoming.probability, 'NaN'),
       NULLIF(incoming.low, 'NaN'), NULLIF(incoming.high, 'NaN'), NULLIF(incoming.term_id, -1),
       COALESCE(how.basis, CASE WHEN incoming.term_id = -1 THEN 'stated' ELSE 'read' END),
       COALESCE(how.said, ''), COALESCE(how.house_rule, ''), incoming.withdrawn, '', %s, %s,
       question.deadline_on, question.deadline_granularity, question.deadline_zone,
       question.deadline_rule, question.deadline_at, question.deadline_basis, question.deadline_said,
       question.deadline_house_rule, question.deadline_earliest, question.deadline_latest,
       question.deadline_reason
FROM incoming_forecast AS incoming JOIN forecasts_question AS question ON question.id = incoming.question_id
LEFT JOIN unnest(%s::text[], %s::text[], %s::text[]) WITH ORDINALITY AS how(basis, said, house_rule, place)
       ON how.place = incoming.how + 1
ORDER BY incoming.row
"""
# What the record says already on some questions, a column in one value each. A file names the source
# that another one was merged into.
KNOWN = """
SELECT string_agg(int8send(question_id), ''), string_agg(int8send(coalesce(merged_into_id, source_id)), ''),
       string_agg(int8send((extract(epoch FROM stated_at) * 1000000)::bigint), ''),
       string_agg(float8send(coalesce(probability, 'NaN')), ''),
       string_agg(float8send(coalesce(probability_low, 'NaN')), ''),
       string_agg(float8send(coalesce(probability_high, 'NaN')), '')
FROM forecasts_forecast JOIN forecasts_source AS source ON source.id = source_id
WHERE question_id = ANY(%s) AND probabilities IS NULL AND quantile_levels IS NULL
"""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One forecast of a file, its question and source found. No value means a withdrawal."""

    question_id: int
    source_id: int
    stated_at: datetime
    probability: float | None
    low: float | None = None
    high: float | None = None
    term_id: int | None = None
    how: HowRead | None = None


@dataclass(frozen=True, slots=True)
class IncomingColumns:
    """
    Forecasts of a file as columns, (n,) each: keys, microseconds since 1970 UTC, probabilities.

    NaN stands for no number and -1 for no term; no probability means a withdrawal. `value` is the place
    of what was said on a question of another kind than yes or no, -1 for none. `how` is the place of where
    a probability is from; -1 for one that was stated or, where there is a term, read by it.
    """

    question: Ints
    source: Ints
    stated_at: Ints
    probability: Floats
    low: Floats
    high: Floats
    term: Ints
    value: Ints
    how: Ints

    def __len__(self) -> int:
        return len(self.question)

    @classmethod
    def of(cls, rows: Sequence[Incoming]) -> IncomingColumns:
        return cls(
            question=np.array([each.question_id for each in rows], dtype=np.int64),
            source=np.array([each.source_id for each in rows], dtype=np.int64),
            stated_at=np.array([microseconds(each.stated_at) for each in rows], dtype=np.int64),
            probability=np.array([each.probability for each in rows], dtype=np.float64),
            low=np.array([each.low for each in rows], dtype=np.float64),
            high=np.array([each.high for each in rows], dtype=np.float64),
            term=np.array([-1 if each.term_id is None else each.term_id for each in rows], dtype=np.int64),
            value=np.full(len(rows), -1, dtype=np.int64),
            how=np.array(
                [-1 if each.how is None else place for place, each in enumerate(rows)], dtype=np.int64
            ),
        )

    def rows(self, at: Ints | Bools | slice) -> IncomingColumns:
        """Return some of the rows."""
        return IncomingColumns(*(getattr(self, name)[at] for name in self.__slots__))


def microseconds(moment: datetime) -> int:
    """
    Return the whole microseconds since 1970 UTC.

    >>> microseconds(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC))
    1000005
    """
    return (moment - EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows were new, said twice in what was given, or on the record already."""

    new: int
    repeated: int = 0
    known: int = 0


@transaction.atomic
def copy_forecasts(
    *, forecasts: Sequence[Incoming] | IncomingColumns, hows: Sequence[HowRead] = (), now: datetime
) -> Copied:
    """
    Record those that are not on the record yet, as one block, and return how many there were.

    For yes-or-no questions; `copy_values` has the others. `hows` is what `how` of the columns points to.

    Each takes its question's deadline. Identical rows (same source, question, time and values) count
    once. The caller has checked the values; the table's constraints check them again. Rows in order
    of question and source come in fastest.
    """
    if isinstance(forecasts, IncomingColumns):
        given = forecasts
    else:
        given = IncomingColumns.of(forecasts)
        hows = [each.how or STATED for each in forecasts]
    distinct = given.rows(first_of_each(given))
    # From here on nobody else adds a forecast or moves a deadline.
    sequence = open_block()
    new = distinct.rows(~_on_record(distinct))
    if len(new):
        with connection.cursor() as cursor:
            cursor.execute(INCOMING)
            cursor.execute("TRUNCATE incoming_forecast")
            with cursor.copy("COPY incoming_forecast FROM STDIN (FORMAT binary)") as copy:
                copy.write(_wire(new))
            columns = [[str(getattr(each, name)) for each in hows] for name in HOW]
            cursor.execute(INSERT, [now, sequence, *columns])
        digests = list(_digests(new, hows, now=now))
        append_digests(sequence=sequence, kind=Forecast.LEDGER_KIND, digests=digests, now=now)
    return Copied(new=len(new), repeated=len(given) - len(distinct), known=len(distinct) - len(new))


def first_of_each(given: IncomingColumns) -> Bools:
    """Return which rows say what no row before them says."""
    order, same = _sorted(given)
    first = np.ones(len(given), dtype=np.bool_)
    first[order[1:][same]] = False
    return first


def _sorted(given: IncomingColumns) -> tuple[Ints, Bools]:
    """Return the rows in an order that keeps equal ones together, and which equal the one before."""
    said = [_bits(each) for each in (given.probability, given.low, given.high)]
    keys = [given.value, *said, given.stated_at, given.source, given.question]
    order = np.lexsort(keys)
    same = np.ones(max(len(given) - 1, 0), dtype=np.bool_)
    for key in keys:
        ordered = key[order]
        same &= ordered[1:] == ordered[:-1]
    return order, same


def _bits(values: Floats) -> Ints:
    """Return integers that are equal where the numbers are: one for both zeros, one for no number."""
    return np.where(np.isnan(values), np.nan, values + 0.0).view(np.int64)


def _on_record(given: IncomingColumns) -> Bools:
    """Return which of the rows, all of them different, the record has already."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [np.unique(given.question).tolist()])
        columns = cursor.fetchone()
    kinds = (">i8", ">i8", ">i8", ">f8", ">f8", ">f8")
    known = [
        np.frombuffer(column or b"", dtype=kind).astype(kind[1:])
        for column, kind in zip(columns, kinds, strict=True)
    ]
    if not len(known[0]):
        return np.zeros(len(given), dtype=np.bool_)
    said = {name: np.concatenate((old, getattr(given, name))) for name, old in zip(SAID, known, strict=True)}
    none = np.full(len(said["question"]), -1, dtype=np.int64)
    both = IncomingColumns(**said, term=none, value=none, how=none)
    # The sort is stable and what is known comes first, so a row that the record has is no first one.
    return ~first_of_each(both)[len(known[0]) :]


def _wire(given: IncomingColumns) -> bytes:
    """Return the rows as PostgreSQL's binary COPY reads them."""
    values = {
        "row": np.arange(len(given)),
        "question_id": given.question,
        "source_id": given.source,
        "stated_at": given.stated_at - MICROSECONDS_TO_2000,
        "probability": given.probability,
        "low": given.low,
        "high": given.high,
        "term_id": given.term,
        "how": given.how,
        "withdrawn": np.isnan(given.probability),
    }
    wire = np.empty(len(given), dtype=WIRE)
    wire["cells"] = len(COLUMNS)
    for name, _, kind in COLUMNS:
        wire[f"{name}_length"] = np.dtype(kind).itemsize
        wire[name] = values[name]
    return SIGNATURE + wire.tobytes() + TRAILER


def _digests(given: IncomingColumns, hows: Sequence[HowRead], *, now: datetime) -> Iterator[str]:
    """
    Yield the hash of each row's canonical JSON, as `Forecast.as_fact` gives it.

    Written out by hand, because a million calls of the general encoder take a minute. The keys stand
    in their sorted order; a test holds this against `as_fact`.
    """
    deadlines = _deadlines(given.question)
    recorded = _json({"at": now})
    terms = _terms(given.term)
    spelled = [[_json({"at": str(getattr(each, name))}) for name in HOW] for each in hows]
    instants = np.datetime_as_string(given.stated_at.astype("datetime64[us]")).tolist()
    best, low, high = (_numbers(each) for each in (given.probability, given.low, given.high))
    columns = (given.question, given.source, given.term, given.how)
    for at, (question, source, term, how) in enumerate(
        zip(*(each.tolist() for each in columns), strict=True)
    ):
        scale, phrase = terms[term]
        basis, said, rule = spelled[how] if how >= 0 else PLAIN[term >= 0]
        deadline, deadline_given = deadlines[question]
        fact = (
            f'{{"basis":{basis},"correction_of":null,"deadline":{deadline},'
            f'"deadline_given":{deadline_given},"house_rule":{rule},"note":"","probabilities":null,'
            f'"probability":{best[at]},"probability_high":{high[at]},'
            f'"probability_imputed":{"false" if basis == STATED_BASIS else "true"},'
            f'"probability_low":{low[at]},"quantile_levels":null,"quantile_values":null,'
            f'"question":{question},"range_best":null,"range_high":null,"range_low":null,'
            f'"recorded_at":{recorded},"recorded_by":null,"said":{said},"scale":{scale},"shared":null,'
            f'"source":{source},"stated_at":"{instants[at]}Z","statement":null,'
            f'"term":{phrase},"withdrawn":{"true" if best[at] == "null" else "false"}}}'
        )
        yield hashlib.sha256(fact.encode()).hexdigest()


def _deadlines(questions: Ints) -> Mapping[int, tuple[str, str]]:
    """Return the canonical spelling of each question's deadline, and of where it is from."""
    names = [f"deadline_{name}" for name in (*DEADLINE, *GIVEN)]
    rows = Question.objects.filter(pk__in=np.unique(questions).tolist()).only(*names)
    return {
        each.pk: (
            canonical_json(each.deadline_as_fact()).decode(),
            canonical_json(each.deadline_given_as_fact()).decode(),
        )
        for each in rows
    }


def _terms(terms: Ints) -> Mapping[int, tuple[str, str]]:
    """Return the canonical spelling of each term's scale and phrase."""
    found = Term.objects.filter(pk__in=np.unique(terms).tolist()).values_list("pk", "scale__slug", "phrase")
    spelled = {key: (_json({"at": scale}), _json({"at": phrase})) for key, scale, phrase in found}
    return {-1: ("null", "null"), **spelled}


def _json(value: Mapping[str, object]) -> str:
    """Return the canonical spelling of the one value in the mapping."""
    return canonical_json(value)[len('{"at":') : -1].decode()


def _numbers(values: Floats) -> list[str]:
    return ["null" if each == "nan" else each for each in map(repr, values.tolist())]
