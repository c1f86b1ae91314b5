"""The exchange: joins the city's phones to an engine, as long as voice runs.

A call begins because the journal says so, and each is a walk of its own (`walking.py`). What an engine tells of phones
is asked as commands of the phones here; nothing that is pressed or written on their legs is kept.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any

from redstick.comms.ports import Digit, EngineEvent, MediaPort, RecordingFailed, Segment, Sound, Text
from redstick.comms.rules.legs import Leg, LegAnswered
from redstick.comms.rules.placing import LegPlaced, LegProgressed
from redstick.comms.signalling import Registered, RegistrationRefused, Subscribed, TransferAsked, Unregistered
from redstick.kernel.executor import Lane
from redstick.kernel.fold import Fact
from redstick.kernel.values import Command, Instant, Outcome
from redstick.phones.routing.trace import Verdict
from redstick.phones.rules.calls import CallBegun, EndPhoneCall
from redstick.published.comms import Arrival, LegEnded, LineKind, Reason
from redstick.server.phoning.arriving import Arriving
from redstick.server.phoning.boxes import keep_left_behind
from redstick.server.phoning.carrying import Carried
from redstick.server.phoning.dialogs import DIALOGS
from redstick.server.phoning.hands import Hands, reason_of
from redstick.server.phoning.handsets import Handsets
from redstick.server.phoning.helping import Helping, left_behind
from redstick.server.phoning.lamps import Lamps
from redstick.server.phoning.pins import BoxPins
from redstick.server.phoning.present import PRESENCE
from redstick.server.phoning.serving import Studio
from redstick.server.phoning.walking import DECLINED, NOT_WRITTEN, Walk
from redstick.server.phoning.watching import Watching

Floor = Callable[[str, Arrival], Awaitable[None]]  # takes a leg in, as it came
LOST = "the caller was lost"
PATIENCE_S = 5.0  # within which a leg that was written down has become a call, or is refused
GONE = 481
HELP_PATIENCE_S = 2.0  # the same of a call for help, which is the floor's then


class Exchange:
    """`ask` asks as the house in a lane, `states` are committed, `now` is the city's time, `name` makes ids.

    `realm` is the domain of the phones' addresses, `waiting` what somebody hears who is handed on, `studio`
    what the house itself says, `pins` those of boxes. A call for help that
    goes out by trunks is given to the floor where nobody answers it, by whatever `lead_to_floor` was given.
    """

    def __init__(
        self,
        engine: MediaPort,
        ask: Callable[[Command, Lane], Awaitable[Outcome]],
        states: Callable[[], Mapping[str, Any]],
        now: Callable[[], Instant],
        name: Callable[[str], str],
        realm: str,
        waiting: Sound,
        studio: Studio,
        pins: BoxPins,
    ) -> None:
        self._helping = Helping()
        self._hands = Hands(
            engine,
            lambda one: ask(one, Lane.ORDINARY),
            states,
            name,
            realm,
            waiting,
            studio,
            now,
            self._helping,
            self._to_floor,
            pins,
        )
        self._urgent = replace(self._hands, ask=lambda one: ask(one, Lane.EMERGENCY))
        self._arriving = Arriving(states, now, self._helping)
        self._floor: Floor | None = None
        self._handsets = Handsets(self._ask, states)
        self._watching = {one.name: Watching(engine, states, realm, one) for one in (DIALOGS, PRESENCE)}
        self._lamps = Lamps(engine, lambda: self._hands.phones, realm)
        self._walks: dict[str, Walk] = {}  # by call
        self._of: dict[str, Walk] = {}  # by leg, of those that are in a call or ring for one
        self._replacing: dict[str, str] = {}  # legs by those whose place they take
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Nobody is registered with an engine that has just begun, and whose leg is over is in no call."""
        self._handsets.start()
        self._do(keep_left_behind(self._hands))
        legs = self._hands.states()["comms"].legs
        for call in self._hands.phones.calls.values():
            if call.leg and call.leg not in legs:
                self._ask(EndPhoneCall(call.id, LOST))

    def lead_to_floor(self, floor: Floor) -> None:
        """How a call for help comes to the floor of this house."""
        self._floor = floor

    async def _to_floor(self, leg: str) -> None:
        arrival = self._helping.take(leg)
        if arrival is not None and self._floor is not None:
            await self._floor(leg, arrival)

    def take_unheard(self, leg: str) -> Arrival | None:
        """A leg is over: how it came for the floor, if it called for help and nobody had answered; else None."""
        return self._helping.take(leg)

    def left_behind(self, leg: Leg) -> Arrival | None:
        """The same of a leg of an engine that is gone."""
        return left_behind(self._hands.phones, leg)

    def helps(self, leg: str, call: str = "") -> bool:
        """Whether a leg calls for help elsewhere, or is placed for a call that does."""
        known = self._hands.phones.calls.get(call)
        return self._helping.is_out(leg) or (known is not None and known.verdict == Verdict.EMERGENCY)

    def far_of(self, leg: str) -> str:
        """With which leg a leg of a call speaks, "" for none."""
        walk = self._of.get(leg)
        far = None if walk is None else walk.far_of(leg)
        return "" if far is None else far.leg

    def calls_for_help(self, leg: str) -> bool:
        """Whether 911 was dialled on a leg, whoever has it."""
        calls = self._hands.phones.calls.values()
        return any(call.leg == leg and call.verdict == Verdict.EMERGENCY for call in calls)

    def carried(self, leg: str) -> Carried:
        """What goes with a leg that is placed now."""
        return self._hands.carried.pop(leg, Carried())

    def known(self, leg: str, arrival: Arrival, device: str, replaces: str = "") -> Arrival:
        """An arrival with who of ours it comes from (`arriving.py`), and whose place it takes."""
        if replaces:
            self._replacing[leg] = replaces
        return self._arriving.known(leg, arrival, device)

    def forget(self, leg: str) -> None:
        """It was not written down."""
        self._arriving.forget(leg)
        self._helping.take(leg)

    def await_call(self, leg: str) -> None:
        """A leg of ours was written down: its call begins now, or it is refused."""
        patience = HELP_PATIENCE_S if self._helping.is_out(leg) else PATIENCE_S
        asyncio.get_running_loop().call_later(patience, self._refuse_what_did_not_begin, leg)

    def _refuse_what_did_not_begin(self, leg: str) -> None:
        if leg in self._of:
            return
        if self._helping.is_out(leg):
            self._do(self._to_floor(leg))
        else:
            self._hands.engine.reject(leg, NOT_WRITTEN, reason_of(NOT_WRITTEN))

    def hear(self, event: EngineEvent) -> bool:
        """What the engine tells; whether it was for the phones, and nobody else's."""
        match event:
            case Registered() | Unregistered() | RegistrationRefused():
                self._handsets.hear(event)
                if isinstance(event, Registered):  # once the registrar knows where it is
                    asyncio.get_running_loop().call_soon(self._lamps.tell, event.user)
            case Subscribed(package=package, resource=number) if package in self._watching:
                self._watching[package].watch(number)
            case Subscribed(user=device):
                self._lamps.tell(device)
            case TransferAsked(leg=leg):
                walk = self._of.get(leg)
                if walk is None:
                    self._hands.engine.progress_transfer(leg, DECLINED, reason_of(DECLINED))
                else:
                    walk.tell(event)
            case Digit(leg=leg) if leg in self._of:  # nobody else's, on whatever line it came: it is written nowhere
                self._of[leg].tell(event)
            case RecordingFailed(leg=leg):
                if leg in self._of:
                    self._of[leg].tell(event)
                return self._is_ours(leg)
            case Digit(leg=leg) | Text(leg=leg) | Segment(leg=leg):
                return self._is_ours(leg)
            case _:
                return False
        return True

    def note(self, facts: list[Fact]) -> None:
        """What was committed: a call begins, or hears of its legs."""
        for watching in self._watching.values():
            watching.note(facts)
        for fact in facts:
            self._lamps.note(fact)
            match fact.event:
                case CallBegun() as begun if begun.leg:
                    self._begin(begun)
                case LegPlaced(leg=leg, placing=placing) if placing.reason is Reason.PHONE:
                    walk = self._walks.get(placing.of)
                    if walk is not None:
                        self._of[leg] = walk
                case LegProgressed() | LegAnswered() as told if self._is_ours(told.leg):
                    self._tell(told)
                case LegEnded() as ended:
                    self._arriving.forget(ended.leg)
                    self._replacing.pop(ended.leg, None)
                    if ended.leg in self._of:
                        self._of.pop(ended.leg).tell(ended)

    def _tell(self, told: LegProgressed | LegAnswered) -> None:
        """A leg that nobody wants any more is hung up as soon as it says anything: it was placed as its call ended."""
        walk = self._of.get(told.leg)
        if walk is None or not walk.wants(told.leg):
            self._hands.engine.hang_up(told.leg, "given up")
        else:
            walk.tell(told)

    def _begin(self, begun: CallBegun) -> None:
        walk = self._of.get(begun.leg)
        if walk is not None:  # somebody is handed on: the call has a walk
            self._walks[begun.call] = walk
            return
        if begun.leg not in self._hands.engine.snapshot():  # its end may have been written before its beginning
            self._ask(EndPhoneCall(begun.call, LOST))
            return
        replaces = self._replacing.pop(begun.leg, "")
        if replaces and begun.device:
            self._do(self._replace(begun, replaces))
            return
        helps = begun.verdict == Verdict.EMERGENCY
        if helps and not self._helping.is_out(begun.leg):  # the floor has it
            return
        walk = Walk(self._urgent if helps else self._hands, begun, self._of)
        self._walks[begun.call] = self._of[begun.leg] = walk
        self._do(self._live(walk))

    async def _replace(self, begun: CallBegun, leg: str) -> None:
        walk = self._of.get(leg)
        if walk is None or not await walk.replace(begun, leg):
            self._hands.engine.reject(begun.leg, GONE, reason_of(GONE))

    async def _live(self, walk: Walk) -> None:
        try:
            await walk.go()
        finally:
            for walks in (self._walks, self._of):
                for key in [key for key, one in walks.items() if one is walk]:
                    del walks[key]

    def _is_ours(self, leg: str) -> bool:
        known = self._hands.states()["comms"].legs.get(leg)
        return known is not None and known.arrival.line is LineKind.PHONE

    async def close(self) -> None:
        """End. The engine has hung every leg up, so each walk has come to its own."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ask(self, command: Command) -> None:
        async def asked() -> None:
            await self._hands.ask(command)

        self._do(asked())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
