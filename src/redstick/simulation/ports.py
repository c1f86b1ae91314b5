"""What the simulated city needs from the real one: somewhere to put its commands, and its committed state."""

from collections.abc import Callable, Sequence
from typing import Protocol

from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Command, Instant, Outcome

Told = Callable[[list[Outcome]], None]


def ignore(outcomes: list[Outcome]) -> None:
    """Listen to no outcome: whoever asked looks at the state again before the next act."""


class Desk(Protocol):
    """Takes commands as any seat would: decided, made durable, folded."""

    @property
    def state(self) -> Dispatch:
        """The committed fold as this desk sees it; it may lag behind what was asked."""

    def ask(self, now: Instant, actor: str, commands: Sequence[Command], told: Told = ignore) -> None:
        """Ask for each command in its order; `told` gets the outcomes, in that order, once they are durable.

        A synchronous desk tells before `ask` returns. Over a network it tells later, and the desk itself asks again
        under the same ids until an outcome is known. No caller relies on either.
        """
