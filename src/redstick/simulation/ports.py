"""What the simulated city needs from the real one: somewhere to put its commands, and its committed state."""

from collections.abc import Sequence
from typing import Protocol

from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Command, Instant, Outcome


class Desk(Protocol):
    """Takes commands as any seat would: decided, made durable, folded."""

    @property
    def state(self) -> Dispatch:
        """The committed fold."""

    def ask(self, now: Instant, actor: str, commands: Sequence[Command]) -> list[Outcome]:
        """What became of each command, once it is durable."""
