"""All that a recommendation depends on, as one value of integers and text: the same question has the same answer."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.ports import Point
from redstick.dispatch.status_table import Status
from redstick.kernel.values import Instant


class Candidate(msgspec.Struct, frozen=True, omit_defaults=True):
    """A unit of the roster as it is known.

    Units with the same `crew` share one crew, so that only one of them can go; "" is a crew of its own. `added` are
    secondary statuses beside those of `status`; `incident` is what it works on, `number` what people call that. `at` is
    its last reported position and `seen_at` when that was true; `doubt` says why the report is not believed (frozen,
    jump, swap), "" for no doubt. `workload` counts the incidents of this shift; `coverage_loss_s` is what its leaving
    costs the city, weighed by `Policy.coverage_percent`.
    """

    id: str
    kind: str = ""
    capabilities: tuple[str, ...] = ()
    agency: str = ""
    station: str = ""
    crew: str = ""
    staffing: int | None = None
    status: Status = Status.AQ
    added: tuple[str, ...] = ()
    incident: str = ""
    number: str = ""
    at: Point | None = None
    seen_at: Instant | None = None
    report_interval_s: int = 30
    speed_mps: int | None = None
    doubt: str = ""
    workload: int = 0
    coverage_loss_s: int = 0


class Aid(msgspec.Struct, frozen=True):
    """An agreement: units of `by` answer what `to` owes; only those of `kinds`, all kinds when empty."""

    by: str
    to: str
    kinds: tuple[str, ...] = ()


class Exclusion(msgspec.Struct, frozen=True):
    """A unit that must not be sent to this incident. `rule`: conflict, order_of_protection, previously_cancelled."""

    unit: str
    rule: str


class StaleUse(StrEnum):
    """Where a unit is taken to be whose position is too old."""

    LAST_KNOWN = "last_known"
    STATION = "station"


class Policy(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the agency sets.

    A position is fresh up to `fresh_intervals` of the unit's report interval, stale from `stale_after_s`, ageing
    between. A stale or assumed position costs `stale_margin_s`, so that a unit goes behind any that is known to be
    there at most that much later. An ageing one is widened by the unit's speed (`speed_mps` where it is not known)
    times its age, which is driven at `drive_mps`. `detour_percent` and `straight_mps` are for want of roads.
    """

    fresh_intervals: int = 2
    stale_after_s: int = 300
    stale_use: StaleUse = StaleUse.LAST_KNOWN
    stale_margin_s: int = 120
    speed_mps: int = 13
    drive_mps: int = 13
    turnout_s: int = 60
    turnout_by_kind: dict[str, int] = {}
    coverage_percent: int = 0
    detour_percent: int = 135
    straight_mps: int = 13


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who should go to `target`? `requirements` in the order of the plan.

    `agencies` are those that owe an answer there, all of the roster's when empty; `aid` says who answers for them.
    `stations` are their places, `station_order` the area's order of them, `station_orders` those of single requirements
    by id. `closures` names the closed roads. `now` is the only clock.
    """

    target: Point
    now: Instant
    requirements: tuple[Requirement, ...]
    roster: tuple[Candidate, ...]
    stations: dict[str, Point] = {}
    station_order: tuple[str, ...] = ()
    station_orders: dict[str, tuple[str, ...]] = {}
    agencies: tuple[str, ...] = ()
    aid: tuple[Aid, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    closures: tuple[str, ...] = ()
    policy: Policy = Policy()
    incident: str = ""
    kind: str = ""
    priority: int = 3
    alarm_level: int = 1
    uncertainty_m: int | None = None
    plan: str = ""
    plan_version: str = ""
