"""The telephone network: it rings, lets callers hang up and ring again, and carries callbacks to them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from redstick.dispatch.place import LocationType
from redstick.dispatch.rules.callbacks import Attempt, digits_of
from redstick.dispatch.rules.calls import AbandonCall, CallAbandoned, CallEnded, CallState, ReceiveCall
from redstick.dispatch.rules.locations import AddLocation
from redstick.kernel.values import Outcome
from redstick.published.dispatch import CallAnswered
from redstick.simulation.city.arrivals.callers import HOUR_MS
from redstick.simulation.city.arrivals.contacts import Contact, Speech
from redstick.simulation.city.dice import Dice
from redstick.simulation.city.floor import Floor

ACTOR = "telephone"
PATIENT_MS = 90_000
MOVED_MS = 25_000  # so long into a call a telephone tells its position anew


class Calls(Protocol):
    """Whoever knows the calls that come: drawn from a seed, or recorded."""

    def bursts(self) -> list[Contact]:
        """Those that are known from the start."""

    def hour(self, which: int) -> list[Contact]:
        """Those of an hour, counted from the midnight before the start."""


class Telephone:
    """Carries contacts to the desk. `contact_of` says who is on a call; `dial` calls a number back."""

    def __init__(self, floor: Floor, callers: Calls, seed: int, first_hour: int) -> None:
        self._floor, self._callers = floor, callers
        self._dice = Dice(seed, "telephone")
        self._on: dict[str, Contact] = {}
        self._numbers: dict[str, Contact] = {}
        self.count = 0
        floor.listen(CallAnswered, self._answered)
        floor.listen(CallAbandoned, self._lost)
        floor.listen(CallEnded, self._ended)
        self._plan(callers.bursts())
        self._hour(first_hour)

    def contact_of(self, call: str) -> Contact | None:
        """Who is on a call and what they will say; None for a call that is not ours."""
        return self._on.get(call)

    def dial(self, number: str) -> Attempt:
        """Call a number back: who picks up, if anyone."""
        contact = self._numbers.get(number)
        percent = contact.picks_up_percent if contact is not None else 50
        if self._dice.happens(percent):
            return Attempt.REACHED
        return self._dice.pick((Attempt.NO_ANSWER, Attempt.NO_ANSWER, Attempt.VOICEMAIL, Attempt.BUSY))

    def _hour(self, which: int) -> None:
        """Plan an hour of the clock as it begins, and what is left of the one in which the city begins."""
        self._plan(self._callers.hour(which))
        self._floor.later(HOUR_MS - self._floor.now % HOUR_MS, lambda: self._hour(which + 1))

    def _plan(self, contacts: list[Contact]) -> None:
        for contact in contacts:
            if contact.at >= self._floor.now:
                self._floor.timeline.at(contact.at, partial(self._ring, contact))

    def _ring(self, contact: Contact) -> None:
        call = self._floor.name("call")
        self.count += 1
        self._on[call] = contact
        self._numbers[digits_of(contact.callback)] = contact
        self._floor.ask(ACTOR, [ReceiveCall(call, "voice", contact.callback, contact.device)], self._rings(call))
        self._floor.later(contact.patience_ms, lambda: self._give_up(call))

    def _rings(self, call: str) -> Callable[[list[Outcome]], None]:
        """A call that the desk refuses is heard by nobody; the caller tries once more."""

        def told(outcomes: list[Outcome]) -> None:
            if not outcomes[0].accepted:
                contact = self._on.pop(call)
                self._floor.later(1_000, lambda: self._ring(contact))

        return told

    def _give_up(self, call: str) -> None:
        """Hang up, unless somebody has answered; a desk that lags may still refuse."""
        known = self._floor.state.calls.get(call)
        if known is None or known.state is CallState.PRESENTED:
            self._floor.ask(ACTOR, [AbandonCall(call)])

    def _lost(self, happened: CallAbandoned) -> None:
        """Who rings again rings once more, and then lets it ring."""
        contact = self._on.get(happened.call)
        if contact is not None and contact.calls_again_ms is not None:
            patient = replace(contact, patience_ms=max(contact.patience_ms, PATIENT_MS), calls_again_ms=None)
            self._floor.later(contact.calls_again_ms, lambda: self._ring(patient))

    def _answered(self, happened: CallAnswered) -> None:
        """The position is told anew a while into the call."""
        contact = self._on.get(happened.call)
        if contact is not None and contact.moves_to is not None:
            place = contact.moves_to
            moved = AddLocation(happened.call, place, LocationType.CALLER, by_machine=True)
            self._floor.later(MOVED_MS, lambda: self._floor.ask(ACTOR, [moved]))

    def _ended(self, happened: CallEnded) -> None:
        contact = self._on.pop(happened.call, None)
        if contact is not None and contact.speech is not Speech.TELLS:
            self._numbers.pop(digits_of(contact.callback), None)
