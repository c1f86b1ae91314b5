"""Calls that leave the house: by the first rule of the dial plan that fits, on trunks that work and have room."""

from redstick.phones.lookups import direct_number_of
from redstick.phones.plan.rules import Action, DialRule, first_match, sent_out
from redstick.phones.ports import Step, StepKind
from redstick.phones.routing.trace import Route, Trace, Verdict


def outside_steps(trace: Trace, digits: str, shown: str = "") -> Route:
    """By a trunk, or refused: `no_rule`, `denied`, `trunks_busy`. `shown` is whose number is shown instead."""
    rule = first_match(trace.state.plan, digits)
    if rule is None:
        trace.say(f"{digits} is no number of ours, and no rule of the dial plan fits it")
        return trace.refused("no_rule")
    if rule.action is not Action.OUTSIDE:
        trace.say(f"rule {rule.name} ({rule.pattern}) fits {digits}: {rule.action}")
        return trace.refused("denied")
    trace.say(f"rule {rule.name} ({rule.pattern}) fits {digits}: outside, as {sent_out(rule, digits)}")
    trunks = _with_room(trace, rule)
    if not trunks:
        trace.say("no trunk of the rule works and has room")
        return trace.refused("trunks_busy")
    caller_id = rule.caller_id or direct_number_of(trace.state, shown or trace.caller) or trace.state.plan.main_number
    trace.say(f"shown to whoever is called: {caller_id or 'no number'}")
    step = Step(StepKind.TRUNK, trunks, 0, sent_out(rule, digits), f"rule {rule.name}")
    return trace.ended(Verdict.OUTSIDE, step, caller_id=caller_id)


def _with_room(trace: Trace, rule: DialRule) -> tuple[str, ...]:
    found = []
    for name in rule.trunks:
        if name not in trace.state.trunks:
            trace.say(f"trunk {name} is not there any more")
        elif trace.has_room(name):
            found.append(name)
        else:
            standing = trace.state.standing.get(name)
            trace.say(f"trunk {name} is {'down' if standing is not None and not standing.up else 'full'}: passed over")
    return tuple(found)
