"""Who sits where in a demo: visitors take seats and leave them, robots step aside and come back."""

import asyncio
import secrets
from collections.abc import Awaitable, Mapping
from contextlib import ExitStack

from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.seats import Seat, SignOff, SignOn
from redstick.dispatch.state import Dispatch
from redstick.kernel.authority.people import EnrollPerson, GrantRole
from redstick.kernel.authority.records import SignedOut
from redstick.kernel.authority.state import Access
from redstick.kernel.executor import Lane
from redstick.kernel.fold import Fact
from redstick.kernel.ids import ENTROPY_BITS, make_id
from redstick.kernel.values import Command, Outcome, Rejection, Request
from redstick.phones.state import Phones
from redstick.published.dispatch import SeatSignedOff
from redstick.server.accounts.signing_in import SignedIn
from redstick.server.operations import LiveOperations
from redstick.simulation.city.life import SUPERVISORS
from redstick.simulation.city.robots.crews import SEAT_OF_UNIT
from redstick.simulation.demo.people import OPERATOR, ROBOT, VISITOR
from redstick.simulation.demo.phones import position_left, position_taken
from redstick.simulation.demo.seats import BY_SEAT, CREW_ROLE, PHONES

KEPT_S = 15.0  # real seconds in which a seat's page comes up; the grace of the rules is the city's, and that may race
CREWS = "crews"  # the group of those who hold their own unit: no need is ever theirs to watch


