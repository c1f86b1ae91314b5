"""Commands tried on a copy of the state: what would come of all of them, before any of them is asked."""

from collections.abc import Iterable

import msgspec

from redstick.kernel.values import Command, Instant, Rejection
from redstick.savings import domain
from redstick.savings.state import Savings

NEVER: Instant = 0  # no rule of savings asks what time it is


def rehearsed(state: Savings, commands: Iterable[Command]) -> tuple[Savings, Command | None, Rejection | None]:
    """The state behind all of them, or as far as the first that would be refused, with that one and why."""
    copy = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=Savings)
    for command in commands:
        decided = domain.deciders[type(command)](copy, command, NEVER)
        if isinstance(decided, Rejection):
            return copy, command, decided
        for happened in decided:
            domain.appliers[type(happened)](copy, happened, NEVER)
    return copy, None, None
