"""What was so before an act, from the facts before it: the status of a unit, the zones of an incident, how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from redstick.dispatch.rules.assignments import AssignmentEnded, UnitAssigned
from redstick.dispatch.rules.incidents import IncidentClosed, IncidentMoved, IncidentOpened
from redstick.dispatch.rules.seats import SeatSignedOn
from redstick.dispatch.rules.stacking import IncidentHeld
from redstick.dispatch.rules.units import StatusReported
from redstick.dispatch.status_table import MEANINGS, Primary, Status
from redstick.kernel.fold import Fact
from redstick.published.dispatch import SeatSignedOff

E = TypeVar("E", IncidentClosed, IncidentHeld)


def status_before(facts: Iterable[Fact], unit: str, position: int) -> Status | None:
    """The status of a unit before a position; None where no fact that was looked through tells it."""
    status: Status | None = None
    since, work = 0, set[str]()
    for fact in facts:
        event, at = fact.event, fact.envelope.at
        if fact.envelope.position >= position:
            break
        if isinstance(event, StatusReported) and event.unit == unit and at >= since:
            status, since = event.status, at
        elif isinstance(event, UnitAssigned) and event.unit == unit:
            work.add(event.incident)
            if at >= since:
                status, since = Status.DSP if event.alerted else Status.ASG, at
        elif isinstance(event, AssignmentEnded) and event.unit == unit:
            work.discard(event.incident)
            busy = status is None or MEANINGS[status].primary is Primary.NOT_AVAILABLE
            if not work and at >= since and busy:
                status, since = Status.CLR if event.ending == "cleared" else Status.CAN, at
    return status


def zones_before(facts: Iterable[Fact], incident: str, position: int) -> dict[str, str] | None:
    """The zones of an incident before a position; None where no fact that was looked through tells them."""
    zones: dict[str, str] | None = None
    for fact in facts:
        event = fact.event
        if fact.envelope.position >= position:
            break
        if isinstance(event, IncidentOpened | IncidentMoved) and event.incident == incident:
            zones = dict(event.zones)
    return zones


def closed_before(facts: Iterable[Fact], incident: str, position: int) -> IncidentClosed | None:
    """How an incident had ended before a position."""
    return _last(facts, IncidentClosed, "incident", incident, position)


def held_before(facts: Iterable[Fact], incident: str, position: int) -> IncidentHeld | None:
    """How an incident was held before a position."""
    return _last(facts, IncidentHeld, "incident", incident, position)


def watched_before(facts: Iterable[Fact], seat: str, position: int) -> SeatSignedOn | None:
    """What a seat watched before a position; None for nothing."""
    found: SeatSignedOn | None = None
    for fact in facts:
        if fact.envelope.position >= position:
            break
        if isinstance(fact.event, SeatSignedOn) and fact.event.seat == seat:
            found = fact.event
        elif isinstance(fact.event, SeatSignedOff) and fact.event.seat == seat:
            found = None
    return found


def _last(facts: Iterable[Fact], kind: type[E], field: str, name: str, position: int) -> E | None:
    found: E | None = None
    for fact in facts:
        if fact.envelope.position >= position:
            break
        if isinstance(fact.event, kind) and getattr(fact.event, field) == name:
            found = fact.event
    return found
