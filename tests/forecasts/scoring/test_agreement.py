"""Cohen's kappa against published values, and its theorems."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from forecasts.scoring.agreement import cohens_kappa

# Cohen 1960, table 1; Fleiss, Cohen and Everitt 1969, table 1; both as 200 cases.
COHEN_1960 = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
FLEISS_1969 = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
# Two dermatologists: SAS/STAT User's Guide, The FREQ Procedure, "Agreement Study".
SKIN = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]


@pytest.mark.parametrize(("table", "kappa"), [(COHEN_1960, 0.492), (FLEISS_1969, 0.429), (SKIN, 0.3449)])
def test_kappa_is_the_published_one(table: list[list[int]], kappa: float) -> None:
    assert_allclose(cohens_kappa(table=table).kappa, kappa, atol=0.0005)


def test_the_interval_is_the_published_one() -> None:
    found = cohens_kappa(table=SKIN)
    assert found.n == 88
    assert_allclose([found.low, found.high], [0.2030, 0.4868], atol=0.00005)


def test_chance_agreement_is_zero_and_full_agreement_one() -> None:
    rows, columns = np.array([30, 70]), np.array([0.4, 0.6])
    assert_allclose(cohens_kappa(table=np.outer(rows, columns)).kappa, 0, atol=1e-12)
    full = cohens_kappa(table=[[5, 0], [0, 7]])
    assert (full.kappa, full.low, full.high) == (1, 1, 1)


def test_neither_the_order_of_judges_nor_that_of_answers_matters() -> None:
    table = np.array(SKIN)
    order = [2, 0, 3, 1]
    found = cohens_kappa(table=table)
    for other in (table.T, table[np.ix_(order, order)]):
        again = cohens_kappa(table=other)
        assert_allclose([again.kappa, again.low, again.high], [found.kappa, found.low, found.high])


@pytest.mark.parametrize("table", [np.zeros((3, 3)), [[9, 0], [0, 0]]])
def test_there_is_no_kappa_without_cases_or_without_two_answers(table: list[list[int]]) -> None:
    found = cohens_kappa(table=table)
    assert np.isnan([found.kappa, found.low, found.high]).all()


@pytest.mark.parametrize("table", [[1, 2], [[1, 2, 3], [4, 5, 6]], [[1, -1], [0, 2]], [[np.nan, 1], [1, 1]]])
def test_a_table_that_is_none_is_refused(table: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="table"):
        cohens_kappa(table=table)
