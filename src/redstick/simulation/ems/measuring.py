"""Policies side by side over the same calls: late fractions, their intervals, and the paired differences.

A replication is one observation: calls within one share a queue and are not independent. Intervals are Student's over
replications; differences are taken within each replication first, which is what common random numbers are for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

from redstick.simulation.ems.ground import Ground
from redstick.simulation.ems.living import DAY_S, Lived, live
from redstick.simulation.ems.policies import Policy, stays_home
from redstick.simulation.ems.setting import Setting
from redstick.simulation.ems.workload import Calls, draw

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
CONFIDENCE = 0.95
FIRST_RUN = 2**31  # its calls are those of no replication


@dataclass(frozen=True)
class Interval:
    """A mean over replications with its interval of 95 %; unbounded where there is one replication."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Measured:
    """A policy over all replications; times in seconds, costs per hour of the whole fleet.

    `late_by_priority` is by the priorities' names. `against` is this policy's late fraction less the first one's, by
    replication, None for the first; `better_in` in how many replications it was lower.
    """

    policy: str
    placed: tuple[int, ...]
    late: Interval
    late_by_replication: tuple[float, ...]
    late_by_priority: Mapping[str, float]
    mean_response_s: float
    p90_s: float
    waited: float
    n_calls: int
    replications: int
    moves_per_hour: float
    empty_hours_per_hour: float
    busy: float
    against: Interval | None
    better_in: int

    def as_json(self) -> dict[str, object]:
        """What `redstick plan coverage --json` prints for a policy."""
        told: dict[str, object] = {
            "policy": self.policy,
            "late_fraction": self.late.mean,
            "ci_low": self.late.low,
            "ci_high": self.late.high,
            "late_by_priority": dict(self.late_by_priority),
            "mean_response_s": self.mean_response_s,
            "p90": self.p90_s,
            "waited_fraction": self.waited,
            "n_calls": self.n_calls,
            "replications": self.replications,
            "moves_per_hour": self.moves_per_hour,
            "empty_unit_hours_per_hour": self.empty_hours_per_hour,
            "busy_fraction": self.busy,
            "placed": list(self.placed),
        }
        if self.against is not None:
            told["difference"] = self.against.mean
            told["difference_low"], told["difference_high"] = self.against.low, self.against.high
            told["better_in"] = self.better_in
        return told


@dataclass(frozen=True)
class Comparison:
    """All policies in the order asked for; the first is what the others are held against."""

    measured: tuple[Measured, ...]
    seed: int
    busy_assumed: float

    def relative_gain(self, one: Measured) -> Interval:
        """By which part of the first policy's late fraction this one's is lower; the interval is of a ratio of means.

        By the usual linearisation: the spread of what is saved less the ratio times what there was to save.
        """
        base, other = (np.array(these.late_by_replication) for these in (self.measured[0], one))
        if not base.any():
            return Interval(0.0, 0.0, 0.0)
        saved = base - other
        gain = float(saved.mean() / base.mean())
        around = interval((saved - gain * base) / base.mean())
        return Interval(gain, gain + around.low, gain + around.high)


def compare(
    ground: Ground,
    setting: Setting,
    policies: Sequence[Policy],
    replications: int,
    seed: int,
    busy_assumed: float,
    tell: Callable[[str], None] = lambda _: None,
) -> Comparison:
    """Live each replication's calls under every policy. Raises ValueError where one has no call that counts."""
    lived: list[list[Lived]] = [[] for _ in policies]
    drawn: list[Calls] = []
    for replication in range(replications):
        tell(f"replication {replication + 1} of {replications}")
        calls = draw(setting, ground.share, seed, replication)
        if not _counts(setting, calls).any():
            raise ValueError(f"replication {replication + 1} has no call after the warm-up: more days are needed")
        drawn.append(calls)
        for kept, policy in zip(lived, policies, strict=True):
            kept.append(live(ground, setting, calls, policy))
    first = np.array([_late(setting, calls, one).mean() for calls, one in zip(drawn, lived[0], strict=True)])
    measured = [
        _measured(ground, setting, policy, drawn, kept, first if number else None)
        for number, (policy, kept) in enumerate(zip(policies, lived, strict=True))
    ]
    return Comparison(tuple(measured), seed, busy_assumed)


def busy_under(ground: Ground, setting: Setting, deployed: I64, seed: int) -> float:
    """The share of time that units work, found in one run of their own calls with everybody going back home."""
    homes = tuple(int(post) for post in np.repeat(np.arange(len(deployed)), deployed))
    calls = draw(setting, ground.share, seed, FIRST_RUN)
    lived = live(ground, setting, calls, Policy("static", homes, stays_home))
    return min(1.0, lived.work_s / 3600 / (setting.days * 24) / len(homes))


def interval(values: F64) -> Interval:
    """Student's interval of the mean of independent values."""
    mean = float(values.mean())
    if len(values) < 2:
        return Interval(mean, -np.inf, np.inf)
    half = float(t.ppf((1 + CONFIDENCE) / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return Interval(mean, mean - half, mean + half)


def share(values: F64) -> Interval:
    """The same of independent shares of a whole: the mean share is none below 0 and none above 1."""
    found = interval(values)
    return Interval(found.mean, max(0.0, found.low), min(1.0, found.high))


def _late(setting: Setting, calls: Calls, lived: Lived) -> NDArray[np.bool_]:
    """Which calls of the days that count were late."""
    target_s = np.array([one.target_s for one in setting.priorities])[calls.priority]
    found: NDArray[np.bool_] = ~(lived.response_s <= target_s)[_counts(setting, calls)]
    return found


def _counts(setting: Setting, calls: Calls) -> NDArray[np.bool_]:
    return calls.at_s >= setting.warm_up_days * DAY_S


def _measured(
    ground: Ground,
    setting: Setting,
    policy: Policy,
    drawn: Sequence[Calls],
    lived: Sequence[Lived],
    first: F64 | None,
) -> Measured:
    pairs = list(zip(drawn, lived, strict=True))
    late = [_late(setting, calls, one) for calls, one in pairs]
    by_replication = np.array([one.mean() for one in late])
    response_s = np.concatenate([one.response_s[_counts(setting, calls)] for calls, one in pairs])
    priority = np.concatenate([calls.priority[_counts(setting, calls)] for calls in drawn])
    every = np.concatenate(late)
    hours = setting.days * 24 * len(pairs)
    return Measured(
        policy=policy.name,
        placed=tuple(policy.placed(len(ground.posts)).tolist()),
        late=share(by_replication),
        late_by_replication=tuple(by_replication.tolist()),
        late_by_priority={
            one.name: float(every[priority == level].mean())
            for level, one in enumerate(setting.priorities)
            if (priority == level).any()
        },
        mean_response_s=float(response_s.mean()),
        p90_s=float(np.quantile(response_s, 0.9, method="inverted_cdf")),
        waited=float(np.concatenate([one.waited[_counts(setting, calls)] for calls, one in pairs]).mean()),
        n_calls=len(every),
        replications=len(pairs),
        moves_per_hour=sum(one.moves for one in lived) / hours,
        empty_hours_per_hour=sum(one.empty_s for one in lived) / 3600 / hours,
        busy=sum(one.work_s for one in lived) / 3600 / hours / len(policy.homes),
        against=None if first is None else interval(by_replication - first),
        better_in=0 if first is None else int((by_replication < first).sum()),
    )
