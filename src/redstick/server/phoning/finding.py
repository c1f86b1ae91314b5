"""Finding somebody who answers: the steps of a route in order, each as far as an engine can take it.

Devices of a step ring at once; the first who answers has the call, and the others are told so. What the house itself
does (`SERVED`) is given back to whoever asked, to be done.
"""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from redstick.comms.rules.legs import LegAnswered
from redstick.comms.rules.placing import LegProgressed, PlaceLeg
from redstick.phones.ports import Step, StepKind
from redstick.phones.routing.deciding import route_onward
from redstick.phones.routing.trace import Verdict
from redstick.phones.rules.calls import CallBegun
from redstick.published.comms import LegEnded, Placing, Reason
from redstick.server.phoning.carrying import callback_of, with_help
from redstick.server.phoning.hands import Hands, Party, Told

SERVED = frozenset({
    StepKind.VOICEMAIL, StepKind.BOX, StepKind.ATTENDANT, StepKind.ROOM, StepKind.PAGE, StepKind.PICK_UP,
})  # fmt: skip
CODES = {
    "busy": 486, "denied": 403, "loop": 482, "no_rule": 404, "not_ours": 404, "room_full": 486, "trunks_busy": 503,
}  # fmt: skip
BUSY, NOBODY = 486, 480
SILENT_S, RINGING_S = 4, 30  # of a 911 call: until a trunk has said anything, and from then on until it is answered
NOT_REACHED = frozenset({404, 408, 410, 480, 503})  # of a phone that never rang
OF_THE_NUMBER = frozenset({404, 410, 484, 486, 600, 603, 604})  # no other trunk would say otherwise


