"""Calls to numbers of ours: extensions with what they forward, groups, menus, paging, rooms and parked calls."""

from redstick.phones.hours import open_at
from redstick.phones.lookups import cannot_take, extension_of, reachable_devices, user_name
from redstick.phones.numbering import Attendant, Extension, HuntGroup, Orbit, PagingGroup, Room, Strategy, tidy
from redstick.phones.ports import Step, StepKind
from redstick.phones.routing.outside import outside_steps
from redstick.phones.routing.trace import Route, Trace, Verdict
from redstick.phones.state import Forwarding, Presence


def inside_steps(trace: Trace, number: str) -> Route:
    """What a number of ours does with a call."""
    if not trace.enters(number):
        return trace.ended(Verdict.INSIDE) if trace.steps else trace.refused("loop")
    match trace.state.numbers[number]:
        case Extension() as extension:
            return _extension(trace, number, extension)
        case HuntGroup() as group:
            return _group(trace, number, group)
        case Attendant() as attendant:
            return _attendant(trace, number, attendant)
        case PagingGroup() as paging:
            return _paging(trace, number, paging)
        case Room() as room:
            return _room(trace, number, room)
        case Orbit():
            return _orbit(trace, number)


def forwarded(trace: Trace, number: str, *, busy: bool) -> Route | None:
    """Where an extension forwards a call whose phone itself said that it is busy, or was not reached; None: nowhere."""
    set_to = trace.state.forwarding.get(number, Forwarding())
    instead = set_to.busy if busy else set_to.unreachable
    if not instead or not trace.enters(number):
        return None
    trace.say(f"{number} {'is busy' if busy else 'was not reached'}: the call goes to {instead}")
    return _go_on(trace, instead, number)


def _go_on(trace: Trace, number: str, through: str) -> Route:
    """Where a call goes from a number of ours: to another one, or out as a call of that number."""
    digits = tidy(number)
    ours = trace.state.direct.get(digits, digits)
    if ours in trace.state.numbers:
        return inside_steps(trace, ours)
    if trace.enters(digits):
        out = outside_steps(trace, digits, shown=through)
        return out if out.verdict is Verdict.OUTSIDE or not trace.steps else trace.ended(Verdict.INSIDE)
    return trace.ended(Verdict.INSIDE) if trace.steps else trace.refused("loop")


def _extension(trace: Trace, number: str, extension: Extension) -> Route:
    if trace.caller == number and extension.voicemail and trace.been == [number]:
        trace.say(f"{number} calls itself: its own box")
        return trace.ended(Verdict.INSIDE, Step(StepKind.BOX, (number,), 0, number, "one's own box"))
    set_to = trace.state.forwarding.get(number, Forwarding())
    who = f"{number} ({user_name(trace.state, number)})"
    if set_to.always:
        trace.say(f"{who} forwards every call to {set_to.always}")
        return _go_on(trace, set_to.always, number)
    why_not = cannot_take(trace.state, number)
    if why_not:
        unreachable = not reachable_devices(trace.state, number)
        instead = set_to.unreachable if unreachable else set_to.busy
        trace.say(f"{who} {why_not}{f': the call goes to {instead}' if instead else ''}")
        code = "nobody_there" if unreachable else "busy"
        return _go_on(trace, instead, number) if instead else _box(trace, number, extension, code)
    away = trace.state.presence.get(number) is Presence.AWAY
    trace.say(f"{who} rings for {extension.ring_s} s{', though away' if away else ''}")
    trace.add(Step(StepKind.RING, reachable_devices(trace.state, number), extension.ring_s, number, who))
    if set_to.no_answer:
        trace.say(f"without an answer the call goes to {set_to.no_answer}")
        return _go_on(trace, set_to.no_answer, number)
    return _box(trace, number, extension)


def _box(trace: Trace, number: str, extension: Extension, code: str = "nobody_there") -> Route:
    if extension.voicemail:
        trace.say(f"then the voicemail of {number}")
        return trace.ended(Verdict.INSIDE, Step(StepKind.VOICEMAIL, (number,), 0, number, "nobody answered"))
    if trace.steps:
        return trace.ended(Verdict.INSIDE)
    trace.say(f"{number} has no voicemail")
    return trace.refused(code)


