"""One call of the phones, from the moment it is begun until nobody is in it: found, joined, handed on, hung up.

It follows what is committed: who answered has the call once that is a line of the journal. Its record ends with the
leg of whoever called, by the journal itself (`phones/hearing.py`).
"""

import asyncio
from functools import partial

import msgspec

from redstick.comms.ports import Digit
from redstick.comms.rules.legs import AnswerLeg, LegAnswered
from redstick.comms.signalling import TransferAsked
from redstick.phones.numbering import Orbit, tidy
from redstick.phones.ports import Step, StepKind
from redstick.phones.routing.deciding import route
from redstick.phones.routing.trace import Verdict
from redstick.phones.rules.calls import (
    AnswerPhoneCall,
    BeginPhoneCall,
    CallBegun,
    EndPhoneCall,
    HandOnCall,
    ParkCall,
    PickUp,
)
from redstick.published.comms import LegEnded
from redstick.server.phoning.boxes import take_message
from redstick.server.phoning.finding import Finding
from redstick.server.phoning.hands import Hands, Party, Told, reason_of
from redstick.server.phoning.hearing import serve_box
from redstick.server.phoning.helping import for_the_floor
from redstick.server.phoning.opening import Box, open_box
from redstick.server.phoning.services import Served, attend, confer, page
from redstick.server.phoning.serving import Line

NOT_WRITTEN = 503
DECLINED, BUSY, NOBODY = 603, 486, 480
MOST_MENUS = 20  # of one call
PARKED_S = 120.0  # until who parked somebody is called back
LOST = "nobody"  # who ended a leg that the network lost


class Released(msgspec.Struct, frozen=True):
    """The parties of a call are in another one."""


class GoneError(Exception):
    """Whoever the call is for has hung up."""


