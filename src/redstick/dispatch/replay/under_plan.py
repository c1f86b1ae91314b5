"""What a response plan comes to when past calls are lived again under it, beside another: the figures of a review.

Every figure is an integer, so that the account's digest is the same on every machine; it names what was reviewed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from redstick.dispatch.history.model import MISSING_MS, STAMPS, History
from redstick.dispatch.kpi import interval, nearest_rank, sample
from redstick.dispatch.replay.comparison import Change
from redstick.dispatch.replay.what_if import Lived

MEASURED = (("travel", 50), ("travel", 90), ("response", 50), ("response", 90))


@dataclass(frozen=True)
class Figures:
    """One plan's week: how fast (seconds, each with its n), how many units, and what was not met."""

    plan: str
    incidents: int
    responses: int  # unit responses, those that were decided anew and those left as recorded
    units_used: int
    decided_anew: int
    as_recorded: int
    waited: int
    not_met: int
    not_met_by: dict[str, int]  # by requirement
    percentiles_s: dict[str, int]  # travel_p50, …: nearest rank, rounded
    n: dict[str, int]  # by interval

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return dict(vars(self))


@dataclass(frozen=True)
class PlanAccount:
    """Two plans over the same calls. `digest` is that of the plan's text, `since` and `until` bound the record."""

    version: str
    digest: str
    since: int
    until: int
    other: Figures
    plan: Figures
    changes: list[Change]
    ways: Counter[str] = field(default_factory=Counter)  # how answers were found, by incident

    def as_json(self) -> dict[str, Any]:
        """The contract of `redstick plan replay --json`; `record` is what `RecordPlanReplay` takes."""
        compared = {"other": self.other.as_json(), "plan": self.plan.as_json(), "ways": dict(sorted(self.ways.items()))}
        result = hashlib.sha256(
            json.dumps([self.digest, self.since, self.until, compared], sort_keys=True).encode()
        ).hexdigest()
        figures = {
            "decided_anew": self.plan.decided_anew,
            "not_met": self.plan.not_met,
            "units_used": self.plan.units_used,
            "other_not_met": self.other.not_met,
            **{f"{name}_s": value for name, value in self.plan.percentiles_s.items()},
            **{f"other_{name}_s": value for name, value in self.other.percentiles_s.items()},
            **{f"n_{name}": value for name, value in self.plan.n.items()},
        }
        record = {
            "plan": self.version, "digest": self.digest, "result": result, "since": self.since, "until": self.until,
            "incidents": self.plan.incidents, "figures": figures,
        }  # fmt: skip
        return {**compared, "record": record}


def figures(plan: str, lived: Lived, shift: History) -> Figures:
    """The figures of one lived shift; a percentile of nothing is left out, and its n is 0."""
    percentiles: dict[str, int] = {}
    n: dict[str, int] = {}
    for name, percent in MEASURED:
        values_ms = np.sort(sample(shift, interval(name)).values_ms)
        n[name] = len(values_ms)
        if len(values_ms):
            percentiles[f"{name}_p{percent}"] = round(nearest_rank(values_ms, percent) / 1000)
    unmet = dict(sorted(lived.unmet.items()))
    worked = shift.unit.codes >= 0
    return Figures(
        plan=plan,
        incidents=len(np.unique(shift.incident.codes)),
        responses=int(worked.sum()),
        units_used=len(np.unique(shift.unit.codes[worked])),
        decided_anew=lived.decided_anew,
        as_recorded=lived.as_recorded,
        waited=lived.waited,
        # Without a response plan a need has no requirement, and can only stay unmet by waiting for ever.
        not_met=sum(unmet.values()) or lived.never_met,
        not_met_by=unmet,
        percentiles_s=percentiles,
        n=n,
    )


def period(history: History) -> tuple[int, int]:
    """The earliest and the latest time of a history, in milliseconds; (0, 0) without any."""
    times = np.concatenate([history.stamps[name] for name in STAMPS])
    known = times[times != MISSING_MS]
    return (int(known.min()), int(known.max())) if len(known) else (0, 0)
