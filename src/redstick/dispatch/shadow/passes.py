"""One look at the source: follow it, and set beside each sending the units that were nearer by road."""

import hashlib
from dataclasses import dataclass, field

import msgspec

from redstick.dispatch.history.model import History
from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.nearest import Candidate, Requirement, RoadTimes, recommend
from redstick.dispatch.rules.assignments import UnitAssigned
from redstick.dispatch.shadow.following import Said, follow
from redstick.dispatch.state import Dispatch
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.ids import ENTROPY_BITS, make_id
from redstick.kernel.values import Instant, Request

ACTOR = "shadow"


@dataclass(frozen=True, slots=True)
class Compared:
    """One unit as it was sent, and the nearest free unit of its kind at that moment: `gain_s` is how much nearer."""

    incident: str
    sent: str
    sent_s: int | None
    nearest: str
    nearest_s: int
    gain_s: int | None


@dataclass
class Pass:
    """What one look came to."""

    commands: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)  # (command kind, code)
    compared: list[Compared] = field(default_factory=list)


class Comparison:
    """Sets every sending beside the nearest free unit of the same kind, with stations as homes."""

    def __init__(self, roads: RoadTimes, homes: dict[str, Point]) -> None:
        self._roads, self._homes = roads, homes

    def of(self, state: Dispatch, sent: UnitAssigned) -> Compared | None:
        """The comparison for one sending, before it is folded; None where nothing can be said."""
        incident, unit = state.incidents.get(sent.incident), state.units.get(sent.unit)
        if incident is None or unit is None or incident.place.x is None or incident.place.y is None:
            return None
        target = (incident.place.x, incident.place.y)
        kinds = (unit.kind,) if unit.kind else ()
        roster = [self._candidate(state, name) for name in state.units if name in self._homes]
        verdicts = recommend(roster, target, Requirement(kinds), self._roads)
        best = next((verdict for verdict in verdicts if verdict.chosen), None)
        if best is None or best.travel_s is None:
            return None
        mine = next((verdict.travel_s for verdict in verdicts if verdict.unit == sent.unit), None)
        gain = None if mine is None else mine - best.travel_s
        return Compared(sent.incident, sent.unit, mine, best.unit, best.travel_s, gain)

    def _candidate(self, state: Dispatch, name: str) -> Candidate:
        unit = state.units[name]
        work = unit.work[0] if unit.work else ""
        return Candidate(name, unit.kind, tuple(unit.capabilities), unit.status, work, self._homes[name], 0, True)


def one_pass(driver: SynchronousDriver, history: History, now: Instant, comparison: Comparison | None = None) -> Pass:
    """Follow the source once; what was said before a crash is in the state, and is not said again."""
    account = Pass()
    for said in follow(history, driver.executor.committed["dispatch"]):
        before = _compare(comparison, driver.executor.committed["dispatch"], said)
        [outcome] = driver.run([_request(said, now, driver.executor.durable.position)], now)
        account.commands += 1
        if outcome.rejection is not None:
            account.refused.append((said.command.command_kind, outcome.rejection.code))
        elif before is not None:
            account.compared.append(before)
    return account


def _compare(comparison: Comparison | None, state: Dispatch, said: Said) -> Compared | None:
    units = getattr(said.command, "units", None)
    if comparison is None or units is None:
        return None
    return comparison.of(state, UnitAssigned(said.command.incident, units[0]))  # type: ignore[attr-defined]  # only AssignUnits has units


def _request(said: Said, now: Instant, position: int) -> Request:
    """What is said was found against the state at a position: together they make the id."""
    body = msgspec.json.encode((said.command.command_kind, said.command, said.at, position))
    entropy = int.from_bytes(hashlib.sha256(body).digest()[: ENTROPY_BITS // 8])
    return Request(make_id("cmd", now, entropy), said.command, ACTOR, said.at)
