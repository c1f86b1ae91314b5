"""Quantile regression by linear programming: exact, deterministic, without tuning (Koenker and Bassett, 1978)."""

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]


def quantile_fit(
    table: F64, values: F64, level: float = 0.5, weights: F64 | None = None, penalty: F64 | None = None
) -> F64:
    """Coefficients (k,) that minimise the weighted pinball loss of `values` (n,) on `table` (n, k).

    `penalty` (k,), 0 for none, is what each unit of a coefficient's size costs (Belloni and Chernozhukov, 2011).
    Solved in its dual, max values'u with |table'u| <= penalty and u between level - 1 and level, whose multipliers are
    the coefficients. Raises ArithmeticError where the solver finds no optimum.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 (a second and thirty megabytes that only fitting needs)
    from scipy.sparse import csc_matrix  # noqa: PLC0415 (what the solver takes, for the same reason)

    weight = np.ones(len(values)) if weights is None else weights
    cost = np.zeros(table.shape[1]) if penalty is None else penalty
    scale: F64 = np.maximum(np.abs(table).max(axis=0), 1e-9)
    scaled = (table / scale * weight[:, None]).T
    free = cost == 0
    found = linprog(
        -(values * weight),
        A_eq=csc_matrix(scaled[free]),
        b_eq=np.zeros(int(free.sum())),
        A_ub=csc_matrix(np.concatenate([scaled[~free], -scaled[~free]])),
        b_ub=np.tile(cost[~free] / scale[~free], 2),
        bounds=(level - 1, level),
        method="highs-ds",
    )
    if found.status != 0:
        raise ArithmeticError(f"no quantile fit: {found.message}")
    coefficients = np.empty(table.shape[1])
    coefficients[free] = -np.asarray(found.eqlin.marginals)
    above, below = np.split(np.asarray(found.ineqlin.marginals), 2)
    coefficients[~free] = below - above
    return coefficients / scale
