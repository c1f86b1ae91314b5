"""One look at the source: follow it, and set beside each sending the units that were nearer by road."""

import hashlib
from dataclasses import dataclass, field

import msgspec

from redstick.dispatch.history.model import History
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.question import Candidate, Policy, Question
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.standing import RoadTimes
from redstick.dispatch.rules.assignments import UnitAssigned
from redstick.dispatch.shadow.following import Said, follow
from redstick.dispatch.state import Dispatch
from redstick.dispatch.status_table import Status
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.ids import ENTROPY_BITS, make_id
from redstick.kernel.values import Instant, Request

ACTOR = "shadow"
AT_HOME: Instant = 0  # whenever it is: every unit is taken to be at its station just now
NO_TURNOUT = Policy(turnout_s=0)  # roads are compared with roads
COMPARE_WITHIN_MS = 600_000  # a sending older than this is caught up with, not lived through


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
        """The comparison for one sending; None where the place or every home is unknown, or the unit has left again."""
        incident, unit = state.incidents[sent.incident], state.units[sent.unit]
        if incident.place.x is None or incident.place.y is None or sent.incident not in unit.work:
            return None
        target = (incident.place.x, incident.place.y)
        kinds = (unit.kind,) if unit.kind else ()
        roster = tuple(self._candidate(state, name, sent) for name in state.units if name in self._homes)
        question = Question(target, AT_HOME, (Requirement("as sent", kinds),), roster, policy=NO_TURNOUT)
        answer = recommend(question, self._roads)
        verdicts = (*answer.chosen, *answer.refused)
        best = next((verdict for verdict in verdicts if verdict.chosen), None)
        if best is None or best.travel_s is None:
            return None
        mine = next((verdict.travel_s for verdict in verdicts if verdict.unit == sent.unit), None)
        gain = None if mine is None else mine - best.travel_s
        return Compared(sent.incident, sent.unit, mine, best.unit, best.travel_s, gain)

    def _candidate(self, state: Dispatch, name: str, sent: UnitAssigned) -> Candidate:
        """A unit at its home; the one that was sent counts as free, as it was when it was chosen."""
        unit = state.units[name]
        chosen = name == sent.unit
        status = Status.AQ if chosen else unit.status
        work = "" if chosen or not unit.work else unit.work[0]
        capabilities, home = tuple(unit.capabilities), self._homes[name]
        return Candidate(name, unit.kind, capabilities, status=status, incident=work, at=home, seen_at=AT_HOME)


def one_pass(driver: SynchronousDriver, history: History, now: Instant, comparison: Comparison | None = None) -> Pass:
    """Follow the source once; what was said before a crash is in the state, and is not said again.

    Sendings of the last while are then compared, against the state that the source shows now: who was free at a sending
    that is only caught up with, nobody can say.
    """
    account = Pass()
    sent: list[UnitAssigned] = []
    for said in follow(history, driver.executor.committed["dispatch"]):
        [outcome] = driver.run([_request(said, now, driver.executor.durable.position)], now)
        account.commands += 1
        if outcome.rejection is not None:
            account.refused.append((said.command.command_kind, outcome.rejection.code))
        if said.at is not None and said.at >= now - COMPARE_WITHIN_MS:
            sent += [event for event in outcome.events if isinstance(event, UnitAssigned)]
    if comparison is not None:
        state = driver.executor.committed["dispatch"]
        compared = [comparison.of(state, sending) for sending in sent]
        account.compared = [found for found in compared if found is not None]
    return account


def _request(said: Said, now: Instant, position: int) -> Request:
    """What is said was found against the state at a position: together they make the id."""
    body = msgspec.json.encode((said.command.command_kind, said.command, said.at, position))
    entropy = int.from_bytes(hashlib.sha256(body).digest()[: ENTROPY_BITS // 8])
    return Request(make_id("cmd", now, entropy), said.command, ACTOR, said.at)
