"""Call takers: who answers, asks, looks for duplicates, enters the incident, and calls back whoever hung up.

The 911 call that rings longest is answered first, by the seat that is idle longest; how long that takes follows from
how many seats there are. A callback is made when nothing rings; each number has one entry, and never two seats on it.
"""

from collections.abc import Sequence
from functools import partial

from redstick.dispatch.duplicates.nearby import Report, find
from redstick.dispatch.place import Place
from redstick.dispatch.rules.callbacks import (
    Attempt,
    AttemptCallback,
    Callback,
    CallbackAttempted,
    CallbackExhausted,
    CallbackQueued,
    ClaimCallback,
    CloseCallback,
    queue,
)
from redstick.dispatch.rules.calls import (
    SPOKEN,
    AnswerCall,
    AttachCall,
    CallAbandoned,
    CallDiverted,
    CallEnded,
    CallReceived,
    CallState,
    EndCall,
)
from redstick.dispatch.rules.incidents import AddNote, MoveIncident, OpenIncident
from redstick.dispatch.rules.locations import PromoteLocation, ReadBackAddress
from redstick.kernel.values import Command, Instant, Outcome
from redstick.published.dispatch import CallAnswered
from redstick.simulation.city.arrivals.contacts import Contact, Speech
from redstick.simulation.city.arrivals.telephone import Telephone
from redstick.simulation.city.dice import Dice
from redstick.simulation.city.floor import ROBOT, Floor
from redstick.simulation.city.plans import CityPlans
from redstick.simulation.city.robots.seat import Seat
from redstick.simulation.natures import Nature
from redstick.simulation.timeline import Act

GROUP = "calls"
REACH_MS, ASK_MS, READ_BACK_MS, WRAP_UP_MS, SILENCE_MS, TEST_MS = 2_200, 36_000, 9_000, 22_000, 8_000, 18_000
RING_BACK_MS, AGAIN_MS = 14_000, 75_000  # a callback rings so long; the next try at a number comes no sooner
PATIENCE = 60  # looks at a state that lags
SUPERVISOR = f"{ROBOT}supervisor"


