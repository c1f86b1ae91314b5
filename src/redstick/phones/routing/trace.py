"""A route in the making: the steps so far, the words for each, and where the call has been."""

from enum import StrEnum

import msgspec

from redstick.kernel.values import Instant
from redstick.phones.lookups import trunk_load
from redstick.phones.ports import Step, StepKind
from redstick.phones.state import Phones

MOST_TURNS = 8  # from one number to the next; further ones are taken for a loop


class Verdict(StrEnum):
    """What a call becomes, in one word."""

    EMERGENCY = "emergency"
    CALLBACK = "callback"
    INSIDE = "inside"
    OUTSIDE = "outside"
    REFUSED = "refused"


class Route(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a call becomes: its steps in order, what is shown to whoever is called, and in words why."""

    verdict: Verdict
    steps: tuple[Step, ...]
    words: tuple[str, ...]
    caller_id: str = ""
    code: str = ""


class Trace:
    """What a decision has looked at."""

    def __init__(self, state: Phones, caller: str, digits: str, now: Instant) -> None:
        self.state, self.caller, self.digits, self.now = state, caller, digits, now
        self.steps: list[Step] = []
        self.words: list[str] = []
        self.been: list[str] = []

    def say(self, words: str) -> None:
        """A reason."""
        self.words.append(words)

    def add(self, step: Step) -> None:
        """A step more."""
        self.steps.append(step)

    def enters(self, number: str) -> bool:
        """Whether the call may go to a number: not twice to the same one, and not on for ever."""
        if number in self.been or len(self.been) >= MOST_TURNS:
            self.say(f"{number} would be a loop ({' to '.join([*self.been, number])}): the call goes no further")
            return False
        self.been.append(number)
        return True

    def has_room(self, trunk: str) -> bool:
        """Whether a trunk works and can take one call more."""
        standing = self.state.standing.get(trunk)
        is_up = standing is None or standing.up
        return is_up and trunk_load(self.state, trunk) < self.state.trunks[trunk].capacity

    def ended(self, verdict: Verdict, *more: Step, caller_id: str = "") -> Route:
        """The route, with the steps so far and these."""
        return Route(verdict, (*self.steps, *more), tuple(self.words), caller_id)

    def refused(self, code: str) -> Route:
        """Nothing is done but to say so."""
        why = self.words[-1] if self.words else code
        return Route(Verdict.REFUSED, (Step(StepKind.REFUSE, why=why),), tuple(self.words), code=code)
