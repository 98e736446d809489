"""What a file of forecasts says, after its rows were checked one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from forecasts.files.writes.forecasts import Floats, Ints, microseconds
from forecasts.models import Question, QuestionKind, VoidReason
from forecasts.questions.values.deadlines import STATED_DEADLINE, DeadlineBasis
from forecasts.questions.values.readings import HowRead, Odds, Quantiles
from forecasts.schedule import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class FileQuestion:
    """A question as a file has it. `outcome` is kept as a resolution's is, None where it is void or open."""

    key: str
    proposition: str
    criteria: str
    opens_at: datetime
    deadline: Deadline
    deadline_basis: DeadlineBasis = STATED_DEADLINE
    kind: str = QuestionKind.BINARY
    options: Sequence[str] = ()
    unit: str = ""
    lower_bound: float | None = None
    upper_bound: float | None = None
    outcome: float | None = None
    void: bool = False
    void_reason: str = VoidReason.AMBIGUOUS
    known_at: datetime | None = None
    topics: Mapping[str, str] = field(default_factory=dict)  # the name of each, by its slug
    event: str = ""
    event_name: str = ""
    language: str = "en"
    translation: str = ""
    condition: str = ""
    file: str = ""
    line: int = 0

    def asked(self) -> Question:
        """Return a question, not saved, that a value or an outcome can be checked against."""
        question = Question(
            kind=self.kind,
            options=list(self.options),
            unit=self.unit,
            lower_bound=self.lower_bound,
            upper_bound=self.upper_bound,
        )
        question.set_deadline(self.deadline)
        return question


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTerm:
    """A word of probability as a file has it, with the numbers of its first row."""

    scale: str
    language: str
    phrase: str
    low: float
    best: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForecast:
    """A forecast as a file has it: the places of its question, source, term and value in the file's lists."""

    question: int
    source: int
    stated_at: datetime
    probability: float | None = None
    low: float | None = None
    high: float | None = None
    term: int | None = None
    value: int | None = None
    how: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForecasts:
    """
    The forecasts of a file as columns, (n,) each: places, microseconds since 1970 UTC, numbers.

    NaN stands for no number, and -1 for no term, no value and no `how`. Neither probability nor value
    is a withdrawal.
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
    def of(cls, rows: Sequence[FileForecast]) -> FileForecasts:
        return cls(
            question=np.array([each.question for each in rows], dtype=np.int64),
            source=np.array([each.source for each in rows], dtype=np.int64),
            stated_at=np.array([microseconds(each.stated_at) for each in rows], dtype=np.int64),
            probability=np.array([each.probability for each in rows], dtype=np.float64),
            low=np.array([each.low for each in rows], dtype=np.float64),
            high=np.array([each.high for each in rows], dtype=np.float64),
            term=np.array([-1 if each.term is None else each.term for each in rows], dtype=np.int64),
            value=np.array([-1 if each.value is None else each.value for each in rows], dtype=np.int64),
            how=np.array([-1 if each.how is None else each.how for each in rows], dtype=np.int64),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContents:
    """
    Everything that a file says, after its rows were checked one by one.

    `values` holds what was said on questions of other kinds than yes or no, each once; `hows` where the
    probabilities are from that were neither just stated nor just read by their term.
    """

    sources: Sequence[str]
    questions: Sequence[FileQuestion]
    forecasts: Sequence[FileForecast] | FileForecasts
    source_kinds: Mapping[str, str] = field(default_factory=dict)
    terms: Sequence[FileTerm] = ()
    values: Sequence[Odds | Quantiles] = ()
    hows: Sequence[HowRead] = ()

    def columns(self) -> FileForecasts:
        given = self.forecasts
        return given if isinstance(given, FileForecasts) else FileForecasts.of(given)


@dataclass(slots=True)
class RefusedRow:
    """A row, or a question with all its rows, that was left out."""

    line: int
    field: str
    reason: str
    file: str = ""

    def as_dict(self) -> dict[str, int | str]:
        named = {"file": self.file} if self.file else {}
        return {**named, "line": self.line, "field": self.field, "reason": self.reason}
