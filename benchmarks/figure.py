"""One measured figure with its limit beside it, both taken in the same run."""

import itertools
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A figure: `value` in `unit`, the `limit` named by `limit_name`, over `n` repetitions or items.

    `limit` is a bound from an issue or a peer measured in the same run; `ratio` is value / limit.
    """

    name: str
    value: float
    unit: str
    limit: float
    limit_name: str
    n: int

    def as_json(self) -> dict[str, Any]:
        """The contract of `redstick bench --json`."""
        ratio = self.value / self.limit if self.limit else None
        return {**asdict(self), "ratio": ratio}


def cpu_us(work: Callable[[], object], times: int) -> float:
    """CPU of one piece of work, in microseconds: the best of five rounds, since machines are shared."""
    rounds = []
    for _ in range(5):
        began = time.process_time()
        for _ in itertools.repeat(None, times):
            work()
        rounds.append((time.process_time() - began) / times * 1e6)
    return min(rounds)
