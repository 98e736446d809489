"""
Scoring forecasts, with NumPy and SciPy only.

Arrays in, arrays out; no clock, no files, no Django. All arguments are named. `score` takes the
columns of a set of forecasts and returns everything; the other names are its parts, for use alone.
README.md has the theory: which score has which orientation and range, and what NaN does.
"""

from forecasts.scoring.aggregation import KnownScores, crowd_forecasts
from forecasts.scoring.calibration import (
    auc,
    calibration_line,
    reliability_bins,
    sharpness,
)
from forecasts.scoring.columns import RULES, Status
from forecasts.scoring.decomposition import consistency_band, corp_decomposition, murphy_decomposition
from forecasts.scoring.difficulty import crossed, fixed_effects, random_effects
from forecasts.scoring.entry import score
from forecasts.scoring.kinds import odds_scores, quantile_scores
from forecasts.scoring.moments import first_score, last_score
from forecasts.scoring.pairs import pair_scores
from forecasts.scoring.places import rank_intervals
from forecasts.scoring.points import baseline_score, baseline_score_continuous
from forecasts.scoring.ranges import verbal_ranges
from forecasts.scoring.ranking import ranks, standings
from forecasts.scoring.relative import (
    base_rates,
    over_horizon,
    peer_scores,
    relative_scores,
    skill,
    spot_peer_scores,
)
from forecasts.scoring.result import ScoreResult
from forecasts.scoring.rules import (
    brier_score,
    crps_from_quantiles,
    interval_score,
    log_score,
    ranked_probability_score,
    spherical_score,
)
from forecasts.scoring.shrinkage import shrink_means
from forecasts.scoring.simulation import simulate
from forecasts.scoring.timeline import build_timeline, time_weighted
from forecasts.scoring.variance import variance_components

__all__ = [
    "RULES",
    "KnownScores",
    "ScoreResult",
    "Status",
    "auc",
    "base_rates",
    "baseline_score",
    "baseline_score_continuous",
    "brier_score",
    "build_timeline",
    "calibration_line",
    "consistency_band",
    "corp_decomposition",
    "crossed",
    "crowd_forecasts",
    "crps_from_quantiles",
    "first_score",
    "fixed_effects",
    "interval_score",
    "last_score",
    "log_score",
    "murphy_decomposition",
    "odds_scores",
    "over_horizon",
    "pair_scores",
    "peer_scores",
    "quantile_scores",
    "random_effects",
    "rank_intervals",
    "ranked_probability_score",
    "ranks",
    "relative_scores",
    "reliability_bins",
    "score",
    "sharpness",
    "shrink_means",
    "simulate",
    "skill",
    "spherical_score",
    "spot_peer_scores",
    "standings",
    "time_weighted",
    "variance_components",
    "verbal_ranges",
]