def _group(trace: Trace, number: str, group: HuntGroup) -> Route:
    ready = []
    for member in group.members:
        gone = extension_of(trace.state, member) is None
        why_not = "is no extension any more" if gone else cannot_take(trace.state, member)
        if why_not:
            trace.say(f"{member} {why_not}: passed over")
        else:
            ready.append(member)
    ordered = _in_order(trace, number, group, ready)
    trace.say(
        f"{group.name} ({number}) rings {group.strategy.replace('_', ' ')}: {', '.join(ordered) or 'nobody is free'}"
    )
    if group.strategy is Strategy.ALL and ordered:
        targets = tuple(device for member in ordered for device in reachable_devices(trace.state, member))
        trace.add(Step(StepKind.RING, targets, group.ring_s, number, group.name, number))
    else:
        for member in ordered:
            targets = reachable_devices(trace.state, member)
            trace.add(Step(StepKind.RING, targets, group.ring_s, member, group.name, number))
    if group.overflow:
        trace.say(f"without an answer the call goes to {group.overflow}")
        return _go_on(trace, group.overflow, number)
    return trace.ended(Verdict.INSIDE) if trace.steps else trace.refused("nobody_there")


def _in_order(trace: Trace, number: str, group: HuntGroup, ready: list[str]) -> list[str]:
    if group.strategy is Strategy.LONGEST_IDLE:
        return sorted(ready, key=lambda member: (trace.state.idle_since.get(member, 0), group.members.index(member)))
    last = trace.state.turns.get(number)
    if group.strategy is Strategy.ROUND_ROBIN and last in group.members:
        after = group.members.index(last) + 1
        turn = [*group.members[after:], *group.members[:after]]
        return [member for member in turn if member in ready]
    return ready


def _attendant(trace: Trace, number: str, attendant: Attendant) -> Route:
    hours, menu = trace.state.hours.get(attendant.hours), attendant.open
    if hours is not None:
        is_open, said = open_at(hours, trace.now)
        trace.say(said)
        if not is_open:
            menu = attendant.closed or menu
    elif attendant.hours:
        trace.say(f"the hours {attendant.hours} are not there any more: taken as open")
    keyed = ", ".join(f"{key.key} calls {key.number}" for key in menu.keys)
    trace.say(f'{attendant.name} says "{menu.says}" ({keyed or "no keys"})')
    keys = tuple(f"{key.key}={key.number}" for key in menu.keys)
    trace.add(Step(StepKind.ATTENDANT, keys, 0, number, menu.says, sound=menu.sound))
    if menu.otherwise:
        trace.say(f"who presses nothing is put through to {menu.otherwise}")
        return _go_on(trace, menu.otherwise, number)
    return trace.ended(Verdict.INSIDE)


def _paging(trace: Trace, number: str, paging: PagingGroup) -> Route:
    reached = [member for member in paging.members if not cannot_take(trace.state, member)]
    trace.say(f"{paging.name} is heard at {', '.join(reached) or 'no phone'}; who speaks or wants no call is spared")
    targets = tuple(device for member in reached for device in reachable_devices(trace.state, member))
    if not targets:
        return trace.refused("nobody_there")
    return trace.ended(Verdict.INSIDE, Step(StepKind.PAGE, targets, 0, number, paging.name))


def _room(trace: Trace, number: str, room: Room) -> Route:
    within = sum(call.answered_by == number for call in trace.state.calls.values())
    if within >= room.most:
        trace.say(f"{room.name} is full: {within} are in it")
        return trace.refused("room_full")
    trace.say(f"into the conference {room.name}, where {within} are already")
    return trace.ended(Verdict.INSIDE, Step(StepKind.ROOM, (number,), 0, number, room.name))


def _orbit(trace: Trace, number: str) -> Route:
    parked = next((call for call in trace.state.calls.values() if call.orbit == number), None)
    if parked is None:
        trace.say(f"nobody is parked at {number}")
        return trace.refused("nobody_parked")
    trace.say(f"{parked.caller} is parked at {number}: picked up")
    return trace.ended(Verdict.INSIDE, Step(StepKind.PICK_UP, (parked.id,), 0, number, "parked"))
