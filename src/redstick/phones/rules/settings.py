"""What an extension is set to: presence and forwarding, by whoever has it or by the switchboard.

A forwarding that would lead a call back to where it came from is refused when it is set; one that others make into a
loop later is cut by the router.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.phones.lookups import extension_of
from redstick.phones.numbering import is_emergency, tidy
from redstick.phones.plan.rules import Action, first_match
from redstick.phones.state import Forwarding, Phones, Presence

if TYPE_CHECKING:
    from redstick.kernel.domain import Appliers, Deciders


@event("phones.presence_set", subjects=("number",))
class PresenceSet(Event, frozen=True):
    """What an extension says of itself."""

    number: str
    presence: Presence


@event("phones.forwarding_set", subjects=("number",))
class ForwardingSet(Event, frozen=True):
    """Where its calls go instead."""

    number: str
    forwarding: Forwarding


@command("phones.set_presence")
class SetPresence(Command, frozen=True):
    """Set it for any extension (the switchboard)."""

    number: str
    presence: Presence


@command("phones.set_my_presence")
class SetMyPresence(Command, frozen=True):
    """Set it for an extension of one's own."""

    person: str
    number: str
    presence: Presence


@command("phones.set_forwarding")
class SetForwarding(Command, frozen=True):
    """Set it for any extension (the switchboard)."""

    number: str
    forwarding: Forwarding


@command("phones.set_my_forwarding")
class SetMyForwarding(Command, frozen=True):
    """Set it for an extension of one's own."""

    person: str
    number: str
    forwarding: Forwarding


def not_theirs(state: Phones, number: str, person: str) -> Rejection | None:
    """Why a person may not speak for an extension. Rejections: `number_unknown`, `not_your_number`."""
    extension = extension_of(state, number)
    if extension is None:
        return Rejection("number_unknown", {"number": number})
    user = state.users.get(extension.user)
    if not person or user is None or user.person != person:
        return Rejection("not_your_number", {"number": number})
    return None


def decide_set_presence(state: Phones, asked: SetPresence, now: Instant) -> Decision:
    """Rejections: `number_unknown`."""
    del now
    if extension_of(state, asked.number) is None:
        return Rejection("number_unknown", {"number": asked.number})
    same = state.presence.get(asked.number, Presence.AVAILABLE) is asked.presence
    return [] if same else [PresenceSet(asked.number, asked.presence)]


def decide_set_my_presence(state: Phones, asked: SetMyPresence, now: Instant) -> Decision:
    """Rejections: `number_unknown`, `not_your_number`."""
    refused = not_theirs(state, asked.number, asked.person)
    return refused or decide_set_presence(state, SetPresence(asked.number, asked.presence), now)


def apply_presence_set(state: Phones, happened: PresenceSet, at: Instant) -> None:
    """Routing heeds it from the next call on."""
    del at
    state.presence[happened.number] = happened.presence


def decide_set_forwarding(state: Phones, asked: SetForwarding, now: Instant) -> Decision:
    """Rejections: `number_unknown`, `forward_unknown`, `forward_to_911`, `forward_loop`."""
    del now
    if extension_of(state, asked.number) is None:
        return Rejection("number_unknown", {"number": asked.number})
    for target in asked.forwarding.targets:
        refused = _target_refused(state, target)
        if refused is not None:
            return refused
    loop = loop_of(state, asked.number, asked.forwarding)
    if loop:
        return Rejection("forward_loop", {"way": loop})
    same = state.forwarding.get(asked.number, Forwarding()) == asked.forwarding
    return [] if same else [ForwardingSet(asked.number, asked.forwarding)]


def decide_set_my_forwarding(state: Phones, asked: SetMyForwarding, now: Instant) -> Decision:
    """Rejections: `not_your_number`, and those of the switchboard's."""
    refused = not_theirs(state, asked.number, asked.person)
    return refused or decide_set_forwarding(state, SetForwarding(asked.number, asked.forwarding), now)


def apply_forwarding_set(state: Phones, happened: ForwardingSet, at: Instant) -> None:
    """Routing heeds it from the next call on."""
    del at
    state.forwarding[happened.number] = happened.forwarding


def loop_of(state: Phones, number: str, forwarding: Forwarding) -> list[str]:
    """The way by which forwardings, whatever the reason for each, lead a call back to `number`; none is no loop."""
    ways = [[number, _ours(state, target)] for target in forwarding.targets]
    seen = set()
    while ways:
        way = ways.pop()
        if way[-1] == number:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            targets = state.forwarding.get(way[-1], Forwarding()).targets
            ways.extend([*way, _ours(state, target)] for target in targets)
    return []


def _ours(state: Phones, target: str) -> str:
    digits = tidy(target)
    return state.direct.get(digits, digits)


def _target_refused(state: Phones, target: str) -> Rejection | None:
    digits = tidy(target)
    rule = first_match(state.plan, digits)
    if is_emergency(digits, state.plan.prefix) or (rule is not None and rule.action is Action.EMERGENCY):
        return Rejection("forward_to_911", {"target": target})
    if _ours(state, target) in state.numbers or (rule is not None and rule.action is Action.OUTSIDE):
        return None
    return Rejection("forward_unknown", {"target": target})


DECIDERS: Deciders = {
    SetPresence: decide_set_presence,
    SetMyPresence: decide_set_my_presence,
    SetForwarding: decide_set_forwarding,
    SetMyForwarding: decide_set_my_forwarding,
}
APPLIERS: Appliers = {PresenceSet: apply_presence_set, ForwardingSet: apply_forwarding_set}
