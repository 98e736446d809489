"""
Scoring forecasts, with NumPy and SciPy only.

Arrays in, arrays out; no clock, no files, no Django. ``score`` takes the
columns of a set of forecasts and returns everything; the modules hold the
parts: rules, points, timeline, pairs, relative, difficulty, ranking, calibration,
aggregation and series.
"""

from forecasts.scoring.columns import RULES, Status
from forecasts.scoring.entry import score
from forecasts.scoring.result import ScoreResult

__all__ = ["RULES", "ScoreResult", "Status", "score"]