class CallTakers:
    """The seats `calls:1` to `calls:n` and the line before them."""

    def __init__(self, floor: Floor, telephone: Telephone, plans: CityPlans, seats: int, seed: int) -> None:
        self._floor, self._telephone, self._plans = floor, telephone, plans
        self._dice = Dice(seed, "call takers")
        self._ringing: dict[str, Instant] = {}
        self._tried: dict[str, Instant] = {}
        self.seats = [Seat(floor, f"calls:{k + 1}", [GROUP], self._sat_down) for k in range(seats)]
        self._idle = list(self.seats)  # the one that is idle longest first
        floor.listen(CallReceived, lambda happened: self._rings(happened.call))
        for over in (CallAnswered, CallAbandoned, CallDiverted, CallEnded):
            floor.listen(over, self._rings_no_more)
        floor.listen(CallbackQueued, lambda _: floor.later(0, self._serve))
        floor.listen(CallbackAttempted, lambda happened: self._try_later(happened.number))
        floor.listen(CallbackExhausted, lambda happened: self._look_at_exhausted(happened.number))

    def look(self) -> None:
        """Find what rings from the state alone: on coming up, or when events were missed."""
        calls = self._floor.state.calls.values()
        self._ringing = {call.id: call.received_at for call in calls if call.state is CallState.PRESENTED}
        self._floor.later(0, self._serve)

    # Who does what next

    def _rings(self, call: str) -> None:
        self._ringing[call] = self._floor.now
        self._floor.later(0, self._serve)

    def _rings_no_more(self, happened: CallAnswered | CallAbandoned | CallDiverted | CallEnded) -> None:
        self._ringing.pop(happened.call, None)

    def _sat_down(self, seat: Seat) -> None:
        """Back at the seat: first what the one who left has not finished."""
        for call in self._floor.state.calls.values():
            if call.state in SPOKEN and call.seat == seat.name:
                self._talk(seat, call.id)
                return
        self._free(seat)

    def _free(self, seat: Seat) -> None:
        if seat not in self._idle:
            self._idle.append(seat)
        self._serve()

    def _serve(self) -> None:
        """Oldest call, longest idle seat; then callbacks, one seat always kept for the next call."""
        for seat in [seat for seat in self._idle if seat.mine]:
            if self._ringing:
                call = next(iter(self._ringing))
                del self._ringing[call]
                self._idle.remove(seat)
                reached_ms = self._dice.about(REACH_MS, 0.3)
                self._floor.later(reached_ms, partial(self._answer, seat, call))
                continue
            owed = self._next_owed()
            if owed is None or sum(one.mine for one in self._idle) < min(2, len(self.seats)):
                return
            self._idle.remove(seat)
            self._tried[owed.number] = self._floor.now
            self._claim(seat, owed.number)

    def _next_owed(self) -> Callback | None:
        now = self._floor.now
        if not self._floor.state.callbacks:
            return None
        for owed in queue(self._floor.state, now):
            if not owed.seat and not owed.exhausted and now - self._tried.get(owed.number, 0) >= AGAIN_MS:
                return owed
        return None

    def _act(self, seat: Seat, commands: Sequence[Command]) -> None:
        self._floor.ask(seat.name, commands)

    def _then(self, seat: Seat, ms: int, act: Act) -> None:
        """Go on after a while, if the seat is still the robot's; else what is open is left to the person there."""
        turn = seat.turn

        def go_on() -> None:
            if seat.mine and seat.turn == turn:
                act()

        self._floor.later(ms, go_on)

    # A call

    def _answer(self, seat: Seat, call: str) -> None:
        if not seat.mine:
            self._rings_on(call)
            self._free(seat)
            return

        def told(outcomes: list[Outcome]) -> None:
            if outcomes[0].accepted:
                self._talk(seat, call)
            else:
                self._rings_on(call)
                self._free(seat)

        self._floor.ask(seat.name, [AnswerCall(call, seat.name)], told)

    def _rings_on(self, call: str) -> None:
        """Nobody has it after all: it stands before all others, unless it is over."""
        known = self._floor.state.calls.get(call)
        if known is not None and known.state is CallState.PRESENTED:
            self._ringing = {call: known.received_at, **self._ringing}

    def _talk(self, seat: Seat, call: str) -> None:
        if seat in self._idle:
            self._idle.remove(seat)
        contact = self._telephone.contact_of(call)
        if contact is None or contact.speech is not Speech.TELLS:
            tests = contact is not None and contact.speech is Speech.TEST
            self._then(seat, self._dice.about(TEST_MS if tests else SILENCE_MS, 0.3), lambda: self._end(seat, call))
            return
        nature = contact.nature
        quick = 60 if nature is not None and nature.priority == 1 else 100
        self._then(seat, self._dice.about(ASK_MS * quick // 100), lambda: self._enter(seat, call, contact))

    def _end(self, seat: Seat, call: str) -> None:
        known = self._floor.state.calls.get(call)
        if known is not None and known.state is not CallState.ENDED:
            self._act(seat, [EndCall(call)])
        self._then(seat, 1_500, lambda: self._free(seat))

    def _enter(self, seat: Seat, call: str, contact: Contact, tries: int = 0) -> None:
        """Attach the call to what it is probably about; else open an incident, with what its plan sends."""
        state, nature = self._floor.state, contact.nature
        known = state.calls.get(call)
        if known is None and tries < PATIENCE:  # a desk that lags does not show it yet
            self._then(seat, 1_000, lambda: self._enter(seat, call, contact, tries + 1))
            return
        if known is None or nature is None or known.incident:  # somebody has entered it
            self._end(seat, call)
            return
        report = Report(
            self._floor.now, contact.told, nature.kind, nature.group, contact.callback, contact.said, known.incident
        )
        likely = next((one for one in find(state, report) if one.strong and not one.closed), None)
        if likely is not None:
            self._act(seat, [AttachCall(call, likely.incident), AddNote(likely.incident, contact.said)])
            self._then(seat, self._dice.about(WRAP_UP_MS // 2), lambda: self._end(seat, call))
            return
        incident = self._open(seat, call, contact, nature)
        self._then(seat, self._dice.about(READ_BACK_MS), lambda: self._read_back(seat, call, contact, incident))

    def _open(self, seat: Seat, call: str, contact: Contact, nature: Nature) -> str:
        now, place = self._floor.now, contact.told
        incident = self._floor.name("inc")
        zones = self._plans.zones_of(place, now)
        opened = OpenIncident(
            incident,
            kind=nature.kind,
            group=nature.group,
            priority=nature.priority,
            place=place,
            zones=zones,
            call=call,
        )
        needs = self._plans.needs(self._floor.state, incident, nature.kind, nature.group, place, zones, now)
        self._act(seat, [opened, needs, AddNote(incident, contact.said)])
        return incident

    def _read_back(self, seat: Seat, call: str, contact: Contact, incident: str) -> None:
        """What was written is read back; a caller who hears another address says so, and then it is moved."""
        true = contact.happening.place if contact.happening is not None else contact.told
        asked: list[Command] = [ReadBackAddress(incident, contact.told.text, true.text)]
        if true.text != contact.told.text:
            asked.append(MoveIncident(incident, true, self._plans.zones_of(true, self._floor.now)))
        self._act(seat, asked)
        self._then(seat, self._dice.about(WRAP_UP_MS), lambda: self._take_leave(seat, call, incident))

    def _take_leave(self, seat: Seat, call: str, incident: str) -> None:
        """Where the telephone has told of another position meanwhile and no address is sure, that one is taken."""
        state = self._floor.state
        known, placed = state.calls.get(call), state.incidents.get(incident)
        if known is not None and placed is not None and known.supplemental and not placed.place.caller_confirmed:
            number = len(known.supplemental) - 1
            moved: Place = known.supplemental[number].place
            self._act(seat, [PromoteLocation(incident, call, number, self._plans.zones_of(moved, self._floor.now))])
        self._end(seat, call)

    # Who hung up

    def _claim(self, seat: Seat, number: str) -> None:
        def told(outcomes: list[Outcome]) -> None:
            if outcomes[0].accepted:
                self._then(seat, self._dice.about(RING_BACK_MS, 0.3), lambda: self._called(seat, number))
            else:
                self._free(seat)

        self._floor.ask(seat.name, [ClaimCallback(number, seat.name)], told)

    def _called(self, seat: Seat, number: str) -> None:
        owed = self._floor.state.callbacks.get(number)
        if owed is None:  # they rang again meanwhile and were answered
            self._free(seat)
            return
        result, call = self._telephone.dial(number), owed.calls[-1]

        def told(outcomes: list[Outcome]) -> None:
            if outcomes[0].accepted and result is Attempt.REACHED:
                self._talk(seat, call)
            else:
                self._free(seat)

        self._floor.ask(seat.name, [AttemptCallback(number, seat.name, result)], told)

    def _try_later(self, number: str) -> None:
        self._tried[number] = self._floor.now
        self._floor.later(AGAIN_MS, self._serve)

    def _look_at_exhausted(self, number: str) -> None:
        """A supervisor closes it by name after a last look."""
        closed = CloseCallback(number, SUPERVISOR, "three attempts, no answer; number checked against open incidents")
        self._floor.later(120_000, lambda: self._floor.ask(SUPERVISOR, [closed]))