class Finding:
    """Of one call.

    `listen` gives what is heard of its legs before a time of the loop, None at that time; `rings` is called as often as
    it rings somewhere. `code` is that of SIP which says why nobody was found; `rest` are the steps that are left.
    """

    def __init__(
        self,
        hands: Hands,
        begun: CallBegun,
        listen: Callable[[float | None], Awaitable[Told | None]],
        rings: Callable[[], object],
    ) -> None:
        self._hands, self._begun, self._listen, self._rings = hands, begun, listen, rings
        self._calling: dict[str, Party] = {}
        self.code = NOBODY
        self.rest = begun.steps
        self._rang = False
        self._onward: set[str] = set()  # extensions that have forwarded it, by what their phones said

    async def find(self) -> Party | Step | None:
        """Whoever answered, or what the house does; everybody else who rings is given up, whatever happens."""
        try:
            while self.rest:
                step, self.rest = self.rest[0], self.rest[1:]
                found = step if step.kind in SERVED else await self._take(step)
                if found is not None:
                    return found
        finally:
            self._give_up("given up")
        return None

    async def _take(self, step: Step) -> Party | None:
        match step.kind:
            case StepKind.RING:
                return await self._ring(step)
            case StepKind.TRUNK:
                return await self._go_out(step)
            case StepKind.EMERGENCY:
                return await self._call_for_help(step)
            case StepKind.REFUSE:
                self.code = CODES.get(self._begun.code, NOBODY)
        return None

    async def _ring(self, step: Step) -> Party | None:
        state, self.code = self._hands.phones, NOBODY
        known = [state.devices[one] for one in step.targets if one in state.devices]
        shown = self._hands.shown(self._begun.caller)
        async with asyncio.TaskGroup() as group:
            for device in known:
                party = Party(self._hands.name("leg"), device.number, device.id, group=step.group)
                group.create_task(self._call(party, f"sip:{device.id}@{self._hands.realm}", shown))
        self._rang = False
        found = await self._first(step.seconds)
        busy = self.code in (BUSY, 600)
        if found is None and self._may_go_onward(step) and (busy or (not self._rang and self.code in NOT_REACHED)):
            self._go_onward(step.number, busy=busy)
        self.code = BUSY if busy else NOBODY
        return found

    def _may_go_onward(self, step: Step) -> bool:
        """No member of a group forwards for it, and nobody a call back after 911."""
        return not step.group and self._begun.verdict != Verdict.CALLBACK

    def _go_onward(self, number: str, *, busy: bool) -> None:
        """Where the extension forwards it, if anywhere: not twice from one, and instead of what is left."""
        if number in self._onward:
            return
        self._onward.add(number)
        made = route_onward(self._hands.phones, self._begun.caller, number, self._hands.now(), busy=busy)
        if made is not None:
            self.rest = made.steps
            self._begun = msgspec.structs.replace(self._begun, caller_id=made.caller_id, code=made.code)

    async def _go_out(self, step: Step) -> Party | None:
        """By the first trunk that takes it; what is said of the number itself counts for all of them."""
        shown = self._hands.shown(self._begun.caller_id)
        for name in step.targets:
            trunk = self._hands.phones.trunks.get(name)
            self.code = 503
            if trunk is None or not trunk.address:
                continue
            party = Party(self._hands.name("leg"), step.number, trunk=name)
            await self._call(party, f"sip:{step.number}@{trunk.address}", shown)
            found = await self._first(0)
            if found is not None or self.code in OF_THE_NUMBER:
                return found
        return None

    async def _call_for_help(self, step: Step) -> Party | None:
        """By every trunk in order, whatever one says of the number; None where it is for the center of this house."""
        hands, begun = self._hands, self._begun
        for name in step.targets:
            state = hands.phones
            trunk = state.trunks.get(name)
            if trunk is None or not trunk.address:
                continue
            party = Party(hands.name("leg"), step.number, trunk=name)
            hands.carried[party.leg] = with_help(state, begun.call, begun.caller, begun.device, hands.realm)
            shown = hands.shown(callback_of(state, begun.call, begun.caller))
            await self._call(party, f"sip:{step.number}@{trunk.address}", shown)
            found = await self._first(SILENT_S, RINGING_S)
            if found is not None:
                return found
        return None

    async def _call(self, party: Party, target: str, shown: str) -> None:
        self._calling[party.leg] = party
        placing = Placing("", target, Reason.PHONE, self._begun.call)
        if (await self._hands.ask(PlaceLeg(party.leg, placing, shown))).rejection is not None:
            self._calling.pop(party.leg, None)
            self._hands.carried.pop(party.leg, None)

    async def _first(self, seconds: int, once_it_rings: int = 0) -> Party | None:
        """Who answers first, within so many seconds (0: as long as it rings anywhere), or so many from the ring on."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds if seconds else None
        while self._calling:
            match await self._listen(until):
                case None:
                    break
                case LegProgressed(leg=leg) if leg in self._calling:
                    self._rang = True
                    self._rings()
                    until, once_it_rings = loop.time() + once_it_rings if once_it_rings else until, 0
                case LegAnswered(leg=leg) if leg in self._calling:
                    found = self._calling.pop(leg)
                    self._give_up("answered elsewhere")
                    return found
                case LegEnded(leg=leg, cause=cause) if leg in self._calling:
                    del self._calling[leg]
                    self._note(cause)
        self._give_up("no answer")
        return None

    def _note(self, cause: str) -> None:
        """Why a leg ended, by the code with which its cause begins; that somebody is busy outweighs the rest."""
        if self.code != BUSY:
            self.code = int(cause[:3]) if cause[:3].isdecimal() else NOBODY

    def replace(self, leg: str, by: Party) -> None:
        """Somebody answers in the place of who rings."""
        self._calling.pop(leg, None)
        self._calling[by.leg] = by

    def wants(self, leg: str) -> bool:
        """Whether a leg still rings for this."""
        return leg in self._calling

    def _give_up(self, why: str) -> None:
        for leg in self._calling:
            self._hands.engine.hang_up(leg, why)
        self._calling.clear()
