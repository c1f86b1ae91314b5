"""Two shifts side by side: what another plan changed, with an interval that says whether it was only luck."""

from dataclasses import dataclass

import numpy as np

from redstick.dispatch.history.model import History
from redstick.dispatch.kpi import Difference, interval
from redstick.dispatch.kpi.comparing import difference, sample

# What a plan can change. Turnout and the work on scene stay as recorded.
COMPARED = (("response", 50), ("response", 90), ("unit_response", 50), ("unit_response", 90), ("travel", 90))


@dataclass(frozen=True, slots=True)
class Change:
    """One percentile of one interval under two plans; `unit_kind` "" is all kinds."""

    unit_kind: str
    difference: Difference

    @property
    def real(self) -> bool:
        """True when the interval leaves out zero: more than the luck of the days."""
        return self.difference.low_s > 0 or self.difference.high_s < 0


def compare(today: History, other: History, kinds: tuple[str, ...], seed: int) -> list[Change]:
    """Every compared percentile, over all units and for each kind that was decided anew."""
    changes: list[Change] = []
    for kind in ("", *kinds):
        for name, percent in COMPARED:
            of = interval(name)
            if kind and of.per == "call":
                continue
            a, b = (sample(run, of, _of_kind(run, kind)) for run in (today, other))
            if len(a.values_ms) and len(b.values_ms):
                changes.append(Change(kind, difference(a, b, seed=seed, percent=percent)))
    return changes


def _of_kind(history: History, kind: str) -> "np.typing.NDArray[np.bool_] | None":
    if not kind:
        return None
    codes = history.categories["unit_kind"]
    wanted = codes.values.index(kind) if kind in codes.values else -2
    return np.asarray(codes.codes == wanted)
