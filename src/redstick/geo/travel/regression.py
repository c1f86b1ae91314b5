"""Quantile regression by linear programming: exact, deterministic, without tuning (Koenker and Bassett, 1978)."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_matrix

F64 = NDArray[np.float64]


def quantile_fit(table: F64, values: F64, level: float = 0.5, weights: F64 | None = None) -> F64:
    """Coefficients (k,) that minimise the weighted pinball loss of `values` (n,) on `table` (n, k).

    Solved in its dual, max values'u with table'u = 0 and u between level - 1 and level, whose multipliers are the
    coefficients. Raises ArithmeticError where the solver finds no optimum.
    """
    weight = np.ones(len(values)) if weights is None else weights
    scale = np.maximum(np.abs(table).max(axis=0), 1e-9)
    scaled = (table / scale) * weight[:, None]
    found = linprog(
        -(values * weight),
        A_eq=csc_matrix(scaled.T),
        b_eq=np.zeros(table.shape[1]),
        bounds=(level - 1, level),
        method="highs-ds",
    )
    if found.status != 0:
        raise ArithmeticError(f"no quantile fit: {found.message}")
    coefficients: F64 = -np.asarray(found.eqlin.marginals) / scale
    return coefficients
