"""One call of the phones, from the moment it is begun until nobody is in it: found, joined, handed on, hung up.

It follows what is committed: who answered has the call once that is a line of the journal. Its record ends with the
leg of whoever called, by the journal itself (`phones/hearing.py`).
"""

import asyncio
from functools import partial

import msgspec

from redstick.comms.rules.legs import AnswerLeg
from redstick.comms.signalling import TransferAsked
from redstick.phones.numbering import tidy
from redstick.phones.ports import Step, StepKind
from redstick.phones.routing.deciding import calls_for_help
from redstick.phones.routing.trace import Verdict
from redstick.phones.rules.calls import AnswerPhoneCall, BeginPhoneCall, CallBegun, EndPhoneCall, HandOnCall
from redstick.published.comms import LegEnded
from redstick.server.phoning.boxes import play_box, take_message
from redstick.server.phoning.finding import Finding
from redstick.server.phoning.hands import Hands, Party, Told, reason_of
from redstick.server.phoning.helping import for_the_floor
from redstick.server.phoning.serving import Line

NOT_WRITTEN = 503
DECLINED = 603
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
        self._parties = [Party(begun.leg, begun.caller, begun.device, trunk)]
        self._keeps = begun.leg  # who must be there for the call to go on
        self._heard: asyncio.Queue[Told | Released] = asyncio.Queue()
        self._finding: Finding | None = None
        self._helps = begun.verdict == Verdict.EMERGENCY
        self._codec: str | None = None  # of whoever called, once they are answered

    @property
    def legs(self) -> tuple[str, ...]:
        """Those that speak, or wait."""
        return tuple(one.leg for one in self._parties)

    def wants(self, leg: str) -> bool:
        """Whether a leg is of the call, or still rings for it."""
        return leg in self.legs or (self._finding is not None and self._finding.wants(leg))

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
            for leg in self.legs:
                engine.hang_up(leg, "the other side hung up")

    async def _find(self, caller: Party, begun: CallBegun) -> None:
        """Whoever answers, or what the house does itself; what that leads to, and what is left of the route."""
        self._finding = finding = Finding(self._hands, begun, self._listen, partial(self._rings, caller))
        match await finding.find():
            case Party() as found:
                if await self._connect(caller, found):
                    await self._speak()
            case Step() as step:
                await self._serve(caller, step)
            case None if not self._helps:
                await self._refuse(caller, finding.code)

    async def _serve(self, caller: Party, step: Step) -> None:
        hands = self._hands
        if not await self._answer(caller, f"{step.kind} {step.number}"):
            return
        line = Line(hands.engine, caller.leg, self._listen)
        if step.kind is StepKind.BOX:
            await play_box(hands, line, step.number, caller.device)
        else:
            await take_message(hands, line, step.number, self._begun.caller)

    async def _answer(self, caller: Party, by: str = "") -> bool:
        """Whoever called is answered, and it is written down by whom, if by anybody; whether they are."""
        hands = self._hands
        if by and (await hands.ask(AnswerPhoneCall(self._call, by, "", caller.trunk))).rejection is not None:
            hands.engine.reject(caller.leg, NOT_WRITTEN, reason_of(NOT_WRITTEN))
            return False
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
        """Until one of them hangs up."""
        while len(self._parties) > 1:
            match await self._heard.get():
                case LegEnded(leg=leg, who=who):
                    self._leave(leg)
                    if self._helps and who == LOST and leg != self._keeps:
                        self._goes_out_again()
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

    def _goes_out_again(self) -> None:
        """Who answered a call for help was lost, and whoever called is still there: nobody has it."""
        hands = self._hands
        leg, call = hands.states()["comms"].legs.get(self._keeps), hands.phones.calls.get(self._call)
        if leg is not None and call is not None and self._keeps in self.legs:
            hands.helping.goes_out(leg.id, for_the_floor(hands.phones, leg, call))

    async def _hand_on(self, asking: Party, dialled: str) -> None:
        """Who speaks with `asking` calls somebody else instead: a call of their own, which takes the place of this.

        Whoever asked keeps the call until somebody has answered, and after it where nobody does. Nobody is handed on
        to 911: a call for help is dialled.
        """
        hands, engine = self._hands, self._hands.engine
        kept = next(one for one in self._parties if one != asking)
        if calls_for_help(hands.phones.plan, dialled):
            engine.progress_transfer(asking.leg, DECLINED, reason_of(DECLINED))
            return
        asked = BeginPhoneCall(hands.name("phonecall"), kept.number, dialled, kept.device, kept.leg)
        begun = next((one for one in (await hands.ask(asked)).events if isinstance(one, CallBegun)), None)
        if begun is None:
            engine.progress_transfer(asking.leg, NOT_WRITTEN, reason_of(NOT_WRITTEN))
            return
        self._keeps = kept.leg
        engine.play(kept.leg, hands.waiting)  # heard once whoever asked has left
        rings = partial(engine.progress_transfer, asking.leg, 180, "Ringing")
        self._finding = finding = Finding(hands, begun, self._listen, rings)
        found = await finding.find()
        engine.play(kept.leg, None)
        if not isinstance(found, Party):
            await hands.ask(EndPhoneCall(begun.call, f"{finding.code} {reason_of(finding.code)}"))
            engine.progress_transfer(asking.leg, finding.code, reason_of(finding.code))
            return
        await self._take_over(begun, asking, kept, found)

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
