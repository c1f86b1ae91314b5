"""What always holds in comms, whatever happened: checked by the simulator, usable in production."""

from collections.abc import Iterator

from redstick.comms.rules.legs import LegState
from redstick.comms.state import Comms
from redstick.published.comms import LineKind


def broken(state: Comms) -> Iterator[str]:
    """Each invariant that does not hold, in words with the ids it concerns; nothing when all is well."""
    yield from lines_are_kept_apart(state)
    yield from an_answered_leg_knows_since_when(state)


def lines_are_kept_apart(state: Comms) -> Iterator[str]:
    """Each 911 leg has a call of its own, no other leg has any."""
    owners: dict[str, str] = {}
    for leg in state.legs.values():
        if (leg.arrival.line is LineKind.EMERGENCY) != bool(leg.call):
            yield f"leg {leg.id} on line {leg.arrival.line} has the call {leg.call!r}"
        if leg.call and owners.setdefault(leg.call, leg.id) != leg.id:
            yield f"legs {owners[leg.call]} and {leg.id} share the call {leg.call}"


def an_answered_leg_knows_since_when(state: Comms) -> Iterator[str]:
    """And one that is offered was not answered."""
    for leg in state.legs.values():
        if (leg.state is LegState.ANSWERED) != (leg.answered_at is not None):
            yield f"leg {leg.id} is {leg.state} and was answered at {leg.answered_at}"
