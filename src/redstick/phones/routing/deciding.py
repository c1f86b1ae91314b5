"""The decision: who calls, what was dialled, when, and what is so, to the ordered steps of a route and its reasons.

The order is fixed and no data changes it: help first, then a call back to somebody who called for help, our own
numbers, and the dial plan last. A route is explained by the words of everything that was looked at, in that order.
"""

from redstick.kernel.values import Instant
from redstick.phones.lookups import devices_of, extension_of, reachable_devices, site_of
from redstick.phones.numbering import is_emergency, tidy
from redstick.phones.plan.rules import Action, DialPlan, first_match
from redstick.phones.ports import Step, StepKind
from redstick.phones.routing.outside import outside_steps
from redstick.phones.routing.ringing import forwarded, inside_steps
from redstick.phones.routing.trace import Route, Trace, Verdict
from redstick.phones.state import Phones

CENTER = "center"  # the city's own 911 queue


def route(state: Phones, caller: str, dialled: str, now: Instant, device: str = "") -> Route:
    """What a call becomes. `caller` is a number of ours or of the public network; `device` the phone that dials."""
    digits = tidy(dialled)
    trace = Trace(state, caller, digits, now)
    if calls_for_help(state.plan, digits):
        return emergency_route(trace, device)
    back = state.elins.get(digits if digits.startswith("+") else f"+{digits}")
    if back is not None and back.until > now:
        trace.say(
            f"{digits} was shown by a 911 call of {back.number}: whoever calls back reaches it, whatever it is set to"
        )
        targets = reachable_devices(state, back.number) or tuple(one.id for one in devices_of(state, back.number))
        return trace.ended(Verdict.CALLBACK, Step(StepKind.RING, targets, 0, back.number, "a call back after 911"))
    number = state.direct.get(digits, digits)
    if number != digits:
        trace.say(f"{digits} is the direct number of {number}")
    if number in state.numbers:
        return inside_steps(trace, number)
    if extension_of(state, caller) is None:
        trace.say(f"{caller or 'nobody known'} calls from outside: only numbers of ours can be reached")
        return trace.refused("not_ours")
    return outside_steps(trace, digits)


def route_onward(state: Phones, caller: str, number: str, now: Instant, *, busy: bool) -> Route | None:
    """What becomes of a call that a phone has refused as busy, or that did not reach it; None where all is said."""
    return forwarded(Trace(state, caller, number, now), number, busy=busy)


def calls_for_help(plan: DialPlan, digits: str) -> bool:
    """Whether digits are 911: in any form that everybody knows, or as the plan says beside these."""
    if is_emergency(digits, plan.prefix):
        return True
    rule = first_match(plan, digits)
    return rule is not None and rule.action is Action.EMERGENCY


def emergency_route(trace: Trace, device: str) -> Route:
    """911: nothing that anybody has set stands in its way. Trunks that are down or full are tried last."""
    state = trace.state
    trace.say(f"{trace.digits} is 911, dialled direct: taken before every other rule (Kari's Law)")
    trunks = [name for name in dict.fromkeys(state.plan.emergency) if name in state.trunks]
    ready = sorted(trunks, key=lambda name: not trace.has_room(name))
    if ready:
        trace.say(f"911 goes by {', then by '.join(ready)}, and to the center of this system at last")
    else:
        trace.say("911 is answered by the center of this system")
    site = site_of(state, trace.caller, device)
    if site is None:
        trace.say(f"no dispatchable location is known for {device or trace.caller}")
    else:
        trace.say(f"location: {site.words}{'' if site.validated else ' (never validated)'}")
        trace.say(f"told on site: {', '.join(site.contacts) or 'nobody is named'}")
    return trace.ended(Verdict.EMERGENCY, Step(StepKind.EMERGENCY, (*ready, CENTER), 0, "911", "a call for help"))