class Sitting:
    """Takes and leaves seats of `operations`. `robots` gives the groups of each seat that has a robot.

    Beside the seats of the start page every unit has one, `unit:M4`: whoever takes it is its crew. Robots see by
    themselves that a seat was taken, and take it again when its person has gone; one that is given back in order is
    handed over in the same act.
    """

    def __init__(self, operations: LiveOperations, robots: Mapping[str, list[str]]) -> None:
        self._operations, self._robots = operations, dict(robots)
        self._present, self._kept = ExitStack(), ExitStack()  # streams of robots; of visitors whose page comes up
        self._tasks: set[asyncio.Task[object]] = set()
        operations.driver.listen(self._note)

    def attend(self) -> None:
        """Robots are always there: as the server sees it each has a stream open at its seat."""
        for seat in self._robots:
            self._attend(seat)

    def _attend(self, seat: str) -> None:
        self._present.enter_context(self._operations.stream(ROBOT + seat, seat))

    async def settled(self) -> None:
        """Return once every seat that was left is handed over."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def let_go(self) -> None:
        """Be there no longer for visitors whose page has not come."""
        self._kept.close()

    async def close(self) -> None:
        """Everybody gets up."""
        self._present.close()
        self.let_go()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def holder(self, seat: str) -> str:
        """Who is signed on at a seat; "" where nobody is."""
        found = self._state.seats.get(seat)
        return "" if found is None else found.person

    # Visitors

    async def take(self, seat: str, token: str, address: str) -> SignedIn | Rejection:
        """Let the visitor of a token, or a new one, sit down. Several windows of one browser may so hold several seats.

        Rejections: `seat_unknown`, `seat_taken` (by another visitor), and those of the commands that are asked.
        """
        role = self._role(seat)
        if role is None:
            return Rejection("seat_unknown", {"seat": seat[:80], "known": sorted(BY_SEAT)})
        person = self._operations.person_of(token) or ""
        if self._held_by_other(seat, person):
            return Rejection("seat_taken", {"seat": seat, "by": self.holder(seat)})
        is_visitor = person.startswith(VISITOR)
        if not is_visitor:
            person = VISITOR + secrets.token_hex(4)
        if seat.startswith(SEAT_OF_UNIT):
            refused = await self._open_to_crews(seat)
            if refused is not None:
                return refused
        groups = self._robots.get(seat, [SUPERVISORS] if seat == "supervisor" else [])
        self._keep(person, seat)  # before they are signed on, or the seat would be lost at once
        position = position_taken(self._phones, person) if seat == PHONES else []
        refused = await self._ask(*_seated(self._access, person, role, seat, groups), *position)
        if refused is not None:
            return refused
        return SignedIn(person, token) if is_visitor else await self._operations.vouch_for(person, address, token)

    async def leave(self, seat: str, token: str) -> Rejection | None:
        """Give a seat back. Rejections: `seat_not_held`, by this visitor."""
        person = self._operations.person_of(token)
        position = position_left(self._phones, person) if person is not None and seat == PHONES else []
        if position:
            return await self._ask(*position)
        if person is None or self.holder(seat) != person:
            return Rejection("seat_not_held", {"seat": seat[:80]})
        return await self._return(seat)

    def _role(self, seat: str) -> str | None:
        """As what a visitor sits there; None for a seat that there is not."""
        offer = BY_SEAT.get(seat)
        if offer is not None:
            return offer.role
        is_unit = seat.startswith(SEAT_OF_UNIT) and seat.removeprefix(SEAT_OF_UNIT) in self._state.units
        return CREW_ROLE if is_unit else None

    async def _open_to_crews(self, seat: str) -> Rejection | None:
        """Let a unit have a seat, which its robot holds whenever no person does."""
        if seat in self._robots:
            return None
        if CREWS not in self._state.groups:
            refused = await self._ask(DefineGroup(CREWS, [CREWS]))
            if refused is not None:
                return refused
        self._robots[seat] = [CREWS]
        self._attend(seat)
        return None

    def _held_by_other(self, seat: str, person: str) -> bool:
        found: Seat | None = self._state.seats.get(seat)
        return found is not None and found.person.startswith(VISITOR) and found.person != person

    # Robots

    def _note(self, facts: list[Fact]) -> None:
        """Whoever signs out gives seats and extension back; so does whoever drives away with a unit and is lost."""
        for fact in facts:
            if isinstance(fact.event, SeatSignedOff) and fact.event.seat.startswith(SEAT_OF_UNIT):
                self._soon(self._return(fact.event.seat))
            if isinstance(fact.event, SignedOut) and fact.event.person.startswith(VISITOR):
                held = [seat.id for seat in self._state.seats.values() if seat.person == fact.event.person]
                for seat in held:
                    self._soon(self._return(seat))
                self._soon(self._ask(*position_left(self._phones, fact.event.person)))

    async def _return(self, seat: str) -> Rejection | None:
        """Hand a seat to its robot in one act, so that not for a moment nobody watches; one without a robot is left."""
        if seat not in self._robots:
            return await self._ask(SignOff(seat, "left in a demo"))
        return await self._ask(SignOn(seat, ROBOT + seat, self._robots[seat]))

    # Asking

    async def _ask(self, *commands: Command) -> Rejection | None:
        """The first refusal, if any."""
        for command in commands:
            now = self._operations.now()
            request = Request(make_id("cmd", now, secrets.randbits(ENTROPY_BITS)), command, OPERATOR)
            outcome: Outcome = await self._operations.ask(request, Lane.ORDINARY)
            if outcome.rejection is not None:
                return outcome.rejection
        return None

    def _keep(self, person: str, seat: str) -> None:
        """Be there for a visitor until their page is."""
        stream = self._kept.enter_context(ExitStack())
        stream.enter_context(self._operations.stream(person, seat))
        asyncio.get_running_loop().call_later(KEPT_S, stream.close)

    def _soon(self, work: "Awaitable[object]") -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def _state(self) -> Dispatch:
        state: Dispatch = self._operations.states()["dispatch"]
        return state

    @property
    def _phones(self) -> Phones:
        state: Phones = self._operations.states()["phones"]
        return state

    @property
    def _access(self) -> Access:
        state: Access = self._operations.states()["access"]
        return state


def _seated(access: Access, person: str, role: str, seat: str, groups: list[str]) -> list[Command]:
    """What makes a visitor sit: known, in the seat's role, signed on to what is watched from there."""
    known = access.people.get(person)
    commands: list[Command] = []
    if known is None:
        commands.append(EnrollPerson(person, [role]))
    elif role not in known.roles:
        commands.append(GrantRole(person, role))
    return [*commands, SignOn(seat, person, groups)] if groups else commands
