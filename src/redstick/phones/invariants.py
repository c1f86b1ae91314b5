"""What always holds of the phones, whatever happened: checked by tests and the simulator, usable in production."""

from collections.abc import Iterator

from redstick.phones.numbering import EMERGENCY, Orbit, emergency_forms, keeps_clear, members_of
from redstick.phones.plan.rules import Action, first_match
from redstick.phones.ports import StepKind
from redstick.phones.routing.deciding import route
from redstick.phones.routing.trace import Verdict
from redstick.phones.state import Phones


def broken(state: Phones) -> Iterator[str]:
    """Each invariant that does not hold, in words with the ids it concerns; nothing when all is well."""
    yield from help_goes_out_from_everywhere(state)
    yield from what_is_named_is_there(state)
    yield from an_orbit_holds_one_call(state)


def help_goes_out_from_everywhere(state: Phones) -> Iterator[str]:
    """From each extension every form of 911 is a call for help, and no plan that counts says otherwise."""
    for digits in emergency_forms(state.plan.prefix):
        rule = first_match(state.plan, digits)
        if rule is not None and rule.action is not Action.EMERGENCY:
            yield f"the plan takes {digits} by {rule.name}"
        for number in state.numbers:
            made = route(state, number, digits, 0)
            if made.verdict is not Verdict.EMERGENCY or made.steps[0].kind is not StepKind.EMERGENCY:
                yield f"{digits} from {number} is {made.verdict}"
    yield from (f"{number} is too near {EMERGENCY[0]}" for number in state.numbers if not keeps_clear(number))


def what_is_named_is_there(state: Phones) -> Iterator[str]:
    """Numbers that others lead to, the numbers and sites of devices, the numbers of direct ones, boxes of messages."""
    for number, what in state.numbers.items():
        yield from (f"{number} leads to {one}" for one in members_of(what) if one not in state.numbers)
    for device in state.devices.values():
        if device.number not in state.numbers or (device.site and device.site not in state.sites):
            yield f"device {device.id} of {device.number} at {device.site!r}"
    yield from (f"{one} leads to {ours}" for one, ours in state.direct.items() if ours not in state.numbers)
    yield from (f"PIN of {number}" for number in state.pins if number not in state.numbers)
    yield from (f"message {one.id}" for one in state.voicemails.values() if one.number not in state.numbers)
    yield from (f"{one} is reachable and not there" for one in state.reachable if one not in state.devices)


def an_orbit_holds_one_call(state: Phones) -> Iterator[str]:
    """And it is an orbit."""
    held: dict[str, str] = {}
    for call in state.calls.values():
        if call.orbit and held.setdefault(call.orbit, call.id) != call.id:
            yield f"calls {held[call.orbit]} and {call.id} are both in {call.orbit}"
        if call.orbit and not isinstance(state.numbers.get(call.orbit), Orbit):
            yield f"call {call.id} is in {call.orbit}, which is no orbit"
