"""What a replay came to: one value that the page, the JSON and the tests read."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from redstick.dispatch.history.model import Counts
from redstick.dispatch.kpi import Kpi
from redstick.dispatch.replay.comparison import Change
from redstick.dispatch.replay.places import PlaceCheck
from redstick.dispatch.replay.shift import Played
from redstick.dispatch.replay.what_if import Lived

REFUSED_SHOWN = 200


@dataclass(frozen=True)
class Travel:
    """How well travel times were predicted for days that the prediction had not seen, beside the two-parameter line."""

    trips_fitted: int
    trips_judged: int
    median_abs_error_s: float
    baseline_error_s: float
    bias: float  # of the mean: predicted over real, minus 1
    above_p90: float  # share of trips longer than the predicted ninetieth percentile
    order_agreement: float | None  # of units sent together, share of pairs that arrived in the predicted order
    baseline_order_agreement: float | None


@dataclass(frozen=True)
class Compared:
    """Another plan beside today's: both lived with the same rules, calls and luck."""

    today: str
    other: str
    rule: str
    today_lived: Lived
    other_lived: Lived
    changes: list[Change]
    by_area: list[Change] = field(default_factory=list)  # the largest change first
    tried: tuple[str, ...] = ()  # what the other plan does differently, in words


@dataclass
class Account:
    """Everything that a replay found out."""

    source: str
    time_zone: str
    counts: Counts
    calls: int
    incidents: int
    units: int
    played: Played
    rejected_rows: list[tuple[int, str]]  # (line in the source, code): rows of which a command was refused
    kpis: list[Kpi]
    head: str = ""
    places: PlaceCheck | None = None
    travel: Travel | None = None
    compared: Compared | None = None
    wall_s: float = 0.0
    notes: list[str] = field(default_factory=list)
    unexpected: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """The contract of `redstick replay --json`; fields are added, never renamed."""
        rows = {
            "read": self.counts.read,
            "accepted": self.counts.accepted,
            "listed": self.counts.refused,
            "with_a_refused_command": len(self.rejected_rows),
        }
        found: dict[str, Any] = {
            "source": self.source,
            "rows": rows,
            "calls": self.calls,
            "incidents": self.incidents,
            "units": self.units,
            "commands": self.played.commands,
            "events": self.played.events,
            "head": self.head,
            "unexpected_steps": dict(sorted(self.played.unexpected.items())),
            "refused": [{"row": row, "code": code} for row, code in self.rejected_rows[:REFUSED_SHOWN]],
            "geocode": None if self.places is None else places_json(self.places),
            "travel": None if self.travel is None else vars(self.travel),
            "kpi": [kpi_json(kpi) for kpi in self.kpis],
            "what_if": None if self.compared is None else compared_json(self.compared),
            "notes": self.notes,
            "wall_s": round(self.wall_s, 3),
        }
        return found


def places_json(places: PlaceCheck) -> dict[str, Any]:
    """The geocoder against the official points, by calls."""
    return {
        "calls": places.calls,
        "within_100_m": places.share_within,
        "wrong_unique": places.wrong_unique,
        "kinds": dict(sorted(places.kinds.items())),
        "missed": [
            {"text": missed.text, "kind": missed.kind, "distance_m": missed.distance_m, "calls": missed.calls}
            for missed in places.missed[:REFUSED_SHOWN]
        ],
    }


def kpi_json(kpi: Kpi) -> dict[str, Any]:
    """One measured interval."""
    return {
        "interval": kpi.interval.name,
        "title": kpi.interval.title,
        "n_used": kpi.n_used,
        "n_eligible": kpi.n_eligible,
        "percentiles_s": {str(percent): seconds for percent, seconds in kpi.percentiles_s.items()},
    }


def compared_json(compared: Compared) -> dict[str, Any]:
    """Two plans and what lies between them."""
    return {
        "today": compared.today,
        "other": compared.other,
        "rule": compared.rule,
        "tried": list(compared.tried),
        "decided_anew": compared.other_lived.decided_anew,
        "as_recorded": compared.other_lived.as_recorded,
        "waited": {"today": compared.today_lived.waited, "other": compared.other_lived.waited},
        "never_met": {"today": compared.today_lived.never_met, "other": compared.other_lived.never_met},
        "changes": [change_json(change) for change in compared.changes],
        "by_area": [change_json(change) for change in compared.by_area],
    }


def change_json(change: Change) -> dict[str, Any]:
    """One percentile under both plans, with its interval over days."""
    of = change.difference
    return {
        "unit_kind": change.unit_kind or None,
        "area": change.area or None,
        "interval": of.interval.name,
        "percent": of.percent,
        "today_n": change.n[0],
        "other_n": change.n[1],
        "today_s": of.a_s,
        "other_s": of.b_s,
        "difference_s": of.difference_s,
        "low_s": of.low_s,
        "high_s": of.high_s,
        "confidence": of.confidence,
        "days": of.n_blocks,
        "more_than_luck": change.real,
    }
