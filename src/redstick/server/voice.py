"""Voice beside a live city: what an engine hears is written down first, and only then answered.

A leg on a 911 line becomes a call of dispatch by the journal itself (`dispatch/hearing.py`), so that no crash between
two steps loses it. Admin lines are kept apart: they are written down, make no call, and wait behind 911; who called a
number that a queue names hears that they wait there, and everybody else is told that nobody is there. A test call
hears itself. Calls of the city's own phones are an exchange's (`phoning`), beside the floor. What a seat ends is hung
up; legs of an engine that is gone end when the city comes up again.

A seat has one standing leg, its browser's. What the journal says of a call is what its voice does, never before: with
the seat that has it while it is spoken, alone with a tone on hold.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial
from typing import Any

import msgspec

from redstick.comms.ports import Answered, EngineEvent, EngineHealth, MediaPort, Moved, Offer, Over, Sound, seat_leg
from redstick.comms.rules.conversations import LegDismissed, PartyJoined, PartyLeft, place_of
from redstick.comms.rules.legs import AnswerLeg, EndLeg, OfferLeg, RelocateLeg
from redstick.comms.rules.losses import ReportEngine
from redstick.comms.rules.placing import LegPlaced
from redstick.comms.rules.queues import named_by
from redstick.comms.rules.recordings import FailRecording, KeepSegment
from redstick.comms.rules.texts import TextWritten
from redstick.dispatch.rules.calls import Call, CallEnded, CallState
from redstick.kernel.authority.authority import Authority
from redstick.kernel.executor import Lane
from redstick.kernel.fold import Fact
from redstick.kernel.values import Command, Outcome, Rejection, Request
from redstick.phones.state import Phones
from redstick.protocols.emergency_ids import EmergencyId
from redstick.published.comms import Arrival, LegHeld, LegResumed, LineKind, Reason, TransferBegun
from redstick.published.dispatch import CallAnswered, CallHeld, CallResumed, SeatSignedOff
from redstick.server.asserting import believed
from redstick.server.phoning.carrying import Carried
from redstick.server.phoning.exchange import Exchange
from redstick.server.phoning.softphones import Softphones
from redstick.server.voice_facts import Placed, command_of

HOUSE = "house"  # as which it asks
NOT_WRITTEN, NOBODY = (503, "Service Unavailable"), (480, "Temporarily Unavailable")
ENGINE_LOST, ENDED_AT_SEAT = "the engine was lost", "ended at a seat"
WRITTEN_S = 4.0  # for which a caller waits for the journal, with nothing heard, before another center may have them


class Voice:
    """Joins an engine to a live city, as long as it runs.

    `ask` asks a command and gives its durable outcome; `name` makes a new id with a prefix, `unique` the unguessable
    part of an id of NG9-1-1, whose domain is `element`; `waiting` is what a caller hears until somebody answers,
    `holding` while nobody speaks with them since. Calls of the city's phones go through `exchange`, on the same engine;
    without, a call that is none to 911 is refused. `announcements` gives what a caller in another queue hears, who
    hears `holding` where that has none. `softphones` are those of the engine, for windows that switch one on.
    """

    def __init__(
        self,
        engine: MediaPort,
        ask: Callable[[Request, Lane], Awaitable[Outcome]],
        states: Callable[[], Mapping[str, Any]],
        name: Callable[[str], str],
        unique: Callable[[], str],
        element: str,
        waiting: Sound,
        holding: Sound,
        exchange: Exchange | None = None,
        announcements: Callable[[str], Sound | None] = lambda _: None,
        softphones: Softphones | None = None,
    ) -> None:
        self._engine, self._ask, self._states = engine, ask, states
        self._name, self._unique, self._element = name, unique, element
        self._waiting, self._holding = waiting, holding
        self._exchange, self.softphones = exchange, softphones
        self._announcements = announcements
        self._left_behind = 0  # legs that an engine had that ended without a word
        self._lanes: dict[str, Lane] = {}  # of each leg that was written down or is about to be
        self._speaking: dict[str, str] = {}  # standing legs by the call in which they speak
        self._tasks: set[asyncio.Task[None]] = set()
        self._opening: asyncio.Task[None] | None = None
        carried = (lambda _: Carried()) if exchange is None else exchange.carried
        asked = partial(self._asked, lane=Lane.ORDINARY)
        self._placed = Placed(engine, asked, states, f"sip:{element}", carried, holding)
        if exchange is not None:
            exchange.lead_to_floor(self._take_in)
        engine.listen(self.hear)

    @property
    def where(self) -> tuple[str, ...]:
        """The URIs at which calls are taken."""
        return self._engine.where

    def refusal(self) -> Rejection | None:
        """Why the policy in force lets no leg be written down; None when it does: without that no call can be taken."""
        asked = OfferLeg("leg", Arrival(line=LineKind.EMERGENCY), "call")
        return Authority().refusal(self._states()["access"], Request("", asked, HOUSE))

    def start(self) -> None:
        """Tell what another engine kept and could not tell of, end what it left, and take calls."""
        alive = self._engine.snapshot()
        self._salvage(alive)
        for leg in list(self._states()["comms"].legs.values()):
            if leg.id not in alive:
                self._left_behind += 1
                self._owe(leg.id, None if self._exchange is None else self._exchange.left_behind(leg))
                self._do(self._asked(EndLeg(leg.id, "nobody", ENGINE_LOST), Lane.EMERGENCY))
        if self._exchange is not None:
            self._exchange.start()
        self._opening = self._do(self._engine.open())

    def _salvage(self, alive: tuple[str, ...]) -> None:
        """What is on disk of legs that were being recorded: those that are ended next, that have ended, and of seats.

        It is asked in the lane of their end, and before that, since nothing is kept of a leg that nobody knows of.
        """
        comms, seats = self._states()["comms"], self._states()["dispatch"].seats
        for leg in dict.fromkeys([*comms.legs, *comms.recordings, *map(seat_leg, seats)]):
            if leg not in alive:
                known = comms.recordings.get(leg)
                self._lanes[leg] = Lane.EMERGENCY
                self._engine.salvage(leg, 0 if known is None else known.segments)
                del self._lanes[leg]

    async def ready(self) -> None:
        """Once calls are taken. Raises what kept the engine from it."""
        if self._opening is not None:
            await asyncio.shield(self._opening)

    def note(self, facts: list[Fact]) -> None:
        """What a seat has ended is hung up; what it answered, held or resumed is heard so; who left hears nothing."""
        if self._exchange is not None:
            self._exchange.note(facts)
        for fact in facts:
            match fact.event:
                case CallEnded(call=call):
                    for leg in self._legs_of(call):
                        self._engine.hang_up(leg, ENDED_AT_SEAT)
                    self._speak(call, "")
                case SeatSignedOff(seat=seat):
                    self._engine.hang_up(seat_leg(seat), "signed off")
                case CallAnswered(call=call) | CallHeld(call=call) | CallResumed(call=call):
                    self._arrange(self._states()["dispatch"].calls.get(call))
                case LegDismissed(leg=leg):
                    self._engine.hang_up(leg, ENDED_AT_SEAT)
                case LegPlaced(leg=leg, placing=placing):
                    helps = self._exchange is not None and self._exchange.helps(leg, placing.of)
                    self._lanes[leg] = Lane.EMERGENCY if helps else Lane.ORDINARY
                    self._do(self._placed.note(fact))
                case PartyJoined() | PartyLeft() | LegHeld() | LegResumed() | TransferBegun() | TextWritten():
                    self._do(self._placed.note(fact))

    async def attach(self, seat: str, offer: str) -> str | None:
        """A seat's browser is there: the answer to its offer, None where the engine cannot take it."""
        return await self._engine.attach(seat_leg(seat), offer)

    def _legs_of(self, call: str) -> list[str]:
        return [leg.id for leg in self._states()["comms"].legs.values() if leg.call == call]

    def _arrange(self, call: Call | None) -> None:
        """The voice of a call as the journal has it. Without a standing leg its caller hears what it heard before."""
        if call is None or seat_leg(call.seat) not in self._engine.snapshot():
            return
        for leg in self._legs_of(call.id):
            if call.state is CallState.ON_HOLD:
                self._speak(call.id, "")
                self._engine.hold(leg, self._holding)
            elif call.state is CallState.ANSWERED:
                self._engine.resume(leg)
                self._engine.play(leg, self._holding)
                self._engine.join(call.id, leg)
                self._speak(call.id, seat_leg(call.seat))

    def _speak(self, call: str, seat: str) -> None:
        """The leg of one seat speaks in a call, and no other: whoever did leaves it, and it leaves where it was."""
        before = self._speaking.pop(call, seat)
        if before != seat:
            self._engine.leave(before, call)
            self._engine.stop_recording(before)
        if seat:
            self._speaking = {one: by for one, by in self._speaking.items() if by != seat} | {call: seat}
            self._engine.join(call, seat)
            kept = self._states()["comms"].recordings.get(seat)
            self._engine.record(seat, 0 if kept is None else kept.segments)

    def _stands(self, leg: str) -> None:
        """A seat's leg is connected, for the first time or again: it speaks where the journal has it.

        That may be behind the floor, which knows first whom it has answered.
        """
        seat, state = leg.removeprefix(seat_leg("")), self._states()["comms"]
        there = state.legs.get(place_of(state, seat))
        if there is not None and not there.call:
            self._placed.bring(seat)
            return
        calls = self._states()["dispatch"].calls.values()
        mine = [call for call in calls if seat_leg(call.seat) == leg and call.state is CallState.ANSWERED]
        self._arrange(max(mine, key=lambda call: call.answered_at or 0, default=None))
        self._placed.bring(seat)

    async def close(self) -> None:
        """Hang up, write that down, stop."""
        await self._engine.close()
        if self._exchange is not None:
            await self._exchange.close()
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def hear(self, event: EngineEvent) -> None:
        """What the engine tells. What is asked for one leg waits in one lane, so it is decided in the order of things.

        An end that is told before its offer is durable is therefore decided behind it.
        """
        if self._exchange is not None and self._exchange.hear(event):
            return
        match event:
            case Offer(leg=leg, arrival=arrival):
                if self._exchange is not None:
                    arrival = self._exchange.known(leg, arrival, event.user, event.replaces)
                arrival = self._queued(believed(self._states().get("phones", Phones()), arrival))
                helps = self._exchange is not None and self._exchange.helps(leg)
                lane = Lane.EMERGENCY if helps or arrival.line is LineKind.EMERGENCY else Lane.ORDINARY
                self._lanes[leg] = lane
                self._do(self._offered(leg, arrival, lane))
            case Moved(leg=leg, fixes=fixes):
                self._do(self._asked(RelocateLeg(leg, fixes), self._lanes.get(leg, Lane.ORDINARY)))
            case Answered(leg=leg, codec=codec) if leg in self._lanes:
                self._keep_called_back(leg)
                self._do(self._asked(AnswerLeg(leg, codec), self._lanes[leg]))
            case Answered(leg=leg):
                self._stands(leg)
            case Over() if event.leg in self._lanes:
                self._owe(event.leg, None if self._exchange is None else self._exchange.take_unheard(event.leg))
                over = EndLeg(event.leg, event.who, event.cause, event.packets_in, event.packets_out)
                self._do(self._asked(over, self._lanes.pop(event.leg)))
            case EngineHealth(engine=engine, up=up) if up and self._left_behind:
                lost = ReportEngine(engine, up=False, why=f"it ended without a word; legs left: {self._left_behind}")
                self._left_behind = 0
                for report in (lost, ReportEngine(engine, up=True)):
                    self._do(self._asked(report, Lane.ORDINARY))
            case _ if (said := command_of(event)) is not None:
                self._do(self._noted(said, self._lanes.get(getattr(event, "leg", ""), Lane.ORDINARY)))

    def _keep_called_back(self, leg: str) -> None:
        """What somebody says who is called back is kept, as what they say who call."""
        known = self._states()["comms"].legs.get(leg)
        if known is not None and known.placing is not None and known.placing.reason is Reason.CALLBACK:
            self._engine.record(leg)

    async def _noted(self, said: Command, lane: Lane) -> None:
        """What was heard is written down. A piece that the journal cannot go on with is a recording that failed."""
        refused = (await self._asked(said, lane)).rejection
        if isinstance(said, KeepSegment) and refused is not None and refused.data.get("next", 0) <= said.index:
            await self._asked(FailRecording(said.leg, refused.code), lane)

    def _owe(self, leg: str, arrival: Arrival | None) -> None:
        """A leg called for help, is over, and nobody elsewhere had answered: its caller is owed a callback here."""
        if arrival is not None:
            self._do(self._asked(OfferLeg(leg, self._identified(arrival), self._name("call")), Lane.EMERGENCY))

    async def _take_in(self, leg: str, arrival: Arrival) -> None:
        """Nobody elsewhere answered a call for help: it is the floor's, as one that had come here at once."""
        self._lanes[leg] = Lane.EMERGENCY
        await self._offered(leg, arrival, Lane.EMERGENCY)

    async def _offered(self, leg: str, arrival: Arrival, lane: Lane) -> None:
        """Written down, then answered. One that was answered on another line before is only moved here.

        What is not written in time is refused, so that a neighbour takes it; its end is then asked behind its offer.
        """
        before = self._states()["comms"].legs.get(leg)
        spoken = before is not None and before.answered_at is not None
        call = self._name("call") if arrival.line is LineKind.EMERGENCY else ""
        late = asyncio.get_running_loop().call_later(WRITTEN_S, self._engine.reject, leg, *NOT_WRITTEN)
        outcome = await self._asked(OfferLeg(leg, self._identified(arrival), call), lane)
        late.cancel()
        if outcome.rejection is not None:  # the policy has changed, or comms is suspended: a neighbour must take it
            self._lanes.pop(leg, None)
            if self._exchange is not None:
                self._exchange.forget(leg)
            if spoken:
                self._engine.hang_up(leg, NOT_WRITTEN[1])
            else:
                self._engine.reject(leg, *NOT_WRITTEN)
            return
        if arrival.line is LineKind.PHONE and self._exchange is not None:
            self._exchange.await_call(leg)
            return
        queue = named_by(self._states()["comms"], arrival) if arrival.line is LineKind.ADMIN else None
        if arrival.line is LineKind.ADMIN and queue is None:
            self._engine.reject(leg, *NOBODY)
            return
        codec = before.codec if before is not None and spoken else await self._engine.accept(leg)
        if codec is None:
            return
        if arrival.line is LineKind.EMERGENCY:
            self._engine.record(leg)
        if arrival.line is LineKind.TEST:
            self._engine.echo(leg)
        elif queue is not None:
            self._engine.play(leg, self._announcements(queue.id) or self._holding)
        else:
            self._engine.play(leg, self._waiting)
        await self._asked(AnswerLeg(leg, codec), lane)

    def _queued(self, arrival: Arrival) -> Arrival:
        """A call from a trunk to a number that a queue of ours names is that queue's, and none of the phones."""
        here = msgspec.structs.replace(arrival, line=LineKind.ADMIN)
        ours = arrival.line is LineKind.PHONE and arrival.trunk and not arrival.device
        return here if ours and named_by(self._states()["comms"], here) is not None else arrival

    def _identified(self, arrival: Arrival) -> Arrival:
        """With the two identifiers of an emergency call: those that came, else ours, marked as such."""
        if arrival.line is not LineKind.EMERGENCY:
            return arrival
        minted = {
            field: str(EmergencyId(kind, self._unique(), self._element))
            for field, kind in (("call_urn", "callid"), ("incident_urn", "incidentid"))
            if not getattr(arrival, field)
        }
        return msgspec.structs.replace(arrival, **minted, minted=tuple(minted))

    async def _asked(self, command: Command, lane: Lane) -> Outcome:
        return await self._ask(Request(self._name("cmd"), command, HOUSE), lane)

    def _do(self, work: Coroutine[Any, Any, object]) -> asyncio.Task[None]:
        async def done() -> None:
            await work

        task = asyncio.create_task(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
