"""Calls for help that the plan sends out by trunks: the floor of this house has each that nobody elsewhere answers."""

import msgspec

from redstick.comms.rules.legs import Leg
from redstick.phones.lookups import site_of
from redstick.phones.numbering import tidy
from redstick.phones.routing.deciding import calls_for_help
from redstick.phones.routing.trace import Verdict
from redstick.phones.state import PhoneCall, Phones
from redstick.published.comms import Arrival, Fix, LineKind
from redstick.server.phoning.carrying import callback_of, fix_of


class Helping:
    """Legs of calls for help that are on their way out and that nobody has answered."""

    def __init__(self) -> None:
        self._out: dict[str, Arrival] = {}

    def goes_out(self, leg: str, arrival: Arrival) -> None:
        """It is on its way; `arrival` is how the floor takes it where nobody answers."""
        self._out[leg] = msgspec.structs.replace(arrival, line=LineKind.EMERGENCY, message="")

    def is_out(self, leg: str) -> bool:
        """Whether nobody has it yet."""
        return leg in self._out

    def take(self, leg: str) -> Arrival | None:
        """Somebody has it from now on: gives how the floor takes it, None where somebody had it, or it was none."""
        return self._out.pop(leg, None)


def has_trunks(state: Phones) -> bool:
    """Whether the plan sends 911 out by a trunk that an engine can call."""
    known = (state.trunks.get(name) for name in state.plan.emergency)
    return any(trunk is not None and trunk.address for trunk in known)


def left_behind(state: Phones, leg: Leg) -> Arrival | None:
    """A call for help that an engine which is gone had on its way out, as the floor takes it; None for another leg.

    Whether somebody elsewhere had answered is not looked at: whoever called was cut off.
    """
    if leg.arrival.line is not LineKind.PHONE:
        return None
    call = next((one for one in state.calls.values() if one.leg == leg.id and one.verdict == Verdict.EMERGENCY), None)
    if call is not None:
        return for_the_floor(state, leg, call)
    dialled = leg.arrival.device in state.devices and calls_for_help(state.plan, tidy(leg.arrival.target))
    return _raised(leg, leg.arrival.number, ()) if dialled else None


def for_the_floor(state: Phones, leg: Leg, call: PhoneCall) -> Arrival:
    """A leg on which 911 was called, by itself or for whom it was handed on, with number and place."""
    site = site_of(state, call.caller, call.device)
    number = callback_of(state, call.id, call.caller)
    return _raised(leg, number, () if site is None else (fix_of(site),))


def _raised(leg: Leg, number: str, fixes: tuple[Fix, ...]) -> Arrival:
    known = tuple(dict.fromkeys((*fixes, *leg.fixes)))
    return msgspec.structs.replace(leg.arrival, line=LineKind.EMERGENCY, number=number, fixes=known)
