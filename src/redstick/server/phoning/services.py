"""What the house does for somebody whom it has answered: menus, conferences, paging."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from redstick.comms.ports import Role
from redstick.comms.rules.legs import LegAnswered
from redstick.comms.rules.placing import PlaceLeg
from redstick.phones.numbering import Room
from redstick.phones.ports import Step
from redstick.phones.routing.deciding import route
from redstick.phones.routing.trace import Route
from redstick.phones.state import Phones
from redstick.published.comms import LegEnded, Placing, Reason
from redstick.server.phoning.carrying import AUTO_ANSWER, Carried
from redstick.server.phoning.hands import Hands, Party
from redstick.server.phoning.serving import Line

MOST_TRIES = 3
KEY_S, BETWEEN_S = 6, 4  # until the first key, and between two
PAGED_S = 8  # within which a loudspeaker has answered, or is left out


@dataclass
class Served:
    """Somebody who is served; `wrote` writes down by whom. `placed` are legs that ring or hear for them."""

    hands: Hands
    line: Line
    caller: Party
    wrote: Callable[[str], Awaitable[bool]]
    listen: Callable[[float | None], Awaitable[object | None]]
    placed: set[str]


async def attend(served: Served, step: Step, caller: str) -> Route | None:
    """Where a key of the menu leads; None where nobody pressed one, or three times none of its keys."""
    hands, line = served.hands, served.line
    keyed = dict(target.split("=", 1) for target in step.targets)
    says = await hands.studio.speech(step.sound) or hands.studio.beep
    key = ""
    for _ in range(MOST_TRIES):
        key = key or await line.say(says) or await line.key(KEY_S)
        if key in keyed:
            return route(hands.phones, caller, keyed[key], hands.now(), served.caller.device)
        if not key:
            return None
        key = await line.say(hands.studio.refused)
    return None


async def confer(served: Served, number: str) -> int:
    """Into the conference, once its PIN is pressed, until they hang up; the code for which they are not let in."""
    hands = served.hands
    room = hands.phones.numbers.get(number)
    if not isinstance(room, Room):
        return 404
    if room.pin and not await _knows(served, room.pin):
        return 403
    if sum(call.answered_by == number for call in hands.phones.calls.values()) >= room.most:
        return 486
    if not await served.wrote(number):
        return 503
    hands.engine.join(f"room {number}", served.caller.leg)
    while True:
        await served.listen(None)


async def _knows(served: Served, pin: str) -> bool:
    line, studio, key = served.line, served.hands.studio, ""
    for _ in range(MOST_TRIES):
        key = key or await line.say(studio.beep) or await line.key(KEY_S)
        pressed = await line.digits(key, BETWEEN_S, len(pin))
        if hmac.compare_digest(pressed.encode(), pin.encode()):
            return True
        key = await line.say(studio.refused)
    return False


async def page(served: Served, step: Step) -> None:
    """They speak to every loudspeaker that answers, and hear none, until they hang up or nobody is left."""
    hands, room = served.hands, f"page {served.caller.leg}"
    for device in step.targets:
        leg = hands.name("leg")
        served.placed.add(leg)
        hands.carried[leg] = Carried(AUTO_ANSWER)
        shown = hands.shown(served.caller.number)
        placing = Placing("", f"sip:{device}@{hands.realm}", Reason.PHONE, _call_of(hands.phones, served.caller.leg))
        if (await hands.ask(PlaceLeg(leg, placing, shown))).rejection is not None:
            served.placed.discard(leg)
    hands.engine.join(room, served.caller.leg)
    hears: set[str] = set()
    until: float | None = asyncio.get_running_loop().time() + PAGED_S
    while served.placed:
        match await served.listen(until):
            case LegAnswered(leg=leg) if leg in served.placed:
                hears.add(leg)
                hands.engine.join(room, leg, Role.LISTENER)
            case LegEnded(leg=leg):
                served.placed.discard(leg)
            case None:
                until = None
                for leg in served.placed - hears:
                    hands.engine.hang_up(leg, "no answer")


def _call_of(state: Phones, leg: str) -> str:
    return next((call.id for call in state.calls.values() if call.leg == leg), "")