class Walk:
    """The call that was `begun`; `tell` it what is heard of its legs. `legs` are those of its parties.

    `walks` are all by their legs.
    """

    def __init__(self, hands: Hands, begun: CallBegun, walks: dict[str, "Walk"]) -> None:
        self._hands, self._begun, self._walks = hands, begun, walks
        self._call = self._room = begun.call
        leg = hands.states()["comms"].legs.get(begun.leg)
        trunk = "" if leg is None else leg.arrival.trunk
        self._trunk = trunk
        self._parties = [Party(begun.leg, begun.caller, begun.device, trunk)]
        self._keeps = begun.leg  # who must be there for the call to go on
        self._heard: asyncio.Queue[Told | Released] = asyncio.Queue()
        self._finding: Finding | None = None
        self._helps = begun.verdict == Verdict.EMERGENCY
        self._codec: str | None = None  # of whoever called, once they are answered
        self._placed: set[str] = set()  # legs that hear what is said, and are no party
        self._turns = 0  # menus that were gone through

    @property
    def legs(self) -> tuple[str, ...]:
        """Those that speak, or wait."""
        return tuple(one.leg for one in self._parties)

    def wants(self, leg: str) -> bool:
        """Whether a leg is of the call, or still rings for it."""
        rings = self._finding is not None and self._finding.wants(leg)
        return rings or leg in self.legs or leg in self._placed

    def tell(self, told: Told | Released) -> None:
        """In the order of the journal."""
        self._heard.put_nowait(told)

    async def go(self) -> None:
        """Until it is over. Whoever is left when one hangs up is hung up too; a call for help is the floor's first."""
        engine, caller = self._hands.engine, self._parties[0]
        try:
            await self._find(caller, self._begun)
        except GoneError:
            pass
        finally:
            if self._hands.helping.is_out(self._keeps):
                self._leave(self._keeps)
                self._walks.pop(self._keeps, None)
                await self._hands.to_floor(self._keeps)
            for leg in (*self.legs, *self._placed):
                engine.hang_up(leg, "the other side hung up")

    async def _find(self, caller: Party, begun: CallBegun) -> None:
        """Whoever answers, or what the house does itself; what that leads to, and what is left of the route."""
        self._finding = finding = Finding(self._hands, begun, self._listen, partial(self._rings, caller))
        match await finding.find():
            case Party() as found:
                if await self._connect(caller, found):
                    await self._speak()
            case Step() as step:
                await self._serve(caller, step, begun, finding.rest)
            case None if not self._helps:
                await self._refuse(caller, finding.code)

    async def _serve(self, caller: Party, step: Step, begun: CallBegun, rest: tuple[Step, ...]) -> None:
        """What the house does itself."""
        if not await self._answer(caller):
            return
        hands, line = self._hands, Line(self._hands.engine, caller.leg, self._listen)
        served = Served(hands, line, caller, self._write, self._listen, self._placed)
        match step.kind:
            case StepKind.ATTENDANT:
                await self._attend(served, step, begun, rest)
            case StepKind.PICK_UP:
                await self._pick_up(caller, step)
            case StepKind.ROOM:
                await self._refuse(caller, await confer(served, step.number))
            case StepKind.PAGE if await self._write(step.number):
                await page(served, step)
            case StepKind.BOX if await self._write(f"box {step.number}"):
                await self._in_box(Box(hands, line, step.number, self._call, caller), own=True)
            case StepKind.VOICEMAIL if await self._write(f"voicemail {step.number}"):
                if await take_message(hands, line, step.number, begun.caller):
                    await self._in_box(Box(hands, line, step.number, self._call, caller), own=False)

    async def _in_box(self, box: Box, *, own: bool) -> None:
        """Whoever opens it hears it. Calling back who left a message is another call, in the place of this one."""
        hands, caller = self._hands, box.caller
        dialled = await serve_box(box) if await open_box(box, own=own) else ""
        if not dialled:
            return
        asked = BeginPhoneCall(hands.name("phonecall"), caller.number, dialled, caller.device, caller.leg)
        begun = next((one for one in (await hands.ask(asked)).events if isinstance(one, CallBegun)), None)
        if begun is None or begun.verdict == Verdict.EMERGENCY:
            await self._refuse(caller, NOT_WRITTEN)
            return
        await hands.ask(EndPhoneCall(self._call, f"called {dialled} back"))
        self._call = begun.call
        await self._find(caller, begun)

    async def _attend(self, served: Served, step: Step, begun: CallBegun, rest: tuple[Step, ...]) -> None:
        """Where their key leads, or whoever else is called for them; not from menu to menu for ever."""
        self._turns += 1
        made = await attend(served, step, begun.caller) if self._turns <= MOST_MENUS else None
        on = msgspec.structs.replace(begun, steps=rest, code="")
        if made is not None:
            on = msgspec.structs.replace(begun, steps=made.steps, code=made.code, caller_id=made.caller_id)
        await self._find(served.caller, on)

    async def _pick_up(self, caller: Party, step: Step) -> None:
        """Whoever was parked speaks with who dialled the orbit."""
        hands = self._hands
        parked = hands.phones.calls.get(step.targets[0])
        other = None if parked is None else self._walks.get(parked.leg)
        taken = None if other is None else await hands.ask(PickUp(step.number, caller.number))
        if other is None or taken is None or taken.rejection is not None:
            await self._refuse(caller, NOBODY)
            return
        await self._write(f"orbit {step.number}")
        kept = other.give_away()
        if kept is None:
            return
        self._walks[kept.leg] = self
        hands.engine.play(kept.leg, None)
        self._parties.append(kept)
        self._join()
        await self._speak()

    def give_away(self) -> Party | None:
        """Whoever was parked here is another call's; None where they have just hung up."""
        kept, self._parties = (self._parties[0] if self._parties else None), []
        self.tell(Released())
        return kept

    async def _write(self, by: str) -> bool:
        """Write down by whom a call was answered; whether it could be."""
        return (await self._hands.ask(AnswerPhoneCall(self._call, by, "", self._trunk))).rejection is None

    async def _answer(self, caller: Party) -> bool:
        """Whoever called is answered, by the house; whether they are."""
        hands = self._hands
        if self._codec is None:
            self._codec = await hands.engine.accept(caller.leg)
            if self._codec is not None:
                await hands.ask(AnswerLeg(caller.leg, self._codec))
        return self._codec is not None

    async def _refuse(self, caller: Party, code: int) -> None:
        """By a code, or where they were answered already by a tone."""
        hands = self._hands
        if self._codec is None:
            hands.engine.reject(caller.leg, code, reason_of(code))
            return
        await Line(hands.engine, caller.leg, self._listen).say(hands.studio.refused)
        hands.engine.hang_up(caller.leg, f"{code} {reason_of(code)}")

    def _rings(self, caller: Party) -> None:
        if self._codec is None:
            self._hands.engine.ring(caller.leg)
        else:
            self._hands.engine.play(caller.leg, self._hands.waiting)

    async def _listen(self, until: float | None) -> Told | None:
        """The next that is heard of other legs than those that speak."""
        while True:
            try:
                async with asyncio.timeout_at(until):
                    told = await self._heard.get()
            except TimeoutError:
                return None
            match told:
                case LegEnded(leg=leg) if leg == self._keeps:
                    self._leave(leg)
                    raise GoneError
                case LegEnded(leg=leg) if leg in self.legs:
                    self._leave(leg)
                case Released():
                    self._parties = []
                    raise GoneError
                case TransferAsked(leg=leg):
                    self._hands.engine.progress_transfer(leg, DECLINED, reason_of(DECLINED))
                case _:
                    return told

    def _leave(self, leg: str) -> None:
        self._parties = [one for one in self._parties if one.leg != leg]

    async def _connect(self, caller: Party, found: Party) -> bool:
        """They speak, once it is written down who answered; whether they do. A call for help waits for no leave."""
        hands = self._hands
        self._parties.append(found)
        trunk = found.trunk or caller.trunk
        answered = await hands.ask(AnswerPhoneCall(self._call, found.number, found.group, trunk))
        if answered.rejection is not None and not self._helps:
            hands.engine.reject(caller.leg, NOT_WRITTEN, reason_of(NOT_WRITTEN))
            return False
        codec = self._codec or await hands.engine.accept(caller.leg)
        if codec is None:
            return False
        hands.helping.take(caller.leg)
        self._join()
        if self._codec is None:
            await hands.ask(AnswerLeg(caller.leg, codec))
        return True

    def _join(self) -> None:
        for leg in self.legs:
            self._hands.engine.join(self._room, leg)

    async def _speak(self) -> None:
        """Until one of them hangs up.

        Here alone a key goes to the other end. While the house serves somebody, or finds somebody for them, their keys
        are the house's (`_listen`): a menu's, a box's, a conference's, which passes them to nobody.
        They may be a PIN or the number of a card, so they are kept nowhere: in no journal, no record of calls, no log.
        """
        while len(self._parties) > 1:
            match await self._heard.get():
                case Digit(leg=leg, digit=digit, ms=ms) if (far := self.far_of(leg)) is not None:
                    self._hands.engine.send_key(far.leg, digit, ms)
                case LegEnded(leg=leg, who=who):
                    self._leave(leg)
                    if self._helps and who == LOST and leg != self._keeps:
                        self._goes_out(self._call)
                case TransferAsked(leg=leg) if self._helps:
                    self._hands.engine.progress_transfer(leg, DECLINED, reason_of(DECLINED))
                case TransferAsked(leg=leg, target=target, attended=attended):
                    asking = next((one for one in self._parties if one.leg == leg), None)
                    if asking is not None and attended:
                        await self._join_with(asking, attended)
                    elif asking is not None:
                        await self._hand_on(asking, tidy(target))
                case Released():
                    self._parties = []

    def _goes_out(self, name: str) -> None:
        """A call for help has been answered by nobody, or who did was lost, while whoever called is still there."""
        hands = self._hands
        leg, call = hands.states()["comms"].legs.get(self._keeps), hands.phones.calls.get(name)
        if leg is not None and call is not None and self._keeps in self.legs:
            hands.helping.goes_out(leg.id, for_the_floor(hands.phones, leg, call))

    async def _hand_on(self, asking: Party, dialled: str) -> None:
        """Who speaks with `asking` calls somebody else instead: a call of their own, which takes the place of this.

        Whoever asked keeps the call until somebody has answered, and after it where nobody does. Who is handed on to
        911 calls for help: by trunks or on the floor.
        """
        hands, engine = self._hands, self._hands.engine
        kept = next(one for one in self._parties if one != asking)
        if isinstance(hands.phones.numbers.get(dialled), Orbit):
            await self._park(asking, kept, dialled)
            return
        asked = BeginPhoneCall(hands.name("phonecall"), kept.number, dialled, kept.device, kept.leg)
        begun = next((one for one in (await hands.ask(asked)).events if isinstance(one, CallBegun)), None)
        if begun is None:
            engine.progress_transfer(asking.leg, NOT_WRITTEN, reason_of(NOT_WRITTEN))
            return
        self._keeps = kept.leg
        if begun.verdict == Verdict.EMERGENCY:
            self._helps = True
            self._goes_out(begun.call)
        engine.play(kept.leg, hands.waiting)  # heard once whoever asked has left
        rings = partial(engine.progress_transfer, asking.leg, 180, "Ringing")
        self._finding = finding = Finding(hands, begun, self._listen, rings)
        found = await finding.find()
        engine.play(kept.leg, None)
        if isinstance(found, Party):
            hands.helping.take(kept.leg)
            await self._take_over(begun, asking, kept, found)
        elif found is not None or self._helps:
            await self._leave_to(begun, asking, kept, dialled)
            if found is not None:
                await self._serve(kept, found, begun, finding.rest)
        else:
            await hands.ask(EndPhoneCall(begun.call, f"{finding.code} {reason_of(finding.code)}"))
            engine.progress_transfer(asking.leg, finding.code, reason_of(finding.code))

    async def _leave_to(self, begun: CallBegun, asking: Party, kept: Party, dialled: str) -> None:
        """Who asked leaves; whoever was handed on is alone with the house."""
        hands, before = self._hands, self._call
        leg = hands.states()["comms"].legs.get(kept.leg)
        self._call, self._parties, self._codec = begun.call, [kept], "" if leg is None else leg.codec
        await hands.ask(EndPhoneCall(before, f"handed on to {dialled}"))
        hands.engine.leave(kept.leg)
        hands.engine.progress_transfer(asking.leg, 200, "OK")
        hands.engine.hang_up(asking.leg, "handed on")

    async def _park(self, asking: Party, kept: Party, orbit: str) -> None:
        """Whoever is kept waits in an orbit until somebody picks them up; who parked them is called back in between."""
        hands, call = self._hands, self._hands.phones.calls.get(self._call)
        parked = await hands.ask(ParkCall(self._call, orbit))
        if parked.rejection is not None:
            hands.engine.progress_transfer(asking.leg, BUSY, reason_of(BUSY))
            return
        if call is not None and call.leg == asking.leg:  # the call is theirs who stays
            await hands.ask(HandOnCall(self._call, asking.number, kept.number, kept.leg))
        self._keeps, self._parties = kept.leg, [kept]
        hands.engine.progress_transfer(asking.leg, 200, "OK")
        hands.engine.hang_up(asking.leg, "parked")
        hands.engine.leave(kept.leg)
        while True:
            hands.engine.play(kept.leg, hands.waiting)
            await self._wait(PARKED_S)
            made = route(hands.phones, kept.number, asking.number, hands.now())
            rings = tuple(step for step in made.steps if step.kind is StepKind.RING)
            back = msgspec.structs.replace(self._begun, call=self._call, caller=kept.number, steps=rings)
            self._finding = finding = Finding(hands, back, self._listen, lambda: None)
            found = await finding.find()
            if isinstance(found, Party):
                break
        await hands.ask(PickUp(orbit, found.number))
        hands.engine.play(kept.leg, None)
        self._parties.append(found)
        self._join()

    async def _wait(self, seconds: float) -> None:
        until = asyncio.get_running_loop().time() + seconds
        while await self._listen(until) is not None:
            pass

    async def replace(self, begun: CallBegun, leg: str) -> bool:
        """Who called takes the place of a leg that speaks here, or rings (RFC 3891); False where they cannot."""
        hands, new = self._hands, Party(begun.leg, begun.caller, begun.device)
        rings = self._finding is not None and self._finding.wants(leg)
        old = next((one for one in self._parties if one.leg == leg and len(self._parties) > 1), None)
        if self._helps or (old is None and not rings) or await hands.engine.accept(new.leg) is None:
            return False
        self._walks[new.leg] = self
        if old is None and self._finding is not None:
            self._finding.replace(leg, new)
            self.tell(LegAnswered(new.leg))
        else:
            self._parties = [new if one == old else one for one in self._parties]
            self._keeps = new.leg if self._keeps == leg else self._keeps
            far = self.far_of(new.leg)
            stays = new.leg if far is None else far.leg
            await hands.ask(HandOnCall(self._call, "" if old is None else old.number, new.number, stays))
        await hands.ask(AnswerLeg(new.leg, ""))
        await hands.ask(EndPhoneCall(begun.call, f"took the place of {leg}"))
        return True

    async def _join_with(self, asking: Party, attended: str) -> None:
        """Who speaks with `asking` speaks with whom his other leg does; both of his are hung up, and it is one call."""
        hands, other = self._hands, self._walks.get(attended)
        far = None if other is None or other is self else other.far_of(attended)
        kept = next(one for one in self._parties if one != asking)
        handed = HandOnCall(self._call, asking.number, far.number if far is not None else "", kept.leg)
        if other is None or far is None or (await hands.ask(handed)).rejection is not None:
            hands.engine.progress_transfer(asking.leg, DECLINED, reason_of(DECLINED))
            return
        self._walks[far.leg] = self
        await other.release(f"handed on to {kept.number}")
        self._parties = [one for one in (kept, far) if one.leg in hands.engine.snapshot()]
        self._join()
        hands.engine.progress_transfer(asking.leg, 200, "OK")
        for leg in (asking.leg, attended):
            hands.engine.hang_up(leg, "handed on")

    def far_of(self, leg: str) -> Party | None:
        """With whom a leg speaks; None where it does not."""
        return next((one for one in self._parties if one.leg != leg), None) if leg in self.legs else None

    async def release(self, why: str) -> None:
        """Its parties are another call's: it is over, and hangs nobody up."""
        self.tell(Released())
        await self._hands.ask(EndPhoneCall(self._call, why))

    async def _take_over(self, begun: CallBegun, asking: Party, kept: Party, found: Party) -> None:
        hands, before = self._hands, self._call
        await hands.ask(AnswerPhoneCall(begun.call, found.number, found.group, found.trunk or kept.trunk))
        await hands.ask(EndPhoneCall(before, f"handed on to {found.number}"))
        self._call, self._parties = begun.call, [kept, found]
        self._join()
        hands.engine.progress_transfer(asking.leg, 200, "OK")
        hands.engine.hang_up(asking.leg, "handed on")
