"""What the parts of the engine that signal share of it: its legs by our ids, its wires, and how a leg ends."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from redstick.adapters.voice.calls import Leg
from redstick.adapters.voice.wires import Wire
from redstick.comms.ports import EngineEvent


@dataclass
class Switchboard:
    """`legs` by our ids; `wires` are filled when the engine opens.

    `enrol` takes a leg in, `over` ends the leg of an agent's call and says by whom and why; `tell` says what happened;
    `may_place` whether there is room for a call that bears these headers.
    """

    host: str
    legs: dict[str, Leg]
    of_call: dict[str, str]
    wires: list[Wire]
    enrol: Callable[[Leg], None]
    over: Callable[[str, str, str], None]
    tell: Callable[[EngineEvent], None]
    may_place: Callable[[tuple[tuple[str, str], ...]], bool]

    def leg_of(self, call: str | None) -> Leg | None:
        """The leg of an agent's call, None for none of ours."""
        return self.legs.get(self.of_call.get(call or "", ""))

    def end(self, leg: Leg, who: str, cause: str) -> None:
        """BYE or CANCEL, whichever may be sent, and the leg is over."""
        leg.wire.agent.hang_up(leg.call, now_ms())
        leg.wire.work()
        self.over(leg.call.id, who, cause)

    def wire(self, transport: str) -> Wire | None:
        """The wire of a transport (`UDP`, `TCP`, `TLS`), None where there is none; an edge speaks all of them."""
        return next((one for one in self.wires if one.edge or one.agent.identity.transport == transport), None)


def now_ms() -> int:
    """The time of agents: it only goes forward."""
    return time.monotonic_ns() // 1_000_000
