"""How far two judges agree beyond chance: Cohen's kappa with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """
    Agreement of two judges over n cases.

    `observed` is the share of cases on which they agree, `expected` the share that two judges with
    these habits would agree on by chance. `kappa` and its 95 % interval are NaN where it is not
    defined: no cases, or both judges always gave one and the same answer.
    """

    n: int
    observed: float
    expected: float
    kappa: float
    low: float
    high: float


def cohens_kappa(*, table: npt.ArrayLike) -> Agreement:
    """
    Return Cohen's kappa of two judges, with its large-sample 95 % interval.

    (p_o - p_e) / (1 - p_e), without unit: 1 is perfect agreement, 0 is chance, below 0 is worse than chance.

    Parameters
    ----------
    table : array_like, (k, k)
        Counts, with one judge's answers in the rows and the other's in the columns.

    Returns
    -------
    Agreement
        NaN where kappa is not defined: no cases, or both judges always gave one and the same answer. The
        interval is clipped to [-1, 1].

    Raises
    ------
    ValueError
        A table that is not square, or a count that is negative or not a number.

    References
    ----------
    Cohen 1960, https://doi.org/10.1177/001316446002000104; for the standard error Fleiss, Cohen and
    Everitt 1969, https://doi.org/10.1037/h0028106

    Examples
    --------
    >>> found = cohens_kappa(table=[[20, 5], [10, 15]])
    >>> round(found.kappa, 3), found.n
    (0.4, 50)
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ValueError("The table of two judges is square: the same answers in its rows and columns.")
    if not np.all(np.isfinite(counts)) or np.any(counts < 0):
        raise ValueError("A table of answers holds counts of zero or more.")
    n = float(counts.sum())
    if n == 0:
        return Agreement(n=0, observed=np.nan, expected=np.nan, kappa=np.nan, low=np.nan, high=np.nan)
    share = counts / n
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed, expected = float(np.trace(share)), float(rows @ columns)
    if np.isclose(expected, 1):
        return Agreement(
            n=round(n), observed=observed, expected=expected, kappa=np.nan, low=np.nan, high=np.nan
        )
    kappa = (observed - expected) / (1 - expected)
    error = _standard_error(share, rows, columns, kappa=kappa, expected=expected, n=n)
    return Agreement(
        n=round(n),
        observed=observed,
        expected=expected,
        kappa=kappa,
        low=max(kappa - Z95 * error, -1.0),
        high=min(kappa + Z95 * error, 1.0),
    )


def _standard_error(
    share: npt.NDArray[np.float64],
    rows: npt.NDArray[np.float64],
    columns: npt.NDArray[np.float64],
    *,
    kappa: float,
    expected: float,
    n: float,
) -> float:
    """Return the large-sample standard error (Fleiss, Cohen and Everitt 1969)."""
    agreed = np.diag(share) * (1 - (rows + columns) * (1 - kappa)) ** 2
    # A case in row i and column j weighs by the column's share of i and the row's share of j.
    off = share * (columns[:, np.newaxis] + rows[np.newaxis, :]) ** 2
    differing = (1 - kappa) ** 2 * (off.sum() - np.trace(off))
    chance = (kappa - expected * (1 - kappa)) ** 2
    variance = (agreed.sum() + differing - chance) / (n * (1 - expected) ** 2)
    return float(np.sqrt(max(variance, 0.0)))
