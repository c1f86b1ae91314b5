"""What always holds in dispatch, whatever happened: checked by the simulator, usable in production."""

from collections.abc import Iterator

from redstick.dispatch.rules.assignments import open_assignments
from redstick.dispatch.state import Dispatch


def broken(state: Dispatch) -> Iterator[str]:
    """Each invariant that does not hold, in words with the ids it concerns; nothing when all is well."""
    yield from units_and_assignments_agree(state)
    yield from closed_incidents_hold_nobody(state)
    yield from calls_and_incidents_agree(state)


def units_and_assignments_agree(state: Dispatch) -> Iterator[str]:
    """What a unit says it works on, and what the incidents say, is the same; so exactly one is primary."""
    held: dict[str, set[str]] = {}
    for incident in state.incidents.values():
        for assignment in open_assignments(incident):
            held.setdefault(assignment.unit, set()).add(incident.id)
    for unit in state.units.values():
        if len(set(unit.work)) != len(unit.work):
            yield f"unit {unit.id} lists an incident twice: {unit.work}"
        if set(unit.work) != held.get(unit.id, set()):
            yield f"unit {unit.id} works on {sorted(unit.work)}, the incidents say {sorted(held.get(unit.id, set()))}"


def closed_incidents_hold_nobody(state: Dispatch) -> Iterator[str]:
    """No unit is still assigned to a closed incident, and a closed incident says how it ended."""
    for incident in state.incidents.values():
        if incident.closed_at is None:
            continue
        still = [assignment.unit for assignment in open_assignments(incident)]
        if still:
            yield f"incident {incident.id} is closed and still holds {still}"
        if not incident.disposition:
            yield f"incident {incident.id} is closed without a disposition"


def calls_and_incidents_agree(state: Dispatch) -> Iterator[str]:
    """A call speaks of at most one incident, and that incident knows it."""
    spoken = [(call, incident.id) for incident in state.incidents.values() for call in incident.calls]
    if len({call for call, _ in spoken}) != len(spoken):
        yield "a call speaks of two incidents"
    said = {(call.id, call.incident) for call in state.calls.values() if call.incident}
    if said != set(spoken):
        yield f"calls and incidents disagree: {sorted(said ^ set(spoken))}"
