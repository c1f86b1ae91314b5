"""Between what an engine tells and what comms writes down, and back: which command an event is, what a fact does.

`command_of` turns what is heard on a leg into the command that writes it down. `Placed` does with an engine what the
journal says of legs that we place, of third parties and of transfers: a callback rings because it was written down.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from redstick.comms import ports
from redstick.comms.ports import (
    Digit,
    EngineEvent,
    MediaPort,
    Progress,
    RecordingFailed,
    Role,
    Segment,
    Sound,
    Text,
    seat_leg,
)
from redstick.comms.rules.conversations import PartyJoined, PartyKind, PartyLeft, place_of
from redstick.comms.rules.handing_on import SettleTransfer
from redstick.comms.rules.legs import EndLeg, Leg
from redstick.comms.rules.losses import ReportEngine
from redstick.comms.rules.placing import LegPlaced, ProgressLeg
from redstick.comms.rules.recordings import FailRecording, KeepSegment
from redstick.comms.rules.texts import Channel, HearKey, HearText, SettleText, TextWritten, reads_text
from redstick.comms.signalling import Transferred
from redstick.comms.state import Comms
from redstick.kernel.fold import Fact
from redstick.kernel.values import Command, Event
from redstick.phones.state import Phones
from redstick.published.comms import LegHeld, LegResumed, Placing, Reason, TransferBegun, TransferModel
from redstick.server.asserting import callback_told
from redstick.server.phoning.carrying import Carried

NOT_PLACED = "503 no way there from here, or no room for one call more"
NOT_PASSED_ON = "it cannot be handed on from here"
NOT_WRITTEN_TO = "this call has no text"


def command_of(event: EngineEvent) -> Command | None:
    """The command that writes down what was heard on a leg; None where it is nothing, or is written elsewhere."""
    match event:
        case Progress(leg=leg, code=code) if code > 100:
            return ProgressLeg(leg, code)
        case Segment(leg=leg, index=index, path=path, bytes=size, sha256=sha256, chain=chain, cut=cut):
            return KeepSegment(leg, index, path, size, sha256, chain, cut)
        case RecordingFailed(leg=leg, why=why):
            return FailRecording(leg, why)
        case Digit(leg=leg, digit=digit, source=source):
            return HearKey(leg, digit, source)
        case Text(leg=leg, text=text, kind=kind):
            return HearText(leg, text, Channel(kind))
        case ports.TextSettled(leg=leg, number=number, delivered=delivered, why=why):
            return SettleText(leg, number, delivered, why)
        case ports.EngineHealth(engine=engine, up=up, why=why):
            return ReportEngine(engine, up, why)
        case Transferred(leg=leg, code=code, reason=reason) if code >= 200:
            return SettleTransfer(leg, done=code < 300, why=f"{code} {reason}".strip())
    return None


class Placed:
    """Does with an engine what the journal says. `ask` asks as the house, `caller` is the URI that is shown.

    `carried` gives what goes with a leg that we place, once; `holding` is what somebody hears who waits.
    """

    def __init__(
        self,
        engine: MediaPort,
        ask: Callable[[Command], Awaitable[object]],
        states: Callable[[], Mapping[str, Any]],
        caller: str,
        carried: Callable[[str], Carried] = lambda _: Carried(),
        holding: Sound | None = None,
    ) -> None:
        self._engine, self._ask, self._states, self._caller = engine, ask, states, caller
        self._carried, self._holding = carried, holding

    async def note(self, fact: Fact) -> None:
        """One fact, in the order of the journal; those that are none of voice do nothing."""
        match fact.event:
            case LegPlaced(leg=leg, placing=placing, caller=caller):
                await self._place(leg, placing, caller or self._caller)
            case TransferBegun(leg=leg, to=to, model=TransferModel.BLIND):
                if not self._engine.transfer(leg, to):
                    await self._ask(SettleTransfer(leg, done=False, why=NOT_PASSED_ON))
            case TextWritten(leg=leg, text=text, by=by, number=number):
                self._pass_on(leg, text, by)
                if by and not self._engine.say(leg, text, number):
                    await self._ask(SettleText(leg, number, delivered=False, why=NOT_WRITTEN_TO))
            case PartyJoined() | PartyLeft() | LegHeld() | LegResumed():
                self._arrange(fact.event)

    def _pass_on(self, name: str, text: str, by: str) -> None:
        """What is written with a caller goes to the third parties who are with them and can read."""
        talk = self._states()["comms"].conversations.get(name)
        for party, one in () if talk is None else talk.parties.items():
            if one.kind is PartyKind.LEG and party != by:
                self._engine.say(party, text)

    def bring(self, seat: str) -> None:
        """A seat's voice is where the journal has it now; nothing changes for one that is nowhere, or there already."""
        state: Comms = self._states()["comms"]
        name = place_of(state, seat)
        if name:
            room, role = room_of(state.legs[name]), state.conversations[name].parties[seat].role
            self._engine.join(room, name)
            self._engine.join(room, seat_leg(seat), role)

    async def _place(self, leg: str, placing: Placing, caller: str) -> None:
        carried = self._carried(leg)
        headers = (*self._callback(placing, caller), *carried.headers)
        told, text = (caller, headers, leg, carried.parts), reads_text(self._states()["comms"], placing)
        if not await self._engine.originate(leg, placing.target, *told, text=text):
            await self._ask(EndLeg(leg, "nobody", NOT_PLACED))

    def _callback(self, placing: Placing, caller: str) -> tuple[tuple[str, str], ...]:
        if placing.reason is not Reason.CALLBACK:
            return ()
        element = self._caller.partition(":")[2]
        return callback_told(self._states().get("phones", Phones()), placing.target, caller, placing.seat, element)

    def _arrange(self, event: Event) -> None:
        """Who joins is heard, who leaves is not; who waits hears that. A 911 call is answered as the floor has it.

        Whoever leaves may be with somebody else by now, and stays there: a caller who waited and hangs up takes nobody
        along. A seat that is done on one leg is heard again where it was before, if nobody waits for it there.
        """
        state: Comms = self._states()["comms"]
        match event:
            case PartyJoined(leg=name, party=party, kind=kind, role=role) if (leg := state.legs.get(name)) is not None:
                if kind is PartyKind.LEG:
                    self._hold_or_resume(state, party)
                    self._hold_or_resume(state, name)
                    self._engine.join(room_of(leg), party, role)
                elif kind is PartyKind.SEAT and not self._has_on_floor(leg.call, party):
                    self._with_seat(state, leg, party, role)
                elif kind is PartyKind.SEAT:
                    self.bring(party)
            case PartyLeft(leg=name, party=party, call=call):
                self._engine.leave(party if party in state.legs else seat_leg(party), call or name)
                self._hold_or_resume(state, name)
                self._end_if_alone(state, name)
                if party not in state.legs:
                    self.bring(party)
            case LegHeld(leg=name) | LegResumed(leg=name):
                self._hold_or_resume(state, name)
                if isinstance(event, LegResumed):
                    self.bring(event.by)

    def _with_seat(self, state: Comms, leg: Leg, seat: str, role: Role) -> None:
        """A leg that is answered for a seat that speaks with another by now is alone, and hears that it waits."""
        self._hold_or_resume(state, leg.id)
        if leg.placing is not None:
            self._engine.play(leg.id, self._holding)
        self._engine.join(room_of(leg), leg.id)
        if place_of(state, seat) in ("", leg.id):
            self._engine.join(room_of(leg), seat_leg(seat), role)

    def _hold_or_resume(self, state: Comms, name: str) -> None:
        if name not in state.conversations:
            return
        if waits(state, name):
            self._engine.hold(name, self._holding)
        else:
            self._engine.resume(name)

    def _end_if_alone(self, state: Comms, name: str) -> None:
        """Whom we called is hung up on by the last one who leaves, unless they are somebody's third party."""
        leg = state.legs.get(name)
        elsewhere = any(name in one.parties for one in state.conversations.values())
        if leg is not None and leg.placing is not None and name not in state.conversations and not elsewhere:
            self._engine.hang_up(name, "ended at a seat")

    def _has_on_floor(self, call: str, seat: str) -> bool:
        known = self._states()["dispatch"].calls.get(call)
        return known is not None and known.seat == seat


def waits(state: Comms, leg: str) -> bool:
    """Whether a caller is on hold: whoever listens to them then takes them off it by no means."""
    conversation = state.conversations.get(leg)
    return conversation is not None and bool(conversation.held_by)


def room_of(leg: Leg) -> str:
    """The room of an engine in which a leg's conversation is: that of its call, or its own."""
    return leg.call or leg.id
