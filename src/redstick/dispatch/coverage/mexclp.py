"""Where to place units so that most calls are reached in time: the maximum expected covering location problem.

Daskin's MEXCLP, exactly by integer programming (HiGHS), or greedily. Expected coverage is a submodular function of
where units stand, so greedy is never below 1 - 1/e of the best, and on real cities within a percent of it; a pass of
exchanges takes most of what is left.
"""

import numpy as np
from numpy.typing import NDArray

from redstick.dispatch.coverage.area import Area

I64 = NDArray[np.int64]
ENOUGH = 1e-9  # calls an hour: less is no gain


class NotSolved(Exception):  # noqa: N818  (named for what is the matter)
    """The integer programme has no answer; says why."""


def placed_greedily(area: Area, units: int, room: I64 | None = None) -> I64:
    """How many of `units` stand at each post (p,), each put where it adds most, ties to the first; then exchanged.

    `room[i]` is how many a post holds (p,), None for no limit. Units beyond all room are left out.
    """
    area = area.merged()
    posts = len(area.reach)
    room = np.full(posts, units, np.int64) if room is None else np.asarray(room, np.int64)
    placed = np.zeros(posts, np.int64)
    for _ in range(min(units, int(room.sum()))):
        gain = np.where(placed < room, area.gain(area.counts(placed)), -np.inf)
        placed[int(np.argmax(gain))] += 1
    while _exchanged(area, placed, room):
        pass
    return placed


def _exchanged(area: Area, placed: I64, room: I64) -> bool:
    """Move one unit to where it adds more than it is worth where it stands, the most there is; False when none is."""
    best, change = ENOUGH, (-1, -1)
    for source in np.flatnonzero(placed):
        placed[source] -= 1
        gain = np.where(placed < room, area.gain(area.counts(placed)), -np.inf)
        target = int(np.argmax(gain))
        if gain[target] - gain[source] > best:
            best, change = float(gain[target] - gain[source]), (int(source), target)
        placed[source] += 1
    if change[0] < 0:
        return False
    placed[change[0]] -= 1
    placed[change[1]] += 1
    return True


def best_placement(area: Area, units: int, room: I64 | None = None) -> I64:
    """The optimum of MEXCLP (p,). Raises NotSolved when the solver gives up.

    x_i units at post i, y_jk = 1 when the k-th unit reaches cell j: demand_j (1 - q) q^(k-1) falls in k, so the y fill
    up in order by themselves and only the x need be whole.
    """
    # Half a second of imports that only this needs, and not the server, which has this room loaded when it begins.
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 (only this needs it)
    from scipy.sparse import csr_array, hstack  # noqa: PLC0415 (for the same reason)

    area = area.merged()
    posts, cells = area.reach.shape
    room = np.full(posts, units, np.int64) if room is None else np.asarray(room, np.int64)
    if not units or not cells:
        return np.zeros(posts, np.int64)
    levels = np.arange(units)
    worth = (area.demand[:, None] * (1 - area.busy) * np.power(area.busy, levels)[None, :]).ravel()
    of_cell = csr_array((np.ones(cells * units), (np.repeat(np.arange(cells), units), np.arange(cells * units))))
    reached = LinearConstraint(hstack([csr_array(-area.reach.T.astype(float)), of_cell]), -np.inf, 0)
    total = LinearConstraint(np.concatenate([np.ones(posts), np.zeros(cells * units)])[None, :], -np.inf, units)
    found = milp(
        np.concatenate([np.zeros(posts), -worth]),
        integrality=np.concatenate([np.ones(posts), np.zeros(cells * units)]),
        bounds=Bounds(0, np.concatenate([room, np.ones(cells * units)])),
        constraints=[reached, total],
    )
    if not found.success:
        raise NotSolved(found.message)
    placed: I64 = np.rint(found.x[:posts]).astype(np.int64)
    return placed
