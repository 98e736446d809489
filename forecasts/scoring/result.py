"""What ``forecasts.scoring.score`` returns: arrays by forecast, pair, question and source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.scoring.calibration import Bins
from forecasts.scoring.checks import Bools, Floats, Ints
from forecasts.scoring.decomposition import CorpDecomposition, MurphyDecomposition
from forecasts.scoring.ranking import Standings
from forecasts.scoring.timeline import Timeline
from forecasts.scoring.variance import Components


@dataclass(frozen=True, slots=True)
class ForecastScores:
    """
    One row for each input row, (n,). ``status`` is a ``columns.Status``; score
    (by the rule), brier and log (NaN where the rule is of numbers) and the least
    and the most over a verbal range are NaN unless the row is scored.
    """

    status: npt.NDArray[np.int8]
    score: Floats
    score_min: Floats
    score_max: Floats
    brier: Floats
    log: Floats


@dataclass(frozen=True, slots=True)
class PairTable:
    """
    One row for each (question, source) with an outcome, (k,).

    question, source: rows of the tables below; score, score_min, score_max:
    time-weighted; first, last; brier, brier_first, brier_last: the Brier scores
    of the same; coverage; compared: the score the board rests on, and weight;
    relative: to the median in force; peer, spot_peer: points; reference: what
    the reference scores; n_forecasts.
    """

    question: Ints
    source: Ints
    score: Floats
    score_min: Floats
    score_max: Floats
    first: Floats
    last: Floats
    brier: Floats
    brier_first: Floats
    brier_last: Floats
    coverage: Floats
    compared: Floats
    weight: Floats
    relative: Floats
    peer: Floats
    spot_peer: Floats
    reference: Floats
    n_forecasts: Ints


@dataclass(frozen=True, slots=True)
class QuestionTable:
    """
    One row for each question in the input, (q,), in order of code.

    code; outcome (NaN for void and open); n_sources and n_forecasts scored;
    mean: of the compared scores; difficulty: fixed effect, from the mean of its
    component; base_rate: of the other questions.
    """

    code: Ints
    outcome: Floats
    n_sources: Ints
    n_forecasts: Ints
    mean: Floats
    difficulty: Floats
    base_rate: Floats


@dataclass(frozen=True, slots=True)
class SourceTable:
    """
    One row for each source in the input, (s,), in order of code.

    score, brier: means over forecasts; time_weighted (with min and max over
    verbal ranges), first, last and the Brier scores of the same: means over
    questions; relative, peer, spot_peer: the same, spot_peer_sum the sum;
    skill: against the reference, pair by pair; adjusted_fixed, NaN with a
    ``reason`` where not comparable; adjusted_shrunk; standings; provisional:
    fewer than min_n questions. NaN and n = 0 where there is nothing.
    """

    code: Ints
    n_forecasts: Ints
    n_questions: Ints
    score: Floats
    brier: Floats
    time_weighted: Floats
    time_weighted_min: Floats
    time_weighted_max: Floats
    brier_time_weighted: Floats
    brier_first: Floats
    brier_last: Floats
    coverage: Floats
    relative: Floats
    peer: Floats
    spot_peer: Floats
    spot_peer_sum: Floats
    skill: Floats
    adjusted_fixed: Floats
    component: Ints
    reason: list[str]
    adjusted_shrunk: Floats
    standings: Standings
    provisional: Bools


@dataclass(frozen=True, slots=True)
class CalibrationTable:
    """Of all scored binary rows, unweighted."""

    base_rate: float
    auc: float
    sharpness: float
    corp: CorpDecomposition
    murphy: MurphyDecomposition
    murphy_bins: MurphyDecomposition
    bins: Bins


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """
    rule, log_clip, compared_by ("time_weighted" or "last"), reference: how the
    numbers were made; calibration is None unless forecasts are of yes and no.
    """

    rule: str
    log_clip: float
    compared_by: str
    reference: str
    n_rows: int
    n_scored: int
    forecasts: ForecastScores
    pairs: PairTable
    questions: QuestionTable
    sources: SourceTable
    variances: Components
    calibration: CalibrationTable | None
    timeline: Timeline
